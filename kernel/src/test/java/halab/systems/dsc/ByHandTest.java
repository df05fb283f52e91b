package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.MonRelay;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.systems.Dialect;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a monitor has done by hand, what groups do while monitoring is off, and when a handling is
 * over (reference 3.6, 3.11, 5.3). For both groups alike.
 */
@RowsOf({"dmcss.ASM", "dmcss.DB"})
class ByHandTest {
  private static final Endpoint MONITOR = Endpoint.parse("mon/dmcssm");

  private static GroupPhase first(int group) {
    return group == Paper.ASM ? GroupPhase.ASM_CRASH_SUSPEND : GroupPhase.CRASH_STEP1;
  }

  private static GroupBench unwatched(GroupBench bench) {
    bench.auto = false;
    return bench;
  }

  private static GroupBench back(int group) {
    return GroupBench.rejoin(group, 2, 0, GroupPhase.OPEN).state(g -> g.recover = DscText.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void epCrashFailsAMemberWithoutWaitingForTheCount(int group) {
    GroupBench bench = GroupBench.open(group, 2).fire(new GroupTrigger.CrashEp(1));
    bench.fires(432);
    bench.comesTo(first(group));
    bench.kills(bench.type() + "1 up to 11").marks(bench.type() + " [1]");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void epCrashOfWhoIsNoMemberDoesNothing(int group) {
    GroupBench bench = GroupBench.crash(group, 2, 1, GroupPhase.OPEN);
    bench.fire(new GroupTrigger.CrashEp(1)).fires(921);
    bench.comesTo(GroupPhase.OPEN).kills();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void whileMonitoringIsOffALossIsShownOnlyUntilEpBreak(int group) {
    GroupBench bench = unwatched(GroupBench.open(group, 2)).dies(1).look();
    bench.fires(395);
    bench.comesTo(GroupPhase.OPEN).kills().marks();
    bench.fire(new GroupTrigger.Break()).fires(434);
    bench.comesTo(first(group)).kills(bench.type() + "1 up to 11");
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aHandlingByHandIsOverLikeAnyOther(int group) {
    GroupBench bench = unwatched(GroupBench.open(group, 2)).state(g -> g.crashOver = false);
    bench.look().fires(393);
    assertThat(bench.state.crashOver).isTrue();
    bench.look().fires(395);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void epBreakWithNobodyLostDoesNothing(int group) {
    GroupBench bench = unwatched(GroupBench.open(group, 2)).fire(new GroupTrigger.Break());
    bench.fires(922);
    bench.comesTo(GroupPhase.OPEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void whileMonitoringIsOffNobodyRejoinsUntilEpRecover(int group) {
    GroupBench bench = unwatched(back(group)).look();
    bench.fires(395);
    bench.fire(new GroupTrigger.Recover()).fires(436);
    bench.comesTo(GroupPhase.REJOIN_SUSPEND);
    assertThat(bench.state.recover).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void epRecoverWithNobodyFitForItDoesNothing(int group) {
    GroupBench bench = unwatched(GroupBench.open(group, 2)).fire(new GroupTrigger.Recover());
    bench.fires(923);
    bench.comesTo(GroupPhase.OPEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void whileMonitoringIsOffAHandStartedGroupDoesNotOpen(int group) {
    GroupBench bench = unwatched(GroupBench.fresh(group, 2));
    bench.paper.asks(group, 0).asks(group, 1);
    bench.look().fires(85);
    bench.look().fires(85);
    bench.comesTo(GroupPhase.STARTUP).commands();
    bench.state(g -> g.phase = GroupPhase.START_NORMAL).look().fires(86);
    bench.auto = true;
    bench.state(g -> g.phase = GroupPhase.STARTUP).look().fires(120);
  }

  @Test
  void inDialectBTheFlagIsSaidBothTimes() {
    GroupBench bench = GroupBench.open(Paper.DB, 2).state(g -> g.crashOver = false);
    bench.dialect = Dialect.B;
    bench.monitors = List.of(MONITOR);
    bench.paper.beat(Paper.DB, 1, b -> b.setCrashLsn(100).setFirstModifiedLsn(50));
    bench.look().fires(445);
    bench.says("[" + bench.type() + "]: 上次故障处理未真正完成，不允许故障ep重加入");
    bench.look().fires(900);
    bench.paper.beat(Paper.DB, 1, b -> b.setFirstModifiedLsn(0));
    bench.look().fires(440);
    bench.says("[" + bench.type() + "]: 上次故障处理已完成，允许故障ep重加入");
    assertThat(Told.of(Effect.Send.class, bench.effects))
        .extracting(s -> ((MonRelay) s.message()).getCrashOver())
        .containsExactly(true);
  }
}
