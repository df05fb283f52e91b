package halab.systems.dsc;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.LinkIp;
import halab.dsc.proto.MalCheck;
import halab.dsc.proto.MalChecked;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The network between EPs as dmasmsvr and dmserver see it: they watch their MAL links, report a
 * dead one through their slot on the VOTE disk, and test everything anew when LINK_CHECK stands in
 * their area (reference 4.4, items 1 and 2). Who has to go, the control CSS decides. Rows 143, 145
 * and 180 to 192.
 */
final class LinkChecks {
  /** Carries out LINK_CHECK and watches its links. */
  static final Set<EpPhase> TESTING = EnumSet.range(EpPhase.STARTUP, EpPhase.CRASH_RECV);

  /** Is a member, so that a dead link of it is a matter for the CSS. */
  static final Set<EpPhase> REPORTING = EnumSet.range(EpPhase.AFTER_REDO, EpPhase.CRASH_RECV);

  /** LINK_CHECK asks a link that was down already at least for so long: it may have healed. */
  static final long ONCE_MORE_MS = 5000;

  private LinkChecks() {}

  static Table<EpState, EpPhase> rows(Table<EpState, EpPhase> table) {
    return table
        .stay(
            180,
            TESTING,
            EpTrigger.Ordered.class,
            (s, t, now) -> EpRows.is(t, Cmd.CMD_LINK_CHECK),
            LinkChecks::begin,
            "LINK_CHECK: ask every member, and the link check IP")
        .stay(
            182,
            EpRows.ALIVE,
            EpTrigger.LinkAsked.class,
            null,
            (s, t, now, out) -> answerPeer(s, t, out),
            "MAL: a peer tests the link")
        .stay(
            184,
            TESTING,
            EpTrigger.LinkAnswered.class,
            (s, t, now) -> complete(heard(s, t)),
            (s, t, now, out) -> answer(heard(s, t), now, out),
            "LINK_CHECK: the last one has answered")
        .stay(
            186,
            TESTING,
            EpTrigger.LinkAnswered.class,
            null,
            (s, t, now, out) -> heard(s, t),
            "MAL: the link carries both ways")
        .stay(
            188,
            TESTING,
            EpTrigger.IpTested.class,
            (s, t, now) -> complete(tested(s, t)),
            (s, t, now, out) -> answer(said(tested(s, t), t, out), now, out),
            "LINK_CHECK: the link check IP was tested, and all peers")
        .stay(
            190,
            TESTING,
            EpTrigger.IpTested.class,
            (s, t, now) -> testing(s),
            (s, t, now, out) -> said(tested(s, t), t, out),
            "LINK_CHECK: the link check IP was tested")
        .stay(
            192,
            TESTING,
            EpTrigger.IpTested.class,
            null,
            LinkChecks::selfTested,
            "the link check IP was tested at the start");
  }

  // ---- the watch --------------------------------------------------------------------------------

  /** Whose links matter: all of the group before it is a member, then the other members. */
  private static List<Integer> watched(EpState s) {
    if (s.phase == EpPhase.STARTUP) {
      return List.copyOf(s.peers.keySet());
    }
    List<Integer> watched = new ArrayList<>(s.members);
    watched.retainAll(s.peers.keySet());
    return watched;
  }

  /** Whoever something is asked of or told that must not get lost. */
  private static Collection<Integer> busy(EpState s) {
    TreeSet<Integer> busy = new TreeSet<>();
    if (s.job != null) {
      busy.addAll(s.job.peers());
    }
    if (s.commits.waits() || s.commits.frozen) {
      busy.addAll(s.commits.members);
    }
    return busy;
  }

  private static LinkWatch next(EpState s) {
    return s.links.beat(watched(s), busy(s));
  }

  /** Links that are down with this beat and were not before. */
  static List<Integer> newlyDown(EpState s) {
    return s.links.onEdge() ? GroupActs.without(next(s).down(), s.links.down()) : List.of();
  }

  /** A beat of the watch: asks whoever has an answer to give, and shows who is down. */
  static EpState beat(EpState s, List<Effect> out) {
    if (!TESTING.contains(s.phase)) {
      return s;
    }
    LinkWatch next = next(s);
    ask(s, next.waiting(), out);
    if (REPORTING.contains(s.phase)) {
      newlyDown(s).forEach(ep -> sayDown(s.peers.get(ep).host(), out));
    }
    return shown(s.with(x -> x.links = next));
  }

  private static void ask(EpState s, Collection<Integer> eps, List<Effect> out) {
    for (int ep : eps) {
      if (s.peers.containsKey(ep)) {
        out.add(new Effect.Send(s.peers.get(ep), MalCheck.getDefaultInstance()));
      }
    }
  }

  private static void sayDown(String host, List<Effect> out) {
    out.add(new Effect.Say(Level.WARNING, DscText.disconnected(host)));
  }

  /** One that wants to be started shows as well whom it has never heard: nobody lets it in then. */
  private static EpState shown(EpState s) {
    List<Integer> down = s.phase == EpPhase.STARTUP ? s.links.notUp() : s.links.down();
    return down.equals(s.seat.malDown) ? s : s.withSeat(s.seat.with(x -> x.malDown = down));
  }

  private static EpState answerPeer(EpState s, EpTrigger.LinkAsked t, List<Effect> out) {
    out.add(new Effect.Send(t.from(), MalChecked.getDefaultInstance()));
    return s;
  }

  private static EpState heard(EpState s, EpTrigger.LinkAnswered t) {
    EpState up = shown(s.with(x -> x.links = s.links.answered(t.ep())));
    return testing(s) ? up.with(x -> x.job = s.job.withoutPeer(t.ep())) : up;
  }

  // ---- LINK_CHECK -------------------------------------------------------------------------------

  private static boolean testing(EpState s) {
    return s.job != null && s.job.command().getCmd() == Cmd.CMD_LINK_CHECK;
  }

  private static EpState begin(EpState s, EpTrigger.Ordered t, Now now, List<Effect> out) {
    EpState known = s.learn(t.command());
    EpState asked =
        known.with(
            x -> {
              x.links = s.links.askAll(watched(known));
              x.job = EpJob.of(t.command(), now.monoMs());
            });
    ask(asked, watched(asked), out);
    EpState begun = probed(asked, now, out);
    return begun.withSeat(begun.seat.beat(s.phase.inst(), now, out));
  }

  private static EpState probed(EpState s, Now now, List<Effect> out) {
    List<Long> requests = s.linkCheckIp == null ? List.of() : List.of(s.seat.nextRequest);
    requests.forEach(request -> out.add(new Effect.Probe(request, s.linkCheckIp)));
    return s.with(
        x -> {
          x.seat = s.seat.with(y -> y.nextRequest++);
          x.job = s.job.asked(requests, watched(s), now.monoMs());
        });
  }

  /** Asks whoever has not answered this LINK_CHECK again; a probe is always answered. */
  static EpState askAgain(EpState s, Now now, List<Effect> out) {
    ask(s, s.job.peers(), out);
    return s.with(x -> x.job = s.job.asked(s.job.requests(), s.job.peers(), now.monoMs()));
  }

  private static EpState tested(EpState s, EpTrigger.IpTested t) {
    if (!testing(s) || !s.job.answeredBy(t.answer().request())) {
      return s;
    }
    LinkIp ip = t.answer().reached() ? LinkIp.LINK_IP_REACHED : LinkIp.LINK_IP_SILENT;
    return s.with(
        x -> {
          x.seat = s.seat.with(y -> y.linkIp = ip);
          x.job = s.job.without(t.answer().request());
        });
  }

  private static EpState said(EpState s, EpTrigger.IpTested t, List<Effect> out) {
    if (t.answer().failure() != null) {
      out.add(new Effect.Say(Level.ERROR, DscText.selfLinkCheck(t.answer().failure())));
    } else if (!t.answer().reached()) {
      sayDown(t.answer().host(), out);
    }
    return s;
  }

  private static boolean complete(EpState s) {
    return testing(s) && s.job.answered();
  }

  private static EpState answer(EpState s, Now now, List<Effect> out) {
    return s.answerJob(s.phase.inst(), now, out);
  }

  /** With this beat whoever has not answered LINK_CHECK is down, and has been asked once more. */
  static boolean testedWithTheBeat(EpState s, Now now) {
    return testing(s)
        && s.job.requests().isEmpty()
        && now.monoMs() - s.job.sinceMs() >= ONCE_MORE_MS
        && next(s).down().containsAll(GroupActs.kept(s.job.peers(), watched(s)));
  }

  /** The answer stands in the slot from the next beat on. */
  static EpState give(EpState s) {
    return s.with(
        x -> {
          x.seat = s.seat.answered(s.job.command().getCmdSeq(), 0);
          x.job = null;
        });
  }

  // ---- at the start -----------------------------------------------------------------------------

  /** A process with a link check IP tests at its start whether it can be reached at all. */
  static EpState selfTest(EpState s, List<Effect> out) {
    if (s.linkCheckIp == null) {
      return s;
    }
    out.add(new Effect.Probe(s.seat.nextRequest, s.linkCheckIp));
    return s.withSeat(s.seat.with(x -> x.nextRequest++));
  }

  private static EpState selfTested(EpState s, EpTrigger.IpTested t, Now now, List<Effect> out) {
    if (t.answer().reached()) {
      out.add(new Effect.Say(Level.INFO, DscText.selfLinkCheck(null)));
    }
    return said(s, t, out);
  }
}
