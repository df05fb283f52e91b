package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.MalThaw;
import halab.kernel.Effect;
import halab.kernel.Event;
import org.junit.jupiter.api.Test;

/** What a survivor shows for the flag "crash over", and how it gets there (reference 3.6). */
class CrashShownTest {

  private static Heartbeat beat(EpBench bench) {
    bench.area();
    return Told.beats(bench.effects).get(0);
  }

  /** EP 2 is left out at LSN 40; the engine here holds everything up to 30 for good. */
  private static EpBench thawed() {
    EpBench bench = EpBench.member(EpPhase.CRASH_RECV);
    bench.change(s -> s.commits = s.commits.with(c -> c.durable = 30));
    MalThaw thaw =
        MalThaw.newBuilder()
            .setCmdSeq(44)
            .setEpoch(44)
            .setControl(1)
            .addMember(0)
            .addMember(1)
            .setSettledLsn(40)
            .build();
    return bench.from(1, thaw);
  }

  @Test
  void aSurvivorShowsWhatItDoesNotHoldForGood() {
    EpBench bench = thawed();
    assertThat(bench.state.members).as("as the leader told").containsExactly(0, 1);
    assertThat(beat(bench).getCrashLsn()).isEqualTo(40);
    assertThat(beat(bench).getFirstModifiedLsn()).isEqualTo(31);
  }

  @Test
  void afterACrashTheCheckpointDoesNotWaitForTheInterval() {
    EpBench bench = thawed();
    assertThat(bench.state.commits.checkpointAtMs).isEqualTo(bench.nowMs);
    bench.area();
    bench.event(new Event.Tick());
    long request = Told.of(Effect.Checkpoint.class, bench.effects).get(0).request();
    bench.event(new Event.Checkpointed(request, 40));
    assertThat(beat(bench).getFirstModifiedLsn()).isZero();
    assertThat(bench.state.commits.checkpointAtMs).isGreaterThan(bench.nowMs + 100_000);
  }

  @Test
  void onceTheDeadOneIsBackItsCrashIsForgotten() {
    EpBench bench = thawed().change(s -> s.phase = EpPhase.SUSPEND);
    bench.ordered(Cmd.CMD_RESUME_WORKER, 50);
    assertThat(beat(bench).getCrashLsn()).isZero();
  }
}
