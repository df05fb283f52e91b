package halab.systems.dw.monitor;

import static halab.systems.dw.monitor.MonState.any;

import halab.dw.proto.ArchTarget;
import halab.dw.proto.DwStatus;
import halab.dw.proto.InstReport;
import halab.dw.proto.Status;
import halab.kernel.Now;
import halab.systems.dw.monitor.MonTrigger.Change;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When the monitor itself refuses a changing command (reference 6.3, 6.4 and manual, appendix
 * 10.2.8). The watchers judge once more and may refuse for reasons of their own. The rows of the
 * table ask these in their order, so that each may rely on the ones before.
 */
final class MonRules {
  /** Names of {@code set group}, each with its smallest and largest value. */
  private static final Map<String, List<Long>> PARAMETERS = parameters();

  private MonRules() {}

  private static Map<String, List<Long>> parameters() {
    Map<String, List<Long>> ranges = new TreeMap<>();
    ranges.put("DW_ERROR_TIME", List.of(3L, 1800L));
    ranges.put("INST_ERROR_TIME", List.of(3L, 1800L));
    ranges.put("INST_RECOVER_TIME", List.of(3L, 86400L));
    ranges.put("INST_AUTO_RESTART", List.of(0L, 1L));
    ranges.put("INST_SERVICE_IP_CHECK", List.of(0L, 1L));
    ranges.put("RLOG_SEND_THRESHOLD", List.of(0L, 86400L));
    ranges.put("RLOG_APPLY_THRESHOLD", List.of(0L, 86400L));
    return ranges;
  }

  // ---- what the words mean ---------------------------------------------------------------------

  /** The group that is meant, as dmmonitor.ini writes it; null if the words name none. */
  static String group(MonState s, Change c) {
    boolean named = !c.group().isEmpty() && !isDb(s, c);
    if (named) {
      return s.group(c.group());
    }
    Seat db = named(s, c);
    if (db != null) {
      return db.group;
    }
    return s.groups().size() == 1 ? s.groups().get(0) : null;
  }

  /** The only word of switchover and takeover may be the database's. */
  private static boolean isDb(MonState s, Change c) {
    return c.verb().takesDb() && c.db().isEmpty() && s.group(c.group()) == null;
  }

  private static String dbWord(MonState s, Change c) {
    String word = isDb(s, c) ? c.group() : c.db();
    boolean number = c.verb().takesDb() && word.matches("[0-9]{1,2}");
    return number ? chosen(s, c.verb(), Integer.parseInt(word)) : word;
  }

  /** The instance that the last choose listed under this number. */
  private static String chosen(MonState s, Verb verb, int number) {
    boolean listed = s.chosenFor == verb && number >= 1 && number <= s.chosen.size();
    return listed ? s.chosen.get(number - 1) : Integer.toString(number);
  }

  private static Seat named(MonState s, Change c) {
    String word = dbWord(s, c);
    for (Seat seat : s.seats) {
      boolean there = c.group().isEmpty() || isDb(s, c) || seat.group.equalsIgnoreCase(c.group());
      if (there && !word.isEmpty() && seat.is(word)) {
        return seat;
      }
    }
    return null;
  }

  /** The database that is meant; null: none, or the whole group. */
  static Seat db(MonState s, Change c) {
    Seat named = named(s, c);
    if (named != null || !c.verb().takesDb() || !dbWord(s, c).isEmpty()) {
      return named;
    }
    List<Seat> standbys = s.standbys(group(s, c));
    return standbys.size() == 1 ? standbys.get(0) : null;
  }

  /** The value of a setting; -1: it is no number. */
  static long number(String value) {
    return value.matches("[0-9]{1,9}") ? Long.parseLong(value) : -1;
  }

  // ---- any command -----------------------------------------------------------------------------

  static boolean noGroup(MonState s, Change c, Now now) {
    return group(s, c) == null && (!c.group().isEmpty() || s.groups().size() == 1);
  }

  static boolean groupMissing(MonState s, Change c, Now now) {
    return group(s, c) == null;
  }

  static boolean noDb(MonState s, Change c, Now now) {
    boolean wants = c.verb().ofDb() || !dbWord(s, c).isEmpty();
    return wants && named(s, c) == null;
  }

  static boolean dbMissing(MonState s, Change c, Now now) {
    return c.verb().takesDb() && db(s, c) == null;
  }

  static boolean groupSilent(MonState s, Change c, Now now) {
    return s.active(group(s, c)).isEmpty();
  }

  static boolean notLoggedIn(MonState s, Change c, Now now) {
    return c.verb().needsLogin() && !s.loggedIn;
  }

  /** The watcher of the database itself has to carry it out. */
  static boolean watcherSilent(MonState s, Change c, Now now) {
    Seat db = db(s, c);
    return db != null && !db.active();
  }

  // ---- switchover ------------------------------------------------------------------------------

  static boolean local(MonState s, Change c, Now now) {
    boolean wants =
        c.verb().takesDb()
            || any(c.verb(), Verb.DETACH, Verb.ATTACH, Verb.ARCH_INVALID_DB, Verb.RECOVER_TIME_DB);
    return wants && !db(s, c).global();
  }

  static boolean switchesPrimary(MonState s, Change c, Now now) {
    return c.verb() == Verb.SWITCHOVER && db(s, c).primary();
  }

  static boolean switchesWithoutPrimary(MonState s, Change c, Now now) {
    return c.verb() == Verb.SWITCHOVER && switchable(s, group(s, c)) == null;
  }

  /** The primary that can be switched from; null if there is none, or more than one. */
  static Seat switchable(MonState s, String group) {
    List<Seat> serving = s.serving(group);
    boolean one = serving.size() == 1;
    return one && serving.get(0).at(Status.OPEN) && serving.get(0).watcher(DwStatus.DW_OPEN)
        ? serving.get(0)
        : null;
  }

  static boolean switchesSplit(MonState s, Change c, Now now) {
    return any(c.verb(), Verb.SWITCHOVER, Verb.OPEN_DB) && db(s, c).split();
  }

  static boolean switchesInvalid(MonState s, Change c, Now now) {
    Seat db = db(s, c);
    return c.verb() == Verb.SWITCHOVER && !valid(switchable(s, db.group).report(), db);
  }

  /** Whether that instance counts this one as equal to itself. */
  static boolean valid(InstReport source, Seat dest) {
    ArchTarget arch = Seat.arch(source, dest.instance());
    return arch != null && arch.getValid();
  }

  static boolean switchesUnfit(MonState s, Change c, Now now) {
    return c.verb() == Verb.SWITCHOVER && !fit(db(s, c));
  }

  /** STANDBY, OPEN, OK, and its watcher is OPEN. */
  static boolean fit(Seat x) {
    return x.ok() && x.standby() && x.at(Status.OPEN) && x.watcher(DwStatus.DW_OPEN);
  }

  static boolean switchesOtherHistory(MonState s, Change c, Now now) {
    Seat db = db(s, c);
    return c.verb() == Verb.SWITCHOVER && !sameHistory(switchable(s, db.group).report(), db);
  }

  static boolean sameHistory(InstReport one, Seat other) {
    return one.getOpeningList().equals(other.report().getOpeningList());
  }

  /** Whether choose switchover lists it. */
  static boolean canSwitch(MonState s, Seat x) {
    Seat primary = switchable(s, x.group);
    return primary != null
        && fit(x)
        && x.ctlValid()
        && valid(primary.report(), x)
        && sameHistory(primary.report(), x);
  }

  // ---- life of instances -----------------------------------------------------------------------

  /** Instances that do not run and are to be started by the command. */
  static List<Seat> startable(List<Seat> meant) {
    return meant.stream().filter(x -> !MonRun.runs(x) && !restarts(x)).toList();
  }

  /** Its watcher will start it by itself. */
  private static boolean restarts(Seat x) {
    return x.state.getAutoRestart() && !x.watcher(DwStatus.DW_SHUTDOWN);
  }

  static boolean startsRestarting(MonState s, Change c, Now now) {
    return c.verb() == Verb.STARTUP_DB && !MonRun.runs(db(s, c)) && restarts(db(s, c));
  }

  static boolean startsRunning(MonState s, Change c, Now now) {
    boolean group = c.verb() == Verb.STARTUP_GROUP && startable(s.active(group(s, c))).isEmpty();
    return group || c.verb() == Verb.STARTUP_DB && MonRun.runs(db(s, c));
  }

  static boolean stopsStopped(MonState s, Change c, Now now) {
    return c.verb() == Verb.STOP_DB && !MonRun.runs(db(s, c));
  }

  static boolean stopsStoppedGroup(MonState s, Change c, Now now) {
    return c.verb() == Verb.STOP_GROUP
        && s.active(group(s, c)).stream()
            .noneMatch(x -> MonRun.runs(x) || !x.watcher(DwStatus.DW_SHUTDOWN));
  }

  /** A standby that its primary counts on, or the primary of such a standby in an AUTO group. */
  static boolean stopsAttached(MonState s, Change c, Now now) {
    if (c.verb() != Verb.STOP_DB || !db(s, c).global()) {
      return false;
    }
    Seat db = db(s, c);
    List<Seat> serving = s.serving(db.group);
    if (db.serves()) {
      return db.auto() && s.standbys(db.group).stream().anyMatch(x -> valid(db.report(), x));
    }
    return serving.stream().anyMatch(p -> valid(p.report(), db));
  }

  static boolean killsDead(MonState s, Change c, Now now) {
    boolean kills = any(c.verb(), Verb.KILL_DB, Verb.KILL_GROUP);
    Seat db = kills ? db(s, c) : null;
    List<Seat> meant = db == null ? s.active(group(s, c)) : List.of(db);
    return kills
        && meant.stream().noneMatch(x -> MonRun.runs(x) || !x.watcher(DwStatus.DW_SHUTDOWN));
  }

  static boolean opensUnmounted(MonState s, Change c, Now now) {
    return c.verb() == Verb.OPEN_DB && !(db(s, c).ok() && db(s, c).at(Status.MOUNT));
  }

  static boolean opensSecond(MonState s, Change c, Now now) {
    return c.verb() == Verb.OPEN_DB && db(s, c).primary() && !s.serving(group(s, c)).isEmpty();
  }

  static boolean opensUnguarded(MonState s, Change c, Now now) {
    return c.verb() == Verb.OPEN_DB && !db(s, c).watcher(DwStatus.DW_STARTUP);
  }

  // ---- settings --------------------------------------------------------------------------------

  private static boolean ofStandby(Verb verb) {
    return any(
        verb,
        Verb.DETACH,
        Verb.ATTACH,
        Verb.ARCH_INVALID_DB,
        Verb.RECOVER_TIME_DB,
        Verb.CLEAR_SEND_DB);
  }

  private static boolean ofPrimary(Verb verb) {
    return ofStandby(verb)
        || any(verb, Verb.ARCH_INVALID_GROUP, Verb.RECOVER_TIME_GROUP, Verb.CLEAR_SEND_GROUP);
  }

  static boolean meansPrimary(MonState s, Change c, Now now) {
    return ofStandby(c.verb()) && db(s, c).primary();
  }

  static boolean withoutPrimary(MonState s, Change c, Now now) {
    return ofPrimary(c.verb()) && s.serving(group(s, c)).size() != 1;
  }

  static boolean primaryBusy(MonState s, Change c, Now now) {
    return ofPrimary(c.verb())
        && !s.primary(group(s, c))
            .watcher(DwStatus.DW_OPEN, DwStatus.DW_RECOVERY, DwStatus.DW_STARTUP);
  }

  static boolean noArchive(MonState s, Change c, Now now) {
    return ofStandby(c.verb()) && s.primary(group(s, c)).arch(db(s, c).instance()) == null;
  }

  static boolean splitStandby(MonState s, Change c, Now now) {
    return c.verb() == Verb.DETACH && !db(s, c).ctlValid();
  }

  static boolean attachesValid(MonState s, Change c, Now now) {
    return c.verb() == Verb.ATTACH && valid(s.primary(group(s, c)).report(), db(s, c));
  }

  static boolean attachesDead(MonState s, Change c, Now now) {
    return c.verb() == Verb.ATTACH && !MonRun.runs(db(s, c));
  }

  static boolean badTime(MonState s, Change c, Now now) {
    long value = number(c.value());
    boolean sets = any(c.verb(), Verb.RECOVER_TIME_DB, Verb.RECOVER_TIME_GROUP);
    return sets && (value < 3 || value > 86_400);
  }

  static boolean badPara(MonState s, Change c, Now now) {
    if (c.verb() != Verb.SET_PARA) {
      return false;
    }
    List<Long> range = PARAMETERS.get(c.para());
    long value = number(c.value());
    return range == null || value < range.get(0) || value > range.get(1);
  }

  static boolean setsBusy(MonState s, Change c, Now now) {
    return c.verb() == Verb.SET_PARA
        && s.active(group(s, c)).stream()
            .anyMatch(x -> !x.watcher(DwStatus.DW_STARTUP, DwStatus.DW_OPEN, DwStatus.DW_SHUTDOWN));
  }

  static boolean noStandby(MonState s, Change c, Now now) {
    return c.verb() == Verb.CLEAR_APPLY_GROUP && s.standbys(group(s, c)).isEmpty();
  }

  /** What a refusal adds to its text: the member as the monitor sees it. */
  static String detail(MonState s, Change c) {
    String group = group(s, c);
    if (group == null) {
      return "the groups are " + String.join(", ", s.groups());
    }
    Seat db = db(s, c);
    if (db != null) {
      return MonText.member(db, MonShow.rstat(s, db));
    }
    List<String> known =
        s.of(group).stream().map(Seat::instance).filter(n -> !n.isEmpty()).toList();
    boolean wants = c.verb().ofDb() || c.verb().takesDb();
    return wants ? "the instances are " + String.join(", ", known) : "";
  }
}
