package halab.systems.dsc;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.Life;
import halab.dsc.proto.MalFreeze;
import halab.dsc.proto.MalWhere;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Now;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the stages of a job of dmserver ask of the data disk, the DCR, the engine and other EPs. May
 * be asked again without harm.
 */
final class EpStages {
  /** Stages of phases 2 and 3 of a crash: where are all, what did the dead leave, go on. */
  private static final int SETTLING = 3;

  private static final int THAW = 2;

  private EpStages() {}

  private static boolean isDb(EpState s) {
    return s.seat.group == 2;
  }

  /**
   * Which stage of phases 2 and 3 the job is in; negative: none. In dialect B one EP_CRASH does
   * what EP_CRASH_STEP1 and STEP2 do in A.
   */
  private static int settling(EpJob job) {
    return switch (job.command().getCmd()) {
      case CMD_EP_CRASH_STEP2 -> job.stage();
      case CMD_EP_CRASH -> job.stage() - 1;
      case CMD_ADJUST_MASTER_EP -> job.stage() == 0 ? 0 : THAW; // nobody is dead
      default -> -1;
    };
  }

  /** The stage waits for survivors to stand still. */
  static boolean freezes(EpJob job) {
    Cmd cmd = job.command().getCmd();
    return cmd == Cmd.CMD_EP_CRASH_STEP1 || cmd == Cmd.CMD_EP_CRASH && job.stage() == 0;
  }

  /** The job ends with a crash being handled, and the instance open again. */
  static boolean handlesCrash(EpJob job) {
    Cmd cmd = job.command().getCmd();
    return cmd == Cmd.CMD_EP_CRASH_STEP2 || cmd == Cmd.CMD_EP_CRASH;
  }

  /** In dialect B: phase 1 is behind the job, phase 2 begins. */
  static boolean beginsPhase2(EpJob job) {
    return job.command().getCmd() == Cmd.CMD_EP_CRASH && settling(job) == 0;
  }

  /** The stage waits for survivors to go on. */
  static boolean thaws(EpJob job) {
    return settling(job) == THAW;
  }

  /** Number of stages of its command at this EP; 0: it is done with the answer. */
  static int stages(EpState s) {
    return switch (s.job.command().getCmd()) {
      case CMD_DCR_LOAD, CMD_EP_START, CMD_EP_CRASH_STEP1, CMD_LINK_CHECK -> 1;
      case CMD_EP_CRASH -> isDb(s) ? 1 + SETTLING : 1;
      case CMD_EP_RECV -> 2;
      case CMD_ADJUST_MASTER_EP -> s.isControl() ? 2 : 1;
      case CMD_EP_CRASH_STEP2 -> SETTLING;
      case CMD_EP_STOP -> 3;
      case CMD_EP_START2 -> 5;
      default -> 0;
    };
  }

  /** Asks (again) everything that the present stage needs. */
  static EpState ask(EpState s, Now now, List<Effect> out) {
    if (s.job.command().getCmd() == Cmd.CMD_LINK_CHECK) {
      return LinkChecks.askAgain(s, now, out);
    }
    EpAsker asker = new EpAsker(s, out);
    switch (s.job.command().getCmd()) {
      case CMD_DCR_LOAD -> asker.read(s.seat.dcrPath, 0, DcrLayout.USED);
      case CMD_EP_CRASH_STEP1 -> freeze(s, asker);
      case CMD_EP_CRASH -> {
        if (!isDb(s)) {
          fenceVictims(s, asker);
        } else if (s.job.stage() == 0) {
          freeze(s, asker);
        } else {
          step2(s, asker);
        }
      }
      case CMD_EP_CRASH_STEP2 -> step2(s, asker);
      case CMD_EP_START2 -> start2(s, asker);
      case CMD_ADJUST_MASTER_EP -> adjust(s, asker);
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
      case CMD_EP_CRASH_STEP2, CMD_EP_CRASH, CMD_ADJUST_MASTER_EP -> settling(job) == 0;
      case CMD_EP_START2 -> job.stage() == 1;
      default -> false;
    };
  }

  /** The stage reads whole redo threads, or an image. */
  static boolean takesItsTime(EpJob job) {
    return switch (job.command().getCmd()) {
      case CMD_EP_CRASH_STEP2, CMD_EP_CRASH -> settling(job) == 1;
      case CMD_EP_START2 -> job.stage() == 2 || job.stage() == 3;
      default -> false;
    };
  }

  private static MalWhere.Builder where(EpState s) {
    return MalWhere.newBuilder().setCmdSeq(s.job.command().getCmdSeq());
  }

  /** The new control EP leads: where are all, go on under me. The others wait for it. */
  private static void adjust(EpState s, EpAsker asker) {
    if (s.isControl()) {
      boolean begins = s.job.stage() == 0;
      asker.tellOthers(begins ? where(s).setAdjust(true).build() : s.job.found().thaw());
    }
  }

  /** Phases 2 and 3: close and read what the dead left, settle it, let everybody go on. */
  private static void step2(EpState s, EpAsker asker) {
    switch (settling(s.job)) {
      case 0 -> {
        asker.readRecords();
        asker.tellOthers(where(s).build());
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
          asker.tell(List.of(s.control), where(s).build());
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
  static boolean redoIsGone(EpState s) {
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
    boolean crash =
        command.getCmd() == Cmd.CMD_EP_CRASH_STEP2 || command.getCmd() == Cmd.CMD_EP_CRASH;
    return crash
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
}
