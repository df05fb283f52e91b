package halab.node.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.node.DiskLab;
import halab.node.pg.UsersFile;
import halab.node.pg.Verifier;
import halab.redo.proto.RlogPkg;
import halab.runtime.DataPlane;
import halab.runtime.LabClock;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import halab.systems.ConfigException;
import halab.systems.Role;
import halab.systems.Serving;
import halab.systems.SqlView;
import halab.systems.dsc.DataLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance's rows with the simplest of roles above: one that grants whatever is asked. */
class InstanceDataTest {
  private static final String DISK = "/dev/raw/data0";
  private static final Endpoint N1 = new Endpoint("n1", "dmserver");

  @TempDir Path dir;
  private DiskLab disks;

  @BeforeEach
  void begin() throws IOException {
    disks = new DiskLab(dir, DISK, DataLayout.BLOCKS_MIB * 2048, DataLayout.RANGE_BYTES);
  }

  @AfterEach
  void end() {
    disks.close();
  }

  /** Grants LSNs in the order of asking, one write at a time; on a thread of its own. */
  private final class Willing implements AutoCloseable {
    final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    final DataPlane plane;
    final LabClock clock = new LabClock(disks.lab().epochWallMs(), 1);
    private final Thread thread = new Thread(this::run, "role");
    private long lsn;
    private RlogPkg pending;
    private volatile boolean open;
    private volatile Event last;
    private volatile boolean mounted;

    Willing(long life) {
      this(life, disks.lab());
    }

    Willing(long life, Lab lab) {
      DataPlane.View view =
          new DataPlane.View(
              "V$TEST",
              List.of(new SqlView.Column("A$", SqlView.Type.INTEGER)),
              () -> List.of(List.of(42)));
      plane =
          InstanceData.open(
              new DataPlane.Place(
                  lab,
                  N1,
                  events::add,
                  disks.client(N1, life),
                  new FaultRules(N1.toString()),
                  clock,
                  false,
                  List.of(),
                  Role.Archive.DEFAULT,
                  List.of(view)));
      thread.setDaemon(true);
      thread.start();
      plane.perform(new Effect.OpenEngine(1));
      DiskLab.until("the instance is open", () -> open);
    }

    private void run() {
      try {
        while (true) {
          Event event = events.poll(10, TimeUnit.MILLISECONDS);
          if (event != null) {
            heard(event);
          }
          Serving.Mode mode = open ? Serving.Mode.OPEN : Serving.Mode.STARTING;
          mode = mounted ? Serving.Mode.MOUNTED : mode;
          plane.serving(new Serving(mode, clock.monoMs() + 60_000));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void heard(Event event) {
      if (event instanceof Event.EngineOpened opened) {
        lsn = opened.lsn();
        plane.perform(new Effect.ReadRedo(2, DISK, 0, lsn + 1));
      } else if (event instanceof Event.RedoRead read) {
        for (RlogPkg pkg : read.pkgs()) {
          plane.perform(new Effect.Apply(pkg.getLsn(), pkg, 0));
          lsn = pkg.getLsn();
        }
        open = true;
      } else if (event instanceof Event.CommitAsked asked) {
        pending = asked.pkg().toBuilder().setLsn(++lsn).build();
        plane.perform(new Effect.WriteRedo(lsn, DISK, 0, List.of(pending)));
      } else if (event instanceof Event.RedoWritten) {
        plane.perform(new Effect.Apply(lsn, pending, pending.getTx()));
      } else if (event instanceof Event.Applied applied && pending != null) {
        plane.perform(new Effect.Committed(pending.getTx(), applied.lsn()));
      } else if (event instanceof Event.Statement statement) {
        answer(statement);
      } else {
        last = event;
      }
    }

    /** As the role would: MOUNT and OPEN are done, anything else is refused. */
    private void answer(Event.Statement statement) {
      String what = statement.words().get(2);
      boolean known = List.of("mount", "open").contains(what);
      mounted = what.equals("mount") || !known && mounted;
      plane.serving(
          new Serving(mounted ? Serving.Mode.MOUNTED : Serving.Mode.OPEN, clock.monoMs() + 60_000));
      String refusal = known ? null : "55000";
      plane.perform(new Effect.StatementDone(statement.requestId(), refusal, "not " + what));
    }

    Connection connect() throws SQLException {
      int port = disks.lab().host("n1").sqlPort();
      return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/halab?user=u");
    }

    Event answer(Effect effect) {
      last = null;
      plane.perform(effect);
      DiskLab.until("an answer", () -> last != null);
      return last;
    }

    @Override
    public void close() {
      thread.interrupt();
      plane.close();
    }
  }

  /** The whole way: lab.ini and the file of users on disk, a driver at the instance's port. */
  @Test
  void whoeverHasNoPasswordStaysOutOfALabThatAsksForOne() throws Exception {
    disks.lab().write();
    Path ini = dir.resolve(Lab.FILE);
    Files.writeString(ini, Files.readString(ini).replace("= trust", "= " + Lab.SCRAM));
    Lab lab = Lab.read(dir);
    assertThatThrownBy(() -> new Willing(1, lab))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("halab sql user NAME");
    UsersFile.put(lab.sqlUsersFile(), "u", Verifier.of("right"));
    try (Willing instance = new Willing(1, lab)) {
      String url = "jdbc:postgresql://127.0.0.1:" + lab.host("n1").sqlPort() + "/halab";
      DriverManager.getConnection(url, "u", "right").close();
      assertThatThrownBy(() -> DriverManager.getConnection(url, "u", "wrong"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
      assertThatThrownBy(() -> instance.connect().close())
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08004"));
    }
  }

  /** As a user types it: the error names what is not there. */
  @Test
  void aViewThatIsNotThereIsNamed() throws Exception {
    try (Willing instance = new Willing(1)) {
      assertThatThrownBy(() -> run(instance, "select * from v$nosuch"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42P01"))
          .hasMessageContaining("relation \"v$nosuch\" does not exist");
    }
  }

  /** The whole way there and back: driver, session, role, gate, and the driver's error. */
  @Test
  void alterDatabaseGoesToTheRoleAndMountReadsViewsOnly() throws Exception {
    try (Willing instance = new Willing(1)) {
      run(instance, "create table t(id int primary key)", "insert into t values (1)");
      run(instance, "alter database mount");
      assertThat(ask(instance, "select a$ from v$test")).isEqualTo("42");
      assertThatThrownBy(() -> ask(instance, "select count(*) from t"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P03"))
          .hasMessageContaining("the database is in MOUNT");
      assertThatThrownBy(() -> run(instance, "alter database suspend"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55000"))
          .hasMessageContaining("not suspend");
      run(instance, "alter database open");
      assertThat(ask(instance, "select count(*) from t")).isEqualTo("1");
    }
  }

  private static void run(Willing instance, String... statements) throws SQLException {
    try (Connection connection = instance.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String ask(Willing instance, String sql) throws SQLException {
    try (Connection connection = instance.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void rowsAreThereAfterAnEndInOrderAndAfterACrash() throws Exception {
    try (Willing instance = new Willing(1)) {
      run(
          instance,
          "create table t(id serial primary key, v text)",
          "insert into t(v) values ('a'), ('b')",
          "update t set v = 'c' where v = 'b'");
      assertThat(ask(instance, "select a$ from v$test")).isEqualTo("42");
    }
    try (Willing instance = new Willing(2)) {
      assertThat(ask(instance, "select string_agg(v, ',' order by id) from t")).isEqualTo("a,c");
      run(instance, "insert into t(v) values ('d')");
    }
    Path clean = disks.lab().data("n1").resolve("dmserver.clean");
    assertThat(clean).exists();
    java.nio.file.Files.delete(clean); // as if the last life had crashed
    try (Willing instance = new Willing(3)) {
      DiskLab.until(
          "redo is replayed",
          () -> {
            try {
              return ask(instance, "select string_agg(v, ',' order by id) from t").equals("a,c,d");
            } catch (SQLException e) {
              return false;
            }
          });
    }
  }

  @Test
  void anImageReplacesTheContent() throws Exception {
    try (Willing instance = new Willing(1)) {
      run(instance, "create table t(id int primary key)", "insert into t values (1)");
      instance.answer(new Effect.Checkpoint(6));
      Event saved = instance.answer(new Effect.SaveImage(7, DISK));
      assertThat(saved).isInstanceOf(Event.ImageSaved.class);
      run(instance, "insert into t values (2)");
      assertThat(ask(instance, "select count(*) from t")).isEqualTo("2");
      Event loaded = instance.answer(new Effect.LoadImage(8, DISK));
      assertThat(loaded).isEqualTo(new Event.ImageLoaded(8, ((Event.ImageSaved) saved).lsn()));
      assertThat(ask(instance, "select count(*) from t")).isEqualTo("1");
    }
  }

  @Test
  void anImageThatIsAskedForAgainAndAgainIsLoaded() throws Exception {
    try (Willing instance = new Willing(1)) {
      run(instance, "create table t(id int primary key)", "insert into t values (1)");
      instance.answer(new Effect.Checkpoint(6));
      long lsn = ((Event.ImageSaved) instance.answer(new Effect.SaveImage(7, DISK))).lsn();
      run(instance, "insert into t values (2)");
      for (int request = 8; request < 20; request++) {
        instance.plane.perform(new Effect.LoadImage(request, DISK));
      }
      instance.plane.perform(new Effect.LoadImage(20, DISK));
      Event wanted = new Event.ImageLoaded(20, lsn);
      DiskLab.until("the latest request is answered", () -> wanted.equals(instance.last));
      assertThat(ask(instance, "select count(*) from t")).isEqualTo("1");
      run(instance, "insert into t values (3)");
    }
  }

  @Test
  void aCheckpointTellsHowFarItReaches() throws Exception {
    try (Willing instance = new Willing(1)) {
      run(instance, "create table t(id int primary key)", "insert into t values (1)");
      Event done = instance.answer(new Effect.Checkpoint(9));
      assertThat(((Event.Checkpointed) done).lsn()).isEqualTo(2);
      run(instance, "insert into t values (3)");
    }
    Path data = disks.lab().data("n1");
    assertThat(data.resolve("dmserver.base")).isNotEmptyFile();
    java.nio.file.Files.delete(data.resolve("dmserver.clean")); // as if it had crashed
    try (Willing instance = new Willing(2)) {
      DiskLab.until(
          "redo behind the copy is replayed",
          () -> {
            try {
              return ask(instance, "select count(*) from t").equals("2");
            } catch (SQLException e) {
              return false;
            }
          });
    }
  }

  @Test
  void aTransactionThatFitsInNoSegmentIsRefusedAndLeavesNothing() throws Exception {
    try (Willing instance = new Willing(1)) {
      run(instance, "create table t(id int primary key, v bytea)");
      assertThatThrownBy(
              () -> {
                try (Connection connection = instance.connect();
                    var insert = connection.prepareStatement("insert into t values (1, ?)")) {
                  byte[] noise = new byte[9 << 20];
                  new java.util.Random(1).nextBytes(noise);
                  insert.setBytes(1, noise);
                  insert.execute();
                }
              })
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("54000");
      assertThat(ask(instance, "select count(*) from t")).isEqualTo("0");
    }
  }
}
