package halab.cli.load.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Findings in the order in which they came: the first of each kind are kept, all are counted. */
public final class Findings {
  private static final int KEPT_OF_A_KIND = 20;

  private final List<Finding> kept = new ArrayList<>();
  private final Map<Finding.Kind, Long> counts = new EnumMap<>(Finding.Kind.class);

  public void add(Finding finding) {
    if (counts.merge(finding.kind(), 1L, Long::sum) <= KEPT_OF_A_KIND) {
      kept.add(finding);
    }
  }

  public void fault(String what) {
    add(Finding.fault(what));
  }

  public void unknown(String what) {
    add(Finding.unknown(what));
  }

  /** What was acknowledged was not found again because nobody could read to the end. */
  void notReadBack(String what, boolean whole) {
    String text = what + " with acknowledged writes could not be read back at the end";
    add(whole ? Finding.fault(text) : Finding.unknown(text));
  }

  /** How many there were, kept or not. */
  public long count(Finding.Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** Those of a kind that are kept. */
  public List<Finding> of(Finding.Kind kind) {
    return kept.stream().filter(f -> f.kind() == kind).toList();
  }

  public List<Finding> all() {
    return List.copyOf(kept);
  }
}
