package halab.systems.dsc;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonConnection;
import halab.dsc.proto.MonDisk;
import halab.dsc.proto.MonEp;
import halab.dsc.proto.MonGroup;
import halab.dsc.proto.MonOp;
import halab.dsc.proto.MonPush;
import halab.dsc.proto.MonRefused;
import halab.dsc.proto.MonRequest;
import halab.dsc.proto.MonWelcome;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.systems.dsc.DmcssState.Restart;
import halab.systems.dsc.DmcssState.Session;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The CSS's side of monitors: login, what they are told every second, and what they may ask for
 * with which refusal (reference 4.7, 5.1, 5.3, 5.7).
 */
final class CssMonitors {
  static final int MONITORS_MAX = 10;

  private static final Set<CssPhase> ALIVE =
      EnumSet.of(CssPhase.ELECTION, CssPhase.CLAIM, CssPhase.NORMAL, CssPhase.CONTROL);

  /** Answered when the DCR is read, and when the EP is up. */
  private static final Set<MonOp> LATE_ANSWERS =
      EnumSet.of(MonOp.MON_EXTEND_NODE, MonOp.MON_EP_STARTUP);

  private CssMonitors() {}

  // ---- login ------------------------------------------------------------------------------------

  static boolean welcome(DmcssState s, CssTrigger.Login t, Now now) {
    boolean known = s.monitors.containsKey(t.from());
    return t.login().getOguid() == s.seat.dcr.getHeader().getOguid()
        && (known || s.monitors.size() < MONITORS_MAX);
  }

  static DmcssState logIn(DmcssState s, CssTrigger.Login t, Now now, List<Effect> out) {
    out.add(
        new Effect.Send(
            t.from(), MonWelcome.newBuilder().setSeqno(s.seat.ep).setCss(s.seat.name()).build()));
    Session session =
        new Session(
            t.login().getMid(),
            s.addresses.getOrDefault(t.from().host(), t.from().host()),
            t.login().getFromName());
    return s.with(
        x -> {
          x.monitors = new TreeMap<>(s.monitors);
          x.monitors.put(t.from(), session);
          x.slot = t.from().equals(s.slot) ? null : s.slot;
        });
  }

  static DmcssState turnAway(DmcssState s, CssTrigger.Login t, Now now, List<Effect> out) {
    MonRefused.Builder refused = MonRefused.newBuilder();
    if (s.seat.dcr == null || !ALIVE.contains(s.phase)) {
      refused.setCode(CssmCode.NOT_ELECTED);
    } else if (t.login().getOguid() != s.seat.dcr.getHeader().getOguid()) {
      refused.setCode(CssmCode.BAD_ARGUMENT).setText("CSSM_OGUID differs");
    } else {
      refused.setCode(CssmCode.TOO_MANY_MONITORS);
    }
    out.add(new Effect.Send(t.from(), refused.build()));
    return s;
  }

  static DmcssState gone(DmcssState s, Event.LinkDown t, Now now, List<Effect> out) {
    if (!s.monitors.containsKey(t.peer())) {
      return s;
    }
    return s.with(
        x -> {
          x.monitors = new TreeMap<>(s.monitors);
          x.monitors.remove(t.peer());
          x.slot = t.peer().equals(s.slot) ? null : s.slot;
          x.startup = CssRestart.askedBy(s, t.peer()) ? null : s.startup;
        });
  }

  // ---- what they are told -----------------------------------------------------------------------

  /** Once a tick: states of all EPs, monitors and the DCR, to every monitor. */
  static DmcssState push(DmcssState s, Now now, List<Effect> out) {
    if (s.monitors.isEmpty()) {
      return s;
    }
    MonPush.Builder push =
        MonPush.newBuilder()
            .setSeqno(s.seat.ep)
            .setCss(s.seat.name())
            .setControl(s.phase == CssPhase.CONTROL)
            .setControlCss(s.controlCss)
            .setAutoCheck(s.autoCheck)
            .setAsmAutoRestart(CssRestart.shown(s, 1))
            .setDbAutoRestart(CssRestart.shown(s, 2))
            .setDcr(dcr(s))
            .setWallS(now.wallMs() / 1000);
    for (int g = 0; g < VoteLayout.GROUPS; g++) {
      push.addGroup(group(s, g));
    }
    s.dcrv.forEach(
        (path, status) ->
            push.addDcrv(
                MonDisk.newBuilder().setName(DmcssState.dcrvName(path)).setStatus(status)));
    for (Endpoint monitor : s.monitors.keySet()) {
      push.clearConnection().addAllConnection(connections(s, monitor));
      out.add(new Effect.Send(monitor, push.build()));
    }
    return s;
  }

  /** Every monitor, the one that is told first; MIDs of the same second do not tell them apart. */
  private static List<MonConnection> connections(DmcssState s, Endpoint told) {
    List<MonConnection> all = new ArrayList<>(List.of(connection(s.monitors.get(told))));
    s.monitors.forEach(
        (monitor, session) -> {
          if (!monitor.equals(told)) {
            all.add(connection(session));
          }
        });
    return all;
  }

  private static MonConnection connection(Session m) {
    return MonConnection.newBuilder()
        .setMid(m.mid())
        .setIp(m.ip())
        .setFromName(m.fromName())
        .build();
  }

  /** The DCR with the fault marks as they stand now. */
  private static DcrImage dcr(DmcssState s) {
    boolean asRead =
        s.phase != CssPhase.CONTROL
            || s.seat.dcr.getGroup(1).equals(s.asm.dcr) && s.seat.dcr.getGroup(2).equals(s.db.dcr);
    if (asRead) {
      return s.seat.dcr;
    }
    return s.seat.dcr.toBuilder().setGroup(1, s.asm.dcr).setGroup(2, s.db.dcr).build();
  }

  /** One group as this CSS sees it; 0 is the CSS group. */
  static MonGroup group(DmcssState s, int g) {
    GroupRecord record = s.record(g);
    DcrGroup dcr = s.seat.dcr.getGroup(g);
    GroupPhase phase =
        record.getPhase().isEmpty() ? GroupPhase.STARTUP : GroupPhase.valueOf(record.getPhase());
    boolean written = record.getGeneration() > 0;
    MonGroup.Builder group =
        MonGroup.newBuilder()
            .setSeq(g)
            .setName(dcr.getName())
            .setType(dcr.getType())
            .setControl(g == 0 ? s.controlCss : written ? record.getControl() : DscText.NONE)
            .setSta(s.words.sta(phase))
            .setSubSta(s.words.sub(phase))
            .addAllOkEp(written ? record.getOkEpList() : GroupState.okBy(dcr))
            .addAllBreakEp(record.getBreakEpList())
            .setRecoverEp(written ? record.getRecoverEp() : DscText.NONE)
            .setCrashOver(record.getCrashOver());
    Scene c = s.scene();
    for (int n = 0; n < dcr.getNEp(); n++) {
      group.addEp(ep(s, c, group, g, n));
    }
    return group.build();
  }

  private static MonEp ep(DmcssState s, Scene c, MonGroup.Builder group, int g, int n) {
    DcrEp dcr = DscNames.ep(s.seat.dcr, g, n);
    Heartbeat beat = s.picture.beat(g, n);
    boolean active = g == 0 ? c.cssActive(n) : c.active(g, n);
    return MonEp.newBuilder()
        .setName(dcr.getName())
        .setSeqno(n)
        .setPort(dcr.getPort())
        .setControl(group.getControl() == n)
        .setInstStatus(beat.getInstStatus())
        .setVtdStatus(beat.getVtdStatus())
        .setOk(g == 0 ? active : group.getOkEpList().contains(n))
        .setActive(active)
        .setGuid(beat.getGuid())
        .setPid(beat.getPid())
        .setTs(beat.getTs())
        .build();
  }

  // ---- what they may ask for --------------------------------------------------------------------

  static boolean allowed(DmcssState s, CssTrigger.Asked t, Now now) {
    return code(s, t) == CssmCode.DONE && (givesBack(s, t) || !s.seat.stale(now));
  }

  /** The clean-up of the monitor that holds this CSS is heard whatever the CSS is about. */
  private static boolean givesBack(DmcssState s, CssTrigger.Asked t) {
    return t.request().getOp() == MonOp.MON_CLEANUP && t.from().equals(s.slot);
  }

  /** DONE, or the error code with which the request is refused (reference 4.7, 5.7). */
  private static int code(DmcssState s, CssTrigger.Asked t) {
    MonRequest ask = t.request();
    if (!s.monitors.containsKey(t.from()) || s.picture == null) {
      return CssmCode.CONNECTION_LOST;
    }
    if (givesBack(s, t)) {
      return CssmCode.DONE;
    }
    if (s.phase != CssPhase.NORMAL && s.phase != CssPhase.CONTROL) {
      return CssmCode.NOT_ELECTED;
    }
    if (s.slot != null && !s.slot.equals(t.from())) {
      return CssmCode.MONITOR_BUSY;
    }
    return switch (ask.getOp()) {
      case MON_CLEANUP -> CssmCode.DONE;
      case MON_CLAIM -> s.phase == CssPhase.CONTROL ? CssmCode.DONE : CssmCode.NOT_CONTROL;
      case MON_AUTO_RESTART_ON, MON_AUTO_RESTART_OFF -> restartCode(s, ask);
      case MON_EP_STARTUP -> startupCode(s, ask);
      case MON_EP_STOP -> stopCode(s, ask);
      case MON_EP_HALT -> haltCode(s, ask);
      case MON_OPEN_FORCE -> forceCode(s, ask);
      case MON_EP_CRASH -> CssByHand.crashCode(s, ask);
      case MON_EP_BREAK -> CssByHand.breakCode(s, ask);
      case MON_EP_RECOVER -> CssByHand.recoverCode(s, ask);
      case MON_CSS_STARTUP -> CssmCode.DONE;
      case MON_CSS_STOP -> CssByHand.stopCode(s);
      case MON_CRASH_OVER -> CssByHand.controlCode(s, ask);
      case MON_EXTEND_NODE -> ExtendNode.code(s);
      case MON_OP_UNSPECIFIED, UNRECOGNIZED -> CssmCode.CSS_FAILED;
    };
  }

  private static int restartCode(DmcssState s, MonRequest ask) {
    if (ask.getType() == GroupType.CSS) {
      return CssmCode.NOT_FOR_CSS;
    }
    int shown = CssRestart.shown(s, group(ask));
    boolean on = ask.getOp() == MonOp.MON_AUTO_RESTART_ON;
    boolean impossible = shown == CssRestart.NO_INTERVAL || shown == CssRestart.WRONG;
    return on && impossible ? CssmCode.NO_RESTART_COMMAND : CssmCode.DONE;
  }

  private static int startupCode(DmcssState s, MonRequest ask) {
    if (ask.getType() == GroupType.CSS) {
      return CssmCode.NOT_FOR_CSS;
    }
    int g = group(ask);
    if (CssRestart.startupCmd(s, g) == null) {
      return CssmCode.NO_RESTART_COMMAND;
    }
    if (s.scene().active(g, s.seat.ep)) {
      return CssmCode.ALREADY_ACTIVE;
    }
    if (s.restart(g).on()) {
      return CssmCode.RESTART_IS_ON;
    }
    return g == 2 && !CssRestart.asmOpen(s) ? CssmCode.ASM_NOT_OPEN : CssmCode.DONE;
  }

  private static int stopCode(DmcssState s, MonRequest ask) {
    if (ask.getType() == GroupType.CSS) {
      return CssmCode.NOT_FOR_CSS;
    }
    if (s.phase != CssPhase.CONTROL) {
      return CssmCode.NOT_CONTROL;
    }
    int g = group(ask);
    if (g == 1 && !s.scene().active(2).isEmpty()) {
      return CssmCode.DB_STILL_ACTIVE;
    }
    if (s.scene().active(g).isEmpty()) {
      return CssmCode.EP_NOT_ACTIVE;
    }
    GroupPhase phase = s.group(g).phase;
    return phase.crashing() || phase.rejoining()
        ? CssmCode.IN_HANDLING
        : phase == GroupPhase.OPEN ? CssmCode.DONE : CssmCode.CSS_FAILED;
  }

  private static int haltCode(DmcssState s, MonRequest ask) {
    if (ask.getType() == GroupType.CSS) {
      return CssmCode.NOT_FOR_CSS;
    }
    if (s.phase != CssPhase.CONTROL) {
      return CssmCode.NOT_CONTROL;
    }
    int g = group(ask);
    if (ask.getSeqno() >= s.seat.dcr.getGroup(g).getNEp() || ask.getSeqno() < 0) {
      return CssmCode.BAD_SEQNO;
    }
    return s.scene().active(g, ask.getSeqno()) ? CssmCode.DONE : CssmCode.EP_NOT_ACTIVE;
  }

  private static int forceCode(DmcssState s, MonRequest ask) {
    if (ask.getType() == GroupType.CSS) {
      return CssmCode.NOT_FOR_CSS;
    }
    if (s.phase != CssPhase.CONTROL) {
      return CssmCode.NOT_CONTROL;
    }
    if (!s.autoCheck) {
      return CssmCode.MONITORING_OFF;
    }
    return s.group(group(ask)).phase == GroupPhase.START_NORMAL
        ? CssmCode.DONE
        : CssmCode.NOT_IN_STARTUP;
  }

  static int group(MonRequest ask) {
    return VoteLayout.seq(ask.getType());
  }

  static DmcssState carryOut(DmcssState s, CssTrigger.Asked t, Now now, List<Effect> out) {
    MonRequest ask = t.request();
    if (!LATE_ANSWERS.contains(ask.getOp())) {
      answer(s, t, CssmCode.DONE, out);
    }
    DmcssState held = s.with(x -> x.slot = t.from());
    int g = group(ask);
    return switch (ask.getOp()) {
      case MON_AUTO_RESTART_ON -> held.withRestart(g, set(held.restart(g), true, now));
      case MON_AUTO_RESTART_OFF -> held.withRestart(g, set(held.restart(g), false, now));
      case MON_EP_STARTUP -> CssRestart.startUp(held, t, g, now, out);
      case MON_EP_STOP -> CssTick.drive(held, g, new GroupTrigger.Stop(), now, out);
      case MON_EP_HALT -> CssTick.drive(held, g, new GroupTrigger.HaltEp(ask.getSeqno()), now, out);
      case MON_OPEN_FORCE -> CssTick.drive(held, g, new GroupTrigger.Force(), now, out);
      case MON_EP_CRASH ->
          CssTick.drive(held, g, new GroupTrigger.CrashEp(ask.getSeqno()), now, out);
      case MON_EP_BREAK -> CssTick.drive(held, g, new GroupTrigger.Break(), now, out);
      case MON_EP_RECOVER -> CssTick.drive(held, g, new GroupTrigger.Recover(), now, out);
      case MON_CSS_STARTUP -> held.with(x -> x.autoCheck = true);
      case MON_CSS_STOP -> held.with(x -> x.autoCheck = false);
      case MON_CLAIM, MON_CRASH_OVER -> held;
      case MON_EXTEND_NODE -> ExtendNode.ask(held, t, out);
      default -> held.with(x -> x.slot = null);
    };
  }

  /** Switched on, the interval counts from now. */
  private static Restart set(Restart r, boolean on, Now now) {
    long since = r.inactiveSinceMs() == 0 ? 0 : now.monoMs();
    return new Restart(on, since, r.launchedMs());
  }

  static DmcssState refuse(DmcssState s, CssTrigger.Asked t, Now now, List<Effect> out) {
    int code = code(s, t);
    MonOp op = t.request().getOp();
    if (code == CssmCode.CSS_FAILED && (op == MonOp.MON_EP_STOP || op == MonOp.MON_EP_CRASH)) {
      // The vendor's text for this code does not say that the group is not OPEN; the log does.
      GroupPhase phase = s.group(group(t.request())).phase;
      String what = op == MonOp.MON_EP_STOP ? "EP STOP" : "EP CRASH";
      String shown = "(" + s.words.sta(phase) + ", " + s.words.sub(phase) + ")";
      String line =
          "[" + t.request().getType() + "]: " + what + " refused, the group is in " + shown;
      out.add(new Effect.Say(Level.WARNING, line));
    }
    answer(s, t, code == CssmCode.DONE ? CssmCode.CSS_FAILED : code, out);
    return s;
  }

  static void answer(DmcssState s, CssTrigger.Asked t, int code, List<Effect> out) {
    boolean flag =
        code == CssmCode.DONE
            && t.request().getOp() == MonOp.MON_CRASH_OVER
            && s.group(group(t.request())).crashOver;
    out.add(
        new Effect.Send(
            t.from(),
            MonAnswer.newBuilder()
                .setId(t.request().getId())
                .setCode(code)
                .setSeqno(s.seat.ep)
                .setCrashOver(flag)
                .build()));
  }
}
