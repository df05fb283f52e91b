package halab.systems.dw.monitor;

import static halab.systems.dw.monitor.MonState.any;
import static halab.systems.dw.monitor.MonText.f;

import halab.dw.proto.ArchTarget;
import halab.dw.proto.DwStatus;
import halab.dw.proto.Recovered;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.systems.dw.monitor.MonTrigger.Screen;
import java.util.ArrayList;
import java.util.List;

/** The commands that only show something: when they cannot, and what they show (reference 6.3). */
final class MonScreens {
  private static final int SHORTEST_S = 5;
  private static final int LONGEST_S = 3_600;

  /** A watcher whose last message is older than this may be about to be given up. */
  private static final long QUIET_MS = 2_000;

  private MonScreens() {}

  // ---- refusals
  // ----------------------------------------------------------------------------------

  static boolean noData(MonState s, Screen c, Now now) {
    return !any(c.verb(), Verb.HELP, Verb.VERSION, Verb.Q, Verb.INTERVAL)
        && s.seats.stream().allMatch(x -> x.state == null);
  }

  /** {@code list} and {@code show monitor} may name a group or a database with one word. */
  private static boolean eitherName(Verb verb) {
    return verb == Verb.LIST || verb == Verb.MONITORS;
  }

  private static String word(Screen c) {
    return c.db().isEmpty() ? c.group() : c.db();
  }

  private static boolean isGroup(MonState s, Screen c) {
    boolean one = c.db().isEmpty() || c.group().isEmpty();
    return eitherName(c.verb()) && one && s.group(word(c)) != null;
  }

  private static boolean isDb(MonState s, Screen c) {
    return eitherName(c.verb()) && c.db().isEmpty() && !isGroup(s, c);
  }

  static boolean badGroup(MonState s, Screen c, Now now) {
    return !c.group().isEmpty() && !isDb(s, c) && s.group(c.group()) == null;
  }

  static boolean badDb(MonState s, Screen c, Now now) {
    boolean wants = c.verb().ofDb() || !isGroup(s, c) && (isDb(s, c) || !c.db().isEmpty());
    return wants && !word(c).isEmpty() && db(s, c) == null;
  }

  private static Seat db(MonState s, Screen c) {
    boolean bare = c.group().isEmpty() || isDb(s, c);
    return s.seats.stream()
        .filter(x -> bare || x.group.equalsIgnoreCase(c.group()))
        .filter(x -> x.is(word(c)))
        .findFirst()
        .orElse(null);
  }

  /** The group that is meant; the first one where none is named. */
  private static String group(MonState s, Screen c) {
    String word = isGroup(s, c) ? word(c) : c.group();
    return word.isEmpty() ? s.groups().get(0) : s.group(word);
  }

  static boolean badInterval(MonState s, Screen c, Now now) {
    long n = MonRules.number(c.value());
    return c.verb() == Verb.INTERVAL && (n < SHORTEST_S || n > LONGEST_S);
  }

  static boolean choosesBesidePrimary(MonState s, Screen c, Now now) {
    return any(c.verb(), Verb.CHOOSE_TAKEOVER, Verb.CHOOSE_FORCE)
        && !s.serving(group(s, c)).isEmpty();
  }

  static boolean nobodyToChoose(MonState s, Screen c, Now now) {
    boolean chooses = any(c.verb(), Verb.CHOOSE_SWITCHOVER) || choosesTakeover(c.verb());
    return chooses && choice(s, c).isEmpty();
  }

  private static boolean choosesTakeover(Verb verb) {
    return any(verb, Verb.CHOOSE_TAKEOVER, Verb.CHOOSE_FORCE);
  }

  private static List<String> choice(MonState s, Screen c) {
    return s.standbys(group(s, c)).stream()
        .filter(
            x ->
                switch (c.verb()) {
                  case CHOOSE_SWITCHOVER -> MonRules.canSwitch(s, x);
                  case CHOOSE_TAKEOVER -> Takeover.canTake(s, x);
                  default -> Takeover.canForce(s, x);
                })
        .map(Seat::instance)
        .toList();
  }

  static boolean sendsNowhere(MonState s, Screen c, Now now) {
    return c.verb() == Verb.SEND_INFO && sources(s, db(s, c)).isEmpty();
  }

  private static List<Seat> sources(MonState s, Seat dest) {
    return s.of(dest.group).stream()
        .filter(x -> x.primary() && x.arch(dest.instance()) != null)
        .toList();
  }

  static boolean noStandby(MonState s, Screen c, Now now) {
    return c.verb() == Verb.APPLY_STAT && !db(s, c).standby();
  }

  static boolean notConfirm(MonState s, Screen c, Now now) {
    return c.verb() == Verb.TAKEOVER_TIME && !s.confirm;
  }

  static boolean manual(MonState s, Screen c, Now now) {
    return c.verb() == Verb.TAKEOVER_TIME && !s.auto(group(s, c));
  }

  // ---- screens
  // -----------------------------------------------------------------------------------

  static MonState show(MonState s, Screen c, Now now, List<Effect> out) {
    MonState next = s.with(x -> x.showAtMs = Long.MAX_VALUE); // any command ends show interval
    long wallMs = now.wallMs();
    switch (c.verb()) {
      case HELP -> reply(s, c, MonShow.help(), out);
      case VERSION -> reply(s, c, MonText.VERSION, out);
      case GLOBAL -> reply(s, c, MonShow.global(s, wallMs), out);
      case DATABASE -> reply(s, c, MonShow.database(s, db(s, c), wallMs), out);
      case SHOW -> {
        String one = c.group().isEmpty() ? null : s.group(c.group());
        reply(s, c, one == null ? MonShow.all(s, wallMs) : MonShow.group(s, one, wallMs), out);
      }
      case INTERVAL -> {
        long everyMs = MonRules.number(c.value()) * 1000;
        reply(s, c, "", out);
        return next.with(
            x -> {
              x.showEveryMs = everyMs;
              x.showAtMs = now.monoMs();
            });
      }
      case Q -> reply(s, c, "", out);
      case LIST -> reply(s, c, MonShow.config(meant(s, c)), out);
      case OPEN_INFO -> reply(s, c, MonShow.openInfo(s, db(s, c)), out);
      case SEND_INFO -> reply(s, c, sendInfo(s, db(s, c)), out);
      case APPLY_STAT -> reply(s, c, MonStats.apply(db(s, c)), out);
      case MONITORS -> reply(s, c, MonShow.monitors(s, watcher(s, c)), out);
      case TIP -> tip(s, c, out);
      case TAKEOVER_TIME -> MonRun.reply(s, c.request(), ExitCode.OK, pending(s, c, now), now, out);
      case CHECK_RECOVER -> verdict(s, c, recoverProblem(s, db(s, c)), "recover", now, out);
      case CHECK_OPEN -> verdict(s, c, openProblem(s, db(s, c)), "open", now, out);
      default -> {
        return choose(next, c, out);
      }
    }
    return next;
  }

  private static void reply(MonState s, Screen c, String text, List<Effect> out) {
    MonRun.show(s, c.request(), ExitCode.OK, text, out);
  }

  private static List<Seat> meant(MonState s, Screen c) {
    Seat db = word(c).isEmpty() ? null : db(s, c);
    if (db != null) {
      return List.of(db);
    }
    List<Seat> all = word(c).isEmpty() ? s.seats : s.of(group(s, c));
    return all.stream().filter(x -> x.state != null).toList();
  }

  private static Seat watcher(MonState s, Screen c) {
    List<Seat> meant = meant(s, c);
    return meant.stream().filter(Seat::active).findFirst().orElse(meant.get(0));
  }

  private static String sendInfo(MonState s, Seat dest) {
    StringBuilder text = new StringBuilder();
    for (Seat source : sources(s, dest)) {
      text.append(MonStats.send(s, source, dest)).append('\n');
    }
    return text.toString().stripTrailing();
  }

  /** Numbers are remembered: {@code switchover 1} takes the first. */
  private static MonState choose(MonState s, Screen c, List<Effect> out) {
    List<String> found = choice(s, c);
    Verb then =
        switch (c.verb()) {
          case CHOOSE_SWITCHOVER -> Verb.SWITCHOVER;
          case CHOOSE_TAKEOVER -> Verb.TAKEOVER;
          default -> Verb.FORCE;
        };
    StringBuilder text =
        new StringBuilder(
            f(
                "Can choose one of the following instances to do %s:",
                c.verb().fixed().replace("choose ", "")));
    for (int i = 0; i < found.size(); i++) {
      text.append(f("\n%d: %s", i + 1, found.get(i)));
    }
    reply(s, c, text.toString(), out);
    return s.with(
        x -> {
          x.chosenFor = then;
          x.chosen = found;
        });
  }

  /** The candidate of a takeover that silence may bring about, and how long that lasts. */
  private static String pending(MonState s, Screen c, Now now) {
    String group = group(s, c);
    Seat primary = s.primary(group);
    Seat next =
        s.standbys(group).stream().filter(x -> MonRules.canSwitch(s, x)).findFirst().orElse(null);
    long silentMs = primary == null ? 0 : now.monoMs() - primary.heardMs;
    if (silentMs < QUIET_MS || next == null) {
      return MonText.error(-8720);
    }
    long leftMs = Math.max(0, primary.errorTimeMs() - silentMs);
    return f(
        "Instance %s of group(%s) takes over in %d s unless instance %s is heard",
        next.instance(), group, (leftMs + 999) / 1000, primary.instance());
  }

  // ---- verdicts
  // ------------------------------------------------------------------------------------

  private static void verdict(
      MonState s, Screen c, String problem, String what, Now now, List<Effect> out) {
    boolean fine = problem.isEmpty();
    String text =
        fine
            ? f("Instance %s meets the conditions to %s", db(s, c).instance(), what)
            : problem + " (" + MonText.member(db(s, c), MonShow.rstat(s, db(s, c))) + ")";
    MonRun.reply(s, c.request(), fine ? ExitCode.OK : ExitCode.NO, text, now, out);
  }

  private static String recoverProblem(MonState s, Seat x) {
    List<Seat> serving = s.serving(x.group);
    if (x.primary()) {
      return MonText.error(-8571);
    } else if (serving.size() > 1) {
      return MonText.error(-8568);
    } else if (serving.isEmpty() || !serving.get(0).at(Status.OPEN)) {
      return MonText.error(-8569);
    }
    Seat primary = serving.get(0);
    ArchTarget arch = primary.arch(x.instance());
    if (arch == null) {
      return MonText.error(-8570);
    } else if (arch.getValid()) {
      return MonText.error(-8551);
    } else if (!MonRules.fit(x) || !x.ctlValid() || !arch.getMalUp()) {
      return MonText.error(-21);
    }
    for (Recovered r : primary.state.getRecoveredList()) {
      if (r.getDest().equals(x.instance()) && r.getCode() != 0) {
        return MonText.error(-20, f("last attempt: code %d, %s", r.getCode(), r.getWhy()));
      }
    }
    return primary.watcher(DwStatus.DW_OPEN, DwStatus.DW_RECOVERY) ? "" : MonText.error(-20);
  }

  private static String openProblem(MonState s, Seat x) {
    if (x.split()) {
      return MonText.error(-8389, x.state.getCtlWhy());
    } else if (!x.ok() || !x.at(Status.MOUNT)) {
      return MonText.error(-8037);
    } else if (!x.watcher(DwStatus.DW_STARTUP)) {
      return MonText.error(-8371);
    } else if (x.primary() && !s.serving(x.group).isEmpty()) {
      return MonText.error(-8360);
    } else if (x.state.getAsksCount() > 0) {
      String missing = String.join(", ", x.state.getAsksList());
      return MonText.error(-22, "it waits for " + missing + "; or use: open database");
    }
    return "";
  }

  /** {@code tip}: a line for every member, and a verdict on every group. */
  private static void tip(MonState s, Screen c, List<Effect> out) {
    List<String> lines = new ArrayList<>();
    boolean fine = true;
    for (String group : s.groups()) {
      for (Seat seat : s.of(group)) {
        lines.add(tip(s, seat));
      }
      int code = verdict(s, group);
      fine &= code == 0;
      lines.add(
          code == 0
              ? f("Group(%s) current active instances are OK!", group)
              : f("Group(%s): %s", group, MonText.error(code)));
    }
    MonRun.show(s, c.request(), fine ? ExitCode.OK : ExitCode.NO, String.join("\n", lines), out);
  }

  private static String tip(MonState s, Seat x) {
    if (x.state == null) {
      return f("No message has been received from dmwatcher(%s)", x.at.host());
    } else if (!x.active()) {
      return f("Dmwatcher of instance %s is in ERROR status", x.instance());
    } else if (x.split()) {
      String why = MonText.clean(x.state.getCtlWhy());
      return f("Instance %s is split, the user has to intervene: %s", x.instance(), why);
    } else if (!x.ok()) {
      return f("Instance %s is in error", x.instance());
    }
    Seat primary = s.primary(x.group);
    if (primary == null || primary.at.equals(x.at)) {
      return f("Instance %s, dmwatcher status:%s", shown(x), MonText.watcher(x));
    }
    return f(
        "Instance %s can join in instance %s, dmwatcher status:%s, open status:%s",
        shown(x), shown(primary), MonText.watcher(x), MonShow.rstat(s, x));
  }

  private static String shown(Seat x) {
    return f("%s[%s, %s, ISTAT_SAME:TRUE]", x.instance(), MonText.mode(x), MonText.status(x));
  }

  /** Code of what is wrong with a group, 0 if nothing is (reference 6.2). */
  private static int verdict(MonState s, String group) {
    List<Seat> serving = s.serving(group);
    List<Seat> members = s.of(group).stream().filter(x -> x.state == null || x.global()).toList();
    boolean handled =
        members.stream().anyMatch(x -> x.active() && !x.watcher(DwStatus.DW_OPEN) && !x.split());
    if (serving.size() > 1) {
      return -25;
    } else if (serving.isEmpty()) {
      return handled ? -26 : -27;
    }
    boolean fine =
        members.stream()
            .allMatch(
                x ->
                    x.ok()
                        && x.at(Status.OPEN)
                        && x.watcher(DwStatus.DW_OPEN)
                        && MonShow.rstat(s, x).equals("VALID"));
    return fine ? 0 : handled ? -24 : -23;
  }

  /** {@code show interval} is due. */
  static boolean due(MonState s, Now now) {
    return now.monoMs() >= s.showAtMs;
  }

  static MonState showAgain(MonState s, Now now, List<Effect> out) {
    String text = MonShow.all(s, now.wallMs()) + "\n";
    out.add(new Effect.Print(text));
    MonRun.say(s, text, out);
    return s.with(x -> x.showAtMs = now.monoMs() + s.showEveryMs);
  }

  /** MON_LOG_INTERVAL: all of it goes to the log. */
  static boolean logDue(MonState s, Now now) {
    return now.monoMs() >= s.logAtMs;
  }

  static MonState log(MonState s, Now now, List<Effect> out) {
    MonRun.say(s, MonShow.all(s, now.wallMs()), out);
    return s.with(x -> x.logAtMs = MonLinks.logAt(s, now));
  }
}
