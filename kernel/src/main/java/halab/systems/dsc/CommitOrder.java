package halab.systems.dsc;

import halab.dsc.proto.MalShown;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The total order at one EP: packages are applied without holes, what is visible here is told to
 * all members, and what all of them show is acknowledged.
 */
final class CommitOrder {
  private CommitOrder() {}

  static EpState received(EpState s, EpTrigger.Packages t, Now now, List<Effect> out) {
    EpState next = s.commit(c -> t.message().getPkgList().forEach(p -> c.put(p.getLsn(), p)));
    boolean old = next.commits.pool.size() == s.commits.pool.size();
    EpState applied = apply(s, next, now, out);
    if (old) {
      CommitWords.tell(applied, t.from(), false, out); // it waits for what it was told already
    }
    return applied;
  }

  /** Hands the engine what follows without a hole, and says and does what comes of it. */
  static EpState apply(EpState before, EpState s, Now now, List<Effect> out) {
    boolean more = s.commits.pool.containsKey(s.commits.handed + 1);
    EpState handed = more ? s.commit(c -> hand(c, s.seat.ep, out)) : s;
    EpState next = CheckpointActs.sooner(handed, now);
    if (next.commits.position() > before.commits.position()) {
      CommitWords.others(next).forEach(member -> CommitWords.tell(next, member, false, out));
    }
    return acknowledge(next, now, out);
  }

  private static void hand(Commits c, int self, List<Effect> out) {
    for (RlogPkg pkg = c.pool.get(c.handed + 1); pkg != null; pkg = c.pool.get(c.handed + 1)) {
      c.handed++;
      c.pool = c.pool.minus(c.handed);
      if (pkg != Commits.VOID) {
        Commits.Own own = pkg.getThread() == self ? c.own.get(pkg.getTx()) : null;
        boolean mine = own != null && own.lsn() == pkg.getLsn();
        out.add(new Effect.Apply(c.handed, pkg, mine ? pkg.getTx() : 0));
        c.lastHanded = c.handed;
        c.handedBytes += pkg.getSerializedSize();
      }
    }
  }

  /** After an epoch has begun: what it settled is applied, what all show is acknowledged. */
  static EpState settled(EpState before, EpState s, Now now, List<Effect> out) {
    return apply(before, CommitAgain.later(s, now), now, out);
  }

  static EpState applied(EpState s, EpTrigger.AppliedUpTo t, Now now, List<Effect> out) {
    EpState next = s.commit(c -> c.applied = Math.max(c.applied, t.lsn()));
    return apply(s, prune(next), now, out);
  }

  static EpState shown(EpState s, EpTrigger.ShownBy t, Now now, List<Effect> out) {
    MalShown message = t.message();
    EpState heard =
        confirm(s, t.from(), message.getGrantedLsn())
            .commit(
                c -> {
                  long known = c.shown.getOrDefault(t.from(), 0L);
                  c.shown = c.shown.plus(t.from(), Math.max(known, message.getPosition()));
                  long durable = c.durables.getOrDefault(t.from(), 0L);
                  c.durables =
                      c.durables.plus(t.from(), Math.max(durable, message.getDurableLsn()));
                  c.image = Math.max(c.image, message.getImageLsn());
                });
    if (message.getAsk()) {
      CommitWords.tell(heard, t.from(), false, out);
      CommitWords.offer(
          heard, t.from(), CommitWords.offeredBehind(heard, message.getPosition()), out);
    }
    return CheckpointActs.release(acknowledge(heard, now, out), out);
  }

  /**
   * Durable, applied here and shown by every member: the client may know. Not after a long pause:
   * first comes a look at whether this life is over.
   */
  static EpState acknowledge(EpState s, Now now, List<Effect> out) {
    long upTo = s.commits.offered.isEmpty() ? 0 : s.commits.shownByAll(s.seat.ep);
    if (s.commits.offered.isEmpty() || s.commits.offered.firstKey() > upTo || s.seat.stale(now)) {
      return s;
    }
    Map<Long, Commits.Offer> over = s.commits.offered.headMap(upTo, true);
    return s.commit(
        c -> {
          for (Commits.Offer offer : over.values()) {
            RlogPkg pkg = offer.pkg();
            Commits.Own own = pkg.getThread() == s.seat.ep ? c.own.get(pkg.getTx()) : null;
            if (own != null && own.lsn() == pkg.getLsn()) {
              c.own = c.own.minus(pkg.getTx());
              out.add(new Effect.Committed(pkg.getTx(), pkg.getLsn()));
            }
          }
          c.offered = c.offered.minusAll(List.copyOf(over.keySet()));
        });
  }

  static EpState confirm(EpState s, int ep, long upTo) {
    return s.commits.confirmed.getOrDefault(ep, 0L) >= upTo
        ? s
        : prune(s.commit(c -> c.confirmed = c.confirmed.plus(ep, upTo)));
  }

  /** Forgets grants that their EP knows and that are applied here: nobody asks for them again. */
  private static EpState prune(EpState s) {
    Commits c = s.commits;
    List<Long> over = new ArrayList<>();
    for (Map.Entry<Long, Commits.Grant> e : c.grants.entrySet()) {
      if (e.getKey() > c.position()) {
        break;
      }
      if (e.getKey() <= c.confirmed.getOrDefault(e.getValue().ep(), 0L)) {
        over.add(e.getKey());
      }
    }
    return over.isEmpty() ? s : s.commit(x -> x.grants = x.grants.minusAll(over));
  }
}
