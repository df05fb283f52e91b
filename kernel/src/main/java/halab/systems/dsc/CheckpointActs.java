package halab.systems.dsc;

import halab.dsc.proto.EpRecord;
import halab.kernel.Effect;
import halab.kernel.Now;
import java.util.List;

/**
 * Checkpoints, by the interval of dm.ini and by the redo that has come since: how redo becomes free
 * again. An EP's thread is released up to what outlives a crash at every EP of the DCR. One that is
 * not there has told nothing; for it the control EP saves an image on the shared disk, from which
 * it will go on.
 */
final class CheckpointActs {
  private CheckpointActs() {}

  static boolean due(EpState s, Now now) {
    return !s.seat.asking && now.monoMs() >= s.commits.checkpointAtMs;
  }

  static EpState begin(EpState s, Now now, List<Effect> out) {
    long request = s.seat.nextRequest;
    out.add(new Effect.Checkpoint(request));
    return next(s.withSeat(s.seat.with(x -> x.nextRequest++)), now)
        .commit(
            c -> {
              c.checkpointRequest = request;
              c.handedBytes = 0;
            });
  }

  /** A segment's worth of redo does not wait for the interval, or the threads would fill up. */
  static EpState sooner(EpState s, Now now) {
    boolean wanted =
        s.commits.handedBytes >= DataLayout.SEGMENT_BYTES
            && s.commits.checkpointAtMs > now.monoMs()
            && s.checkpointMs > 0;
    return wanted ? s.commit(c -> c.checkpointAtMs = now.monoMs()) : s;
  }

  /** The next one is due an interval from now; never when the interval is 0. */
  static EpState next(EpState s, Now now) {
    long interval = s.checkpointMs;
    return s.commit(
        c -> c.checkpointAtMs = interval == 0 ? Long.MAX_VALUE : now.monoMs() + interval);
  }

  static EpState done(EpState s, EpTrigger.CheckpointDone t, Now now, List<Effect> out) {
    EpState noted = s.commit(c -> c.durable = Math.max(c.durable, t.lsn()));
    return saveImage(spread(noted, out), out);
  }

  static EpState imaged(EpState s, EpTrigger.ImageDone t, Now now, List<Effect> out) {
    return spread(s.commit(c -> c.image = Math.max(c.image, t.lsn())), out);
  }

  private static EpState saveImage(EpState s, List<Effect> out) {
    boolean allThere = EpStages.eps(s).allMatch(s.commits.members::contains);
    if (allThere || s.commits.control != s.seat.ep) {
      return s;
    }
    long request = s.seat.nextRequest;
    out.add(new Effect.SaveImage(request, s.dataDisk()));
    return s.withSeat(s.seat.with(x -> x.nextRequest++)).commit(c -> c.imageRequest = request);
  }

  /** Into the own record, to all members, and whatever it frees. */
  private static EpState spread(EpState s, List<Effect> out) {
    Commits c = s.commits;
    EpRecord record =
        c.record.toBuilder()
            .setLsn(c.record.getLsn() + 1)
            .setDurableLsn(c.durable)
            .setImageLsn(c.image)
            .build();
    int block = DataLayout.record(s.seat.ep, record.getLsn());
    out.add(new Effect.WriteBlock(s.seat.nextRequest, s.dataDisk(), block, record));
    EpState written = s.withSeat(s.seat.with(x -> x.nextRequest++)).commit(x -> x.record = record);
    CommitWords.others(written).forEach(m -> CommitWords.tell(written, m, false, out));
    return release(written, out);
  }

  /** Frees what every EP has in its engine for good, or finds in the image. */
  static EpState release(EpState s, List<Effect> out) {
    Commits c = s.commits;
    long upTo =
        EpStages.eps(s)
            .filter(n -> n != s.seat.ep)
            .mapToLong(n -> c.members.contains(n) ? c.durables.getOrDefault(n, 0L) : c.image)
            .reduce(c.durable, Math::min);
    if (s.phase != EpPhase.OPEN || upTo <= c.released) {
      return s;
    }
    out.add(new Effect.ReleaseRedo(s.dataDisk(), s.seat.ep, upTo));
    return s.commit(x -> x.released = upTo);
  }
}
