package halab.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import halab.admin.proto.HoldReply;
import halab.admin.proto.StepReply;
import halab.runtime.Await;
import halab.runtime.admin.AdminClient;
import halab.runtime.toy.Toy;
import halab.runtime.toy.ToyLab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real daemon, held and stepped through its admin service. */
class HeldProcessTest {
  private static final String MEMBER = Toy.ROLE;
  private static final long WAIT_MS = 2_000;

  @TempDir Path dir;
  private ToyLab toy;
  private Process daemon;

  @BeforeEach
  void startOne() throws IOException {
    toy = new ToyLab(dir);
    toy.start("store", "diskd");
    daemon = toy.start("n1", MEMBER);
    Await.until("n1 beats", () -> beats() > 2);
  }

  @AfterEach
  void endAll() {
    toy.close();
  }

  private long beats() {
    String beats = toy.fact("n1", "beats");
    return beats == null ? -1 : Long.parseLong(beats);
  }

  private static StepReply stepUntil(AdminClient client, Predicate<StepReply> wanted) {
    return Await.value(
        "the step that is wanted",
        () -> {
          StepReply reply = client.step(WAIT_MS);
          assertThat(reply.getFailure()).isEmpty();
          return wanted.test(reply) ? reply : null;
        });
  }

  private static long waiting(AdminClient client) {
    return client.status().getCounterList().stream()
        .filter(c -> c.getName().equals("mailbox.waiting"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  @Test
  void itBeatsOncePerSteppedTickAndRunsOnAfterRelease() {
    try (AdminClient client = toy.client("n1", MEMBER)) {
      assertThat(client.step(0).getFailure()).contains("not held");
      HoldReply held = client.hold(true);
      assertThat(held.getChanged()).isTrue();
      assertThat(client.status().getHeld()).isTrue();
      long before = beats();
      Await.until("something waits", () -> waiting(client) > 0);
      assertThat(beats()).isEqualTo(before);
      StepReply tick = stepUntil(client, r -> r.getLineList().contains("event  Tick[]"));
      assertThat(tick.getLineList())
          .contains("row    toy row 10 (UP, stay) on Tick: a toy has one row")
          .contains("shows  beats: " + before + " -> " + (before + 1))
          .anyMatch(line -> line.contains("WriteBlock"));
      assertThat(tick.getRow(0).getRow()).isEqualTo(10);
      assertThat(beats()).isEqualTo(before + 1);
      assertThat(client.hold(false).getChanged()).isTrue();
      Await.until("it beats again", () -> beats() > before + 2);
      assertThat(client.status().getHeld()).isFalse();
    }
  }

  @Test
  void theStepThatEndsItSaysSo() throws InterruptedException {
    try (AdminClient client = toy.client("n1", MEMBER)) {
      client.hold(true);
      daemon.destroy();
      StepReply last = stepUntil(client, StepReply::getEnded);
      assertThat(last.getExitCode()).isZero();
      assertThat(last.getLineList()).anyMatch(line -> line.contains("asked to stop"));
      assertThat(daemon.waitFor()).isZero();
    }
  }

  @Test
  void aServiceWithoutARoleHasNothingToStep() {
    try (AdminClient client = toy.client("store", "diskd")) {
      assertThat(client.hold(true).getFailure()).contains("plays no role");
      assertThat(client.step(0).getFailure()).contains("plays no role");
    }
  }
}
