package halab.systems.dw;

import static halab.systems.dw.Dmwatcher.ALIVE;
import static halab.systems.dw.DwPhase.CLEAR_RAPPLY_STAT;
import static halab.systems.dw.DwPhase.CLEAR_SEND_INFO;
import static halab.systems.dw.DwPhase.CONFIRM;
import static halab.systems.dw.DwPhase.LOGIN_CHECK;
import static halab.systems.dw.DwPhase.OPEN;
import static halab.systems.dw.DwPhase.SHUTDOWN;
import static halab.systems.dw.DwPhase.STARTUP;

import halab.dw.proto.Mode;
import halab.dw.proto.MonOp;
import halab.dw.proto.OrderKind;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dw.DwJob.Step;
import halab.systems.dw.config.DmwatcherIni;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Rows 870 to 899 of dmwatcher: what monitors have done to the watcher, the life of its instance,
 * settings, statistics and logins (reference 6.3; manual 4.5).
 */
final class DwDeeds {
  static final int RUNS_ALREADY = -8223;
  static final int DOWN_ALREADY = -8655;
  static final int RESTARTS_ITSELF = -8686;
  static final int NOT_NOW = -8277;
  static final int NO_LOGIN = -8203;
  static final int BAD_PARA = -8498;
  static final int PARA_NOT_NOW = -8220;
  static final int NOT_WRITTEN = -8503;
  static final int NOT_OF_PRIMARY = -8508;
  static final int BAD_INTERVAL = -8515;
  static final int UNKNOWN = -16;

  private static final Set<DwPhase> SETTLED = EnumSet.of(STARTUP, OPEN, SHUTDOWN);
  private static final Set<DwPhase> GUARDING = EnumSet.of(STARTUP, OPEN, CONFIRM);
  private static final Set<DwPhase> SHORT =
      EnumSet.of(LOGIN_CHECK, CLEAR_SEND_INFO, CLEAR_RAPPLY_STAT);

  private DwDeeds() {}

  static void add(Table<WatcherState, DwPhase> t) {
    watcher(t);
    life(t);
    settings(t);
    shortOnes(t);
    t.refuse(
        899,
        ALIVE,
        DwTrigger.Asked.class,
        null,
        DwOrders.no(UNKNOWN, "no such order"),
        "an order that it does not know");
  }

  private static void watcher(Table<WatcherState, DwPhase> t) {
    t.move(
            870,
            SHUTDOWN,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STARTUP_WATCHER),
            STARTUP,
            DwOrders.enter(STARTUP),
            "startup dmwatcher")
        .stay(
            871,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STARTUP_WATCHER),
            DwOrders.act(DwOrders::done),
            "startup dmwatcher: it guards already")
        .stay(
            872,
            SHUTDOWN,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STOP_WATCHER),
            DwOrders.act(DwOrders::done),
            "stop dmwatcher: it does not guard")
        .move(
            873,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STOP_WATCHER),
            SHUTDOWN,
            DwRows.to(SHUTDOWN, DwOrders.act(DwDeeds::stopGuarding)),
            "stop dmwatcher: it reports and obeys, and handles no fault");
  }

  private static WatcherState stopGuarding(
      WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    DwOrders.done(s, t, now, out);
    return DwJobs.abandon(s, DwRecover.INTERRUPTED, "the dmwatcher is stopped", out);
  }

  // ---- the instance's life ---------------------------------------------------------------------

  private static void life(Table<WatcherState, DwPhase> t) {
    t.refuse(
            874,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STARTUP_INSTANCE) && s.inst.ok(),
            DwOrders.no(RUNS_ALREADY, "the instance runs already"),
            "startup database: it runs")
        .refuse(
            875,
            EnumSet.complementOf(EnumSet.of(SHUTDOWN, DwPhase.DOWN)),
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STARTUP_INSTANCE) && s.ini.instAutoRestart(),
            DwOrders.no(RESTARTS_ITSELF, "the dmwatcher restarts the instance by itself"),
            "startup database: INST_AUTO_RESTART does it")
        .stay(
            876,
            STARTUP,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STARTUP_INSTANCE),
            DwOrders.act(DwDeeds::start),
            "startup database")
        .move(
            877,
            SHUTDOWN,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STARTUP_INSTANCE),
            STARTUP,
            DwRows.to(STARTUP, DwOrders.act(DwDeeds::start)),
            "startup database: it guards again")
        .refuse(
            878,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STOP_INSTANCE) && !s.inst.ok(),
            DwOrders.no(DOWN_ALREADY, "the instance is in SHUTDOWN status already"),
            "stop database: it does not run")
        .stay(
            879,
            SHUTDOWN,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STOP_INSTANCE),
            DwOrders.act(DwDeeds::stopInstance),
            "stop database: an orderly stop")
        .move(
            880,
            GUARDING,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_STOP_INSTANCE),
            SHUTDOWN,
            DwRows.to(SHUTDOWN, DwOrders.act(DwDeeds::stopInstance)),
            "stop database: it does not guard any more, an orderly stop")
        .stay(
            881,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_KILL_INSTANCE) && !s.inst.known(),
            DwOrders.act(DwOrders::done),
            "kill database: there is none")
        .stay(
            882,
            SHUTDOWN,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_KILL_INSTANCE),
            DwOrders.act(DwDeeds::kill),
            "kill database")
        .move(
            883,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_KILL_INSTANCE),
            SHUTDOWN,
            DwRows.to(SHUTDOWN, DwOrders.act(DwDeeds::kill)),
            "kill database: it does not guard any more")
        .refuse(
            884,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) ->
                DwOrders.is(x, MonOp.MON_STARTUP_INSTANCE)
                    || DwOrders.is(x, MonOp.MON_STOP_INSTANCE),
            DwOrders.no(NOT_NOW, "the dmwatcher is not in STARTUP, OPEN or SHUTDOWN status"),
            "not while a command or an automatic action runs");
  }

  private static WatcherState start(WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    return DwGuard.start(s, now, out).with(x -> x.awaited = t);
  }

  private static WatcherState stopInstance(
      WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    return DwOrders.order(s, t, Step.to(OrderKind.ORDER_SHUTDOWN, ""), now, out);
  }

  private static WatcherState kill(WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    return DwGuard.end(s, out).with(x -> x.awaited = t);
  }

  // ---- settings --------------------------------------------------------------------------------

  private static void settings(Table<WatcherState, DwPhase> t) {
    t.refuse(
            885,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) ->
                DwOrders.is(x, MonOp.MON_SET_PARA)
                    && !DwParas.valid(x.message().getText(), x.message().getValue()),
            DwOrders.no(BAD_PARA, "invalid name or value of a parameter"),
            "set: no such parameter, or out of its range")
        .stay(
            886,
            SETTLED,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_SET_PARA),
            DwOrders.act(DwDeeds::set),
            "set: in memory and in dmwatcher.ini")
        .refuse(
            887,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_SET_PARA),
            DwOrders.no(PARA_NOT_NOW, "the dmwatcher's status does not allow it"),
            "set: not in this state")
        .stay(888, ALIVE, Event.FileSaved.class, null, DwDeeds::saved, "a file is written, or not")
        .refuse(
            889,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) ->
                interval(x) && (x.message().getValue() < 3 || x.message().getValue() > 86_400),
            DwOrders.no(BAD_INTERVAL, "an interval has 3 to 86400 seconds"),
            "set recover time: out of its range")
        .stay(
            890,
            GUARDING,
            DwTrigger.Asked.class,
            (s, x, now) -> interval(x) && s.inst.ok() && s.inst.is(Mode.PRIMARY),
            DwOrders.act(DwDeeds::recoverTime),
            "set recover time: in memory, until the next attempt")
        .refuse(
            891,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> interval(x),
            DwOrders.no(NOT_OF_PRIMARY, "it is no primary's dmwatcher in STARTUP or OPEN status"),
            "set recover time: for a primary's watcher")
        .stay(
            892,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_DETACH) || DwOrders.is(x, MonOp.MON_ATTACH),
            DwOrders.act(DwDeeds::detach),
            "detached from the group, or attached again");
  }

  private static boolean interval(DwTrigger.Asked t) {
    return DwOrders.is(t, MonOp.MON_SET_RECOVER_TIME);
  }

  private static WatcherState set(WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    String name = t.message().getText();
    long value = t.message().getValue();
    String text = DwParas.rewritten(s.iniText, name, value);
    long request = s.number + 1;
    out.add(new Effect.SaveFile(request, Effect.Folder.CONFIG, DmwatcherIni.FILE, text));
    DwText.info(out, "%s is set to %d", name, value);
    return s.with(
            x -> {
              x.number = request;
              x.saving = request;
              x.awaited = t;
              x.iniText = text;
              x.ini = DwParas.with(s.ini, name, value);
            })
        .tell();
  }

  private static WatcherState saved(WatcherState s, Event.FileSaved t, Now now, List<Effect> out) {
    if (t.failure() != null) {
      DwText.error(out, "%s cannot be written: %s", t.name(), t.failure());
    }
    if (s.awaited == null || t.request() != s.saving) {
      return s;
    }
    boolean good = t.failure() == null;
    DwJobs.answer(s.awaited, good ? 0 : NOT_WRITTEN, good ? "" : t.failure(), out);
    return s.with(
        x -> {
          x.awaited = null;
          x.saving = 0;
        });
  }

  private static WatcherState recoverTime(
      WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    DwOrders.done(s, t, now, out);
    String dest = t.message().getDest();
    int seconds = (int) t.message().getValue();
    WatcherState next = s;
    for (String target : s.targets) {
      if (dest.isEmpty() || dest.equals(target)) {
        next = next.withTurn(target, s.turn(target).every(seconds));
      }
    }
    return next.tell();
  }

  private static WatcherState detach(WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    DwOrders.done(s, t, now, out);
    return s.with(x -> x.detached = DwOrders.is(t, MonOp.MON_DETACH)).tell();
  }

  // ---- what takes a moment ---------------------------------------------------------------------

  private static void shortOnes(Table<WatcherState, DwPhase> t) {
    t.refuse(
            893,
            ALIVE,
            DwTrigger.Asked.class,
            (s, x, now) -> brief(x) && !s.inst.ok(),
            DwOrders.no(NO_LOGIN, "the instance is in error"),
            "the instance is lost")
        .move(
            894,
            EnumSet.of(STARTUP, OPEN),
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_LOGIN),
            LOGIN_CHECK,
            DwRows.to(LOGIN_CHECK, DwOrders.act(DwDeeds::brieflyDone)),
            "a monitor logs in: the instance checks user and password")
        .move(
            895,
            EnumSet.of(STARTUP, OPEN),
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_CLEAR_SEND),
            CLEAR_SEND_INFO,
            DwRows.to(CLEAR_SEND_INFO, DwOrders.act(DwDeeds::brieflyDone)),
            "clear arch send info")
        .move(
            896,
            EnumSet.of(STARTUP, OPEN),
            DwTrigger.Asked.class,
            (s, x, now) -> DwOrders.is(x, MonOp.MON_CLEAR_APPLY),
            CLEAR_RAPPLY_STAT,
            DwRows.to(CLEAR_RAPPLY_STAT, DwOrders.act(DwDeeds::brieflyDone)),
            "clear apply stat")
        .move(
            897,
            SHORT,
            DwTrigger.Done.class,
            (s, x, now) -> s.back == OPEN,
            OPEN,
            DwRows.to(OPEN, DwJobs::finish),
            "back to what it was")
        .move(
            898,
            SHORT,
            DwTrigger.Done.class,
            null,
            STARTUP,
            DwRows.to(STARTUP, DwJobs::finish),
            "back to what it was");
  }

  private static boolean brief(DwTrigger.Asked t) {
    return switch (t.op()) {
      case MON_LOGIN, MON_CLEAR_SEND, MON_CLEAR_APPLY -> true;
      default -> false;
    };
  }

  private static WatcherState brieflyDone(
      WatcherState s, DwTrigger.Asked t, Now now, List<Effect> out) {
    Step step =
        switch (t.op()) {
          case MON_LOGIN ->
              new Step(OrderKind.ORDER_LOGIN, t.message().getText(), "", t.message().getSecret());
          case MON_CLEAR_SEND -> Step.to(OrderKind.ORDER_CLEAR_SEND, t.message().getDest());
          default -> Step.to(OrderKind.ORDER_CLEAR_APPLY, "");
        };
    return DwOrders.order(s.with(x -> x.back = s.phase), t, step, now, out);
  }
}
