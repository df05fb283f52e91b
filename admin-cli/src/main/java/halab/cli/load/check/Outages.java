package halab.cli.load.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long nobody could write, and how long each client could not: gaps between acknowledged
 * writes, the longest of all and the longest after each mark, up to the next mark. A gap is counted
 * where it ends; one that has not ended is counted at the end and says so. Before the first
 * acknowledgement of all, the time from the first mark on counts.
 */
public final class Outages implements Judge {
  /**
   * An outage.
   *
   * @param fromNs the last acknowledgement before
   * @param toNs the first one after, or the end of the load
   * @param over false if there was none after
   */
  public record Outage(long fromNs, long toNs, boolean over) {
    static final Outage NONE = new Outage(0, 0, true);

    public long ms() {
      return (toNs - fromNs) / 1_000_000;
    }

    private Outage longer(Outage other) {
      return other.toNs - other.fromNs > toNs - fromNs ? other : this;
    }
  }

  /**
   * What a fault did.
   *
   * @param mark what was done
   * @param atNs when
   * @param all longest time without an acknowledgement to any client
   * @param client longest time of a single client without one
   * @param who that client's place among the clients, -1 if there is none
   */
  public record AfterMark(String mark, long atNs, Outage all, Outage client, int who) {}

  private final int clients;
  private final long maxNs;
  private final Findings findings;
  private final List<AfterMark> marks = new ArrayList<>();
  private final Map<Integer, Long> lastOfClient = new TreeMap<>();
  private long lastNs;
  private Outage longest = Outage.NONE;
  private Outage longestOfClient = Outage.NONE;
  private boolean any;

  /**
   * Outages of so many clients; process p belongs to client {@code p % clients}.
   *
   * @param maxMs an outage of all clients above this is a finding; 0 for no bound
   */
  public Outages(int clients, long maxMs, Findings findings) {
    this.clients = clients;
    this.maxNs = maxMs * 1_000_000;
    this.findings = findings;
  }

  /** A fault is injected. */
  public void mark(String what, long atNs) {
    marks.add(new AfterMark(what, atNs, Outage.NONE, Outage.NONE, -1));
  }

  @Override
  public void done(Op invoke, Op done) {
    if (done.type() == Op.Type.OK && done.value().writes() && !done.last()) {
      if (!any) {
        begin(done.timeNs());
      }
      long at = Math.max(lastNs, done.timeNs());
      int client = done.process() % clients;
      ofAll(new Outage(lastNs, at, true));
      ofClient(client, new Outage(lastOfClient.getOrDefault(client, at), at, true));
      lastNs = at;
      lastOfClient.put(client, at);
    }
  }

  private void begin(long atNs) {
    any = true;
    lastNs = marks.isEmpty() ? atNs : Math.min(atNs, marks.get(0).atNs());
  }

  private void ofAll(Outage gap) {
    longest = longest.longer(gap);
    for (int i = newest(gap); i >= 0 && concerns(gap, i); i--) {
      AfterMark mark = marks.get(i);
      Outage all = mark.all().longer(gap);
      marks.set(i, new AfterMark(mark.mark(), mark.atNs(), all, mark.client(), mark.who()));
    }
  }

  private void ofClient(int client, Outage gap) {
    longestOfClient = longestOfClient.longer(gap);
    for (int i = newest(gap); i >= 0 && concerns(gap, i); i--) {
      AfterMark mark = marks.get(i);
      Outage longer = mark.client().longer(gap);
      int who = longer == gap ? client : mark.who();
      marks.set(i, new AfterMark(mark.mark(), mark.atNs(), mark.all(), longer, who));
    }
  }

  /** The last mark that is not after the gap; -1 if there is none. */
  private int newest(Outage gap) {
    int i = marks.size() - 1;
    while (i >= 0 && marks.get(i).atNs() > gap.toNs()) {
      i--;
    }
    return i;
  }

  /** A gap concerns every mark within it and the one before it. */
  private boolean concerns(Outage gap, int mark) {
    return mark == marks.size() - 1 || gap.fromNs() < marks.get(mark + 1).atNs();
  }

  /** The load ends now: gaps that are open are closed, bounds are judged. */
  public void end(long atNs) {
    if (!any && !marks.isEmpty()) {
      begin(atNs);
    }
    if (any) {
      ofAll(new Outage(lastNs, Math.max(lastNs, atNs), false));
      lastOfClient.forEach(
          (client, last) -> ofClient(client, new Outage(last, Math.max(last, atNs), false)));
    }
    long tooLong = longest.toNs() - longest.fromNs() - maxNs;
    if (maxNs > 0 && tooLong > 0) {
      findings.add(
          Finding.timed(
              "an outage of " + longest.ms() + " ms, at most " + maxNs / 1_000_000 + " are allowed",
              longest.fromNs(),
              longest.toNs(),
              tooLong));
    }
  }

  /** Longest time without an acknowledgement to any client. */
  public Outage longest() {
    return longest;
  }

  /** Longest time of a single client without one. */
  public Outage longestOfClient() {
    return longestOfClient;
  }

  public List<AfterMark> marks() {
    return List.copyOf(marks);
  }
}
