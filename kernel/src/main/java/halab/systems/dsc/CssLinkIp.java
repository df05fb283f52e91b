package halab.systems.dsc;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.LinkIp;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dsc.CssTrigger.IpTested;
import halab.systems.dsc.CssTrigger.Look;
import java.util.List;
import java.util.TreeMap;

/**
 * DMDCR_LINK_CHECK_IP of a dmcss: one that has lost this host because its network is gone is halted
 * by the cluster, and its node with it (manual, DMDCR_LINK_CHECK_IP; reference 4.4 item 5). Rows
 * 162 to 168, 402 and 408 of dmcss. Inferred: the host is asked with every beat and is lost after
 * the CSS group's disk check count of beats without an answer; and it is the network of that node
 * that is gone only if another CSS reaches the host meanwhile. A host that is itself gone halts
 * nobody, nor does one that cannot be asked for want of rights.
 *
 * @param request number of the question that is open; 0: none is
 * @param unanswered beats since the last answer
 * @param said what was last said of it
 */
record CssLinkIp(long request, int unanswered, String said) {
  static final CssLinkIp UNKNOWN = new CssLinkIp(0, 0, "");

  /** Looks in a row that have to show it lost here and reached there, as with a dead MAL link. */
  static final int STANDING_LOOKS = 3;

  static Table<DmcssState, CssPhase> answers(Table<DmcssState, CssPhase> t) {
    return t.stay(
            162,
            Dmcss.ALIVE,
            IpTested.class,
            (s, x, now) -> x.answer().reached(),
            (s, x, now, out) ->
                answered(s, LinkIp.LINK_IP_REACHED, 0, DscText.selfLinkCheck(null), out),
            "the link check IP answers")
        .stay(
            164,
            Dmcss.ALIVE,
            IpTested.class,
            (s, x, now) -> x.answer().failure() != null,
            (s, x, now, out) ->
                answered(
                    s,
                    LinkIp.LINK_IP_UNSPECIFIED,
                    0,
                    DscText.selfLinkCheck(x.answer().failure()),
                    out),
            "the link check IP cannot be asked: nothing is known of it")
        .stay(
            166,
            Dmcss.ALIVE,
            IpTested.class,
            (s, x, now) -> s.linkIp.unanswered < s.seat.dcr.getGroup(0).getDskchkCnt(),
            (s, x, now, out) -> silent(s, LinkIp.LINK_IP_UNSPECIFIED, out),
            "the link check IP gives no answer")
        .stay(
            168,
            Dmcss.ALIVE,
            IpTested.class,
            null,
            (s, x, now, out) -> silent(s, LinkIp.LINK_IP_SILENT, out),
            "the link check IP has given no answer for the disk check count: it is lost");
  }

  /** A second more: asks, unless a question is open. */
  static DmcssState beat(DmcssState s, List<Effect> out) {
    if (s.ini.linkCheckIp() == null) {
      return s;
    }
    int unanswered = s.linkIp.unanswered + 1;
    if (s.linkIp.request != 0) {
      return s.with(x -> x.linkIp = new CssLinkIp(s.linkIp.request, unanswered, s.linkIp.said));
    }
    long request = s.seat.nextRequest;
    out.add(new Effect.Probe(request, s.ini.linkCheckIp()));
    return s.with(
        x -> {
          x.seat = s.seat.with(y -> y.nextRequest++);
          x.linkIp = new CssLinkIp(request, unanswered, s.linkIp.said);
        });
  }

  private static DmcssState silent(DmcssState s, LinkIp shown, List<Effect> out) {
    return answered(s, shown, s.linkIp.unanswered, DscText.disconnected(s.ini.linkCheckIp()), out);
  }

  /** The slot shows what came of it from the next beat on; what has been said is not repeated. */
  private static DmcssState answered(
      DmcssState s, LinkIp shown, int unanswered, String line, List<Effect> out) {
    if (!line.equals(s.linkIp.said)) {
      out.add(new Effect.Say(shown == LinkIp.LINK_IP_REACHED ? Level.INFO : Level.WARNING, line));
    }
    return s.with(
        x -> {
          x.seat = s.seat.with(y -> y.linkIp = shown);
          x.linkIp = new CssLinkIp(0, unanswered, line);
        });
  }

  // ---- the control CSS's judgement --------------------------------------------------------------

  /** Takes in a look of the control CSS: who has lost it while another reaches it, for how long. */
  static DmcssState watch(DmcssState s) {
    TreeMap<Integer, Integer> alone = new TreeMap<>();
    Scene c = s.scene();
    List<Integer> live = c.active(0);
    boolean reached = live.stream().anyMatch(n -> reaches(c, n));
    for (int n : live) {
      if (reached && shown(c, n) == LinkIp.LINK_IP_SILENT) {
        alone.put(n, s.linkIpAlone.getOrDefault(n, 0) + 1);
      }
    }
    return alone.equals(s.linkIpAlone) ? s : s.with(x -> x.linkIpAlone = alone);
  }

  private static LinkIp shown(Scene c, int n) {
    return c.beat(0, n).getLinkIp();
  }

  /** What one that has not beaten with this look shows may be old. */
  private static boolean reaches(Scene c, int n) {
    return shown(c, n) == LinkIp.LINK_IP_REACHED && c.beats().silent(Scene.seat(0, n)) < 2;
  }

  private static boolean alone(DmcssState s, int n) {
    return s.autoCheck && s.linkIpAlone.getOrDefault(n, 0) >= STANDING_LOOKS;
  }

  /** This CSS itself, the control node, has to go. */
  static boolean hasToGo(DmcssState s, Look t, Now now) {
    return alone(s, s.seat.ep);
  }

  /** Others have. */
  static boolean othersHaveToGo(DmcssState s, Look t, Now now) {
    return s.linkIpAlone.keySet().stream().anyMatch(n -> alone(s, n));
  }

  /** Writes Kill for them; what their end means for their nodes follows from it (3.10). */
  static DmcssState halt(DmcssState s, Look t, Now now, List<Effect> out) {
    DmcssState next = CssTick.control(s, t, now, out);
    Scene c = next.scene();
    s.linkIpAlone.forEach(
        (n, looks) -> {
          if (looks == STANDING_LOOKS) {
            say(s, c, n, out);
          }
          if (alone(s, n)) {
            GroupActs.kill(c, 0, n, c.beat(0, n).getIncarnation(), out);
          }
        });
    return next;
  }

  static void say(DmcssState s, Scene c, int n, List<Effect> out) {
    String line = DscText.subnetError(s.seat.name(n), n);
    out.add(new Effect.Say(Level.WARNING, line));
    GroupActs.relay(c, out, r -> r.setType(GroupType.CSS).setInfo(line));
  }
}
