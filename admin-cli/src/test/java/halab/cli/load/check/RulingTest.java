package halab.cli.load.check;

import static org.assertj.core.api.Assertions.assertThat;

import halab.sim.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulingTest {
  private static final List<Stall> STALLS = List.of(new Stall(100, 160), new Stall(200, 240));
  private final Findings findings = new Findings();

  @Test
  void passesWhenThereIsNothing() {
    assertThat(Ruling.of(findings, STALLS, "all found")).isEqualTo(Verdict.pass("all found"));
  }

  @Test
  void failsForWrongDataWhateverStalled() {
    findings.fault("row 1 is lost");
    findings.fault("row 2 is lost");
    findings.unknown("who knows");
    assertThat(Ruling.of(findings, STALLS, ""))
        .isEqualTo(Verdict.fail("row 1 is lost (and 1 more)"));
  }

  @Test
  void isInconclusiveWhenOwnStallsAddUpToTheExcess() {
    findings.add(Finding.timed("too long", 90, 230, 90));
    assertThat(Ruling.of(findings, STALLS, "").kind()).isEqualTo(Verdict.Kind.INCONCLUSIVE);
  }

  @Test
  void failsWhenStallsAreTooShortOrElsewhere() {
    findings.add(Finding.timed("too long", 90, 230, 91));
    assertThat(Ruling.of(findings, STALLS, "")).isEqualTo(Verdict.fail("too long"));
    Findings later = new Findings();
    later.add(Finding.timed("too long", 300, 500, 10));
    assertThat(Ruling.of(later, STALLS, "")).isEqualTo(Verdict.fail("too long"));
  }

  @Test
  void neverPassesWhatItCannotJudge() {
    findings.unknown("register 3 cannot be judged");
    assertThat(Ruling.of(findings, List.of(), "").kind()).isEqualTo(Verdict.Kind.INCONCLUSIVE);
  }
}
