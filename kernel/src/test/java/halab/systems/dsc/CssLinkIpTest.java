package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.LinkIp;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DMDCR_LINK_CHECK_IP of a dmcss (reference 4.4 item 5). */
@RowsOf("dmcss")
class CssLinkIpTest {
  private static final Map<String, String> SET = Map.of("DMDCR_LINK_CHECK_IP", "store");

  private static CssBench control(int nodes) {
    return CssBench.control(nodes, SET);
  }

  private static CssBench answers(CssBench bench, boolean reached, String failure) {
    return bench.event(new Event.Probed(bench.state.linkIp.request(), "store", reached, failure));
  }

  private static int count(CssBench bench) {
    return bench.state.seat.dcr.getGroup(0).getDskchkCnt();
  }

  private static void shows(CssBench bench, int css, LinkIp ip) {
    bench.paper.beat(Paper.CSS, css, b -> b.setLinkIp(ip));
  }

  private static boolean killed(CssBench bench, int css) {
    return bench.paper.picture().kill(Paper.CSS, css).getIncarnation() == Paper.LIFE;
  }

  @Test
  void itIsAskedWithEveryBeatAndSaidOnce() {
    CssBench bench = control(2);
    answers(bench, true, null).fires(162).says("comm_self_link_check success");
    for (int i = 0; i < 3; i++) {
      bench.tick();
      assertThat(Told.of(Effect.Probe.class, bench.effects))
          .containsExactly(new Effect.Probe(bench.state.linkIp.request(), "store"));
      bench.read();
      assertThat(bench.beat().getLinkIp()).isEqualTo(LinkIp.LINK_IP_REACHED);
      answers(bench, true, null).fires(162).says();
    }
  }

  @Test
  void oneThatIsNotSetIsNotAsked() {
    CssBench bench = CssBench.control(2).tick();
    assertThat(Told.of(Effect.Probe.class, bench.effects)).isEmpty();
  }

  @Test
  void oneThatCannotBeAskedIsNotLost() {
    CssBench bench = control(2);
    answers(bench, false, "no right").fires(164);
    bench.says("comm_self_link_check create socket failed, no right");
    for (int i = 0; i < 2 * count(bench); i++) {
      bench.look();
      answers(bench, false, "no right").fires(164).says();
    }
    assertThat(bench.look().beat().getLinkIp()).isEqualTo(LinkIp.LINK_IP_UNSPECIFIED);
  }

  @Test
  void itIsLostAfterTheDiskCheckCountOfBeats() {
    CssBench bench = control(2);
    answers(bench, true, null);
    bench.tick().read();
    answers(bench, false, null).fires(166);
    bench.says("[!!!DSC INFO!!!]Network connect to IP address store has been disconnected.");
    for (int i = 2; i < count(bench); i++) {
      bench.look();
      answers(bench, false, null).fires(166).says();
    }
    assertThat(bench.look().beat().getLinkIp()).isEqualTo(LinkIp.LINK_IP_UNSPECIFIED);
    answers(bench, false, null).fires(168).says();
    assertThat(bench.look().beat().getLinkIp()).isEqualTo(LinkIp.LINK_IP_SILENT);
  }

  @Test
  void whoHasLostItWhileAnotherReachesItIsHaltedOnce() {
    CssBench bench = control(3);
    shows(bench, 1, LinkIp.LINK_IP_SILENT);
    shows(bench, 2, LinkIp.LINK_IP_REACHED);
    for (int look = 0; look < CssLinkIp.STANDING_LOOKS; look++) {
      bench.look().fires(410);
    }
    assertThat(killed(bench, 1)).isFalse();
    bench.look().fires(408);
    bench.says("The [1]th subnet of network connectivity of [CSS1]:[1] ERROR");
    assertThat(killed(bench, 1)).isTrue();
    bench.look().fires(408).says();
    assertThat(killed(bench, 2)).isFalse();
    bench.comesTo(CssPhase.CONTROL);
  }

  @Test
  void aHostThatNobodyReachesHaltsNobody() {
    CssBench bench = control(3);
    shows(bench, 1, LinkIp.LINK_IP_SILENT);
    shows(bench, 2, LinkIp.LINK_IP_UNSPECIFIED);
    bench.change(s -> s.seat = s.seat.with(x -> x.linkIp = LinkIp.LINK_IP_SILENT));
    for (int look = 0; look < 2 * CssLinkIp.STANDING_LOOKS; look++) {
      bench.look().fires(410);
    }
  }

  @Test
  void whatOneShowsThatHasNotBeatenSinceDoesNotCount() {
    CssBench bench = control(3);
    shows(bench, 1, LinkIp.LINK_IP_SILENT);
    shows(bench, 2, LinkIp.LINK_IP_REACHED);
    bench.paper.dies(Paper.CSS, 2);
    for (int look = 0; look < count(bench); look++) {
      bench.look().fires(410);
    }
  }

  @Test
  void theControlCssThatHasLostItGoesItself() {
    CssBench bench = control(2);
    shows(bench, 1, LinkIp.LINK_IP_REACHED);
    bench.change(s -> s.seat = s.seat.with(x -> x.linkIp = LinkIp.LINK_IP_SILENT));
    for (int look = 0; look <= CssLinkIp.STANDING_LOOKS; look++) {
      bench.look().fires(410);
    }
    bench.look().fires(402).comesTo(CssPhase.HALTING);
    bench.says("The [1]th subnet of network connectivity of [CSS0]:[0] ERROR");
    bench.event(new Event.BlockWritten(bench.state.seat.beatRequest, Paper.VOTE, 0));
    bench.halts(ExitCode.SELF_FENCED);
  }

  @Test
  void withMonitoringOffNobodyIsHalted() {
    CssBench bench = control(2).change(s -> s.autoCheck = false);
    shows(bench, 1, LinkIp.LINK_IP_SILENT);
    bench.change(s -> s.seat = s.seat.with(x -> x.linkIp = LinkIp.LINK_IP_REACHED));
    for (int look = 0; look < 2 * CssLinkIp.STANDING_LOOKS; look++) {
      bench.look().fires(410);
    }
  }

  @Test
  void aLifeThatEndsHasNoUseForTheAnswer() {
    CssBench bench = control(2).change(s -> s.phase = CssPhase.HALTING);
    answers(bench, true, null).fires(936);
    assertThat(List.copyOf(bench.effects)).noneMatch(Effect.Say.class::isInstance);
  }
}
