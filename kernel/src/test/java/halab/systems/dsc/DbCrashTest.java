package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.VtdStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Crash of an EP of the DB group, second faults included (reference 3.6, 3.7, 4.3). */
@RowsOf("dmcss.DB")
class DbCrashTest {
  private static GroupBench crash(GroupPhase phase) {
    return GroupBench.crash(Paper.DB, 3, 0, phase);
  }

  /** The step after the first commands: EP 0 broken, EP 1 leads and has been given this. */
  private static GroupBench led(GroupPhase phase, Cmd cmd) {
    return crash(phase).ordered(cmd, 1);
  }

  @Test
  void aPlannedStopGoesOnAsACrash() {
    GroupBench bench = crash(GroupPhase.STOP_EP).look();
    bench.fires(500);
    bench.comesTo(GroupPhase.CRASH_STEP1).says().commands();
  }

  @Test
  void anEpLostBeforeAnythingWasOrderedIsHandledAlong() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP1).state(g -> g.ok = List.of(0, 1, 2));
    bench.dies(2).look().fires(510);
    bench.comesTo(GroupPhase.CRASH_STEP1).kills("DB2 up to 11").marks("DB [0, 2]");
    assertThat(bench.state.broken).containsExactly(0, 2);
  }

  @Test
  void whenNoEpIsLeftTheGroupIsClosedAndTheMarksStay() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP1).state(g -> g.ok = List.of(0));
    bench.look().fires(520);
    bench.comesTo(GroupPhase.CLOSED).marks();
    assertThat(bench.state.dcr.getErrEpList()).containsExactly(0);
    assertThat(bench.state.ok).isEmpty();
    assertThat(bench.state.control).isEqualTo(255);
  }

  @Test
  void theLowestSurvivorLeadsWhenTheControlEpIsTheBrokenOne() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP1);
    bench.state(
        g -> {
          g.ok = List.of(0, 1, 2);
          g.control = 0;
        });
    bench.look().fires(530);
    bench.comesTo(GroupPhase.CRASH_WAIT_STEP1);
    bench.says(
        "[DB]: Set EP DSC1[1] as Control node",
        "[DB]: CSS set cmd EP_CRASH_STEP1, dest_ep DSC1 seqno = 1, cmd_seq = 41");
    bench.commands("DB1 EP_CRASH_STEP1 41");
    assertThat(bench.state.ok).containsExactly(1, 2);
  }

  @Test
  void theCommandNamesTheBrokenLifeAndItsHostForFencing() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP1).look();
    bench.fires(530);
    Command command = bench.paper.command(Paper.DB, 1);
    assertThat(command.getEpList()).containsExactly(0);
    assertThat(command.getMemberList()).containsExactly(1, 2);
    assertThat(command.getVictimList())
        .singleElement()
        .satisfies(
            life -> {
              assertThat(life.getSeqno()).isZero();
              assertThat(life.getHost()).isEqualTo("n1");
              assertThat(life.getIncarnation()).isEqualTo(Paper.LIFE);
            });
  }

  @Test
  void aControlEpThatLivesStaysControl() {
    GroupBench bench = GroupBench.crash(Paper.DB, 3, 2, GroupPhase.CRASH_STEP1).look();
    bench.fires(530);
    bench.says("[DB]: CSS set cmd EP_CRASH_STEP1, dest_ep DSC0 seqno = 0, cmd_seq = 41");
  }

  @Test
  void nothingIsOrderedBeforeKillStandsOnTheDisk() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP1);
    bench.paper.damage(VoteLayout.kill(Paper.DB, 0));
    bench.look().fires(540);
    bench.kills("DB0 up to 11").commands();
    bench.look().fires(530);
  }

  @Test
  void nothingIsOrderedWhileOneThatWasCalledFailedBeatsOn() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP1);
    bench.paper.up(Paper.DB, 0);
    bench.look().fires(515);
    bench.commands().kills();
    bench.paper.ends(Paper.DB, 0, VtdStatus.VTD_SYSHALT);
    bench.look().fires(530);
  }

  @Test
  void nothingIsOrderedWhileAsmIsBeingHandled() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP1);
    bench.asm.phase = GroupPhase.ASM_CRASH_WAIT_SUSPEND;
    bench.look().fires(525);
    bench.commands();
    bench.asm.phase = GroupPhase.OPEN;
    bench.look().fires(530);
  }

  @Test
  void nothingIsOrderedWhileTheAsmEpOfTheBrokenNodeIsAboutToBeJudged() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP1);
    bench.paper.dies(Paper.ASM, 0).passes(2);
    bench.look().fires(525);
    bench.asm.ok = List.of(1, 2);
    bench.look().fires(530);
  }

  @Test
  void nothingIsOrderedBeforeTheFaultMarkIsDurable() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP1).state(g -> g.marking = 5);
    bench.look().fires(540);
    bench.commands();
    bench.fire(new GroupTrigger.MarksDurable()).look().fires(530);
  }

  @Test
  void aMarkThatTheLastControlCssDidNotGetWrittenIsWrittenNow() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP1);
    bench.state(g -> g.dcr = DcrGroup.newBuilder(g.dcr).clearErrEp().build());
    bench.look().fires(540);
    bench.marks("DB [0]").commands();
    bench.fire(new GroupTrigger.MarksDurable()).look().fires(530);
  }

  @Test
  void aSecondLossDuringTheHandlingRollsItBack() {
    for (GroupPhase phase :
        List.of(
            GroupPhase.CRASH_WAIT_STEP1, GroupPhase.CRASH_STEP2, GroupPhase.CRASH_WAIT_SLAVE_VIP)) {
      GroupBench bench = crash(phase).dies(2).look();
      bench.fires(545);
      bench.comesTo(GroupPhase.CRASH_ROLLBACK).kills("DB2 up to 11").marks("DB [0, 2]");
      assertThat(bench.state.broken).containsExactly(0, 2);
    }
  }

  @Test
  void stepOneIsOverWhenTheControlEpSaysSo() {
    GroupBench bench = led(GroupPhase.CRASH_WAIT_STEP1, Cmd.CMD_EP_CRASH_STEP1).look();
    bench.fires(900);
    bench.answered(1).look().fires(550);
    bench.comesTo(GroupPhase.CRASH_STEP2);
    bench.says(
        "[DB]: CSS set cmd NONE, dest_ep DSC1 seqno = 1, cmd_seq = 0",
        "[DB]: cmd[EP_CRASH_STEP1] process over!");
    bench.commands("DB1 NONE");
    assertThat(bench.state.lastSeq).as("NONE does not count").isEqualTo(41);
  }

  @Test
  void anAnswerWithAnErrorIsNoSuccess() {
    GroupBench bench = led(GroupPhase.CRASH_WAIT_STEP1, Cmd.CMD_EP_CRASH_STEP1).answered(1);
    bench.paper.beat(Paper.DB, 1, b -> b.setDoneResult(1));
    bench.look().fires(900);
  }

  @Test
  void anAnswerOfAnotherLifeIsNoAnswer() {
    GroupBench bench = led(GroupPhase.CRASH_WAIT_STEP1, Cmd.CMD_EP_CRASH_STEP1).answered(1);
    bench.paper.beat(Paper.DB, 1, b -> b.setIncarnation(Paper.LIFE + 1));
    bench.look().fires(545);
  }

  @Test
  void stepTwoIsOrderedATickLater() {
    GroupBench bench = crash(GroupPhase.CRASH_STEP2).look();
    bench.fires(555);
    bench.comesTo(GroupPhase.CRASH_WAIT_STEP2).commands("DB1 EP_CRASH_STEP2 41");
    assertThat(bench.paper.command(Paper.DB, 1).getVictimCount()).isEqualTo(1);
  }

  @Test
  void whenRecoveryIsOverTheAddressesAreNext() {
    GroupBench bench = led(GroupPhase.CRASH_WAIT_STEP2, Cmd.CMD_EP_CRASH_STEP2).answered(1);
    bench.state(
        g -> {
          g.vipAsked = true;
          g.vipOpen = 1;
        });
    bench.look().fires(560);
    bench.comesTo(GroupPhase.CRASH_SLAVE_VIP);
    bench.says(
        "[DB]: CSS set cmd NONE, dest_ep DSC1 seqno = 1, cmd_seq = 0",
        "[DB]: cmd[EP_CRASH_STEP2] process over!");
    assertThat(bench.state.vipAsked).isFalse();
    assertThat(bench.state.vipOpen).isZero();
  }

  @Test
  void theHandlingEndsInOpenWithNothingBroken() {
    GroupBench bench = led(GroupPhase.CRASH_WAIT_EP_VIP, Cmd.CMD_CONFIG_VIP).answered(1).look();
    bench.fires(590);
    bench.comesTo(GroupPhase.OPEN).commands("DB1 NONE");
    bench.says(
        "[DB]: CSS set cmd NONE, dest_ep DSC1 seqno = 1, cmd_seq = 0",
        "[DB]: cmd[CONFIG VIP] process over!");
    assertThat(bench.state.broken).isEmpty();
    assertThat(bench.state.control).isEqualTo(1);
    assertThat(bench.state.crashOver).isFalse();
    assertThat(bench.state.dcr.getErrEpList()).containsExactly(0);
  }

  @Test
  void crashRollbackGoesToTheSurvivors() {
    GroupBench bench = GroupBench.crash(Paper.DB, 4, 0, GroupPhase.CRASH_ROLLBACK);
    bench.dies(3).state(g -> g.broken = List.of(0, 3)).look().fires(540);
    bench.kills("DB3 up to 11").marks("DB [0, 3]");
    bench.fire(new GroupTrigger.MarksDurable()).look().fires(595);
    bench.comesTo(GroupPhase.CRASH_WAIT_ROLLBACK);
    assertThat(Told.commands(bench.effects)).hasSize(2);
    bench.commands(
        "DB1 " + DscText.cmd(Cmd.CMD_CRASH_ROLLBACK) + " 41",
        "DB2 " + DscText.cmd(Cmd.CMD_CRASH_ROLLBACK) + " 42");
  }

  @Test
  void nobodyLeftInARollbackClosesTheGroup() {
    GroupBench bench = crash(GroupPhase.CRASH_ROLLBACK).state(g -> g.ok = List.of());
    bench.look().fires(520);
    bench.comesTo(GroupPhase.CLOSED);
  }

  @Test
  void oneMoreLossDuringTheRollbackBeginsItAnew() {
    GroupBench bench = crash(GroupPhase.CRASH_WAIT_ROLLBACK).ordered(Cmd.CMD_CRASH_ROLLBACK, 1, 2);
    bench.dies(2).look().fires(596);
    bench.comesTo(GroupPhase.CRASH_ROLLBACK).kills("DB2 up to 11");
    assertThat(bench.state.issued).as("nobody waits for the lost one").containsOnlyKeys(1);
  }

  @Test
  void afterTheRollbackAllBrokenAreHandledTogether() {
    GroupBench bench = crash(GroupPhase.CRASH_WAIT_ROLLBACK).ordered(Cmd.CMD_CRASH_ROLLBACK, 1, 2);
    bench.answered(1).look().fires(900);
    bench.answered(2).look().fires(597);
    bench.comesTo(GroupPhase.CRASH_STEP1).commands("DB1 NONE", "DB2 NONE");
  }
}
