package halab.systems.dsc;

import halab.dsc.proto.LinkIp;
import halab.kernel.Effect;
import java.util.List;
import java.util.TreeMap;

/**
 * What a CSS knows when it takes an EP for lost and no line of the vendor's log tells: by which
 * rule, and when its heartbeat was last seen to change. Read again by {@link DscExplain}.
 */
final class LossNote {
  static final String KIND = "lost";

  /** Values of "why". */
  static final String SILENT = "silent";

  static final String ENDED = "ended";
  static final String FOLLOWED = "followed";

  /** A CSS that was halted because it had lost the link check IP. */
  static final String LINK_IP = "link_ip";

  private LossNote() {}

  /**
   * Notes the loss of EP n of a group.
   *
   * @param by "control" or "normal": which kind of CSS judges
   */
  static void add(Scene c, int group, int n, String by, List<Effect> out) {
    TreeMap<String, String> detail = new TreeMap<>();
    detail.put("group", VoteLayout.type(group).name());
    detail.put("ep", DscNames.ep(c.dcr(), group, n).getName());
    detail.put("seqno", String.valueOf(n));
    detail.put("by", by);
    detail.put("why", why(c, group, n));
    detail.put("vtd_status", DscText.vtd(c.beat(group, n).getVtdStatus()));
    detail.put("looks", String.valueOf(c.beats().silent(Scene.seat(group, n))));
    detail.put("changed_ms", String.valueOf(c.changedMs()[Scene.seat(group, n)]));
    out.add(new Effect.Note(KIND, detail));
  }

  private static String why(Scene c, int group, int n) {
    if (c.ended(group, n)) {
      boolean lostIp = group == 0 && c.beat(0, n).getLinkIp() == LinkIp.LINK_IP_SILENT;
      return lostIp ? LINK_IP : ENDED;
    }
    return c.silent(group, n) ? SILENT : FOLLOWED;
  }
}
