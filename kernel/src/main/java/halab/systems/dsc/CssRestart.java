package halab.systems.dsc;

import halab.dsc.proto.InstStatus;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.systems.dsc.DmcssState.Restart;
import java.util.List;

/**
 * Automatic restart: every CSS starts the ASM and the DB EP of its own node again when it has been
 * inactive for the interval of dmdcr.ini; the DB EP only while ASM is OPEN (reference 2.2). Not
 * while monitoring is off (5.3).
 */
final class CssRestart {
  static final int ON = 1;
  static final int OFF = 0;
  static final int NO_INTERVAL = 0xFE;
  static final int WRONG = 0xFF;

  /** How long an EP that a monitor wants may take until it beats; 10 to 20 s are usual (3.11). */
  private static final long STARTUP_MS = 60_000;

  private CssRestart() {}

  static String role(int group) {
    return group == 1 ? "dmasmsvr" : "dmserver";
  }

  static long intervalMs(DmcssState s, int group) {
    int seconds = group == 1 ? s.ini.asmRestartIntervalS() : s.ini.dbRestartIntervalS();
    return seconds * 1000L;
  }

  static String startupCmd(DmcssState s, int group) {
    return group == 1 ? s.ini.asmStartupCmd() : s.ini.dbStartupCmd();
  }

  /** The value that monitors show as "auto restart" (reference 2.2). */
  static int shown(DmcssState s, int group) {
    if (startupCmd(s, group) == null) {
      return WRONG;
    }
    if (intervalMs(s, group) == 0) {
      return NO_INTERVAL;
    }
    return s.restart(group).on() ? ON : OFF;
  }

  static DmcssState tick(DmcssState s, Now now, List<Effect> out) {
    return tick(tick(startedUp(s, now, out), 1, now, out), 2, now, out);
  }

  private static DmcssState tick(DmcssState s, int group, Now now, List<Effect> out) {
    Restart r = s.restart(group);
    if (s.scene().active(group, s.seat.ep)) {
      return r.inactiveSinceMs() == 0
          ? s
          : s.withRestart(group, new Restart(r.on(), 0, r.launchedMs()));
    }
    if (r.inactiveSinceMs() == 0) {
      return s.withRestart(group, new Restart(r.on(), now.monoMs(), r.launchedMs()));
    }
    long waitedMs = now.monoMs() - Math.max(r.inactiveSinceMs(), r.launchedMs());
    boolean wanted = r.on() && s.autoCheck;
    boolean due = wanted && waitedMs >= intervalMs(s, group) && (group == 1 || asmOpen(s));
    return due ? launch(s, group, now, out) : s;
  }

  /** Starts the EP of this node now, whatever the interval. */
  static DmcssState launch(DmcssState s, int group, Now now, List<Effect> out) {
    out.add(new Effect.Launch(role(group)));
    Restart r = s.restart(group);
    return s.withRestart(group, new Restart(r.on(), r.inactiveSinceMs(), now.monoMs()));
  }

  /** Starts the EP of this node for a monitor, who is answered when it beats. */
  static DmcssState startUp(
      DmcssState s, CssTrigger.Asked t, int group, Now now, List<Effect> out) {
    long untilMs = now.monoMs() + STARTUP_MS;
    return launch(s, group, now, out)
        .with(x -> x.startup = new DmcssState.Startup(t, group, untilMs, false));
  }

  static boolean askedBy(DmcssState s, Endpoint monitor) {
    return s.startup != null && s.startup.asked().from().equals(monitor);
  }

  private static DmcssState startedUp(DmcssState s, Now now, List<Effect> out) {
    if (s.startup == null) {
      return s;
    }
    if (s.scene().active(s.startup.group(), s.seat.ep)) {
      return answer(s, CssmCode.DONE, out);
    }
    if (now.monoMs() >= s.startup.untilMs()) {
      return answer(s, CssmCode.EP_TIMED_OUT, out);
    }
    return s.startup.again()
        ? launch(s, s.startup.group(), now, out).with(x -> x.startup = s.startup.again(false))
        : s;
  }

  private static DmcssState answer(DmcssState s, int code, List<Effect> out) {
    CssMonitors.answer(s, s.startup.asked(), code, out);
    return s.with(x -> x.startup = null);
  }

  /** The ASM group is OPEN and so is the ASM EP of this node. */
  static boolean asmOpen(DmcssState s) {
    boolean groupOpen = GroupPhase.OPEN.name().equals(s.record(1).getPhase());
    boolean ownOpen =
        s.scene().active(1, s.seat.ep)
            && s.picture.beat(1, s.seat.ep).getInstStatus() == InstStatus.INST_OPEN;
    return groupOpen && ownOpen;
  }

  static DmcssState launched(DmcssState s, Event.Launched t, Now now, List<Effect> out) {
    out.add(
        t.failure() == null
            ? new Effect.Say(Level.INFO, "css start " + t.role() + " success")
            : new Effect.Say(Level.WARNING, "css start " + t.role() + " failed: " + t.failure()));
    boolean wanted = s.startup != null && role(s.startup.group()).equals(t.role());
    if (!wanted || t.failure() == null) {
      return s;
    }
    return t.foundRunning()
        ? s.with(x -> x.startup = s.startup.again(true))
        : answer(s, CssmCode.CSS_FAILED, out);
  }
}
