package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.dsc.proto.Command;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.Kill;
import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonOp;
import halab.dsc.proto.MonRequest;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Step;
import halab.sim.Invariant;
import halab.sim.SimProcess;
import halab.sim.World;
import halab.systems.dsc.config.DscPlan;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the vendor promises of a DSC cluster, checked after every step of a simulated one. */
final class DscInvariants {
  private static final Set<GroupPhase> AT_REST =
      EnumSet.of(GroupPhase.STARTUP, GroupPhase.OPEN, GroupPhase.CLOSED);

  private DscInvariants() {}

  static List<Invariant> all() {
    return List.of(
        new OneControlCss(),
        new OneControlEp(),
        new OneGrants(),
        new KilledDoesNothing(),
        new KillsTheRightLife(),
        new NumbersRise(),
        new RecoversBehindAFence(),
        new LinkCheckLeavesSomebody(),
        new OffMeansOff(),
        new CrashByHand());
  }

  private static boolean isCss(SimProcess who) {
    return who.state() instanceof DmcssState;
  }

  /** What stands in a block of VOTE. */
  private static Block vote(World world, int block) {
    return DscValidations.vote(world, block);
  }

  private static boolean isVote(String disk) {
    return disk.contains("vote") || disk.endsWith("/VTD");
  }

  /** The block of VOTE that this process reads its Kill from; -1 for others. */
  private static int killBlock(SimProcess who) {
    if (who.state() instanceof EpState ep) {
      return VoteLayout.kill(ep.seat.group, ep.seat.ep);
    }
    return who.state() instanceof DmcssState css ? VoteLayout.kill(0, css.seat.ep) : -1;
  }

  /**
   * Only the control CSS acts, and its successor only after it: once something of a term stands on
   * the disk, nobody of a lower one sets out to write a command, a Kill or a group record
   * (reference 3.1, 11).
   */
  private static final class OneControlCss implements Invariant {
    private long term;
    private Endpoint holder;

    @Override
    public String name() {
      return "one control CSS acts";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      if (!isCss(who)) {
        return null;
      }
      if (event instanceof Event.BlockWritten written && isVote(written.disk())) {
        Message stands = vote(world, written.block()).payload();
        long landed = stands == null ? 0 : term(stands);
        holder = landed > term ? who.endpoint() : holder;
        term = Math.max(term, landed);
      }
      for (Effect effect : step.effects()) {
        long acted = effect instanceof Effect.WriteBlock write ? term(write.payload()) : 0;
        if (acted > 0 && (acted < term || (acted == term && !who.endpoint().equals(holder)))) {
          return who.endpoint() + " acts with term " + acted + " after " + holder + " with " + term;
        }
      }
      return null;
    }

    private static long term(Message payload) {
      if (payload instanceof Command command) {
        return command.getTerm();
      }
      if (payload instanceof Kill kill) {
        return kill.getTerm();
      }
      return payload instanceof GroupRecord record ? record.getTerm() : 0;
    }
  }

  /** Two EPs of a group that serve as its control EP, neither of them under a Kill. */
  private static final class OneControlEp implements Invariant {
    @Override
    public String name() {
      return "one control EP in a group";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      if (!controls(who)) {
        return null;
      }
      for (SimProcess other : world.processes()) {
        if (other != who
            && other.endpoint().role().equals(who.endpoint().role())
            && controls(other)
            && !killed(world, who)
            && !killed(world, other)) {
          return who.endpoint() + " and " + other.endpoint();
        }
      }
      return null;
    }

    private static boolean controls(SimProcess who) {
      return who.state() instanceof EpState ep && ep.isControl() && serves(ep);
    }

    private static boolean killed(World world, SimProcess who) {
      Block kill = vote(world, killBlock(who));
      Kill standing = kill.as(Kill.class);
      return kill.damage() != null
          || (standing != null && standing.getIncarnation() >= who.incarnation());
    }

    private static boolean serves(EpState ep) {
      return AlterRows.AT_REST.contains(ep.phase)
          || ep.phase == EpPhase.SUSPEND
          || ep.phase == EpPhase.CRASH_RECV;
    }
  }

  /** Two EPs that would each give away the next place in the order of commits. */
  private static final class OneGrants implements Invariant {
    @Override
    public String name() {
      return "one EP grants places";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      if (!grants(who)) {
        return null;
      }
      for (SimProcess other : world.processes()) {
        boolean both = other != who && grants(other);
        if (both && !OneControlEp.killed(world, who) && !OneControlEp.killed(world, other)) {
          return who.endpoint() + " and " + other.endpoint();
        }
      }
      return null;
    }

    private static boolean grants(SimProcess who) {
      return who.state() instanceof EpState ep
          && CommitRows.MEMBER.contains(ep.phase)
          && ep.commits.control == ep.seat.ep
          && !ep.commits.frozen;
    }
  }

  /** A life that read its Kill ends, and touches nothing more but its own slot (reference 4.1). */
  private static final class KilledDoesNothing implements Invariant {
    private final Map<Endpoint, Long> readBy = new LinkedHashMap<>();

    @Override
    public String name() {
      return "who read Kill does nothing more";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      boolean reads = event instanceof Event.BlocksRead read && killed(who, read);
      if (reads) {
        readBy.put(who.endpoint(), who.incarnation());
      }
      if (!reads && readBy.getOrDefault(who.endpoint(), 0L) != who.incarnation()) {
        return null;
      }
      for (Effect effect : step.effects()) {
        if (!harmless(who, effect)) {
          return who.endpoint() + " life " + who.incarnation() + " does " + effect;
        }
      }
      return ending(who)
          ? null
          : who.endpoint() + " life " + who.incarnation() + " goes on in " + who.phase();
    }

    private static boolean killed(SimProcess who, Event.BlocksRead read) {
      int at = killBlock(who) - read.first();
      if (at < 0 || at >= read.blocks().size() || !isVote(read.disk())) {
        return false;
      }
      Kill kill = read.blocks().get(at).as(Kill.class);
      return kill != null && kill.getIncarnation() >= who.incarnation();
    }

    private static boolean harmless(SimProcess who, Effect effect) {
      if (effect instanceof Effect.WriteBlock write) {
        return write.block() == killBlock(who) - 2;
      }
      boolean telling =
          effect instanceof Effect.Send send && !send.to().role().equals(DscPlan.MONITOR_ROLE);
      return !(telling
          || effect instanceof Effect.Launch
          || effect instanceof Effect.WriteRedo
          || effect instanceof Effect.Committed
          || effect instanceof Effect.Fence
          || effect instanceof Effect.SetAddress);
    }

    private static boolean ending(SimProcess who) {
      return who.phase().equals("HALTING") || who.phase().equals("DOWN");
    }
  }

  /**
   * A Kill names no life to come, and only the lives it names end by it (reference 4.1). {@code
   * halt css} at one's own console ends in the same way without one.
   */
  private static final class KillsTheRightLife implements Invariant {
    private final Map<Endpoint, Long> typedAway = new TreeMap<>();

    @Override
    public String name() {
      return "a Kill harms no later life";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      if (event instanceof Event.Command && who.phase().equals("HALTING")) {
        typedAway.put(who.endpoint(), who.incarnation());
      }
      boolean typed = typedAway.getOrDefault(who.endpoint(), 0L) == who.incarnation();
      for (Effect effect : step.effects()) {
        if (effect instanceof Effect.Halt halt && halt.exitCode() == ExitCode.KILLED_BY_PEER) {
          Kill kill = vote(world, killBlock(who)).as(Kill.class);
          if (!typed && kill != null && kill.getIncarnation() < who.incarnation()) {
            return who.endpoint() + " life " + who.incarnation() + " obeys a Kill for " + kill;
          }
        }
      }
      return null;
    }
  }

  /**
   * One counter per group: numbers issued under one term rise, save for a command written once more
   * to the same target, and no EP carries out a lower number than any of its lives did (3.4).
   */
  private static final class NumbersRise implements Invariant {
    private final long[] highest = new long[VoteLayout.GROUPS];
    private final long[] terms = new long[VoteLayout.GROUPS];
    private final Map<Integer, Long> lastIssued = new TreeMap<>();
    private final Map<Endpoint, Long> done = new LinkedHashMap<>();

    @Override
    public String name() {
      return "command numbers rise";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      if (isCss(who)) {
        for (Effect effect : step.effects()) {
          if (effect instanceof Effect.WriteBlock write
              && write.payload() instanceof Command command
              && command.getCmdSeq() > 0) {
            String broken = issued(write.block(), command);
            if (broken != null) {
              return broken;
            }
          }
        }
        return null;
      }
      return who.state() instanceof EpState ep ? carriedOut(who, ep.seat.doneSeq) : null;
    }

    private static int group(int block) {
      return (block - VoteLayout.AREA_FIRST) / (VoteLayout.AREA_BLOCKS * VoteLayout.EPS_MAX);
    }

    private String issued(int block, Command command) {
      int group = group(block);
      long seq = command.getCmdSeq();
      if (command.getTerm() > terms[group]) {
        terms[group] = command.getTerm();
        highest[group] = 0;
        lastIssued.keySet().removeIf(other -> group(other) == group);
      }
      boolean again = lastIssued.getOrDefault(block, 0L) == seq;
      if (seq <= highest[group] && !again) {
        return "number " + seq + " is issued after " + highest[group] + " in group " + group;
      }
      highest[group] = Math.max(highest[group], seq);
      lastIssued.put(block, seq);
      return null;
    }

    private String carriedOut(SimProcess who, long seq) {
      long before = done.getOrDefault(who.endpoint(), 0L);
      if (seq == before || seq == 0) {
        return null;
      }
      if (seq < before) {
        return who.endpoint() + " carries out " + seq + " after " + before;
      }
      done.put(who.endpoint(), seq);
      return null;
    }
  }

  /**
   * Of EPs that do not reach each other some stay, and only members have to go (4.4). Of DB nobody
   * does where ASM has to do without all of its nodes: the one that ASM keeps has no DB EP yet.
   */
  private static final class LinkCheckLeavesSomebody implements Invariant {
    /** Verdicts that were judged, each when it was given: ASM goes on before DB does. */
    private final Map<String, String> given = new TreeMap<>();

    @Override
    public String name() {
      return "a link check leaves somebody";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      if (!(who.state() instanceof DmcssState css) || css.asm == null) {
        return null;
      }
      for (GroupState g : List.of(css.asm, css.db)) {
        String key = who.endpoint() + " " + g.type;
        if (g.phase != GroupPhase.LINK_CHECK || g.doomed.isEmpty()) {
          given.remove(key);
          continue;
        }
        String verdict = g.doomed.keySet() + " of " + g.ok;
        if (!verdict.equals(given.put(key, verdict)) && !leavesSomebody(g, css.asm)) {
          return who.endpoint() + " halts " + verdict + " in " + g.type;
        }
      }
      return null;
    }

    private static boolean leavesSomebody(GroupState g, GroupState asm) {
      boolean some = g.ok.stream().anyMatch(ep -> !g.doomed.containsKey(ep));
      boolean follows = g != asm && asm.doomed.keySet().containsAll(g.ok);
      return (some || follows) && g.ok.containsAll(g.doomed.keySet());
    }
  }

  /**
   * EP CRASH calls an EP failed whatever the count (reference 5.3). One that reaches the disks
   * reads its Kill and serves no more; of one that is cut off from them only the operator knows.
   */
  private static final class CrashByHand implements Invariant {
    private static final int BEATS_MOST = 4;

    private final Map<Endpoint, Long> failed = new TreeMap<>();
    private final Map<Endpoint, Integer> beats = new TreeMap<>();

    @Override
    public String name() {
      return "an EP that reaches the disks serves no more after EP CRASH";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      if (isCss(who) && event instanceof Event.Received got && calls(got.message(), step)) {
        int seqno = ((MonRequest) got.message()).getSeqno();
        world.processes().stream()
            .filter(p -> p.state() instanceof EpState ep && ep.seat.group == 2)
            .filter(p -> ((EpState) p.state()).seat.ep == seqno)
            .forEach(this::note);
      }
      boolean wrote = event instanceof Event.BlockWritten written && isVote(written.disk());
      if (!wrote || !givenUp(who)) {
        return null;
      }
      Kill kill = vote(world, killBlock(who)).as(Kill.class);
      if (kill == null || kill.getIncarnation() < who.incarnation()) {
        return null;
      }
      int count = beats.merge(who.endpoint(), 1, Integer::sum);
      boolean serves = who.state() instanceof EpState ep && OneControlEp.serves(ep);
      return serves && count > BEATS_MOST ? who.endpoint() + " beats on" : null;
    }

    private static boolean calls(Object message, Step<?> step) {
      return message instanceof MonRequest ask
          && ask.getOp() == MonOp.MON_EP_CRASH
          && ask.getType() == GroupType.DB
          && step.effects().stream().anyMatch(CrashByHand::agrees);
    }

    private static boolean agrees(Effect effect) {
      return effect instanceof Effect.Send send
          && send.message() instanceof MonAnswer answer
          && answer.getCode() == 0;
    }

    private void note(SimProcess process) {
      failed.put(process.endpoint(), process.incarnation());
      beats.remove(process.endpoint());
    }

    @Override
    public boolean givenUp(SimProcess who) {
      return failed.getOrDefault(who.endpoint(), 0L) == who.incarnation();
    }
  }

  /**
   * With monitoring off a control CSS begins nothing by itself and no CSS starts anybody: only what
   * a monitor asks for happens (5.3, css stop).
   */
  private static final class OffMeansOff implements Invariant {
    private final Map<Endpoint, DmcssState> last = new TreeMap<>();

    @Override
    public String name() {
      return "monitoring off means off";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      if (!(who.state() instanceof DmcssState now)) {
        return null;
      }
      DmcssState was = last.put(who.endpoint(), now);
      boolean asked = event instanceof Event.Received got && got.message() instanceof MonRequest;
      boolean off = was != null && !was.autoCheck && !now.autoCheck;
      if (!off || asked || was.seat.incarnation != now.seat.incarnation) {
        return null;
      }
      boolean startup = was.startup != null; // asked for, and tried again
      if (!startup && step.effects().stream().anyMatch(Effect.Launch.class::isInstance)) {
        return who.endpoint() + " starts somebody";
      }
      boolean controls = was.phase == CssPhase.CONTROL && now.phase == CssPhase.CONTROL;
      for (int g = 1; controls && g < VoteLayout.GROUPS; g++) {
        GroupPhase before = was.group(g).phase;
        if (AT_REST.contains(before) && now.group(g).phase != before) {
          return who.endpoint() + " goes from " + before + " to " + now.group(g).phase;
        }
      }
      return null;
    }
  }

  /**
   * An EP settles another one's record only after the disk was told to refuse that life's writes
   * (4.2); a disk takes the requests of one process in order.
   */
  private static final class RecoversBehindAFence implements Invariant {
    @Override
    public String name() {
      return "recovery only behind a fence";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      if (!(who.state() instanceof EpState ep)) {
        return null;
      }
      for (Effect effect : step.effects()) {
        if (effect instanceof Effect.WriteBlock write
            && write.payload() instanceof EpRecord record
            && record.getSeqno() != ep.seat.ep) {
          Endpoint victim = ep.peers.get(record.getSeqno());
          long fenced = Math.max(world.disk("data0").fencedLife(victim), asked(step, victim));
          if (fenced < record.getIncarnation()) {
            return who.endpoint() + " settles " + victim + " life " + record.getIncarnation();
          }
        }
      }
      return null;
    }

    /** The life that this very step has fenced before anything else. */
    private static long asked(Step<?> step, Endpoint victim) {
      long life = 0;
      for (Effect effect : step.effects()) {
        if (effect instanceof Effect.Fence fence && fence.victim().equals(victim)) {
          life = Math.max(life, fence.incarnation());
        }
      }
      return life;
    }
  }
}
