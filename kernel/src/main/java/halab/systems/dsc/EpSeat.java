package halab.systems.dsc;

import halab.dsc.proto.Campaign;
import halab.dsc.proto.Command;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.Kill;
import halab.dsc.proto.LinkIp;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import java.util.List;
import java.util.function.Consumer;

/**
 * What dmasmsvr and dmserver have in common: their seat at the VOTE disk. Once a second read the
 * own area (Kill before everything else), then write the heartbeat; answer commands in it; give up
 * when the area could not be read for the group's disk check count (reference 1.3, 3.4, 4.1).
 *
 * <p>Frozen once made: {@link #with} changes a fresh copy.
 */
final class EpSeat implements Cloneable {
  static final long BEAT_MS = 1000;

  /** A read without an answer is asked again after this long: the request may have been lost. */
  static final long ASK_AGAIN_MS = 2000;

  final String host;
  final String dcrPath;
  final int group;
  final int ep;

  long incarnation;
  long pid;
  DcrImage dcr;
  long nextRequest = 1;
  long nextTickMs;
  long areaRequest;
  long areaAskedMs;
  long beatRequest;

  /** Whether an answer about the own area is awaited. */
  boolean asking;

  long lastGoodMs;

  /** When the last heartbeat was sent to the disk, and when the last that is durable there was. */
  long beatMs;

  long durableBeatMs;

  /** Failed or unanswered looks in a row. */
  int misses;

  /** Heartbeats in a row of which the disk has not said that they are durable. */
  int unwritten;

  long guid;
  long ts;
  long term;
  long doneSeq;
  int doneResult;
  VtdStatus vtd = VtdStatus.VTD_STARTUP;

  /** EPs: whose MAL link gives no answer, and the link check IP, as the slot shows them. */
  List<Integer> malDown = List.of();

  LinkIp linkIp = LinkIp.LINK_IP_UNSPECIFIED;

  /** Wall clock at which this life took up its slot, for others to see. */
  long startWallMs;

  /** dmcss only: its part in the election. */
  Campaign campaign = Campaign.getDefaultInstance();

  /** dmserver: what the CSS judges its readiness and the end of a crash by. */
  long syncDigest;

  long firstModifiedLsn;
  long crashLsn;

  /** {@code exit} was typed on the console of this life. */
  boolean stopGroup;

  /** BOOT: counter of the life of another host that holds the slot, and looks that showed it. */
  long twinCounter;

  int twinLooks;

  EpSeat(String host, String dcrPath, int group, int ep) {
    this.host = host;
    this.dcrPath = dcrPath;
    this.group = group;
    this.ep = ep;
  }

  EpSeat with(Consumer<EpSeat> change) {
    try {
      EpSeat copy = (EpSeat) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  String votePath() {
    return dcr.getHeader().getVtdPath();
  }

  /** The group's disk check count in milliseconds: how long a life may last without its area. */
  long diskCheckMs() {
    return dcr.getGroup(group).getDskchkCnt() * 1000L;
  }

  String name() {
    return dcr == null ? List.of("CSS", "ASM", "DSC").get(group) + ep : name(ep);
  }

  String name(int seqno) {
    return DscNames.ep(dcr, group, seqno).getName();
  }

  /** Asks for the DCR, as every process does first. */
  EpSeat askDcr(Now now, List<Effect> out) {
    long request = nextRequest;
    out.add(new Effect.ReadBlocks(request, dcrPath, 0, DcrLayout.USED));
    return with(
        s -> {
          s.nextRequest++;
          s.areaRequest = request;
          s.areaAskedMs = now.monoMs();
          s.asking = true;
          s.nextTickMs = now.monoMs() + ASK_AGAIN_MS;
        });
  }

  /** Asks for the header of VOTE and the own slot, where the last life left guid and ts. */
  EpSeat askSlot(Now now, List<Effect> out) {
    return ask(now, out, VoteLayout.HEADER, VoteLayout.heartbeat(group, ep) + 1);
  }

  /** Why this process cannot work with the VOTE disk, with the remedy; null: it can. */
  String voteProblem(List<Block> blocks) {
    return DcrLayout.voteProblem(dcr, blocks);
  }

  /** Says which blocks of a disk are damaged while a good copy serves. */
  static void sayDamaged(String disk, List<String> damages, List<Effect> out) {
    for (String damage : damages) {
      out.add(
          new Effect.Say(
              Level.WARNING,
              disk + " disk, " + damage + "; its copy serves, the control CSS writes it anew"));
    }
  }

  /** Asks for the own area: command and Kill. */
  EpSeat askArea(Now now, List<Effect> out) {
    return ask(now, out, VoteLayout.command(group, ep), 2);
  }

  /** dmcss: asks for the whole VOTE disk. */
  EpSeat askAll(Now now, List<Effect> out) {
    return ask(now, out, 0, VoteLayout.USED);
  }

  private EpSeat ask(Now now, List<Effect> out, int first, int count) {
    long request = nextRequest;
    out.add(new Effect.ReadBlocks(request, votePath(), first, count));
    return with(
        s -> {
          s.nextRequest++;
          s.areaRequest = request;
          s.areaAskedMs = now.monoMs();
          s.asking = true;
          s.nextTickMs = now.monoMs() + ASK_AGAIN_MS;
        });
  }

  /**
   * Takes up the slot of the last life, which is the last of the blocks; its counter goes on so
   * that peers see change, and its term, so that no claim made under it is made again.
   */
  EpSeat adopt(List<Block> blocks, Now now) {
    Heartbeat last = blocks.get(blocks.size() - 1).as(Heartbeat.class);
    return with(
        s -> {
          s.guid = last == null ? 0 : last.getGuid();
          s.ts = last == null ? 0 : last.getTs();
          s.term = last == null ? 0 : Math.max(last.getTerm(), last.getCampaign().getTerm());
          s.startWallMs = now.wallMs();
          s.lastGoodMs = now.monoMs();
          s.misses = 0;
          s.asking = false;
          s.nextTickMs = now.monoMs();
        });
  }

  // ---- another process with this number -------------------------------------------------------

  /** Host of the last life in the slot if it is another one and did not end; else null. */
  String twinHost(List<Block> blocks) {
    Heartbeat last = blocks.get(blocks.size() - 1).as(Heartbeat.class);
    if (last == null || last.getHost().isEmpty() || last.getHost().equals(host)) {
      return null;
    }
    return switch (last.getVtdStatus()) {
      case VTD_SYSHALT, VTD_STOP, VTD_SHUTDOWN -> null;
      default -> last.getHost();
    };
  }

  /** It has been seen to beat. */
  boolean twinBeats(List<Block> blocks) {
    return twinHost(blocks) != null && twinLooks > 0 && counter(blocks) != twinCounter;
  }

  /** It may beat yet: nobody is taken for dead before the disk check count (drill 34). */
  boolean twinMayLive(List<Block> blocks) {
    return twinHost(blocks) != null && twinLooks <= dcr.getGroup(group).getDskchkCnt();
  }

  EpSeat watchTwin(List<Block> blocks, Now now) {
    long counter = counter(blocks);
    return with(
        s -> {
          s.twinCounter = counter;
          s.twinLooks++;
          s.asking = false;
          s.nextTickMs = now.monoMs() + BEAT_MS;
        });
  }

  private static long counter(List<Block> blocks) {
    Heartbeat last = blocks.get(blocks.size() - 1).as(Heartbeat.class);
    return last.getIncarnation() * 1_000_003L + last.getTs();
  }

  /**
   * A picture of the own area that is older than the disk check count: taken before a pause, not to
   * be acted on (others may have judged us meanwhile).
   */
  boolean tooOld(Now now) {
    return now.monoMs() - areaAskedMs >= diskCheckMs();
  }

  /** A look at VOTE, whenever it was asked for, that shows a Kill meant for this life. */
  boolean killedIn(Event.BlocksRead read) {
    int at = VoteLayout.kill(group, ep) - read.first();
    if (at < 0 || at >= read.blocks().size()) {
      return false;
    }
    // Only VOTE holds Kills, so the other disks' blocks at that place are no matter.
    Kill kill = read.blocks().get(at).as(Kill.class);
    return kill != null && kill.getIncarnation() >= incarnation;
  }

  /** The Kill area cannot be read, so nobody knows whether we may live. */
  static boolean unreadable(List<Block> area) {
    return area.get(1).damage() != null;
  }

  /** A command that this life has to carry out now, else null. */
  Command order(List<Block> area) {
    Command command = area.get(0).as(Command.class);
    if (command == null || command.getIncarnation() != incarnation || command.getTerm() < term) {
      return null;
    }
    return command;
  }

  /** The area was read in time: note it and write the heartbeat; sleep one beat from here. */
  EpSeat beat(InstStatus inst, Now now, List<Effect> out) {
    EpSeat next =
        with(
            s -> {
              s.ts++;
              s.unwritten++;
              s.lastGoodMs = areaAskedMs;
              s.misses = 0;
              s.asking = false;
              s.nextTickMs = now.monoMs() + BEAT_MS;
            });
    return next.writeSlot(inst, now, out);
  }

  /** Writes the slot as it is now, outside the beat: an answer, a last status. */
  EpSeat writeSlot(InstStatus inst, Now now, List<Effect> out) {
    Heartbeat beat =
        Heartbeat.newBuilder()
            .setIncarnation(incarnation)
            .setGuid(guid)
            .setTs(ts)
            .setInstStatus(inst)
            .setVtdStatus(vtd)
            .setPid(pid)
            .setDoneSeq(doneSeq)
            .setDoneResult(doneResult)
            .setTerm(term)
            .setStartWallMs(startWallMs)
            .setCampaign(campaign)
            .addAllMalDown(malDown)
            .setLinkIp(linkIp)
            .setHost(host)
            .setSyncDigest(syncDigest)
            .setFirstModifiedLsn(firstModifiedLsn)
            .setCrashLsn(crashLsn)
            .setStopGroup(stopGroup)
            .build();
    long request = nextRequest;
    out.add(new Effect.WriteBlock(request, votePath(), VoteLayout.heartbeat(group, ep), beat));
    return with(
        s -> {
          s.nextRequest++;
          s.beatRequest = request;
          s.beatMs = now.monoMs();
        });
  }

  /** The Kill area holds damage: say which block, go on trying each second. */
  EpSeat unreadable(String damage, Now now, List<Effect> out) {
    if (misses == 0) {
      out.add(
          new Effect.Say(
              Level.ERROR,
              "VOTE disk, block "
                  + VoteLayout.kill(group, ep)
                  + " (Kill area of "
                  + name()
                  + "): "
                  + damage
                  + "; nobody can tell whether this process may live, the control CSS has to write"
                  + " it anew"));
    }
    return with(
        s -> {
          s.misses++;
          s.asking = false;
          s.nextTickMs = now.monoMs() + BEAT_MS;
        });
  }

  /** The area cannot be read: say so once, go on trying each second. */
  EpSeat missed(Now now, List<Effect> out) {
    if (misses == 0 && dcr != null) {
      out.add(new Effect.Say(Level.WARNING, DscText.noVotingDisk(name())));
    }
    return with(
        s -> {
          s.misses++;
          s.asking = false;
          s.nextTickMs = now.monoMs() + BEAT_MS;
        });
  }

  /**
   * Whether the area has been out of reach for the whole disk check count, or as many heartbeats
   * could not be written: others then take us for dead. Two failed looks are asked for, so that a
   * process that wakes from a long pause first reads its area and obeys.
   */
  boolean lost(Now now) {
    if (dcr == null) {
      return false;
    }
    return misses >= 2 && now.monoMs() - lastGoodMs >= diskCheckMs()
        || unwritten >= dcr.getGroup(group).getDskchkCnt();
  }

  /**
   * The last good look is older than the disk check count, as after a long pause: others may have
   * taken over, so nothing is done before the next look.
   */
  boolean stale(Now now) {
    return now.monoMs() - lastGoodMs >= diskCheckMs();
  }

  /** The disk has the last heartbeat. */
  EpSeat beatWritten() {
    return with(
        s -> {
          s.unwritten = 0;
          s.durableBeatMs = beatMs;
        });
  }

  /**
   * Until when nobody can have taken this life for dead: others count from its last durable
   * heartbeat, and a Kill cannot have been there at its last look. A beat is left for unlike
   * clocks.
   */
  long trustedUntilMs() {
    return Math.min(lastGoodMs, durableBeatMs) + diskCheckMs() - BEAT_MS;
  }

  /** When to look next, or to give up. */
  long wakeAtMs() {
    return dcr != null && misses >= 2
        ? Math.min(nextTickMs, lastGoodMs + diskCheckMs())
        : nextTickMs;
  }

  /** Takes note of who wrote a command, and of the guid that came with it. */
  EpSeat heard(Command command) {
    return with(
        s -> {
          s.term = command.getTerm();
          if (command.getGuid() > s.guid) {
            s.guid = command.getGuid();
            s.ts = command.getGuid();
          }
        });
  }

  EpSeat answered(long seq, int result) {
    return with(
        s -> {
          s.doneSeq = seq;
          s.doneResult = result;
        });
  }
}
