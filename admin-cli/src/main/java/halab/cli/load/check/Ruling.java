package halab.cli.load.check;

import halab.sim.Verdict;
import java.util.List;

/** From findings to a verdict. */
public final class Ruling {
  private Ruling() {}

  /**
   * Wrong data is a FAIL whatever stalled. A time that is wrong is a FAIL unless our own stalls
   * within it add up to the excess. What cannot be judged is never a PASS.
   *
   * @param shown what a PASS says
   */
  public static Verdict of(Findings findings, List<Stall> stalls, String shown) {
    long faults = findings.count(Finding.Kind.FAULT);
    if (faults > 0) {
      return Verdict.fail(first(findings, Finding.Kind.FAULT) + more(faults));
    }
    Finding explained = null;
    for (Finding timed : findings.of(Finding.Kind.TIMED)) {
      if (stalledNs(timed, stalls) < timed.excessNs()) {
        return Verdict.fail(timed.what() + more(findings.count(Finding.Kind.TIMED)));
      }
      explained = timed;
    }
    if (explained != null) {
      return Verdict.inconclusive(
          explained.what()
              + "; but HALab itself stalled for "
              + stalledNs(explained, stalls) / 1_000_000
              + " ms of that");
    }
    if (findings.count(Finding.Kind.UNKNOWN) > 0) {
      return Verdict.inconclusive(
          first(findings, Finding.Kind.UNKNOWN) + more(findings.count(Finding.Kind.UNKNOWN)));
    }
    return Verdict.pass(shown);
  }

  private static long stalledNs(Finding timed, List<Stall> stalls) {
    return stalls.stream().mapToLong(s -> s.within(timed.fromNs(), timed.toNs())).sum();
  }

  private static String first(Findings findings, Finding.Kind kind) {
    return findings.of(kind).get(0).what();
  }

  private static String more(long count) {
    return count > 1 ? " (and " + (count - 1) + " more)" : "";
  }
}
