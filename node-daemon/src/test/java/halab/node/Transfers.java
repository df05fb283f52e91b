package halab.node;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client that moves money between accounts, and remembers what it was told of each transfer. */
final class Transfers implements Runnable {
  static final int ACCOUNTS = 40;

  /** One row of the table entry. */
  record Entry(int client, long number, int source, int target, int amount) {}

  private final int client;
  private final String url;
  private final Random random;
  final List<Entry> acknowledged = new ArrayList<>();
  final List<Entry> refused = new ArrayList<>();

  /** Neither acknowledged nor refused: there or not. Null when there is none. */
  Entry unknown;

  private final CountDownLatch first = new CountDownLatch(1);
  private long number;

  /**
   * @param number of the last transfer of this client before
   */
  Transfers(int client, int port, long number, Random random) {
    this.client = client;
    this.url = "jdbc:postgresql://127.0.0.1:" + port + "/halab?socketTimeout=30";
    this.number = number;
    this.random = random;
  }

  /** Until the instance is gone. */
  @Override
  public void run() {
    try (Connection connection = DriverManager.getConnection(url, "ann", "");
        PreparedStatement insert =
            connection.prepareStatement("insert into entry values (?, ?, ?, ?, ?)");
        PreparedStatement trace = connection.prepareStatement("insert into trace values (?, ?)");
        PreparedStatement update =
            connection.prepareStatement("update account set amount = amount + ? where id = ?")) {
      connection.setAutoCommit(false);
      while (true) {
        int source = random.nextInt(ACCOUNTS);
        int target = (source + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        Entry next = new Entry(client, ++number, source, target, 1 + random.nextInt(100));
        unknown = next;
        try {
          transfer(next, insert, trace, update);
          connection.commit();
          acknowledged.add(next);
          first.countDown();
        } catch (SQLException e) {
          if (!List.of("40001", "40P01").contains(e.getSQLState())) {
            return;
          }
          refused.add(next);
          connection.rollback();
        }
        unknown = null;
      }
    } catch (SQLException e) {
      // The instance was gone before or after a transfer.
    }
  }

  private static void transfer(
      Entry next, PreparedStatement insert, PreparedStatement trace, PreparedStatement update)
      throws SQLException {
    insert.setInt(1, next.client());
    insert.setLong(2, next.number());
    insert.setInt(3, next.source());
    insert.setInt(4, next.target());
    insert.setInt(5, next.amount());
    insert.executeUpdate();
    trace.setInt(1, next.client());
    trace.setLong(2, next.number());
    trace.executeUpdate();
    boolean up = next.source() < next.target(); // always in one order: no deadlocks
    add(update, up ? next.source() : next.target(), up ? -next.amount() : next.amount());
    add(update, up ? next.target() : next.source(), up ? next.amount() : -next.amount());
  }

  private static void add(PreparedStatement update, int account, int amount) throws SQLException {
    update.setInt(1, amount);
    update.setInt(2, account);
    update.executeUpdate();
  }

  /** Waits for its first acknowledged transfer. */
  void awaitFirst() throws InterruptedException {
    if (!first.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("client " + client + " was not served");
    }
  }

  long number() {
    return number;
  }
}
