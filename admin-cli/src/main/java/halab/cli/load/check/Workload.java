package halab.cli.load.check;

/** What the clients do all the time. */
public enum Workload {
  /** Transfers between accounts, each with a row in a ledger, and reads of all balances. */
  BANK,
  /** Transactions that append numbers to lists and read lists. */
  APPEND,
  /** Reads, writes and compare-and-set of single rows. */
  REGISTER
}
