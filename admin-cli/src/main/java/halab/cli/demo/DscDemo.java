package halab.cli.demo;

import halab.cli.lab.Reports;
import halab.cli.live.VendorLogs;
import halab.cli.scenario.ScenarioFiles;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.GroupType;
import halab.kernel.Endpoint;
import halab.sim.Fault;
import halab.sim.GoldenText;
import halab.systems.LabPlan;
import halab.systems.dsc.DcrNames;
import halab.systems.dsc.Dsc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A DSC cluster, kill -9 of its control instance, what DMCSS does about it, the instance's return.
 * The judge is the log: it has to say what a real cluster's log said, line by line.
 */
final class DscDemo implements Play {
  private static final int HOSTS = 2;
  private static final String END_OF_HANDLING = "to (OPEN, STARTUP)";

  @Override
  public String system() {
    return Dsc.SYSTEM.name();
  }

  /** As in the published log, the virtual address is on a card that the hosts do not have. */
  @Override
  public LabPlan plan(int portBase, String publicNet) {
    Map<String, String> overrides = Map.of("DCR_VIP_NIC", "enp0s80");
    return Dsc.SYSTEM.plan(
        new LabPlan.Options(HOSTS, true, portBase, overrides, Map.of(), publicNet));
  }

  @Override
  public String play(Stage stage) throws Broken, IOException {
    cluster(stage);
    stage.writing("They come in by the cluster's addresses, where that fails by its hosts.");
    Endpoint victim = stage.one("@control DB");
    Endpoint css = stage.one("@control CSS");
    Endpoint survivor = stage.one("@normal DB");
    drill(stage);
    crash(stage, victim, survivor, css);
    rejoin(stage, victim, survivor, css);
    stage.readBack(List.of("crash", "rejoin"));
    stage.explained();
    return "control moved from "
        + victim
        + " to "
        + survivor
        + " and stayed there; both logs are those of a real cluster (seed 001), line by line";
  }

  @Override
  public List<String> goOn(String lab) {
    return List.of("halab poweroff n1 --lab " + lab);
  }

  private static void cluster(Stage stage) throws Broken, IOException {
    Screen screen = stage.screen;
    screen.title("HALab: a Dameng DSC cluster of two hosts loses its control instance");
    screen.step("A cluster");
    screen.say(
        "n1 and n2 share a voting disk, a DCR disk and a data disk. Each runs dmcss, dmasmsvr");
    screen.say("and dmserver, every one a process of its own on this machine. Disk check counts:");
    screen.say(
        "CSS "
            + dskchkS(stage, GroupType.CSS)
            + " s, ASM "
            + dskchkS(stage, GroupType.ASM)
            + " s, DB "
            + dskchkS(stage, GroupType.DB)
            + " s (--fast). Files: "
            + stage.lab.dir());
    stage.start();
    screen.step("What its operator sees");
    stage.monitor("show");
  }

  private static void drill(Stage stage) throws Broken {
    DcrNames names = DcrNames.of(stage.lab.plan());
    stage.screen.step("A drill: automatic restart off, so that what dies stays dead for a while");
    stage.monitor("set " + names.group(GroupType.DB) + " auto restart off");
  }

  private static void crash(Stage stage, Endpoint victim, Endpoint survivor, Endpoint css)
      throws Broken, IOException {
    Screen screen = stage.screen;
    screen.step("kill -9 of the control instance, " + victim);
    VendorLogs log = VendorLogs.of(stage.lab, css);
    log.poll();
    stage.writers.mark("kill -9 of " + victim);
    long killed = System.nanoTime();
    stage.faults.process(new Fault.Process(Fault.ProcessOp.KILL, victim));
    screen.say(
        "From here on the log of the control CSS, "
            + stage.lab.logFile(css)
            + " on "
            + css.host()
            + ":");
    stage.out.line("");
    long dskchkS = dskchkS(stage, GroupType.DB);
    Handling handling = new Handling("Detected EP");
    stage.follow(log, "crash", Notes.crash(dskchkS), killed, handling);
    matches(stage, handling, "control-ep-crash.txt");
    screen.step("What is left");
    Reports.groups(stage.out, stage.lab.status()).forEach(line -> screen.quote(List.of(line)));
    if (!stage.one("@control DB").equals(survivor)) {
      throw new Broken("control of the DB group is at " + stage.one("@control DB"));
    }
    stage.sql(survivor, "select * from v$instance");
    stage.times.row("kill -9 of " + victim, "0.0 s");
    stage.times.row(
        "detected",
        Stage.seconds(handling.firstNanos - killed),
        "DCR_GRP_DSKCHK_CNT = " + dskchkS + " s without a new heartbeat");
    stage.times.row("handled", Stage.seconds(handling.endNanos - killed), stage.bound("crash"));
  }

  private static void rejoin(Stage stage, Endpoint victim, Endpoint survivor, Endpoint css)
      throws Broken, IOException {
    Screen screen = stage.screen;
    screen.step("The instance is started again");
    VendorLogs log = VendorLogs.of(stage.lab, css);
    log.poll();
    stage.writers.mark("start of " + victim);
    long started = System.nanoTime();
    stage.faults.process(new Fault.Process(Fault.ProcessOp.START, victim));
    stage.out.line("");
    Handling handling = new Handling("startup2");
    stage.follow(log, "rejoin", Notes.rejoin(), started, handling);
    matches(stage, handling, "control-ep-rejoin.txt");
    stage.healthy("rejoin");
    if (!stage.one("@control DB").equals(survivor)) {
      throw new Broken("control of the DB group moved to " + stage.one("@control DB"));
    }
    stage.times.row("started again", "0.0 s");
    stage.times.row(
        "asked to be let in",
        Stage.seconds(handling.firstNanos - started),
        "the process has booted");
    stage.times.row("rejoined", Stage.seconds(handling.endNanos - started), stage.bound("rejoin"));
    screen.step("What its operator sees");
    stage.monitor("show");
  }

  /** Lines of one handling, and when the first and the last one came. */
  private static final class Handling implements Stage.Ending {
    final List<String> lines = new ArrayList<>();
    private final String first;
    private boolean over;
    long firstNanos;
    long endNanos;

    Handling(String first) {
      this.first = first;
    }

    /** The summary follows the last change of status. */
    @Override
    public boolean over(List<String> fresh) {
      lines.addAll(fresh);
      for (String line : fresh) {
        if (line.contains(first) && firstNanos == 0) {
          firstNanos = System.nanoTime();
        }
        if (over && line.contains("n_ok_ep")) {
          endNanos = System.nanoTime();
        }
        over |= line.contains(END_OF_HANDLING);
      }
      return over && endNanos != 0;
    }
  }

  /** The lines have to be those of the article, numbers and names apart. */
  private static void matches(Stage stage, Handling handling, String golden)
      throws Broken, IOException {
    Path file = ScenarioFiles.home().resolve("dsc").resolve("golden").resolve(golden);
    GoldenText wanted = GoldenText.parse(Files.readString(file));
    GoldenText.Match match = wanted.find(handling.lines);
    if (!match.found()) {
      throw new Broken(
          "the log is not that of a real cluster, seed 001 (" + golden + "): " + match.why());
    }
    stage.out.line("");
    stage.screen.say(
        stage.out.green("as in the published log of a real cluster (seed 001)")
            + ": "
            + wanted.size()
            + " lines in the same order, command numbers by the counter rule");
  }

  private static int dskchkS(Stage stage, GroupType type) {
    return stage.lab.plan().disks().stream()
        .flatMap(disk -> disk.blocks().values().stream())
        .filter(DcrGroup.class::isInstance)
        .map(DcrGroup.class::cast)
        .filter(group -> group.getType() == type)
        .mapToInt(DcrGroup::getDskchkCnt)
        .findFirst()
        .orElse(0);
  }
}
