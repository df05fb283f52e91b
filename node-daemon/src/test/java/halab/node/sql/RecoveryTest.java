package halab.node.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database in a folder: kill -9, damage, images. */
class RecoveryTest {
  private static final int CLIENTS = 4;
  private static final int KILLS = 3;

  private static Options options(Path folder, int slotBase) {
    return new Options(folder, "db", slotBase, 50, 1 << 20);
  }

  private static Database open(Path folder, Recorder recorder) throws SqlFailure {
    return Database.open(options(folder, 0), recorder, recorder, new Gate(Gate.State.OPEN, 1000));
  }

  /**
   * Under load: each client counts its row up, and its redo is one line "slot lsn id value ." on
   * the standard output, written before the engine commits.
   */
  public static final class Load {
    private Load() {}

    /** The folder of the database, and the first LSN to use. */
    public static void main(String[] args) throws Exception {
      Recorder recorder = new Recorder();
      long[] lsn = {Long.parseLong(args[1])};
      Committer loud =
          new Committer() {
            @Override
            public Outcome commit(Proposal proposal) {
              long mine;
              synchronized (lsn) {
                mine = lsn[0]++;
                if (proposal.changes() instanceof ChangeSet.Rows rows) {
                  ChangeSet.Change change = rows.changes().get(0);
                  System.out.println(
                      proposal.slot()
                          + " "
                          + mine
                          + " "
                          + change.values()[0].getInt()
                          + " "
                          + change.values()[1].getLong()
                          + " .");
                }
              }
              proposal.commitLocally(mine);
              return Outcome.committed(mine);
            }

            @Override
            public long position() {
              return 0;
            }

            @Override
            public void broken(Throwable cause) {
              cause.printStackTrace();
              Runtime.getRuntime().halt(70);
            }
          };
      Database database =
          Database.open(
              options(Path.of(args[0]), 0), loud, recorder, new Gate(Gate.State.OPEN, 1000));
      try (Session session = database.session("setup")) {
        Sql.run(session, "create table if not exists t(id int primary key, v bigint)");
      }
      for (int i = 0; i < CLIENTS; i++) {
        int id = i;
        new Thread(() -> count(database, id)).start();
      }
    }

    private static void count(Database database, int id) {
      try (Session session = database.session("c")) {
        Sql.run(
            session,
            "merge into t using (values("
                + id
                + ")) s(id) on t.id = s.id"
                + " when not matched then insert values(s.id, 0)");
        session.commit();
        while (true) {
          Sql.run(session, "update t set v = v + 1 where id = ?", id);
          session.commit();
        }
      } catch (SqlFailure e) {
        e.printStackTrace();
        Runtime.getRuntime().halt(71);
      }
    }
  }

  private record Line(int slot, long lsn, int id, long value) {}

  /** Runs the load until it has said so many lines, kills it, and gives all it has said. */
  private static List<Line> killed(Path folder, long firstLsn, int linesLeast) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Load.class.getName(),
                folder.toString(),
                String.valueOf(firstLsn))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Line> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] parts = line.split(" ");
        if (parts.length < 5) {
          break;
        }
        lines.add(
            new Line(
                Integer.parseInt(parts[0]),
                Long.parseLong(parts[1]),
                Integer.parseInt(parts[2]),
                Long.parseLong(parts[3])));
        if (lines.size() == linesLeast) {
          // Through the handle, which leaves what was said readable.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(lines).hasSizeGreaterThanOrEqualTo(linesLeast);
    return lines;
  }

  @Test
  void afterKillEveryPositionFitsItsRows(@TempDir Path folder) throws Exception {
    long lsn = 1;
    Map<Integer, Long> durable = new HashMap<>();
    for (int kill = 0; kill < KILLS; kill++) {
      List<Line> redo = killed(folder, lsn, 3000 + 700 * kill);
      lsn = redo.get(redo.size() - 1).lsn() + 10;
      try (Database database = open(folder, new Recorder());
          Session session = database.session("check")) {
        Map<Integer, Long> positions = database.appliedPositions();
        Map<Integer, Long> expected = new HashMap<>(durable);
        for (Line line : redo) {
          if (line.lsn() <= positions.getOrDefault(line.slot(), -1L)) {
            expected.merge(line.id(), line.value(), Math::max);
          }
        }
        assertThat(rows(session)).as("kill %d", kill).isEqualTo(expected);
        List<Replay> replays = new ArrayList<>();
        for (Line line : redo) {
          boolean first = line.value() == 0;
          replays.add(
              new Replay(
                  new ChangeSet.Rows(
                      List.of(
                          new ChangeSet.Change(
                              new ChangeSet.TableName("public", "t"),
                              first ? ChangeSet.Kind.INSERT : ChangeSet.Kind.UPDATE,
                              new org.h2.value.Value[] {
                                org.h2.value.ValueInteger.get(line.id()),
                                org.h2.value.ValueBigint.get(line.value())
                              }))),
                  line.slot(),
                  line.lsn()));
        }
        database.applyAll(replays);
        redo.forEach(line -> durable.merge(line.id(), line.value(), Math::max));
        assertThat(rows(session)).as("replayed after kill %d", kill).isEqualTo(durable);
        database.checkpoint();
      }
    }
  }

  private static Map<Integer, Long> rows(Session session) throws SqlFailure {
    Map<Integer, Long> rows = new HashMap<>();
    for (String line : Sql.run(session, "select id, v from t")) {
      String[] parts = line.split("\\|");
      rows.put(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }
    session.commit();
    return rows;
  }

  @Test
  void anImageCarriesRowsPositionsKeysAndSequences(@TempDir Path here, @TempDir Path there)
      throws Exception {
    Recorder recorder = new Recorder();
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    Map<Integer, Long> positions;
    try (Database database = open(here, recorder);
        Session session = database.session("u")) {
      Sql.commit(session, "create table t(id serial primary key, a int)", "create table h(a int)");
      Sql.commit(session, "insert into t(a) values(5), (6)", "insert into h values(1), (1)");
      Sql.run(session, "insert into h values(99)");
      database.export(image);
      session.rollback();
      positions = database.appliedPositions();
      assertThat(here.toFile().list()).containsExactly("data.mv.db");
    }
    Database.load(new ByteArrayInputStream(image.toByteArray()), there, 100 << 20);
    try (Database loaded =
            Database.open(
                options(there, 1000), recorder, recorder, new Gate(Gate.State.OPEN, 1000));
        Session session = loaded.session("u")) {
      assertThat(loaded.appliedPositions()).isEqualTo(positions);
      assertThat(Sql.run(session, "select * from h")).containsExactly("1", "1");
      Sql.commit(session, "insert into t(a) values(7)", "insert into h values(2)");
      assertThat(Sql.run(session, "select id from t where a = 7")).containsExactly("33");
      assertThat(Sql.dump(loaded, "h")).hasSize(3);
    }
  }

  @Test
  void aDamagedImageChangesNothing(@TempDir Path folder) throws Exception {
    Recorder recorder = new Recorder();
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    try (Database database = open(folder, recorder);
        Session session = database.session("u")) {
      Sql.commit(session, "create table t(a int)", "insert into t values(1)");
      database.export(image);
    }
    byte[] bytes = image.toByteArray();
    byte[] cut = java.util.Arrays.copyOf(bytes, bytes.length / 2);
    assertThatThrownBy(() -> Database.load(new ByteArrayInputStream(cut), folder, 100 << 20))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Database.load(new ByteArrayInputStream(bytes), folder, 1000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("larger");
    assertThatThrownBy(() -> Database.load(new ByteArrayInputStream(new byte[100]), folder, 1000))
        .isInstanceOf(IOException.class);
    try (Database database = open(folder, recorder);
        Session session = database.session("u")) {
      assertThat(Sql.run(session, "select * from t")).containsExactly("1");
    }
    assertThat(folder.toFile().list()).containsExactly("data.mv.db");
  }

  @Test
  void aDamagedStoreIsRefusedWithARemedy(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("data.mv.db");
    Files.write(file, "this is no store, and never was one".repeat(1000).getBytes());
    assertThatThrownBy(() -> open(folder, new Recorder()))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            e -> {
              assertThat(e.error().sqlState()).isEqualTo("58030");
              assertThat(e.error().message()).contains(folder.toString());
              assertThat(e.error().hint()).contains("checkpoint image");
            });
  }

  @Test
  void positionsRowsAndHiddenKeysSurviveClosing(@TempDir Path folder) throws Exception {
    Recorder recorder = new Recorder();
    for (int round = 0; round < 3; round++) {
      try (Database database = open(folder, recorder);
          Session session = database.session("u")) {
        if (round == 0) {
          Sql.commit(session, "create table h(a int)", "create table s(id serial, a int)");
        }
        Sql.commit(session, "insert into h values(1), (1)", "insert into s(a) values(1)");
        assertThat(Sql.dump(database, "h")).doesNotHaveDuplicates().hasSize(2 * round + 2);
        assertThat(Sql.run(session, "select count(distinct id) from s"))
            .containsExactly(String.valueOf(round + 1));
        assertThat(database.checkpoint()).isEqualTo(database.appliedPositions());
        assertThat(database.appliedPositions()).containsEntry(0, (long) recorder.log().size());
      }
    }
  }
}
