package halab.systems.dw;

import static halab.systems.dw.Dmwatcher.ALIVE;
import static halab.systems.dw.DwPhase.STARTUP;

import halab.dw.proto.MonHello;
import halab.dw.proto.MonRefused;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dw.WatcherState.Held;
import halab.systems.dw.WatcherState.Mon;
import java.util.EnumSet;
import java.util.List;

/** Rows 800 to 815 of dmwatcher: which monitors it lets in, and what becomes of their commands. */
final class DwMonitors {
  /** Most monitors of a group (reference 6.1). */
  static final int MOST = 10;

  static final int SECOND_CONFIRM = -14;
  static final int WRONG_GROUP = -16;
  static final int TOO_MANY = -19;

  /**
   * The command of a monitor that is gone is given up after so long (manual: checked every 5 s).
   */
  private static final long GONE_MS = 5000;

  /** The command of a monitor that asks for nothing any more. */
  private static final long IDLE_MS = 180_000;

  private DwMonitors() {}

  static void add(Table<WatcherState, DwPhase> t) {
    t.refuse(
            800,
            ALIVE,
            DwTrigger.Hello.class,
            (s, x, now) -> x.message().getOguid() != s.ini.oguid(),
            DwMonitors::otherGroup,
            "a monitor of another OGUID")
        .refuse(
            802,
            ALIVE,
            DwTrigger.Hello.class,
            (s, x, now) -> x.message().getConfirm() && rival(s, x) != null,
            DwMonitors::secondConfirm,
            "-14: another confirm monitor is there")
        .refuse(
            804,
            ALIVE,
            DwTrigger.Hello.class,
            (s, x, now) -> full(s, x) && (!x.message().getConfirm() || youngest(s) == null),
            DwMonitors::tooMany,
            "-19: ten monitors are there")
        .stay(806, ALIVE, DwTrigger.Hello.class, null, DwMonitors::admit, "a monitor is let in")
        .stay(808, ALIVE, DwTrigger.MonDown.class, null, DwMonitors::down, "a monitor is gone")
        .move(
            810,
            DwOrders.COMMANDED,
            Event.Tick.class,
            DwMonitors::abandoned,
            STARTUP,
            DwRows.to(STARTUP, DwMonitors::clear),
            "the monitor of the command is gone: MID is cleared, the state is found anew")
        .stay(
            812,
            EnumSet.complementOf(EnumSet.of(DwPhase.DOWN)),
            Event.Tick.class,
            DwMonitors::abandoned,
            DwMonitors::clear,
            "the monitor of the command is gone: MID is cleared");
  }

  // ---- who is let in ---------------------------------------------------------------------------

  private static Endpoint rival(WatcherState s, DwTrigger.Hello t) {
    long family = t.message().getFamily();
    for (var m : s.monitors.entrySet()) {
      MonHello other = m.getValue().hello();
      boolean same = family != 0 && other.getFamily() == family;
      if (other.getConfirm() && !same && !m.getKey().equals(t.from())) {
        return m.getKey();
      }
    }
    return null;
  }

  private static boolean full(WatcherState s, DwTrigger.Hello t) {
    return s.monitors.size() >= MOST && !s.monitors.containsKey(t.from());
  }

  /** The ordinary monitor that came last; null: there is none. */
  private static Endpoint youngest(WatcherState s) {
    Endpoint last = null;
    for (var m : s.monitors.entrySet()) {
      boolean ordinary = !m.getValue().hello().getConfirm();
      boolean later =
          last == null || m.getValue().connectWallMs() >= s.monitors.get(last).connectWallMs();
      if (ordinary && later) {
        last = m.getKey();
      }
    }
    return last;
  }

  private static WatcherState refuse(
      WatcherState s, Endpoint to, int code, String text, List<Effect> out) {
    out.add(new Effect.Send(to, MonRefused.newBuilder().setCode(code).setText(text).build()));
    return s;
  }

  private static WatcherState otherGroup(
      WatcherState s, DwTrigger.Hello t, Now now, List<Effect> out) {
    String what = "oguid(%d) configured in dmmonitor.ini not equal with dmwatcher's oguid(%d)";
    String why = Texts.f(what, t.message().getOguid(), s.ini.oguid());
    DwText.warn(out, "%s: %s", t.from(), why);
    return refuse(s, t.from(), WRONG_GROUP, why, out);
  }

  private static WatcherState secondConfirm(
      WatcherState s, DwTrigger.Hello t, Now now, List<Effect> out) {
    String why = "confirm monitor " + rival(s, t).host() + " is there already";
    DwText.warn(out, "%s is refused: %s", t.from(), why);
    return refuse(s, t.from(), SECOND_CONFIRM, why, out);
  }

  private static WatcherState tooMany(
      WatcherState s, DwTrigger.Hello t, Now now, List<Effect> out) {
    String why = MOST + " monitors are connected to the dmwatcher of " + s.instance;
    return refuse(s, t.from(), TOO_MANY, why, out);
  }

  private static WatcherState admit(WatcherState s, DwTrigger.Hello t, Now now, List<Effect> out) {
    WatcherState next = s;
    if (full(s, t)) {
      Endpoint out_ = youngest(s);
      DwText.info(out, "monitor %s makes room for confirm monitor %s", out_, t.from());
      refuse(s, out_, TOO_MANY, "a confirm monitor takes its place", out);
      next = next.withMonitors(m -> m.remove(out_));
    }
    Mon known = s.monitors.get(t.from());
    boolean same = known != null && known.hello().equals(t.message());
    if (!same) {
      String kind = t.message().getConfirm() ? "confirm monitor" : "monitor";
      DwText.info(out, "%s %s is connected", kind, t.from());
    }
    long since = same ? known.connectWallMs() : now.wallMs();
    boolean back = !s.held.free() && s.held.by().equals(t.from());
    Held held = back && t.message().getMid() == s.held.mid() ? s.held.heard(now.monoMs()) : s.held;
    return next.withMonitors(m -> m.put(t.from(), new Mon(t.message(), since))).withHeld(held);
  }

  private static WatcherState down(WatcherState s, DwTrigger.MonDown t, Now now, List<Effect> out) {
    DwText.info(out, "monitor %s is disconnected", t.from());
    boolean holds = !s.held.free() && s.held.by().equals(t.from());
    return s.withMonitors(m -> m.remove(t.from()))
        .keep(x -> !x.from().equals(t.from()))
        .withHeld(holds ? s.held.gone(now.monoMs()) : s.held);
  }

  // ---- whose command ---------------------------------------------------------------------------

  private static boolean abandoned(WatcherState s, Event.Tick t, Now now) {
    if (s.held.free()) {
      return false;
    }
    boolean gone = s.held.goneMs() != 0 && now.monoMs() - s.held.goneMs() >= GONE_MS;
    return gone || now.monoMs() - s.held.lastMs() >= IDLE_MS;
  }

  /** Manual, code -8685. */
  static WatcherState clear(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    DwText.warn(
        out, "no message of monitor %s any more, its command is cleared (MID)", s.held.by());
    boolean theirs = s.job != null && s.job.asked() != null;
    WatcherState next = theirs ? DwJobs.dropped(s) : s;
    return next.keep(x -> false).withHeld(Held.NONE);
  }
}
