package halab.cli;

import halab.sim.Verdict;

/** The line that ends a drill: {@code VERDICT PASS ...}. */
public final class Verdicts {
  private Verdicts() {}

  /**
   * Of what was seen of a cluster and of its data. A failure outweighs a doubt, a doubt a success;
   * of two failures the cluster's comes first, for data that is lost may be its consequence.
   */
  public static Verdict both(Verdict cluster, Verdict data) {
    String ofData = "data: " + data.reason();
    if (cluster.kind() == Verdict.Kind.FAIL || data.kind() == Verdict.Kind.PASS) {
      return new Verdict(cluster.kind(), cluster.reason() + "; " + ofData);
    }
    if (data.kind() == Verdict.Kind.FAIL || cluster.passed()) {
      return new Verdict(data.kind(), ofData);
    }
    return new Verdict(cluster.kind(), cluster.reason() + "; " + ofData);
  }

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
