package halab.systems.dsc;

import static halab.systems.dsc.DataLayout.newest;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.Life;
import halab.dsc.proto.MalFreeze;
import halab.dsc.proto.MalThaw;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What dmserver does for a command that takes more than the moment, stage by stage. A stage asks
 * the data disk, the DCR or the other EPs, and is over when all have answered; whoever does not
 * answer is asked again. Every stage may be repeated without harm.
 *
 * <p>The EP's durable state is its {@link EpRecord} on the data disk: which life has it open. A
 * crash leaves it open; whoever recovers that EP fences the life and closes the record.
 */
final class EpJobs {
  static final long ASK_AGAIN_MS = 2000;

  private EpJobs() {}

  /** Number of stages of a command at this EP; 0: it is done with the answer. */
  static int stages(Cmd cmd) {
    return switch (cmd) {
      case CMD_DCR_LOAD, CMD_EP_START, CMD_EP_CRASH_STEP1, CMD_EP_CRASH -> 1;
      case CMD_EP_START2, CMD_EP_RECV, CMD_EP_STOP -> 2;
      case CMD_EP_CRASH_STEP2 -> 3;
      default -> 0;
    };
  }

  static EpState start(EpState s, Command command, Now now, List<Effect> out) {
    EpJob job = new EpJob(command, 0, List.of(), List.of(), now.monoMs(), List.of());
    return ask(s.with(x -> x.job = job), now, out);
  }

  /** Asks (again) everything that the present stage needs. */
  static EpState ask(EpState s, Now now, List<Effect> out) {
    Asker asker = new Asker(s, out);
    switch (s.job.command().getCmd()) {
      case CMD_DCR_LOAD -> asker.read(s.seat.dcrPath, 0, DcrLayout.USED);
      case CMD_EP_CRASH_STEP1 -> freeze(s, asker);
      case CMD_EP_CRASH -> fenceVictims(s, asker);
      case CMD_EP_CRASH_STEP2 -> step2(s, asker);
      case CMD_EP_START2, CMD_EP_RECV, CMD_EP_STOP -> {
        if (s.job.stage() == 0) {
          asker.readRecords();
        } else {
          settle(s, asker);
        }
      }
      default -> asker.readRecords();
    }
    EpJob job = s.job;
    return s.with(
        x -> {
          x.seat = s.seat.with(y -> y.nextRequest = asker.next);
          x.job =
              new EpJob(
                  job.command(),
                  job.stage(),
                  List.copyOf(asker.requests),
                  List.copyOf(asker.peers),
                  now.monoMs(),
                  job.records());
        });
  }

  /** Never while the own area is being read: a Kill in it comes before everything else. */
  static boolean stale(EpState s, Now now) {
    return s.job != null && !s.seat.asking && now.monoMs() >= s.job.askedMs() + ASK_AGAIN_MS;
  }

  /** Phase 1: the survivors stand still, the dead lives can write no data any more. */
  private static void freeze(EpState s, Asker asker) {
    fenceVictims(s, asker);
    asker.tellOthers(
        MalFreeze.newBuilder()
            .setCmdSeq(s.job.command().getCmdSeq())
            .addAllBroken(s.job.command().getEpList())
            .build());
  }

  private static void fenceVictims(EpState s, Asker asker) {
    for (Life victim : s.job.command().getVictimList()) {
      asker.fence(new Endpoint(victim.getHost(), s.self.role()), victim.getIncarnation());
    }
  }

  /** Phases 2 and 3: read what the dead left, close it, let everybody go on. */
  private static void step2(EpState s, Asker asker) {
    switch (s.job.stage()) {
      case 0 -> asker.readRecords();
      case 1 -> settle(s, asker);
      default ->
          asker.tellOthers(MalThaw.newBuilder().setCmdSeq(s.job.command().getCmdSeq()).build());
    }
  }

  private static void settle(EpState s, Asker asker) {
    Command command = s.job.command();
    EpRecord own = record(s, s.seat.ep);
    switch (command.getCmd()) {
      case CMD_EP_STOP -> asker.write(own.toBuilder().setOpen(false).setClosedBy(DscText.NONE));
      case CMD_EP_START2 -> {
        if (s.isControl()) {
          IntStream.range(0, s.seat.dcr.getGroup(s.seat.group).getNEp())
              .filter(n -> n != s.seat.ep)
              .forEach(n -> recover(s, n, asker));
        }
        asker.write(
            own.toBuilder()
                .setIncarnation(s.seat.incarnation)
                .setGuid(s.seat.guid)
                .setOpen(true)
                .clearMember()
                .addAllMember(s.members));
      }
      default -> command.getEpList().forEach(n -> recover(s, n, asker));
    }
  }

  /** Another EP's record is open although that life is over: fence the life, close the record. */
  private static void recover(EpState s, int ep, Asker asker) {
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
    return s.job.records().stream()
        .filter(r -> r.getSeqno() == ep)
        .findFirst()
        .orElse(EpRecord.newBuilder().setSeqno(ep).build());
  }

  /** The job after one more answer. */
  static EpJob after(EpState s, Object trigger) {
    EpJob job = s.job;
    if (trigger instanceof EpTrigger.Progress progress) {
      Event event = progress.event();
      if (event instanceof Event.BlocksRead read) {
        EpJob noted = job.without(read.request());
        return job.command().getCmd() == Cmd.CMD_DCR_LOAD
            ? noted
            : noted.withRecords(records(read));
      }
      if (event instanceof Event.BlockWritten written) {
        return job.without(written.request());
      }
      return event instanceof Event.Fenced fenced ? job.without(fenced.request()) : job;
    }
    if (trigger instanceof EpTrigger.Frozen frozen) {
      return withoutPeer(s, frozen.from(), frozen.cmdSeq());
    }
    if (trigger instanceof EpTrigger.Thawed thawed) {
      return withoutPeer(s, thawed.from(), thawed.cmdSeq());
    }
    return job;
  }

  private static EpJob withoutPeer(EpState s, Endpoint from, long cmdSeq) {
    Integer peer = s.seqnoOf(from);
    boolean mine = peer != null && s.job.command().getCmdSeq() == cmdSeq;
    return mine ? s.job.withoutPeer(peer) : s.job;
  }

  private static List<EpRecord> records(Event.BlocksRead read) {
    return IntStream.range(0, VoteLayout.EPS_MAX).mapToObj(n -> newest(read.blocks(), n)).toList();
  }

  /** Whether this answer ends the last stage of the job. */
  static boolean completes(EpState s, Object trigger, Now now) {
    return s.job != null && finished(advance(s, trigger, now, new ArrayList<>()));
  }

  private static boolean finished(EpState s) {
    return s.job.stageDone() && lastStage(s);
  }

  private static boolean lastStage(EpState s) {
    return s.job.stage() + 1 >= stages(s.job.command().getCmd());
  }

  /** Notes an answer; when it was the stage's last, the next stage that has questions asks them. */
  static EpState advance(EpState s, Object trigger, Now now, List<Effect> out) {
    EpJob noted = after(s, trigger);
    EpState next = s.with(x -> x.job = noted);
    while (next.job.stageDone() && !lastStage(next)) {
      EpJob job = next.job;
      EpJob ahead =
          new EpJob(
              job.command(), job.stage() + 1, List.of(), List.of(), now.monoMs(), job.records());
      next = ask(next.with(x -> x.job = ahead), now, out);
    }
    return next;
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

  /** Collects the questions of one stage. */
  private static final class Asker {
    private final EpState s;
    private final List<Effect> out;
    private final List<Long> requests = new ArrayList<>();
    private final List<Integer> peers = new ArrayList<>();
    private long next;

    Asker(EpState s, List<Effect> out) {
      this.s = s;
      this.out = out;
      this.next = s.seat.nextRequest;
    }

    private long number() {
      requests.add(next);
      return next++;
    }

    void read(String disk, int first, int count) {
      out.add(new Effect.ReadBlocks(number(), disk, first, count));
    }

    /** The data disk lies where the ASM of this node looks for disks. */
    private String dataDisk() {
      String paths = DscNames.ep(s.seat.dcr, 1, s.seat.ep).getAsmLoadPath();
      return paths.split(",")[0] + "/data0";
    }

    void readRecords() {
      read(dataDisk(), DataLayout.FIRST, DataLayout.USED);
    }

    void write(EpRecord.Builder record) {
      EpRecord next = record.setLsn(record.getLsn() + 1).build();
      int block = DataLayout.record(next.getSeqno(), next.getLsn());
      out.add(new Effect.WriteBlock(number(), dataDisk(), block, next));
    }

    void fence(Endpoint victim, long incarnation) {
      out.add(new Effect.Fence(number(), dataDisk(), victim, incarnation));
    }

    void tellOthers(com.google.protobuf.Message message) {
      for (int member : s.members) {
        Endpoint peer = s.peers.get(member);
        if (peer != null && !s.job.command().getEpList().contains(member)) {
          peers.add(member);
          out.add(new Effect.Send(peer, message));
        }
      }
    }
  }
}
