/**
 * Judges of a load's history. Pure: no clock, no thread, no SQL; an operation comes in, findings
 * come out, and memory does not grow with the number of operations beyond a few bytes a row.
 */
package halab.cli.load.check;
