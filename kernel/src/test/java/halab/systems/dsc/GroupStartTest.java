package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the start of the ASM or the DB group begins, and what a loss on the way does (3.11, 4.3). */
@RowsOf({"dmcss.ASM", "dmcss.DB"})
class GroupStartTest {
  private static GroupBench startup(int group, int... asking) {
    GroupBench bench = GroupBench.fresh(group, 2);
    for (int ep : asking) {
      bench.paper.asks(group, ep);
    }
    bench.paper.passes(2);
    return bench;
  }

  /** EP 0 is control node and alone in the group, EP 1 asks to be started. */
  private static GroupBench at(int group, GroupPhase phase) {
    return startup(group, 0, 1)
        .state(
            g -> {
              g.phase = phase;
              g.control = 0;
              g.lives = new TreeMap<>();
              g.lives.put(0, Paper.LIFE);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aClosedGroupStartsWhenAnEpAsks(int group) {
    GroupBench bench = startup(group, 1).state(g -> g.phase = GroupPhase.CLOSED);
    bench.look().fires(100);
    bench.comesTo(GroupPhase.STARTUP).commands();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theLowestOfThoseThatAskBecomesControlEp(int group) {
    GroupBench bench = startup(group, 0, 1).look().look();
    bench.fires(110);
    bench.comesTo(GroupPhase.START_NOTIFY);
    bench.says(
        "[" + bench.type() + "]: Set EP " + bench.ep(0) + "[0] as Control node",
        "[%s]: CSS set cmd START NOTIFY, dest_ep %s seqno = 0, cmd_seq = 1"
            .formatted(bench.type(), bench.ep(0)));
    bench.commands(bench.type() + "0 START NOTIFY 1");
    assertThat(bench.state.control).isZero();
    assertThat(bench.state.lives).containsOnlyKeys(0);
  }

  /** A start that another control CSS began with EP 1 in control. */
  private static GroupBench begun(int group) {
    return startup(group, 0, 1)
        .state(
            g -> {
              g.control = 1;
              g.lives = new TreeMap<>();
              g.lives.put(1, Paper.LIFE);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aStartThatAnotherControlCssBeganKeepsItsControlEp(int group) {
    GroupBench bench = begun(group);
    bench.look().look().fires(110);
    bench.commands(bench.type() + "1 START NOTIFY 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aStartThatAnotherControlCssBeganWaitsForTheCssOfItsControlEp(int group) {
    GroupBench bench = begun(group);
    bench.paper.dies(Paper.CSS, 1).diskCheck(Paper.CSS);
    bench.look().look().fires(120);
    bench.comesTo(GroupPhase.STARTUP).commands();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aLossInAStartThatAnotherControlCssBeganHaltsAll(int group) {
    GroupBench bench = begun(group);
    bench.paper.dies(group, 1).diskCheck(group);
    bench.look().fires(105);
    bench.comesTo(GroupPhase.HALT);
    assertThat(Told.kills(bench.effects)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aMarkedEpThatIsUpIsTakenAlongAndItsMarkTakenOut(int group) {
    GroupBench bench =
        startup(group, 0, 1)
            .state(
                g -> {
                  g.dcr = g.dcr.toBuilder().addErrEp(0).build();
                  g.ok = List.of(1);
                });
    bench.look().look().fires(110);
    assertThat(bench.state.control).as("an OK EP before a marked one").isEqualTo(1);
    assertThat(bench.state.ok).containsExactly(0, 1);
    bench.marks(bench.type() + " []");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void amongMarkedEpsOnlyTheLowestLeads(int group) {
    GroupBench bench =
        startup(group, 0, 1)
            .state(
                g -> {
                  g.dcr = g.dcr.toBuilder().addErrEp(0).addErrEp(1).build();
                  g.ok = List.of();
                });
    bench.look().look().fires(110);
    assertThat(bench.state.control).isZero();
    assertThat(bench.state.ok).containsExactly(0, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theChoiceWaitsOneLookSoThatThoseStartedTogetherAreSeen(int group) {
    GroupBench bench = startup(group, 1).look();
    bench.fires(120);
    bench.comesTo(GroupPhase.STARTUP).commands();
    assertThat(bench.state.candidateLook).isEqualTo(bench.paper.look);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theStartGoesByTheMarksOnTheDiskAndNotByThoseThatWereWrittenOnce(int group) {
    GroupBench bench = allMarked(startup(group, 1));
    bench.onDcr = bench.state.dcr.toBuilder().clearErrEp().build();
    bench.look().fires(120);
    assertThat(Told.asksMarks(bench.effects)).isTrue();
    bench.fire(new GroupTrigger.MarksSeen(bench.onDcr)).fires(885);
    assertThat(bench.state.ok).containsExactly(0, 1);
    bench.look().fires(110);
    assertThat(bench.state.ok).as("EP 0 is waited for").containsExactly(0, 1);
    assertThat(bench.state.control).isEqualTo(1);
  }

  private static GroupBench allMarked(GroupBench bench) {
    return bench.state(
        g -> {
          g.dcr = g.dcr.toBuilder().addErrEp(0).addErrEp(1).setGeneration(4).build();
          g.ok = List.of();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void noChoiceIsMadeBeforeTheMarksAreKnown(int group) {
    GroupBench bench = startup(group, 0, 1).look();
    bench.effects.clear();
    bench.look().fires(120);
    assertThat(Told.asksMarks(bench.effects)).as("asked again").isTrue();
    bench.look().fires(110);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void marksOlderThanThoseThatWereWrittenComeFromADiskThatLies(int group) {
    GroupBench bench = allMarked(startup(group, 1)).look();
    bench.fire(new GroupTrigger.MarksSeen(bench.state.dcr.toBuilder().clear().build())).fires(885);
    assertThat(bench.state.dcr.getErrEpList()).containsExactly(0, 1);
    bench.look().fires(110);
    assertThat(bench.state.ok).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void marksAreTakenOverBeforeAStartAndNotWhileOnesOwnAreUnderWay(int group) {
    GroupBench open = GroupBench.open(group, 2);
    open.fire(new GroupTrigger.MarksSeen(open.state.dcr)).fires(930);
    GroupBench marking = startup(group, 1).state(g -> g.marking = 7).look();
    marking.fire(new GroupTrigger.MarksSeen(marking.state.dcr)).fires(930);
    assertThat(marking.state.marksKnown).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void nobodyIsStartedWhileNobodyAsks(int group) {
    GroupBench bench = startup(group).look();
    bench.fires(130);
    bench.comesTo(GroupPhase.STARTUP).says();
  }

  @Test
  void theDbGroupWaitsForTheAsmGroup() {
    GroupBench bench = startup(Paper.DB, 0, 1);
    bench.asm = bench.asm.with(g -> g.phase = GroupPhase.START_OPEN);
    bench.look().fires(130);
    bench.look().fires(130);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void anEpWithoutItsCssIsNotStarted(int group) {
    GroupBench bench = startup(group, 1);
    bench.paper.dies(Paper.CSS, 1).diskCheck(Paper.CSS);
    bench.look().fires(130);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void allHaltWhenTheControlEpIsLostDuringTheStart(int group) {
    GroupBench bench = at(group, GroupPhase.START_NORMAL).dies(0).look();
    bench.fires(140);
    bench.comesTo(GroupPhase.HALT);
    bench.kills(bench.type() + "0 up to 11", bench.type() + "1 up to 11");
    bench.marks();
    assertThat(bench.state.issued).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void anEpThatIsNotYetAMemberMayGoAgainDuringTheStart(int group) {
    GroupBench bench = at(group, GroupPhase.START_NORMAL).dies(1).look();
    bench.fires(900);
    bench.comesTo(GroupPhase.START_NORMAL);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theNextStepComesOnlyWhenStartNotifyIsAnswered(int group) {
    GroupBench bench = at(group, GroupPhase.START_NOTIFY).ordered(Cmd.CMD_START_NOTIFY, 0).look();
    bench.fires(900);
    bench.answered(0).look().fires(150);
    bench.commands(
        group == Paper.ASM
            ? new String[] {"ASM0 EP START 2"}
            : new String[] {"DB0 DCR_LOAD 2", "DB1 DCR_LOAD 3"});
    bench.comesTo(group == Paper.ASM ? GroupPhase.START_CONTROL : GroupPhase.START_LOAD);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theNormalEpsFollowTheControlEp(int group) {
    GroupBench bench = at(group, GroupPhase.START_CONTROL).ordered(Cmd.CMD_EP_START, 0);
    bench.answered(0).look().fires(170);
    bench.comesTo(GroupPhase.START_NORMAL);
    assertThat(bench.state.issued).isEmpty();
    bench.commands(group == Paper.ASM ? new String[0] : new String[] {"DB0 NONE"});
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void epStartGoesToEachNormalEpOnceAllAreThere(int group) {
    GroupBench bench = at(group, GroupPhase.START_NORMAL).look();
    bench.fires(200);
    bench.commands(bench.type() + "1 EP START 1");
    assertThat(bench.state.lives).containsOnlyKeys(0, 1);
    bench.look().fires(900);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aMissingOkEpIsWaitedForWithoutEnd(int group) {
    GroupBench bench = at(group, GroupPhase.START_NORMAL);
    bench.paper.dies(group, 1).passes(300);
    bench.look().fires(900);
    bench.comesTo(GroupPhase.START_NORMAL).marks();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void whenTheNormalEpsHaveStartedTheNextOrderGoesOut(int group) {
    GroupBench bench =
        at(group, GroupPhase.START_NORMAL)
            .state(g -> g.lives.put(1, Paper.LIFE))
            .ordered(Cmd.CMD_EP_START, 1)
            .answered(1);
    bench.look().fires(210);
    bench.comesTo(group == Paper.ASM ? GroupPhase.START_OPEN : GroupPhase.START2_CONTROL);
    bench.commands(
        group == Paper.ASM
            ? new String[] {"ASM0 EP OPEN 2", "ASM1 EP OPEN 3"}
            : new String[] {"DB1 NONE", "DB0 EP START2 2"});
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aControlEpThatIsAloneNeedsNobodyElse(int group) {
    GroupBench bench = at(group, GroupPhase.START_NORMAL).state(g -> g.ok = List.of(0));
    bench.look().fires(210);
    bench.commands(bench.type() + (group == Paper.ASM ? "0 EP OPEN 1" : "0 EP START2 1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void epRealOpenFollowsWhenAllHaveAnsweredEpOpen(int group) {
    GroupBench bench =
        at(group, GroupPhase.START_OPEN)
            .state(g -> g.lives.put(1, Paper.LIFE))
            .ordered(Cmd.CMD_EP_OPEN, 0, 1);
    bench.look().fires(900);
    bench.answered(0, 1).look().fires(240);
    bench.comesTo(GroupPhase.START_REAL_OPEN);
    assertThat(Told.commands(bench.effects))
        .contains(bench.type() + "0 EP REAL OPEN 3", bench.type() + "1 EP REAL OPEN 4");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theGroupIsOpenWhenAllHaveAnsweredEpRealOpen(int group) {
    GroupBench bench =
        at(group, GroupPhase.START_REAL_OPEN)
            .state(g -> g.lives.put(1, Paper.LIFE))
            .ordered(Cmd.CMD_EP_REAL_OPEN, 0, 1)
            .answered(0, 1);
    bench.look().fires(250);
    bench.comesTo(GroupPhase.OPEN);
    assertThat(Told.commands(bench.effects))
        .startsWith(bench.type() + "0 NONE", bench.type() + "1 NONE");
    assertThat(bench.state.crashOver).as("FALSE for a tick or two").isFalse();
  }
}
