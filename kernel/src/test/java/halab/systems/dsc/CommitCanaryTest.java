package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Core;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.kernel.Table;
import halab.sim.Seeds;
import halab.sim.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Guards the guards: a dmserver that commits in a wrong way is caught within 200 seeds. */
class CommitCanaryTest {
  /** The real table with something wrong before or after each step. */
  private record Wrong(
      UnaryOperator<EpState> before, UnaryOperator<Event> hears, UnaryOperator<List<Effect>> does)
      implements Core<EpState> {
    @Override
    public Step<EpState> step(EpState state, Event event, Now now) {
      Step<EpState> step = Dmserver.TABLE.step(before.apply(state), hears.apply(event), now);
      return new Step<>(step.state(), does.apply(step.effects()), step.row());
    }

    @Override
    public long wakeAtMs(EpState state) {
      return Dmserver.TABLE.wakeAtMs(state);
    }

    @Override
    public String phase(EpState state) {
      return Dmserver.TABLE.phase(state);
    }

    @Override
    public Table<?, ?> table() {
      return Dmserver.TABLE;
    }
  }

  private static void caught(Core<EpState> wrong, String... promises) {
    Seeds seeds =
        new Seeds(Subject.named("dsc"), Map.of("dmserver", Dmserver.ROLE.withCore(wrong)));
    for (long seed = 1; seed <= 200; seed++) {
      Seeds.Outcome outcome = seeds.run(seed);
      if (!outcome.verdict().passed()) {
        assertThat(outcome.verdict().reason()).containsAnyOf(promises);
        return;
      }
    }
    throw new AssertionError("passed 200 seeds");
  }

  /** Acknowledges what is applied here, whatever the others show. */
  @Test
  void anAcknowledgementThatDoesNotWaitForTheMembersIsCaught() {
    UnaryOperator<EpState> alone =
        s ->
            s.commit(c -> s.peers.keySet().forEach(p -> c.shown = c.shown.plus(p, Long.MAX_VALUE)));
    caught(
        new Wrong(alone, e -> e, f -> f),
        "what is acknowledged is shown by all that serve",
        "a statement sees all that was acknowledged");
  }

  /** Takes the redo of the dead for empty. */
  @Test
  void aLeaderThatDoesNotReadTheDeadOnesRedoIsCaught() {
    UnaryOperator<Event> empty =
        e ->
            e instanceof Event.RedoRead r
                ? new Event.RedoRead(
                    r.request(), r.disk(), r.thread(), List.of(), 1, Long.MAX_VALUE)
                : e;
    caught(
        new Wrong(s -> s, empty, f -> f),
        "all engines apply the same",
        "nothing acknowledged is lost",
        "a statement sees",
        "LSNs of a redo thread rise");
  }

  /** Says that the fence stands and sets none. */
  @Test
  void aLeaderThatDoesNotFenceIsCaught() {
    UnaryOperator<List<Effect>> none =
        f -> {
          List<Effect> done = new ArrayList<>();
          for (Effect effect : f) {
            boolean fence = effect instanceof Effect.Fence;
            Effect.Fence was = fence ? (Effect.Fence) effect : null;
            done.add(fence ? new Effect.Fence(was.request(), was.disk(), was.victim(), 0) : effect);
          }
          return done;
        };
    caught(new Wrong(s -> s, e -> e, none), "recovery only behind a fence");
  }

  /** ADJUST_MASTER_EP: it goes on granting although another one has taken the role back. */
  @Test
  void anOldControlEpThatDoesNotStandStillIsCaught() {
    UnaryOperator<EpState> granting =
        s -> s.phase == EpPhase.SUSPEND ? s.commit(c -> c.frozen = false) : s;
    caught(new Wrong(granting, e -> e, f -> f), "one EP grants places");
  }

  /** Grants whatever is asked. */
  @Test
  void aControlEpThatJudgesNoConflictIsCaught() {
    UnaryOperator<EpState> forgetful =
        s -> s.commit(c -> c.certifier = halab.bricks.Certifier.from(0, 10));
    caught(new Wrong(forgetful, e -> e, f -> f), "no update is lost");
  }
}
