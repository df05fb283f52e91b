package halab.systems.dsc.monitor;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.MonEp;
import halab.dsc.proto.MonGroup;
import halab.dsc.proto.MonOp;
import halab.kernel.Check;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Now;
import halab.systems.dsc.monitor.MonTrigger.Change;
import halab.systems.dsc.monitor.Running.Ask;
import halab.systems.dsc.monitor.Running.Stage;
import halab.systems.dsc.monitor.Running.Task;
import halab.systems.dsc.monitor.Running.Tell;
import halab.systems.dsc.monitor.Running.Until;
import java.util.ArrayList;
import java.util.List;

/**
 * The changing commands: when the monitor itself refuses them (reference 4.7, 5.7), and what they
 * consist of (5.3, 5.6). The CSSs judge once more and may refuse for reasons of their own.
 */
final class MonChange {
  /** How long an EP may take to obey a Kill; reading its area takes it about a second. */
  private static final long HALT_MS = 30_000;

  /** What a group may take to stop beyond its disk check count; 5 to 10 s are usual. */
  private static final long STOP_MS = 60_000;

  private static final int ON = 1;
  private static final int OFF = 0;

  private MonChange() {}

  static boolean busy(DmcssmState s, Change c, Now now) {
    return s.running() != null;
  }

  static boolean needsControl(DmcssmState s, Change c, Now now) {
    return c.verb().needsControl();
  }

  static boolean noGroup(DmcssmState s, Change c, Now now) {
    return c.verb().ofGroup() && s.group(c.group()) == null;
  }

  static boolean cssGroup(DmcssmState s, Change c, Now now) {
    return c.verb().ofGroup() && s.group(c.group()).getType() == GroupType.CSS;
  }

  static boolean noEp(DmcssmState s, Change c, Now now) {
    return c.verb().ofEp() && DmcssmState.ep(s.group(c.group()), c.ep()) == null;
  }

  static boolean monitoringOff(DmcssmState s, Change c, Now now) {
    boolean wants = c.verb() == Verb.OPEN_FORCE || c.verb() == Verb.CRASH;
    return wants && !watching(s.source());
  }

  static boolean breaksWatched(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.BREAK && watching(s.source());
  }

  static boolean recoversWatched(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.RECOVER && watching(s.source());
  }

  static boolean alreadyWatching(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.CSS_STARTUP && switchable(s, true).isEmpty();
  }

  static boolean alreadyUnwatched(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.CSS_STOP && switchable(s, false).isEmpty();
  }

  /** Whether this CSS says that it handles what happens by itself. */
  private static boolean watching(CssSeat css) {
    return css.push().getAutoCheck();
  }

  /** The live CSSs whose monitoring is not as wanted. */
  private static List<CssSeat> switchable(DmcssmState s, boolean on) {
    return s.live().stream().filter(css -> css.push() == null || watching(css) != on).toList();
  }

  static boolean haltsInactive(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.HALT && !MonRun.active(DmcssmState.ep(s.group(c.group()), c.ep()));
  }

  static boolean stopsInactive(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.STOP && !anyActive(s.group(c.group()));
  }

  static boolean stopsAsmBeforeDb(DmcssmState s, Change c, Now now) {
    MonGroup db = s.group(GroupType.DB);
    return c.verb() == Verb.STOP
        && s.group(c.group()).getType() == GroupType.ASM
        && db != null
        && anyActive(db);
  }

  static boolean startsWithRestartOn(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.STARTUP && !with(s, c, ON).isEmpty();
  }

  static boolean startsActive(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.STARTUP
        && s.group(c.group()).getEpList().stream().allMatch(MonEp::getActive);
  }

  /** Every ASM EP that is alive must be OPEN, and the group must have a control EP. */
  static boolean startsDbBeforeAsm(DmcssmState s, Change c, Now now) {
    if (c.verb() != Verb.STARTUP || s.group(c.group()).getType() != GroupType.DB) {
      return false;
    }
    MonGroup asm = s.group(GroupType.ASM);
    return asm == null
        || !asm.getSta().equals("OPEN")
        || !anyActive(asm)
        || asm.getEpList().stream()
            .anyMatch(e -> e.getActive() && e.getInstStatus() != InstStatus.INST_OPEN);
  }

  static boolean startsNowhere(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.STARTUP && startable(s, s.group(c.group())).isEmpty();
  }

  static boolean restartAlreadySo(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.RESTART_OFF && with(s, c, ON).isEmpty()
        || c.verb() == Verb.RESTART_ON && with(s, c, OFF).isEmpty() && !with(s, c, ON).isEmpty();
  }

  static boolean restartImpossible(DmcssmState s, Change c, Now now) {
    return c.verb() == Verb.RESTART_ON && with(s, c, OFF).isEmpty();
  }

  private static boolean anyActive(MonGroup group) {
    return group.getEpList().stream().anyMatch(MonEp::getActive);
  }

  private static List<CssSeat> with(DmcssmState s, Change c, int restart) {
    return withRestart(s, s.group(c.group()).getType(), restart);
  }

  private static List<CssSeat> withRestart(DmcssmState s, GroupType type, int restart) {
    return s.live().stream().filter(css -> css.autoRestart(type) == restart).toList();
  }

  /** The live CSSs whose own EP of the group is down. */
  private static List<CssSeat> startable(DmcssmState s, MonGroup group) {
    return s.live().stream()
        .filter(css -> DmcssmState.ep(group, css.seqno()) != null)
        .filter(css -> !MonRun.active(DmcssmState.ep(group, css.seqno())))
        .toList();
  }

  /** Takes a command on; no row has refused it. */
  static DmcssmState begin(DmcssmState s, Change c, Now now, List<Effect> out) {
    MonGroup group = s.group(c.group());
    List<Task> tasks = new ArrayList<>();
    switch (c.verb()) {
      case RESTART_ON -> addRestart(tasks, s, group, true);
      case RESTART_OFF -> addRestart(tasks, s, group, false);
      case STARTUP -> addStartup(tasks, s, group);
      case STOP -> addStop(tasks, s, group);
      case HALT -> addHalt(tasks, s, group, DmcssmState.ep(group, c.ep()));
      case OPEN_FORCE -> addOpenForce(tasks, s, group);
      case CRASH -> addCrash(tasks, s, group, DmcssmState.ep(group, c.ep()));
      case CHECK_OVER -> addCheck(tasks, s);
      case CSS_STARTUP -> addMonitoring(tasks, s, true);
      case CSS_STOP -> addMonitoring(tasks, s, false);
      case BREAK -> addByHand(tasks, s, group, MonOp.MON_EP_BREAK, "EP BREAK");
      case RECOVER -> addByHand(tasks, s, group, MonOp.MON_EP_RECOVER, "EP RECOVER");
      case EXTEND_NODE -> addExtend(tasks, s);
      case HELP, SHOW, SHOW_CONFIG, SHOW_MONITOR, EXIT ->
          throw new Check.Failed(c.verb() + " asks nothing of a CSS");
    }
    addClaim(tasks, s);
    addCleanup(tasks, s);
    GroupType type = group == null ? GroupType.CSS : group.getType();
    Running running = new Running(c, type, tasks, 0, Long.MAX_VALUE, 0, success(s, c, group));
    return MonRun.advance(s.with(running), now, out);
  }

  /** The last line, after the clean-up, when nothing has failed. */
  private static String success(DmcssmState s, Change c, MonGroup group) {
    return switch (c.verb()) {
      case RESTART_ON -> DmcssmText.RESTART_ON_DONE;
      case RESTART_OFF -> DmcssmText.RESTART_OFF_DONE;
      case STARTUP ->
          withRestart(s, group.getType(), OFF).isEmpty()
              ? DmcssmText.startedWithoutRestart(group.getName())
              : DmcssmText.done(c.title());
      case CRASH -> DmcssmText.begun(crash(s, group, DmcssmState.ep(group, c.ep())));
      case BREAK -> DmcssmText.begun(byHand(s, group, "EP BREAK"));
      case RECOVER -> DmcssmText.begun(byHand(s, group, "EP RECOVER"));
      default -> DmcssmText.done(c.title());
    };
  }

  private static void addRestart(List<Task> tasks, DmcssmState s, MonGroup group, boolean on) {
    Stage asking = on ? Stage.RESTART_ON : Stage.RESTART_OFF;
    for (CssSeat css : withRestart(s, group.getType(), on ? OFF : ON)) {
      MonEp ep = DmcssmState.ep(group, css.seqno());
      String line = DmcssmText.autoRestart(css.seqno(), ep == null ? "" : ep.getName(), on);
      MonOp op = on ? MonOp.MON_AUTO_RESTART_ON : MonOp.MON_AUTO_RESTART_OFF;
      tasks.add(new Ask(asking, css.at(), op, css.seqno(), line, DmcssmText.success(line)));
    }
  }

  private static void addStartup(List<Task> tasks, DmcssmState s, MonGroup group) {
    for (CssSeat css : startable(s, group)) {
      String ep = DmcssmState.ep(group, css.seqno()).getName();
      String line = DmcssmText.epStartup(css.seqno(), ep);
      tasks.add(
          new Ask(
              Stage.MAIN,
              css.at(),
              MonOp.MON_EP_STARTUP,
              css.seqno(),
              line,
              DmcssmText.success(line)));
    }
    if (withRestart(s, group.getType(), OFF).isEmpty()) {
      tasks.add(new Tell(Stage.RESTART_ON_DONE, DmcssmText.NOT_ELIGIBLE));
    } else {
      addRestart(tasks, s, group, true);
      tasks.add(new Tell(Stage.RESTART_ON_DONE, DmcssmText.RESTART_ON_DONE));
    }
  }

  private static void addStop(List<Task> tasks, DmcssmState s, MonGroup group) {
    if (withRestart(s, group.getType(), ON).isEmpty()) {
      String already = DmcssmText.alreadyRestart(group.getName(), false);
      tasks.add(new Tell(Stage.RESTART_OFF_DONE, already));
      tasks.add(new Tell(Stage.RESTART_OFF_DONE, ""));
    } else {
      addRestart(tasks, s, group, false);
      tasks.add(new Tell(Stage.RESTART_OFF_DONE, DmcssmText.RESTART_OFF_DONE));
    }
    CssSeat control = s.control();
    String line = DmcssmText.epStop(control.seqno(), group.getName());
    tasks.add(new Ask(Stage.MAIN, control.at(), MonOp.MON_EP_STOP, 0, line, ""));
    long withinMs = s.diskCheckS(group.getType()) * 1000L + STOP_MS;
    tasks.add(new Until(Stage.MAIN_DONE, control.at(), -1, withinMs));
  }

  private static void addHalt(List<Task> tasks, DmcssmState s, MonGroup group, MonEp ep) {
    CssSeat control = s.control();
    String line = DmcssmText.epHalt(control.name(), control.seqno(), group.getName(), ep.getName());
    tasks.add(new Ask(Stage.MAIN, control.at(), MonOp.MON_EP_HALT, ep.getSeqno(), line, ""));
    tasks.add(new Until(Stage.MAIN_DONE, control.at(), ep.getSeqno(), HALT_MS));
  }

  private static void addCrash(List<Task> tasks, DmcssmState s, MonGroup group, MonEp ep) {
    String line = crash(s, group, ep);
    MonOp op = MonOp.MON_EP_CRASH;
    tasks.add(new Ask(Stage.MAIN, s.control().at(), op, ep.getSeqno(), line, ""));
  }

  private static String crash(DmcssmState s, MonGroup group, MonEp ep) {
    CssSeat control = s.control();
    return DmcssmText.epCrash(control.name(), control.seqno(), group.getName(), ep.getName());
  }

  /** Changes nothing; the vendor's monitor takes and gives back the slots for it all the same. */
  private static void addCheck(List<Task> tasks, DmcssmState s) {
    Endpoint control = s.control().at();
    tasks.add(new Ask(Stage.MAIN, control, MonOp.MON_CRASH_OVER, 0, DmcssmText.CHECK_OVER, ""));
  }

  private static void addMonitoring(List<Task> tasks, DmcssmState s, boolean on) {
    MonOp op = on ? MonOp.MON_CSS_STARTUP : MonOp.MON_CSS_STOP;
    for (CssSeat css : switchable(s, on)) {
      String line = DmcssmText.monitoring(css.seqno(), on);
      tasks.add(new Ask(Stage.MAIN, css.at(), op, css.seqno(), line, DmcssmText.success(line)));
    }
  }

  /** The control CSS first: when it refuses, nobody else is asked. */
  private static void addExtend(List<Task> tasks, DmcssmState s) {
    CssSeat control = s.control();
    tasks.add(extend(control, Stage.MAIN));
    s.live().stream()
        .filter(css -> css.seqno() != control.seqno())
        .forEach(css -> tasks.add(extend(css, Stage.MAIN_DONE)));
  }

  private static Ask extend(CssSeat css, Stage stage) {
    String line = DmcssmText.extendNode(css.seqno());
    MonOp op = MonOp.MON_EXTEND_NODE;
    return new Ask(stage, css.at(), op, css.seqno(), line, DmcssmText.success(line));
  }

  private static void addByHand(
      List<Task> tasks, DmcssmState s, MonGroup group, MonOp op, String what) {
    String line = byHand(s, group, what);
    tasks.add(new Ask(Stage.MAIN, s.control().at(), op, 0, line, ""));
  }

  private static String byHand(DmcssmState s, MonGroup group, String what) {
    return DmcssmText.byHand(s.control().seqno(), what, group.getName());
  }

  private static void addOpenForce(List<Task> tasks, DmcssmState s, MonGroup group) {
    CssSeat control = s.control();
    String line = DmcssmText.openForce(control.seqno(), group.getName());
    tasks.add(new Ask(Stage.MAIN, control.at(), MonOp.MON_OPEN_FORCE, 0, line, ""));
  }

  private static void addClaim(List<Task> tasks, DmcssmState s) {
    CssSeat control = s.control();
    if (control != null) {
      MonOp op = MonOp.MON_CLAIM;
      tasks.add(0, new Ask(Stage.CLAIM, control.at(), op, control.seqno(), "", ""));
    }
  }

  private static void addCleanup(List<Task> tasks, DmcssmState s) {
    tasks.add(new Tell(Stage.CLEANUP, DmcssmText.CLEANUP));
    for (CssSeat css : s.live()) {
      String line = DmcssmText.cleaned(css.seqno());
      tasks.add(new Ask(Stage.CLEANUP, css.at(), MonOp.MON_CLEANUP, css.seqno(), "", line));
    }
  }
}
