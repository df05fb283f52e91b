package halab.systems.dsc;

import static halab.systems.dsc.CssPhase.*;

import halab.dsc.proto.DcrImage;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.List;
import java.util.function.UnaryOperator;

/** How a dmcss comes up: DCR, own slot, election. Rows 10 to 70 of dmcss. */
final class CssBoot {
  private CssBoot() {}

  static void rows(Table<DmcssState, CssPhase> t) {
    t.stay(10, BOOT, Event.Started.class, null, CssBoot::begin, "a life begins: read the DCR")
        .stay(
            20,
            BOOT,
            CssTrigger.DcrRead.class,
            CssBoot::goodDcr,
            (s, x, now, out) -> takeDcr(s, x, q -> q.askSlot(now, out)),
            "the DCR is good")
        .move(
            30, BOOT, CssTrigger.DcrRead.class, null, DOWN, CssBoot::refuse, "the DCR is unusable")
        .move(
            35,
            BOOT,
            CssTrigger.SlotRead.class,
            (s, x, now) -> s.seat.voteProblem(x.blocks()) != null,
            DOWN,
            CssBoot::refuseVote,
            "the VOTE disk is unusable")
        .move(
            36,
            BOOT,
            CssTrigger.SlotRead.class,
            (s, x, now) -> s.seat.twinBeats(x.blocks()),
            DOWN,
            CssBoot::alreadyStarted,
            "another dmcss with this DMDCR_SEQNO beats")
        .stay(
            38,
            BOOT,
            CssTrigger.SlotRead.class,
            (s, x, now) -> s.seat.twinMayLive(x.blocks()),
            (s, x, now, out) -> s.withSeat(s.seat.watchTwin(x.blocks(), now)),
            "the slot was another host's: see whether it beats")
        .move(
            40,
            BOOT,
            CssTrigger.SlotRead.class,
            null,
            ELECTION,
            CssBoot::adopt,
            "own slot read: stand for election")
        .move(
            45,
            BOOT,
            CssTrigger.LookFailed.class,
            (s, x, now) -> s.seat.dcr != null,
            DOWN,
            CssBoot::voteMissing,
            "there is no VOTE disk: -14006")
        .stay(
            50,
            BOOT,
            CssTrigger.LookFailed.class,
            null,
            Dmcss::missed,
            "the DCR is not there: try again")
        .stay(60, BOOT, Event.Tick.class, null, CssBoot::askBoot, "no answer yet: ask again")
        .move(
            70,
            BOOT,
            Event.StopRequested.class,
            null,
            DOWN,
            CssBoot::leave,
            "stopped before start");
  }

  private static DmcssState begin(DmcssState s, Event.Started t, Now now, List<Effect> out) {
    EpSeat seat =
        s.seat.with(
            x -> {
              x.incarnation = t.incarnation();
              x.pid = t.pid();
            });
    return s.withSeat(seat.askDcr(now, out));
  }

  static boolean goodDcr(DmcssState s, CssTrigger.DcrRead t, Now now) {
    return EpRows.dcrProblem(s.seat, t.blocks()) == null;
  }

  static DmcssState takeDcr(DmcssState s, CssTrigger.DcrRead t, UnaryOperator<EpSeat> then) {
    try {
      DcrImage dcr = DcrLayout.read(t.blocks());
      return s.withSeat(then.apply(s.seat.with(x -> x.dcr = dcr)));
    } catch (DcrLayout.Unreadable e) {
      throw new IllegalStateException(e);
    }
  }

  private static DmcssState refuse(DmcssState s, CssTrigger.DcrRead t, Now now, List<Effect> out) {
    String problem = EpRows.dcrProblem(s.seat, t.blocks());
    out.add(new Effect.Say(Level.FATAL, "dmcss startup failed: " + problem));
    out.add(new Effect.Halt(ExitCode.CONFIG, problem));
    return s;
  }

  private static DmcssState refuseVote(
      DmcssState s, CssTrigger.SlotRead t, Now now, List<Effect> out) {
    String problem = s.seat.voteProblem(t.blocks());
    out.add(new Effect.Say(Level.FATAL, "dmcss startup failed: " + problem));
    out.add(new Effect.Halt(ExitCode.CONFIG, problem));
    return s;
  }

  private static DmcssState alreadyStarted(
      DmcssState s, CssTrigger.SlotRead t, Now now, List<Effect> out) {
    String problem = DscText.alreadyStarted(s.seat.name(), s.seat.twinHost(t.blocks()));
    out.add(new Effect.Say(Level.FATAL, problem));
    out.add(new Effect.Halt(ExitCode.CONFIG, problem));
    return s;
  }

  /** The service came before its devices (reference 4.5, drill 43). */
  private static DmcssState voteMissing(
      DmcssState s, CssTrigger.LookFailed t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, DscText.voteMissing()));
    String where = s.seat.votePath() + ": " + t.reason();
    out.add(new Effect.Halt(ExitCode.CONFIG, "VOTE disk is not there, " + where));
    return s;
  }

  /** A CSS gives itself its guid: larger than all before. */
  private static DmcssState adopt(DmcssState s, CssTrigger.SlotRead t, Now now, List<Effect> out) {
    EpSeat.sayDamaged("VOTE", DcrLayout.damages(t.blocks(), 0, 2), out);
    s.words.ready().forEach(line -> out.add(new Effect.Say(Level.INFO, line)));
    CssNet.dial(s, out);
    EpSeat seat = s.seat.adopt(t.blocks(), now);
    long guid = Math.max(seat.guid, seat.ts) + 1;
    return s.withSeat(
        seat.with(
            x -> {
              x.guid = guid;
              x.ts = guid;
            }));
  }

  private static DmcssState askBoot(DmcssState s, Event.Tick t, Now now, List<Effect> out) {
    return s.withSeat(s.seat.dcr == null ? s.seat.askDcr(now, out) : s.seat.askSlot(now, out));
  }

  private static DmcssState leave(DmcssState s, Event.StopRequested t, Now now, List<Effect> out) {
    out.add(new Effect.Halt(ExitCode.OK, "stopped before it was started"));
    return s;
  }
}
