package halab.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import halab.kernel.Core;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.OneLine;
import halab.kernel.Step;
import halab.kernel.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All of it on one thread: whoever holds and steps does so from inspections, as the daemons do. */
class HoldTest {
  private static final Endpoint PEER = new Endpoint("n2", "x");
  private static final long ALWAYS_NS = 60_000_000_000L;
  private static final int CAPACITY = 3;

  private final Mailbox mailbox = new Mailbox(CAPACITY);
  private final LabClock clock = new LabClock(System.currentTimeMillis(), 1);
  private final List<String> seen = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private long firstDeadlineMs = Long.MAX_VALUE;
  private final Loop<Long> loop =
      new Loop<>(new Toy(), 0L, mailbox, clock, HoldTest::perform, System.err);

  /** Its state is its deadline, which a tick sets to never; it ends when it is asked to stop. */
  private final class Toy implements Core<Long> {
    @Override
    public Step<Long> step(Long state, Event event, Now now) {
      seen.add(OneLine.of(event));
      boolean stop = event instanceof Event.StopRequested;
      List<Effect> out = stop ? List.of(new Effect.Halt(42, "done")) : List.of();
      long next = event instanceof Event.Started ? firstDeadlineMs : state;
      return new Step<>(event instanceof Event.Tick ? Long.MAX_VALUE : next, out, 1);
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
  }

  private static Integer perform(List<Effect> effects, Now now) {
    return effects.isEmpty() ? null : ((Effect.Halt) effects.get(0)).exitCode();
  }

  /** Tells what came, and goes on with {@code then}. */
  private Hold.Asker<Long> asker(Runnable then) {
    return new Hold.Asker<>() {
      @Override
      public void stepped(Hold.Stepped<Long> stepped) {
        told.add(OneLine.of(stepped.event()) + " " + stepped.exitCode());
        then.run();
      }

      @Override
      public void nothingCame() {
        told.add("nothing");
        then.run();
      }
    };
  }

  private String ask(long waitNs, Runnable then) {
    return loop.hold().ask(waitNs, () -> true, asker(then));
  }

  private void says(String text) {
    mailbox.offer(new Event.Received(PEER, StringValue.of(text)));
  }

  private static String received(String text) {
    return "Received StringValue{value: \"" + text + "\"} from n2/x";
  }

  /** Begins held, does this, and runs until the role ends. */
  private void heldAtFirst(Runnable then) throws InterruptedException {
    loop.inspect(
        state -> {
          assertThat(loop.hold().hold()).isTrue();
          then.run();
        });
    assertThat(loop.run(new Event.Started(1, 1))).isEqualTo(42);
  }

  private void releaseAndEnd() {
    assertThat(loop.hold().release()).isTrue();
    mailbox.put(new Event.StopRequested());
  }

  @Test
  void stepsLetEventsInOneByOneInOrderAndReleaseLetsInTheRest() throws InterruptedException {
    heldAtFirst(
        () -> {
          List.of("a", "b", "c").forEach(this::says);
          ask(
              ALWAYS_NS,
              () -> {
                assertThat(seen).endsWith(received("a")).hasSize(2);
                assertThat(loop.waiting().events()).isEqualTo(2);
                assertThat(OneLine.of(loop.waiting().next())).isEqualTo(received("b"));
                ask(ALWAYS_NS, this::releaseAndEnd);
              });
        });
    assertThat(told).containsExactly(received("a") + " null", received("b") + " null");
    assertThat(seen).endsWith(received("a"), received("b"), received("c"), "StopRequested[]");
  }

  @Test
  void aHeldRoleIsLookedAtPastAllThatWaits() throws InterruptedException {
    heldAtFirst(
        () -> {
          says("a");
          mailbox.put(
              (Mailbox.Inspection)
                  () -> {
                    assertThat(seen).hasSize(1);
                    releaseAndEnd();
                  });
        });
    assertThat(seen).hasSize(3);
  }

  @Test
  void messagesBeyondThePlacesAreDroppedAndCountedAndOutcomesAreKept() throws InterruptedException {
    heldAtFirst(
        () -> {
          List.of("a", "b", "c", "d", "e").forEach(this::says);
          mailbox.put(new Event.BlockWritten(1, "d", 1));
          assertThat(mailbox.dropped()).isEqualTo(2);
          assertThat(mailbox.full()).isTrue();
          assertThat(loop.waiting().events()).isEqualTo(CAPACITY + 1);
          releaseAndEnd();
        });
    assertThat(seen).hasSize(6).contains(received("c")).doesNotContain(received("d"));
  }

  /** As after a SIGSTOP: a beat that was due a hundred times over is made once. */
  @Test
  void aDeadlineThatPassedLongAgoIsDueOnceAndNotLate() throws InterruptedException {
    firstDeadlineMs = clock.monoMs() - 100_000;
    heldAtFirst(
        () -> {
          assertThat(loop.waiting()).isEqualTo(new Loop.Waiting(1, new Event.Tick(), 0));
          loop.inspect(
              state -> {
                loop.hold().release();
                endOnceTicked();
              });
        });
    assertThat(seen).containsExactly("Started[incarnation=1, pid=1]", "Tick[]", "StopRequested[]");
  }

  private void endOnceTicked() {
    loop.inspect(
        state -> {
          assertThat(loop.lateness().getLateTimers()).isZero();
          if (seen.contains("Tick[]")) {
            mailbox.put(new Event.StopRequested());
          } else {
            endOnceTicked();
          }
        });
  }

  @Test
  void aDueDeadlineIsSteppedLikeAMessage() throws InterruptedException {
    firstDeadlineMs = clock.monoMs() - 100_000;
    heldAtFirst(
        () ->
            ask(
                ALWAYS_NS,
                () -> {
                  assertThat(loop.waiting()).isEqualTo(new Loop.Waiting(0, null, Long.MAX_VALUE));
                  assertThat(loop.lateness().getLateTimers()).isZero();
                  releaseAndEnd();
                }));
    assertThat(told).containsExactly("Tick[] null");
  }

  @Test
  void aStepperIsToldWhenNothingCame() throws InterruptedException {
    heldAtFirst(() -> ask(1_000_000, this::releaseAndEnd));
    assertThat(told).containsExactly("nothing");
  }

  @Test
  void aStepperWhoWentAwayLetsNothingIn() throws InterruptedException {
    heldAtFirst(
        () -> {
          says("a");
          loop.hold().ask(ALWAYS_NS, () -> false, asker(() -> {}));
          loop.inspect(
              state -> {
                assertThat(seen).hasSize(1);
                releaseAndEnd();
              });
        });
    assertThat(told).isEmpty();
  }

  @Test
  void oneStepsAtATimeAndOnlyAHeldRole() throws InterruptedException {
    heldAtFirst(
        () -> {
          assertThat(ask(ALWAYS_NS, () -> {})).isNull();
          assertThat(ask(ALWAYS_NS, () -> {})).contains("somebody else");
          assertThat(loop.hold().hold()).isFalse();
          releaseAndEnd();
          assertThat(ask(ALWAYS_NS, () -> {})).contains("not held");
          assertThat(loop.hold().release()).isFalse();
        });
    assertThat(told).containsExactly("nothing");
  }

  @Test
  void theEventThatEndsTheProcessIsToldToo() throws InterruptedException {
    heldAtFirst(
        () -> {
          mailbox.put(new Event.StopRequested());
          ask(ALWAYS_NS, () -> {});
        });
    assertThat(told).containsExactly("StopRequested[] 42");
  }
}
