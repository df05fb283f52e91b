package halab.cli.sim;

import halab.cli.Out;
import halab.cli.Verdicts;
import halab.sim.Seeds;
import halab.sim.Shrink;
import halab.sim.Subject;
import halab.sim.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Many schedules on all cores, stopped by the first that fails, which is then made small. */
public final class SeedRun {
  private static final long PROGRESS_EVERY_MS = 500;

  private static final int LAST_STEPS = 30;
  private static final int STEP_CHARS = 200;

  private final Subject subject;
  private final Out out;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong virtualMs = new AtomicLong();
  private final AtomicReference<Seeds.Outcome> failed = new AtomicReference<>();
  private final AtomicReference<RuntimeException> broken = new AtomicReference<>();

  public SeedRun(Subject subject, Out out) {
    this.subject = subject;
    this.out = out;
  }

  /**
   * Runs seeds from {@code first} on.
   *
   * @param minutes wall time to fill; 0: run {@code seeds} of them
   */
  public int many(long first, long seeds, int minutes) throws IOException, InterruptedException {
    long began = System.nanoTime();
    long endNanos = minutes == 0 ? Long.MAX_VALUE : began + minutes * 60_000_000_000L;
    long last = minutes == 0 ? first + seeds : Long.MAX_VALUE;
    next.set(first);
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Thread worker = new Thread(() -> work(last, endNanos), "seeds-" + i);
      worker.setDaemon(true);
      worker.start();
      workers.add(worker);
    }
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        worker.join(PROGRESS_EVERY_MS);
        progress(began, minutes == 0 ? seeds : -1);
      }
    }
    if (broken.get() != null) {
      throw broken.get();
    }
    return report(began);
  }

  private void work(long last, long endNanos) {
    Seeds seeds = new Seeds(subject);
    try {
      for (long seed = next.getAndIncrement();
          seed < last && System.nanoTime() < endNanos && failed.get() == null;
          seed = next.getAndIncrement()) {
        Seeds.Outcome outcome = seeds.run(seed);
        done.incrementAndGet();
        virtualMs.addAndGet(outcome.virtualMs());
        if (!outcome.verdict().passed()) {
          failed.compareAndSet(null, outcome);
        }
      }
    } catch (RuntimeException e) {
      broken.compareAndSet(null, e);
    }
  }

  private void progress(long began, long of) {
    if (out.terminal()) {
      String goal = of < 0 ? "" : " of " + of;
      out.text("\r\033[K" + out.dim(done.get() + goal + " schedules" + speed(began)));
    }
  }

  private String speed(long began) {
    double seconds = (System.nanoTime() - began) / 1e9;
    return String.format(
        Locale.ROOT,
        ", %.1f virtual hours in %.1f s (%.0f a second)",
        virtualMs.get() / 3_600_000.0,
        seconds,
        done.get() / Math.max(seconds, 0.001));
  }

  private void step(String text) {
    out.line(text.length() <= STEP_CHARS ? text : text.substring(0, STEP_CHARS) + "...");
  }

  private int report(long began) throws IOException {
    if (out.terminal()) {
      out.text("\r\033[K");
    }
    Seeds.Outcome failure = failed.get();
    if (failure == null) {
      Verdict pass = Verdict.pass(done.get() + " schedules" + speed(began));
      out.line(Verdicts.line(out, pass));
      return pass.exitCode();
    }
    List<String> steps = failure.lastSteps();
    steps.subList(Math.max(0, steps.size() - LAST_STEPS), steps.size()).forEach(this::step);
    long seed = failure.schedule().seed();
    out.line("");
    out.line("seed " + seed + " fails: " + failure.verdict().reason());
    out.line("replay:  halab sim replay --seed " + seed + " --trace");
    out.line("making it small ...");
    Seeds.Outcome small = Shrink.of(new Seeds(subject), failure);
    Path file = Path.of("seed-" + seed + ".scn");
    Files.writeString(
        file, small.schedule().text("seed " + seed + ": " + small.verdict().reason()));
    out.line(
        small.schedule().faults().size()
            + " faults are left of "
            + failure.schedule().faults().size()
            + ", written to "
            + file.toAbsolutePath());
    out.line(Verdicts.line(out, Verdict.fail("seed " + seed + ": " + failure.verdict().reason())));
    return failure.verdict().exitCode();
  }
}
