package halab.node;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.ExitCode;
import halab.node.redo.FileRedoDevice;
import halab.node.redo.RedoReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a single instance under load, again and again: whatever it had acknowledged is there, once,
 * with its values, and nothing that it had refused. {@code integration-tests/instance-kills} runs
 * more rounds.
 */
class InstanceKillsTest {
  private static final int ROUNDS = Integer.getInteger("halab.instance.kills", 3);
  private static final int CLIENTS = 8;
  private static final int ALIVE_MOST_MS = 900;
  private static final int ONE_STARTS_IN = 5;

  private final long seed = Long.getLong("halab.instance.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final long[] numbers = new long[CLIENTS];

  /** What the accounts must hold. */
  private final long[] amounts = new long[Transfers.ACCOUNTS];

  private long entries;
  private long acknowledged;
  private long inDoubt;
  private long inDoubtFound;
  private long replayed;
  private int killedInStart;
  private long lastLsn;
  private final List<Thread> threads = new ArrayList<>();
  @TempDir Path dir;

  @Test
  void everyAcknowledgedTransferIsThereOnceAndNoRefusedOne() throws Exception {
    System.out.println("seed " + seed);
    Path folder = dir.resolve("instance");
    try (SingleProcess instance = new SingleProcess(folder)) {
      define(instance.port());
    }
    List<Transfers> clients = List.of();
    for (int round = 0; round <= ROUNDS; round++) {
      try (SingleProcess instance = new SingleProcess(folder)) {
        if (round > 0) {
          assertThat(instance.lsn()).as("round %d", round).isEqualTo(lastLsn);
          replayed += instance.replayed();
          check(round, instance.port(), clients);
        }
        clients = round < ROUNDS ? underLoad(instance) : List.of();
      }
      await(clients);
      lastLsn = lastLsn(folder);
      if (random.nextInt(ONE_STARTS_IN) == 0) {
        killedInStart(folder);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d kills under load and %d while it started: %d transfers acknowledged, all found; %d in"
            + " doubt, %d of them found; %d packages replayed%n",
        ROUNDS,
        killedInStart,
        acknowledged,
        inDoubt,
        inDoubtFound,
        replayed);
    assertThat(acknowledged).isGreaterThanOrEqualTo(ROUNDS);
    stoppedInOrderItReplaysNothing(folder);
    aFlippedBitEndsTheStartWithOneLine(folder);
  }

  private static void define(int port) throws SQLException {
    try (Connection connection = connect(port);
        Statement statement = connection.createStatement()) {
      statement.execute("create table account(id int primary key, amount bigint not null)");
      statement.execute(
          "create table entry(client int, number bigint, source int not null references account,"
              + " target int not null references account, amount int not null,"
              + " primary key(client, number))");
      statement.execute("create table trace(client int, number bigint)"); // no primary key
      for (int i = 0; i < Transfers.ACCOUNTS; i++) {
        statement.execute("insert into account values (" + i + ", 0)");
      }
    }
  }

  private static Connection connect(int port) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/halab", "ann", "");
  }

  /** Clients that go on until the instance is killed. */
  private List<Transfers> underLoad(SingleProcess instance) throws Exception {
    List<Transfers> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new Transfers(i, instance.port(), numbers[i], new Random(random.nextLong())));
      threads.add(new Thread(clients.get(i), "client-" + i));
    }
    threads.forEach(Thread::start);
    clients.get(random.nextInt(CLIENTS)).awaitFirst();
    Thread.sleep(random.nextInt(ALIVE_MOST_MS));
    assertThat(instance.process.isAlive()).as(instance.output()).isTrue();
    return clients;
  }

  private void await(List<Transfers> clients) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(60_000);
      assertThat(thread.isAlive()).isFalse();
    }
    threads.clear();
    for (int i = 0; i < clients.size(); i++) {
      numbers[i] = clients.get(i).number();
    }
  }

  private void killedInStart(Path folder) throws Exception {
    try (SingleProcess instance = new SingleProcess(folder)) {
      Thread.sleep(random.nextInt(1000));
      assertThat(instance.process.isAlive()).as(instance.output()).isTrue();
    }
    killedInStart++;
  }

  private static long lastLsn(Path folder) throws IOException {
    try (FileRedoDevice device = FileRedoDevice.open(folder.resolve("redo.log"))) {
      return RedoReader.open(device).lastLsn();
    }
  }

  private void check(int round, int port, List<Transfers> clients) throws SQLException {
    try (Connection connection = connect(port);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < CLIENTS; i++) {
        Transfers client = clients.get(i);
        Set<Transfers.Entry> there = entries(statement, i, client);
        Set<Transfers.Entry> doubt = new HashSet<>(there);
        client.acknowledged.forEach(doubt::remove);
        assertThat(there).as("round %d", round).containsAll(client.acknowledged);
        assertThat(client.refused).as("round %d", round).noneMatch(there::contains);
        if (client.unknown == null) {
          assertThat(doubt).as("round %d", round).isEmpty();
        } else {
          assertThat(doubt).as("round %d", round).isSubsetOf(client.unknown);
          inDoubt++;
        }
        inDoubtFound += doubt.size();
        acknowledged += client.acknowledged.size();
        there.forEach(this::count);
      }
      assertThat(number(statement, "select count(*) from entry")).isEqualTo(entries);
      assertThat(number(statement, "select count(*) from trace")).isEqualTo(entries);
      try (ResultSet rows = statement.executeQuery("select id, amount from account order by id")) {
        while (rows.next()) {
          assertThat(rows.getLong(2)).as("round %d", round).isEqualTo(amounts[rows.getInt(1)]);
        }
      }
    }
  }

  /** Of this round, from the table. */
  private static Set<Transfers.Entry> entries(Statement statement, int number, Transfers client)
      throws SQLException {
    long before = client.number() - client.acknowledged.size() - client.refused.size();
    before -= client.unknown == null ? 0 : 1;
    Set<Transfers.Entry> there = new HashSet<>();
    String query = "select * from entry where client = " + number + " and number > " + before;
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        there.add(
            new Transfers.Entry(
                rows.getInt(1), rows.getLong(2), rows.getInt(3), rows.getInt(4), rows.getInt(5)));
      }
    }
    return there;
  }

  private void count(Transfers.Entry entry) {
    entries++;
    amounts[entry.source()] -= entry.amount();
    amounts[entry.target()] += entry.amount();
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void stoppedInOrderItReplaysNothing(Path folder) throws Exception {
    long lsn = lastLsn(folder);
    try (SingleProcess instance = new SingleProcess(folder)) {
      instance.port();
      assertThat(instance.stop()).hasSize(2);
    }
    try (SingleProcess instance = new SingleProcess(folder)) {
      assertThat(instance.replayed()).isZero();
      assertThat(instance.lsn()).isEqualTo(lsn);
    }
  }

  private static void aFlippedBitEndsTheStartWithOneLine(Path folder) throws Exception {
    try (RandomAccessFile log = new RandomAccessFile(folder.resolve("redo.log").toFile(), "rw")) {
      log.seek(20);
      int was = log.read();
      log.seek(20);
      log.write(was ^ 4);
    }
    try (SingleProcess instance = new SingleProcess(folder)) {
      assertThat(instance.exitCode()).isEqualTo(ExitCode.CONFIG);
      assertThat(instance.output().lines())
          .singleElement()
          .asString()
          .startsWith("halab: redo log ")
          .contains("segment 0");
    }
  }
}
