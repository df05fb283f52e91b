package halab.cli.fault;

import halab.admin.proto.FiredRow;
import halab.admin.proto.StepReply;
import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import halab.kernel.Endpoint;
import halab.kernel.Table;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Lets events into one held daemon and shows what each of them did. */
public final class Stepping {
  private static final long ASK_MS = 1_000;

  private final LiveLab lab;
  private final Endpoint daemon;
  private final Consumer<String> told;

  public Stepping(LiveLab lab, Endpoint daemon, Consumer<String> told) {
    this.lab = lab;
    this.daemon = daemon;
    this.told = told;
  }

  /**
   * Lets events in until enough came, the wanted one came, or the process ended.
   *
   * @param most events at most
   * @param until a row's number or a phase; null for none
   * @param withinMs wall milliseconds in all; what has not come by then is a {@link Failure}
   */
  public void run(int most, String until, long withinMs) {
    if (until != null) {
      check(until);
    }
    long endNs = System.nanoTime() + withinMs * 1_000_000;
    int came = 0;
    boolean done = false;
    while (!done) {
      if (System.nanoTime() > endNs) {
        throw Failure.no(
            came
                + (came == 1 ? " event" : " events")
                + " within "
                + withinMs / 1_000
                + " s"
                + (until == null ? ": no more came" : ", and none was " + until));
      }
      StepReply reply = lab.client().step(daemon, ASK_MS);
      if (reply.getCame()) {
        came++;
        show(reply);
      }
      done = stops(reply, until) || came == most;
    }
  }

  private boolean stops(StepReply reply, String until) {
    if (!reply.getFailure().isEmpty()) {
      throw Failure.no(
          daemon + " " + reply.getFailure() + "; see: halab status, halab hold --help");
    }
    if (reply.getEnded()) {
      told.accept("ends   the process, with exit code " + reply.getExitCode());
      new Faults(lab, told).endedHeld(daemon);
    }
    return reply.getEnded()
        || until != null && reply.getRowList().stream().anyMatch(row -> is(row, until));
  }

  private static boolean is(FiredRow row, String until) {
    boolean moved = !row.getTo().equals(row.getFrom());
    return String.valueOf(row.getRow()).equals(until)
        || moved && row.getTo().equalsIgnoreCase(until);
  }

  private void show(StepReply reply) {
    reply.getLineList().forEach(told);
    if (!reply.getEnded()) {
      told.accept("waits  " + Holds.waiting(reply.getWaiting()));
    }
    told.accept("");
  }

  /** A row or phase that no table of the system has would be waited for in vain. */
  private void check(String until) {
    TreeSet<String> phases = new TreeSet<>();
    boolean known = false;
    for (Table<?, ?> table : lab.system().tables()) {
      for (Object phase : table.phases()) {
        phases.add(phase.toString());
        known |= phase.toString().equalsIgnoreCase(until);
      }
      known |= rows(table).contains(until);
    }
    if (!known) {
      throw Failure.usage(
          "no table has a row or phase '"
              + until
              + "'; rows: halab fsm table "
              + lab.system().name()
              + "; phases: "
              + String.join(" ", phases));
    }
  }

  private static List<String> rows(Table<?, ?> table) {
    return table.rows().stream().map(row -> String.valueOf(row.number())).toList();
  }
}
