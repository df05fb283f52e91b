package halab.cli;

import halab.sim.Verdict;

/** The line that ends a drill: {@code VERDICT PASS ...}. */
public final class Verdicts {
  private Verdicts() {}

  public static String line(Out out, Verdict verdict) {
    String head = "VERDICT " + verdict.kind();
    String styled =
        switch (verdict.kind()) {
          case PASS -> out.green(head);
          case FAIL -> out.red(head);
          case INCONCLUSIVE -> out.yellow(head);
        };
    return verdict.reason().isEmpty()
        ? styled
        : styled + "  " + verdict.reason().replace('\n', ' ');
  }
}
