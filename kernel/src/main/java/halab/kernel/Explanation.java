package halab.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * What one event did to a role, in lines for people: the event, every row that fired with what it
 * wanted done, outer table first, and what the role shows otherwise than before. All of it is the
 * table's own words.
 */
public final class Explanation {
  private Explanation() {}

  /**
   * @param before the state that met the event
   * @param shown what the role now shows otherwise, a line each
   */
  public static <S> List<String> lines(S before, Event event, Step<S> step, List<String> shown) {
    List<String> lines = new ArrayList<>();
    lines.add("event  " + OneLine.of(event));
    boolean follows = false;
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Fired fired) {
        lines.add("row    " + TablePrinter.fired(fired));
        follows |= fired.kind() == RowKind.MOVE;
      } else {
        lines.add("         " + OneLine.of(effect));
        follows = true;
      }
    }
    shown.forEach(change -> lines.add("shows  " + change));
    if (!follows && shown.isEmpty()) {
      boolean same = before.equals(step.state());
      lines.add(same ? "       nothing changes" : "       noted; nothing else follows");
    }
    return lines;
  }

  /** Every row that fired in a step, outer table first. */
  public static List<Effect.Fired> rows(Step<?> step) {
    return step.effects().stream()
        .filter(Effect.Fired.class::isInstance)
        .map(Effect.Fired.class::cast)
        .toList();
  }
}
