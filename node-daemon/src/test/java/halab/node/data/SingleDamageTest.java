package halab.node.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.node.redo.RedoDamage;
import halab.node.redo.RedoShape;
import halab.node.sql.Session;
import halab.node.sql.SqlFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of an instance that were changed by hand while it was stopped. */
class SingleDamageTest {
  private static final int ROWS = 300;

  /** Behind the head of the segment, a mark, and the heads of batch and package. */
  private static final int FIRST_PAYLOAD_BYTE = 2 * 512 + 64 + 24;

  @TempDir Path dir;
  private Path log;
  private Path store;

  @BeforeEach
  void filled() throws Exception {
    log = dir.resolve("redo.log");
    store = dir.resolve("store/data.mv.db");
    try (Single single = new Single(dir, RedoShape.SINGLE);
        Session session = single.session()) {
      Single.commit(session, "create table t(id int primary key, s varchar)");
      for (int i = 0; i < ROWS; i++) {
        Single.commit(session, "insert into t values (" + i + ", '" + "x".repeat(100) + "')");
      }
    }
  }

  private static void cut(Path file, long bytes) throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.setLength(bytes);
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.seek(at);
      int was = content.read();
      content.seek(at);
      content.write(was ^ 1);
    }
  }

  private Single open() throws IOException, SqlFailure {
    return new Single(dir, RedoShape.SINGLE);
  }

  /** The files are free again after a refusal, and whole ones are opened. */
  @Test
  void aFlippedBitInTheRedoIsRefusedWithItsPlace() throws Exception {
    flip(log, FIRST_PAYLOAD_BYTE);
    assertThatThrownBy(this::open)
        .isInstanceOf(RedoDamage.class)
        .hasMessageContaining("redo.log, segment 0, offset ");
    flip(log, FIRST_PAYLOAD_BYTE);
    try (Single single = open()) {
      assertThat(single.numbers("select count(*) from t")).containsExactly((long) ROWS);
    }
  }

  @Test
  void aRedoFileThatWasCutIsRefused() throws Exception {
    cut(log, Files.size(log) / 2);
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("redo.log");
  }

  @Test
  void aRedoFileThatIsGoneIsMissed() throws Exception {
    Files.delete(log);
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("redo.log is missing; restore it from a copy");
  }

  @Test
  void anOlderRedoFileThanTheStoreIsRefused() throws Exception {
    Path older = dir.resolve("older");
    Files.copy(log, older);
    try (Single single = open()) {
      single.commit("insert into t values (-1, '')");
    }
    Files.copy(older, log, StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("restore both from the same copy");
  }

  @Test
  void aStoreOfZerosIsRefused() throws Exception {
    Files.write(store, new byte[(int) Files.size(store)]);
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            SqlFailure.class,
            e -> {
              assertThat(e.error().sqlState()).isEqualTo("58030");
              assertThat(e.error().message()).contains(dir.resolve("store").toString());
              assertThat(e.error().hint()).contains("remove the folder");
            });
  }

  /** The engine may find an older state of its own in what is left; redo has the rest. */
  @Test
  void aStoreThatWasCutIsRefusedOrMadeWhole() throws Exception {
    long size = Files.size(store);
    for (int part = 1; part < 8; part++) {
      cut(store, size * (8 - part) / 8);
      refusedOrWhole();
    }
  }

  private void refusedOrWhole() throws IOException {
    try (Single single = open()) {
      assertThat(single.numbers("select id from t order by id"))
          .isEqualTo(LongStream.range(0, ROWS).boxed().toList());
    } catch (SqlFailure | SQLException e) {
      assertThat(e).hasMessageContaining("58030").hasMessageContaining("store");
    }
  }
}
