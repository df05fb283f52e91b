package halab.systems.dsc;

import halab.dsc.proto.InstStatus;
import halab.kernel.Effect;
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
    return tick(tick(s, 1, now, out), 2, now, out);
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
    return s;
  }
}
