package halab.systems.dm.config;

import halab.systems.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that is wrong with a set of files, so that the operator repairs them in one go. The
 * first {@value #KEPT} problems are kept; the rest is counted, because a file of garbage has more.
 */
public final class Problems {
  private static final int KEPT = 100;
  private static final int QUOTED_CHARS = 60;
  private final List<ConfigException.Problem> kept = new ArrayList<>();
  private int dropped;

  /** Notes one problem; line 0 means the file as a whole. */
  public void add(String file, int line, String what, String remedy) {
    if (kept.size() < KEPT) {
      kept.add(new ConfigException.Problem(file, line, what, remedy));
    } else {
      dropped++;
    }
  }

  /** Notes one problem unless the condition holds. */
  public void require(boolean condition, String file, int line, String what, String remedy) {
    if (!condition) {
      add(file, line, what, remedy);
    }
  }

  /** How many there are, kept or counted. */
  public int count() {
    return kept.size() + dropped;
  }

  /** Throws {@link ConfigException} with all problems if there is one. */
  public void throwIfAny() {
    if (kept.isEmpty()) {
      return;
    }
    List<ConfigException.Problem> all = new ArrayList<>(kept);
    if (dropped > 0) {
      String file = kept.get(kept.size() - 1).file();
      all.add(
          new ConfigException.Problem(
              file, 0, dropped + " more problems", "repair the ones above first"));
    }
    throw new ConfigException(all);
  }

  /** Foreign text fit to stand in a message: short, and free of control characters. */
  public static String quoted(String foreign) {
    String shown = foreign.length() > QUOTED_CHARS ? foreign.substring(0, QUOTED_CHARS) : foreign;
    return "'" + shown.replaceAll("\\p{Cntrl}", "?") + (shown.equals(foreign) ? "'" : "...'");
  }
}
