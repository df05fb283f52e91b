package halab.systems.dw;

import halab.systems.LabPlan;
import halab.systems.Term;
import halab.systems.dm.config.MalIni;
import halab.systems.dw.config.DmwatcherIni;
import java.util.List;

/**
 * What each part of a flow takes, from the parameters of a lab (reference 2, 3.8, 5). Whatever a
 * watcher or a monitor decides it decides at a look, and it looks once a second.
 */
final class DwTerms {
  /** From the launch of a process until its watcher hears it. */
  private static final long BOOT_MS = 10_000;

  private static final long EXPECTED_BOOT_MS = 2_000;
  private static final long LOOK_MS = 1_100;
  private static final long EXPECTED_LOOK_MS = 500;

  /** A step of a command: an order to an instance and its answer. */
  private static final long STEP_MS = 600;

  private static final long EXPECTED_STEP_MS = 30;

  private final DmwatcherIni.Group group;
  private final MalIni mal;

  DwTerms(DmwatcherIni.Group group, MalIni mal) {
    this.group = group;
    this.mal = mal;
  }

  /** Of a lab's first member; all members have the same where it matters. */
  static DwTerms of(LabPlan plan) {
    LabPlan.HostPlan first =
        plan.hosts().stream()
            .filter(h -> h.files().containsKey(DmwatcherIni.FILE))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no host has " + DmwatcherIni.FILE));
    return new DwTerms(
        DmwatcherIni.read(first.files()).groups().get(0),
        MalIni.read(first.files(), MalIni.DB_FILE));
  }

  boolean auto() {
    return group.mode() == DmwatcherIni.Mode.AUTO;
  }

  Term boot(String role) {
    return new Term(
        role + " boot", 0, EXPECTED_BOOT_MS, BOOT_MS, "", "launch until its watcher hears it");
  }

  Term look(String step, int looks, String why) {
    return new Term(step, 0, looks * EXPECTED_LOOK_MS, looks * LOOK_MS, "", why);
  }

  Term steps(String step, int count, String why) {
    return new Term(step, 0, count * EXPECTED_STEP_MS, count * STEP_MS, "", why);
  }

  /** A watcher counts as ERROR. */
  Term watcherSilent() {
    return silence("WSTATUS ERROR", "DW_ERROR_TIME", group.dwErrorTimeS());
  }

  /** An instance that hangs counts as faulty. */
  Term instanceSilent() {
    return silence("INST_OK Error", "INST_ERROR_TIME", group.instErrorTimeS());
  }

  /** An instance whose process is gone counts as faulty. */
  Term instanceGone() {
    return look("INST_OK Error", 2, "its process is gone");
  }

  /** A silent MAL link counts as broken. */
  Term malSilent() {
    int seconds = mal.checkIntervalS() + mal.connFailIntervalS();
    return silence("MAL link broken", "MAL_CHECK_INTERVAL + MAL_CONN_FAIL_INTERVAL", seconds);
  }

  private static Term silence(String step, String parameter, int seconds) {
    long ms = 1000L * seconds;
    return new Term(
        step,
        ms - 1_100,
        ms,
        ms + LOOK_MS,
        parameter + "=" + seconds,
        "nothing was heard for so long");
  }

  /** Until the next attempt to bring a standby back; 3 s after the primary was opened. */
  Term recoverInterval() {
    long ms = 1000L * group.instRecoverTimeS();
    String parameter = "INST_RECOVER_TIME=" + group.instRecoverTimeS();
    return new Term("wait for RECOVERY", 0, 3_000, ms + LOOK_MS, parameter, "minimum interval");
  }

  List<Term> takeover() {
    return List.of(
        look("auto takeover", 2, "the confirm monitor looks at all it was told"),
        steps("TAKEOVER", 12, "MID, KEEP_PKG, MOUNT, PRIMARY, archives INVALID, OPEN FORCE"));
  }

  List<Term> failover() {
    return List.of(
        look("CONFIRM", auto() ? 4 : 1, "the primary's watcher, and the confirm monitor's answer"),
        steps("FAILOVER", 4, "archive INVALID, OPEN FORCE"));
  }

  List<Term> recovery() {
    return List.of(
        recoverInterval(),
        look("RECOVERY begins", 3, "standby OPEN, all replayed, link up"),
        steps("RECOVERY", 12, "history, SUSPEND, the rest, archive VALID, OPEN"));
  }

  List<Term> opening() {
    return List.of(
        look("watchers linked", 3, "states of all members"),
        steps("standby OPEN", 3, "ALTER DATABASE OPEN FORCE"),
        look("members collected", 3, "ALSN = FLSN"),
        steps("primary OPEN", 5, "archives VALID, ALTER DATABASE OPEN FORCE"));
  }
}
