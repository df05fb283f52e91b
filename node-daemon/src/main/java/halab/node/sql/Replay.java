package halab.node.sql;

/** A package to apply: of another instance, or of this one at recovery. */
public record Replay(ChangeSet changes, int slot, long lsn) {}
