package halab.cli.lab;

import halab.cli.Columns;
import halab.cli.Out;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Waits until a lab that was started is healthy, shows the way there and how long it took. */
public final class UpReport {
  /** Starting processes is no part of the vendor's formula. */
  private static final long PROCESSES_MS = 30_000;

  private final LiveLab lab;
  private final Starter starter;
  private final Out out;

  public UpReport(LiveLab lab, Starter starter, Out out) {
    this.lab = lab;
    this.starter = starter;
    this.out = out;
  }

  /** Exit code 0 when the lab got healthy in time, else 1 with the reason. */
  public int await(boolean timing) throws IOException {
    long boundMs = lab.system().boundMs("start", lab.plan());
    long began = System.nanoTime();
    String missing =
        starter.awaitHealthy(
            boundMs + (long) (PROCESSES_MS * lab.timeScale()), text -> progress(began, text));
    out.done();
    if (missing != null) {
      out.line("  " + out.red("not healthy") + seconds(began) + ": " + missing);
      out.line("  see: halab status --lab " + lab.name());
      return ExitCode.NO;
    }
    out.line("  " + out.green("healthy") + seconds(began));
    if (timing) {
      timing(lab.status(), boundMs).forEach(line -> out.line(line));
    }
    return ExitCode.OK;
  }

  private void progress(long began, String missing) {
    out.progress("  " + out.dim("waiting" + seconds(began) + ": " + missing));
  }

  private static String seconds(long began) {
    return String.format(Locale.ROOT, " after %.1f s", (System.nanoTime() - began) / 1e9);
  }

  private List<String> timing(LabStatus status, long boundMs) {
    boolean beats = status.daemons().stream().anyMatch(d -> d.firstBeatMs() >= 0);
    return beats ? beating(status, boundMs) : opening(status, boundMs);
  }

  /** Nobody beats on a disk: each daemon's way from its start to OPEN. */
  private List<String> opening(LabStatus status, long boundMs) {
    Columns columns = new Columns();
    columns.row("DAEMON", "START TO OPEN", "BOUND");
    Map<Endpoint, Long> open = starter.openAtMs();
    long firstStartMs = Long.MAX_VALUE;
    long lastOpenMs = 0;
    for (LabStatus.DaemonStatus daemon : status.daemons()) {
      Long openAtMs = open.get(daemon.endpoint());
      if (openAtMs != null) {
        firstStartMs = Math.min(firstStartMs, daemon.startedWallMs());
        lastOpenMs = Math.max(lastOpenMs, openAtMs);
        long ms = Math.max(0, openAtMs - daemon.startedWallMs());
        columns.row(daemon.endpoint().toString(), ms + " ms");
      }
    }
    if (lastOpenMs > 0) {
      long ms = Math.max(0, lastOpenMs - firstStartMs);
      columns.row("first start to last OPEN", ms + " ms", bound(boundMs));
    }
    return columns.lines("  ");
  }

  /** The vendor's formula starts when everybody beats: it goes with the last line. */
  private List<String> beating(LabStatus status, long boundMs) {
    Columns columns = new Columns();
    columns.row("DAEMON", "START TO FIRST BEAT", "FIRST BEAT TO OPEN", "BOUND");
    Map<Endpoint, Long> open = starter.openAtMs();
    long lastBeatMs = 0;
    long lastOpenMs = 0;
    for (LabStatus.DaemonStatus daemon : status.daemons()) {
      if (daemon.firstBeatMs() < 0) {
        continue;
      }
      columns.row(daemon.endpoint().toString(), daemon.firstBeatMs() + " ms");
      long beatAtMs = daemon.startedWallMs() + daemon.firstBeatMs();
      lastBeatMs = Math.max(lastBeatMs, beatAtMs);
      Long openAtMs = open.get(daemon.endpoint());
      if (openAtMs != null) {
        lastOpenMs = Math.max(lastOpenMs, openAtMs);
        columns.cell(Math.max(0, openAtMs - beatAtMs) + " ms");
      }
    }
    if (lastOpenMs > 0) {
      columns.row(
          "last beat to last OPEN",
          "",
          Math.max(0, lastOpenMs - lastBeatMs) + " ms",
          bound(boundMs));
    }
    return columns.lines("  ");
  }

  private String bound(long boundMs) {
    return String.format(Locale.ROOT, "%.0f ms", boundMs / lab.timeScale());
  }
}
