package halab.node.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database in a folder: damage, images, an end in order. */
class RecoveryTest {

  private static Options options(Path folder, int slotBase) {
    return new Options(folder, "db", slotBase, 50, 1 << 20);
  }

  private static Database open(Path folder, Recorder recorder) throws SqlFailure {
    return Database.open(options(folder, 0), recorder, recorder, new Gate(Gate.State.OPEN, 1000));
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
