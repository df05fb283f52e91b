package halab.cli.load.check;

import java.util.List;

/** What an operation asks for or has found. The names are those of the history file. */
public sealed interface Value {
  /** The name of the operation in a history, {@code f}. */
  String f();

  /** True if it changes data when it happens. */
  boolean writes();

  /**
   * Bank: money goes from one account to another, and a row that says so goes into the ledger. The
   * client numbers its rows upwards, without reuse.
   */
  record Transfer(int client, long row, int from, int to, long amount) implements Value {
    @Override
    public String f() {
      return "transfer";
    }

    @Override
    public boolean writes() {
      return true;
    }
  }

  /** Bank: all balances in one statement, by account; null when it begins. */
  record Balances(List<Long> balances) implements Value {
    @Override
    public String f() {
      return "read";
    }

    @Override
    public boolean writes() {
      return false;
    }
  }

  /**
   * Bank: the rows of one client in the ledger that are above one number and up to another.
   *
   * @param upTo last number that was looked for; {@link Long#MAX_VALUE} says that none is above
   * @param found first and last number of each run of rows, rising; null when it begins
   */
  record Ledger(int client, long above, long upTo, List<Run> found) implements Value {
    @Override
    public String f() {
      return "ledger";
    }

    @Override
    public boolean writes() {
      return false;
    }
  }

  /** Numbers without a gap, both ends included. */
  record Run(long first, long last) {}

  /** Bank: what each account has, beside what it ought to have by the trail, in one statement. */
  record Books(List<Long> balances, List<Long> byTrail) implements Value {
    @Override
    public String f() {
      return "books";
    }

    @Override
    public boolean writes() {
      return false;
    }
  }

  /** Append: a transaction of appends to lists and reads of lists. */
  record Txn(List<Step> steps) implements Value {
    @Override
    public String f() {
      return "txn";
    }

    @Override
    public boolean writes() {
      return steps.stream().anyMatch(Step::append);
    }
  }

  /**
   * One step of a {@link Txn}.
   *
   * @param appended the number that is appended; 0 for a read
   * @param list what a read found, empty if there is no such list; null while unknown
   */
  record Step(int key, int appended, List<Integer> list) {
    public static Step append(int key, int number) {
      return new Step(key, number, null);
    }

    public static Step read(int key, List<Integer> list) {
      return new Step(key, 0, list);
    }

    public boolean append() {
      return appended != 0;
    }
  }

  /** Register: a read; the value is null for a register that has none, and when it begins. */
  record Read(int key, Integer value) implements Value {
    @Override
    public String f() {
      return "read";
    }

    @Override
    public boolean writes() {
      return false;
    }
  }

  /** Register: a write. */
  record Write(int key, int value) implements Value {
    @Override
    public String f() {
      return "write";
    }

    @Override
    public boolean writes() {
      return true;
    }
  }

  /** Register: a write if the old value is this one. */
  record Cas(int key, int old, int value) implements Value {
    @Override
    public String f() {
      return "cas";
    }

    @Override
    public boolean writes() {
      return true;
    }
  }
}
