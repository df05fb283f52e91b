package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonOp;
import halab.dsc.proto.MonRequest;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import org.junit.jupiter.api.Test;

/** Handling by hand as the CSS takes it on or refuses it, by code (reference 4.7, 5.3, 5.7). */
class CssByHandTest {
  private static CssBench control() {
    return DmcssWorkTest.serving(2).login(1, CssBench.OGUID);
  }

  private static CssBench unwatched() {
    return agreed(control(), MonOp.MON_CSS_STOP, GroupType.CSS);
  }

  private static MonRequest.Builder ask(MonOp op, GroupType type, int ep) {
    return MonRequest.newBuilder().setOp(op).setType(type).setSeqno(ep);
  }

  private static CssBench agreed(CssBench bench, MonOp op, GroupType type) {
    bench.asks(1, ask(op, type, 1)).fires(530);
    assertThat(bench.answer()).as(op + " " + type).isZero();
    return bench;
  }

  private static void refused(CssBench bench, MonOp op, GroupType type, int ep, int code) {
    bench.asks(1, ask(op, type, ep)).fires(540);
    assertThat(bench.answer()).as(op + " " + type).isEqualTo(code);
  }

  private static CssBench dies(CssBench bench, int group, int ep) {
    bench.paper.dies(group, ep);
    return bench.looks(7);
  }

  @Test
  void epCrashIsTakenOnForAMember() {
    CssBench bench = agreed(control(), MonOp.MON_EP_CRASH, GroupType.DB);
    assertThat(Told.kills(bench.effects)).containsExactly("DB1 up to 11");
    assertThat(bench.state.db.phase).isEqualTo(GroupPhase.CRASH_STEP1);
    refused(bench, MonOp.MON_EP_CRASH, GroupType.DB, 0, -1071);
    refused(bench, MonOp.MON_CSS_STOP, GroupType.CSS, 0, -1074);
  }

  @Test
  void epCrashIsRefused() {
    refused(control(), MonOp.MON_EP_CRASH, GroupType.CSS, 0, -1053);
    refused(control(), MonOp.MON_EP_CRASH, GroupType.DB, 9, -1082);
    refused(unwatched(), MonOp.MON_EP_CRASH, GroupType.DB, 1, -1052);
    CssBench gone = control().change(s -> s.db = s.db.with(g -> g.ok = java.util.List.of(0)));
    refused(gone, MonOp.MON_EP_CRASH, GroupType.DB, 1, -1075);
    CssBench starting =
        control().change(s -> s.db = s.db.with(g -> g.phase = GroupPhase.START_OPEN));
    refused(starting, MonOp.MON_EP_CRASH, GroupType.DB, 1, -1012);
    refused(
        CssBench.normal(2).login(1, CssBench.OGUID), MonOp.MON_EP_CRASH, GroupType.DB, 0, -1023);
  }

  @Test
  void epCrashOfADbEpWaitsForItsAsmEp() {
    CssBench bench = control();
    bench.paper.dies(Paper.ASM, 1).dies(Paper.DB, 1);
    bench.looks(3);
    refused(bench, MonOp.MON_EP_CRASH, GroupType.DB, 1, -1076);
  }

  @Test
  void epCrashNeedsSomebodyAlive() {
    CssBench bench = control();
    bench.paper.ends(Paper.DB, 0, VtdStatus.VTD_SHUTDOWN).ends(Paper.DB, 1, VtdStatus.VTD_SHUTDOWN);
    bench.look();
    refused(bench, MonOp.MON_EP_CRASH, GroupType.DB, 1, -1095);
  }

  @Test
  void whileMonitoringIsOffNothingIsHandledOrStarted() {
    CssBench bench = dies(unwatched(), Paper.DB, 1);
    assertThat(bench.state.db.phase).isEqualTo(GroupPhase.OPEN);
    dies(bench, Paper.CSS, 1);
    assertThat(Told.kills(bench.effects)).isEmpty();
    CssBench own = dies(unwatched(), Paper.DB, 0).looks(80);
    assertThat(Told.of(Effect.Launch.class, own.effects)).isEmpty();
    assertThat(own.state.dbRestart.launchedMs()).isZero();
  }

  @Test
  void onAgainItHandlesWhatHappenedMeanwhile() {
    CssBench bench = dies(unwatched(), Paper.DB, 1);
    agreed(bench, MonOp.MON_CSS_STARTUP, GroupType.CSS).look();
    assertThat(bench.state.db.phase).isEqualTo(GroupPhase.CRASH_STEP1);
  }

  @Test
  void epBreakHandlesWhoIsLost() {
    CssBench bench = dies(unwatched(), Paper.DB, 1);
    agreed(bench, MonOp.MON_EP_BREAK, GroupType.DB);
    assertThat(bench.state.db.broken).containsExactly(1);
    refused(bench, MonOp.MON_EP_BREAK, GroupType.DB, 0, -1071);
    refused(bench, MonOp.MON_EP_RECOVER, GroupType.DB, 0, -1074);
  }

  @Test
  void epBreakIsRefused() {
    refused(control(), MonOp.MON_EP_BREAK, GroupType.CSS, 0, -1053);
    refused(control(), MonOp.MON_EP_BREAK, GroupType.DB, 0, -1070);
    refused(unwatched(), MonOp.MON_EP_BREAK, GroupType.DB, 0, -1075);
    CssBench both = dies(dies(unwatched(), Paper.ASM, 1), Paper.DB, 1);
    refused(both, MonOp.MON_EP_BREAK, GroupType.DB, 0, -1076);
    CssBench all = dies(dies(unwatched(), Paper.DB, 0), Paper.DB, 1);
    refused(all, MonOp.MON_EP_BREAK, GroupType.DB, 0, -1086);
  }

  @Test
  void epRecoverIsRefused() {
    refused(control(), MonOp.MON_EP_RECOVER, GroupType.DB, 0, -1072);
    refused(unwatched(), MonOp.MON_EP_RECOVER, GroupType.DB, 0, -1073);
    CssBench asm = dies(unwatched(), Paper.ASM, 1);
    refused(asm, MonOp.MON_EP_RECOVER, GroupType.DB, 0, -1088);
  }

  @Test
  void openForceWantsMonitoringOn() {
    CssBench bench = unwatched();
    bench.change(s -> s.db = s.db.with(g -> g.phase = GroupPhase.START_NORMAL));
    refused(bench, MonOp.MON_OPEN_FORCE, GroupType.DB, 0, -1052);
  }

  @Test
  void theFlagIsToldToWhoeverAsksUnlessAnotherMonitorHoldsTheCss() {
    CssBench bench = control().login(2, CssBench.OGUID);
    bench.asks(2, ask(MonOp.MON_CRASH_OVER, GroupType.DB, 0)).fires(530);
    assertThat(bench.sent(MonAnswer.class).get(0).getCrashOver()).isTrue();
    assertThat(bench.state.slot).isEqualTo(bench.monitor(2));
    refused(bench, MonOp.MON_CRASH_OVER, GroupType.DB, 0, -1089);
    bench.change(s -> s.asm = s.asm.with(g -> g.crashOver = false));
    bench.asks(2, ask(MonOp.MON_CRASH_OVER, GroupType.ASM, 0)).fires(530);
    assertThat(bench.sent(MonAnswer.class).get(0).getCrashOver()).isFalse();
  }
}
