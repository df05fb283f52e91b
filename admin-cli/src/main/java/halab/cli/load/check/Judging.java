package halab.cli.load.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All judges of a workload over one history: pairs beginnings with ends and hands both on. */
public final class Judging {
  private final Findings findings = new Findings();
  private final Latencies latencies = new Latencies();
  private final Outages outages;
  private final Judge data;
  private final List<Judge> judges = new ArrayList<>();
  private final Map<Integer, Op> begun = new HashMap<>();
  private final Map<Op.Type, Long> counts = new EnumMap<>(Op.Type.class);

  public Judging(Header header) {
    outages = new Outages(header.slots(), header.maxOutageMs(), findings);
    data =
        switch (header.workload()) {
          case BANK -> new BankJudge(header.total(), findings);
          case APPEND -> new AppendJudge(findings);
          case REGISTER -> new RegisterJudge(findings);
        };
    judges.add(data);
    judges.add(outages);
    judges.add(latencies);
    if (header.oneSide()) {
      judges.add(new TwoSides(findings));
    }
  }

  /**
   * The next event.
   *
   * @throws IllegalArgumentException if a process does two things at once or ends what it did not
   *     begin
   */
  public void see(Op op) {
    counts.merge(op.type(), 1L, Long::sum);
    if (op.type() == Op.Type.INVOKE) {
      if (begun.putIfAbsent(op.process(), op) != null) {
        throw new IllegalArgumentException(
            "process " + op.process() + " begins an operation before its last one ended");
      }
      judges.forEach(judge -> judge.invoked(op));
      return;
    }
    Op invoke = begun.remove(op.process());
    if (invoke == null || !invoke.value().f().equals(op.value().f())) {
      throw new IllegalArgumentException(
          "process " + op.process() + " ends a " + op.value().f() + " that it did not begin");
    }
    judges.forEach(judge -> judge.done(invoke, op));
  }

  /** A fault was injected. */
  public void mark(String what, long atNs) {
    outages.mark(what, atNs);
  }

  /**
   * There is no more.
   *
   * @param stoppedNs clients wrote until then
   * @param whole false if the history was cut off
   */
  public void end(long stoppedNs, boolean whole) {
    outages.end(stoppedNs);
    judges.forEach(judge -> judge.end(whole));
    if (latencies.count() == 0) {
      findings.fault("no write was acknowledged");
    }
  }

  /** Events of this type so far. */
  public long count(Op.Type type) {
    return counts.getOrDefault(type, 0L);
  }

  public Findings findings() {
    return findings;
  }

  public Latencies latencies() {
    return latencies;
  }

  public Outages outages() {
    return outages;
  }

  public Tally tally() {
    return data.tally();
  }
}
