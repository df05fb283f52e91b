package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.VtdStatus;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rejoin of an EP: what ASM and DB have in common, and DB's START2 (reference 3.8, 3.9, 4.3). */
@RowsOf({"dmcss.ASM", "dmcss.DB"})
class RejoinTest {
  /** EP 0 returns, EPs 1 and 2 serve, EP 1 is control. */
  private static GroupBench rejoin(int group, GroupPhase phase) {
    return GroupBench.rejoin(group, 3, 0, phase);
  }

  /** The same once EP 0 counts as a member. */
  private static GroupBench joined(int group, GroupPhase phase, Cmd cmd, int... eps) {
    return rejoin(group, phase)
        .state(
            g -> {
              g.ok = List.of(0, 1, 2);
              g.dcr = g.dcr.toBuilder().clearErrEp().build();
            })
        .ordered(cmd, eps);
  }

  private static GroupBench suspended(int group) {
    return rejoin(group, GroupPhase.REJOIN_WAIT_SUSPEND)
        .ordered(Cmd.CMD_SUSPEND_WORKER, 1, 2)
        .answered(1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void allHaltWhenTheReturningEpIsLost(int group) {
    GroupBench bench = joined(group, GroupPhase.REJOIN_DCR_LOAD, Cmd.CMD_DCR_LOAD, 0, 1, 2);
    bench.paper.ends(group, 0, VtdStatus.VTD_SYSHALT);
    bench.look().fires(600);
    bench.comesTo(GroupPhase.HALT);
    bench.kills(bench.type() + "1 up to 11", bench.type() + "2 up to 11");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void allHaltWhenAnyOtherEpIsLost(int group) {
    GroupBench bench = rejoin(group, GroupPhase.REJOIN_WAIT_SUSPEND).dies(2).look();
    bench.fires(600);
    bench.kills(
        bench.type() + "0 up to 12", bench.type() + "1 up to 11", bench.type() + "2 up to 11");
    assertThat(bench.state.doomed).containsOnlyKeys(0, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theFirstStepFallsThroughWithoutAnOrder(int group) {
    GroupBench bench = rejoin(group, GroupPhase.REJOIN_SUSPEND).look();
    bench.fires(610);
    bench.comesTo(GroupPhase.REJOIN_WAIT_SUSPEND).commands();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void startNotifyGoesToTheOneThatReturns(int group) {
    GroupBench bench = rejoin(group, GroupPhase.REJOIN_WAIT_SUSPEND).look();
    bench.fires(620);
    bench.commands(bench.type() + "0 START NOTIFY 41");
    bench.look().fires(900);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void thenEveryOkEpIsSuspendedWithoutANoneInBetween(int group) {
    GroupBench bench = rejoin(group, GroupPhase.REJOIN_WAIT_SUSPEND);
    bench.ordered(Cmd.CMD_START_NOTIFY, 0).answered(0).look().fires(630);
    bench.comesTo(GroupPhase.REJOIN_WAIT_SUSPEND);
    bench.commands(
        bench.type() + "1 SUSPEND EP WORKER THREAD 42",
        bench.type() + "2 SUSPEND EP WORKER THREAD 43");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void withoutAFaultMarkDcrLoadFollowsAtOnce(int group) {
    GroupBench bench =
        suspended(group).state(g -> g.dcr = g.dcr.toBuilder().clearErrEp().build()).look();
    bench.fires(635);
    bench.comesTo(GroupPhase.REJOIN_DCR_LOAD).marks();
    assertThat(Told.says(bench.effects))
        .startsWith("[" + bench.type() + "]: Suspend ep worker thread is over!");
    assertThat(bench.state.ok).containsExactly(0, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void whenAllStandStillTheFaultMarkIsTakenOut(int group) {
    GroupBench bench = suspended(group);
    bench.paper.beat(group, 2, b -> b.setDoneSeq(0));
    bench.look().fires(900);
    bench.answered(2).look().fires(640);
    bench.comesTo(GroupPhase.REJOIN_WAIT_SUSPEND).marks(bench.type() + " []").commands();
    bench.says("[" + bench.type() + "]: Suspend ep worker thread is over!");
    bench.look().fires(900);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void dcrLoadGoesToAllWhenTheMarkIsGoneForGood(int group) {
    GroupBench bench = suspended(group).look();
    bench.fire(new GroupTrigger.MarksDurable()).fires(650);
    bench.comesTo(GroupPhase.REJOIN_DCR_LOAD);
    bench.commands(
        bench.type() + "0 DCR_LOAD 43",
        bench.type() + "1 DCR_LOAD 44",
        bench.type() + "2 DCR_LOAD 45");
    assertThat(bench.state.ok).as("n_ok_ep counts it from here on").containsExactly(0, 1, 2);
    assertThat(bench.state.marking).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void errorEpAddFollowsDcrLoad(int group) {
    GroupBench bench = joined(group, GroupPhase.REJOIN_DCR_LOAD, Cmd.CMD_DCR_LOAD, 0, 1, 2);
    bench.answered(0, 1, 2).look().fires(660);
    bench.comesTo(GroupPhase.REJOIN_ERROR_EP_ADD);
    assertThat(Told.says(bench.effects))
        .startsWith("[" + bench.type() + "]: Error ep add is over!");
    assertThat(Told.commands(bench.effects)).hasSize(3).allMatch(c -> c.contains("ERROR EP ADD"));
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void epRecvGoesToTheControlEpAlone(int group) {
    GroupBench bench = joined(group, GroupPhase.REJOIN_ERROR_EP_ADD, Cmd.CMD_ERROR_EP_ADD, 0, 1, 2);
    bench.answered(0, 1, 2).look().fires(670);
    bench.comesTo(GroupPhase.REJOIN_RECOVER).commands(bench.type() + "1 EP RECV 44");
    assertThat(Told.says(bench.effects))
        .startsWith("[" + bench.type() + "]: Error ep add is over!");
    assertThat(bench.paper.command(group, 1).getEpList()).containsExactly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void recoveredMeansAddressesForDbAndStartForAsm(int group) {
    GroupBench bench = joined(group, GroupPhase.REJOIN_RECOVER, Cmd.CMD_EP_RECV, 1).answered(1);
    bench.look().fires(675);
    assertThat(Told.says(bench.effects)).startsWith("[" + bench.type() + "]: Recover ep is over!");
    bench.comesTo(group == Paper.ASM ? GroupPhase.REJOIN_START : GroupPhase.REJOIN_EP_VIP);
    bench.commands(group == Paper.ASM ? new String[] {"ASM0 EP START 42"} : new String[0]);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void afterEpStartAsmOpensAndDbDoesItsRedo(int group) {
    GroupBench bench = joined(group, GroupPhase.REJOIN_START, Cmd.CMD_EP_START, 0).answered(0);
    bench.look().fires(695);
    bench.comesTo(group == Paper.ASM ? GroupPhase.REJOIN_OPEN : GroupPhase.REJOIN_REDO);
    bench.commands(group == Paper.ASM ? "ASM0 EP OPEN 42" : "DB0 EP START2 42");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theOthersAreResumedWhenItIsOpenInside(int group) {
    GroupBench bench = joined(group, GroupPhase.REJOIN_OPEN, Cmd.CMD_EP_OPEN, 0).answered(0);
    bench.look().fires(697);
    bench.comesTo(GroupPhase.REJOIN_RESUME);
    bench.commands(
        bench.type() + "0 NONE",
        bench.type() + "1 RESUME EP WORKER THREAD 42",
        bench.type() + "2 RESUME EP WORKER THREAD 43");
  }

  // ---- the older rule: ADJUST_MASTER_EP (reference, dialects)

  /** EP 0 is open inside, EP 1 is control node. */
  private static GroupBench opened(int group) {
    return joined(group, GroupPhase.REJOIN_OPEN, Cmd.CMD_EP_OPEN, 0).answered(0);
  }

  private static GroupBench adjusting(int group) {
    return joined(group, GroupPhase.REJOIN_ADJUST, Cmd.CMD_ADJUST_MASTER_EP, 0, 1, 2)
        .state(g -> g.control = 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aLowerSeqnoTakesTheControlRoleBackWhereTheOlderRuleIsOn(int group) {
    GroupBench bench = opened(group);
    bench.adjusts = true;
    bench.look().fires(700);
    bench.comesTo(GroupPhase.REJOIN_ADJUST);
    assertThat(Told.says(bench.effects))
        .startsWith("[" + bench.type() + "]: Set EP " + bench.ep(0) + "[0] as Control node");
    bench.commands(
        bench.type() + "0 ADJUST_MASTER_EP 42",
        bench.type() + "1 ADJUST_MASTER_EP 43",
        bench.type() + "2 ADJUST_MASTER_EP 44");
    assertThat(bench.paper.command(group, 2).getControl()).isZero();
    assertThat(bench.state.control).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aHigherSeqnoTakesNothing(int group) {
    GroupBench bench =
        GroupBench.rejoin(group, 3, 2, GroupPhase.REJOIN_OPEN)
            .state(g -> g.ok = List.of(0, 1, 2))
            .ordered(Cmd.CMD_EP_OPEN, 2)
            .answered(2);
    bench.adjusts = true;
    bench.look().fires(697);
    assertThat(bench.state.control).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theOthersAreResumedWhenAllKnowTheNewControlEp(int group) {
    GroupBench bench = adjusting(group).answered(0, 1).look();
    bench.fires(900);
    bench.answered(2).look().fires(720);
    bench.comesTo(GroupPhase.REJOIN_RESUME);
    bench.commands(
        bench.type() + "0 NONE",
        bench.type() + "1 RESUME EP WORKER THREAD 44",
        bench.type() + "2 RESUME EP WORKER THREAD 45");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theNextControlCssOrdersItAgain(int group) {
    GroupBench bench = adjusting(group).state(g -> g.issued = new TreeMap<>()).look();
    bench.fires(710);
    assertThat(Told.commands(bench.effects)).hasSize(3).allMatch(c -> c.contains("ADJUST_MASTER"));
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void allHaltWhenTheOldControlEpIsLostMeanwhile(int group) {
    adjusting(group).dies(1).look().fires(600).comesTo(GroupPhase.HALT);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void itIsOpenedForUsersWhenTheOthersWorkAgain(int group) {
    GroupBench bench = joined(group, GroupPhase.REJOIN_RESUME, Cmd.CMD_RESUME_WORKER, 1, 2);
    bench.answered(1, 2).look().fires(698);
    bench.comesTo(GroupPhase.REJOIN_REAL_OPEN);
    assertThat(Told.says(bench.effects))
        .startsWith("[" + bench.type() + "]: Resume ep worker thread is over!");
    bench.commands(
        bench.type() + "1 NONE", bench.type() + "2 NONE", bench.type() + "0 EP REAL OPEN 43");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void itIsBackAsANormalNode(int group) {
    GroupBench bench = joined(group, GroupPhase.REJOIN_REAL_OPEN, Cmd.CMD_EP_REAL_OPEN, 0);
    bench.answered(0).look().fires(699);
    bench.comesTo(GroupPhase.OPEN).commands(bench.type() + "0 NONE");
    assertThat(bench.state.recover).isEqualTo(255);
    assertThat(bench.state.control).as("control does not move back").isEqualTo(1);
    assertThat(bench.state.ok).containsExactly(0, 1, 2);
  }
}
