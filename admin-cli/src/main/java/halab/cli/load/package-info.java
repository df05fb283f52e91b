/**
 * A load: clients that never stop writing, the history of what they were told, and what it is worth
 * at the end.
 */
package halab.cli.load;
