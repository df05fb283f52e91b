package halab.systems.dsc;

import halab.dsc.proto.GroupType;
import halab.systems.Term;
import halab.systems.dm.config.MalIni;
import java.util.List;

/**
 * How long a broken network between EPs takes to be found, and to be judged (reference 2.3, 4.4).
 *
 * @param intervalS MAL_CHECK_INTERVAL; 0: only links with a running request are asked
 * @param failS MAL_CONN_FAIL_INTERVAL
 */
record LinkTerms(int intervalS, int failS) {
  private static final String FAIL = "MAL_CONN_FAIL_INTERVAL";

  /** Beats that count both intervals, the slot with the report, and the look at it. */
  private static final int SEEN_TICKS = 4;

  /** LINK_CHECK is read, a beat shows what it found; Kill is read, SYSHALT is seen. */
  private static final int VERDICT_TICKS = 6;

  /** The slowest of these files decides. */
  static LinkTerms of(List<MalIni> mals) {
    return new LinkTerms(
        mals.stream().mapToInt(MalIni::checkIntervalS).max().orElse(0),
        mals.stream().mapToInt(MalIni::connFailIntervalS).max().orElse(0));
  }

  /**
   * From the loss of a link to the look at which the control CSS acts on the report of it. Where no
   * link is asked for its own sake, from the first request over it (reference 2.3).
   */
  Term silence(GroupType type) {
    int standsLooks = GroupLinks.STANDS_LOOKS;
    return DscTerms.named(
        DscTerms.ticks(
            DscTerms.step(type, "link silence"),
            failS + standsLooks,
            intervalS / 2 + failS + 1 + standsLooks,
            intervalS + failS + SEEN_TICKS + standsLooks,
            asksIdle()
                ? "the link is asked and gives no answer; the report stands for a few looks"
                : "an idle link is never asked: counts from the first request over it, which gets"
                    + " no answer; the report stands for a few looks"),
        "MAL_CHECK_INTERVAL = " + intervalS + ", " + FAIL + " = " + failS);
  }

  /** Whether a link is asked although nobody needs it; else a broken one may go unnoticed. */
  boolean asksIdle() {
    return intervalS > 0;
  }

  /** The step LINK_CHECK of a group, which may run beside the other group's. */
  Term verdict(GroupType type) {
    int once = (int) (LinkChecks.ONCE_MORE_MS / DscTerms.LEAST_TICK_MS);
    Term ticks =
        DscTerms.ticks(
            DscTerms.step(type, GroupPhase.LINK_CHECK.name()),
            0,
            Math.max(once, 1) + 3,
            once + failS + VERDICT_TICKS,
            "EPs ask each other and the link check IP; whoever has to go reads Kill and ends");
    Term asked = DscTerms.longer(ticks, EpJobs.ASK_AGAIN_MS);
    return DscTerms.named(asked, FAIL + " = " + failS);
  }

  /** DB after ASM: its EP ends with its server, or a LINK_CHECK of its own finds it. */
  Term followed() {
    return new Term(
        DscTerms.step(GroupType.DB, "ended"),
        0,
        0,
        verdict(GroupType.DB).mostMs(),
        "",
        "it ends with its ASM server, or its own LINK_CHECK halts it");
  }
}
