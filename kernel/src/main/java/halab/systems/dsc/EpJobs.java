package halab.systems.dsc;

import static halab.systems.dsc.DataLayout.newest;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.Life;
import halab.dsc.proto.MalFreeze;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalWhere;
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

  /** How long an orderly stop waits for what is on its way. */
  static final long DRAIN_MS = 3000;

  private EpJobs() {}

  /** Number of stages of a command at this EP; 0: it is done with the answer. */
  static int stages(Cmd cmd) {
    return switch (cmd) {
      case CMD_DCR_LOAD, CMD_EP_START, CMD_EP_CRASH_STEP1, CMD_EP_CRASH -> 1;
      case CMD_EP_RECV -> 2;
      case CMD_EP_STOP, CMD_EP_CRASH_STEP2 -> 3;
      case CMD_EP_START2 -> 5;
      default -> 0;
    };
  }

  static EpState start(EpState s, Command command, Now now, List<Effect> out) {
    EpJob job = EpJob.of(command, now.monoMs());
    return goOn(ask(s.with(x -> x.job = job), now, out), now, out);
  }

  /** Asks (again) everything that the present stage needs. */
  static EpState ask(EpState s, Now now, List<Effect> out) {
    EpAsker asker = new EpAsker(s, out);
    switch (s.job.command().getCmd()) {
      case CMD_DCR_LOAD -> asker.read(s.seat.dcrPath, 0, DcrLayout.USED);
      case CMD_EP_CRASH_STEP1 -> freeze(s, asker);
      case CMD_EP_CRASH -> fenceVictims(s, asker);
      case CMD_EP_CRASH_STEP2 -> step2(s, asker);
      case CMD_EP_START2 -> start2(s, asker);
      case CMD_EP_STOP -> stop(s, asker);
      case CMD_EP_RECV -> {
        if (s.job.stage() == 0) {
          asker.readRecords();
        } else {
          s.job.command().getEpList().forEach(n -> recover(s, n, asker));
        }
      }
      default -> asker.readRecords();
    }
    return asker.asked(now.monoMs());
  }

  /** Never while the own area is being read: a Kill in it comes before everything else. */
  static boolean stale(EpState s, Now now) {
    return s.job != null && !s.seat.asking && now.monoMs() >= s.job.askedMs() + ASK_AGAIN_MS;
  }

  /** When the job has something to do by itself. */
  static long wakeAtMs(EpState s) {
    if (s.job == null) {
      return Long.MAX_VALUE;
    }
    if (s.job.answered() && inPlace(s)) {
      return 0;
    }
    long again = s.job.askedMs() + ASK_AGAIN_MS;
    return drains(s) ? Math.min(again, s.job.sinceMs() + DRAIN_MS) : again;
  }

  // ---- what the stages ask ----------------------------------------------------------------------

  /** Phase 1: the survivors stand still, the dead lives can write no data any more. */
  private static void freeze(EpState s, EpAsker asker) {
    fenceVictims(s, asker);
    asker.tellOthers(
        MalFreeze.newBuilder()
            .setCmdSeq(s.job.command().getCmdSeq())
            .addAllBroken(s.job.command().getEpList())
            .build());
  }

  private static void fenceVictims(EpState s, EpAsker asker) {
    for (Life victim : s.job.command().getVictimList()) {
      asker.fence(new Endpoint(victim.getHost(), s.self.role()), victim.getIncarnation());
    }
  }

  /** The stage asks EPs for their position. */
  static boolean asksWhere(EpJob job) {
    return switch (job.command().getCmd()) {
      case CMD_EP_CRASH_STEP2 -> job.stage() == 0;
      case CMD_EP_START2 -> job.stage() == 1;
      default -> false;
    };
  }

  private static MalWhere where(EpState s) {
    return MalWhere.newBuilder().setCmdSeq(s.job.command().getCmdSeq()).build();
  }

  /** Phases 2 and 3: close and read what the dead left, settle it, let everybody go on. */
  private static void step2(EpState s, EpAsker asker) {
    switch (s.job.stage()) {
      case 0 -> {
        asker.readRecords();
        asker.tellOthers(where(s));
      }
      case 1 -> {
        s.job.command().getEpList().forEach(n -> recover(s, n, asker));
        long from = Settlement.lowest(s) + 1;
        eps(s).filter(n -> !s.members.contains(n)).forEach(n -> asker.readRedo(n, from));
      }
      default -> asker.tellOthers(s.job.found().thaw());
    }
  }

  /** Open the engine, fence what may still write, read all redo, apply it. */
  private static void start2(EpState s, EpAsker asker) {
    switch (s.job.stage()) {
      case 0 -> {
        asker.openEngine();
        asker.readRecords();
      }
      case 1 -> {
        openRecords(s, asker);
        if (!s.isControl()) {
          asker.tell(List.of(s.control), where(s));
        }
      }
      case 2 -> eps(s).forEach(n -> asker.readRedo(n, s.commits.applied + 1));
      case 3 -> {
        if (redoIsGone(s)) {
          asker.loadImage();
        }
      }
      default -> {} // the engine works
    }
  }

  /** Some redo that this engine needs is overwritten: only the image has it. */
  private static boolean redoIsGone(EpState s) {
    return s.job.found().oldestLsn() > s.commits.applied + 1;
  }

  private static void openRecords(EpState s, EpAsker asker) {
    EpRecord own = record(s, s.seat.ep);
    if (own.getIncarnation() > 0 && own.getIncarnation() < s.seat.incarnation) {
      asker.fence(s.self, own.getIncarnation());
    }
    if (s.isControl()) {
      eps(s).filter(n -> n != s.seat.ep).forEach(n -> fenceLast(s, n, asker));
      eps(s).filter(n -> n != s.seat.ep).forEach(n -> recover(s, n, asker));
    }
    asker.write(ownRecord(s));
  }

  /** The own record as this life opens it. */
  static EpRecord.Builder ownRecord(EpState s) {
    return record(s, s.seat.ep).toBuilder()
        .setIncarnation(s.seat.incarnation)
        .setGuid(s.seat.guid)
        .setOpen(true)
        .clearMember()
        .addAllMember(s.members);
  }

  /** A life that closed its record itself may have left a write of redo in a disk's queue. */
  private static void fenceLast(EpState s, int ep, EpAsker asker) {
    EpRecord left = record(s, ep);
    boolean over = left.getIncarnation() > 0 && left.getIncarnation() <= over(s.job.command(), ep);
    if (!left.getOpen() && over && s.peers.containsKey(ep)) {
      asker.fence(s.peers.get(ep), left.getIncarnation());
    }
  }

  private static void stop(EpState s, EpAsker asker) {
    switch (s.job.stage()) {
      case 0 -> {} // what is on its way
      case 1 -> asker.readRecords();
      default ->
          asker.write(record(s, s.seat.ep).toBuilder().setOpen(false).setClosedBy(DscText.NONE));
    }
  }

  /** All EPs of the group that the DCR knows. */
  static IntStream eps(EpState s) {
    return IntStream.range(0, s.seat.dcr.getGroup(s.seat.group).getNEp());
  }

  /** Another EP's record is open although that life is over: fence the life, close the record. */
  private static void recover(EpState s, int ep, EpAsker asker) {
    EpRecord left = record(s, ep);
    if (!left.getOpen() || left.getIncarnation() > over(s.job.command(), ep)) {
      return;
    }
    Endpoint dead = s.peers.get(ep);
    if (dead != null) {
      asker.fence(dead, left.getIncarnation());
    }
    asker.write(left.toBuilder().setOpen(false).setClosedBy(s.seat.ep));
  }

  /**
   * The last life of an EP that is over as the command says: one that has come back and opened its
   * record already, before the control CSS changed, is not to be fenced.
   */
  private static long over(Command command, int ep) {
    return command.getCmd() == Cmd.CMD_EP_CRASH_STEP2
        ? Long.MAX_VALUE
        : command.getVictimList().stream()
            .filter(v -> v.getSeqno() == ep)
            .mapToLong(Life::getIncarnation)
            .findFirst()
            .orElse(Long.MAX_VALUE);
  }

  private static EpRecord record(EpState s, int ep) {
    return s.job.found().records().stream()
        .filter(r -> r.getSeqno() == ep)
        .findFirst()
        .orElse(EpRecord.newBuilder().setSeqno(ep).build());
  }

  // ---- answers ----------------------------------------------------------------------------------

  /** The state after one more answer to the job. */
  private static EpState after(EpState s, Object trigger) {
    if (trigger instanceof EpTrigger.Progress progress) {
      return after(s, progress.event());
    }
    if (trigger instanceof EpTrigger.Frozen frozen) {
      return withoutPeer(s, frozen.from(), frozen.cmdSeq());
    }
    return trigger instanceof EpTrigger.Thawed thawed
        ? withoutPeer(s, thawed.from(), thawed.cmdSeq())
        : s;
  }

  private static EpState after(EpState s, Event event) {
    EpJob job = s.job;
    if (event instanceof Event.BlocksRead read) {
      boolean records = job.command().getCmd() != Cmd.CMD_DCR_LOAD;
      EpJob.Found found = records ? job.found().with(records(read)) : job.found();
      return with(s, job.without(read.request()).withFound(found));
    }
    if (event instanceof Event.RedoRead read) {
      EpJob.Found found = job.found().withPkgs(read.pkgs(), read.oldestLsn());
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

  /** Whether this answer ends the last stage of the job. */
  static boolean completes(EpState s, Object trigger, Now now) {
    return s.job != null && finished(advance(s, trigger, now, new ArrayList<>()), now);
  }

  private static boolean finished(EpState s, Now now) {
    return stageDone(s, now) && lastStage(s);
  }

  private static boolean lastStage(EpState s) {
    return s.job.stage() + 1 >= stages(s.job.command().getCmd());
  }

  /**
   * A stage that waits for the engine or for what is on its way is done, nobody having answered.
   */
  static boolean doneByItself(EpState s, Now now) {
    return s.job != null && !s.seat.asking && waitsInPlace(s) && stageDone(s, now);
  }

  private static boolean stageDone(EpState s, Now now) {
    boolean givenUp = drains(s) && now.monoMs() >= s.job.sinceMs() + DRAIN_MS;
    boolean imageMissing = loads(s) && redoIsGone(s); // asked for until it is there
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
    while (stageDone(next, now) && !lastStage(next)) {
      EpJob ahead = next.job.next(now.monoMs());
      next = ask(enter(with(next, ahead), now, out), now, out);
    }
    return next;
  }

  /** What a stage does once, before it asks. */
  private static EpState enter(EpState s, Now now, List<Effect> out) {
    Cmd cmd = s.job.command().getCmd();
    if (cmd == Cmd.CMD_EP_CRASH_STEP2 && lastStage(s)) {
      return Settlement.decide(s, now, out);
    }
    return cmd == Cmd.CMD_EP_START2 && lastStage(s) ? Settlement.replay(s, now, out) : s;
  }

  /** DCR_LOAD has read the DCR; one that cannot be read leaves the old one in force. */
  static EpState takeDcr(EpState s, Object trigger) {
    if (trigger instanceof EpTrigger.Progress progress
        && progress.event() instanceof Event.BlocksRead read) {
      try {
        DcrImage dcr = DcrLayout.read(read.blocks());
        return s.withSeat(s.seat.with(x -> x.dcr = dcr));
      } catch (DcrLayout.Unreadable e) {
        return s;
      }
    }
    return s;
  }
}
