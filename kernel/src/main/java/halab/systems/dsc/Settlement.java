package halab.systems.dsc;

import halab.bricks.Certifier;
import halab.dsc.proto.Cmd;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalThaw;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What begins and ends an epoch of commits: the redo at the start of an EP, the freeze after a
 * crash, and its end, with every LSN either a package or void for good.
 *
 * <p>What is durable in a redo thread is kept, whether its client was told or not. A place granted
 * to a dead EP that wrote nothing stays void: behind the fence nothing can be written any more. A
 * place granted to a survivor is the survivor's; it writes its package.
 */
final class Settlement {
  private Settlement() {}

  static EpState freeze(EpState s) {
    return s.with(x -> x.crashServes = false).commit(c -> c.frozen = true);
  }

  /** CRASH_ROLLBACK: the handling that began is not to count; another one follows. */
  static EpState unfreeze(EpState s, Now now, List<Effect> out) {
    return CommitActs.askWaiting(s.commit(c -> c.frozen = false), now, out);
  }

  // ---- start ------------------------------------------------------------------------------------

  /** A start that begins anew finds its engine open, and packages perhaps still being applied. */
  static EpState opened(EpState s, long lsn) {
    return s.commits.engineOpen ? s : holds(s, lsn);
  }

  /** The engine holds everything up to here: from there on redo is needed. */
  static EpState holds(EpState s, long lsn) {
    return s.commit(
        c -> {
          c.engineOpen = true;
          c.durable = lsn;
          c.applied = lsn;
          c.handed = lsn;
          c.lastHanded = lsn;
          c.known = lsn;
          c.pool = c.pool.minusAll(List.copyOf(c.pool.keySet()));
          c.certifier = Certifier.from(lsn, Certifier.WINDOW);
        });
  }

  /**
   * Where the order ends for an EP that starts: what the threads hold, or what its control says.
   */
  static long end(EpState s) {
    MalPosition told = s.job.found().positions().get(s.control);
    long found = s.job.found().pkgs().isEmpty() ? 0 : s.job.found().pkgs().lastKey();
    return told == null ? Math.max(found, s.commits.known) : told.getPosition();
  }

  /**
   * Redo is durable before an engine has it: when no thread reaches what this engine holds, their
   * ends are lost, though each by itself looks like one whose last write was torn.
   */
  static boolean lacks(EpState s, Event.RedoRead read) {
    return s.job != null
        && s.job.command().getCmd() == Cmd.CMD_EP_START2
        && s.job.requests().equals(List.of(read.request()))
        && last(s, read) < s.commits.applied;
  }

  private static long last(EpState s, Event.RedoRead read) {
    return Math.max(read.lastLsn(), s.job.found().lastLsn());
  }

  static String lacking(EpState s, Event.RedoRead read) {
    return "redo on "
        + read.disk()
        + " ends at LSN "
        + last(s, read)
        + ", but this EP's engine holds LSN "
        + s.commits.applied
        + ": the end of a redo thread is lost; restore the disk from a copy, or make the lab anew";
  }

  /** All threads are read behind all fences: what is not there is void. */
  static EpState replay(EpState s, Now now, List<Effect> out) {
    long end = end(s);
    MalPosition told = s.job.found().positions().get(s.control);
    EpState begun =
        s.commit(
            c -> {
              c.epoch = told == null ? s.job.command().getCmdSeq() : told.getEpoch();
              c.control = s.control;
              c.record = EpStages.ownRecord(s).setLsn(EpStages.ownRecord(s).getLsn() + 1).build();
              for (EpRecord record : s.job.found().records()) {
                c.image = Math.max(c.image, record.getImageLsn());
              }
              fill(c, s.job.found().pkgs().values(), end);
            });
    return CommitOrder.apply(begun, begun, now, out);
  }

  /** Puts packages where they belong and void where there is and will be none. */
  private static void fill(Commits c, Collection<RlogPkg> pkgs, long end) {
    for (RlogPkg pkg : pkgs) {
      if (pkg.getLsn() <= end) {
        c.put(pkg.getLsn(), pkg);
      }
    }
    for (long lsn = c.handed + 1; lsn <= end; lsn++) {
      if (!c.pool.containsKey(lsn)) {
        c.put(lsn, Commits.VOID);
      }
    }
    c.known = Math.max(c.known, end);
  }

  /** The redo is in: a member from now on. */
  static EpState started(EpState s, Now now, List<Effect> out) {
    EpState member = CheckpointActs.next(count(s), now);
    CommitWords.others(member).forEach(m -> CommitWords.tell(member, m, false, out));
    return member;
  }

  /** Whom the CSS calls a member has to show what is committed from now on. */
  static EpState count(EpState s) {
    return s.commit(c -> c.members = s.members);
  }

  /**
   * RESUME EP WORKER THREAD: whoever has come back counts, and what waited is asked. A handover
   * that was begun and given up keeps nobody from it.
   */
  static EpState resume(EpState s, Now now, List<Effect> out) {
    return CommitActs.askWaiting(count(s).commit(c -> c.frozen = false), now, out);
  }

  // ---- after a crash ----------------------------------------------------------------------------

  /** Lowest position of all survivors: from there on somebody may miss a package of the dead. */
  static long lowest(EpState s) {
    return s.job.found().positions().values().stream()
        .mapToLong(MalPosition::getPosition)
        .reduce(s.commits.position(), Math::min);
  }

  /** The leader has read the dead threads and knows where all survivors are: nothing stays open. */
  static EpState decide(EpState s, Now now, List<Effect> out) {
    EpJob.Found found = s.job.found();
    List<RlogPkg> claims = new ArrayList<>(s.commits.claims());
    long end = found.pkgs().isEmpty() ? 0 : found.pkgs().lastKey();
    long epoch = Math.max(s.job.command().getCmdSeq(), s.commits.epoch + 1);
    for (MalPosition position : found.positions().values()) {
      claims.addAll(position.getClaimList());
      end = Math.max(end, position.getHighestLsn());
      epoch = Math.max(epoch, position.getEpoch() + 1);
    }
    long settled = Math.max(end, s.commits.known);
    TreeSet<Long> there = new TreeSet<>(found.pkgs().keySet());
    claims.forEach(claim -> there.add(claim.getLsn()));
    List<Long> voids = new ArrayList<>();
    for (long lsn = lowest(s) + 1; lsn <= settled; lsn++) {
      if (!there.contains(lsn)) {
        voids.add(lsn);
      }
    }
    MalThaw thaw =
        MalThaw.newBuilder()
            .setCmdSeq(s.job.command().getCmdSeq())
            .setEpoch(epoch)
            .setControl(s.seat.ep)
            .addAllMember(s.members)
            .addAllVoid(voids)
            .setSettledLsn(settled)
            .build();
    EpState settledState =
        s.with(x -> x.job = s.job.withFound(found.with(thaw)))
            .commit(
                c -> {
                  begin(c, thaw);
                  claims.forEach(c::note); // by what is still to come it has to judge already
                  for (Map.Entry<Integer, MalPosition> e : found.positions().entrySet()) {
                    shown(c, e.getKey(), e.getValue().getPosition());
                    CheckpointActs.noteImaging(c, e.getValue().getImaging(), now);
                  }
                  for (RlogPkg pkg : found.pkgs().values()) {
                    c.put(pkg.getLsn(), pkg);
                    c.offered = c.offered.plus(pkg.getLsn(), new Commits.Offer(pkg, now.monoMs()));
                  }
                });
    return CommitOrder.settled(s, settledState, now, out);
  }

  private static void shown(Commits c, int ep, long position) {
    c.shown = c.shown.plus(ep, Math.max(position, c.shown.getOrDefault(ep, 0L)));
  }

  private static void begin(Commits c, MalThaw thaw) {
    c.epoch = thaw.getEpoch();
    c.control = thaw.getControl();
    for (int member : c.members) {
      if (!thaw.getMemberList().contains(member)) {
        c.settled = c.settled.plus(member, thaw.getSettledLsn());
      }
    }
    c.members = List.copyOf(thaw.getMemberList());
    c.frozen = false;
    c.grants = c.grants.minusAll(List.copyOf(c.grants.keySet()));
    thaw.getVoidList().forEach(lsn -> c.put(lsn, Commits.VOID));
    c.known = Math.max(c.known, thaw.getSettledLsn());
    c.own.forEach(
        (tx, own) -> {
          if (own.lsn() == 0) {
            c.own = c.own.plus(tx, new Commits.Own(own.pkg(), 0, 0)); // asked anew
          }
        });
  }

  /** A survivor goes on: what it lacks of the dead comes from the leader, who is asked for it. */
  static EpState adopt(EpState s, MalThaw thaw, Now now, List<Effect> out) {
    return CommitActs.askWaiting(takeOver(s, thaw, now, out), now, out);
  }

  /** The same where workers stand still: what waits for its place goes on waiting. */
  static EpState takeOver(EpState s, MalThaw thaw, Now now, List<Effect> out) {
    EpState begun =
        s.commit(c -> begin(c, thaw))
            .with(
                x -> { // the leader alone was told by the CSS
                  x.members = List.copyOf(thaw.getMemberList());
                  x.control = thaw.getControl();
                });
    EpState applied = CommitOrder.settled(s, begun, now, out);
    for (int member : CommitWords.others(applied)) {
      CommitWords.tell(applied, member, true, out);
      long shown = applied.commits.shown.getOrDefault(member, 0L);
      CommitWords.offer(applied, member, CommitWords.offeredBehind(applied, shown), out);
    }
    return applied;
  }
}
