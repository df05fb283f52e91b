package halab.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import halab.kernel.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
  private static final Path PAGE = Path.of("..", "docs", "operations", "status.md");
  private static final Endpoint CSS = new Endpoint("n1", "dmcss");

  private static LabStatus example() {
    LabStatus.DaemonStatus daemon =
        new LabStatus.DaemonStatus(
            CSS,
            "running",
            42,
            0,
            true,
            "CSS0",
            1,
            "CONTROL",
            Map.of(),
            600,
            1,
            LabStatus.Lateness.NONE,
            Map.of());
    return new LabStatus(
        "t",
        "dsc",
        "up",
        null,
        List.of(new LabStatus.HostStatus("n1", "on", 41, List.of("a"), List.of(daemon))),
        List.of(new LabStatus.GroupStatus("CSS", "control", CSS, "CSS0")),
        List.of(new LabStatus.PathStatus("private", "n1", "n2", 5, 5)),
        List.of(new LabStatus.DiskStatus("vote", "/dev/raw/vote", "ok", 1, 2, 0, List.of())),
        List.of(new LabStatus.VipStatus("192.168.56.121", "n1", 18092, 0)),
        List.of(new LabStatus.FaultStatus("f1", "cut n1 | n2", "2026", 3)));
  }

  @Test
  void everyFieldIsOnItsPage() throws IOException {
    Set<String> fields = new TreeSet<>();
    try (JsonParser json = new JsonFactory().createParser(StatusJson.of(example()))) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          fields.add(json.currentName());
        }
      }
    }
    String page = Files.readString(PAGE);
    assertThat(fields).isNotEmpty().allSatisfy(field -> assertThat(page).contains(field));
  }

  @Test
  void namesTheControlNodeOfEachGroup() throws IOException {
    String json = StatusJson.of(example());
    assertThat(json)
        .contains("\"daemon\" : \"n1/dmcss\"", "\"instance\" : \"CSS0\"", "\"pid\" : 42");
  }
}
