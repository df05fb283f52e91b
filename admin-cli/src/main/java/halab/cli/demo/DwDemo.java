package halab.cli.demo;

import halab.cli.lab.LiveLab;
import halab.cli.live.VendorLogs;
import halab.kernel.Endpoint;
import halab.sim.Fault;
import halab.systems.LabPlan;
import halab.systems.Systems;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A Data Watch group with a confirm monitor, the power-off of its primary's host, the automatic
 * takeover, the old primary's return as a standby.
 */
final class DwDemo implements Play {
  private static final int HOSTS = 2;
  private static final String SYSTEM = "dw";
  private static final String TAKEOVER = "takeover";
  private static final String REJOIN = "rejoin";
  private static final String WHO = "select name, status$, mode$ from v$instance";

  /** The monitor's log goes on a moment after what it tells of. */
  private static final long LAST_LINES_MS = 2_000;

  @Override
  public String system() {
    return SYSTEM;
  }

  @Override
  public LabPlan plan(int portBase, String publicNet) {
    return Systems.named(SYSTEM)
        .plan(new LabPlan.Options(HOSTS, true, portBase, Map.of(), Map.of(), publicNet));
  }

  @Override
  public String play(Stage stage) throws Broken, IOException {
    cluster(stage);
    stage.writing("They go through the list of hosts and stay with the one that takes writes.");
    Endpoint primary = stage.one("@primary");
    Endpoint standby = stage.one("@standby");
    Endpoint monitor = stage.lab.subject().checks().monitor(stage.lab.plan());
    takeover(stage, primary, standby, monitor);
    rejoin(stage, primary, standby, monitor);
    stage.readBack(List.of(TAKEOVER, REJOIN));
    stage.explained();
    return standby + " took over from " + primary + ", which came back as its standby";
  }

  @Override
  public List<String> goOn(String lab) {
    return List.of(
        "halab dmmonitor -c \"choose switchover\" --lab " + lab, "halab poweroff n2 --lab " + lab);
  }

  private static void cluster(Stage stage) throws Broken, IOException {
    Screen screen = stage.screen;
    screen.title("HALab: a Dameng Data Watch group of two hosts loses its primary");
    screen.step("A cluster");
    screen.say(
        "n1 and n2 share nothing: the primary ships its redo to the standby before a commit");
    screen.say(
        "is acknowledged. Each runs dmserver and dmwatcher, every one a process of its own on");
    screen.say("this machine; mon runs the confirm monitor, which decides on a takeover.");
    screen.say("Shortest timeouts that the vendor allows (--fast). Files: " + stage.lab.dir());
    stage.start();
    screen.step("What its operator sees");
    stage.monitor("show");
  }

  private static void takeover(Stage stage, Endpoint primary, Endpoint standby, Endpoint monitor)
      throws Broken, IOException {
    Screen screen = stage.screen;
    screen.step("Power-off of the primary's host, " + primary.host());
    VendorLogs log = VendorLogs.of(stage.lab, monitor);
    log.poll();
    stage.writers.mark("power-off of " + primary.host());
    long off = System.nanoTime();
    stage.faults.power(new Fault.Power(primary.host(), false));
    screen.say(
        "From here on the log of the confirm monitor, "
            + stage.lab.logFile(monitor)
            + " on "
            + monitor.host()
            + ":");
    stage.out.line("");
    Told told = new Told(() -> leads(stage.lab, standby));
    stage.follow(log, TAKEOVER, Notes.takeover(), off, told);
    screen.step("What is left");
    stage.monitor("show");
    stage.sql(standby, WHO);
    stage.times.row("power-off of " + primary.host(), "0.0 s");
    stage.times.row(
        "first word of the monitor",
        Stage.seconds(told.firstNanos - off),
        "DW_ERROR_TIME without a message from " + primary.host() + "'s watcher");
    stage.times.row(
        standby + " is primary", Stage.seconds(told.doneNanos - off), stage.bound(TAKEOVER));
  }

  private static void rejoin(Stage stage, Endpoint primary, Endpoint standby, Endpoint monitor)
      throws Broken, IOException {
    Screen screen = stage.screen;
    screen.step("The host of the old primary is powered on");
    VendorLogs log = VendorLogs.of(stage.lab, monitor);
    log.poll();
    stage.writers.mark("power-on of " + primary.host());
    long on = System.nanoTime();
    stage.faults.power(new Fault.Power(primary.host(), true));
    stage.out.line("");
    Told told = new Told(() -> healthy(stage.lab));
    stage.follow(log, REJOIN, Notes.demotion(), on, told);
    if (!leads(stage.lab, standby)) {
      throw new Broken("the primary is not " + standby + " any more");
    }
    stage.times.row("power-on of " + primary.host(), "0.0 s");
    stage.times.row(
        primary + " is a valid standby", Stage.seconds(told.doneNanos - on), stage.bound(REJOIN));
    screen.step("What its operator sees");
    stage.monitor("show");
    stage.sql(primary, WHO);
  }

  private static boolean leads(LiveLab lab, Endpoint instance) {
    return lab.subject().checks().select("primary", null, lab.views()).equals(List.of(instance));
  }

  private static boolean healthy(LiveLab lab) {
    return lab.subject().checks().unhealthy(lab.cluster(), lab.views()) == null;
  }

  /** Until something has come about, and the log has been silent for a moment after it. */
  private static final class Told implements Stage.Ending {
    private final BooleanSupplier done;
    private long lastNanos;
    long firstNanos;
    long doneNanos;

    Told(BooleanSupplier done) {
      this.done = done;
    }

    @Override
    public boolean over(List<String> fresh) {
      long now = System.nanoTime();
      if (!fresh.isEmpty()) {
        firstNanos = firstNanos == 0 ? now : firstNanos;
        lastNanos = now;
      }
      if (doneNanos == 0 && done.getAsBoolean()) {
        doneNanos = now;
      }
      return doneNanos != 0 && now - Math.max(doneNanos, lastNanos) > LAST_LINES_MS * 1_000_000;
    }
  }
}
