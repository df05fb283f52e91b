package halab.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import halab.cli.Out;
import halab.kernel.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A lab without shared disks and addresses, of databases that have a mode. */
class StatusTextTest {
  private static LabStatus.HostStatus host(String name, String instance, String mode) {
    LabStatus.DaemonStatus daemon =
        new LabStatus.DaemonStatus(
            new Endpoint(name, "dmserver"),
            "running",
            42,
            0,
            true,
            instance,
            1,
            "OPEN",
            Map.of("mode", mode),
            -1,
            1,
            LabStatus.Lateness.NONE,
            Map.of());
    return new LabStatus.HostStatus(name, "on", 41, List.of(), List.of(daemon));
  }

  private static List<String> text(Endpoint primary, String instance) {
    LabStatus status =
        new LabStatus(
            "w",
            "dw",
            "up",
            null,
            List.of(host("n1", "GRP1_RT_01", "STANDBY"), host("n2", "GRP1_RT_02", "PRIMARY")),
            List.of(new LabStatus.GroupStatus("dw", "primary", primary, instance)),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    return new StatusText(new Out(nowhere, nowhere, false)).of(status);
  }

  @Test
  void saysWhoIsPrimary() {
    assertThat(text(new Endpoint("n2", "dmserver"), "GRP1_RT_02"))
        .containsSequence(
            "lab w (dw)  up, healthy",
            "",
            "GROUP  PRIMARY     DAEMON",
            "dw     GRP1_RT_02  n2/dmserver",
            "");
  }

  @Test
  void showsTheModeBesideThePhase() {
    assertThat(String.join("\n", text(null, "")))
        .containsPattern("dw +none")
        .containsPattern("dmserver +GRP1_RT_01 +42 +running +OPEN STANDBY +1 ")
        .containsPattern("dmserver +GRP1_RT_02 +42 +running +OPEN PRIMARY +1 ")
        .doesNotContain("DISK", "ADDRESS");
  }
}
