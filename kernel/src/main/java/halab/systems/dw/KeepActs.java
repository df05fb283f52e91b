package halab.systems.dw;

import halab.dw.proto.ArchType;
import halab.dw.proto.MalAck;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.List;

/** What a standby does with redo that it gets: checked, kept, replayed (reference 3.3). */
final class KeepActs {
  /** The instance takes no redo in its mode or state. */
  static final int NOT_A_STANDBY = -9001;

  static final int OTHER_MAGIC = -10214;

  /** The log is not contiguous with what is here, or belongs to another history. */
  static final int LOG_CHECK = -10201;

  static final int ARCHIVE_FAILS = -9002;

  private KeepActs() {}

  // ---- checks -----------------------------------------------------------------------------------

  /** Why a package is not taken; null: it is. */
  static String refusal(InstState s, InstTrigger.Redo t) {
    int code = code(s, t);
    return switch (code) {
      case 0 -> null;
      case NOT_A_STANDBY -> s.name() + " is " + s.ctl.mode() + " and " + s.phase.status();
      case OTHER_MAGIC -> "permanent magic differs";
      case ARCHIVE_FAILS -> "the local archive of " + s.name() + " cannot be written";
      default ->
          Texts.f("redo begins after LSN %d, %s stands at %d", before(t), s.name(), s.klsn());
    };
  }

  private static long before(InstTrigger.Redo t) {
    return t.message().getBeforeLsn();
  }

  static int code(InstState s, InstTrigger.Redo t) {
    if (!s.standby() || s.phase != InstPhase.OPEN) {
      return NOT_A_STANDBY;
    } else if (t.message().getPermanentMagic() != s.ctl.permanentMagic()) {
      return OTHER_MAGIC;
    } else if (s.way.archiveFails()) {
      return ARCHIVE_FAILS;
    } else if (t.message().getNOpen() < s.ctl.nOpen()) {
      return LOG_CHECK;
    }
    boolean fits = before(t) == s.klsn() || before(t) == s.way.taken() || has(s, t);
    return fits ? 0 : LOG_CHECK;
  }

  /** It is here already: sent again because the answer was lost. */
  static boolean has(InstState s, InstTrigger.Redo t) {
    if (t.lastLsn() <= s.way.taken()) {
      return true;
    }
    return s.kept.keeps() && s.kept.ptx().equals(t.message().getPtxList());
  }

  // ---- taken ------------------------------------------------------------------------------------

  /** What is to be shown first is acknowledged when it is. */
  static InstState again(InstState s, InstTrigger.Redo t, Now now, List<Effect> out) {
    InstState heard = MalActs.heard(s, t.from(), now);
    boolean owed = t.message().getWaitApply() && s.way.applied < t.lastLsn();
    return owed ? heard : ack(heard, t, out);
  }

  /**
   * Kept: the former one is certain now. One that the primary has dropped, because it never became
   * durable there, makes room.
   */
  static InstState keep(InstState s, InstTrigger.Redo t, Now now, List<Effect> out) {
    InstState next = received(s, t, now);
    if (s.kept.keeps() && before(t) == s.kept.lastLsn()) {
      next = queue(next, s.kept.ptx(), now, out);
    }
    return first(next.with(x -> x.kept = x.kept.with(t.message().getPtxList())), t, out);
  }

  /** Durable at the sender, or to be shown before it is acknowledged: replayed at once. */
  static InstState replay(InstState s, InstTrigger.Redo t, Now now, List<Effect> out) {
    InstState next = received(s, t, now);
    if (s.kept.keeps() && before(t) == s.kept.lastLsn()) {
      next = queue(next, s.kept.ptx(), now, out);
    }
    next = next.with(x -> x.kept = x.kept.with(List.of()));
    next = queue(next, t.message().getType(), t.message().getPtxList(), now, out);
    if (!t.message().getWaitApply()) {
      return first(next, t, out);
    }
    Kept.Owed owed = new Kept.Owed(t.from(), t.message().getNumber(), now.monoMs());
    return next.with(x -> x.kept = x.kept.with(x.kept.owed().plus(t.lastLsn(), owed)));
  }

  private static InstState received(InstState s, InstTrigger.Redo t, Now now) {
    return MalActs.heard(s, t.from(), now)
        .with(
            x -> {
              x.replays = x.replays.received(t.message().getPtxList());
              x.kept = x.kept.from(t.from());
            });
  }

  /** What was kept is realtime. */
  private static InstState queue(InstState s, List<RlogPkg> ptx, Now now, List<Effect> out) {
    return queue(s, ArchType.ARCH_REALTIME, ptx, now, out);
  }

  private static InstState queue(
      InstState s, ArchType type, List<RlogPkg> ptx, Now now, List<Effect> out) {
    InstState next = s.with(x -> x.replays = x.replays.queued(type, ptx, now));
    return RedoActs.add(next, ptx, now, out);
  }

  /** Answered at once, and for the first time. */
  private static InstState first(InstState s, InstTrigger.Redo t, List<Effect> out) {
    return ack(s, t, out).with(x -> x.replays = x.replays.answered(0));
  }

  private static InstState ack(InstState s, InstTrigger.Redo t, List<Effect> out) {
    ack(s, t.from(), t.message().getNumber(), 0, "", 0, out);
    return s;
  }

  private static void ack(
      InstState s, String to, long number, int code, String why, long us, List<Effect> out) {
    MalAck.Builder ack = MalAck.newBuilder().setNumber(number).setCode(code).setWhy(why);
    ack.setApply(MalActs.apply(s)).setApplyUs(us);
    out.add(new Effect.Send(s.peers.get(to).at(), ack.build()));
  }

  static InstState refuse(InstState s, InstTrigger.Redo t, Now now, List<Effect> out) {
    String why = refusal(s, t);
    ack(s, t.from(), t.message().getNumber(), code(s, t), why, 0, out);
    return MalActs.heard(s, t.from(), now);
  }

  // ---- the kept package -------------------------------------------------------------------------

  /**
   * The primary has it on its disk (reference 3.3 b). Only its sender's word counts, in the same
   * life, or in MOUNT and not opened since: else the same LSN may be something else there.
   */
  static boolean certain(InstState s, InstTrigger.Told t) {
    boolean before =
        t.message().getStatus() == Status.MOUNT && t.message().getNOpen() == s.ctl.nOpen();
    return s.standby()
        && s.kept.keeps()
        && t.from().equals(s.kept.primary())
        && t.message().getMode() == Mode.PRIMARY
        && (s.kept.linked() || before)
        && t.message().getFlsn() >= s.kept.lastLsn();
  }

  /** SP_APPLY_KEEP_PKG, or the primary said so: the kept package is replayed. */
  static InstState release(InstState s, Now now, List<Effect> out) {
    if (!s.kept.keeps()) {
      return s;
    }
    List<RlogPkg> ptx = s.kept.ptx();
    return queue(s.with(x -> x.kept = x.kept.with(List.of())), ptx, now, out);
  }

  /** It becomes a primary, or its history ends here: what was only kept does not count. */
  static InstState drop(InstState s, List<Effect> out) {
    if (s.kept.keeps()) {
      String what = "KEEP_PKG, LSN %d to %d, is dropped";
      long first = s.kept.ptx().get(0).getLsn();
      out.add(new Effect.Say(Level.INFO, Texts.f(what, first, s.kept.lastLsn())));
    }
    return s.with(x -> x.kept = x.kept.with(List.of()));
  }

  // ---- shown ------------------------------------------------------------------------------------

  /** Whoever waits for the replay is answered. */
  static InstState shown(InstState s, long lsn, List<RlogPkg> shown, Now now, List<Effect> out) {
    InstState next = s;
    if (s.standby() && !shown.isEmpty()) {
      next = next.with(x -> x.replays = x.replays.shown(lsn, shown, now));
    }
    var owed = next.kept.owed().headMap(lsn, true);
    for (Kept.Owed o : owed.values()) {
      long us = 1000 * (now.monoMs() - o.receivedMs());
      ack(next, o.to(), o.number(), 0, "", us, out);
      next = next.with(x -> x.replays = x.replays.answered(us));
    }
    List<Long> paid = List.copyOf(owed.keySet());
    return paid.isEmpty()
        ? next
        : next.with(x -> x.kept = x.kept.with(x.kept.owed().minusAll(paid)));
  }
}
