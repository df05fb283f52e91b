package halab.systems.dw;

import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Table;
import java.util.List;

/** What all rows have in common that enter another state. */
final class DwRows {
  private DwRows() {}

  /**
   * Logs the change of state, as the vendor does, and forgets what was asked in the old one.
   *
   * @param then null: nothing else
   */
  static <T> Table.Action<WatcherState, T> to(DwPhase phase, Table.Action<WatcherState, T> then) {
    return (s, t, now, out) -> {
      WatcherState next = then == null ? s : then.apply(s, t, now, out);
      String line = DwText.switching(s.instance, s.phase, phase);
      out.add(new Effect.Say(Level.INFO, line));
      return next.with(
          x -> {
            x.sinceMs = now.monoMs();
            x.hindrance = "";
            x.asksOpen = false;
            if (phase != DwPhase.CONFIRM) {
              x.asks = List.of();
            }
          });
    };
  }
}
