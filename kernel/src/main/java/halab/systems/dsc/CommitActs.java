package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.dsc.proto.MalAsk;
import halab.dsc.proto.MalGranted;
import halab.dsc.proto.MalPackage;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalShown;
import halab.dsc.proto.TxAsk;
import halab.dsc.proto.TxGrant;
import halab.dsc.proto.TxRefusal;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The way of a commit: asked, granted a place in the total order by the control EP, written to the
 * own redo thread, sent to all members, applied everywhere in order, shown by all, acknowledged.
 * The words of the rows in {@link CommitRows}; what a crash does to it is in {@link Settlement}.
 *
 * <p>Whatever a broken link may lose is sent again after {@link #AGAIN_MS} by whoever waits.
 */
final class CommitActs {
  static final long AGAIN_MS = 2000;

  /** Failed writes of redo in a row before the files count as lost. */
  static final int FAILURES = 3;

  static final String SERIALIZATION_FAILURE = "40001";
  static final String ADMIN_SHUTDOWN = "57P01";
  static final String STOPS = "terminating connection due to administrator command";

  /** Bytes of packages in one message or one write, unless a single one is larger. */
  private static final int BATCH_BYTES = 1 << 20;

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

  /** Asks for the places of all transactions that have none and are not asked for. */
  static EpState askWaiting(EpState s, Now now, List<Effect> out) {
    List<Long> waiting = new ArrayList<>();
    s.commits.own.forEach(
        (tx, own) -> {
          if (own.lsn() == 0 && own.askedMs() == 0) {
            waiting.add(tx);
          }
        });
    return ask(s, waiting, now, out);
  }

  private static EpState ask(EpState s, List<Long> txs, Now now, List<Effect> out) {
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
    next = later(next, now);
    if (s.commits.control == s.seat.ep) {
      return certify(next, s.seat.ep, asks, now, out);
    }
    MalAsk.Builder message =
        MalAsk.newBuilder().setEpoch(s.commits.epoch).setGrantedLsn(s.commits.grantedLsn);
    send(s, s.commits.control, message.addAllAsk(asks).build(), out);
    return next;
  }

  static EpState askedBy(EpState s, EpTrigger.Ask t, Now now, List<Effect> out) {
    EpState heard = confirm(s, t.from(), t.message().getGrantedLsn());
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
    return tellGrants(later(next, now), ep, refusals, now, out);
  }

  private static void grant(Commits c, int ep, TxAsk ask, Now now) {
    long lsn = c.known + 1;
    c.known = lsn;
    c.grants = c.grants.plus(lsn, new Commits.Grant(ep, ask.getTx(), now.monoMs()));
    c.certifier = c.certifier.note(lsn, ep, ask.getTx(), ask.getKeyList());
  }

  private static boolean granted(Commits c, int ep, long tx) {
    return c.grants.values().stream().anyMatch(g -> g.ep() == ep && g.tx() == tx);
  }

  /** All grants that the EP does not know yet, so that it learns them in the order of LSNs. */
  private static EpState tellGrants(
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
    send(s, ep, message.build(), out);
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
    return write(confirm(next, s.seat.ep, next.commits.grantedLsn), now, out);
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
    List<RlogPkg> pkgs = batches(c.queue.values()).get(0);
    Commits.Batch batch = new Commits.Batch(s.seat.nextRequest, pkgs, now.monoMs(), 0);
    out.add(new Effect.WriteRedo(batch.request(), s.dataDisk(), s.seat.ep, pkgs));
    long last = pkgs.get(pkgs.size() - 1).getLsn();
    EpState asked = s.withSeat(s.seat.with(x -> x.nextRequest++));
    return later(
        asked.commit(
            x -> {
              x.writing = batch;
              x.queue = x.queue.minusAll(List.copyOf(x.queue.headMap(last, true).keySet()));
            }),
        now);
  }

  private static List<List<RlogPkg>> batches(Iterable<RlogPkg> pkgs) {
    List<List<RlogPkg>> batches = new ArrayList<>();
    long bytes = Long.MAX_VALUE;
    for (RlogPkg pkg : pkgs) {
      bytes = bytes > BATCH_BYTES ? BATCH_BYTES + 1L : bytes + pkg.getSerializedSize();
      if (bytes > BATCH_BYTES) {
        batches.add(new ArrayList<>());
        bytes = pkg.getSerializedSize();
      }
      batches.get(batches.size() - 1).add(pkg);
    }
    return batches;
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
    for (int member : others(next)) {
      offer(next, member, pkgs, out);
    }
    return write(apply(s, next, now, out), now, out);
  }

  static EpState failed(EpState s, EpTrigger.RedoFailed t, Now now, List<Effect> out) {
    Commits.Batch was = s.commits.writing;
    return s.commit(
        c ->
            c.writing =
                new Commits.Batch(was.request(), was.pkgs(), now.monoMs(), was.failures() + 1));
  }

  // ---- the order --------------------------------------------------------------------------------

  static EpState received(EpState s, EpTrigger.Packages t, Now now, List<Effect> out) {
    EpState next = s.commit(c -> t.message().getPkgList().forEach(p -> c.put(p.getLsn(), p)));
    boolean old = next.commits.pool.size() == s.commits.pool.size();
    EpState applied = apply(s, next, now, out);
    if (old) {
      tell(applied, t.from(), false, out); // it waits for what it was told already
    }
    return applied;
  }

  /** Hands the engine what follows without a hole, and says and does what comes of it. */
  static EpState apply(EpState before, EpState s, Now now, List<Effect> out) {
    EpState next = s.commit(c -> hand(c, s.seat.ep, out));
    if (next.commits.position() > before.commits.position()) {
      others(next).forEach(member -> tell(next, member, false, out));
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
        c.certifier = c.certifier.note(c.handed, pkg.getThread(), pkg.getTx(), pkg.getKeyList());
      }
    }
  }

  /** After an epoch has begun: what it settled is applied, what all show is acknowledged. */
  static EpState settled(EpState before, EpState s, Now now, List<Effect> out) {
    return apply(before, later(s, now), now, out);
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
                });
    if (message.getAsk()) {
      tell(heard, t.from(), false, out);
      offer(heard, t.from(), offeredBehind(heard, message.getPosition()), out);
    }
    return acknowledge(heard, now, out);
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

  // ---- again ------------------------------------------------------------------------------------

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
    EpState next = acknowledge(ask(s, unasked, now, out), now, out);
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
          tellGrants(s, grant.ep(), List.of(), now, out);
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
    for (int member : others(s)) {
      long shown = s.commits.shown.getOrDefault(member, 0L);
      List<RlogPkg> missing =
          due.stream().map(Commits.Offer::pkg).filter(p -> p.getLsn() > shown).toList();
      offer(s, member, missing, out);
    }
    return s.commit(
        c -> {
          for (Commits.Offer o : due) {
            c.offered = c.offered.plus(o.pkg().getLsn(), new Commits.Offer(o.pkg(), now.monoMs()));
          }
        });
  }

  private static EpState later(EpState s, Now now) {
    boolean set = s.commits.againAtMs != Long.MAX_VALUE || !s.commits.waits();
    return set ? s : s.commit(c -> c.againAtMs = now.monoMs() + AGAIN_MS);
  }

  // ---- words ------------------------------------------------------------------------------------

  private static EpState confirm(EpState s, int ep, long upTo) {
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

  static List<RlogPkg> offeredBehind(EpState s, long position) {
    return s.commits.offered.tailMap(position, false).values().stream()
        .map(Commits.Offer::pkg)
        .toList();
  }

  static List<Integer> others(EpState s) {
    return s.commits.members.stream().filter(m -> m != s.seat.ep).toList();
  }

  static void offer(EpState s, int ep, List<RlogPkg> pkgs, List<Effect> out) {
    for (List<RlogPkg> batch : batches(pkgs)) {
      send(s, ep, MalPackage.newBuilder().setEpoch(s.commits.epoch).addAllPkg(batch).build(), out);
    }
  }

  static void tell(EpState s, int ep, boolean ask, List<Effect> out) {
    MalShown.Builder shown = MalShown.newBuilder().setEpoch(s.commits.epoch).setAsk(ask);
    shown.setPosition(s.commits.position()).setGrantedLsn(s.commits.grantedLsn);
    send(s, ep, shown.build(), out);
  }

  static EpState where(EpState s, EpTrigger.Where t, Now now, List<Effect> out) {
    Commits c = s.commits;
    MalPosition.Builder position = MalPosition.newBuilder().setCmdSeq(t.cmdSeq());
    position.setEpoch(c.epoch).setPosition(c.position()).setHighestLsn(c.known);
    out.add(new Effect.Send(t.peer(), position.addAllClaim(c.claims()).build()));
    return s;
  }

  private static void send(EpState s, int ep, Message message, List<Effect> out) {
    Endpoint peer = s.peers.get(ep);
    if (peer != null) {
      out.add(new Effect.Send(peer, message));
    }
  }
}
