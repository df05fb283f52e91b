package halab.systems.dw.monitor;

import static halab.systems.dw.monitor.MonState.Phase.ALONE;
import static halab.systems.dw.monitor.MonState.Phase.COMMAND;
import static halab.systems.dw.monitor.MonState.Phase.TAKEOVER;
import static halab.systems.dw.monitor.MonState.Phase.WATCHING;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Event.Tick;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.Role;
import halab.systems.dw.monitor.MonState.Phase;
import halab.systems.dw.monitor.MonTrigger.Change;
import halab.systems.dw.monitor.MonTrigger.Done;
import halab.systems.dw.monitor.MonTrigger.Exit;
import halab.systems.dw.monitor.MonTrigger.Foreign;
import halab.systems.dw.monitor.MonTrigger.Login;
import halab.systems.dw.monitor.MonTrigger.Logout;
import halab.systems.dw.monitor.MonTrigger.Refused;
import halab.systems.dw.monitor.MonTrigger.Screen;
import halab.systems.dw.monitor.MonTrigger.State;
import halab.systems.dw.monitor.MonTrigger.Stray;
import halab.systems.dw.monitor.MonTrigger.Unknown;
import halab.systems.dw.monitor.MonTrigger.Wallet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The monitor as a table. Messages change the picture; what follows from the picture is decided by
 * the rows on Tick, which comes at once when something has changed.
 */
public final class Dmmonitor {
  private static final Set<Phase> ANY = EnumSet.allOf(Phase.class);
  private static final Set<Phase> BUSY = EnumSet.of(COMMAND, TAKEOVER);
  private static final Set<Phase> FREE = EnumSet.of(ALONE, WATCHING);

  static final Table<MonState, Phase> TABLE = table();

  /** The role that daemons and simulator play. */
  public static final Role<MonState> ROLE =
      new Role<>(
          "dmmonitor",
          "css-monitor",
          TABLE,
          MonBoot::boot,
          MonBoot::view,
          MonBoot::instance,
          new MonLog());

  private Dmmonitor() {}

  private static Table<MonState, Phase> table() {
    Table<MonState, Phase> t =
        new Table<>(
            "dmmonitor",
            Phase.class,
            s -> s.phase,
            MonState::withPhase,
            MonLinks::wakeAtMs,
            MonTrigger::decode,
            s -> "dmmonitor",
            MonTrigger.ALL);
    addLinkRows(t);
    addScreenRows(t);
    addLoginRows(t);
    addRefusals(t);
    addSwitchRefusals(t);
    addTakeoverRefusals(t);
    t.move(490, WATCHING, Change.class, null, COMMAND, Dmmonitor::begin, "it is carried out");
    addDecisions(t);
    return t.stay(900, ANY, Event.StopRequested.class, null, Dmmonitor::stop, "asked to end")
        .ignore(990, ANY, Stray.class, "from nobody it watches, or nothing it asked for");
  }

  private static void addLinkRows(Table<MonState, Phase> t) {
    t.stay(10, ALONE, Event.Started.class, null, MonLinks::start, "greets, dials every watcher")
        .stay(20, ANY, Event.LinkUp.class, null, MonLinks::linkUp, "says who it is")
        .stay(30, ANY, Event.LinkDown.class, null, MonLinks::linkDown, "only silence is a fault")
        .move(
            40,
            ALONE,
            State.class,
            MonLinks::ofOurs,
            WATCHING,
            MonLinks::state,
            "a watcher tells its state")
        .stay(42, ANY, State.class, MonLinks::ofOurs, MonLinks::state, "the picture is renewed")
        .ignore(44, ANY, State.class, "of another group or OGUID")
        .stay(50, ANY, Done.class, MonRun::awaited, MonRun::answered, "the answer waited for")
        .ignore(52, ANY, Done.class, "too late, or of no command")
        .stay(
            60,
            ANY,
            Refused.class,
            MonLinks::secondConfirm,
            MonLinks::giveWay,
            "there is a confirm monitor: the second one ends")
        .stay(62, ANY, Refused.class, null, MonLinks::refused, "tells why it may not watch");
  }

  private static void addScreenRows(Table<MonState, Phase> t) {
    screen(t, 100, MonScreens::noData, -8457, "no watcher has told anything yet");
    screen(t, 102, MonScreens::badGroup, -8146, "no such group");
    screen(t, 104, MonScreens::badDb, -8045, "no such instance");
    screen(t, 106, MonScreens::badInterval, -16, "n is from 5 to 3600");
    screen(t, 108, MonScreens::sendsNowhere, -8570, "no primary sends to it");
    screen(t, 110, MonScreens::noStandby, -8062, "it applies nothing");
    screen(t, 112, MonScreens::choosesBesidePrimary, -8388, "the primary lives");
    screen(t, 114, MonScreens::nobodyToChoose, -8496, "no standby is fit for it");
    screen(t, 116, MonScreens::notConfirm, -8726, "only the confirm monitor takes over");
    screen(t, 118, MonScreens::manual, -8728, "the user takes over");
    t.stay(120, ANY, Screen.class, null, MonScreens::show, "it is shown")
        .stay(130, ANY, Exit.class, null, Dmmonitor::exit, "the console closes, it watches on")
        .refuse(132, ANY, Foreign.class, null, Dmmonitor::foreign, "for another kind of system")
        .refuse(134, ANY, Unknown.class, null, Dmmonitor::unknown, "not a command");
  }

  private static void screen(
      Table<MonState, Phase> t, int row, Table.Guard<MonState, Screen> when, int code, String why) {
    Table.Action<MonState, Screen> action =
        (s, c, now, out) -> {
          String usage = code == -16 ? c.verb().usage() : "";
          MonRun.reply(s, c.request(), ExitCode.NO, MonText.error(code, usage), now, out);
          return s;
        };
    t.refuse(row, ANY, Screen.class, when, action, why);
  }

  private static void addLoginRows(Table<MonState, Phase> t) {
    t.refuse(200, ANY, Wallet.class, null, answer(-29), "there is no wallet")
        .refuse(204, BUSY, Login.class, null, answer(-8038), "one command at a time")
        .refuse(206, FREE, Login.class, MonLogin::bad, answer(-8197), "empty, or too long")
        .refuse(208, FREE, Login.class, MonLogin::nobody, answer(-8204), "no instance to check it")
        .move(210, WATCHING, Login.class, null, COMMAND, MonLogin::check, "an instance checks it")
        .refuse(212, FREE, Login.class, null, answer(-8204), "no instance to check it")
        .refuse(240, ANY, Logout.class, MonLogin::loggedOut, answer(-5), "it was not logged in")
        .stay(242, ANY, Logout.class, null, MonLogin::logout, "commands need a login again");
  }

  /** What every command needs (reference 6.4). */
  private static void addRefusals(Table<MonState, Phase> t) {
    refusal(t, 300, BUSY, null, -8038, "one changing command at a time");
    refusal(t, 302, ALONE, null, -8457, "nobody to ask");
    refusal(t, 304, MonRules::noGroup, -8146, "no such group");
    refusal(t, 306, MonRules::groupMissing, -8456, "there are several groups");
    refusal(t, 308, MonRules::noDb, -8045, "no such instance");
    refusal(t, 310, MonRules::dbMissing, -8455, "there are several standbys, or none");
    refusal(t, 312, MonRules::groupSilent, -8457, "the group has no active watcher");
    refusal(t, 314, MonRules::notLoggedIn, -5, "it needs a login");
    refusal(t, 316, MonRules::watcherSilent, -8457, "its watcher is not heard");
    refusal(t, 318, MonRules::local, -8497, "an asynchronous standby takes no part in it");
    refusal(t, 320, MonRules::startsRestarting, -8686, "its watcher starts it");
    refusal(t, 322, MonRules::startsRunning, -8223, "it runs");
    refusal(t, 324, MonRules::stopsStopped, -8655, "it does not run");
    refusal(t, 326, MonRules::stopsStoppedGroup, -8257, "none runs");
    refusal(t, 328, MonRules::stopsAttached, -8656, "its primary would be suspended");
    refusal(t, 330, MonRules::killsDead, -8661, "it does not run");
    refusal(t, 340, MonRules::meansPrimary, -8521, "it is the primary");
    refusal(t, 342, MonRules::withoutPrimary, -8523, "the primary has to do it");
    refusal(t, 344, MonRules::primaryBusy, -8508, "the primary's watcher is at work");
    refusal(t, 346, MonRules::noArchive, -8570, "the primary does not send to it");
    refusal(t, 348, MonRules::splitStandby, -8401, "it is split");
    refusal(t, 350, MonRules::attachesDead, -8552, "it does not run");
    refusal(t, 352, MonRules::attachesValid, -8551, "it is attached");
    refusal(t, 354, MonRules::badTime, -8515, "3 to 86400 s");
    refusal(t, 356, MonRules::badPara, -8498, "no such parameter or value");
    refusal(t, 358, MonRules::setsBusy, -8220, "a watcher is at work");
    refusal(t, 360, MonRules::noStandby, -8496, "the group has no standby");
  }

  /** Reference 5.8 and 5.3. */
  private static void addSwitchRefusals(Table<MonState, Phase> t) {
    refusal(t, 400, MonRules::switchesPrimary, -8106, "it is the primary");
    refusal(t, 402, MonRules::switchesWithoutPrimary, -8079, "no primary to switch from");
    refusal(t, 404, MonRules::switchesSplit, -8389, "it is split");
    refusal(t, 406, MonRules::switchesUnfit, -8344, "STANDBY, OPEN, and its watcher OPEN");
    refusal(t, 408, MonRules::switchesInvalid, -8111, "it may lack commits");
    refusal(t, 410, MonRules::switchesOtherHistory, -8402, "it is of another branch");
    refusal(t, 412, MonRules::opensUnmounted, -8037, "it is not at MOUNT");
    refusal(t, 414, MonRules::opensUnguarded, -8371, "its watcher is not at STARTUP");
    refusal(t, 416, MonRules::opensSecond, -8360, "there is a primary");
  }

  /** Reference 5.7; manual, 6.6 and 6.7. */
  private static void addTakeoverRefusals(Table<MonState, Phase> t) {
    refusal(t, 430, Takeover::primaryServes, -8394, "the primary serves");
    refusal(t, 432, Takeover::primaryUnknown, -8395, "nothing is known of the primary");
    refusal(t, 434, Takeover::primaryIsBack, -8399, "the primary is about to be opened");
    refusal(t, 436, Takeover::primaryUnguarded, -8398, "its watcher was at work when it failed");
    refusal(t, 438, Takeover::primaryHeard, -8420, "a standby hears the primary");
    refusal(t, 440, Takeover::watcherElsewhere, -8458, "its watcher is at work");
    refusal(t, 442, Takeover::notStandby, -8459, "it is no standby");
    refusal(t, 444, Takeover::notOpenOrMount, -8460, "it is not up");
    refusal(t, 446, Takeover::watcherNotOpen, -8390, "its watcher is at work");
    refusal(t, 448, Takeover::notStandbyOpen, -8392, "it is not an OPEN standby");
    refusal(t, 450, Takeover::ctlNotValid, -8401, "it is split");
    refusal(t, 452, Takeover::archInvalid, -8400, "it may lack commits");
    refusal(t, 454, Takeover::otherHistory, -8402, "it is of another branch");
    refusal(t, 456, Takeover::lessThanPrimary, -8397, "it lacks what the primary had on disk");
    refusal(t, 458, Takeover::lessThanOther, -8393, "another standby has more");
  }

  /** What follows from the picture. */
  private static void addDecisions(Table<MonState, Phase> t) {
    t.move(500, BUSY, Tick.class, over(), WATCHING, finish(), "the command is over")
        .stay(
            510,
            ANY,
            Tick.class,
            when(MonLinks::silent),
            then(MonLinks::giveUp),
            "a watcher was silent for DW_ERROR_TIME: it is in ERROR")
        .stay(
            520,
            BUSY,
            Tick.class,
            when(MonRun::late),
            then(MonRun::timeOut),
            "a step of the command takes too long")
        .stay(
            521,
            BUSY,
            Tick.class,
            when(MonRun::unanswered),
            then(MonRun::askAgain),
            "no answer about the MID: asked once more")
        .stay(
            522,
            BUSY,
            Tick.class,
            when(MonRun::hopeless),
            then(MonRun::giveUp),
            "who has to do the step is lost")
        .move(
            530,
            WATCHING,
            Tick.class,
            when(Takeover::isDue),
            TAKEOVER,
            then(Takeover::begin),
            "AUTO: the primary is lost to watchers and standbys, a VALID standby takes over")
        .stay(
            540,
            ANY,
            Tick.class,
            when(Confirm::agrees),
            then(Confirm::agree),
            "CONFIRM: the primary lives and nobody takes it over: it may go on alone")
        .refuse(
            542,
            ANY,
            Tick.class,
            when(Confirm::forbids),
            then(Confirm::forbid),
            "CONFIRM: another member is the primary now, or is about to be")
        .stay(
            544,
            ANY,
            Tick.class,
            when(Confirm::opens),
            then(Confirm::open),
            "a member is missing, and nobody is ahead of the primary: it may be opened")
        .refuse(
            546,
            ANY,
            Tick.class,
            when(Confirm::forbidsOpen),
            then(Confirm::forbidOpen),
            "a member is missing, and somebody is ahead of it or serves")
        .move(
            550,
            WATCHING,
            Tick.class,
            (s, e, now) -> !s.anyActive(),
            ALONE,
            null,
            "the last watcher is silent")
        .stay(
            560,
            ANY,
            Tick.class,
            when(MonScreens::due),
            then(MonScreens::showAgain),
            "show interval")
        .stay(
            562,
            ANY,
            Tick.class,
            when(MonScreens::logDue),
            then(MonScreens::log),
            "MON_LOG_INTERVAL")
        .stay(
            564,
            ANY,
            Tick.class,
            when(MonLinks::greetingDue),
            then(MonLinks::greetAgain),
            "a watcher is linked and says nothing")
        .stay(590, ANY, Tick.class, null, then(Dmmonitor::rest), "nothing is to be decided");
  }

  /** Something about the picture at this moment. */
  private interface Look {
    boolean holds(MonState s, Now now);
  }

  /** What is done about it. */
  private interface Deed {
    MonState apply(MonState s, Now now, List<Effect> out);
  }

  private static Table.Guard<MonState, Tick> when(Look look) {
    return (s, e, now) -> look.holds(s, now);
  }

  private static Table.Action<MonState, Tick> then(Deed deed) {
    return (s, e, now, out) -> deed.apply(s, now, out);
  }

  private static Table.Guard<MonState, Tick> over() {
    return when(MonRun::over);
  }

  private static Table.Action<MonState, Tick> finish() {
    return then(MonRun::finish);
  }

  /** Looks again when an answer may have been lost, or a takeover may be tried once more. */
  private static MonState rest(MonState s, Now now, List<Effect> out) {
    long at = Math.min(Confirm.againAtMs(s), Takeover.retryAtMs(s, now));
    return s.with(x -> x.lookAtMs = Math.max(at, now.monoMs() + 1));
  }

  private static void refusal(
      Table<MonState, Phase> t, int row, Table.Guard<MonState, Change> when, int code, String why) {
    refusal(t, row, EnumSet.of(WATCHING), when, code, why);
  }

  private static void refusal(
      Table<MonState, Phase> t,
      int row,
      Phase from,
      Table.Guard<MonState, Change> when,
      int code,
      String why) {
    refusal(t, row, EnumSet.of(from), when, code, why);
  }

  private static void refusal(
      Table<MonState, Phase> t,
      int row,
      Set<Phase> from,
      Table.Guard<MonState, Change> when,
      int code,
      String why) {
    Table.Action<MonState, Change> action =
        (s, c, now, out) -> {
          String detail = when == null || code == -5 ? "" : MonRules.detail(s, c);
          MonRun.reply(s, c.request(), ExitCode.NO, MonText.error(code, detail), now, out);
          return s;
        };
    t.refuse(row, from, Change.class, when, action, why);
  }

  private static <T extends MonTrigger.Asked> Table.Action<MonState, T> answer(int code) {
    return (s, c, now, out) -> {
      MonRun.reply(s, c.request(), ExitCode.NO, MonText.error(code), now, out);
      return s;
    };
  }

  private static MonState begin(MonState s, Change c, Now now, List<Effect> out) {
    Job job = MonOrders.job(s, c);
    return MonRun.advance(
        s.with(
            x -> {
              x.job = job;
              x.showAtMs = Long.MAX_VALUE; // any command ends show interval
            }),
        now,
        out);
  }

  private static MonState exit(MonState s, Exit t, Now now, List<Effect> out) {
    out.add(new Effect.Reply(t.request(), ExitCode.OK, "", true));
    return s;
  }

  private static MonState foreign(MonState s, Foreign t, Now now, List<Effect> out) {
    String text =
        switch (t.verb().kind()) {
          case RAFT -> MonText.error(-33, MonText.RAFT_ONLY);
          case DSC -> MonText.error(-8496, MonText.DSC_ONLY);
          default -> MonText.MPP_ONLY;
        };
    MonRun.reply(s, t.request(), ExitCode.NO, text, now, out);
    return s;
  }

  private static MonState unknown(MonState s, Unknown u, Now now, List<Effect> out) {
    String text =
        u.usage().isEmpty()
            ? MonText.f("unknown command: %s (help lists the commands)", u.words())
            : MonText.error(-16) + ", the usage is: " + u.usage() + " (see: help)";
    MonRun.reply(s, u.request(), ExitCode.NO, text, now, out);
    return s;
  }

  private static MonState stop(MonState s, Event.StopRequested t, Now now, List<Effect> out) {
    out.add(new Effect.Halt(ExitCode.OK, "asked to end"));
    return s;
  }
}
