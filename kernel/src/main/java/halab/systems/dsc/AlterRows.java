package halab.systems.dsc;

import static halab.systems.dsc.EpPhase.MOUNT;
import static halab.systems.dsc.EpPhase.OPEN;
import static halab.systems.dsc.EpPhase.SUSPENDED;

import halab.dsc.proto.InstStatus;
import halab.dsc.proto.MalAlter;
import halab.dsc.proto.MalAltered;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dsc.EpTrigger.Alter.To;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.pcollections.TreePMap;

/**
 * ALTER DATABASE (reference 6): MOUNT and OPEN concern this EP alone. SUSPEND is carried out by one
 * EP for all and needs all out of MOUNT, so they are asked first and told then. NORMAL needs all in
 * MOUNT and changes nothing; PRIMARY and STANDBY belong to Data Watch. Rows 360 to 398 of dmserver.
 */
final class AlterRows {
  /** Started, and nobody's crash or rejoin has it stand still: where ALTER DATABASE counts. */
  static final Set<EpPhase> AT_REST = EnumSet.of(OPEN, MOUNT, SUSPENDED);

  static final long ASK_AGAIN_MS = 2000;

  /** A statement that the others do not let go on is given up after so long. */
  static final long WITHIN_MS = 10_000;

  static final String NOT_SUPPORTED = "0A000";
  static final String NOT_IN_THIS_STATE = "55000";
  static final String IN_USE = "55006";
  static final String NOT_NOW = "57P03";

  private AlterRows() {}

  static Table<EpState, EpPhase> add(Table<EpState, EpPhase> t) {
    t.refuse(
            360,
            EpRows.ALIVE,
            EpTrigger.Alter.class,
            (s, x, now) -> x.to() == To.PRIMARY || x.to() == To.STANDBY,
            (s, x, now, out) ->
                no(s, x, NOT_SUPPORTED, "belongs to Data Watch: MODE$ is NORMAL", out),
            "PRIMARY and STANDBY belong to Data Watch")
        .refuse(
            362,
            EpRows.ALIVE,
            EpTrigger.Alter.class,
            (s, x, now) -> x.to() == To.OTHER,
            AlterRows::unknown,
            "no words of ALTER DATABASE that there are here")
        .refuse(
            364,
            AT_REST,
            EpTrigger.Alter.class,
            (s, x, now) -> s.alter != null,
            (s, x, now, out) ->
                no(s, x, IN_USE, "another ALTER DATABASE is being carried out", out),
            "another ALTER DATABASE is in hand")
        .move(
            366,
            OPEN,
            EpTrigger.Alter.class,
            (s, x, now) -> x.to() == To.MOUNT,
            MOUNT,
            (s, x, now, out) -> done(stand(s, MOUNT, now, out), x.requestId(), out),
            "ALTER DATABASE MOUNT: this EP serves nobody")
        .move(
            368,
            EnumSet.of(MOUNT, SUSPENDED),
            EpTrigger.Alter.class,
            (s, x, now) -> x.to() == To.OPEN,
            OPEN,
            AlterRows::open,
            "ALTER DATABASE OPEN: this EP serves again, what waited is asked for")
        .stay(
            370,
            AT_REST,
            EpTrigger.Alter.class,
            AlterRows::isSo,
            (s, x, now, out) -> done(s, x.requestId(), out),
            "is so already")
        .move(
            372,
            OPEN,
            EpTrigger.Alter.class,
            (s, x, now) -> x.to() == To.SUSPEND && others(s).isEmpty(),
            SUSPENDED,
            (s, x, now, out) -> done(stand(s, SUSPENDED, now, out), x.requestId(), out),
            "ALTER DATABASE SUSPEND: this EP is the group")
        .stay(
            374,
            EnumSet.of(OPEN, SUSPENDED),
            EpTrigger.Alter.class,
            (s, x, now) -> x.to() == To.SUSPEND,
            AlterRows::ask,
            "ALTER DATABASE SUSPEND: is any EP in MOUNT?")
        .stay(
            376,
            MOUNT,
            EpTrigger.Alter.class,
            (s, x, now) -> x.to() == To.NORMAL,
            AlterRows::ask,
            "ALTER DATABASE NORMAL: are all EPs in MOUNT?")
        .refuse(
            378,
            AT_REST,
            EpTrigger.Alter.class,
            null,
            (s, x, now, out) -> no(s, x, NOT_IN_THIS_STATE, whyNot(s, x), out),
            "this EP's own status does not allow it");
    return ticks(mal(t));
  }

  /** What goes over MAL. */
  private static Table<EpState, EpPhase> mal(Table<EpState, EpPhase> t) {
    return t.move(
            380,
            OPEN,
            EpTrigger.AlterAsked.class,
            (s, x, now) -> x.message().getSuspend() && !s.obeyed.again(x, now),
            SUSPENDED,
            AlterRows::obey,
            "ALTER DATABASE SUSPEND of another EP: no redo of new commits from now on")
        .stay(
            382,
            AT_REST,
            EpTrigger.AlterAsked.class,
            null,
            (s, x, now, out) -> tell(s, x, s.phase, out),
            "ALTER DATABASE of another EP: tell the inst_status")
        .stay(
            384,
            AT_REST,
            EpTrigger.AlterTold.class,
            (s, x, now) -> s.alter != null && !heard(s, x).complete(),
            (s, x, now, out) -> s.with(n -> n.alter = heard(s, x)),
            "one more EP has told its inst_status")
        .stay(
            386,
            AT_REST,
            EpTrigger.AlterTold.class,
            (s, x, now) -> mayOrder(s, x),
            AlterRows::order,
            "no EP is in MOUNT: SUSPEND to all")
        .move(
            388,
            OPEN,
            EpTrigger.AlterTold.class,
            AlterRows::allStand,
            SUSPENDED,
            (s, x, now, out) -> over(stand(s, SUSPENDED, now, out), out),
            "all others are in SUSPEND: this EP too")
        .stay(
            390,
            AT_REST,
            EpTrigger.AlterTold.class,
            (s, x, now) -> allStand(s, x, now) || allMounted(s, x),
            (s, x, now, out) -> over(s, out),
            "all are as the statement wants them")
        .refuse(
            392,
            AT_REST,
            EpTrigger.AlterTold.class,
            (s, x, now) -> s.alter != null,
            AlterRows::othersForbid,
            "another EP's status does not allow it");
  }

  private static Table<EpState, EpPhase> ticks(Table<EpState, EpPhase> t) {
    return t.stay(
            394,
            EpRows.ALIVE,
            Event.Tick.class,
            (s, x, now) -> s.alter != null && !AT_REST.contains(s.phase),
            (s, x, now, out) -> giveUp(s, "interrupted by a rejoin, a crash or a stop", out),
            "ALTER DATABASE: this EP stands still, or stops")
        .stay(
            396,
            AT_REST,
            Event.Tick.class,
            (s, x, now) -> s.alter != null && now.monoMs() >= s.alter.sinceMs() + WITHIN_MS,
            (s, x, now, out) -> giveUp(s, "no answer from " + names(s, s.alter.silent()), out),
            "ALTER DATABASE: an EP gives no answer")
        .stay(
            398,
            AT_REST,
            Event.Tick.class,
            (s, x, now) -> s.alter != null && now.monoMs() >= s.alter.askedMs() + ASK_AGAIN_MS,
            (s, x, now, out) ->
                send(s.with(n -> n.alter = s.alter.again(now.monoMs())), s.alter.silent(), out),
            "ALTER DATABASE: ask again who has not answered");
  }

  /** When the statement in hand has something to do by itself. */
  static long wakeAtMs(EpState s) {
    if (s.alter == null) {
      return Long.MAX_VALUE;
    }
    return AT_REST.contains(s.phase)
        ? Math.min(s.alter.askedMs() + ASK_AGAIN_MS, s.alter.sinceMs() + WITHIN_MS)
        : 0;
  }

  // ---- this EP ----------------------------------------------------------------------------------

  /** From now on it stands there; its heartbeat shows it at once. */
  private static EpState stand(EpState s, EpPhase next, Now now, List<Effect> out) {
    String from = DscText.inst(s.phase.inst());
    out.add(new Effect.Say(Level.INFO, DscText.altered(from, DscText.inst(next.inst()))));
    return s.with(
        n -> {
          n.wanted = next;
          n.seat = s.seat.writeSlot(next.inst(), now, out);
        });
  }

  private static EpState open(EpState s, EpTrigger.Alter x, Now now, List<Effect> out) {
    EpState open = done(stand(s, OPEN, now, out), x.requestId(), out);
    return CommitActs.askWaiting(open, now, out);
  }

  private static boolean isSo(EpState s, EpTrigger.Alter x, Now now) {
    boolean alone = others(s).isEmpty();
    return switch (x.to()) {
      case OPEN -> s.phase == OPEN;
      case MOUNT -> s.phase == MOUNT;
      case SUSPEND -> s.phase == SUSPENDED && alone;
      case NORMAL -> s.phase == MOUNT && alone;
      default -> false;
    };
  }

  private static EpState done(EpState s, long requestId, List<Effect> out) {
    out.add(new Effect.StatementDone(requestId, null, "ALTER DATABASE"));
    return s;
  }

  private static EpState no(
      EpState s, EpTrigger.Alter x, String sqlState, String why, List<Effect> out) {
    out.add(new Effect.StatementDone(x.requestId(), sqlState, x.said() + ": " + why));
    return s;
  }

  private static EpState unknown(EpState s, EpTrigger.Alter x, Now now, List<Effect> out) {
    String words = "write MOUNT, OPEN, OPEN FORCE, SUSPEND or NORMAL behind ALTER DATABASE";
    return no(s, x, NOT_SUPPORTED, words, out);
  }

  /** In the middle of something else, or not started. */
  static EpState notNow(EpState s, EpTrigger.Alter x, Now now, List<Effect> out) {
    String status = DscText.inst(s.phase.inst());
    return no(
        s, x, NOT_NOW, s.seat.name() + " is in " + status + "; repeat it when that is over", out);
  }

  private static String whyNot(EpState s, EpTrigger.Alter x) {
    String self = s.seat.name() + " is in " + DscText.inst(s.phase.inst());
    return switch (x.to()) {
      case SUSPEND -> "no EP may be in MOUNT, and " + self;
      case NORMAL -> "all EPs must be in MOUNT, and " + self;
      default -> self + ", from which only ALTER DATABASE OPEN leads";
    };
  }

  // ---- the others -------------------------------------------------------------------------------

  private static List<Integer> others(EpState s) {
    return s.members.stream().filter(s.peers::containsKey).toList();
  }

  private static EpState ask(EpState s, EpTrigger.Alter x, Now now, List<Effect> out) {
    long ms = now.monoMs();
    long number = s.seat.nextRequest;
    Alter alter =
        new Alter(x.requestId(), x.to(), number, false, others(s), TreePMap.empty(), ms, ms);
    return send(numbered(s, alter), alter.others(), out);
  }

  private static EpState order(EpState s, EpTrigger.AlterTold x, Now now, List<Effect> out) {
    Alter alter = s.alter.ordering(s.seat.nextRequest, now.monoMs());
    return send(numbered(s, alter), alter.others(), out);
  }

  private static EpState numbered(EpState s, Alter alter) {
    return s.withSeat(s.seat.with(y -> y.nextRequest++)).with(n -> n.alter = alter);
  }

  private static EpState send(EpState s, List<Integer> eps, List<Effect> out) {
    MalAlter message =
        MalAlter.newBuilder().setRequest(s.alter.request()).setSuspend(s.alter.orders()).build();
    eps.forEach(ep -> out.add(new Effect.Send(s.peers.get(ep), message)));
    return s;
  }

  /** Whoever is opened by its users afterwards stays so, however often the order is repeated. */
  private static EpState obey(EpState s, EpTrigger.AlterAsked x, Now now, List<Effect> out) {
    EpState told = tell(stand(s, SUSPENDED, now, out), x, SUSPENDED, out);
    Alter.Obeyed order = new Alter.Obeyed(x.from(), x.message().getRequest(), now.monoMs());
    return told.with(n -> n.obeyed = order);
  }

  private static EpState tell(EpState s, EpTrigger.AlterAsked x, EpPhase stands, List<Effect> out) {
    MalAltered told =
        MalAltered.newBuilder()
            .setRequest(x.message().getRequest())
            .setInstStatus(stands.inst())
            .build();
    out.add(new Effect.Send(x.from(), told));
    return s;
  }

  private static Alter heard(EpState s, EpTrigger.AlterTold x) {
    return s.alter.heard(x.ep(), x.message());
  }

  private static boolean mayOrder(EpState s, EpTrigger.AlterTold x) {
    return s.alter != null
        && s.alter.to() == To.SUSPEND
        && !s.alter.orders()
        && heard(s, x).in(InstStatus.INST_MOUNT).isEmpty();
  }

  private static boolean allStand(EpState s, EpTrigger.AlterTold x, Now now) {
    return s.alter != null
        && s.alter.orders()
        && heard(s, x).not(InstStatus.INST_SUSPEND).isEmpty();
  }

  private static boolean allMounted(EpState s, EpTrigger.AlterTold x) {
    return s.alter != null
        && s.alter.to() == To.NORMAL
        && heard(s, x).not(InstStatus.INST_MOUNT).isEmpty();
  }

  private static EpState over(EpState s, List<Effect> out) {
    return done(s, s.alter.requestId(), out).with(n -> n.alter = null);
  }

  private static EpState othersForbid(EpState s, EpTrigger.AlterTold x, Now now, List<Effect> out) {
    Alter alter = heard(s, x);
    boolean normal = alter.to() == To.NORMAL;
    List<Integer> mounted = alter.in(InstStatus.INST_MOUNT);
    String why =
        normal
            ? "all EPs must be in MOUNT, and these are not: "
                + names(s, alter.not(InstStatus.INST_MOUNT))
            : mounted.isEmpty()
                ? "opened meanwhile: " + names(s, alter.not(InstStatus.INST_SUSPEND))
                : "no EP may be in MOUNT, and these are: " + names(s, mounted);
    String late = "; EPs that are in SUSPEND by now need ALTER DATABASE OPEN";
    return answer(s, NOT_IN_THIS_STATE, alter.orders() ? why + late : why, out);
  }

  private static EpState giveUp(EpState s, String why, List<Effect> out) {
    String part = s.alter.orders() ? "; EPs may be in SUSPEND by now" : "";
    return answer(s, NOT_NOW, why + part + "; repeat it", out);
  }

  private static EpState answer(EpState s, String sqlState, String why, List<Effect> out) {
    String said = "ALTER DATABASE " + s.alter.to() + ": " + why;
    out.add(new Effect.StatementDone(s.alter.requestId(), sqlState, said));
    return s.with(n -> n.alter = null);
  }

  private static String names(EpState s, List<Integer> eps) {
    return eps.stream().map(s.seat::name).collect(Collectors.joining(", "));
  }
}
