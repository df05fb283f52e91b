package halab.cli.load;

import halab.cli.load.check.Finding;
import halab.cli.load.check.Header;
import halab.cli.load.check.Judging;
import halab.cli.load.check.Op;
import halab.cli.load.check.Outages;
import halab.cli.load.check.Ruling;
import halab.cli.load.check.Stall;
import halab.cli.load.check.Tally;
import halab.sim.Verdict;
import java.util.List;

/**
 * How a load went.
 *
 * @param verdict with the reason; for a PASS what was shown
 * @param ranMs how long clients wrote
 * @param tally what was acknowledged and what of it was found
 * @param ok operations acknowledged, reads too
 * @param failed operations that surely did not happen
 * @param unknown operations of which nobody knows
 * @param longest longest time without an acknowledged write, over all clients
 * @param longestOfClient the same of a single client
 * @param marks outages by fault
 * @param writesPerS acknowledged writes a second
 * @param latencyUs how long acknowledged writes took
 * @param stalls own stalls
 * @param dropped events that could not be recorded
 * @param findings what the judges have against it, the first ones
 */
public record Report(
    Header header,
    Verdict verdict,
    long ranMs,
    Tally tally,
    long ok,
    long failed,
    long unknown,
    Outages.Outage longest,
    Outages.Outage longestOfClient,
    List<Outages.AfterMark> marks,
    long writesPerS,
    LatencyUs latencyUs,
    Stalls stalls,
    long dropped,
    List<Finding> findings) {

  /** Percentiles in microseconds. */
  public record LatencyUs(long p50, long p95, long p99, long p999, long max) {}

  /** Own stalls: how many, all of them together and the longest, in milliseconds. */
  public record Stalls(int count, long ms, long longestMs) {}

  static Report of(Header header, Judging judging, List<Stall> stalls, long ranNs, long dropped) {
    Tally tally = judging.tally();
    Outages outages = judging.outages();
    Verdict verdict =
        dropped > 0
            ? Verdict.inconclusive(
                dropped + " events could not be recorded: the disk, or this machine, is too slow")
            : Ruling.of(judging.findings(), stalls, shown(tally, outages));
    long stalledNs = stalls.stream().mapToLong(Stall::ns).sum();
    long longestNs = stalls.stream().mapToLong(Stall::ns).max().orElse(0);
    return new Report(
        header,
        verdict,
        ranNs / 1_000_000,
        tally,
        judging.count(Op.Type.OK),
        judging.count(Op.Type.FAIL),
        judging.count(Op.Type.INFO),
        outages.longest(),
        outages.longestOfClient(),
        outages.marks(),
        ranNs == 0 ? 0 : judging.latencies().count() * 1_000_000_000L / ranNs,
        new LatencyUs(
            us(judging, 50), us(judging, 95), us(judging, 99), us(judging, 99.9), us(judging, 100)),
        new Stalls(stalls.size(), stalledNs / 1_000_000, longestNs / 1_000_000),
        dropped,
        judging.findings().all());
  }

  private static String shown(Tally tally, Outages outages) {
    return tally.acknowledged()
        + " "
        + tally.what()
        + " acknowledged, all found; longest outage "
        + outages.longest().ms()
        + " ms";
  }

  private static long us(Judging judging, double percentile) {
    return judging.latencies().us(percentile);
  }
}
