package halab.cli.load;

import halab.bricks.Rng;
import halab.cli.load.check.Value;
import halab.cli.load.check.Value.Balances;
import halab.cli.load.check.Value.Books;
import halab.cli.load.check.Value.Ledger;
import halab.cli.load.check.Value.Transfer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Accounts and a ledger. Rows are locked in the order of their ids, so transfers do not wait in a
 * circle, and read committed is enough for the total to stay.
 */
final class BankWork implements Work {
  private static final int ACCOUNTS = 16;
  private static final long FIRST_BALANCE = 100;
  private static final int MOST_AMOUNT = 5;
  private static final int READS_PER_MILLE = 200;
  private static final int PAGE_ROWS = 20_000;

  private final String accounts;
  private final String ledger;
  private final AtomicLongArray rows;

  BankWork(String run, int clients) {
    accounts = "load_" + run + "_accounts";
    ledger = "load_" + run + "_ledger";
    rows = new AtomicLongArray(clients);
  }

  static long total() {
    return ACCOUNTS * FIRST_BALANCE;
  }

  @Override
  public boolean autoCommit() {
    return false;
  }

  @Override
  public void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE " + accounts + " (id INT PRIMARY KEY, balance BIGINT NOT NULL)");
      statement.execute(
          "CREATE TABLE "
              + ledger
              + " (client INT NOT NULL, n BIGINT NOT NULL, src INT NOT NULL, dst INT NOT NULL,"
              + " amount BIGINT NOT NULL, PRIMARY KEY (client, n))");
      for (int account = 0; account < ACCOUNTS; account++) {
        statement.execute(
            "INSERT INTO " + accounts + " VALUES (" + account + ", " + FIRST_BALANCE + ")");
      }
    }
  }

  @Override
  public Task next(int client, Rng rng) {
    if (rng.chance(READS_PER_MILLE)) {
      return new Reading();
    }
    int from = rng.below(ACCOUNTS);
    int to = (from + 1 + rng.below(ACCOUNTS - 1)) % ACCOUNTS;
    long row = rows.incrementAndGet(client);
    return new Moving(new Transfer(client, row, from, to, 1 + rng.below(MOST_AMOUNT)));
  }

  /** A transfer. */
  private final class Moving implements Task {
    private final Transfer transfer;

    Moving(Transfer transfer) {
      this.transfer = transfer;
    }

    @Override
    public Value value() {
      return transfer;
    }

    @Override
    public Value run(Attempt attempt) throws SQLException, Refused {
      Connection connection = attempt.connection();
      int from = transfer.from();
      int to = transfer.to();
      long first = locked(connection, Math.min(from, to));
      long second = locked(connection, Math.max(from, to));
      if ((from < to ? first : second) < transfer.amount()) {
        connection.rollback();
        throw new Refused("not enough money");
      }
      add(connection, from, -transfer.amount());
      add(connection, to, transfer.amount());
      note(connection);
      attempt.commit();
      return transfer;
    }

    private long locked(Connection connection, int account) throws SQLException {
      String sql = "SELECT balance FROM " + accounts + " WHERE id = ? FOR UPDATE";
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        select.setInt(1, account);
        try (ResultSet found = select.executeQuery()) {
          if (!found.next()) {
            throw new SQLException("account " + account + " is gone", "22000");
          }
          return found.getLong(1);
        }
      }
    }

    private void add(Connection connection, int account, long amount) throws SQLException {
      String sql = "UPDATE " + accounts + " SET balance = balance + ? WHERE id = ?";
      try (PreparedStatement update = connection.prepareStatement(sql)) {
        update.setLong(1, amount);
        update.setInt(2, account);
        update.executeUpdate();
      }
    }

    private void note(Connection connection) throws SQLException {
      String sql =
          "INSERT INTO " + ledger + " (client, n, src, dst, amount) VALUES (?, ?, ?, ?, ?)";
      try (PreparedStatement insert = connection.prepareStatement(sql)) {
        insert.setInt(1, transfer.client());
        insert.setLong(2, transfer.row());
        insert.setInt(3, transfer.from());
        insert.setInt(4, transfer.to());
        insert.setLong(5, transfer.amount());
        insert.executeUpdate();
      }
    }
  }

  /** All balances in one statement. */
  private final class Reading implements Task {
    @Override
    public Value value() {
      return new Balances(null);
    }

    @Override
    public Value run(Attempt attempt) throws SQLException {
      List<Long> balances = new ArrayList<>();
      String sql = "SELECT balance FROM " + accounts + " ORDER BY id";
      try (PreparedStatement select = attempt.connection().prepareStatement(sql);
          ResultSet found = select.executeQuery()) {
        while (found.next()) {
          balances.add(found.getLong(1));
        }
      }
      attempt.connection().commit();
      return new Balances(balances);
    }
  }

  @Override
  public Ending ending() {
    return new Ending() {
      private int client;
      private long above;
      private boolean booksRead;

      @Override
      public Task next() {
        if (client < rows.length()) {
          return page(client, above, this::read);
        }
        return booksRead ? null : books(() -> booksRead = true);
      }

      private void read(long upTo) {
        above = upTo == Long.MAX_VALUE ? 0 : upTo;
        client += upTo == Long.MAX_VALUE ? 1 : 0;
      }
    };
  }

  private Task page(int client, long above, java.util.function.LongConsumer read) {
    return new Task() {
      @Override
      public Value value() {
        return new Ledger(client, above, Long.MAX_VALUE, null);
      }

      @Override
      public Value run(Attempt attempt) throws SQLException {
        List<Long> found = numbers(attempt.connection(), client, above);
        boolean full = found.size() == PAGE_ROWS;
        long upTo = full ? found.get(PAGE_ROWS - 1) : Long.MAX_VALUE;
        read.accept(upTo);
        return new Ledger(client, above, upTo, runs(found));
      }
    };
  }

  private List<Long> numbers(Connection connection, int client, long above) throws SQLException {
    String sql =
        "SELECT n FROM " + ledger + " WHERE client = ? AND n > ? ORDER BY n LIMIT " + PAGE_ROWS;
    List<Long> numbers = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setInt(1, client);
      select.setLong(2, above);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          numbers.add(found.getLong(1));
        }
      }
    }
    connection.commit();
    return numbers;
  }

  private static List<Value.Run> runs(List<Long> rising) {
    List<Value.Run> runs = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < rising.size(); i++) {
      if (i + 1 == rising.size() || rising.get(i + 1) != rising.get(i) + 1) {
        runs.add(new Value.Run(rising.get(from), rising.get(i)));
        from = i + 1;
      }
    }
    return runs;
  }

  private Task books(Runnable read) {
    return new Task() {
      @Override
      public Value value() {
        return new Books(null, null);
      }

      @Override
      public Value run(Attempt attempt) throws SQLException {
        List<Long> balances = new ArrayList<>();
        List<Long> byLedger = new ArrayList<>();
        try (Statement select = attempt.connection().createStatement();
            ResultSet found = select.executeQuery(booksSql())) {
          while (found.next()) {
            balances.add(found.getLong(1));
            byLedger.add(FIRST_BALANCE + found.getLong(2) - found.getLong(3));
          }
        }
        attempt.connection().commit();
        read.run();
        return new Books(balances, byLedger);
      }
    };
  }

  /** One statement, so that one snapshot shows the balances and the rows that explain them. */
  private String booksSql() {
    return "SELECT a.balance, coalesce(i.total, 0), coalesce(o.total, 0) FROM "
        + accounts
        + " a LEFT JOIN (SELECT dst, sum(amount) AS total FROM "
        + ledger
        + " GROUP BY dst) i ON i.dst = a.id LEFT JOIN (SELECT src, sum(amount) AS total FROM "
        + ledger
        + " GROUP BY src) o ON o.src = a.id ORDER BY a.id";
  }
}
