package halab.systems.dw.config;

import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Problems;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * That the archives of a lab fit together: members list each other, so that any of them can be
 * primary, and every asynchronous standby is listed by all of them.
 */
final class DwArchives {
  private final List<DwHost> dbs;
  private final Problems problems;

  DwArchives(List<DwHost> dbs, Problems problems) {
    this.dbs = dbs;
    this.problems = problems;
  }

  void check() {
    dbs.stream().filter(d -> d.arch() != null).forEach(this::checkOwn);
    boolean whole = dbs.stream().allMatch(d -> d.group() != null && d.instance() != null);
    if (whole) {
      dbs.stream().filter(d -> d.arch() != null).forEach(this::checkTargets);
      checkTypes();
      dbs.stream().filter(DwHost::isLocal).forEach(this::checkFed);
    }
  }

  private void checkOwn(DwHost db) {
    problems.require(
        !db.arch().local().isEmpty(),
        db.place(DmArchIni.FILE),
        0,
        "there is no LOCAL archive",
        "add one: it is what a standby is brought up from");
    problems.require(
        db.group() == null
            || db.isLocal()
            || db.group().mode() != DmwatcherIni.Mode.MANUAL
            || !db.arch().waitApply(),
        db.place(DmArchIni.FILE),
        0,
        "ARCH_WAIT_APPLY is 1, but DW_MODE is MANUAL",
        "set it to 0, or DW_MODE to AUTO");
    for (DmArchIni.Arch async : db.arch().targets(ArchType.ASYNC)) {
      boolean off = db.dm() != null && !db.dm().timerIni();
      problems.require(
          !off,
          db.place(DmArchIni.FILE),
          async.line(),
          "an ASYNC archive needs dmtimer.ini, but TIMER_INI of dm.ini is 0",
          "set TIMER_INI = 1");
      problems.require(
          off || db.timer() == null || db.timer().timer(async.timerName()) != null,
          db.place(DmArchIni.FILE),
          async.line(),
          "ARCH_TIMER_NAME " + async.timerName() + " is no timer of " + DmTimerIni.FILE,
          "add a section of that name");
    }
    paths(db);
  }

  /** Two archives in one directory would each take the other's files for their own. */
  private void paths(DwHost db) {
    TreeSet<String> seen = new TreeSet<>(List.of(DwFiles.LOG_PATH));
    db.arch().local().forEach(a -> path(db, seen, a, a.dest()));
    db.arch().targets(ArchType.REMOTE).forEach(a -> path(db, seen, a, a.incomingPath()));
  }

  private void path(DwHost db, TreeSet<String> seen, DmArchIni.Arch arch, String path) {
    problems.require(
        seen.add(path),
        db.place(DmArchIni.FILE),
        arch.line(),
        "directory " + path + " is used twice",
        "give each archive its own");
  }

  private void checkTargets(DwHost db) {
    String own = db.instance().name();
    for (DmArchIni.Arch arch : db.arch().archives()) {
      if (arch.type() == ArchType.LOCAL) {
        continue;
      }
      DwHost target = named(arch.dest());
      String what = "ARCH_DEST " + arch.dest() + " of [" + arch.section() + "] ";
      if (target == null || target == db) {
        problem(
            db,
            arch,
            what + (target == null ? "is no instance of " + MalIni.DB_FILE : "is this instance"),
            "name one of the others: " + String.join(", ", others(own)));
      } else if (arch.type().ofMembers() && (db.isLocal() || target.isLocal())) {
        problem(
            db,
            arch,
            what
                + "has type "
                + arch.type()
                + ", but "
                + (db.isLocal() ? own : arch.dest())
                + " is of DW_TYPE LOCAL",
            db.isLocal() ? "remove it: an asynchronous standby sends nothing" : "use ASYNC");
      } else if (arch.type() == ArchType.ASYNC && !target.isLocal()) {
        problem(
            db,
            arch,
            what + "has type ASYNC, but its watcher is of DW_TYPE GLOBAL",
            "set DW_TYPE = LOCAL on " + target.name() + ", or use REALTIME or TIMELY");
      } else if (arch.type() == ArchType.REMOTE && target.arch() != null) {
        boolean known =
            target.arch().targets(ArchType.REMOTE).stream()
                .anyMatch(a -> a.dest().equalsIgnoreCase(own));
        problems.require(
            known,
            db.place(DmArchIni.FILE),
            arch.line(),
            arch.dest() + " has no REMOTE archive to " + own,
            "add one there: its ARCH_INCOMING_PATH is where this one's redo is kept");
      }
    }
    for (DwHost other : dbs) {
      DmArchIni.Arch to = db.arch().to(other.instance().name());
      problems.require(
          other == db || db.isLocal() || other.isLocal() || to != null && to.type().ofMembers(),
          db.place(DmArchIni.FILE),
          0,
          "there is no REALTIME or TIMELY archive to " + other.instance().name(),
          "each member lists all others, so that any of them can be primary");
    }
  }

  private void checkTypes() {
    DmArchIni.Arch first = null;
    for (DwHost db : dbs) {
      for (DmArchIni.Arch arch : db.arch() == null ? List.<DmArchIni.Arch>of() : between(db)) {
        first = first == null ? arch : first;
        if (arch.type() != first.type()) {
          problem(
              db,
              arch,
              "ARCH_TYPE " + arch.type() + " differs from " + first.type() + " of another member",
              "all members of a group use the same type");
        }
      }
    }
  }

  private static List<DmArchIni.Arch> between(DwHost db) {
    return db.isLocal() ? List.of() : db.arch().members();
  }

  private void checkFed(DwHost async) {
    String name = async.instance().name();
    for (DwHost db : dbs) {
      problems.require(
          db.isLocal()
              || db.arch() == null
              || db.arch().targets(ArchType.ASYNC).stream()
                  .anyMatch(a -> a.dest().equalsIgnoreCase(name)),
          db.place(DmArchIni.FILE),
          0,
          "there is no ASYNC archive to " + name + ", whose watcher is of DW_TYPE LOCAL",
          "each member lists all asynchronous standbys, so that any of them can be primary");
    }
  }

  private DwHost named(String instance) {
    return dbs.stream()
        .filter(d -> d.instance().name().equalsIgnoreCase(instance))
        .findFirst()
        .orElse(null);
  }

  private List<String> others(String own) {
    return dbs.stream()
        .map(d -> d.instance().name())
        .filter(n -> !n.toUpperCase(Locale.ROOT).equals(own.toUpperCase(Locale.ROOT)))
        .toList();
  }

  private void problem(DwHost db, DmArchIni.Arch arch, String what, String remedy) {
    problems.add(db.place(DmArchIni.FILE), arch.line(), what, remedy);
  }
}
