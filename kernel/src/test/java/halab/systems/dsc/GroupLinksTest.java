package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.LinkIp;
import halab.dsc.proto.VtdStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LINK_CHECK as the control CSS handles it (reference 4.4, 4.5, drills 16 to 19). */
@RowsOf({"dmcss.ASM", "dmcss.DB"})
class GroupLinksTest {
  /** The EP shows that it does not reach these, and has done so for a while. */
  private static GroupBench down(GroupBench bench, int ep, Integer... peers) {
    bench
        .reportStands()
        .paper
        .beat(bench.group, ep, b -> b.clearMalDown().addAllMalDown(List.of(peers)));
    return bench;
  }

  /** All have answered LINK_CHECK, nobody knows of a broken link yet. */
  private static GroupBench answered(int group, int nodes) {
    GroupBench bench = GroupBench.open(group, nodes).state(g -> g.phase = GroupPhase.LINK_CHECK);
    for (int ep = 0; ep < nodes; ep++) {
      bench.ordered(Cmd.CMD_LINK_CHECK, ep);
    }
    for (int ep = 0; ep < nodes; ep++) {
      bench.answered(ep);
    }
    return bench;
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aReportedLinkMakesAllEpsTest(int group) {
    GroupBench bench = down(GroupBench.open(group, 2), 0, 1).look();
    bench.fires(425);
    bench.comesTo(GroupPhase.LINK_CHECK).kills();
    bench.commands(bench.type() + "0 LINK_CHECK 41", bench.type() + "1 LINK_CHECK 42");
    bench.says(
        "[%s]: CSS set cmd LINK_CHECK, dest_ep %s seqno = 0, cmd_seq = 41"
            .formatted(bench.type(), bench.ep(0)),
        "[%s]: CSS set cmd LINK_CHECK, dest_ep %s seqno = 1, cmd_seq = 42"
            .formatted(bench.type(), bench.ep(1)));
    bench.look().fires(900);
  }

  @Test
  void aReportOfDbHasAsmTestedFirst() {
    GroupBench bench = GroupBench.open(Paper.ASM, 2);
    bench.db.reportSince = bench.paper.look;
    bench.db.reportLook = bench.paper.look;
    bench.look().fires(900);
    bench.db.reportLook = bench.paper.look + 2;
    bench.look().fires(900);
    bench.look().fires(425);
    assertThat(bench.state.testedFor).isEqualTo(bench.db.reportSince);
    bench.commands("ASM0 LINK_CHECK 41", "ASM1 LINK_CHECK 42");
  }

  @Test
  void dbDecidesWhenAsmHasAndWithoutTheNodesThatAsmDoesWithout() {
    GroupBench bench = down(GroupBench.open(Paper.DB, 4), 0, 2);
    bench.state(g -> g.ok = List.of(0, 2, 3)).look().fires(425);
    bench.asm.testedFor = 0;
    bench.paper.beat(Paper.DB, 0, b -> b.addMalDown(3));
    bench.answered(0, 2, 3).look().fires(900);
    bench.asm.testedFor = bench.state.reportSince;
    bench.asm.phase = GroupPhase.LINK_CHECK;
    bench.look().fires(900);
    bench.asm.doomed = new TreeMap<>(Map.of(2, Paper.LIFE, 3, Paper.LIFE));
    bench.look().fires(456);
    assertThat(bench.state.doomed.keySet()).containsExactly(2, 3);
  }

  @Test
  void dbDecidesByItselfWhenNothingIsReportedAnyMore() {
    GroupBench bench = down(GroupBench.open(Paper.DB, 2), 0, 1).look();
    bench.asm.testedFor = 0;
    bench.paper.beat(Paper.DB, 0, b -> b.clearMalDown());
    bench.answered(0, 1).look().look().look().look();
    bench.comesTo(GroupPhase.LINK_CHECK);
    bench.look().fires(460);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aLinkToOneThatMissedABeatIsLeftToTheDiskCheck(int group) {
    GroupBench bench = down(GroupBench.open(group, 2), 0, 1);
    bench.paper.dies(group, 1);
    bench.look().fires(900);
    bench.paper.up(group, 1);
    bench.look().fires(425);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aReportHasToStandForThreeLooksSoThatWhoWokeCanAnswer(int group) {
    GroupBench bench = GroupBench.open(group, 2);
    bench.paper.beat(group, 0, b -> b.addMalDown(1));
    bench.look().fires(900);
    bench.look().fires(900);
    bench.look().fires(900);
    bench.paper.beat(group, 0, b -> b.clearMalDown());
    bench.look().fires(900);
    bench.paper.beat(group, 0, b -> b.addMalDown(1));
    bench.look().fires(425);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aReportThatWasGoneForFiveLooksBeginsAnew(int group) {
    GroupBench bench = down(GroupBench.open(group, 2), 0, 1);
    bench.paper.beat(group, 0, b -> b.clearMalDown());
    for (int look = 0; look < 5; look++) {
      bench.look().fires(900);
    }
    bench.paper.beat(group, 0, b -> b.addMalDown(1));
    bench.look().fires(900);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aLinkToOneUnderAKillIsNoMatterAnyMore(int group) {
    GroupBench bench = down(GroupBench.open(group, 2), 0, 1);
    bench.paper.write(
        VoteLayout.kill(group, 1),
        halab.dsc.proto.Kill.newBuilder().setIncarnation(Paper.LIFE).build());
    bench.look().fires(900);
  }

  @Test
  void dbWaitsWhileAsmIsAtIt() {
    GroupBench bench = down(GroupBench.open(Paper.DB, 2), 0, 1);
    bench.asm = bench.asm.with(g -> g.phase = GroupPhase.LINK_CHECK);
    bench.look().fires(900);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void ofTwoTheHigherOneGetsKillAndItsEndIsHandledAsACrash(int group) {
    GroupBench bench = down(down(answered(group, 2), 0, 1), 1, 0).look();
    bench.fires(456);
    bench.kills(bench.type() + "1 up to 11");
    assertThat(Told.says(bench.effects))
        .contains(
            "The [1]th subnet of network connectivity of [%s]:[0] ERROR".formatted(bench.ep(0)),
            "The [1]th subnet of network connectivity of [%s]:[1] ERROR".formatted(bench.ep(1)),
            "[%s]: cmd[LINK_CHECK] process over!".formatted(bench.type()));
    bench.look().fires(464);
    bench.paper.ends(group, 1, VtdStatus.VTD_SYSHALT);
    bench.look().fires(452);
    bench.comesTo(group == Paper.ASM ? GroupPhase.ASM_CRASH_SUSPEND : GroupPhase.CRASH_STEP1);
    assertThat(bench.state.broken).containsExactly(1);
    assertThat(bench.state.doomed).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void whoAloneDoesNotReachTheLinkCheckIpGoesWhateverItsNumber(int group) {
    GroupBench bench = down(answered(group, 2), 1, 0);
    bench.paper.beat(group, 0, b -> b.setLinkIp(LinkIp.LINK_IP_SILENT));
    bench.paper.beat(group, 1, b -> b.setLinkIp(LinkIp.LINK_IP_REACHED));
    bench.look().fires(456);
    bench.kills(bench.type() + "0 up to 11");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void nobodyGoesOnBeforeAllLosersHaveEnded(int group) {
    GroupBench bench = down(down(answered(group, 4), 0, 1, 2), 3, 1, 2).look();
    bench.fires(456);
    bench.kills(bench.type() + "1 up to 11", bench.type() + "2 up to 11");
    bench.paper.ends(group, 1, VtdStatus.VTD_SYSHALT);
    bench.look().fires(464);
    bench.paper.dies(group, 2).diskCheck(group);
    bench.look().fires(452);
    assertThat(bench.state.broken).containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void whenAllLinksAnswerAgainNobodyGoes(int group) {
    GroupBench bench = answered(group, 3).look();
    bench.fires(460);
    bench.comesTo(GroupPhase.OPEN).kills();
    bench.commands(bench.type() + "0 NONE", bench.type() + "1 NONE", bench.type() + "2 NONE");
    assertThat(bench.state.crashOver).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void anEpThatIsLostMeanwhileIsACrash(int group) {
    GroupBench bench = down(answered(group, 3), 0, 1).dies(2).look();
    bench.fires(452);
    assertThat(bench.state.broken).containsExactly(2);
  }

  // ---- in the middle of something ---------------------------------------------------------------

  @Test
  void aBrokenLinkBetweenSurvivorsOfACrashIsCheckedAtOnce() {
    GroupBench bench = GroupBench.crash(Paper.DB, 3, 0, GroupPhase.CRASH_WAIT_STEP1);
    down(bench.ordered(Cmd.CMD_EP_CRASH_STEP1, 1), 1, 2).look().fires(547);
    bench.comesTo(GroupPhase.LINK_CHECK).commands("DB1 LINK_CHECK 42", "DB2 LINK_CHECK 43");
    bench.answered(1, 2).look().fires(456);
    bench.kills("DB2 up to 11");
    bench.paper.ends(Paper.DB, 2, VtdStatus.VTD_SYSHALT);
    bench.look().fires(466);
    bench.comesTo(GroupPhase.CRASH_ROLLBACK);
    assertThat(bench.state.broken).containsExactly(0, 2);
  }

  @Test
  void theHandlingBeginsAnewWhenTheLinksAreFine() {
    GroupBench bench = GroupBench.crash(Paper.DB, 3, 0, GroupPhase.LINK_CHECK);
    bench.ordered(Cmd.CMD_LINK_CHECK, 1, 2).answered(1, 2).look().fires(468);
    bench.comesTo(GroupPhase.CRASH_ROLLBACK);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void whoDoesNotReachAllOkEpsIsNotLetInAgain(int group) {
    GroupBench bench = GroupBench.rejoin(group, 3, 0, GroupPhase.OPEN);
    bench.state(g -> g.recover = DscText.NONE);
    down(bench, 0, 2).look().fires(900);
    down(bench, 0).look().fires(430);
  }

  private static GroupBench rejoining(int group, GroupPhase phase) {
    return GroupBench.rejoin(group, 3, 0, phase);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aBrokenLinkInARejoinIsCheckedToo(int group) {
    GroupBench bench = down(rejoining(group, GroupPhase.REJOIN_WAIT_SUSPEND), 1, 2).look();
    bench.fires(605);
    bench.comesTo(GroupPhase.LINK_CHECK);
    bench.answered(1, 2).look().fires(456);
    bench.paper.ends(group, 2, VtdStatus.VTD_SYSHALT);
    bench.look().fires(450);
    bench.comesTo(GroupPhase.HALT);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theRejoinBeginsAnewWhenTheLinksAreFine(int group) {
    GroupBench bench = rejoining(group, GroupPhase.LINK_CHECK);
    bench.ordered(Cmd.CMD_LINK_CHECK, 1, 2).answered(1, 2).look().fires(458);
    bench.comesTo(GroupPhase.REJOIN_SUSPEND);
    assertThat(bench.state.recover).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aRejoinWhoseEpIsControlNodeAlreadyGoesOnThere(int group) {
    GroupBench bench =
        rejoining(group, GroupPhase.LINK_CHECK)
            .state(
                g -> {
                  g.ok = List.of(0, 1, 2);
                  g.control = 0;
                });
    bench.ordered(Cmd.CMD_LINK_CHECK, 0, 1, 2).answered(0, 1, 2).look().fires(457);
    bench.comesTo(GroupPhase.REJOIN_ADJUST);
    assertThat(bench.state.issued).isEmpty();
  }
}
