package halab.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.cli.Failure;
import halab.cli.lab.Creator;
import halab.cli.lab.LiveLab;
import halab.systems.Term;
import halab.systems.Waterfall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientsTest {
  @TempDir Path folder;
  private LiveLab lab;
  private long beganMs;

  @BeforeEach
  void make() throws IOException {
    Creator.Wish wish = new Creator.Wish("dsc", 2, true, 1, Map.of(), null, null);
    lab = Creator.create(folder.resolve("t"), wish, told -> {});
    beganMs = lab.model().epochWallMs() + 1_000;
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static String op(String type, String f, int second) {
    return "{\"index\":1,\"type\":\""
        + type
        + "\",\"process\":0,\"f\":\""
        + f
        + "\",\"time\":"
        + second
        + "000000000}\n";
  }

  private Clients of(String... lines) throws IOException {
    String header = "{\"halab_history\":1,\"wall_ms\":" + beganMs + "}\n";
    Path file = folder.resolve("h.jsonl");
    Files.writeString(file, header + String.join("", lines));
    return Clients.of(file, lab.model());
  }

  private Waterfall failover(int fromS, int tookS) {
    Term term = new Term("part", 0, 0, 0, "", "");
    long end = beganMs + (fromS + tookS) * 1_000L;
    Waterfall.Row row = new Waterfall.Row(end, tookS * 1_000L, term, "", List.of());
    return new Waterfall("loss", "", beganMs + fromS * 1_000L, List.of(row), true);
  }

  @Test
  void theLongestTimeWithoutAWriteThatBeganWithinTheFailover() throws IOException {
    Clients clients =
        of(
            op("ok", "transfer", 1),
            op("ok", "transfer", 10),
            op("ok", "read", 15), // reads do not count
            op("info", "transfer", 16),
            op("ok", "transfer", 20),
            op("ok", "transfer", 40),
            "{\"index\":9,\"ty");
    assertThat(clients.during(failover(11, 5)))
        .isEqualTo(new Clients.Gap(beganMs + 10_000, beganMs + 20_000));
    assertThat(clients.during(failover(50, 5))).as("the load was over").isNull();
  }

  @Test
  void aFileThatIsNoHistoryIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "hello\n");
    assertThatThrownBy(() -> Clients.of(file, lab.model()))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("is not a history of 'halab load'");
  }
}
