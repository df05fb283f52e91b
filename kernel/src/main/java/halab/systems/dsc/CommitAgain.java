package halab.systems.dsc;

import halab.kernel.Effect;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whatever a broken link may lose is asked or sent again by whoever waits for it. */
final class CommitAgain {
  static final long AGAIN_MS = 2000;

  private CommitAgain() {}

  static boolean againDue(EpState s, Now now) {
    return !s.seat.asking && now.monoMs() >= s.commits.againAtMs;
  }

  /** Asks and sends again whatever has been open for long. */
  static EpState again(EpState s, Now now, List<Effect> out) {
    long old = now.monoMs() - AGAIN_MS;
    List<Long> unasked = new ArrayList<>();
    s.commits.own.forEach(
        (tx, own) -> {
          if (own.lsn() == 0 && own.askedMs() > 0 && own.askedMs() <= old) {
            unasked.add(tx);
          }
        });
    EpState next = CommitOrder.acknowledge(CommitActs.ask(s, unasked, now, out), now, out);
    next = offerAgain(grantAgain(writeAgain(next, old, now, out), old, now, out), old, now, out);
    EpState open = next;
    long at = open.commits.waits() ? now.monoMs() + AGAIN_MS / 2 : Long.MAX_VALUE;
    return open.commit(c -> c.againAtMs = at);
  }

  private static EpState writeAgain(EpState s, long old, Now now, List<Effect> out) {
    Commits.Batch was = s.commits.writing;
    if (was == null || was.askedMs() > old) {
      return s;
    }
    out.add(new Effect.WriteRedo(was.request(), s.dataDisk(), s.seat.ep, was.pkgs()));
    Commits.Batch again =
        new Commits.Batch(was.request(), was.pkgs(), now.monoMs(), was.failures());
    return s.commit(c -> c.writing = again);
  }

  private static EpState grantAgain(EpState s, long old, Now now, List<Effect> out) {
    EpState next = s;
    List<Integer> told = new ArrayList<>();
    for (Map.Entry<Long, Commits.Grant> e : s.commits.grants.entrySet()) {
      Commits.Grant grant = e.getValue();
      boolean unknown = e.getKey() > s.commits.confirmed.getOrDefault(grant.ep(), 0L);
      if (unknown && grant.sentMs() <= old) {
        if (!told.contains(grant.ep())) {
          told.add(grant.ep());
          CommitActs.tellGrants(s, grant.ep(), List.of(), now, out);
        }
        Commits.Grant again = new Commits.Grant(grant.ep(), grant.tx(), now.monoMs());
        next = next.commit(c -> c.grants = c.grants.plus(e.getKey(), again));
      }
    }
    return next;
  }

  private static EpState offerAgain(EpState s, long old, Now now, List<Effect> out) {
    List<Commits.Offer> due =
        s.commits.offered.values().stream().filter(o -> o.sentMs() <= old).toList();
    for (int member : CommitWords.others(s)) {
      long shown = s.commits.shown.getOrDefault(member, 0L);
      List<RlogPkg> missing =
          due.stream().map(Commits.Offer::pkg).filter(p -> p.getLsn() > shown).toList();
      CommitWords.offer(s, member, missing, out);
    }
    return s.commit(
        c -> {
          for (Commits.Offer o : due) {
            c.offered = c.offered.plus(o.pkg().getLsn(), new Commits.Offer(o.pkg(), now.monoMs()));
          }
        });
  }

  static EpState later(EpState s, Now now) {
    boolean set = s.commits.againAtMs != Long.MAX_VALUE || !s.commits.waits();
    return set ? s : s.commit(c -> c.againAtMs = now.monoMs() + AGAIN_MS);
  }
}
