package halab.systems.dsc;

import static halab.systems.dsc.DataLayout.newest;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.MalPosition;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What dmserver does for a command that takes more than the moment, stage by stage. A stage asks
 * the data disk, the DCR, the engine or the other EPs, and is over when all have answered; whoever
 * does not answer is asked again. Every stage may be repeated without harm.
 *
 * <p>The EP's durable state is its {@link EpRecord} on the data disk: which life has it open. A
 * crash leaves it open; whoever recovers that EP fences the life and closes the record.
 */
final class EpJobs {
  static final long ASK_AGAIN_MS = 2000;

  /** What is asked again begins anew, so that long work gets twice the time at each try. */
  private static final int DOUBLINGS_MOST = 6;

  /** How long an orderly stop waits for what is on its way. */
  static final long DRAIN_MS = 3000;

  private EpJobs() {}

  static EpState start(EpState s, Command command, Now now, List<Effect> out) {
    EpJob job = EpJob.of(command, now.monoMs());
    return goOn(EpStages.ask(s.with(x -> x.job = job), now, out), now, out);
  }

  static long askAgainMs(EpJob job) {
    int doublings = EpStages.takesItsTime(job) ? Math.min(job.asks() - 1, DOUBLINGS_MOST) : 0;
    return job.askedMs() + (ASK_AGAIN_MS << doublings);
  }

  /** Never while the own area is being read: a Kill in it comes before everything else. */
  static boolean stale(EpState s, Now now) {
    return s.job != null && !s.seat.asking && now.monoMs() >= askAgainMs(s.job);
  }

  /** When the job has something to do by itself. */
  static long wakeAtMs(EpState s) {
    if (s.job == null) {
      return Long.MAX_VALUE;
    }
    if (s.job.answered() && inPlace(s)) {
      return 0;
    }
    long again = askAgainMs(s.job);
    return drains(s) ? Math.min(again, s.job.sinceMs() + DRAIN_MS) : again;
  }

  // ---- answers ----------------------------------------------------------------------------------

  /** The state after one more answer to the job. */
  private static EpState after(EpState s, Object trigger) {
    if (trigger instanceof EpTrigger.Progress progress) {
      return after(s, progress.event());
    }
    if (trigger instanceof EpTrigger.Frozen frozen && EpStages.freezes(s.job)) {
      return withoutPeer(s, frozen.from(), frozen.cmdSeq());
    }
    return trigger instanceof EpTrigger.Thawed thawed && EpStages.thaws(s.job)
        ? withoutPeer(s, thawed.from(), thawed.cmdSeq())
        : s;
  }

  private static EpState after(EpState before, Event event) {
    EpState s = before.failedRounds == 0 ? before : before.with(x -> x.failedRounds = 0);
    EpJob job = s.job;
    if (event instanceof Event.BlocksRead read) {
      boolean records = job.command().getCmd() != Cmd.CMD_DCR_LOAD;
      EpJob.Found found = records ? job.found().with(records(read)) : job.found();
      return with(s, job.without(read.request()).withFound(found));
    }
    if (event instanceof Event.RedoRead read) {
      EpJob.Found found = job.found().withPkgs(read.pkgs(), read.oldestLsn(), read.lastLsn());
      return with(s, job.without(read.request()).withFound(found));
    }
    if (event instanceof Event.Received received
        && received.message() instanceof MalPosition position) {
      int from = s.seqnoOf(received.from());
      return with(s, job.withoutPeer(from).withFound(job.found().with(from, position)));
    }
    if (event instanceof Event.EngineOpened opened) {
      return Settlement.opened(with(s, job.without(opened.request())), opened.lsn());
    }
    if (event instanceof Event.ImageLoaded loaded) {
      return Settlement.holds(with(s, job.without(loaded.request())), loaded.lsn());
    }
    if (event instanceof Event.BlockWritten written) {
      return with(s, job.without(written.request()));
    }
    return event instanceof Event.Fenced fenced ? with(s, job.without(fenced.request())) : s;
  }

  /** The last of several rounds in a row that the disk failed. */
  static boolean failsForGood(EpState s) {
    return failed(s).failedRounds >= CommitActs.FAILURES;
  }

  /**
   * One round more failed; several answers of one round count once. It is asked again by itself.
   */
  static EpState failed(EpState s) {
    boolean same = s.failedRounds > 0 && s.failedAsk == s.job.asks();
    return same
        ? s
        : s.with(
            x -> {
              x.failedRounds++;
              x.failedAsk = s.job.asks();
            });
  }

  private static EpState with(EpState s, EpJob job) {
    return s.with(x -> x.job = job);
  }

  private static EpState withoutPeer(EpState s, Endpoint from, long cmdSeq) {
    Integer peer = s.seqnoOf(from);
    boolean mine = peer != null && s.job.command().getCmdSeq() == cmdSeq;
    return mine ? with(s, s.job.withoutPeer(peer)) : s;
  }

  private static List<EpRecord> records(Event.BlocksRead read) {
    return IntStream.range(0, VoteLayout.EPS_MAX).mapToObj(n -> newest(read.blocks(), n)).toList();
  }

  // ---- stages -----------------------------------------------------------------------------------

  /**
   * Whether this answer ends the last stage of the job. It never ends a replay that begins with it:
   * that takes all redo through the order, which a question must not do.
   */
  static boolean completes(EpState s, Object trigger, Now now) {
    if (s.job == null) {
      return false;
    }
    EpState next = after(s, trigger);
    while (goesOn(next, now) && !replaysNext(next)) {
      next = ahead(next, now, new ArrayList<>());
    }
    return stageDone(next, now) && lastStage(next);
  }

  private static boolean replaysNext(EpState s) {
    Cmd cmd = s.job.command().getCmd();
    return cmd == Cmd.CMD_EP_START2 && s.job.stage() + 2 == EpStages.stages(s);
  }

  private static boolean lastStage(EpState s) {
    return s.job.stage() + 1 >= EpStages.stages(s);
  }

  /**
   * A stage that waits for the engine or for what is on its way is done, nobody having answered.
   */
  static boolean doneByItself(EpState s, Now now) {
    return s.job != null && !s.seat.asking && waitsInPlace(s) && stageDone(s, now);
  }

  private static boolean stageDone(EpState s, Now now) {
    boolean givenUp = drains(s) && now.monoMs() >= s.job.sinceMs() + DRAIN_MS;
    boolean imageMissing = loads(s) && EpStages.redoIsGone(s); // asked for until it is there
    return s.job.answered() && !imageMissing && (!waitsInPlace(s) || inPlace(s) || givenUp);
  }

  private static boolean drains(EpState s) {
    return s.job.command().getCmd() == Cmd.CMD_EP_STOP && s.job.stage() == 0;
  }

  private static boolean loads(EpState s) {
    return s.job.command().getCmd() == Cmd.CMD_EP_START2 && s.job.stage() == 3;
  }

  private static boolean waitsInPlace(EpState s) {
    boolean replays = s.job.command().getCmd() == Cmd.CMD_EP_START2 && lastStage(s);
    return drains(s) || replays;
  }

  private static boolean inPlace(EpState s) {
    return waitsInPlace(s)
        && (drains(s) ? s.commits.drained() : s.commits.position() >= Settlement.end(s));
  }

  /** Notes an answer; when it was the stage's last, the next stage that has questions asks them. */
  static EpState advance(EpState s, Object trigger, Now now, List<Effect> out) {
    return goOn(after(s, trigger), now, out);
  }

  private static EpState goOn(EpState s, Now now, List<Effect> out) {
    EpState next = s;
    while (goesOn(next, now)) {
      next = ahead(next, now, out);
    }
    return next;
  }

  private static boolean goesOn(EpState s, Now now) {
    return stageDone(s, now) && !lastStage(s);
  }

  private static EpState ahead(EpState s, Now now, List<Effect> out) {
    EpJob next = s.job.next(now.monoMs());
    return EpStages.ask(enter(with(s, next), now, out), now, out);
  }

  /** What a stage does once, before it asks. */
  private static EpState enter(EpState s, Now now, List<Effect> out) {
    Cmd cmd = s.job.command().getCmd();
    if (EpStages.beginsPhase2(s.job)) {
      return CrashPolicy.phase2(s);
    }
    if (EpStages.thaws(s.job)) {
      return Settlement.decide(s, now, out);
    }
    return cmd == Cmd.CMD_EP_START2 && lastStage(s) ? Settlement.replay(s, now, out) : s;
  }

  /** DCR_LOAD has read the DCR; one that cannot be read leaves the old one in force. */
  static EpState takeDcr(EpState s, Object trigger, List<Effect> out) {
    if (trigger instanceof EpTrigger.Progress progress
        && progress.event() instanceof Event.BlocksRead read) {
      try {
        DcrImage dcr = DcrLayout.read(read.blocks());
        EpState known = s.withSeat(s.seat.with(x -> x.dcr = dcr)).withPeers();
        known.peers.forEach(
            (seqno, peer) -> {
              if (seqno > s.seat.ep && !s.peers.containsKey(seqno)) {
                out.add(new Effect.Connect(peer)); // the lower one dials
              }
            });
        return known;
      } catch (DcrLayout.Unreadable e) {
        return s;
      }
    }
    return s;
  }
}
