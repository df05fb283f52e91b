package halab.systems.dsc;

import halab.kernel.Effect;
import halab.kernel.Level;
import java.util.List;

/**
 * The flag "crash over", which bars the rejoin (reference 3.6, 3.8): TRUE when every OK EP of the
 * DB group holds for good what the order held when the last crash was settled. The vendor's
 * condition in our terms: {@code min_first_modified_lsn} of every OK EP has reached the dead EP's
 * {@code crash_lsn}. EPs show both in their heartbeats; ASM has no LSNs and passes at once.
 */
final class CrashGate {
  private CrashGate() {}

  /** The last handling is over for good. */
  static boolean passes(GroupScene s) {
    long crash =
        s.g().ok.stream()
            .mapToLong(ep -> s.c().beat(s.g().group, ep).getCrashLsn())
            .max()
            .orElse(0);
    return s.g().ok.stream()
        .mapToLong(ep -> s.c().beat(s.g().group, ep).getFirstModifiedLsn())
        .allMatch(first -> first == 0 || first >= crash);
  }

  /** The line that failed EPs may rejoin, or may not; to monitors in any case. */
  static void say(GroupScene s, boolean allowed, List<Effect> out) {
    String line = s.c().words().crashOver(s.g().type, allowed);
    if (!line.isEmpty()) {
      out.add(new Effect.Say(Level.INFO, line));
    }
    GroupActs.relay(s.c(), out, r -> r.setType(s.g().type).setCrashOver(allowed));
  }

  /** Sets the flag, or says for the first time that it stays FALSE. */
  static GroupScene turn(GroupScene s, boolean over, List<Effect> out) {
    say(s, over, out);
    return s.with(
        g -> {
          g.crashOver = over;
          g.barred = !over;
        });
  }
}
