package halab.cli.lab;

import halab.cli.Failure;
import halab.cli.fault.Faults;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.runtime.disk.DiskClient;
import halab.systems.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Brings a lab up: switch and storage, then host after host in order; where hosts share disks, the
 * first one's cluster service beating before the second host is powered on. Starts only what does
 * not run, and never restarts what does.
 */
public final class Starter {
  private static final long FIRST_BEAT_WITHIN_MS = 60_000;
  private static final long LOOK_EVERY_MS = 100;
  private static final List<Integer> HOPELESS =
      List.of(ExitCode.USAGE, ExitCode.BUG, ExitCode.CONFIG);

  private final LiveLab lab;
  private final Consumer<String> told;
  private final Map<Endpoint, Long> openAtMs = new TreeMap<>();

  /**
   * @param told one line for everything that is started or runs already
   */
  public Starter(LiveLab lab, Consumer<String> told) {
    this.lab = lab;
    this.told = told;
  }

  /** Starts what is missing; waits for first heartbeats only. */
  public void powerOn(List<String> absent) {
    lab.accept();
    String besides = lab.backend().besides();
    if (!besides.isEmpty()) {
      told.accept(besides);
    }
    boolean first = true;
    for (String host : lab.hostsByPower()) {
      if (absent.contains(host) || lab.isSpare(host)) {
        told.accept(host + " stays off");
        continue;
      }
      told.accept(lab.power().agentOn(host));
      List<Endpoint> daemons = lab.daemons().stream().filter(d -> d.host().equals(host)).toList();
      daemons.forEach(daemon -> told.accept(lab.power().launched(daemon)));
      if (first && holdsData(host) && beats(lab, host)) {
        waitForBeat(daemons.get(0));
        first = false;
      }
    }
    new Faults(lab, line -> {}).pushRules();
  }

  /** Whether daemons of this host write heartbeats: only who reaches shared disks does. */
  public static boolean beats(LiveLab lab, String host) {
    return lab.model().host(host).addresses().containsKey(DiskClient.NETWORK);
  }

  /** Others, a monitor's host, may have nobody to beat for while the database hosts are off. */
  private boolean holdsData(String host) {
    return lab.plan().hosts().stream()
        .anyMatch(h -> h.name().equals(host) && !h.sqlPorts().isEmpty());
  }

  private void waitForBeat(Endpoint daemon) {
    boolean beats =
        LiveLab.await(
            FIRST_BEAT_WITHIN_MS,
            () -> {
              requireNoneFailed(List.of(daemon));
              halab.admin.proto.DaemonStatus status = lab.client().daemon(daemon);
              return status != null && status.getFirstBeatMs() > 0;
            });
    if (!beats) {
      throw Failure.no(
          daemon
              + " has no heartbeat after 60 s; see "
              + lab.backend().outFile(daemon)
              + lab.lastWords(daemon));
    }
  }

  /** A daemon that refused its configuration, or met a bug of ours, ends the wait at once. */
  private void requireNoneFailed(List<Endpoint> daemons) {
    for (Endpoint daemon : daemons) {
      int exitCode = lab.processStatus(daemon).exitCode();
      if (HOPELESS.contains(exitCode)) {
        throw new Failure(
            exitCode,
            daemon
                + " has ended with exit code "
                + exitCode
                + "; see "
                + lab.backend().outFile(daemon)
                + lab.lastWords(daemon));
      }
    }
  }

  /**
   * Waits until the vendor would call the lab healthy.
   *
   * @param atMostMs lab time
   * @param progress told what is missing, each time that changes
   * @return what is missing in the end; null when nothing is
   */
  public String awaitHealthy(long atMostMs, Consumer<String> progress) {
    long endNanos = System.nanoTime() + (long) (atMostMs / lab.timeScale() * 1_000_000);
    String told = "";
    while (true) {
      requireNoneFailed(lab.daemons());
      Map<Endpoint, View> views = lab.views();
      noteOpen(views);
      String missing = lab.subject().checks().unhealthy(lab.cluster(), views);
      if (missing == null || System.nanoTime() > endNanos) {
        return missing;
      }
      if (!missing.equals(told)) {
        progress.accept(missing);
        told = missing;
      }
      LiveLab.sleep(LOOK_EVERY_MS);
    }
  }

  private void noteOpen(Map<Endpoint, View> views) {
    long now = System.currentTimeMillis();
    views.forEach(
        (daemon, view) -> {
          if (view.phase().equals("OPEN")) {
            openAtMs.putIfAbsent(daemon, now);
          }
        });
  }

  /** Wall time at which each daemon was first seen OPEN while {@link #awaitHealthy} looked. */
  public Map<Endpoint, Long> openAtMs() {
    return Map.copyOf(openAtMs);
  }

  /** Daemons of the start lists that do not run. */
  public List<Endpoint> missing() {
    List<Endpoint> missing = new ArrayList<>();
    for (Endpoint daemon : lab.daemons()) {
      if (lab.processOf(daemon) == null) {
        missing.add(daemon);
      }
    }
    return missing;
  }
}
