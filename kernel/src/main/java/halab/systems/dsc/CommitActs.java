package halab.systems.dsc;

import halab.dsc.proto.MalAsk;
import halab.dsc.proto.MalGranted;
import halab.dsc.proto.TxAsk;
import halab.dsc.proto.TxGrant;
import halab.dsc.proto.TxRefusal;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The first half of the way of a commit: asked, granted a place in the total order by the control
 * EP, written to the own redo thread, sent to all members. From there {@link CommitOrder} takes
 * over; what a crash does to it is in {@link Settlement}. The words of the rows in {@link
 * CommitRows}.
 */
final class CommitActs {
  /** Failed writes of redo in a row before the files count as lost. */
  static final int FAILURES = 3;

  static final String SERIALIZATION_FAILURE = "40001";
  static final String ADMIN_SHUTDOWN = "57P01";
  static final String STOPS = "terminating connection due to administrator command";

  private CommitActs() {}

  // ---- ask and certify --------------------------------------------------------------------------

  static EpState asked(EpState s, EpTrigger.Commit t, Now now, List<Effect> out) {
    EpState kept = waits(s, t, now, out);
    return ask(kept, List.of(t.tx()), now, out);
  }

  static EpState waits(EpState s, EpTrigger.Commit t, Now now, List<Effect> out) {
    return s.commit(c -> c.own = c.own.plus(t.tx(), new Commits.Own(t.pkg(), 0, 0)));
  }

  /** An orderly stop: what nobody was asked for yet will not be. */
  static EpState refuseWaiting(EpState s, List<Effect> out) {
    EpState next = s;
    for (Map.Entry<Long, Commits.Own> e : s.commits.own.entrySet()) {
      if (e.getValue().askedMs() == 0) {
        out.add(new Effect.Refused(e.getKey(), ADMIN_SHUTDOWN, STOPS));
        next = next.commit(c -> c.own = c.own.minus(e.getKey()));
      }
    }
    return next;
  }

  /**
   * Asks for the places of all transactions that have none and are not asked for; not while ALTER
   * DATABASE has them wait.
   */
  static EpState askWaiting(EpState s, Now now, List<Effect> out) {
    if (s.wanted != EpPhase.OPEN) {
      return s;
    }
    List<Long> waiting = new ArrayList<>();
    s.commits.own.forEach(
        (tx, own) -> {
          if (own.lsn() == 0 && own.askedMs() == 0) {
            waiting.add(tx);
          }
        });
    return ask(s, waiting, now, out);
  }

  static EpState ask(EpState s, List<Long> txs, Now now, List<Effect> out) {
    if (s.commits.frozen || txs.isEmpty()) {
      return s;
    }
    List<TxAsk> asks = new ArrayList<>();
    EpState next = s;
    for (long tx : txs) {
      Commits.Own own = s.commits.own.get(tx);
      asks.add(TxAsk.newBuilder().setTx(tx).addAllKey(own.pkg().getKeyList()).build());
      Commits.Own again = new Commits.Own(own.pkg(), 0, now.monoMs());
      next = next.commit(c -> c.own = c.own.plus(tx, again));
    }
    next = CommitAgain.later(next, now);
    if (s.commits.control == s.seat.ep) {
      return certify(next, s.seat.ep, asks, now, out);
    }
    MalAsk.Builder message =
        MalAsk.newBuilder().setEpoch(s.commits.epoch).setGrantedLsn(s.commits.grantedLsn);
    CommitWords.send(s, s.commits.control, message.addAllAsk(asks).build(), out);
    return next;
  }

  static EpState askedBy(EpState s, EpTrigger.Ask t, Now now, List<Effect> out) {
    EpState heard = CommitOrder.confirm(s, t.from(), t.message().getGrantedLsn());
    return certify(heard, t.from(), t.message().getAskList(), now, out);
  }

  /** Control EP: first committer wins; the same question gets the same grant. */
  private static EpState certify(EpState s, int ep, List<TxAsk> asks, Now now, List<Effect> out) {
    List<TxRefusal> refusals = new ArrayList<>();
    EpState next = s;
    for (TxAsk ask : asks) {
      if (granted(next.commits, ep, ask.getTx())) {
        continue;
      }
      String why = next.commits.certifier.conflict(ep, ask.getTx(), ask.getKeyList());
      if (why != null) {
        refusals.add(TxRefusal.newBuilder().setTx(ask.getTx()).setWhy(why).build());
        continue;
      }
      next = next.commit(c -> grant(c, ep, ask, now));
    }
    return tellGrants(CommitAgain.later(next, now), ep, refusals, now, out);
  }

  private static void grant(Commits c, int ep, TxAsk ask, Now now) {
    long lsn = c.known + 1;
    c.known = lsn;
    c.grants = c.grants.plus(lsn, new Commits.Grant(ep, ask.getTx(), now.monoMs()));
    c.certifier = c.certifier.note(lsn, ep, ask.getTx(), ask.getKeyList());
  }

  private static boolean granted(Commits c, int ep, long tx) {
    for (Commits.Grant grant : c.grants.values()) {
      if (grant.ep() == ep && grant.tx() == tx) {
        return true;
      }
    }
    return false;
  }

  /** All grants that the EP does not know yet, so that it learns them in the order of LSNs. */
  static EpState tellGrants(
      EpState s, int ep, List<TxRefusal> refusals, Now now, List<Effect> out) {
    MalGranted.Builder message = MalGranted.newBuilder().setEpoch(s.commits.epoch);
    long known = s.commits.confirmed.getOrDefault(ep, 0L);
    s.commits.grants.forEach(
        (lsn, grant) -> {
          if (grant.ep() == ep && lsn > known) {
            message.addGrant(TxGrant.newBuilder().setTx(grant.tx()).setLsn(lsn));
          }
        });
    message.addAllRefusal(refusals);
    if (message.getGrantCount() + message.getRefusalCount() == 0) {
      return s;
    }
    if (ep == s.seat.ep) {
      return granted(s, message.build(), now, out);
    }
    CommitWords.send(s, ep, message.build(), out);
    return s;
  }

  // ---- granted, written -------------------------------------------------------------------------

  static EpState granted(EpState s, EpTrigger.Granted t, Now now, List<Effect> out) {
    return granted(s, t.message(), now, out);
  }

  /** A place for a transaction that is not known (any more) is filled with an empty package. */
  private static EpState granted(EpState s, MalGranted message, Now now, List<Effect> out) {
    EpState next =
        s.commit(
            c -> {
              for (TxGrant grant : message.getGrantList()) {
                if (grant.getLsn() > c.grantedLsn) {
                  place(c, s.seat.ep, grant);
                }
              }
              for (TxRefusal refusal : message.getRefusalList()) {
                Commits.Own own = c.own.get(refusal.getTx());
                if (own != null && own.lsn() == 0) {
                  c.own = c.own.minus(refusal.getTx());
                  out.add(
                      new Effect.Refused(refusal.getTx(), SERIALIZATION_FAILURE, refusal.getWhy()));
                }
              }
            });
    return write(CommitOrder.confirm(next, s.seat.ep, next.commits.grantedLsn), now, out);
  }

  private static void place(Commits c, int self, TxGrant grant) {
    Commits.Own own = c.own.get(grant.getTx());
    long lsn = grant.getLsn();
    RlogPkg.Builder pkg = RlogPkg.newBuilder();
    if (own != null && own.lsn() == 0) {
      pkg = own.pkg().toBuilder().setTx(grant.getTx());
      c.own = c.own.plus(grant.getTx(), new Commits.Own(own.pkg(), lsn, own.askedMs()));
    }
    c.queue = c.queue.plus(lsn, pkg.setLsn(lsn).setThread(self).build());
    c.grantedLsn = lsn;
    c.known = Math.max(c.known, lsn);
  }

  /** Group commit: one write at a time, with everything that waits. */
  private static EpState write(EpState s, Now now, List<Effect> out) {
    Commits c = s.commits;
    if (c.writing != null || c.queue.isEmpty()) {
      return s;
    }
    List<RlogPkg> pkgs = CommitWords.batches(c.queue.values()).get(0);
    Commits.Batch batch = new Commits.Batch(s.seat.nextRequest, pkgs, now.monoMs(), 0);
    out.add(new Effect.WriteRedo(batch.request(), s.dataDisk(), s.seat.ep, pkgs));
    long last = pkgs.get(pkgs.size() - 1).getLsn();
    EpState asked = s.withSeat(s.seat.with(x -> x.nextRequest++));
    return CommitAgain.later(
        asked.commit(
            x -> {
              x.writing = batch;
              x.queue = x.queue.minusAll(List.copyOf(x.queue.headMap(last, true).keySet()));
            }),
        now);
  }

  static EpState durable(EpState s, EpTrigger.RedoDone t, Now now, List<Effect> out) {
    List<RlogPkg> pkgs = s.commits.writing.pkgs();
    EpState next =
        s.commit(
            c -> {
              c.writing = null;
              for (RlogPkg pkg : pkgs) {
                c.offered = c.offered.plus(pkg.getLsn(), new Commits.Offer(pkg, now.monoMs()));
                c.put(pkg.getLsn(), pkg);
              }
            });
    for (int member : CommitWords.others(next)) {
      CommitWords.offer(next, member, pkgs, out);
    }
    return write(CommitOrder.apply(s, next, now, out), now, out);
  }

  static EpState failed(EpState s, EpTrigger.RedoFailed t, Now now, List<Effect> out) {
    Commits.Batch was = s.commits.writing;
    return s.commit(
        c ->
            c.writing =
                new Commits.Batch(was.request(), was.pkgs(), now.monoMs(), was.failures() + 1));
  }
}
