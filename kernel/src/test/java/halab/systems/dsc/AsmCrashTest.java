package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.VtdStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Crash of a server of the ASM group, and what begins while it is at rest (reference 3.9). */
@RowsOf("dmcss.ASM")
class AsmCrashTest {
  private static GroupBench crash(GroupPhase phase) {
    GroupBench bench = GroupBench.crash(Paper.ASM, 3, 0, phase);
    bench.paper.allUp(Paper.DB);
    return bench;
  }

  @Test
  void aSilentServerIsKilledAndMarkedFirst() {
    GroupBench bench = GroupBench.open(Paper.ASM, 2).dies(0).look();
    bench.fires(420);
    bench.comesTo(GroupPhase.ASM_CRASH_SUSPEND);
    bench.says(
        "[ASM]: Detected EP ASM0[0] break in PROCESS_OPEN", "[ASM]: Set EP ASM0[0] as break EP");
    bench.kills("ASM0 up to 11").marks("ASM [0]").commands();
  }

  @Test
  void aServerThatStoppedWhileOthersLiveIsHandledAtOnce() {
    GroupBench bench = GroupBench.open(Paper.ASM, 2);
    bench.paper.ends(Paper.ASM, 1, VtdStatus.VTD_STOP);
    bench.look().fires(420);
  }

  @Test
  void aServerInErrorThatAsksIsRejoined() {
    GroupBench bench = GroupBench.rejoin(Paper.ASM, 2, 0, GroupPhase.OPEN);
    bench.state(g -> g.recover = 255).look().fires(430);
    bench.comesTo(GroupPhase.REJOIN_SUSPEND).says("[ASM]: Set EP ASM0[0] as recover EP");
  }

  @Test
  void noRejoinBeforeTheLastHandlingIsOver() {
    GroupBench bench = GroupBench.rejoin(Paper.ASM, 2, 0, GroupPhase.OPEN);
    bench.state(
        g -> {
          g.recover = 255;
          g.crashOver = false;
        });
    bench.look().fires(440);
    bench.look().fires(430);
  }

  @Test
  void aServerLostBeforeAnythingWasOrderedIsHandledAlong() {
    GroupBench bench = crash(GroupPhase.ASM_CRASH_SUSPEND).dies(2).look();
    bench.fires(510);
    bench.kills("ASM2 up to 11").marks("ASM [0, 2]");
  }

  @Test
  void whenNoServerIsLeftTheGroupIsClosedAndTheMarksStay() {
    GroupBench bench = crash(GroupPhase.ASM_CRASH_SUSPEND).state(g -> g.ok = List.of(0));
    bench.look().fires(520);
    bench.comesTo(GroupPhase.CLOSED).marks();
    assertThat(bench.state.dcr.getErrEpList()).containsExactly(0);
  }

  @Test
  void everySurvivorIsSuspended() {
    GroupBench bench = crash(GroupPhase.ASM_CRASH_SUSPEND).state(g -> g.ok = List.of(0, 1, 2));
    bench.look().fires(530);
    bench.comesTo(GroupPhase.ASM_CRASH_WAIT_SUSPEND);
    bench.commands("ASM1 SUSPEND EP WORKER THREAD 41", "ASM2 SUSPEND EP WORKER THREAD 42");
    assertThat(bench.state.ok).containsExactly(1, 2);
  }

  @Test
  void nothingIsOrderedBeforeKillAndMarkAreDurable() {
    GroupBench bench = crash(GroupPhase.ASM_CRASH_SUSPEND).state(g -> g.marking = 5);
    bench.paper.damage(VoteLayout.kill(Paper.ASM, 0));
    bench.look().fires(540);
    bench.kills("ASM0 up to 11").commands();
    bench.fire(new GroupTrigger.MarksDurable()).look().fires(530);
  }

  @Test
  void aMarkThatTheLastControlCssDidNotGetWrittenIsWrittenNow() {
    GroupBench bench = crash(GroupPhase.ASM_CRASH_SUSPEND);
    bench.state(g -> g.dcr = g.dcr.toBuilder().clearErrEp().build()).look().fires(540);
    bench.marks("ASM [0]").commands();
  }

  @Test
  void aSecondLossIsHandledTogetherWithTheFirst() {
    GroupBench bench = crash(GroupPhase.ASM_CRASH_RECV).ordered(Cmd.CMD_EP_CRASH, 1);
    bench.dies(2).look().fires(545);
    bench.comesTo(GroupPhase.ASM_CRASH_SUSPEND).kills("ASM2 up to 11").marks("ASM [0, 2]");
    assertThat(bench.state.broken).containsExactly(0, 2);
  }

  @Test
  void whenAllStandStillTheNodesDmserverIsHaltedAndTheControlEpRecovers() {
    GroupBench bench = crash(GroupPhase.ASM_CRASH_WAIT_SUSPEND);
    bench.state(g -> g.control = 0).ordered(Cmd.CMD_SUSPEND_WORKER, 1, 2).answered(1, 2);
    bench.look().fires(550);
    bench.comesTo(GroupPhase.ASM_CRASH_RECV).kills("DB0 up to 11");
    bench.says(
        "[ASM]: Suspend ep worker thread is over!",
        "[ASM]: Set EP ASM1[1] as Control node",
        "[ASM]: CSS set cmd EP_CRASH, dest_ep ASM1 seqno = 1, cmd_seq = 43");
    assertThat(bench.paper.command(Paper.ASM, 1).getVictim(0).getIncarnation())
        .isEqualTo(Paper.LIFE);
  }

  @Test
  void recoveredServersAreResumed() {
    GroupBench bench = crash(GroupPhase.ASM_CRASH_RECV).ordered(Cmd.CMD_EP_CRASH, 1).answered(1);
    bench.look().fires(560);
    bench.comesTo(GroupPhase.ASM_CRASH_RESUME);
    bench.commands(
        "ASM1 NONE", "ASM1 RESUME EP WORKER THREAD 42", "ASM2 RESUME EP WORKER THREAD 43");
    assertThat(Told.says(bench.effects)).contains("[ASM]: cmd[EP_CRASH] process over!");
  }

  @Test
  void theCrashIsHandledWhenAllWorkAgain() {
    GroupBench bench = crash(GroupPhase.ASM_CRASH_RESUME).ordered(Cmd.CMD_RESUME_WORKER, 1, 2);
    bench.answered(1, 2).look().fires(570);
    bench.comesTo(GroupPhase.OPEN).commands("ASM1 NONE", "ASM2 NONE");
    assertThat(Told.says(bench.effects)).startsWith("[ASM]: Resume ep worker thread is over!");
    assertThat(bench.state.broken).isEmpty();
  }
}
