package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonConnection;
import halab.dsc.proto.MonGroup;
import halab.dsc.proto.MonLogin;
import halab.dsc.proto.MonOp;
import halab.dsc.proto.MonPush;
import halab.dsc.proto.MonRefused;
import halab.dsc.proto.MonRequest;
import halab.dsc.proto.MonWelcome;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** dmcss and its monitors: login, pushes, requests and refusals (reference 4.7, 5.1, 5.3, 5.7). */
@RowsOf("dmcss")
class DmcssMonitorTest {
  private static CssBench control() {
    return DmcssWorkTest.serving(2).login(1, CssBench.OGUID);
  }

  private static MonRequest.Builder ask(MonOp op, GroupType type) {
    return MonRequest.newBuilder().setOp(op).setType(type);
  }

  @Test
  void aMonitorWithTheRightOguidIsWelcome() {
    CssBench bench = CssBench.control(2).login(1, CssBench.OGUID);
    bench.fires(500);
    assertThat(bench.sent(MonWelcome.class))
        .containsExactly(MonWelcome.newBuilder().setSeqno(0).setCss("CSS0").build());
    assertThat(bench.state.monitors).containsOnlyKeys(bench.monitor(1));
  }

  @Test
  void anotherOguidIsTurnedAway() {
    CssBench bench = CssBench.control(2).login(1, CssBench.OGUID + 1);
    bench.fires(510);
    assertThat(bench.sent(MonRefused.class).get(0).getCode()).isEqualTo(-8);
    assertThat(bench.state.monitors).isEmpty();
  }

  @Test
  void aCssThatHasNotReadItsDcrAsksTheMonitorToTryAgain() {
    CssBench bench = CssBench.born(2, 0).login(1, CssBench.OGUID);
    bench.fires(510);
    assertThat(bench.sent(MonRefused.class).get(0).getCode()).isEqualTo(-1080);
  }

  @Test
  void theEleventhMonitorIsTurnedAwayAndAKnownOneIsNot() {
    CssBench bench = CssBench.control(2);
    for (int n = 1; n <= 10; n++) {
      bench.login(n, CssBench.OGUID).fires(500);
    }
    bench.login(11, CssBench.OGUID).fires(510);
    assertThat(bench.sent(MonRefused.class).get(0).getCode()).isEqualTo(-11);
    bench.login(3, CssBench.OGUID).fires(500);
    bench.event(new Event.LinkDown(bench.monitor(5), "gone")).fires(520);
    bench.login(11, CssBench.OGUID).fires(500);
  }

  @Test
  void aMonitorThatLeavesFreesTheSlotItHeld() {
    CssBench bench = control();
    bench.asks(1, ask(MonOp.MON_AUTO_RESTART_OFF, GroupType.DB)).fires(530);
    assertThat(bench.state.slot).isEqualTo(bench.monitor(1));
    bench.event(new Event.LinkDown(bench.monitor(1), "gone")).fires(520);
    assertThat(bench.state.slot).isNull();
    bench.event(new Event.LinkDown(bench.monitor(7), "never here")).fires(520);
  }

  @Test
  void everyLookIsPushedToEveryMonitor() {
    CssBench bench = control().login(2, CssBench.OGUID).look();
    assertThat(bench.sent(MonPush.class)).hasSize(2);
    MonPush push = bench.sent(MonPush.class).get(0);
    assertThat(push.getControl()).isTrue();
    assertThat(push.getConnectionList()).hasSize(2);
    MonGroup db = push.getGroup(2);
    assertThat(db.getSta()).isEqualTo("OPEN");
    assertThat(db.getSubSta()).isEqualTo("STARTUP");
    assertThat(db.getControl()).isZero();
    assertThat(db.getEpList())
        .allMatch(e -> e.getOk() && e.getActive())
        .extracting(e -> e.getVtdStatus())
        .containsOnly(VtdStatus.VTD_WORKING);
  }

  @Test
  void everyMonitorIsToldOfAllItselfFirst() {
    CssBench bench = CssBench.control(2).login(1, CssBench.OGUID).login(2, CssBench.OGUID).look();
    List<MonPush> pushed = bench.sent(MonPush.class);
    assertThat(pushed).hasSize(2);
    assertThat(pushed.get(0).getConnectionList())
        .extracting(MonConnection::getIp)
        .containsExactly("mon1", "mon2");
    assertThat(pushed.get(1).getConnectionList())
        .extracting(MonConnection::getIp)
        .containsExactly("mon2", "mon1");
  }

  @Test
  void aMonitorIsKnownByTheAddressOfItsHostIfThatHasOne() {
    CssBench bench = CssBench.control(2).change(s -> s.addresses = Map.of("mon1", "10.0.2.9"));
    bench.login(1, CssBench.OGUID).login(2, CssBench.OGUID).look();
    assertThat(bench.sent(MonPush.class).get(0).getConnectionList())
        .extracting(MonConnection::getIp)
        .containsExactly("10.0.2.9", "mon2");
  }

  @Test
  void theSlotIsOneMonitorsAlsoWhenMidsAreAlike() {
    MonLogin login =
        MonLogin.newBuilder().setOguid(CssBench.OGUID).setMid(900).setFromName("dmcssm").build();
    CssBench bench = control().from(1, login).from(2, login);
    bench.asks(1, ask(MonOp.MON_AUTO_RESTART_OFF, GroupType.DB)).fires(530);
    bench.asks(2, ask(MonOp.MON_AUTO_RESTART_ON, GroupType.DB));
    assertThat(bench.answer()).isEqualTo(-1089);
    assertThat(bench.state.slot).isEqualTo(bench.monitor(1));
  }

  @Test
  void aClaimHoldsTheCssUntilTheCleanUp() {
    MonLogin login = MonLogin.newBuilder().setOguid(CssBench.OGUID).setMid(901).build();
    CssBench bench = control().from(2, login);
    bench.asks(1, ask(MonOp.MON_CLAIM, GroupType.DB)).fires(530);
    assertThat(bench.answer()).isZero();
    bench.asks(2, ask(MonOp.MON_CLAIM, GroupType.DB));
    assertThat(bench.answer()).isEqualTo(-1089);
    bench.asks(1, ask(MonOp.MON_CLEANUP, GroupType.DB)).fires(530);
    bench.asks(2, ask(MonOp.MON_CLAIM, GroupType.DB)).fires(530);
    assertThat(bench.state.slot).isEqualTo(bench.monitor(2));
    bench.change(s -> s.phase = CssPhase.NORMAL);
    bench.asks(2, ask(MonOp.MON_CLAIM, GroupType.DB)).fires(540);
    assertThat(bench.answer()).as("only the control CSS can be claimed").isEqualTo(-1023);
  }

  @Test
  void aCleanUpIsHeardDuringAnElectionToo() {
    CssBench bench = control().asks(1, ask(MonOp.MON_AUTO_RESTART_OFF, GroupType.DB));
    bench.change(s -> s.phase = CssPhase.ELECTION);
    bench.asks(1, ask(MonOp.MON_CLEANUP, GroupType.DB)).fires(530);
    assertThat(bench.state.slot).isNull();
    bench.asks(1, ask(MonOp.MON_CLEANUP, GroupType.DB));
    assertThat(bench.answer()).isEqualTo(-1080);
  }

  @Test
  void autoRestartCanBeSwitched() {
    CssBench bench = control().asks(1, ask(MonOp.MON_AUTO_RESTART_OFF, GroupType.DB));
    bench.fires(530);
    assertThat(bench.answer()).isZero();
    assertThat(bench.state.dbRestart.on()).isFalse();
    assertThat(bench.state.asmRestart.on()).isTrue();
    bench.asks(1, ask(MonOp.MON_AUTO_RESTART_ON, GroupType.DB)).fires(530);
    assertThat(bench.state.dbRestart.on()).isTrue();
  }

  @Test
  void epStopStopsTheGroup() {
    CssBench bench = control().asks(1, ask(MonOp.MON_EP_STOP, GroupType.DB));
    bench.fires(530);
    assertThat(bench.state.db.phase).isEqualTo(GroupPhase.SHUTDOWN);
    assertThat(Told.commands(bench.effects)).containsExactly("DB0 EP STOP 41", "DB1 EP STOP 42");
  }

  @Test
  void epHaltKillsOneEp() {
    CssBench bench = control().asks(1, ask(MonOp.MON_EP_HALT, GroupType.DB).setSeqno(1));
    bench.fires(530);
    assertThat(Told.kills(bench.effects)).containsExactly("DB1 up to 11");
  }

  @Test
  void epStartupLaunchesTheOwnEp() {
    CssBench bench = control();
    bench.paper.dies(Paper.DB, 0);
    bench.looks(6).asks(1, ask(MonOp.MON_AUTO_RESTART_OFF, GroupType.DB)).fires(530);
    bench.asks(1, ask(MonOp.MON_EP_STARTUP, GroupType.DB)).fires(530);
    assertThat(Told.of(Effect.Launch.class, bench.effects))
        .containsExactly(new Effect.Launch("dmserver"));
    assertThat(bench.sent(MonAnswer.class)).as("not before it is up").isEmpty();
    bench.paper.comesBack(Paper.DB, 0);
    bench.look();
    assertThat(bench.answer()).isZero();
  }

  @Test
  void epStartupOfAnEpThatCannotBeStartedFails() {
    CssBench bench = starting();
    bench.event(new Event.Launched("dmserver", "no such command")).fires(450);
    assertThat(bench.answer()).isEqualTo(-1012);
  }

  @Test
  void epStartupOfAMonitorThatHasLeftIsAnsweredToNobody() {
    CssBench bench = starting();
    bench.event(new Event.LinkDown(bench.monitor(1), "gone")).fires(520);
    bench.paper.comesBack(Paper.DB, 0);
    bench.look();
    assertThat(bench.sent(MonAnswer.class)).isEmpty();
  }

  @Test
  void epStartupTriesAgainWhileTheLastLifeIsEnding() {
    CssBench bench = starting();
    bench.event(new Event.Launched("dmserver", Event.Launched.alreadyRunning("dmserver")));
    assertThat(bench.sent(MonAnswer.class)).isEmpty();
    bench.look();
    assertThat(Told.of(Effect.Launch.class, bench.effects)).hasSize(1);
    bench.look();
    assertThat(Told.of(Effect.Launch.class, bench.effects)).isEmpty();
  }

  @Test
  void epStartupOfAnEpThatDoesNotComeUpTimesOut() {
    CssBench bench = starting();
    bench.nowMs += 60_000;
    bench.look();
    assertThat(bench.answer()).isEqualTo(-1079);
  }

  private static CssBench starting() {
    CssBench bench = control();
    bench.paper.dies(Paper.DB, 0);
    bench.looks(6).asks(1, ask(MonOp.MON_AUTO_RESTART_OFF, GroupType.DB)).fires(530);
    return bench.asks(1, ask(MonOp.MON_EP_STARTUP, GroupType.DB));
  }

  @Test
  void openForceReachesTheGroup() {
    CssBench bench = control();
    bench.change(s -> s.db = s.db.with(g -> g.phase = GroupPhase.START_NORMAL));
    bench.asks(1, ask(MonOp.MON_OPEN_FORCE, GroupType.DB)).fires(530);
    assertThat(bench.answer()).isZero();
  }

  @Test
  void cleanupFreesTheSlot() {
    CssBench bench = control().asks(1, ask(MonOp.MON_AUTO_RESTART_OFF, GroupType.DB));
    bench.asks(1, ask(MonOp.MON_CLEANUP, GroupType.DB)).fires(530);
    assertThat(bench.state.slot).isNull();
  }

  @Test
  void aSecondMonitorIsRefusedWhileOneHoldsTheSlot() {
    CssBench bench = control().login(2, CssBench.OGUID);
    bench.asks(1, ask(MonOp.MON_AUTO_RESTART_OFF, GroupType.DB)).fires(530);
    bench.asks(2, ask(MonOp.MON_AUTO_RESTART_ON, GroupType.DB)).fires(540);
    assertThat(bench.answer()).isEqualTo(-1089);
  }

  @Test
  void everyRefusalHasItsCode() {
    CssBench bench = control();
    refused(bench, ask(MonOp.MON_EP_STOP, GroupType.ASM), -1037);
    refused(bench, ask(MonOp.MON_EP_STOP, GroupType.CSS), -1053);
    refused(bench, ask(MonOp.MON_EP_HALT, GroupType.CSS), -1053);
    refused(bench, ask(MonOp.MON_EP_HALT, GroupType.DB).setSeqno(9), -1082);
    refused(bench, ask(MonOp.MON_EP_STARTUP, GroupType.DB), -1047);
    refused(bench, ask(MonOp.MON_OPEN_FORCE, GroupType.DB), -1025);
    refused(bench, ask(MonOp.MON_AUTO_RESTART_ON, GroupType.CSS), -1053);
    refused(bench, ask(MonOp.MON_OP_UNSPECIFIED, GroupType.DB), -1012);
    assertThat(Told.of(Effect.Say.class, bench.effects)).isEmpty();
    bench.paper.dies(Paper.DB, 0);
    bench.looks(4);
    bench.look();
    refused(bench, ask(MonOp.MON_EP_STARTUP, GroupType.DB), -1046);
    refused(bench, ask(MonOp.MON_EP_STOP, GroupType.DB), -1071);
    refused(bench, ask(MonOp.MON_EP_HALT, GroupType.DB).setSeqno(0), -1036);
  }

  private static void refused(CssBench bench, MonRequest.Builder request, int code) {
    bench.asks(1, request).fires(540);
    assertThat(bench.answer()).as(request.getOp() + " " + request.getType()).isEqualTo(code);
  }

  @Test
  void aNormalCssSendsChangesToTheControlCss() {
    CssBench bench = CssBench.normal(2).login(1, CssBench.OGUID);
    refused(bench, ask(MonOp.MON_EP_STOP, GroupType.DB), -1023);
    refused(bench, ask(MonOp.MON_EP_HALT, GroupType.DB).setSeqno(0), -1023);
  }

  @Test
  void duringTheElectionEverythingIsRefused() {
    CssBench bench = CssBench.candidate(2, 0).looks(2).login(1, CssBench.OGUID);
    bench.fires(500);
    refused(bench, ask(MonOp.MON_EP_STOP, GroupType.DB), -1080);
  }

  @Test
  void aStrangerToTheLoginIsRefused() {
    CssBench bench = CssBench.control(2).asks(4, ask(MonOp.MON_EP_STOP, GroupType.DB));
    bench.fires(540);
    assertThat(bench.answer()).isEqualTo(-1004);
  }

  @Test
  void theLogSaysWhyAStopIsRefusedWhereTheCodeDoesNot() {
    CssBench bench = control();
    bench.change(s -> s.db = s.db.with(g -> g.phase = GroupPhase.STARTUP));
    bench.asks(1, ask(MonOp.MON_EP_STOP, GroupType.DB));
    assertThat(bench.answer()).isEqualTo(-1012);
    assertThat(Told.of(Effect.Say.class, bench.effects))
        .containsExactly(
            new Effect.Say(
                Level.WARNING, "[DB]: EP STOP refused, the group is in (STARTUP, STARTUP)"));
  }
}
