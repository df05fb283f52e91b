package halab.systems.dw;

/**
 * One row of SYSOPENHISTORY: a primary was opened (reference 1.3e). It travels with the redo, so
 * that equal histories mean equal ancestors.
 *
 * @param number N_OPEN, from 1, without holes
 * @param atMs wall clock of that primary, ms since 1970
 * @param primary its instance name
 * @param magic its DB_MAGIC
 * @param seq SEQ of the last package before the opening
 * @param lsn LSN of the last redo before the opening; what a member has above it and without this
 *     row is of another branch
 */
public record OpenRow(int number, long atMs, String primary, long magic, long seq, long lsn) {}
