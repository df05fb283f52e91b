package halab.systems.dw;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.List;

/**
 * The orderly stop (reference 8, seed 003). A primary purges what is committed, which is redo that
 * its VALID standbys still have to take; when that fails in SHUTDOWN nobody can handle it, and the
 * database is not closed in order.
 */
final class StopActs {
  private StopActs() {}

  /** An open primary: the purge is redo. */
  static InstState purges(InstState s, InstTrigger.Stop t, Now now, List<Effect> out) {
    InstState next = begins(s, t, out);
    return ShipActs.enqueue(next, RlogPkg.getDefaultInstance());
  }

  /** Nothing is to be purged. */
  static InstState closes(InstState s, InstTrigger.Stop t, Now now, List<Effect> out) {
    return begins(s, t, out);
  }

  private static InstState begins(InstState s, InstTrigger.Stop t, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, "dmserver is shutting down"));
    InstState next = SqlActs.pendingFails(s, "dmserver is shutting down", out);
    next = t.asker().watcher() ? OrderActs.take(next, t.asker().number(), "SHUTDOWN") : next;
    String why = "terminating connection due to administrator command";
    return ShipActs.refuseWaiting(next, ShipActs.ADMIN_SHUTDOWN, why, out)
        .with(x -> x.stopper = t.asker())
        .tell();
  }

  /** The last redo is everywhere it has to be: the engine closes with a checkpoint. */
  static boolean written(InstState s) {
    return s.ship.idle() && s.way.idle() && s.way.checkpoint == 0 && !s.closing;
  }

  static InstState checkpoint(InstState s, Now now, List<Effect> out) {
    return CheckpointActs.begin(s, now, out).with(x -> x.closing = true);
  }

  /** Closed in order: dm.ctl says so. */
  static InstState closed(InstState s, Event.Checkpointed t, Now now, List<Effect> out) {
    InstState next = CheckpointActs.done(s, t, now, out);
    return next.saved(next.ctl.withClean(true), out);
  }

  static boolean marked(InstState s) {
    return s.ctl.clean() && s.ctlSaved();
  }

  static InstState ends(InstState s, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, "dmserver is shut down"));
    InstState told = OrderActs.answer(s, s.stopper, 0, "", out);
    out.add(new Effect.Halt(ExitCode.OK, "shut down"));
    return told;
  }

  /** The standby is gone before the primary, or does not take what is left. */
  static InstState abnormal(InstState s, List<Effect> out) {
    String why = "redo of the shutdown cannot be sent to a standby, the database is not closed";
    out.add(new Effect.Say(Level.FATAL, why));
    InstState told = OrderActs.answer(s, s.stopper, SqlActs.FAILED, why, out);
    out.add(new Effect.Halt(ExitCode.NO, why));
    return told;
  }

  /** Before MOUNT nothing has been changed that a crash would not leave as well. */
  static InstState early(InstState s, InstTrigger.Stop t, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, "dmserver is stopped before it was MOUNT"));
    out.add(new Effect.Halt(ExitCode.OK, "stopped before MOUNT"));
    return s;
  }

  static InstState dies(InstState s, String why, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, why));
    out.add(new Effect.Halt(ExitCode.NO, why));
    return s;
  }
}
