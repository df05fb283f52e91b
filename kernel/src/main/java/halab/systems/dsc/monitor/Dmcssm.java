package halab.systems.dsc.monitor;

import static halab.systems.dsc.monitor.DmcssmState.Phase.ALONE;
import static halab.systems.dsc.monitor.DmcssmState.Phase.ELECTING;
import static halab.systems.dsc.monitor.DmcssmState.Phase.READY;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.Role;
import halab.systems.Site;
import halab.systems.View;
import halab.systems.dsc.CssmCode;
import halab.systems.dsc.config.DmcssmIni;
import halab.systems.dsc.monitor.DmcssmState.Phase;
import halab.systems.dsc.monitor.MonTrigger.Answer;
import halab.systems.dsc.monitor.MonTrigger.Change;
import halab.systems.dsc.monitor.MonTrigger.Exit;
import halab.systems.dsc.monitor.MonTrigger.Help;
import halab.systems.dsc.monitor.MonTrigger.Push;
import halab.systems.dsc.monitor.MonTrigger.Refused;
import halab.systems.dsc.monitor.MonTrigger.Relay;
import halab.systems.dsc.monitor.MonTrigger.Show;
import halab.systems.dsc.monitor.MonTrigger.ShowConfig;
import halab.systems.dsc.monitor.MonTrigger.ShowMonitor;
import halab.systems.dsc.monitor.MonTrigger.Stray;
import halab.systems.dsc.monitor.MonTrigger.Unknown;
import halab.systems.dsc.monitor.MonTrigger.Welcome;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The monitor as a table. Its phase is what it knows of the CSSs; commands run beside it. */
public final class Dmcssm {
  private static final Set<Phase> ANY = EnumSet.allOf(Phase.class);
  private static final Set<Phase> LIVE = EnumSet.of(ELECTING, READY);

  static final Table<DmcssmState, Phase> TABLE = table();

  /** The role that daemons and simulator play. */
  public static final Role<DmcssmState> ROLE =
      new Role<>(
          "dmcssm",
          "css-monitor",
          TABLE,
          Dmcssm::boot,
          Dmcssm::view,
          Dmcssm::instance,
          new DmcssmLog());

  private Dmcssm() {}

  /** What a monitor printed at its start, by its log, which keeps no blank lines. */
  public static List<String> startLines(List<String> log) {
    List<String> texts =
        List.of(
            DmcssmText.VERSION,
            DmcssmText.READY,
            DmcssmText.WAIT_CONTROL,
            DmcssmText.CONTROL_CHOSEN);
    List<String> found = new ArrayList<>();
    for (String line : log) {
      if (found.size() < texts.size() && line.endsWith(texts.get(found.size()))) {
        found.add(line);
      }
    }
    if (found.size() >= 2) {
      found.add(2, "");
    }
    return found;
  }

  /** A step of the state without its phase: what a row does, and what leads to the next phase. */
  private interface Move<T> extends Table.Action<DmcssmState, T> {
    default Table.Guard<DmcssmState, T> leadsTo(Phase phase) {
      return (s, t, now) -> apply(s, t, now, new ArrayList<>()).reach() == phase;
    }
  }

  private static Table<DmcssmState, Phase> table() {
    Table<DmcssmState, Phase> t =
        new Table<>(
            "dmcssm",
            Phase.class,
            DmcssmState::phase,
            DmcssmState::withPhase,
            Dmcssm::wakeAtMs,
            MonTrigger::decode,
            s -> "dmcssm",
            MonTrigger.ALL);
    addLinkRows(t);
    addScreenRows(t);
    addRefusals(t);
    return t.stay(400, ANY, Change.class, null, MonChange::begin, "the command is carried out")
        .stay(900, ANY, Event.StopRequested.class, null, Dmcssm::stop, "asked to end")
        .ignore(990, ANY, Stray.class, "from nobody it watches, or nothing it asked for");
  }

  private static void addLinkRows(Table<DmcssmState, Phase> t) {
    Move<Event.LinkUp> up = MonLinks::linkUp;
    Move<Event.LinkDown> down = MonLinks::linkDown;
    Move<Event.Tick> tick = MonLinks::tick;
    Move<Refused> refused = MonLinks::refused;
    Move<Push> push = MonLinks::push;
    t.stay(10, ALONE, Event.Started.class, null, MonLinks::start, "greets and dials every CSS")
        .move(
            20, LIVE, Event.LinkUp.class, up.leadsTo(ALONE), ALONE, up, "the only CSS is a new one")
        .move(22, READY, Event.LinkUp.class, up.leadsTo(ELECTING), ELECTING, up, "control is new")
        .stay(24, ANY, Event.LinkUp.class, null, up, "logs in")
        .move(30, LIVE, Event.LinkDown.class, down.leadsTo(ALONE), ALONE, down, "the last CSS left")
        .move(
            32, READY, Event.LinkDown.class, down.leadsTo(ELECTING), ELECTING, down, "control left")
        .stay(34, ANY, Event.LinkDown.class, null, down, "one CSS less")
        .move(
            40, LIVE, Event.Tick.class, tick.leadsTo(ALONE), ALONE, tick, "the last CSS is silent")
        .move(
            42,
            READY,
            Event.Tick.class,
            tick.leadsTo(ELECTING),
            ELECTING,
            tick,
            "control is silent")
        .stay(44, ANY, Event.Tick.class, null, tick, "logs in again, gives up waiting")
        .move(
            50,
            ALONE,
            Welcome.class,
            Dmcssm::linked,
            ELECTING,
            MonLinks::welcome,
            "a CSS lets it in")
        .stay(52, ANY, Welcome.class, null, MonLinks::welcome, "one more CSS lets it in")
        .move(
            54,
            LIVE,
            Refused.class,
            refused.leadsTo(ALONE),
            ALONE,
            refused,
            "shut out by the last CSS")
        .move(
            56,
            READY,
            Refused.class,
            refused.leadsTo(ELECTING),
            ELECTING,
            refused,
            "shut out by control")
        .stay(58, ANY, Refused.class, null, refused, "tells why it may not watch, tries again")
        .move(
            60, ELECTING, Push.class, push.leadsTo(READY), READY, push, "a CSS says it is control")
        .move(62, READY, Push.class, push.leadsTo(ELECTING), ELECTING, push, "control stepped down")
        .stay(64, ANY, Push.class, null, push, "the picture is renewed")
        .stay(70, ANY, Relay.class, null, MonLinks::relay, "a CSS's line for the console")
        .stay(80, ANY, Answer.class, Dmcssm::awaited, MonRun::answered, "the answer waited for")
        .ignore(82, ANY, Answer.class, "too late, or a second time");
  }

  private static void addScreenRows(Table<DmcssmState, Phase> t) {
    t.refuse(100, ANY, Show.class, Dmcssm::noData, Dmcssm::answerNoData, "no CSS has told anything")
        .refuse(102, ANY, Show.class, Dmcssm::badGroup, Dmcssm::answerBadGroup, "no such group")
        .stay(104, ANY, Show.class, null, Dmcssm::show, "groups as control sees them")
        .refuse(110, ANY, ShowConfig.class, Dmcssm::noData, Dmcssm::answerNoData, "nothing known")
        .stay(112, ANY, ShowConfig.class, null, Dmcssm::showConfig, "the DCR")
        .refuse(114, ANY, ShowMonitor.class, Dmcssm::noData, Dmcssm::answerNoData, "nothing known")
        .stay(116, ANY, ShowMonitor.class, null, Dmcssm::showMonitor, "who else watches")
        .stay(120, ANY, Help.class, null, Dmcssm::help, "the commands")
        .stay(
            122, ANY, Exit.class, null, Dmcssm::exit, "the console closes, the monitor watches on")
        .refuse(124, ANY, Unknown.class, null, Dmcssm::answerUnknown, "not a command");
  }

  private static void addRefusals(Table<DmcssmState, Phase> t) {
    refusal(t, 300, ANY, MonChange::busy, CssmCode.BUSY, "one changing command at a time");
    refusal(t, 305, ALONE, null, CssmCode.NO_LIVE_CSS, "nobody to ask");
    Set<Phase> electing = EnumSet.of(ELECTING);
    refusal(t, 310, electing, MonChange::needsControl, CssmCode.NOT_ELECTED, "control's work");
    refusal(t, 315, LIVE, MonChange::noGroup, CssmCode.NO_GROUP, "no such group");
    refusal(t, 320, LIVE, MonChange::cssGroup, CssmCode.NOT_FOR_CSS, "never for the CSSs");
    refusal(t, 325, LIVE, MonChange::noEp, CssmCode.BAD_EP, "no such EP");
    refusal(t, 330, LIVE, MonChange::monitoringOff, CssmCode.MONITORING_OFF, "auto check off");
    refusal(t, 331, LIVE, MonChange::breaksWatched, CssmCode.BREAK_WATCHED, "auto check on");
    refusal(t, 332, LIVE, MonChange::recoversWatched, CssmCode.RECOVER_WATCHED, "auto check on");
    refusal(t, 333, LIVE, MonChange::alreadyWatching, CssmCode.ALREADY_ON, "on everywhere");
    refusal(t, 334, LIVE, MonChange::alreadyUnwatched, CssmCode.ALREADY_OFF, "off everywhere");
    refusal(t, 335, LIVE, MonChange::haltsInactive, CssmCode.EP_NOT_ACTIVE, "already down");
    refusal(t, 340, LIVE, MonChange::stopsInactive, CssmCode.NO_ACTIVE_EP, "already down");
    refusal(t, 345, LIVE, MonChange::stopsAsmBeforeDb, CssmCode.DB_STILL_ACTIVE, "DB stops first");
    refusal(t, 350, LIVE, MonChange::startsWithRestartOn, CssmCode.RESTART_IS_ON, "CSS does it");
    refusal(t, 355, LIVE, MonChange::startsActive, CssmCode.ALREADY_ACTIVE, "already up");
    refusal(t, 360, LIVE, MonChange::startsDbBeforeAsm, CssmCode.ASM_NOT_OPEN, "ASM starts first");
    refusal(t, 365, LIVE, MonChange::startsNowhere, CssmCode.CANNOT_NOTIFY_STARTUP, "no CSS there");
    t.stay(370, LIVE, Change.class, MonChange::restartAlreadySo, Dmcssm::answerAlready, "it is so")
        .refuse(
            375,
            LIVE,
            Change.class,
            MonChange::restartImpossible,
            (s, c, now, out) -> answer(s, c.request(), DmcssmText.NOT_ELIGIBLE, now, out),
            "no live CSS has interval and command");
  }

  private static void refusal(
      Table<DmcssmState, Phase> t,
      int row,
      Phase from,
      Table.Guard<DmcssmState, Change> when,
      int code,
      String why) {
    refusal(t, row, EnumSet.of(from), when, code, why);
  }

  private static void refusal(
      Table<DmcssmState, Phase> t,
      int row,
      Set<Phase> from,
      Table.Guard<DmcssmState, Change> when,
      int code,
      String why) {
    Table.Action<DmcssmState, Change> action =
        (s, c, now, out) -> answer(s, c.request(), DmcssmText.error(code), now, out);
    t.refuse(row, from, Change.class, when, action, why);
  }

  private static DmcssmState answer(
      DmcssmState s, long request, String text, Now now, List<Effect> out) {
    MonRun.reply(s, request, ExitCode.NO, text, now, out);
    return s;
  }

  /** Local time is asked for here, once: the vendor prints it without naming a zone. */
  private static DmcssmState boot(Site site) {
    DmcssmIni ini = DmcssmIni.read(site.files());
    List<Endpoint> css =
        ini.css().stream().map(c -> new Endpoint(c.host(), "dmcss")).distinct().toList();
    MonStyle style = MonStyle.of(site.dialects().monitor());
    return DmcssmState.of(ZoneId.systemDefault(), style, ini.oguid(), css);
  }

  private static View view(DmcssmState s) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("control", s.control() == null ? "" : s.control().name());
    facts.put("css", s.live().stream().map(CssSeat::name).collect(Collectors.joining(",")));
    facts.put("command", s.running() == null ? "" : s.running().command().title());
    return new View(s.phase().name(), facts);
  }

  /** Log files are named after the start, so that is what tells one life from the next. */
  private static String instance(DmcssmState s) {
    return s.startedWallMs() == 0
        ? ""
        : DmcssmLog.stamp(DmcssmText.at(s.startedWallMs(), s.zone()));
  }

  private static long wakeAtMs(DmcssmState s) {
    long links = s.css().stream().mapToLong(CssSeat::wakeAtMs).min().orElse(Long.MAX_VALUE);
    long command = s.running() == null ? Long.MAX_VALUE : s.running().deadlineMs();
    return Math.min(Math.min(links, command), MonLinks.lostAtMs(s));
  }

  private static boolean linked(DmcssmState s, Welcome w, Now now) {
    return s.css(w.from()).linked();
  }

  private static boolean awaited(DmcssmState s, Answer a, Now now) {
    return MonRun.awaited(s, a);
  }

  private static boolean noData(DmcssmState s, MonTrigger t, Now now) {
    return s.source() == null;
  }

  private static boolean badGroup(DmcssmState s, Show show, Now now) {
    return !show.group().isEmpty() && s.group(show.group()) == null;
  }

  private static DmcssmState answerNoData(
      DmcssmState s, MonTrigger.Asked t, Now now, List<Effect> out) {
    return answer(s, t.request(), DmcssmText.error(CssmCode.NO_LIVE_CSS), now, out);
  }

  private static DmcssmState answerBadGroup(DmcssmState s, Show show, Now now, List<Effect> out) {
    return answer(s, show.request(), DmcssmText.error(CssmCode.BAD_GROUP), now, out);
  }

  private static DmcssmState answerUnknown(DmcssmState s, Unknown u, Now now, List<Effect> out) {
    String text =
        u.meant().isEmpty() ? DmcssmText.unknown(u.words()) : DmcssmText.wrongArguments(u.meant());
    return answer(s, u.request(), text, now, out);
  }

  private static DmcssmState answerAlready(DmcssmState s, Change c, Now now, List<Effect> out) {
    boolean on = c.verb() == Verb.RESTART_ON;
    String text = DmcssmText.alreadyRestart(c.group(), on);
    MonRun.reply(s, c.request(), ExitCode.OK, text, now, out);
    return s;
  }

  private static DmcssmState show(DmcssmState s, Show show, Now now, List<Effect> out) {
    String screen =
        show.group().isEmpty()
            ? DmcssmShow.all(s, now.wallMs())
            : DmcssmShow.one(s, s.group(show.group()), now.wallMs());
    MonRun.show(show.request(), screen, out);
    return s;
  }

  private static DmcssmState showConfig(DmcssmState s, ShowConfig t, Now now, List<Effect> out) {
    MonRun.show(t.request(), DmcssmShow.config(s, now.wallMs()), out);
    return s;
  }

  private static DmcssmState showMonitor(DmcssmState s, ShowMonitor t, Now now, List<Effect> out) {
    MonRun.show(t.request(), DmcssmShow.monitors(s), out);
    return s;
  }

  private static DmcssmState help(DmcssmState s, Help t, Now now, List<Effect> out) {
    MonRun.show(t.request(), DmcssmShow.help(s.style()), out);
    return s;
  }

  private static DmcssmState exit(DmcssmState s, Exit t, Now now, List<Effect> out) {
    out.add(new Effect.Reply(t.request(), ExitCode.OK, "", true));
    return s;
  }

  private static DmcssmState stop(DmcssmState s, Event.StopRequested t, Now now, List<Effect> out) {
    out.add(new Effect.Halt(ExitCode.OK, "asked to end"));
    return s;
  }
}
