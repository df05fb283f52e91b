package halab.systems.dsc;

import halab.dsc.proto.Campaign;
import halab.dsc.proto.Heartbeat;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.systems.dsc.CssTrigger.Look;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Election of the control CSS through the VOTE disk (reference 3.1): whoever finds a live control
 * CSS becomes a normal one; else the first that stood wins, and of those that stood together the
 * lowest seqno; it takes 5 s.
 *
 * <p>Every candidate takes a ticket higher than those that stood clearly before it (Lamport's
 * bakery). The winner writes a claim with a term above all terms on the disk, and acts only after
 * it has seen its claim there and nobody else's. Targets obey no lower term than they have seen, so
 * whatever an old control CSS still had on its way does no harm.
 */
final class CssElection {
  static final long ELECTION_MS = 5000;

  /** Candidates whose tickets are younger than this many looks stood together. */
  private static final int TOGETHER_LOOKS = 2;

  private CssElection() {}

  private static IntStream others(DmcssState s) {
    return IntStream.range(0, s.seat.dcr.getGroup(0).getNEp()).filter(n -> n != s.seat.ep);
  }

  private static boolean live(DmcssState s, Look t, int n) {
    Heartbeat beat = t.picture().beat(0, n);
    boolean ended =
        switch (beat.getVtdStatus()) {
          case VTD_SYSHALT, VTD_STOP, VTD_SHUTDOWN -> true;
          default -> false;
        };
    return !ended
        && t.beats().everMoved(n)
        && (t.beats().silent(n) < s.seat.dcr.getGroup(0).getDskchkCnt()
            || s.net().spares(t.beats(), n));
  }

  /**
   * What this CSS says now cannot be read: a ticket before all others, a claim, or the rest of one
   * that is dead, which is settled once it has stood so for the disk check count. Until then nobody
   * builds upon it.
   */
  private static boolean unclear(DmcssState s, Look t, int n) {
    int looks = t.beats().unreadable(n);
    return looks > 0 && looks < s.seat.dcr.getGroup(0).getDskchkCnt();
  }

  private static boolean allClear(DmcssState s, Look t) {
    return others(s).noneMatch(n -> unclear(s, t, n));
  }

  /** The live CSS with the highest claim, or 255. */
  static int liveClaim(DmcssState s, Look t) {
    return others(s)
        .filter(n -> live(s, t, n) && t.picture().beat(0, n).getCampaign().getTerm() > 0)
        .boxed()
        .max((a, b) -> Long.compare(term(t, a), term(t, b)))
        .orElse(DscText.NONE);
  }

  private static long term(Look t, int n) {
    return t.picture().beat(0, n).getCampaign().getTerm();
  }

  /** The control CSS has ended, fallen silent, or lives again without a claim. */
  static boolean controlGone(DmcssState s, Look t, Now now) {
    return !live(s, t, s.controlCss)
        || (term(t, s.controlCss) == 0 && !unclear(s, t, s.controlCss));
  }

  static boolean noTicket(DmcssState s, Look t, Now now) {
    return s.seat.campaign.getTicket() == 0;
  }

  /** A live CSS wants to be control node, and has for long enough to stand before all others. */
  static boolean forced(DmcssState s, Look t) {
    return others(s)
        .mapToObj(n -> live(s, t, n) ? t.picture().beat(0, n).getCampaign() : null)
        .anyMatch(c -> c != null && c.getForced() && c.getAge() >= TOGETHER_LOOKS);
  }

  /** Behind everybody who stood clearly before; together with those who have just begun. */
  static Campaign ticket(DmcssState s, Look t) {
    long ticket = 1;
    for (int n : others(s).toArray()) {
      Campaign other = t.picture().beat(0, n).getCampaign();
      if (live(s, t, n) && other.getTicket() > 0) {
        boolean before = other.getAge() >= TOGETHER_LOOKS;
        ticket = Math.max(ticket, other.getTicket() + (before ? 1 : 0));
      }
    }
    return Campaign.newBuilder().setTicket(ticket).build();
  }

  static boolean won(DmcssState s, Look t, Now now) {
    return now.monoMs() - s.ticketMs >= ELECTION_MS
        && allClear(s, t)
        && others(s).noneMatch(n -> ahead(s, t, n));
  }

  private static boolean ahead(DmcssState s, Look t, int n) {
    Campaign mine = s.seat.campaign;
    Campaign other = t.picture().beat(0, n).getCampaign();
    boolean stands = live(s, t, n) && other.getTicket() > 0;
    return stands
        && (other.getTicket() < mine.getTicket()
            || (other.getTicket() == mine.getTicket() && n < s.seat.ep));
  }

  /**
   * A claim above every term that stands anywhere on the disk. Each slot that cannot be read may
   * hide one that was taken in the same way.
   */
  static Campaign claim(DmcssState s, Look t) {
    long hidden = others(s).filter(n -> t.beats().unreadable(n) > 0).count();
    return s.seat.campaign.toBuilder()
        .setForced(false)
        .setTerm(t.picture().highestTerm() + hidden + 1)
        .build();
  }

  /** The own claim stands on the disk as written, and no other can stand there unseen. */
  static boolean claimSeen(DmcssState s, Look t, Now now) {
    Heartbeat own = t.picture().beat(0, s.seat.ep);
    return own.getIncarnation() == s.seat.incarnation
        && own.getCampaign().getTerm() == s.seat.campaign.getTerm()
        && allClear(s, t);
  }

  /** Takes over the groups from their records and the DCR. */
  static DmcssState takeOver(DmcssState s, Now now, List<Effect> out) {
    return s.with(
        x -> {
          x.controlCss = s.seat.ep;
          x.linkIpAlone = new TreeMap<>();
          x.asm = adopt(s, 1);
          x.db = adopt(s, 2).with(g -> g.cssSeq = highestSeq(s, 0));
          x.records = new TreeMap<>();
          for (int g = 0; g < VoteLayout.GROUPS; g++) {
            x.records.put(g, s.picture.record(g));
          }
        });
  }

  private static GroupState adopt(DmcssState s, int group) {
    return GroupState.adopt(
        group, s.seat.dcr.getGroup(group), s.picture.record(group), highestSeq(s, group));
  }

  private static long highestSeq(DmcssState s, int group) {
    long highest = s.picture.record(group).getLastSeq();
    for (int n = 0; n < VoteLayout.EPS_MAX; n++) {
      highest = Math.max(highest, s.picture.command(group, n).getCmdSeq());
      highest = Math.max(highest, s.picture.beat(group, n).getDoneSeq());
    }
    return highest;
  }
}
