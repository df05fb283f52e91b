package halab.systems.dw;

import static halab.systems.dw.WatcherBench.MON;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.DwState;
import halab.dw.proto.MonHello;
import halab.dw.proto.MonOp;
import halab.dw.proto.MonRefused;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which monitors are let in, and the console (reference 6.1; manual 3.3, 3.7). */
class DwMonitorsTest {
  private static Endpoint mon(int n) {
    return new Endpoint("mon" + n, "dmmonitor");
  }

  private static int refusal(WatcherBench b, Endpoint to) {
    List<MonRefused> all = b.sent(to, MonRefused.class);
    return all.isEmpty() ? 0 : all.get(all.size() - 1).getCode();
  }

  private static WatcherBench ten() {
    WatcherBench b = WatcherBench.standby();
    for (int n = 1; n <= 10; n++) {
      b.nowMs++;
      b.hello(mon(n), false);
    }
    return b;
  }

  @Test
  void aMonitorIsToldTheStateAtOnceAndEverySecond() {
    WatcherBench b = WatcherBench.standby().monitor(true);
    assertThat(b.sent(MON, DwState.class)).hasSize(1);
    assertThat(b.told().getMonitor(0).getConfirm()).isTrue();
    b.pass(5000);
    assertThat(b.sent(MON, DwState.class)).hasSizeBetween(5, 7);
  }

  @Test
  void aMonitorOfAnotherGroupIsRefused() {
    WatcherBench b = WatcherBench.standby();
    b.from(MON, MonHello.newBuilder().setOguid(5).build());
    assertThat(refusal(b, MON)).isEqualTo(DwMonitors.WRONG_GROUP);
  }

  @Test
  void theEleventhMonitorIsRefused() {
    WatcherBench b = ten().hello(mon(11), false);
    assertThat(refusal(b, mon(11))).isEqualTo(DwMonitors.TOO_MANY);
    b.hello(mon(3), false);
    assertThat(refusal(b, mon(3))).isZero();
  }

  @Test
  void aConfirmMonitorPushesAnOrdinaryOneOut() {
    WatcherBench b = ten().hello(mon(11), true);
    assertThat(refusal(b, mon(11))).isZero();
    assertThat(refusal(b, mon(10))).isEqualTo(DwMonitors.TOO_MANY);
    assertThat(b.fact("monitors")).isEqualTo("10");
  }

  @Test
  void aSecondConfirmMonitorIsRefusedUnlessOfTheSameFamily() {
    WatcherBench b = WatcherBench.standby().hello(mon(1), true).hello(mon(2), true);
    assertThat(refusal(b, mon(2))).isEqualTo(DwMonitors.SECOND_CONFIRM);
    WatcherBench f = WatcherBench.standby();
    MonHello hello = MonHello.newBuilder().setOguid(453331).setConfirm(true).setFamily(9).build();
    f.from(mon(1), hello).from(mon(2), hello);
    assertThat(refusal(f, mon(2))).isZero();
  }

  @Test
  void whoHasNotPresentedItselfIsNotHeard() {
    WatcherBench b = WatcherBench.standby().forget();
    b.asks(WatcherBench.op(MonOp.MON_KILL_INSTANCE));
    assertThat(b.did(Effect.EndRole.class)).isEmpty();
    b.fired(940);
  }

  @Test
  void theConsoleKnowsAFewWords() {
    WatcherBench b = WatcherBench.standby().forget();
    b.event(new Event.Command(1, List.of("status")));
    b.event(new Event.Command(2, List.of("sing")));
    List<Effect.Reply> replies = b.did(Effect.Reply.class);
    assertThat(replies.get(0).text()).contains("GRP1 OPEN");
    assertThat(replies.get(1).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(replies.get(1).text()).contains("'sing'");
  }

  @Test
  void askedToEndItEndsAndLeavesTheInstanceAlone() {
    WatcherBench b = WatcherBench.primary().forget().event(new Event.StopRequested());
    assertThat(b.did(Effect.Halt.class)).hasSize(1);
    assertThat(b.did(Effect.EndRole.class)).isEmpty();
    b.comesTo(DwPhase.DOWN);
  }

  @Test
  void anotherWatcherIsToldAtOnceWhenItsLinkStands() {
    Endpoint peer = new Endpoint("n2", "dmwatcher");
    WatcherBench b = WatcherBench.standby().forget();
    b.event(new Event.LinkDown(peer, "reset")).event(new Event.LinkUp(peer, 2)).settle();
    assertThat(b.sent(peer, DwState.class)).hasSize(1);
    b.fired(140, 920);
  }
}
