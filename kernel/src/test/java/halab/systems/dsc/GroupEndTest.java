package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Level;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orderly stop and halt of a whole group, and what a monitor may ask of it (3.12, 4.3, 4.7). */
@RowsOf({"dmcss.ASM", "dmcss.DB"})
class GroupEndTest {
  private static GroupBench halting(int group) {
    return GroupBench.open(group, 2)
        .state(
            g -> {
              g.phase = GroupPhase.HALT;
              g.doomed = g.lives;
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theGroupIsClosedWhenTheLastEpHasStopped(int group) {
    GroupBench bench = GroupBench.open(group, 2).state(g -> g.phase = GroupPhase.SHUTDOWN);
    bench.ordered(Cmd.CMD_EP_STOP, 0, 1);
    bench.paper.ends(group, 0, VtdStatus.VTD_SHUTDOWN);
    bench.look().fires(815);
    bench.kills();
    bench.paper.ends(group, 1, VtdStatus.VTD_SHUTDOWN);
    bench.look().fires(800);
    bench.comesTo(GroupPhase.CLOSED);
    assertThat(bench.state.control).isEqualTo(255);
    assertThat(bench.state.crashOver).isFalse();
    assertThat(bench.state.ok).as("n_ok_ep keeps its value").containsExactly(0, 1);
    assertThat(bench.state.lives).isEmpty();
    bench.marks();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void exitOnAConsoleStopsTheWholeGroupAsmAfterDb(int group) {
    GroupBench bench = GroupBench.open(group, 2);
    bench.paper.beat(group, 1, b -> b.setStopGroup(true));
    if (group == Paper.ASM) {
      bench.paper.up(Paper.DB, 0).passes(1);
      bench.look();
      assertThat(bench.state.phase).as("DB is there still").isEqualTo(GroupPhase.OPEN);
      bench.paper.dies(Paper.DB, 0).diskCheck(Paper.DB);
    }
    bench.look().fires(391);
    bench.comesTo(GroupPhase.SHUTDOWN);
    bench.commands(bench.type() + "0 EP STOP 41", bench.type() + "1 EP STOP 42");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void anEpThatDiesInsteadOfStoppingDoesNotHoldTheStopUp(int group) {
    GroupBench bench = GroupBench.open(group, 2).state(g -> g.phase = GroupPhase.SHUTDOWN);
    bench.ordered(Cmd.CMD_EP_STOP, 0, 1);
    bench.paper.ends(group, 0, VtdStatus.VTD_SHUTDOWN);
    bench.dies(1).look().fires(815);
    assertThat(Told.kills(bench.effects)).contains(bench.type() + "1 up to 11");
    bench.look().fires(800);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void oneThatWasSilentWhenTheStopBeganIsOrderedWhenItBeatsAgain(int group) {
    GroupBench bench = GroupBench.open(group, 2).state(g -> g.phase = GroupPhase.SHUTDOWN);
    bench.ordered(Cmd.CMD_EP_STOP, 0);
    bench.look().fires(810);
    bench.commands(bench.type() + "1 EP STOP 42");
    bench.look().fires(815);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void oneThatWaitsToBeLetInStopsWithTheGroup(int group) {
    GroupBench bench = GroupBench.open(group, 2);
    bench.state(
        g -> {
          g.ok = List.of(0);
          g.lives.remove(1);
        });
    bench.paper.asks(group, 1).passes(1);
    bench.fire(new GroupTrigger.Stop()).fires(860);
    bench.commands(bench.type() + "0 EP STOP 41", bench.type() + "1 EP STOP 42");
    bench.paper.ends(group, 0, VtdStatus.VTD_SHUTDOWN);
    bench.look().fires(815);
    bench.paper.ends(group, 1, VtdStatus.VTD_SHUTDOWN);
    bench.look().fires(800);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aNewControlCssOrdersTheStopAgain(int group) {
    GroupBench bench = GroupBench.open(group, 2).state(g -> g.phase = GroupPhase.SHUTDOWN);
    bench.look().fires(810);
    bench.commands(bench.type() + "0 EP STOP 41", bench.type() + "1 EP STOP 42");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void anEpThatWorksOnForAClosedGroupIsKilledBeforeTheNextStart(int group) {
    GroupBench bench = GroupBench.open(group, 2);
    bench.state(
        g -> {
          g.phase = GroupPhase.CLOSED;
          g.lives = new TreeMap<>();
        });
    bench.paper.dies(group, 1).asks(group, 1).passes(1);
    bench.look().fires(90);
    bench.comesTo(GroupPhase.CLOSED).kills(bench.type() + "0 up to 11");
    bench.look().fires(100);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theHaltIsOverWhenEveryDoomedLifeHasEnded(int group) {
    GroupBench bench = halting(group);
    bench.paper.ends(group, 0, VtdStatus.VTD_SYSHALT).comesBack(group, 1);
    bench.look().fires(820);
    bench.comesTo(GroupPhase.CLOSED).marks();
    assertThat(bench.state.control).isEqualTo(255);
    assertThat(bench.state.doomed).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aDoomedEpThatOnlyFallsSilentEndsTheHaltAfterTheDiskCheckCount(int group) {
    GroupBench bench = halting(group);
    bench.paper.ends(group, 0, VtdStatus.VTD_SYSHALT).dies(group, 1);
    bench.look().fires(830);
    assertThat(Told.kills(bench.effects)).contains(bench.type() + "1 up to 11");
    bench.paper.diskCheck(group);
    bench.look().fires(820);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void killStandsUntilAllHaveEndedAndIsWrittenOnce(int group) {
    GroupBench bench = halting(group).look();
    bench.fires(830);
    bench.kills(bench.type() + "0 up to 11", bench.type() + "1 up to 11");
    bench.look().fires(830);
    bench.kills();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void openForceMarksTheMissingAndGoesOnWithTheOthers(int group) {
    GroupBench bench = GroupBench.fresh(group, 3);
    bench.paper.asks(group, 0).asks(group, 2).passes(2);
    bench.state(
        g -> {
          g.phase = GroupPhase.START_NORMAL;
          g.control = 0;
          g.lives.put(0, Paper.LIFE);
        });
    bench.fire(new GroupTrigger.Force()).fires(840);
    bench.marks(bench.type() + " [1]");
    assertThat(bench.state.ok).containsExactly(0, 2);
    bench.look().fires(200);
    bench.commands(bench.type() + "2 EP START 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void openForceDoesNotWaitForOneThatWasOrderedToStartAndWhoseNodeIsSilentNow(int group) {
    GroupBench bench = GroupBench.open(group, 2).state(g -> g.phase = GroupPhase.START_NORMAL);
    bench.ordered(Cmd.CMD_EP_START, 1);
    bench.paper.dies(Paper.CSS, 1).diskCheck(Paper.CSS);
    bench.fire(new GroupTrigger.Force()).fires(840);
    bench.marks(bench.type() + " [1]").kills(bench.type() + "1 up to 11");
    bench.look().fires(210);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void epHaltWritesKillForTheLifeThatRunsNow(int group) {
    GroupBench bench = GroupBench.open(group, 2).fire(new GroupTrigger.HaltEp(1));
    bench.fires(850);
    bench.kills(bench.type() + "1 up to 11").marks();
    bench.comesTo(GroupPhase.OPEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void epHaltDoesNotLowerAKillThatStandsAlready(int group) {
    GroupBench bench = GroupBench.open(group, 2);
    bench.fire(new GroupTrigger.HaltEp(1)).fire(new GroupTrigger.HaltEp(1)).fires(850);
    bench.kills();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void epStopGoesToAllThatRun(int group) {
    GroupBench bench = GroupBench.open(group, 3).dies(2);
    bench.fire(new GroupTrigger.Stop()).fires(860);
    bench.comesTo(GroupPhase.SHUTDOWN);
    bench.commands(bench.type() + "0 EP STOP 41", bench.type() + "1 EP STOP 42");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void anAddressThatCannotBeSetIsOneErrorLineAndNoMore(int group) {
    GroupBench bench = GroupBench.open(group, 2).state(g -> g.vipOpen = 1);
    bench.fire(vip("no such interface")).fires(870);
    bench.says("[CSS]: css_vip_config(enp0s80, 192.168.56.121, 255.255.255.0, UP) failed");
    assertThat(Told.of(halab.kernel.Effect.Say.class, bench.effects))
        .extracting(halab.kernel.Effect.Say::level)
        .containsExactly(Level.ERROR);
    assertThat(bench.state.vipOpen).isZero();
    bench.fire(vip(null)).fires(870);
    bench.says();
    assertThat(bench.state.vipOpen).isZero();
  }

  private static GroupTrigger.VipSet vip(String failure) {
    return new GroupTrigger.VipSet("enp0s80", "192.168.56.121", "255.255.255.0", true, failure);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void marksThatAreDurableAreWaitedForNoMore(int group) {
    GroupBench bench = GroupBench.crash(group, 2, 0, first(group)).state(g -> g.marking = 77);
    bench.fire(new GroupTrigger.MarksDurable()).fires(880);
    assertThat(bench.state.marking).isZero();
  }

  private static GroupPhase first(int group) {
    return group == Paper.ASM ? GroupPhase.ASM_CRASH_SUSPEND : GroupPhase.CRASH_STEP1;
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aHealthyGroupAtRestWaits(int group) {
    GroupBench bench = GroupBench.open(group, 2).look();
    bench.fires(900);
    bench.says().commands().kills();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void onlyAnOpenGroupCanBeStopped(int group) {
    GroupBench bench = GroupBench.crash(group, 2, 0, first(group));
    bench.fire(new GroupTrigger.Stop()).fires(910);
    bench.comesTo(first(group)).commands();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void openForceOfAGroupThatWaitsForNobodyDoesNothing(int group) {
    GroupBench bench = GroupBench.open(group, 2).fire(new GroupTrigger.Force());
    bench.fires(920);
    bench.marks().commands();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void theLastServerThatStoppedSinglyClosesTheGroup(int group) {
    GroupBench bench =
        GroupBench.open(group, 2)
            .state(
                g -> {
                  g.ok = List.of(1);
                  g.control = 1;
                  g.lives = new TreeMap<>(g.lives);
                  g.lives.remove(0);
                });
    bench.paper.ends(group, 1, VtdStatus.VTD_SHUTDOWN);
    bench.look().fires(400);
    bench.comesTo(GroupPhase.CLOSED).kills().marks();
    assertThat(bench.state.control).isEqualTo(255);
  }
}
