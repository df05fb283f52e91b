package halab.sim;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What happened, cheaply: the last steps as they were, and a hash over all of them. Text is made
 * only when somebody reads it.
 */
public final class Trace {
  private static final int KEPT = 200;
  private final long[] atMs = new long[KEPT];
  private final Endpoint[] who = new Endpoint[KEPT];
  private final Object[] event = new Object[KEPT];
  private final String[] phase = new String[KEPT];
  private final List<?>[] effects = new List<?>[KEPT];
  private long steps;
  private long hash = 1469598103934665603L;
  private Consumer<String> full;

  /** From now on every step is also told to this listener, as a line. */
  void tellTo(Consumer<String> listener) {
    full = listener;
  }

  void step(long now, SimProcess process, Event cause, Step<?> step) {
    List<Effect> done = step.effects();
    mix(now);
    mix(process.index() * 100_003L + step.row());
    mix(done.size());
    for (int i = 0; i < done.size(); i++) {
      if (done.get(i) instanceof Effect.Say say) {
        mix(say.text().hashCode());
      }
    }
    keep(now, process.endpoint(), cause, null, done);
    if (full != null) {
      phase[slot(steps - 1)] = process.phase();
      full.accept(line(steps - 1));
    }
  }

  /** Something that was done to the world: a fault, a start. */
  void note(long now, Endpoint where, String what) {
    mix(now);
    mix(what.hashCode());
    keep(now, where, what, null, List.of());
    if (full != null) {
      full.accept(line(steps - 1));
    }
  }

  private void keep(long now, Endpoint where, Object cause, String after, List<Effect> done) {
    int slot = slot(steps);
    atMs[slot] = now;
    who[slot] = where;
    event[slot] = cause;
    phase[slot] = after;
    effects[slot] = done;
    steps++;
  }

  private static int slot(long step) {
    return (int) (step % KEPT);
  }

  private void mix(long value) {
    hash = (hash ^ value) * 1099511628211L;
    hash ^= hash >>> 29;
  }

  /** The same for two runs only if the same things happened at the same times. */
  public long hash() {
    return hash;
  }

  /** Number of steps and notes so far. */
  public long steps() {
    return steps;
  }

  /** The last steps, oldest first, one line each. */
  public List<String> last() {
    List<String> lines = new ArrayList<>();
    for (long step = Math.max(0, steps - KEPT); step < steps; step++) {
      lines.add(line(step));
    }
    return lines;
  }

  private String line(long step) {
    int slot = slot(step);
    StringBuilder text = new StringBuilder();
    text.append(atMs[slot]).append(" ms ").append(who[slot] == null ? "lab" : who[slot]);
    text.append("  ").append(shortened(event[slot]));
    for (Object effect : effects[slot]) {
      if (effect instanceof Effect.Fired fired) {
        text.append(" | ").append(fired.table()).append(" row ").append(fired.row());
        text.append(' ').append(fired.from());
        if (!fired.to().equals(fired.from())) {
          text.append(" -> ").append(fired.to());
        }
      } else {
        text.append(" | ").append(shortened(effect));
      }
    }
    if (phase[slot] != null) {
      text.append(" | now ").append(phase[slot]);
    }
    return text.toString();
  }

  private static String shortened(Object what) {
    String text = String.valueOf(what).replace('\n', ' ').replaceAll(" +", " ");
    return text.length() > 200 ? text.substring(0, 200) + "..." : text;
  }
}
