package halab.systems.dsc;

import halab.dsc.proto.EpRecord;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/**
 * Checkpoints, by the interval of dm.ini and by the redo that has come since: how redo becomes free
 * again. An EP's thread is released up to what outlives a crash at every EP of the DCR. One that is
 * not there has told nothing; for it the control EP saves an image on the shared disk, from which
 * it will go on.
 */
final class CheckpointActs {
  /** An image that nobody has heard of for so long is asked for again. */
  private static final long IMAGE_PATIENCE_MS = 60_000;

  private static final long RECORD_AGAIN_MS = 2_000;

  /** No request of this EP has this number. */
  private static final long OF_ANOTHER = -1;

  private CheckpointActs() {}

  static boolean due(EpState s, Now now) {
    return !s.seat.asking && now.monoMs() >= s.commits.checkpointAtMs;
  }

  static EpState begin(EpState s, Now now, List<Effect> out) {
    long request = s.seat.nextRequest;
    out.add(new Effect.Checkpoint(request));
    return s.withSeat(s.seat.with(x -> x.nextRequest++))
        .commit(
            c -> {
              c.checkpointRequest = request;
              c.checkpointAtMs = Long.MAX_VALUE;
              c.handedBytes = 0;
            });
  }

  /**
   * A segment's worth of redo does not wait for the interval, or the threads would fill up; nor
   * does what was in the order at a crash, or the dead EP could not rejoin.
   */
  static EpState sooner(EpState s, Now now) {
    boolean wanted =
        (s.commits.handedBytes >= DataLayout.SEGMENT_BYTES || owes(s))
            && s.commits.checkpointAtMs > now.monoMs()
            && s.commits.checkpointRequest == 0;
    return wanted ? s.commit(c -> c.checkpointAtMs = now.monoMs()) : s;
  }

  private static boolean owes(EpState s) {
    long first = firstModified(s);
    return first > 0 && first < crashLsn(s) && s.commits.position() >= crashLsn(s);
  }

  /** The first LSN that a crash of this EP's engine would lose; 0 when a checkpoint holds all. */
  static long firstModified(EpState s) {
    Commits c = s.commits;
    boolean dirty = Math.min(c.applied, c.lastHanded) > c.durable || c.position() < crashLsn(s);
    return dirty ? c.durable + 1 : 0;
  }

  /**
   * The end of the order when the last crash of an EP that is not back yet was settled; 0: none.
   */
  static long crashLsn(EpState s) {
    long last = 0;
    for (Map.Entry<Integer, Long> e : s.commits.settled.entrySet()) {
      last = s.commits.members.contains(e.getKey()) ? last : Math.max(last, e.getValue());
    }
    return last;
  }

  /** The next one is due an interval from now; with interval 0, by the redo that comes alone. */
  static EpState next(EpState s, Now now) {
    long interval = s.checkpointMs;
    return s.commit(
        c -> {
          c.checkpointRequest = 0;
          c.checkpointAtMs = interval == 0 ? Long.MAX_VALUE : now.monoMs() + interval;
        });
  }

  static EpState done(EpState s, EpTrigger.CheckpointDone t, Now now, List<Effect> out) {
    EpState noted = s.commit(c -> c.durable = Math.max(c.durable, t.lsn()));
    return saveImage(spread(sooner(next(noted, now), now), out), now, out);
  }

  static EpState imaged(EpState s, EpTrigger.ImageDone t, Now now, List<Effect> out) {
    EpState noted =
        s.commit(
            c -> {
              c.image = Math.max(c.image, t.lsn());
              c.imageRequest = 0;
            });
    return spread(noted, out);
  }

  /** An image is being saved, as far as this EP knows. */
  static boolean imaging(Commits c, Now now) {
    return c.imageRequest != 0 && now.monoMs() < c.imageAskedMs + IMAGE_PATIENCE_MS;
  }

  /** A control EP before this one saves an image: this one's own has to wait until that is over. */
  static void noteImaging(Commits c, boolean another, Now now) {
    if (another && !imaging(c, now)) {
      c.imageRequest = OF_ANOTHER;
      c.imageAskedMs = now.monoMs();
    }
  }

  /** Until there is one, redo that an absent EP needs is not released. */
  static EpState notImaged(EpState s, EpTrigger.ImageFailed t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.WARNING, "checkpoint image not saved: " + t.reason()));
    return s.commit(c -> c.imageRequest = 0);
  }

  /** One at a time: it is begun anew when it is asked for again. */
  private static EpState saveImage(EpState s, Now now, List<Effect> out) {
    boolean allThere = EpStages.eps(s).allMatch(s.commits.members::contains);
    if (allThere || imaging(s.commits, now) || s.commits.control != s.seat.ep) {
      return s;
    }
    long request = s.seat.nextRequest;
    out.add(new Effect.SaveImage(request, s.dataDisk()));
    return s.withSeat(s.seat.with(x -> x.nextRequest++))
        .commit(
            c -> {
              c.imageRequest = request;
              c.imageAskedMs = now.monoMs();
            });
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
    long request = s.seat.nextRequest;
    out.add(new Effect.WriteBlock(request, s.dataDisk(), block, record));
    EpState written =
        s.withSeat(s.seat.with(x -> x.nextRequest++))
            .commit(
                x -> {
                  x.record = record;
                  x.recordRequest = request;
                });
    CommitWords.others(written).forEach(m -> CommitWords.tell(written, m, false, out));
    return release(written, out);
  }

  static EpState recorded(EpState s, EpTrigger.RecordWritten t, Now now, List<Effect> out) {
    return s.commit(
        c -> {
          c.recordRequest = 0;
          c.recordFailures = 0;
        });
  }

  static boolean failsForGood(EpState s, EpTrigger.RecordFailed t, Now now) {
    return s.commits.recordFailures + 1 >= CommitActs.FAILURES;
  }

  /** An EP that has nothing to commit meets a broken data disk here (reference 4.5). */
  static EpState notRecorded(EpState s, EpTrigger.RecordFailed t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.WARNING, "checkpoint not written: " + t.reason()));
    return s.commit(
        c -> {
          c.recordRequest = 0;
          c.recordFailures++;
          c.checkpointAtMs = Math.min(c.checkpointAtMs, now.monoMs() + RECORD_AGAIN_MS);
        });
  }

  /** Frees what every EP has in its engine for good, or finds in the image. */
  static EpState release(EpState s, List<Effect> out) {
    if (!AlterRows.AT_REST.contains(s.phase) || s.commits.durable <= s.commits.released) {
      return s;
    }
    long upTo = others(s).mapToLong(n -> holds(s, n)).reduce(s.commits.durable, Math::min);
    if (upTo <= s.commits.released) {
      return s;
    }
    out.add(new Effect.ReleaseRedo(s.dataDisk(), s.seat.ep, upTo));
    return s.commit(x -> x.released = upTo);
  }

  private static IntStream others(EpState s) {
    return EpStages.eps(s).filter(n -> n != s.seat.ep);
  }

  private static long holds(EpState s, int ep) {
    Commits c = s.commits;
    return c.members.contains(ep) ? c.durables.getOrDefault(ep, 0L) : c.image;
  }

  /** Whoever sees only that nobody can commit is told whom to look at. */
  static EpState full(EpState s, EpTrigger.RedoFull t, Now now, List<Effect> out) {
    StringJoiner late = new StringJoiner(", ");
    if (s.commits.durable < t.neededLsn()) {
      late.add("the checkpoint of this EP");
    }
    others(s)
        .filter(n -> holds(s, n) < t.neededLsn())
        .mapToObj(n -> s.commits.members.contains(n) ? "the checkpoint of EP[" + n + "]" : image(n))
        .forEach(late::add);
    String until = late.length() == 0 ? "its release" : late.toString();
    String what = "redo thread of EP[%d] is full, commits wait for LSN %d to be held by %s";
    out.add(
        new Effect.Say(
            Level.WARNING, String.format(Locale.ROOT, what, s.seat.ep, t.neededLsn(), until)));
    return s;
  }

  private static String image(int ep) {
    return "an image for EP[" + ep + "], which is not there";
  }
}
