package halab.systems.dsc;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.Kill;
import halab.dsc.proto.Life;
import halab.dsc.proto.MonRelay;
import halab.dsc.proto.RelayCmd;
import halab.dsc.proto.RelayEp;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What the control CSS can do to a group: command, kill, mark, choose. The words of the rows in
 * {@link DbGroup} and {@link AsmGroup}; none of it decides when.
 */
final class GroupActs {
  /** Disk requests of group g carry numbers from here on, so that answers find their group. */
  static final long REQUESTS = 1L << 40;

  /** Added to the number of a write to get that of its reading back. */
  static final long VERIFY = 1L << 39;

  /** Added to a group's number when its fault marks are asked for before a start. */
  static final long MARKS = 1L << 38;

  private GroupActs() {}

  static String name(GroupScene s, int ep) {
    return DscNames.ep(s.c().dcr(), s.g().group, ep).getName();
  }

  static String vote(GroupScene s) {
    return s.c().dcr().getHeader().getVtdPath();
  }

  private static void say(GroupScene s, String text, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, text));
  }

  static void relay(Scene c, List<Effect> out, UnaryOperator<MonRelay.Builder> what) {
    MonRelay relay =
        what.apply(MonRelay.newBuilder().setCss(c.cssName()).setWallMs(c.wallMs())).build();
    c.monitors().forEach(monitor -> out.add(new Effect.Send(monitor, relay)));
  }

  // ---- commands ---------------------------------------------------------------------------------

  /** Writes a command into an EP's area and says so. */
  static GroupScene issue(
      GroupScene s, int ep, Cmd cmd, List<Effect> out, UnaryOperator<Command.Builder> more) {
    long seq = s.g().lastSeq + 1;
    Command command = more.apply(command(s, ep).setCmd(cmd).setCmdSeq(seq)).build();
    write(s, ep, command, out);
    say(s, s.c().words().setCmd(s.g().type, DscText.cmd(cmd), name(s, ep), ep, seq), out);
    relayCmd(s, cmd, ep, seq, out);
    return s.with(
        g -> {
          g.lastSeq = seq;
          g.issued = new TreeMap<>(g.issued);
          g.issued.put(ep, command);
          g.issuedLook = s.c().look();
        });
  }

  static GroupScene issue(GroupScene s, int ep, Cmd cmd, List<Effect> out) {
    return issue(s, ep, cmd, out, c -> c);
  }

  static GroupScene issueAll(GroupScene s, Collection<Integer> eps, Cmd cmd, List<Effect> out) {
    GroupScene next = s;
    for (int ep : eps) {
      next = issue(next, ep, cmd, out, c -> c);
    }
    return next;
  }

  /** NONE: the command is over; it always carries number 0 (reference 3.4). */
  static GroupScene none(GroupScene s, int ep, List<Effect> out) {
    write(s, ep, command(s, ep).setCmd(Cmd.CMD_NONE).build(), out);
    say(s, s.c().words().setCmd(s.g().type, DscText.cmd(Cmd.CMD_NONE), name(s, ep), ep, 0), out);
    relayCmd(s, Cmd.CMD_NONE, ep, 0, out);
    return s.with(
        g -> {
          g.issued = new TreeMap<>(g.issued);
          g.issued.remove(ep);
        });
  }

  static GroupScene noneAll(GroupScene s, Collection<Integer> eps, List<Effect> out) {
    GroupScene next = s;
    for (int ep : eps) {
      next = none(next, ep, out);
    }
    return next;
  }

  private static void relayCmd(GroupScene s, Cmd cmd, int ep, long seq, List<Effect> out) {
    RelayCmd set = relayed(cmd, name(s, ep), ep, seq);
    relay(s.c(), out, r -> r.setType(s.g().type).setCmd(set));
  }

  /** What monitors are told of a command. */
  static RelayCmd relayed(Cmd cmd, String name, int seqno, long cmdSeq) {
    return RelayCmd.newBuilder()
        .setCmd(DscText.cmd(cmd))
        .setEp(name)
        .setSeqno(seqno)
        .setCmdSeq(cmdSeq)
        .build();
  }

  private static Command.Builder command(GroupScene s, int ep) {
    long shown = s.c().beat(s.g().group, ep).getIncarnation(); // 0 if it cannot be read now
    long life = Math.max(shown, s.g().lives.getOrDefault(ep, 0L));
    long[] guid = s.g().guids.get(ep);
    boolean current = guid != null && guid[0] == life;
    return Command.newBuilder()
        .setTerm(s.c().term())
        .setIncarnation(life)
        .addAllMember(s.g().ok)
        .setControl(s.g().control)
        .setGuid(current ? guid[1] : 0);
  }

  private static void write(GroupScene s, int ep, Command command, List<Effect> out) {
    out.add(
        new Effect.WriteBlock(
            request(s.g()), vote(s), VoteLayout.command(s.g().group, ep), command));
  }

  static long request(GroupState g) {
    return REQUESTS * (g.group + 1);
  }

  /** Writes again what should stand on the disk since an earlier look and does not. */
  static void repeatLost(GroupScene s, List<Effect> out) {
    if (s.c().look() <= s.g().issuedLook) {
      return;
    }
    s.g()
        .issued
        .forEach(
            (ep, command) -> {
              if (s.c().picture().command(s.g().group, ep).getCmdSeq() != command.getCmdSeq()) {
                write(s, ep, command, out);
              }
            });
    if (s.g().marking != 0) {
      writeMarks(s, out);
    }
  }

  /** The EP has carried out the command in force. */
  static boolean done(GroupScene s, int ep) {
    Command command = s.g().issued.get(ep);
    Heartbeat beat = s.c().beat(s.g().group, ep);
    return issuedToThisLife(s, ep)
        && beat.getDoneSeq() == command.getCmdSeq()
        && beat.getDoneResult() == 0;
  }

  /** All commands in force are carried out, and there are some. */
  static boolean allDone(GroupScene s) {
    return !s.g().issued.isEmpty()
        && s.g().issued.keySet().stream().allMatch(ep -> done(s, ep) || left(s, ep));
  }

  /** Got a command before it was a member, and is gone: nobody waits for its answer. */
  private static boolean left(GroupScene s, int ep) {
    boolean here = issuedToThisLife(s, ep) && s.c().active(s.g().group, ep);
    return !s.g().lives.containsKey(ep) && !here;
  }

  /** A command stands that the present life of the EP heeds; a later life ignores it. */
  static boolean issuedToThisLife(GroupScene s, int ep) {
    Command command = s.g().issued.get(ep);
    return command != null
        && command.getIncarnation() == s.c().beat(s.g().group, ep).getIncarnation();
  }

  static GroupScene over(GroupScene s, Cmd cmd, List<Effect> out) {
    say(s, s.c().words().processOver(s.g().type, DscText.cmd(cmd)), out);
    relay(s.c(), out, r -> r.setType(s.g().type).setCmdOver(DscText.cmd(cmd)));
    return s;
  }

  // ---- who is there -----------------------------------------------------------------------------

  /** A member of the group is lost: silent too long, ended, or come back as another life. */
  static boolean lost(GroupScene s, int ep) {
    Long life = s.g().lives.get(ep);
    return (life != null && followed(s, ep, life))
        || s.c().ended(s.g().group, ep)
        || s.c().silent(s.g().group, ep);
  }

  /** Another life has followed; an unreadable heartbeat says nothing about that. */
  private static boolean followed(GroupScene s, int ep, long life) {
    return s.c().beat(s.g().group, ep).getIncarnation() > life;
  }

  /** Belongs to the group and nobody takes it for failed yet. */
  static boolean member(GroupScene s, int ep) {
    return s.g().ok.contains(ep) && !s.g().broken.contains(ep) && s.g().lives.containsKey(ep);
  }

  /** OK members that are lost and not yet among the broken. */
  static List<Integer> newlyLost(GroupScene s) {
    return s.g().ok.stream().filter(ep -> member(s, ep) && lost(s, ep)).toList();
  }

  /** A member's operator wants all of them to stop; ASM serves DB and stops after it. */
  static boolean asksToStop(GroupScene s) {
    return s.g().ok.stream()
            .anyMatch(ep -> member(s, ep) && s.c().beat(s.g().group, ep).getStopGroup())
        && (s.g().group != 1 || s.c().active(2).isEmpty());
  }

  /** OK members that are not broken. */
  static List<Integer> survivors(GroupScene s) {
    return s.g().ok.stream().filter(ep -> !s.g().broken.contains(ep)).toList();
  }

  /**
   * Asks to be started: beats and shows STARTUP2, or is on its way since an earlier control CSS.
   */
  static boolean candidate(GroupScene s, int ep) {
    VtdStatus vtd = s.c().beat(s.g().group, ep).getVtdStatus();
    return s.c().active(s.g().group, ep)
        && s.c().cssActive(ep)
        && !leftover(s, ep)
        && inSync(s, ep)
        && (vtd == VtdStatus.VTD_STARTUP2 || vtd == VtdStatus.VTD_WORKING);
  }

  /** Has the parameters that must be the same, as the first EP of the group has them. */
  private static boolean inSync(GroupScene s, int ep) {
    int first = s.g().control;
    for (int n = 0; first == DscText.NONE && n < ep; n++) {
      first = s.c().active(s.g().group, n) && s.c().cssActive(n) ? n : DscText.NONE;
    }
    return first == DscText.NONE || digest(s, first) == digest(s, ep);
  }

  private static long digest(GroupScene s, int ep) {
    return s.c().beat(s.g().group, ep).getSyncDigest();
  }

  /**
   * Works on for a group that is closed, or hangs in the middle of its last handling: its Kill was
   * lost on the way or damaged, and others took it for dead meanwhile.
   */
  static boolean leftover(GroupScene s, int ep) {
    Heartbeat beat = s.c().beat(s.g().group, ep);
    boolean stuck =
        beat.getInstStatus() == InstStatus.INST_SUSPEND
            || beat.getInstStatus() == InstStatus.INST_CRASH_RECV;
    return s.c().active(s.g().group, ep)
        && beat.getVtdStatus() == VtdStatus.VTD_WORKING
        && (stuck || s.g().phase == GroupPhase.CLOSED);
  }

  /** Leftovers that have no Kill yet. */
  static List<Integer> leftovers(GroupScene s) {
    List<Integer> found = new ArrayList<>();
    for (int ep = 0; ep < s.g().dcr.getNEp(); ep++) {
      long life = s.c().beat(s.g().group, ep).getIncarnation();
      if (leftover(s, ep) && s.c().picture().kill(s.g().group, ep).getIncarnation() < life) {
        found.add(ep);
      }
    }
    return found;
  }

  static GroupScene killLeftovers(GroupScene s, List<Effect> out) {
    leftovers(s).forEach(ep -> kill(s, ep, s.c().beat(s.g().group, ep).getIncarnation(), out));
    return s;
  }

  static List<Integer> candidates(GroupScene s) {
    List<Integer> found = new ArrayList<>();
    for (int ep = 0; ep < s.g().dcr.getNEp(); ep++) {
      if (candidate(s, ep)) {
        found.add(ep);
      }
    }
    return found;
  }

  /** One active EP: that one. Several: the lowest seqno (reference 3.2). */
  static GroupScene choose(GroupScene s, List<Integer> among, List<Effect> out) {
    int lowest = among.stream().min(Integer::compare).orElseThrow();
    say(s, s.c().words().setControl(s.g().type, name(s, lowest), lowest), out);
    relay(
        s.c(),
        out,
        r ->
            r.setType(s.g().type)
                .setControl(RelayEp.newBuilder().setEp(name(s, lowest)).setSeqno(lowest)));
    return s.with(g -> g.control = lowest);
  }

  /** Gives a new, larger guid to every new life that asks to be started (reference 1.4). */
  static GroupScene giveGuids(GroupScene s, List<Effect> out) {
    GroupScene next = s;
    for (int ep = 0; ep < s.g().dcr.getNEp(); ep++) {
      Heartbeat beat = s.c().beat(s.g().group, ep);
      long[] known = s.g().guids.get(ep);
      boolean asks = beat.getVtdStatus() == VtdStatus.VTD_STARTUP2 && s.c().active(s.g().group, ep);
      if (asks && (known == null || known[0] != beat.getIncarnation())) {
        next = giveGuid(next, ep, beat, out);
      }
    }
    return next;
  }

  private static GroupScene giveGuid(GroupScene s, int ep, Heartbeat beat, List<Effect> out) {
    long[] known = s.g().guids.getOrDefault(ep, new long[2]); // its slot may have been damaged
    long guid = Math.max(known[1], Math.max(beat.getGuid(), beat.getTs())) + 1;
    say(s, s.c().words().detectStartup2(s.g().type, name(s, ep)), out);
    say(s, s.c().words().setGuid(s.g().type, name(s, ep), guid), out);
    GroupScene next =
        s.with(
            g -> {
              g.guids = new TreeMap<>(g.guids);
              g.guids.put(ep, new long[] {beat.getIncarnation(), guid});
            });
    if (!next.g().issued.containsKey(ep)) {
      write(next, ep, command(next, ep).setCmd(Cmd.CMD_NONE).build(), out);
    }
    return next;
  }

  /** Takes the present lives of these EPs into the group. */
  static GroupScene takeIn(GroupScene s, Collection<Integer> eps) {
    return s.with(
        g -> {
          g.lives = new TreeMap<>(g.lives);
          for (int ep : eps) {
            g.lives.put(ep, s.c().beat(g.group, ep).getIncarnation());
          }
        });
  }

  // ---- faults -----------------------------------------------------------------------------------

  /** The first thing done about a failed EP: Kill in its area, fault mark in the DCR. */
  static GroupScene breakEps(GroupScene s, List<Integer> eps, boolean detected, List<Effect> out) {
    for (int ep : eps) {
      if (detected) {
        sayLost(s, ep, out);
      }
      say(s, s.c().words().setBreak(s.g().type, name(s, ep), ep), out);
      LossNote.add(s.c(), s.g().group, ep, "control", out);
      kill(s, ep, s.g().lives.getOrDefault(ep, 0L), out);
    }
    List<Integer> broken = new ArrayList<>(s.g().broken);
    broken.addAll(eps);
    GroupScene next =
        s.with(
            g -> {
              g.broken = List.copyOf(broken);
              g.crashOver = false;
              g.barred = false;
              g.issued = new TreeMap<>(g.issued);
              eps.forEach(g.issued::remove);
            });
    return mark(next, with(s.g().dcr.getErrEpList(), eps), out);
  }

  /** Not for each EP of a node of which all is silent, where one line stands for all. */
  private static void sayLost(GroupScene s, int ep, List<Effect> out) {
    boolean nodeSilent =
        !s.c().cssActive(ep) && !s.c().ended(0, ep) && !s.c().ended(s.g().group, ep);
    if (nodeSilent && s.c().words().nodeStandsForEps()) {
      return;
    }
    if (s.g().phase == GroupPhase.OPEN) { // the line says so; of other phases none is known
      say(s, s.c().words().detectedBreak(s.g().type, name(s, ep), ep), out);
    }
    String info = DscText.deadInstance(name(s, ep), ep);
    relay(s.c(), out, r -> r.setType(s.g().type).setInfo(info));
  }

  /** Kill for one life, unless it stands there already. */
  static void kill(GroupScene s, int ep, long incarnation, List<Effect> out) {
    kill(s.c(), s.g().group, ep, incarnation, out);
  }

  static void kill(Scene c, int group, int ep, long incarnation, List<Effect> out) {
    if (incarnation > 0 && c.picture().kill(group, ep).getIncarnation() < incarnation) {
      Kill kill = Kill.newBuilder().setIncarnation(incarnation).setTerm(c.term()).build();
      out.add(
          new Effect.WriteBlock(
              REQUESTS * (group + 1),
              c.dcr().getHeader().getVtdPath(),
              VoteLayout.kill(group, ep),
              kill));
    }
  }

  /**
   * Whether it is a Kill that would take back one for the same or a later life, which is on its way
   * to the same place: the CSS judges a whole node by the lives it sees, a group its members by the
   * lives that it has let in.
   */
  static boolean takesBack(Effect effect, List<Effect> before) {
    return effect instanceof Effect.WriteBlock write
        && write.payload() instanceof Kill kill
        && before.stream()
            .anyMatch(
                e ->
                    e instanceof Effect.WriteBlock earlier
                        && earlier.disk().equals(write.disk())
                        && earlier.block() == write.block()
                        && earlier.payload() instanceof Kill first
                        && first.getIncarnation() >= kill.getIncarnation());
  }

  /** Kill stands on the disk for every broken life, and the marks are durable. */
  static boolean secured(GroupScene s) {
    return s.g().marking == 0
        && s.g().dcr.getErrEpList().containsAll(s.g().broken)
        && s.g().broken.stream()
            .allMatch(
                ep ->
                    s.c().picture().kill(s.g().group, ep).getIncarnation()
                        >= s.g().lives.getOrDefault(ep, 0L));
  }

  /**
   * Writes every Kill that does not stand there yet once more, and the marks that a control CSS
   * named in its record but did not live to write.
   */
  static GroupScene secure(GroupScene s, List<Effect> out) {
    s.g().broken.forEach(ep -> kill(s, ep, s.g().lives.getOrDefault(ep, 0L), out));
    return s.g().dcr.getErrEpList().containsAll(s.g().broken)
        ? s
        : mark(s, with(s.g().dcr.getErrEpList(), s.g().broken), out);
  }

  /** Reads a fault mark back: it counts when it stands there, for a disk may lie. */
  static void verifyMarks(GroupState g, String dcrPath, List<Effect> out) {
    int block = DcrLayout.group(g.group, g.dcr.getGeneration());
    out.add(new Effect.ReadBlocks(g.marking + VERIFY, dcrPath, block, 1));
  }

  /**
   * Sets the group's fault marks in the DCR; they outlive everything. While the last ones do not
   * stand there yet, the same block is written again, so that the other copy stays good.
   */
  static GroupScene mark(GroupScene s, List<Integer> errEps, List<Effect> out) {
    List<Integer> sorted = errEps.stream().sorted().toList();
    if (sorted.equals(s.g().dcr.getErrEpList()) && s.g().marking == 0) {
      return s;
    }
    DcrGroup next =
        s.g().dcr.toBuilder()
            .clearErrEp()
            .addAllErrEp(sorted)
            .setGeneration(s.g().dcr.getGeneration() + (s.g().marking == 0 ? 1 : 0))
            .build();
    return writeMarks(s.with(g -> g.dcr = next), out);
  }

  private static GroupScene writeMarks(GroupScene s, List<Effect> out) {
    long request = request(s.g()) + s.g().dcr.getGeneration();
    int block = DcrLayout.group(s.g().group, s.g().dcr.getGeneration());
    out.add(new Effect.WriteBlock(request, s.c().dcrPath(), block, s.g().dcr));
    long since = s.g().marking == 0 ? s.c().look() : s.g().markingLook;
    return s.with(
        g -> {
          g.marking = request;
          g.markingLook = since;
        });
  }

  /** Asks for the marks as the DCR has them: dmasmcmd may have taken some out (reference 4.3). */
  static void askMarks(GroupScene s, List<Effect> out) {
    long request = request(s.g()) + MARKS;
    out.add(new Effect.ReadBlocks(request, s.c().dcrPath(), 0, DcrLayout.USED));
  }

  /** Once they stand in one copy, the marks go into the other, so that a flipped bit loses none. */
  static void copyMarks(GroupState g, String dcrPath, List<Effect> out) {
    int other = DcrLayout.group(g.group, g.dcr.getGeneration() + 1);
    out.add(new Effect.WriteBlock(request(g), dcrPath, other, g.dcr));
  }

  static List<Integer> without(List<Integer> eps, Collection<Integer> gone) {
    return eps.stream().filter(ep -> !gone.contains(ep)).toList();
  }

  static List<Integer> kept(List<Integer> eps, Collection<Integer> among) {
    return eps.stream().filter(among::contains).toList();
  }

  static List<Integer> with(List<Integer> eps, Collection<Integer> more) {
    return Stream.concat(eps.stream(), more.stream()).distinct().sorted().toList();
  }

  /** The last life of every EP but the target that is over: what may be fenced and settled. */
  static Command.Builder pastLives(GroupScene s, int target, Command.Builder command) {
    for (int ep = 0; ep < s.g().dcr.getNEp(); ep++) {
      long life = s.c().beat(s.g().group, ep).getIncarnation();
      if (ep != target && life > 0) {
        command.addVictim(
            Life.newBuilder()
                .setSeqno(ep)
                .setHost(DscNames.ep(s.c().dcr(), 0, ep).getHost())
                .setIncarnation(s.c().active(s.g().group, ep) ? life - 1 : life));
      }
    }
    return command;
  }

  /** The lives of the broken EPs with their hosts, for fencing. */
  static Command.Builder victims(GroupScene s, Command.Builder command) {
    command.addAllEp(s.g().broken);
    for (int ep : s.g().broken) {
      command.addVictim(
          Life.newBuilder()
              .setSeqno(ep)
              .setHost(DscNames.ep(s.c().dcr(), 0, ep).getHost())
              .setIncarnation(s.g().lives.getOrDefault(ep, 0L)));
    }
    return command;
  }

  // ---- the end of all ---------------------------------------------------------------------------

  /** Nobody runs any more: control node 255, nothing broken, nobody returning. */
  static GroupScene close(GroupScene s) {
    return s.with(
        g -> {
          g.control = DscText.NONE;
          g.broken = List.of();
          g.recover = DscText.NONE;
          g.lives = new TreeMap<>();
          g.issued = new TreeMap<>();
          g.doomed = new TreeMap<>();
          g.crashOver = false;
          g.barred = false;
          g.candidateLook = 0;
          g.marksKnown = false;
        });
  }

  /** Kill for every EP of the group that runs, in or out (reference 4.3). */
  static GroupScene doom(GroupScene s, List<Effect> out) {
    // No line of the vendor's tells for whose sake all are halted.
    newlyLost(s).forEach(ep -> LossNote.add(s.c(), s.g().group, ep, "control", out));
    TreeMap<Integer, Long> doomed = new TreeMap<>();
    for (int ep = 0; ep < s.g().dcr.getNEp(); ep++) {
      long shown = s.c().beat(s.g().group, ep).getIncarnation();
      long life = Math.max(shown, s.g().lives.getOrDefault(ep, 0L));
      if (life > 0 && !s.c().ended(s.g().group, ep)) {
        doomed.put(ep, life);
      }
    }
    doomed.forEach((ep, life) -> kill(s, ep, life, out));
    return s.with(
        g -> {
          g.doomed = doomed;
          g.issued = new TreeMap<>();
        });
  }

  /** All doomed lives have ended, been followed by another, or are silent with Kill before them. */
  static boolean allEnded(GroupScene s) {
    return s.g().doomed.entrySet().stream().allMatch(e -> over(s, e.getKey(), e.getValue()));
  }

  /**
   * A life does nothing any more: another one has followed, it has ended, or it is silent and will
   * read Kill before anything else.
   */
  static boolean over(GroupScene s, int ep, long life) {
    boolean killed = s.c().picture().kill(s.g().group, ep).getIncarnation() >= life;
    return followed(s, ep, life)
        || s.c().ended(s.g().group, ep)
        || (killed && s.c().silent(s.g().group, ep));
  }
}
