package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.dsc.proto.AsmState;
import halab.dsc.proto.Command;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.MalAlter;
import halab.dsc.proto.MalAltered;
import halab.dsc.proto.MalCheck;
import halab.dsc.proto.MalChecked;
import halab.dsc.proto.MalFreeze;
import halab.dsc.proto.MalFrozen;
import halab.dsc.proto.MalSync;
import halab.dsc.proto.MalThaw;
import halab.dsc.proto.MalThawed;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Wire;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Setting;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * State of a dmasmsvr or dmserver. Frozen once made: {@link #with} changes a fresh copy, and only
 * the table assigns the phase.
 */
public final class EpState implements Cloneable {
  final Endpoint self;

  final MalIni mal;

  /** The other EPs of the group by seqno, where the MAL file says they run. */
  SortedMap<Integer, Endpoint> peers = new TreeMap<>();

  EpPhase phase = EpPhase.BOOT;
  EpSeat seat;

  /** OK EPs of the group as the CSS last said. */
  List<Integer> members = List.of();

  /** Control EP of the group as the CSS last said; 255 none. */
  int control = DscText.NONE;

  EpJob job;

  /** Which MAL links give an answer. */
  LinkWatch links;

  /** DMDCR_LINK_CHECK_IP; null: not set. */
  final String linkCheckIp;

  /** The check of MAL_CHECK_IP. */
  MalIpCheck malIp = MalIpCheck.IDLE;

  /** Rounds of questions of the job in a row that the data disk failed, and the last such round. */
  int failedRounds;

  int failedAsk;

  ThreadDamage redoDamage = ThreadDamage.NONE;

  /** dmserver: transactions on their way, and what it knows of the order. */
  Commits commits = Commits.NONE;

  /** inst_status that the last slot shows: that of the phase left, once it is halting. */
  EpPhase shown = EpPhase.BOOT;

  /**
   * HALTING: with which code it ends, and until when it waits for its last status to be written.
   */
  int exitCode;

  long haltByMs;

  /** dmserver: the dmasmsvr of its node serves files. */
  boolean asmOpen;

  /** dmserver: time between two checkpoints (CKPT_INTERVAL); 0: none. */
  long checkpointMs;

  /** dmserver: dm.ini and dmdcr.ini as it was started with, key by key, for its views. */
  List<Setting> dmIni = List.of();

  List<Setting> dmdcrIni = List.of();

  /** dmserver: EPs whose virtual addresses it listens on. */
  List<Integer> vips = List.of();

  /** dmserver: number of the last EP_CRASH_STEP2 or ADJUST_MASTER_EP whose thaw was heard. */
  long thawedSeq;

  /**
   * dmserver: number of the last freeze it obeyed; a thaw of an earlier handling is none for it.
   */
  long frozenSeq;

  /** DMDCR_CHECK_CSS_ACTIVE, and whether the dmcss of this node has been there. */
  boolean checkCss;

  boolean cssSeen;

  /** dmserver: it was said that a parameter which must be the same is not. */
  boolean syncSaid;

  /** dmserver: DSC_CRASH_RECV_POLICY, and whether users go on although a crash is handled. */
  int crashRecvPolicy;

  boolean crashServes;

  /** dmserver: OPEN, or where ALTER DATABASE has it stand: there it returns to. */
  EpPhase wanted = EpPhase.OPEN;

  /** dmserver: the ALTER DATABASE in hand that others are asked about. */
  Alter alter;

  Alter.Obeyed obeyed = Alter.Obeyed.NONE;

  /** dmasmsvr: processes of its node that use it. */
  List<Endpoint> clients = List.of();

  EpState(Endpoint self, EpSeat seat, MalIni mal, String linkCheckIp) {
    this.self = self;
    this.seat = seat;
    this.mal = mal;
    this.links = LinkWatch.of(mal);
    this.linkCheckIp = linkCheckIp;
  }

  /** The DCR names the EPs of the group, the MAL file says where they are. */
  EpState withPeers() {
    SortedMap<Integer, Endpoint> found = new TreeMap<>();
    for (int n = 0; n < seat.dcr.getGroup(seat.group).getNEp(); n++) {
      String host = mal.hostOf(seat.name(n));
      if (n != seat.ep && host != null) {
        found.put(n, new Endpoint(host, self.role()));
      }
    }
    return with(s -> s.peers = found);
  }

  EpState with(Consumer<EpState> change) {
    try {
      EpState copy = (EpState) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  EpState withPhase(EpPhase next) {
    return with(
        s -> {
          s.phase = next;
          s.shown = next == EpPhase.HALTING || next == EpPhase.DOWN ? s.shown : next;
        });
  }

  EpState withSeat(EpSeat next) {
    return with(s -> s.seat = next);
  }

  EpState commit(Consumer<Commits> change) {
    Commits next = commits.with(change);
    return with(s -> s.commits = next);
  }

  /** The data disk lies where the ASM of this node looks for disks. */
  String dataDisk() {
    String paths = DscNames.ep(seat.dcr, 1, seat.ep).getAsmLoadPath();
    return paths.split(",")[0] + "/data0";
  }

  boolean isControl() {
    return control == seat.ep;
  }

  long wakeAtMs() {
    return switch (phase) {
      case DOWN -> Long.MAX_VALUE;
      case HALTING -> haltByMs;
      case BOOT -> seat.nextTickMs; // nobody counts on it yet: it asks for ever
      default ->
          seat.asking // the look comes before everything else
              ? seat.wakeAtMs()
              : Math.min(
                  Math.min(seat.wakeAtMs(), AlterRows.wakeAtMs(this)),
                  Math.min(EpJobs.wakeAtMs(this), againAtMs()));
    };
  }

  private long againAtMs() {
    boolean atRest = AlterRows.AT_REST.contains(phase);
    long checkpointAtMs = atRest ? commits.checkpointAtMs : Long.MAX_VALUE;
    return phase == EpPhase.STARTUP ? Long.MAX_VALUE : Math.min(commits.againAtMs, checkpointAtMs);
  }

  /** Membership as a command carries it. */
  EpState learn(Command command) {
    return with(
        s -> {
          s.seat = seat.heard(command);
          if (command.getCmdSeq() > 0) {
            s.members = List.copyOf(command.getMemberList());
            s.control = command.getControl();
          }
        });
  }

  Integer seqnoOf(Endpoint peer) {
    for (Map.Entry<Integer, Endpoint> e : peers.entrySet()) {
      if (e.getValue().equals(peer)) {
        return e.getKey();
      }
    }
    return null;
  }

  /** Carries out nothing more than an answer, in the heartbeat that is due anyway. */
  EpState answer(Command command, int result, InstStatus inst, Now now, List<Effect> out) {
    EpSeat next = seat.answered(command.getCmdSeq(), result).beat(inst, now, out);
    return with(
        s -> {
          s.seat = next;
          s.job = phase == EpPhase.STOPPING ? job : null; // a stop is not given up for a command
        });
  }

  /** The job is over: its answer goes out at once, between two heartbeats. */
  EpState answerJob(InstStatus inst, Now now, List<Effect> out) {
    EpSeat next = seat.answered(job.command().getCmdSeq(), 0).writeSlot(inst, now, out);
    return with(
        s -> {
          s.seat = next;
          s.job = null;
        });
  }

  /** Turns an event into what the rows are written against. */
  Object decode(Event event) {
    Object ofCommits = CommitTriggers.decode(this, event);
    if (ofCommits != null) {
      return ofCommits;
    }
    if (event instanceof Event.BlocksRead read) {
      return decodeRead(read);
    }
    if (event instanceof Event.BlockWritten written) {
      return written.request() == seat.beatRequest
          ? new EpTrigger.SlotWritten(true)
          : progress(written.request(), event);
    }
    if (event instanceof Event.DiskFailed failed) {
      if (failed.request() == seat.areaRequest && seat.asking) {
        return new EpTrigger.AreaFailed(failed.reason());
      }
      return failed.request() == seat.beatRequest
          ? new EpTrigger.SlotWritten(false)
          : workFailed(failed);
    }
    if (event instanceof Event.Fenced fenced) {
      return progress(fenced.request(), event);
    }
    if (event instanceof Event.Statement statement) {
      return EpTrigger.Alter.of(statement);
    }
    if (event instanceof Event.Command command && EpTrigger.ConsoleExit.said(command)) {
      return new EpTrigger.ConsoleExit(command.requestId());
    }
    if (event instanceof Event.Probed probed) {
      boolean ofMal = malIp.request() != 0 && probed.request() == malIp.request();
      return ofMal ? new EpTrigger.MalIpTested(probed) : new EpTrigger.IpTested(probed);
    }
    if (event instanceof Event.LinkUp up) {
      return link(up.peer(), true);
    }
    if (event instanceof Event.LinkDown down) {
      return link(down.peer(), false);
    }
    return event instanceof Event.Received received ? decodeMessage(received) : event;
  }

  private Object workFailed(Event.DiskFailed failed) {
    boolean work = job != null && job.answeredBy(failed.request());
    return work && failed.disk().equals(dataDisk())
        ? new EpTrigger.WorkFailed(failed.reason())
        : new EpTrigger.Late();
  }

  private Object link(Endpoint peer, boolean up) {
    if (peer.equals(css())) {
      return new EpTrigger.CssLink(up);
    }
    return peer.equals(asm()) && !self.role().equals("dmasmsvr")
        ? new EpTrigger.AsmLink(up)
        : new EpTrigger.PeerLink(peer, up);
  }

  /** The dmcss of this node. */
  Endpoint css() {
    return new Endpoint(self.host(), "dmcss");
  }

  /** The dmasmsvr of this node. */
  Endpoint asm() {
    return new Endpoint(self.host(), "dmasmsvr");
  }

  private Object decodeMessage(Event.Received received) {
    Message message = received.message();
    Integer peer = seqnoOf(received.from());
    if (message instanceof MalCheck && peer != null) {
      return new EpTrigger.LinkAsked(received.from());
    }
    if (message instanceof MalChecked && peer != null) {
      return new EpTrigger.LinkAnswered(peer);
    }
    if (message instanceof MalAlter alter && peer != null) {
      return new EpTrigger.AlterAsked(received.from(), alter);
    }
    if (message instanceof MalAltered altered && peer != null) {
      return new EpTrigger.AlterTold(peer, altered);
    }
    if (message instanceof MalSync sync) {
      return new EpTrigger.SyncTold(received.from(), sync);
    }
    if (message instanceof MalFreeze freeze) {
      return new EpTrigger.Freeze(received.from(), freeze.getCmdSeq());
    }
    if (message instanceof MalFrozen frozen) {
      return new EpTrigger.Frozen(received.from(), frozen.getCmdSeq());
    }
    if (message instanceof MalThaw thaw) {
      return new EpTrigger.Thaw(received.from(), thaw);
    }
    if (message instanceof MalThawed thawed) {
      return new EpTrigger.Thawed(received.from(), thawed.getCmdSeq());
    }
    if (message instanceof AsmState asm) {
      return new EpTrigger.AsmSays(asm.getOpen());
    }
    return new EpTrigger.Stranger(received.from(), Wire.nameOf(message));
  }

  Object progress(long request, Event event) {
    return job != null && job.answeredBy(request)
        ? new EpTrigger.Progress(event)
        : new EpTrigger.Late();
  }

  private Object decodeRead(Event.BlocksRead read) {
    if (phase != EpPhase.BOOT && seat.killedIn(read)) {
      return new EpTrigger.Killed(); // however old the look is
    }
    if (read.request() != seat.areaRequest || !seat.asking) {
      return progress(read.request(), read);
    }
    if (seat.dcr == null) {
      return new EpTrigger.DcrRead(read.blocks());
    }
    if (phase == EpPhase.BOOT) {
      return new EpTrigger.SlotRead(read.blocks());
    }
    if (EpSeat.unreadable(read.blocks())) {
      return new EpTrigger.Unreadable(read.blocks().get(1).damage());
    }
    Command command = seat.order(read.blocks());
    boolean open =
        command != null
            && command.getCmdSeq() > seat.doneSeq
            && (job == null || job.command().getCmdSeq() != command.getCmdSeq());
    return open ? new EpTrigger.Ordered(command) : new EpTrigger.Quiet(command);
  }
}
