package halab.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab that Compose starts, straight from the folder, and halab attached to it. */
@NeedsEngine
class ComposeIT {
  private static final long MINUTES_MAX = 5;
  private static final int NO = 1;

  @TempDir Path labs;
  private final String project =
      "itc" + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 24));
  private final Map<String, String> values =
      Map.of(
          "COMPOSE_PROJECT_NAME",
          project,
          "HALAB_NET",
          "10." + ThreadLocalRandom.current().nextInt(20, 50),
          "HALAB_PORT_1",
          freePort(),
          "HALAB_PORT_2",
          freePort(),
          "HALAB_IMAGE",
          Halab.image());

  private static String freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return String.valueOf(socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Said(int exitCode, String text) {}

  private Said call(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Halab.ROOT.resolve("docker").toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(values);
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).as(command + " ends").isTrue();
    return new Said(process.exitValue(), text);
  }

  /** The plugin or the older program, whichever is there; empty: neither. */
  private List<String> compose() throws InterruptedException {
    for (List<String> candidate :
        List.of(List.of("docker", "compose"), List.of("docker-compose"))) {
      List<String> version = new ArrayList<>(candidate);
      version.add("version");
      try {
        if (call(version).exitCode() == 0) {
          return candidate;
        }
      } catch (IOException e) {
        // Not installed.
        continue;
      }
    }
    return List.of();
  }

  @Test
  void startsALabThatHalabAttachesTo() throws IOException, InterruptedException {
    List<String> compose = compose();
    boolean required = "required".equals(System.getenv("HALAB_DOCKER"));
    assertThat(required && compose.isEmpty()).as("Compose is required and not there").isFalse();
    assumeTrue(!compose.isEmpty(), "neither 'docker compose' nor docker-compose is there");
    Witness witness = Witness.ofLab(project);
    try {
      Said up = call(with(compose, "up", "-d"));
      assertThat(up.exitCode()).as(up.text()).isZero();
      story(Halab.withEngine(labs), witness);
    } finally {
      Said down = call(with(compose, "down", "-v"));
      Set<String> left = witness.removeLeft();
      assertThat(down.exitCode()).as(down.text()).isZero();
      assertThat(left).isEmpty();
    }
  }

  private static List<String> with(List<String> compose, String... words) {
    List<String> command = new ArrayList<>(compose);
    command.addAll(List.of(words));
    return command;
  }

  private void story(Halab halab, Witness witness) throws IOException, InterruptedException {
    Halab.Result up = halab.on(project, "up");
    assertThat(up.exitCode()).as(up.all()).isZero();
    assertThat(up.out()).contains("on already", "healthy").doesNotContain("powered on");
    Halab.Result cut = halab.on(project, "cut", "n2", "--network", "private");
    assertThat(cut.out()).as(cut.all()).contains("n2 is off the private network", "0 of 5 probes");
    assertThat(witness.attachment(project, "n2", "private")).isNull();
    Halab.Result heal = halab.on(project, "heal", "--all");
    assertThat(heal.exitCode()).as(heal.all()).isZero();
    assertThat(witness.attachment(project, "n2", "private").getAliases()).contains("n2");

    String monitor = witness.container(project, "mon");
    Said inside = call(List.of("docker", "exec", monitor, "dmcssm", "-c", "show"));
    assertThat(inside.exitCode()).as(inside.text()).isZero();
    assertThat(inside.text()).contains("GRP_DSC", "Control Node");
    Said power = call(List.of("docker", "exec", monitor, "halab", "poweroff", "n1"));
    assertThat(power.exitCode()).as(power.text()).isEqualTo(NO);
    assertThat(power.text()).contains("changed from outside");
    Halab.Result status = halab.on(project, "status", "--output", "json");
    assertThat(Json.parse(status.out()).text("healthy")).isEqualTo("true");
  }
}
