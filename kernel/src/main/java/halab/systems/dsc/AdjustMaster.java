package halab.systems.dsc;

import static halab.systems.dsc.EpPhase.OPENED;
import static halab.systems.dsc.EpPhase.SUSPEND;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.MalThaw;
import halab.kernel.Effect;
import halab.kernel.Now;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * ADJUST_MASTER_EP (reference, dialects: an older rule of the vendor): an EP that rejoins takes the
 * control role back. The way is that of a crash with nobody dead. Workers stand still everywhere;
 * the new control EP asks all others where they are, and from its question on none of them grants a
 * place or writes one that it is granted. It settles what it has heard and begins a new epoch, with
 * which the others go on. What waits for its place is asked of the new control EP after RESUME.
 */
final class AdjustMaster {
  /** The one that returns is open inside, all others stand still. */
  static final Set<EpPhase> STANDS_STILL = EnumSet.of(OPENED, SUSPEND);

  /** The same, and behind RESUME where the order comes once more. */
  static final Set<EpPhase> GOES_ON = EnumSet.copyOf(STANDS_STILL);

  static {
    GOES_ON.addAll(AlterRows.AT_REST);
  }

  private AdjustMaster() {}

  /** At the new control EP: all have handed over; at others: they have. */
  static boolean over(EpState s, EpTrigger.Ordered t, Now now) {
    int control = t.command().getControl();
    boolean led = control != s.seat.ep || s.commits.adjusted == s.commits.epoch;
    return EpRows.is(t, Cmd.CMD_ADJUST_MASTER_EP)
        && s.commits.control == control
        && !s.commits.frozen
        && led;
  }

  /**
   * Not from a handover that is over here. When the order comes once more the question does, too,
   * and this EP may have carried out its own order already.
   */
  static boolean asked(EpState s, EpTrigger.Where t, Now now) {
    return t.adjust() && t.cmdSeq() > s.thawedSeq;
  }

  static EpState freeze(EpState s, EpTrigger.Where t, Now now, List<Effect> out) {
    return CommitWords.where(s.commit(c -> c.frozen = true), t, now, out);
  }

  /** It has told the sender where it is, and this is the answer. */
  static boolean awaited(EpState s, EpTrigger.Thaw t, Now now) {
    return s.commits.frozen && t.message().getEpoch() > s.commits.epoch;
  }

  /** Its own order may have come already: that is carried out now. */
  static EpState handOver(EpState s, MalThaw thaw, Now now, List<Effect> out) {
    EpState next = Settlement.takeOver(s, thaw, now, out);
    boolean ordered = next.job != null && next.job.command().getCmd() == Cmd.CMD_ADJUST_MASTER_EP;
    return ordered ? next.answerJob(next.phase.inst(), now, out) : next;
  }
}
