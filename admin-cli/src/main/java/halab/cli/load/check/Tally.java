package halab.cli.load.check;

/**
 * What became of what was written.
 *
 * @param what the thing counted: rows, values, registers
 * @param acknowledged how many the database said are safe
 * @param found how many of these the reading at the end found; -1 if there was none
 * @param unknown how many may or may not have been written: the answer was lost
 * @param unknownFound how many of the unknown ones were found
 */
public record Tally(String what, long acknowledged, long found, long unknown, long unknownFound) {}
