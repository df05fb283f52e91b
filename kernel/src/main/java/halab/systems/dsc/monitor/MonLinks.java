package halab.systems.dsc.monitor;

import halab.dsc.proto.MonLogin;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.systems.dsc.monitor.DmcssmState.Phase;
import halab.systems.dsc.monitor.MonTrigger.Push;
import halab.systems.dsc.monitor.MonTrigger.Refused;
import halab.systems.dsc.monitor.MonTrigger.Relay;
import halab.systems.dsc.monitor.MonTrigger.Welcome;
import java.util.List;

/** How the monitor keeps its places at the CSSs, and what it says about them. */
final class MonLinks {
  /** How long no CSS may be live before the monitor gives the cluster up for lost. */
  static final long LOST_MS = 5_000;

  private MonLinks() {}

  static DmcssmState start(DmcssmState s, Event.Started e, Now now, List<Effect> out) {
    DmcssmState started = s.started(now.wallMs(), now.monoMs());
    MonRun.print(started, DmcssmText.VERSION, now, out);
    MonRun.print(started, DmcssmText.READY, now, out);
    MonRun.print(started, "", now, out);
    MonRun.print(started, DmcssmText.WAIT_CONTROL, now, out);
    started.css().forEach(css -> out.add(new Effect.Connect(css.at())));
    return started;
  }

  static DmcssmState linkUp(DmcssmState s, Event.LinkUp e, Now now, List<Effect> out) {
    CssSeat css = s.css(e.peer());
    return css == null
        ? s
        : settle(
            s.with(logIn(css.linkedAt(now.wallMs() / 1000, now.monoMs()), s, now, out)), now, out);
  }

  static DmcssmState linkDown(DmcssmState s, Event.LinkDown e, Now now, List<Effect> out) {
    CssSeat css = s.css(e.peer());
    return css == null ? s : settle(s.with(css.unlinked()), now, out);
  }

  /** Gives silent CSSs up, logs in where it is due, complains when nobody is left. */
  static DmcssmState tick(DmcssmState s, Event.Tick e, Now now, List<Effect> out) {
    DmcssmState next = s;
    for (CssSeat css : s.css()) {
      if (css.wakeAtMs() <= now.monoMs()) {
        next = next.with(logIn(css, s, now, out));
      }
    }
    next = settle(next, now, out);
    if (next.sawLife() && now.monoMs() >= lostAtMs(next)) {
      MonRun.print(next, DmcssmText.ALL_INACTIVE, now, out);
      next = next.withLife(false, next.aloneSinceMs());
    }
    return next;
  }

  /** When the absence of every CSS becomes worth a line. */
  static long lostAtMs(DmcssmState s) {
    return s.sawLife() && s.aloneSinceMs() != Long.MAX_VALUE
        ? s.aloneSinceMs() + LOST_MS
        : Long.MAX_VALUE;
  }

  private static CssSeat logIn(CssSeat css, DmcssmState s, Now now, List<Effect> out) {
    CssSeat next = css.loggingIn(now.monoMs());
    out.add(
        new Effect.Send(
            css.at(),
            MonLogin.newBuilder()
                .setOguid(s.oguid())
                .setMid(next.mid())
                .setFromName("dmcssm")
                .build()));
    return next;
  }

  static DmcssmState welcome(DmcssmState s, Welcome w, Now now, List<Effect> out) {
    CssSeat css = s.css(w.from());
    if (!css.linked()) {
      return s;
    }
    String name = DmcssmText.clean(w.message().getCss());
    return settle(s.with(css.welcomed(w.message().getSeqno(), name, now.monoMs())), now, out);
  }

  /** Says why once, and goes on trying: a place may become free. */
  static DmcssmState refused(DmcssmState s, Refused r, Now now, List<Effect> out) {
    CssSeat css = s.css(r.from());
    int code = r.message().getCode();
    if (css.refused() != code) {
      String why = DmcssmText.error(code, r.message().getText());
      MonRun.print(s, css.at().host() + ": " + why, now, out);
    }
    return settle(s.with(css.refusedWith(code, now.monoMs())), now, out);
  }

  /** Only where the monitor is logged in; what was under way before that is old. */
  static DmcssmState push(DmcssmState s, Push p, Now now, List<Effect> out) {
    CssSeat css = s.css(p.from());
    return css.live() ? settle(s.with(css.pushed(p.message(), now.monoMs())), now, out) : s;
  }

  /** Printed when it arrives, under the time at which the CSS said it if it tells. */
  static DmcssmState relay(DmcssmState s, Relay r, Now now, List<Effect> out) {
    String who = DmcssmText.clean(r.message().getCss());
    long wallMs = r.message().getWallMs() == 0 ? now.wallMs() : r.message().getWallMs();
    String text = s.style().relay(r.message());
    if (text.isEmpty()) {
      return s;
    }
    String line = s.style().line(who, wallMs, s.zone(), text);
    out.add(new Effect.Say(Level.INFO, line));
    out.add(new Effect.Print(line));
    return s;
  }

  /** Whatever changed at the seats: tells the operator and carries a command on. */
  private static DmcssmState settle(DmcssmState s, Now now, List<Effect> out) {
    Phase reach = s.reach();
    DmcssmState next = s;
    if (reach == Phase.ALONE) {
      long since = Math.min(s.aloneSinceMs(), now.monoMs());
      next = s.withLife(s.sawLife(), since);
    } else {
      next = s.withLife(true, Long.MAX_VALUE);
    }
    if (reach == Phase.ELECTING && s.phase() == Phase.ALONE && !s.awaiting()) {
      MonRun.print(next, DmcssmText.WAIT_CONTROL, now, out);
      next = next.withAwaiting(true);
    }
    if (reach == Phase.READY && next.awaiting()) {
      MonRun.print(next, DmcssmText.CONTROL_CHOSEN, now, out);
      next = next.withAwaiting(false);
    }
    return MonRun.check(next, now, out);
  }
}
