package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.MonRelay;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The flag "crash over" bars a rejoin until it is true (reference 3.6, 3.8; drill 4). */
@RowsOf("dmcss.DB")
class CrashGateTest {
  private static final Endpoint MONITOR = new Endpoint("mon", "dmcssm");

  /** EP 0 has crashed at LSN 50 and asks to be started again; EP 1 is dirty from here on. */
  private static GroupBench asks(long firstModified) {
    GroupBench bench = GroupBench.rejoin(Paper.DB, 2, 0, GroupPhase.OPEN);
    bench.monitors = List.of(MONITOR);
    bench.paper.beat(Paper.DB, 1, b -> b.setCrashLsn(50).setFirstModifiedLsn(firstModified));
    return bench.state(
        g -> {
          g.recover = 255;
          g.crashOver = false;
        });
  }

  private static List<Boolean> relayed(GroupBench bench) {
    return Told.of(Effect.Send.class, bench.effects).stream()
        .map(s -> ((MonRelay) s.message()).getCrashOver())
        .toList();
  }

  @Test
  void whileASurvivorIsDirtyFromBeforeTheCrashNobodyRejoins() {
    GroupBench bench = asks(49).look();
    bench.fires(445);
    assertThat(relayed(bench)).containsExactly(false);
    bench.look().fires(900);
    assertThat(bench.state.crashOver).isFalse();
    assertThat(relayed(bench)).as("said once").isEmpty();
  }

  @Test
  void onceItsCheckpointHasReachedTheCrashTheEpJoinsByItself() {
    GroupBench bench = asks(49).look();
    bench.paper.beat(Paper.DB, 1, b -> b.setFirstModifiedLsn(50));
    bench.look().fires(440);
    assertThat(relayed(bench)).containsExactly(true);
    bench.look().fires(430);
  }

  @Test
  void whoHasNothingDirtyIsNotWaitedFor() {
    asks(0).look().fires(440);
  }
}
