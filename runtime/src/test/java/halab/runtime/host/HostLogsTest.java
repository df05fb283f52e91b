package halab.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.admin.proto.ListLogsRequest;
import halab.admin.proto.ReadLogRequest;
import halab.runtime.toy.ToyLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLogsTest {
  @TempDir Path dir;

  private static String read(HostLogs logs, String name) throws IOException {
    ReadLogRequest request = ReadLogRequest.newBuilder().setHost("n1").setName(name).build();
    return logs.read(request).getContent().toStringUtf8();
  }

  @Test
  void showsTheVendorsFilesAndThoseOfDaemonsAndNothingElse() throws IOException {
    try (ToyLab toy = new ToyLab(dir)) {
      Path log = toy.lab.log("n1");
      Files.createDirectories(log.resolve("toy/deep"));
      Files.writeString(log.resolve("toy_1.log"), "vendor\n");
      Files.writeString(log.resolve("toy/events.jsonl"), "{}\n");
      Files.writeString(log.resolve("toy/deep/secret"), "no\n");
      HostLogs logs = new HostLogs(toy.lab);
      assertThat(logs.list(ListLogsRequest.newBuilder().setHost("n1").build()).getNameList())
          .containsExactly("toy/events.jsonl", "toy_1.log");
      assertThat(read(logs, "toy_1.log")).isEqualTo("vendor\n");
      assertThat(read(logs, "toy/events.jsonl")).isEqualTo("{}\n");
      for (String outside : new String[] {"../lab.ini", "toy/../x", "/etc/passwd", "toy/deep/x"}) {
        assertThatThrownBy(() -> read(logs, outside))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(outside);
      }
    }
  }
}
