package halab.systems.dw.monitor;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every command of the monitor: its words, its line of help, and whether it needs a login (manual,
 * chapter on the monitor; reference 6.3). One row here is all that parsing, completion and {@code
 * help} know of a command. Of two that fit, the first is meant.
 */
public enum Verb {
  HELP("help"),
  EXIT("exit"),
  EXIT_ALL("exit all", Kind.RAFT),
  VERSION("show version"),
  GLOBAL("show global info"),
  DATABASE("show database [group_name.]db_name"),
  SHOW("show [group_name]"),
  INTERVAL("show i[nterval] n"),
  Q("q"),
  LIST("list [[group_name.]db_name]"),
  OPEN_INFO("show open info [group_name.]db_name"),
  SEND_INFO("show arch send info [group_name.]db_name"),
  APPLY_STAT("show apply stat [group_name.]db_name"),
  MONITORS("show monitor [group_name[.]] [db_name]"),
  STATE("show state", Kind.RAFT),
  TIP("tip"),
  LOGIN("login [/@service_name | user/password]"),
  LOGOUT("logout"),
  TAKEOVER_TIME("get takeover time [group_name]"),
  STARTUP_WATCHER("startup dmwatcher [group_name]", Kind.FREE),
  STOP_WATCHER("stop dmwatcher [group_name]", Kind.LOGIN),
  STARTUP_GROUP("startup group [group_name]", Kind.FREE),
  STOP_GROUP("stop group [group_name]", Kind.LOGIN),
  KILL_GROUP("kill group [group_name]", Kind.FREE),
  CHOOSE_SWITCHOVER("choose switchover [group_name]"),
  CHOOSE_TAKEOVER("choose takeover [group_name]"),
  CHOOSE_FORCE("choose takeover force [group_name]"),
  RESTART_ON("set group [group_name] auto restart on", Kind.DSC),
  RESTART_OFF("set group [group_name] auto restart off", Kind.DSC),
  RECOVER_TIME_GROUP("set group [group_name] recover time time_value", Kind.LOGIN),
  ARCH_INVALID_GROUP("set group [group_name] arch invalid", Kind.LOGIN),
  SET_PARA("set group [group_name] para_name para_value", Kind.LOGIN),
  CLEAR_SEND_GROUP("clear group [group_name] arch send info", Kind.LOGIN),
  CLEAR_APPLY_GROUP("clear group [group_name] apply stat", Kind.LOGIN),
  STARTUP_WATCHER_DB("startup dmwatcher database [group_name.]db_name", Kind.FREE),
  STOP_WATCHER_DB("stop dmwatcher database [group_name.]db_name", Kind.LOGIN),
  STARTUP_DB("startup database [group_name.]db_name", Kind.FREE),
  STOP_DB("stop database [group_name.]db_name", Kind.LOGIN),
  KILL_DB("kill database [group_name.]db_name", Kind.FREE),
  OPEN_DB("open database [group_name.]db_name", Kind.LOGIN),
  CHECK_RECOVER("check recover [group_name.]db_name"),
  CHECK_OPEN("check open [group_name.]db_name"),
  SWITCHOVER("switchover [group_name[.]] [db_name]", Kind.LOGIN),
  TAKEOVER("takeover [group_name[.]] [db_name]", Kind.LOGIN),
  FORCE("takeover force [group_name[.]] [db_name]", Kind.LOGIN),
  RECOVER_TIME_DB("set database [group_name.]db_name recover time time_value", Kind.LOGIN),
  ARCH_INVALID_DB("set database [group_name.]db_name arch invalid", Kind.LOGIN),
  CLEAR_SEND_DB("clear database [group_name.]db_name arch send info", Kind.LOGIN),
  CLEAR_APPLY_DB("clear database [group_name.]db_name apply stat", Kind.LOGIN),
  DETACH("detach database [group_name.]db_name", Kind.LOGIN),
  ATTACH("attach database [group_name.]db_name", Kind.LOGIN),
  SHOW_MPP("show mpp", Kind.MPP),
  CHECK_MPPCTL("check mppctl", Kind.MPP),
  RECOVER_MPPCTL("recover mppctl", Kind.MPP);

  /** What a command is, seen from who may give it. */
  enum Kind {
    /** It shows something. */
    SCREEN,
    /** It changes something, and needs no login: an instance to check it may be missing. */
    FREE,
    /** It changes something and needs a login. */
    LOGIN,
    /** Only for MPP clusters. */
    MPP,
    /** Only for multi-instance confirm monitors. */
    RAFT,
    /** Only for databases that are DSC clusters. */
    DSC
  }

  /** What help says of a command; of what is not in it, nothing. */
  private static final String HELP_TEXTS =
      """
      HELP Show the help information
      EXIT Exit the monitor
      VERSION Show the version of the monitor
      GLOBAL Show the global information of all groups
      DATABASE Show the details of a database
      SHOW Show the details of a group, or of all groups
      INTERVAL Show the details of all groups every n seconds
      Q Cancel the automatic show
      LIST List the configuration of the dmwatchers
      OPEN_INFO Show the open history of a database
      SEND_INFO Show the archive sending to a database (with the recover interval)
      APPLY_STAT Show the redo apply of a database
      MONITORS List the monitors connected to a dmwatcher
      STATE Show the state of all monitors of this configuration
      TIP Show the running status of the system
      LOGIN Login the monitor
      LOGOUT Logout the monitor
      TAKEOVER_TIME Get the time to wait for an automatic takeover
      STARTUP_WATCHER Start the monitoring of a group
      STOP_WATCHER Stop the monitoring of a group
      STARTUP_GROUP Start all databases of a group
      STOP_GROUP Stop all databases of a group
      KILL_GROUP Kill all active databases of a group
      CHOOSE_SWITCHOVER List the standbys that can become the primary
      CHOOSE_TAKEOVER List the standbys that can take a lost primary over
      CHOOSE_FORCE List the standbys that can take a lost primary over by force
      RESTART_ON Open the automatic restart of a group (DSC)
      RESTART_OFF Close the automatic restart of a group (DSC)
      RECOVER_TIME_GROUP Set the recover interval of all standbys of a group
      ARCH_INVALID_GROUP Set the archives to all standbys of a group invalid
      SET_PARA Set a parameter of all dmwatchers of a group
      CLEAR_SEND_GROUP Clear the archive sending information of a group
      CLEAR_APPLY_GROUP Clear the redo apply information of a group
      STARTUP_WATCHER_DB Start the monitoring of a database
      STOP_WATCHER_DB Stop the monitoring of a database
      STARTUP_DB Start a database
      STOP_DB Stop a database
      KILL_DB Kill a database
      OPEN_DB Open a database by force
      CHECK_RECOVER Check whether a standby meets the recover conditions
      CHECK_OPEN Check whether a database meets the open conditions
      SWITCHOVER Make a standby the primary
      TAKEOVER Take a lost primary over with a standby
      FORCE Take a lost primary over with a standby by force
      RECOVER_TIME_DB Set the recover interval of a standby
      ARCH_INVALID_DB Set the archive to a standby invalid
      CLEAR_SEND_DB Clear the archive sending information of a database
      CLEAR_APPLY_DB Clear the redo apply information of a database
      DETACH Detach a standby from its group
      ATTACH Attach a standby to its group
      """;

  private static final String NAME = "[a-z0-9_]{1,64}";

  private final String words;
  private final Kind kind;
  private final Pattern pattern;

  Verb(String words) {
    this(words, Kind.SCREEN);
  }

  Verb(String words, Kind kind) {
    this.words = words;
    this.kind = kind;
    this.pattern = Pattern.compile(regex(words), Pattern.CASE_INSENSITIVE);
  }

  private static String regex(String words) {
    String group = "(?<group>(?!(?:database|force|all)\\b)" + NAME + ")";
    String db = "(?<db>" + NAME + ")";
    return words
        .replace(" [/@service_name | user/password]", "(?: (?<value>.+))?")
        .replace(" [[group_name.]db_name]", "(?: (?:<G>\\.)?<D>)?")
        .replace("[group_name.]db_name", "(?:<G>\\.)?<D>")
        .replace(" [group_name[.]] [db_name]", "(?: <G>(?: ?[. ] ?<D>)?)?")
        .replace(" [group_name]", "(?: <G>)?")
        .replace("para_name para_value", "(?<para>" + NAME + ")(?: ?= ?| )(?<value>\\S+)")
        .replace("time_value", "(?<value>\\S+)")
        .replace("i[nterval] n", "i(?:nterval)? (?<value>\\S+)")
        .replaceFirst("^clear (.*) apply", "clear $1 r?apply")
        .replace("<G>", group)
        .replace("<D>", db);
  }

  Pattern pattern() {
    return pattern;
  }

  /** Its line of {@code help}; empty when it is not listed. */
  String help() {
    return HELP_TEXTS
        .lines()
        .filter(line -> line.startsWith(name() + " "))
        .map(line -> line.substring(name().length() + 1))
        .findFirst()
        .orElse("");
  }

  Kind kind() {
    return kind;
  }

  /** It asks something of the watchers. */
  boolean changes() {
    return kind == Kind.FREE || kind == Kind.LOGIN;
  }

  boolean needsLogin() {
    return kind == Kind.LOGIN;
  }

  /** It must name a database. */
  boolean ofDb() {
    return words.contains("[group_name.]db_name") && this != LIST;
  }

  /** It means one standby, and may leave its name out where there is only one. */
  boolean takesDb() {
    return this == SWITCHOVER || this == TAKEOVER || this == FORCE;
  }

  /** The words as help shows them. */
  String usage() {
    return words;
  }

  /** The words before what is to be filled in. */
  String fixed() {
    return words.replaceFirst(" [\\[(]?(group_name|db_name|i\\[|/@|\\[group).*", "");
  }

  /** The command in capitals, without what was filled in. */
  String title() {
    return fixed().toUpperCase(Locale.ROOT);
  }

  /** These words begin the command, whatever follows. */
  boolean begins(String text) {
    String start = fixed();
    return text.equalsIgnoreCase(start)
        || text.regionMatches(true, 0, start + " ", 0, start.length() + 1);
  }

  /** The words of every command for completion; {@code db} stands for names of instances. */
  public static List<List<String>> words() {
    return Stream.of(values())
        .filter(v -> !v.help().isEmpty())
        .map(
            v ->
                v.words
                    .replace(" [group_name[.]] [db_name]", " db")
                    .replaceAll("\\[?\\[?group_name\\.\\]db_name\\]?", "db")
                    .replace(" [group_name]", "")
                    .replaceAll(" \\[/@.*", "")
                    .replace("i[nterval]", "interval"))
        .map(text -> List.of(text.split(" ")))
        .toList();
  }
}
