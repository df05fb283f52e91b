package halab.systems.dsc;

import halab.dsc.proto.Cmd;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.List;

/**
 * DSC_CRASH_RECV_POLICY = 1 (reference 4.2): users go on after phase 1 of a crash, before the redo
 * of the dead EP is read. Every EP shows what was acknowledged, so statements can read at once; a
 * commit waits for its place, which there is only when the dead EP's places are settled. With 0
 * users wait until phase 3 is over. Rows 425, 435 and 779 of dmserver.
 */
final class CrashPolicy {
  private CrashPolicy() {}

  /** The last answer of phase 1 came from a disk (row 425) or from a survivor (row 435). */
  static <T> Table<EpState, EpPhase> row(
      Table<EpState, EpPhase> t, int number, Class<T> on, Table.Action<EpState, T> finish) {
    return t.stay(
        number,
        EpPhase.CRASH_RECV,
        on,
        (s, x, now) -> endsPhase1(s, x, now),
        (s, x, now, out) -> serve(finish.apply(s, x, now, out)),
        "phase 1 is over: users go on, commits wait (DSC_CRASH_RECV_POLICY = 1)");
  }

  private static boolean endsPhase1(EpState s, Object trigger, Now now) {
    return s.crashRecvPolicy == 1
        && s.job != null
        && s.job.command().getCmd() == Cmd.CMD_EP_CRASH_STEP1
        && EpJobs.completes(s, trigger, now);
  }

  /** The leader's own step from phase 1 to phase 2, where one command does both (dialect B). */
  static EpState phase2(EpState s) {
    return s.crashRecvPolicy == 1 ? serve(s) : s;
  }

  /** The leader's question begins phase 2. */
  static Table<EpState, EpPhase> led(Table<EpState, EpPhase> t) {
    return t.stay(
        779,
        EpPhase.CRASH_RECV,
        EpTrigger.Where.class,
        (s, x, now) -> s.crashRecvPolicy == 1 && s.commits.frozen && !s.crashServes,
        CrashPolicy::whereAndServe,
        "the leader begins phase 2: users go on, commits wait (DSC_CRASH_RECV_POLICY = 1)");
  }

  private static EpState whereAndServe(EpState s, EpTrigger.Where t, Now now, List<Effect> out) {
    return serve(CommitWords.where(s, t, now, out));
  }

  private static EpState serve(EpState s) {
    return s.with(x -> x.crashServes = true);
  }
}
