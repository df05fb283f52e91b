package halab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import halab.sim.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cluster that did as it should is no PASS without its data. */
class VerdictsTest {
  @ParameterizedTest
  @CsvSource({
    "PASS, PASS, PASS, moved; data: all found",
    "PASS, INCONCLUSIVE, INCONCLUSIVE, data: all found",
    "PASS, FAIL, FAIL, data: all found",
    "INCONCLUSIVE, PASS, INCONCLUSIVE, moved; data: all found",
    "INCONCLUSIVE, INCONCLUSIVE, INCONCLUSIVE, moved; data: all found",
    "INCONCLUSIVE, FAIL, FAIL, data: all found",
    "FAIL, PASS, FAIL, moved; data: all found",
    "FAIL, INCONCLUSIVE, FAIL, moved; data: all found",
    "FAIL, FAIL, FAIL, moved; data: all found",
  })
  void theWorseOfBothCounts(
      Verdict.Kind cluster, Verdict.Kind data, Verdict.Kind both, String reason) {
    Verdict verdict = Verdicts.both(new Verdict(cluster, "moved"), new Verdict(data, "all found"));
    assertThat(verdict).isEqualTo(new Verdict(both, reason));
  }
}
