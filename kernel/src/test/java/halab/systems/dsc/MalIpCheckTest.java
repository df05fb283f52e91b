package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Effect;
import halab.kernel.Event;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MAL_CHECK_IP and MAL_CHECK_TIMEOUT (reference 2.3, 4.4 item 6). */
@RowsOf({"dmasmsvr", "dmserver"})
class MalIpCheckTest {
  private static EpBench open(String role) {
    return EpBench.with(
            role,
            Map.of("MAL_CHECK_INTERVAL", "5", "MAL_CHECK_IP", "mon", "MAL_CHECK_TIMEOUT", "2000"))
        .change(s -> s.malIp = MalIpCheck.IDLE);
  }

  private static List<Effect.Probe> probes(EpBench bench) {
    return Told.of(Effect.Probe.class, bench.effects);
  }

  /** The fifth beat, with the question it asks. */
  private static EpBench asked(String role) {
    EpBench bench = open(role).area();
    for (int s = 1; s < 5; s++) {
      bench.tick();
      assertThat(probes(bench)).isEmpty();
      bench.area();
    }
    bench.tick();
    assertThat(probes(bench)).hasSize(1).allMatch(p -> p.host().equals("mon"));
    return bench;
  }

  private static EpBench later(EpBench bench, long ms) {
    bench.nowMs += ms;
    return bench;
  }

  private static EpBench answers(EpBench bench, boolean reached) {
    return bench.event(new Event.Probed(bench.state.malIp.request(), "mon", reached, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void itIsAskedEveryIntervalAndAnAnswerInTimeIsWell(String role) {
    EpBench bench = later(asked(role), 1900);
    answers(bench, true).fires(196);
    assertThat(probes(bench)).isEmpty();
    assertThat(bench.state.malIp).isEqualTo(MalIpCheck.IDLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void whoseAnswerTakesTooLongHaltsItself(String role) {
    EpBench bench = later(asked(role), 2001);
    answers(bench, true).fires(194);
    assertThat(bench.state.phase).isEqualTo(EpPhase.HALTING);
    assertThat(Told.says(bench.effects).get(0))
        .isEqualTo("[!!!DSC INFO!!!]Network connect to IP address mon has been disconnected.");
    assertThat(bench.state.exitCode).isEqualTo(halab.kernel.ExitCode.SELF_FENCED);
    bench.event(new Event.Probed(bench.state.malIp.request(), "mon", true, null)).fires(948);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aSilentOneIsAskedAgainUntilTheTimeIsOver(String role) {
    EpBench bench = later(asked(role), 900);
    answers(bench, false).fires(198);
    assertThat(probes(bench)).hasSize(1);
    answers(later(bench, 900), false).fires(198);
    answers(later(bench, 900), false).fires(194);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void oneThatCannotBeAskedHaltsNobodyAndIsAskedAgainAfterTheInterval(String role) {
    EpBench bench = later(asked(role), 2001);
    long request = bench.state.malIp.request();
    bench.event(new Event.Probed(request, "mon", false, "no right")).fires(197);
    assertThat(probes(bench)).isEmpty();
    assertThat(Told.says(bench.effects))
        .containsExactly("comm_self_link_check create socket failed, no right");
    assertThat(bench.state.malIp).isEqualTo(MalIpCheck.IDLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void withoutATimeoutNothingIsAsked(String role) {
    EpBench bench = EpBench.with(role, Map.of("MAL_CHECK_INTERVAL", "5")).area();
    for (int s = 0; s < 12; s++) {
      bench.tick();
      assertThat(probes(bench)).isEmpty();
      bench.area();
    }
  }
}
