package halab.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import halab.kernel.Core;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.kernel.Table;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class LoopTest {
  private static final Endpoint PEER = new Endpoint("n2", "x");
  private final Mailbox mailbox = new Mailbox(3);
  private final List<String> seen = new ArrayList<>();
  private final ByteArrayOutputStream trouble = new ByteArrayOutputStream();

  /** The state is the time of the next tick; {@code next} moves it or returns null to halt. */
  private int run(BiFunction<Long, Event, Long> next) throws InterruptedException {
    Core<Long> core =
        new Core<>() {
          @Override
          public Step<Long> step(Long state, Event event, Now now) {
            seen.add(event.getClass().getSimpleName());
            Long to = next.apply(state, event);
            List<Effect> out = to == null ? List.of(new Effect.Halt(42, "done")) : List.of();
            return new Step<>(to == null ? state : to, out, 1);
          }

          @Override
          public long wakeAtMs(Long state) {
            return state;
          }

          @Override
          public String phase(Long state) {
            return "ONLY";
          }

          @Override
          public Table<?, ?> table() {
            return null;
          }
        };
    Loop.Performer performer =
        (effects, now) -> effects.isEmpty() ? null : ((Effect.Halt) effects.get(0)).exitCode();
    PrintStream out = new PrintStream(trouble, true, StandardCharsets.UTF_8);
    LabClock clock = new LabClock(System.currentTimeMillis(), 1);
    Loop<Long> loop = new Loop<>(core, Long.MAX_VALUE, mailbox, clock, performer, out);
    return loop.run(new Event.Started(1, 1));
  }

  @Test
  void ticksComeWhenTheStateWantsThemAndHaltEndsTheLoop() throws InterruptedException {
    int exit =
        run((at, e) -> e instanceof Event.Started ? (Long) 20L : at < 60 ? (Long) (at + 20) : null);
    assertThat(exit).isEqualTo(42);
    assertThat(seen).containsExactly("Started", "Tick", "Tick", "Tick");
  }

  @Test
  void aDeadlineThatNoRowConsumesIsOurBug() throws InterruptedException {
    assertThat(run((at, e) -> 0L)).isEqualTo(ExitCode.BUG);
    assertThat(trouble.toString(StandardCharsets.UTF_8))
        .contains("time stands still")
        .contains("last events")
        .contains("Tick[]");
  }

  @Test
  void aMistakeInTheRoleEndsItWithItsLastEvents() throws InterruptedException {
    mailbox.put(new Event.LinkDown(PEER, "gone"));
    int exit =
        run(
            (at, e) -> {
              if (e instanceof Event.LinkDown) {
                throw new IllegalStateException("oops");
              }
              return at;
            });
    assertThat(exit).isEqualTo(ExitCode.BUG);
    assertThat(trouble.toString(StandardCharsets.UTF_8))
        .contains("oops")
        .contains("LinkDown[peer=n2/x, reason=gone]");
  }

  @Test
  void aFullMailboxDropsMessagesAndNeverOutcomes() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      mailbox.offer(new Event.Received(PEER, StringValue.of("m" + i)));
    }
    mailbox.put(new Event.BlockWritten(1, "d", 1));
    mailbox.put(new Event.StopRequested());
    assertThat(mailbox.dropped()).isEqualTo(2);
    run((at, e) -> e instanceof Event.StopRequested ? null : at);
    assertThat(seen)
        .containsExactly(
            "Started", "Received", "Received", "Received", "BlockWritten", "StopRequested");
  }

  @Test
  void aFloodOfMailDoesNotStarveDeadlines() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      mailbox.put(new Event.BlockWritten(i, "d", 1));
    }
    run((at, e) -> e instanceof Event.Tick ? null : (Long) 0L);
    assertThat(seen).hasSizeLessThan(100).endsWith("Tick");
  }

  @Test
  void labTimeRunsFasterByTheScale() {
    LabClock clock = new LabClock(1_000_000, 5);
    assertThat(clock.realMs(1000)).isEqualTo(200);
    long expected = 1_000_000 + (System.currentTimeMillis() - 1_000_000) * 5;
    assertThat(clock.wallMs()).isBetween(expected - 1000, expected + 60_000);
    assertThat(clock.realNsUntil(5_000_000)).isBetween(900_000_000_000L, 1_000_000_000_000L);
  }
}
