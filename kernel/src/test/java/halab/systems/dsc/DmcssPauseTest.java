package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.Kill;
import halab.kernel.Effect;
import halab.kernel.Event;
import org.junit.jupiter.api.Test;

/** A control CSS that wakes from a pause longer than the disk check count (reference 3.1, 4.1). */
@RowsOf("dmcss")
class DmcssPauseTest {
  private static CssBench woken() {
    CssBench bench = CssBench.control(2).look();
    bench.nowMs += bench.state.seat.diskCheckMs();
    return bench;
  }

  private static void hasOnlyLooked(CssBench bench) {
    assertThat(bench.effects)
        .noneMatch(e -> e instanceof Effect.WriteBlock || e instanceof Effect.Send);
  }

  @Test
  void durableMarksAreNotActedOnBeforeALook() {
    CssBench bench = woken().trigger(new CssTrigger.Marked(GroupActs.REQUESTS));
    bench.fires(418).comesTo(CssPhase.CONTROL);
    hasOnlyLooked(bench);
  }

  @Test
  void aSettledAddressCountsButNoStepIsTakenOnIt() {
    CssBench bench = woken();
    bench.change(s -> s.db = s.db.with(g -> g.vipOpen = 1));
    bench.event(new Event.AddressSet("enp0s3", "192.168.56.121", true, null)).fires(428);
    assertThat(bench.state.db.vipOpen).isZero();
    hasOnlyLooked(bench);
  }

  @Test
  void whoeverActedUnderAHigherTermEndsItEvenIfHeIsDead() {
    CssBench command = CssBench.control(2);
    command.paper.write(
        VoteLayout.command(Paper.DB, 1),
        Command.newBuilder().setCmd(Cmd.CMD_NONE).setTerm(99).build());
    command.look().fires(400);
    CssBench kill = CssBench.control(2);
    kill.paper.write(VoteLayout.kill(Paper.ASM, 1), Kill.newBuilder().setTerm(99).build());
    kill.look().fires(400);
  }
}
