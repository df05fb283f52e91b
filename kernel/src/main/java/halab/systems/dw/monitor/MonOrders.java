package halab.systems.dw.monitor;

import halab.dw.proto.ArchType;
import halab.dw.proto.DwStatus;
import halab.dw.proto.MonOp;
import halab.dw.proto.MonOrder;
import halab.dw.proto.Status;
import halab.kernel.Check;
import halab.systems.dw.monitor.Job.Ask;
import halab.systems.dw.monitor.Job.Release;
import halab.systems.dw.monitor.Job.Step;
import halab.systems.dw.monitor.Job.StillLost;
import halab.systems.dw.monitor.Job.Tell;
import halab.systems.dw.monitor.Job.Until;
import halab.systems.dw.monitor.MonTrigger.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the changing commands consist of, in the vendor's order (reference 5.7, 5.8, 6.3). */
final class MonOrders {
  /** Marks the instance as being in the middle of a command (reference 5.4). */
  static final String MARK = "SP_SET_GLOBAL_DW_STATUS(";

  private static final int SWITCHOVER = 6;
  private static final int TAKEOVER = 7;

  /** Recover interval of a standby that is detached, and of one that is attached, in seconds. */
  private static final long DETACHED_S = 86_400;

  private static final long ATTACHED_S = 3;

  private MonOrders() {}

  // ---- steps
  // -------------------------------------------------------------------------------------

  private static Ask ask(
      Seat at, MonOrder.Builder order, String before, String after, String what) {
    return new Ask(at.at, order.build(), before, after, MonText.failed(what));
  }

  private static MonOrder.Builder order(MonOp op) {
    return MonOrder.newBuilder().setOp(op);
  }

  private static Ask setMid(Seat seat) {
    String what = MonText.f("Notify dmwatcher(%s) to set MID", seat.instance());
    return ask(seat, order(MonOp.MON_SET_MID), "", "", what);
  }

  static Ask clearMid(Seat seat) {
    String what = MonText.f("Clean request of dmwatcher processer %s", seat.instance());
    String after = MonText.cleared(seat.instance());
    MonOrder order = order(MonOp.MON_CLEAR_MID).build();
    return new Ask(seat.at, order, "", after, MonText.failed(what), true);
  }

  private static Ask to(Seat seat, DwStatus status) {
    MonOrder.Builder order =
        switch (status) {
          case DW_SHUTDOWN -> order(MonOp.MON_STOP_WATCHER);
          case DW_STARTUP -> order(MonOp.MON_STARTUP_WATCHER);
          default -> order(MonOp.MON_SWITCH_STATUS).setStatus(status);
        };
    String name = MonText.watcher(status);
    return ask(
        seat,
        order,
        MonText.notifySwitch(seat.instance(), name),
        MonText.switched(seat.instance(), name),
        MonText.f("Switch dmwatcher %s to %s status", seat.instance(), name));
  }

  private static Ask sql(Seat seat, String sql) {
    return ask(
        seat,
        order(MonOp.MON_SQL).setText(sql),
        MonText.startSql(seat.instance(), sql),
        MonText.sqlDone(seat.instance(), sql),
        MonText.f("Instance %s execute sql %s", seat.instance(), sql));
  }

  private static Ask mark(Seat seat, int from, int to) {
    return sql(seat, MARK + from + ", " + to + ")");
  }

  /** Takes back the mark that this step has set. */
  static Ask unmark(Ask set) {
    String to = set.order().getText().replaceAll(".*, |\\)", "");
    String sql = MARK + to + ", 0)";
    MonOrder order = set.order().toBuilder().setText(sql).build();
    String name = set.failed().split(" ")[1];
    return new Ask(
        set.at(),
        order,
        MonText.startSql(name, sql),
        MonText.sqlDone(name, sql),
        MonText.failed(MonText.f("Instance %s execute sql %s", name, sql)),
        true);
  }

  private static Ask allInvalid(Seat seat) {
    String before = MonText.allInvalid(seat.instance());
    MonOrder.Builder order = order(MonOp.MON_ARCH_INVALID);
    return ask(seat, order, before, MonText.ALL_INVALID_DONE, before);
  }

  private static Ask invalid(Seat primary, Seat standby) {
    String line = MonText.archInvalid(primary.instance(), standby.instance());
    MonOrder.Builder order = order(MonOp.MON_ARCH_INVALID).setText(standby.instance());
    return ask(primary, order, line, MonText.success(line), line);
  }

  private static Ask recoverTime(Seat primary, String dest, long seconds) {
    String whose = dest.isEmpty() ? "all standbys" : "instance " + dest;
    String line =
        MonText.f(
            "Notify dmwatcher(%s) to set the recover time of %s to %d s",
            primary.instance(), whose, seconds);
    MonOrder.Builder order = order(MonOp.MON_SET_RECOVER_TIME).setDest(dest).setValue(seconds);
    return ask(primary, order, line, MonText.success(line), line);
  }

  private static Ask clearSend(Seat source, String dest) {
    String line =
        MonText.f("Notify dmwatcher(%s) to clear arch send info %s", source.instance(), dest);
    MonOrder.Builder order = order(MonOp.MON_CLEAR_SEND).setDest(dest);
    return ask(source, order, line.strip(), MonText.success(line.strip()), line.strip());
  }

  private static Ask clearApply(Seat seat) {
    String line = MonText.f("Notify dmwatcher(%s) to clear apply stat", seat.instance());
    return ask(seat, order(MonOp.MON_CLEAR_APPLY), line, MonText.success(line), line);
  }

  private static Ask setPara(Seat seat, String name, long value) {
    String line = MonText.f("Notify dmwatcher(%s) to set %s to %d", seat.instance(), name, value);
    MonOrder.Builder order = order(MonOp.MON_SET_PARA).setText(name).setValue(value);
    return ask(seat, order, line, MonText.success(line), line);
  }

  // ---- life of instances
  // ---------------------------------------------------------------------------

  private static void addStop(List<Step> steps, Seat seat, MonOp op, String what) {
    String line =
        MonText.f("Notify dmwatcher(%s) to %s instance %s", seat.instance(), what, seat.instance());
    String end = MonText.f("Instance %s %s", seat.instance(), what);
    steps.add(ask(seat, order(op), line, "", line));
    steps.add(new Until(seat.at, false, MonText.success(end), MonText.failed(end)));
  }

  /** A watcher in SHUTDOWN guards again with it. */
  private static void addStart(List<Step> steps, Seat seat) {
    String line =
        MonText.f("Notify dmwatcher(%s) to startup instance %s", seat.instance(), seat.instance());
    String end = MonText.f("Instance %s startup", seat.instance());
    steps.add(ask(seat, order(MonOp.MON_STARTUP_INSTANCE), line, "", line));
    steps.add(new Until(seat.at, true, MonText.success(end), MonText.failed(end)));
  }

  private static void addShutdownWatcher(List<Step> steps, Seat seat) {
    if (!seat.watcher(DwStatus.DW_SHUTDOWN)) {
      steps.add(to(seat, DwStatus.DW_SHUTDOWN));
    }
  }

  /** The primary first: what it writes at its end must still reach its standbys (reference 8). */
  private static List<Seat> stopOrder(MonState s, String group) {
    List<Seat> runs = s.active(group).stream().filter(MonRun::runs).toList();
    return Stream.concat(
            runs.stream().filter(Seat::primary), runs.stream().filter(x -> !x.primary()))
        .toList();
  }

  // ---- commands
  // --------------------------------------------------------------------------------------

  /** The job of a command that no row has refused. */
  static Job job(MonState s, Change c) {
    String group = MonRules.group(s, c);
    Seat db = MonRules.db(s, c);
    List<Step> steps = new ArrayList<>();
    switch (c.verb()) {
      case SWITCHOVER -> addSwitchover(steps, s.primary(group), db);
      case TAKEOVER, FORCE -> {
        steps.add(new StillLost(c.verb() == Verb.FORCE));
        addTakeover(steps, db);
      }
      case OPEN_DB -> addOpen(steps, db);
      case STARTUP_WATCHER, STARTUP_WATCHER_DB -> {
        for (Seat seat : meant(s, group, db)) {
          if (seat.watcher(DwStatus.DW_SHUTDOWN)) {
            steps.add(to(seat, DwStatus.DW_STARTUP));
          }
        }
      }
      case STOP_WATCHER, STOP_WATCHER_DB ->
          meant(s, group, db).forEach(seat -> addShutdownWatcher(steps, seat));
      case STARTUP_GROUP, STARTUP_DB ->
          MonRules.startable(meant(s, group, db)).forEach(seat -> addStart(steps, seat));
      case STOP_GROUP -> {
        s.active(group).forEach(seat -> addShutdownWatcher(steps, seat));
        stopOrder(s, group).forEach(x -> addStop(steps, x, MonOp.MON_STOP_INSTANCE, "shutdown"));
      }
      case STOP_DB -> {
        addShutdownWatcher(steps, db);
        addStop(steps, db, MonOp.MON_STOP_INSTANCE, "shutdown");
      }
      case KILL_GROUP, KILL_DB -> addKill(steps, meant(s, group, db));
      default -> addSetting(steps, s, c, group, db);
    }
    List<Step> all = new ArrayList<>();
    for (Seat seat : s.active(group)) {
      all.add(setMid(seat));
    }
    if (MonState.any(c.verb(), Verb.TAKEOVER, Verb.FORCE)) {
      tellMid(all, group);
    }
    all.addAll(steps);
    all.add(new Release());
    boolean screen = MonState.any(c.verb(), Verb.SWITCHOVER, Verb.TAKEOVER, Verb.FORCE);
    return Job.of(group, c.request(), title(c, db), screen, all);
  }

  private static String title(Change c, Seat db) {
    return switch (c.verb()) {
      case SWITCHOVER -> "Switchover instance " + db.instance();
      case TAKEOVER -> "Takeover use instance " + db.instance();
      case FORCE -> "Takeover force use instance " + db.instance();
      default -> "Command " + c.title();
    };
  }

  private static List<Seat> meant(MonState s, String group, Seat db) {
    return db == null ? s.active(group) : List.of(db);
  }

  private static void tellMid(List<Step> steps, String group) {
    steps.add(0, new Tell(MonText.setMid(group)));
    steps.add(new Tell(MonText.success(MonText.setMid(group))));
  }

  /** Reference 5.8; the manual sets archives invalid at the new primary alone. */
  private static void addSwitchover(List<Step> steps, Seat old, Seat next) {
    steps.add(new Tell(MonText.startSwitchover(next.instance())));
    steps.add(to(old, DwStatus.DW_SWITCHOVER));
    steps.add(to(next, DwStatus.DW_SWITCHOVER));
    steps.add(mark(old, 0, SWITCHOVER));
    steps.add(mark(next, 0, SWITCHOVER));
    steps.add(sql(old, "ALTER DATABASE MOUNT"));
    addApplyKeep(steps, next);
    steps.add(sql(next, "ALTER DATABASE MOUNT"));
    steps.add(sql(old, "ALTER DATABASE STANDBY"));
    steps.add(sql(next, "ALTER DATABASE PRIMARY"));
    steps.add(allInvalid(next));
    steps.add(sql(old, "ALTER DATABASE OPEN FORCE"));
    steps.add(sql(next, "ALTER DATABASE OPEN FORCE"));
    steps.add(mark(old, SWITCHOVER, 0));
    steps.add(mark(next, SWITCHOVER, 0));
    steps.add(to(old, DwStatus.DW_OPEN));
    steps.add(to(next, DwStatus.DW_OPEN));
  }

  /** A timely standby keeps nothing back: what it gets, its primary has on disk. */
  private static void addApplyKeep(List<Step> steps, Seat standby) {
    if (standby.archType() != ArchType.ARCH_TIMELY) {
      steps.add(sql(standby, "SP_APPLY_KEEP_PKG()"));
    }
  }

  /** Reference 5.7; a standby that is taken by force and stands at MOUNT is opened before. */
  private static void addTakeover(List<Step> steps, Seat next) {
    steps.add(new Tell(MonText.startTakeover(next.instance())));
    steps.add(to(next, DwStatus.DW_TAKEOVER));
    steps.add(mark(next, 0, TAKEOVER));
    if (next.at(Status.MOUNT)) {
      steps.add(sql(next, "ALTER DATABASE OPEN FORCE"));
    }
    addApplyKeep(steps, next);
    steps.add(sql(next, "ALTER DATABASE MOUNT"));
    steps.add(sql(next, "ALTER DATABASE PRIMARY"));
    steps.add(allInvalid(next));
    steps.add(sql(next, "ALTER DATABASE OPEN FORCE"));
    steps.add(mark(next, TAKEOVER, 0));
    steps.add(to(next, DwStatus.DW_OPEN));
  }

  /** The automatic takeover by this standby. */
  static Job auto(MonState s, Seat next) {
    List<Step> steps = new ArrayList<>();
    for (Seat seat : s.active(next.group)) {
      steps.add(setMid(seat));
    }
    tellMid(steps, next.group);
    steps.add(0, new Tell(MonText.autoTakeover(next.group)));
    steps.add(new StillLost(false));
    addTakeover(steps, next);
    steps.add(new Release());
    return Job.takeover(next.group, next.instance(), steps);
  }

  private static void addOpen(List<Step> steps, Seat db) {
    steps.add(to(db, DwStatus.DW_OPEN_FORCE));
    if (db.primary()) {
      steps.add(allInvalid(db));
    }
    steps.add(sql(db, "ALTER DATABASE OPEN FORCE"));
    steps.add(to(db, DwStatus.DW_OPEN));
  }

  private static void addKill(List<Step> steps, List<Seat> seats) {
    for (Seat seat : seats) {
      addShutdownWatcher(steps, seat);
      if (MonRun.runs(seat)) {
        addStop(steps, seat, MonOp.MON_KILL_INSTANCE, "kill");
      }
    }
  }

  private static void addSetting(List<Step> steps, MonState s, Change c, String group, Seat db) {
    Seat primary = s.primary(group);
    switch (c.verb()) {
      case DETACH -> {
        steps.add(recoverTime(primary, db.instance(), DETACHED_S));
        addInvalid(steps, primary, List.of(db));
      }
      case ATTACH -> steps.add(recoverTime(primary, db.instance(), ATTACHED_S));
      case RECOVER_TIME_GROUP -> steps.add(recoverTime(primary, "", MonRules.number(c.value())));
      case RECOVER_TIME_DB ->
          steps.add(recoverTime(primary, db.instance(), MonRules.number(c.value())));
      case ARCH_INVALID_GROUP -> addInvalid(steps, primary, s.standbys(group));
      case ARCH_INVALID_DB -> addInvalid(steps, primary, List.of(db));
      case SET_PARA -> {
        long value = MonRules.number(c.value());
        s.active(group).forEach(seat -> steps.add(setPara(seat, c.para(), value)));
      }
      case CLEAR_SEND_GROUP -> steps.add(clearSend(primary, ""));
      case CLEAR_SEND_DB -> steps.add(clearSend(primary, db.instance()));
      case CLEAR_APPLY_GROUP ->
          s.active(group).stream().filter(Seat::standby).forEach(x -> steps.add(clearApply(x)));
      case CLEAR_APPLY_DB -> steps.add(clearApply(db));
      default -> throw new Check.Failed(c.verb() + " asks nothing of a watcher");
    }
  }

  private static void addInvalid(List<Step> steps, Seat primary, List<Seat> standbys) {
    steps.add(to(primary, DwStatus.DW_CHANGE_ARCH));
    for (Seat standby : standbys) {
      if (primary.arch(standby.instance()) != null) {
        steps.add(invalid(primary, standby));
      }
    }
    steps.add(to(primary, DwStatus.DW_OPEN));
  }

  /** Has an instance check the user: the primary, or a standby where there is none. */
  static Job login(MonTrigger.Login login, Seat seat) {
    MonOrder.Builder order =
        order(MonOp.MON_LOGIN).setText(login.user()).setSecret(login.password());
    String what = MonText.f("Login check by instance %s", seat.instance());
    return Job.login(seat.group, login.request(), ask(seat, order, "", "", what));
  }
}
