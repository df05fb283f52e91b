package halab.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import halab.cli.Out;
import halab.cli.load.check.Finding;
import halab.cli.load.check.Header;
import halab.cli.load.check.Outages.AfterMark;
import halab.cli.load.check.Outages.Outage;
import halab.cli.load.check.Tally;
import halab.cli.load.check.Workload;
import halab.sim.Verdict;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTextTest {
  private static final long MS = 1_000_000;
  private static final Outage ALL = new Outage(2_000 * MS, 5_210 * MS, true);
  private static final Outage ONE = new Outage(2_000 * MS, 5_400 * MS, false);

  private static Report report() {
    return new Report(
        new Header("r1", Workload.BANK, 1, 8, 1_600, true, 0, 0, "h1:1/db"),
        Verdict.fail("acknowledged row 3-2 is lost"),
        10_000,
        new Tally("rows", 12_345, 12_344, 3, 1),
        15_000,
        20,
        3,
        ALL,
        ONE,
        List.of(new AfterMark("kill n1/dmserver", 2_001 * MS, ALL, ONE, 5)),
        1_234,
        new Report.LatencyUs(1_500, 2_500, 9_000, 20_000, 3_210_000),
        new Report.Stalls(2, 90, 60),
        0,
        List.of(Finding.fault("acknowledged row 3-2 is lost")));
  }

  @Test
  void saysWhatCountsAndTheVerdictLast() {
    Out plain = new Out(System.out, System.err, false);
    assertThat(ReportText.lines(report(), plain))
        .containsExactly(
            "  acknowledged            12,345 rows",
            "  found                   12,344",
            "  answer lost             3, of which 1 were found",
            "  operations              15,000 ok, 20 refused, 3 unknown",
            "  writes                  1,234/s for 10.0 s",
            "  latency                 50% 1.5, 95% 2.5, 99% 9.0, 99.9% 20.0, longest 3210.0 ms",
            "  longest outage          3210 ms, of one client 3400 ms",
            "  after kill n1/dmserver  2.001 s: 3210 ms, of one client 3400 ms",
            "  own stalls              2, together 90 ms, longest 60 ms",
            "  wrong  acknowledged row 3-2 is lost",
            "VERDICT FAIL  acknowledged row 3-2 is lost");
  }

  @Test
  void saysTheSameToMachines() throws IOException {
    assertThat(ReportJson.of(report()).replaceAll("\\s+", ""))
        .contains("\"verdict\":\"FAIL\",\"reason\":\"acknowledgedrow3-2islost\"")
        .contains("\"acknowledged\":12345,\"found\":12344,\"unknown\":3,\"unknown_found\":1")
        .contains("\"longest_outage\":{\"ms\":3210,\"from_ms\":2000,\"to_ms\":5210,\"over\":true}")
        .contains("\"mark\":\"killn1/dmserver\",\"at_ms\":2001")
        .contains("{\"kind\":\"fault\",\"what\":\"acknowledgedrow3-2islost\"}");
  }
}
