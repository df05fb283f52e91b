package halab.systems.dsc;

import static halab.systems.dsc.EpPhase.HALTING;

import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.List;

/**
 * MAL_CHECK_IP: every MAL_CHECK_INTERVAL a process asks whether this host answers, and halts itself
 * when the answer takes longer than MAL_CHECK_TIMEOUT; the one thing that makes an EP react to the
 * loss of the public network (reference 2.3, 4.4 item 6). Rows 194 to 198 of dmasmsvr and dmserver.
 * How it ends itself is inferred: as with DMDCR_CHECK_CSS_ACTIVE.
 *
 * @param request number of the question that is open; 0: none is
 * @param sinceMs when the check that is open began
 * @param beats since the last check ended
 */
record MalIpCheck(long request, long sinceMs, int beats) {
  static final MalIpCheck IDLE = new MalIpCheck(0, 0, 0);

  static Table<EpState, EpPhase> rows(Table<EpState, EpPhase> t) {
    return t.move(
            194,
            EpRows.ALIVE,
            EpTrigger.MalIpTested.class,
            (s, x, now) -> x.answer().failure() == null && tookTooLong(s, now),
            HALTING,
            MalIpCheck::halts,
            "MAL_CHECK_IP gave no answer within MAL_CHECK_TIMEOUT")
        .stay(
            196,
            EpRows.ALIVE,
            EpTrigger.MalIpTested.class,
            (s, x, now) -> x.answer().reached(),
            (s, x, now, out) -> s.with(n -> n.malIp = IDLE),
            "MAL_CHECK_IP answers")
        .stay(
            197,
            EpRows.ALIVE,
            EpTrigger.MalIpTested.class,
            (s, x, now) -> x.answer().failure() != null,
            MalIpCheck::cannotAsk,
            "MAL_CHECK_IP cannot be asked: nothing is known of it until the next interval")
        .stay(
            198,
            EpRows.ALIVE,
            EpTrigger.MalIpTested.class,
            null,
            (s, x, now, out) -> ask(s, s.malIp.sinceMs, out),
            "MAL_CHECK_IP is silent: ask it again while there is time");
  }

  private static boolean on(EpState s) {
    return s.mal.checkIp() != null && s.mal.checkTimeoutMs() > 0 && s.mal.checkIntervalS() > 0;
  }

  /** A second more: begins a check when it is time for one. */
  static EpState beat(EpState s, Now now, List<Effect> out) {
    if (!on(s) || s.malIp.request != 0) {
      return s;
    }
    int beats = s.malIp.beats + 1;
    return beats < s.mal.checkIntervalS()
        ? s.with(n -> n.malIp = new MalIpCheck(0, 0, beats))
        : ask(s, now.monoMs(), out);
  }

  private static EpState ask(EpState s, long sinceMs, List<Effect> out) {
    long request = s.seat.nextRequest;
    out.add(new Effect.Probe(request, s.mal.checkIp()));
    return s.withSeat(s.seat.with(x -> x.nextRequest++))
        .with(n -> n.malIp = new MalIpCheck(request, sinceMs, 0));
  }

  private static EpState cannotAsk(EpState s, EpTrigger.MalIpTested x, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.ERROR, DscText.selfLinkCheck(x.answer().failure())));
    return s.with(n -> n.malIp = IDLE);
  }

  private static boolean tookTooLong(EpState s, Now now) {
    return now.monoMs() - s.malIp.sinceMs > s.mal.checkTimeoutMs();
  }

  private static EpState halts(EpState s, EpTrigger.MalIpTested x, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.WARNING, DscText.disconnected(s.mal.checkIp())));
    return EpRows.endsItself(s, now, out);
  }
}
