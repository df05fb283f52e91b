package halab.systems.dsc;

import static halab.systems.dsc.EpPhase.AFTER_REDO;
import static halab.systems.dsc.EpPhase.BOOT;
import static halab.systems.dsc.EpPhase.CRASH_RECV;
import static halab.systems.dsc.EpPhase.HALTING;
import static halab.systems.dsc.EpPhase.MOUNT;
import static halab.systems.dsc.EpPhase.OPEN;
import static halab.systems.dsc.EpPhase.OPENED;
import static halab.systems.dsc.EpPhase.STARTUP;
import static halab.systems.dsc.EpPhase.STOPPING;
import static halab.systems.dsc.EpPhase.SUSPEND;
import static halab.systems.dsc.EpPhase.SUSPENDED;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Rows 700 to 790 of dmserver: commits. Whoever is a member applies, shows and writes what it was
 * granted in every phase; new transactions begin in OPEN alone.
 */
final class CommitRows {
  /** The redo is in, so that it takes part in the order. */
  static final Set<EpPhase> MEMBER =
      EnumSet.of(AFTER_REDO, OPENED, OPEN, MOUNT, SUSPENDED, SUSPEND, CRASH_RECV, STOPPING);

  /** Its record on the data disk is open and its own. */
  private static final Set<EpPhase> WORKING =
      EnumSet.of(OPEN, MOUNT, SUSPENDED, SUSPEND, CRASH_RECV);

  private CommitRows() {}

  static Table<EpState, EpPhase> add(Table<EpState, EpPhase> table) {
    table
        .stay(
            700,
            OPEN,
            EpTrigger.Commit.class,
            null,
            CommitActs::asked,
            "commit: ask the control EP for a place in the order")
        .stay(
            701,
            EnumSet.of(SUSPENDED, SUSPEND, CRASH_RECV),
            EpTrigger.Commit.class,
            null,
            CommitActs::waits,
            "workers stand still, or ALTER DATABASE SUSPEND is in force: the commit waits")
        .refuse(
            702,
            EnumSet.of(STOPPING),
            EpTrigger.Commit.class,
            null,
            (s, t, now, out) -> refused(s, t, CommitActs.ADMIN_SHUTDOWN, CommitActs.STOPS, out),
            "is stopping: no more commits")
        .refuse(
            703,
            EnumSet.of(BOOT, STARTUP, AFTER_REDO, OPENED),
            EpTrigger.Commit.class,
            null,
            (s, t, now, out) -> refused(s, t, "57P03", "the database system is starting up", out),
            "is not open for users: no commits")
        .refuse(
            704,
            EnumSet.of(MOUNT),
            EpTrigger.Commit.class,
            null,
            (s, t, now, out) -> refused(s, t, "57P03", "the database is in MOUNT", out),
            "is in MOUNT: no commits")
        .stay(
            710,
            MEMBER,
            EpTrigger.Ask.class,
            CommitRows::grants,
            CommitActs::askedBy,
            "control EP: first committer wins, the next LSN is its place")
        .stay(
            720,
            MEMBER,
            EpTrigger.Granted.class,
            (s, t, now) -> !s.commits.frozen && t.from() == s.commits.control,
            CommitActs::granted,
            "granted: write the redo; refused: tell the session")
        .stay(
            730,
            MEMBER,
            EpTrigger.RedoDone.class,
            null,
            CommitActs::durable,
            "the redo is durable: its packages go to all members")
        .move(
            732,
            EpRows.ALIVE,
            EpTrigger.RedoFailed.class,
            (s, t, now) -> t.fenced(),
            HALTING,
            CommitRows::fenced,
            "fenced at the data disk: others have taken over")
        .move(
            734,
            EpRows.ALIVE,
            EpTrigger.RedoFailed.class,
            (s, t, now) -> s.commits.writing.failures() + 1 >= CommitActs.FAILURES,
            HALTING,
            CommitRows::noRedo,
            "the redo cannot be written")
        .stay(
            736,
            EpRows.ALIVE,
            EpTrigger.RedoFailed.class,
            null,
            CommitActs::failed,
            "a write of redo failed: once more in a moment")
        .move(
            737,
            EpRows.ALIVE,
            EpTrigger.RedoDamaged.class,
            (s, t, now) -> s.redoDamage.seen(t.reason()).times() >= CommitActs.FAILURES,
            HALTING,
            (s, t, now, out) -> end(s, t.reason(), now, out),
            "a redo thread stays damaged: nobody can go on without it")
        .stay(
            738,
            EpRows.ALIVE,
            EpTrigger.RedoDamaged.class,
            null,
            CommitRows::damaged,
            "a redo thread looks damaged: say so; the command in hand reads it again")
        .stay(
            740,
            MEMBER,
            EpTrigger.Packages.class,
            null,
            CommitOrder::received,
            "packages came: apply what follows without a hole")
        .stay(
            750,
            EpRows.ALIVE,
            EpTrigger.AppliedUpTo.class,
            null,
            CommitOrder::applied,
            "the engine shows more: tell all members, acknowledge")
        .stay(
            760,
            MEMBER,
            EpTrigger.ShownBy.class,
            null,
            CommitOrder::shown,
            "a member shows more: acknowledge what all show")
        .stay(
            770,
            MEMBER,
            Event.Tick.class,
            (s, t, now) -> CommitAgain.againDue(s, now),
            (s, t, now, out) -> CommitAgain.again(s, now, out),
            "open for long: ask, write or send again");
    return CrashPolicy.led(table)
        .stay(
            780,
            CRASH_RECV,
            EpTrigger.Where.class,
            (s, t, now) -> s.commits.frozen,
            CommitWords::where,
            "stands still: tell the leader how far it is and what it has")
        .stay(
            781,
            SUSPEND,
            EpTrigger.Where.class,
            AdjustMaster::asked,
            AdjustMaster::freeze,
            "ADJUST_MASTER_EP at the new control EP: grant nothing more, tell how far it is")
        .stay(
            782,
            EnumSet.of(AFTER_REDO, OPENED, OPEN, SUSPEND),
            EpTrigger.Where.class,
            CommitRows::knowsTheEnd,
            CommitWords::where,
            "control EP: tell the one that starts where the order ends")
        .stay(
            790,
            AlterRows.AT_REST,
            Event.Tick.class,
            (s, t, now) -> CheckpointActs.due(s, now),
            (s, t, now, out) -> CheckpointActs.begin(s, now, out),
            "CKPT_INTERVAL is over: checkpoint")
        .stay(
            792,
            WORKING,
            EpTrigger.CheckpointDone.class,
            null,
            CheckpointActs::done,
            "the engine holds more for good: tell all, release redo, save an image for the absent")
        .stay(
            793,
            EpRows.ALIVE,
            EpTrigger.RecordWritten.class,
            null,
            CheckpointActs::recorded,
            "the checkpoint stands in the own record")
        .stay(
            794,
            WORKING,
            EpTrigger.ImageDone.class,
            null,
            CheckpointActs::imaged,
            "the image holds more: tell all, release redo")
        .stay(
            796,
            WORKING,
            EpTrigger.ImageFailed.class,
            null,
            CheckpointActs::notImaged,
            "no image: say so; the next checkpoint tries again")
        .move(
            797,
            EpRows.ALIVE,
            EpTrigger.RecordFailed.class,
            CheckpointActs::failsForGood,
            HALTING,
            CommitRows::noRecord,
            "the data disk takes no checkpoint, again and again")
        .stay(
            798,
            EpRows.ALIVE,
            EpTrigger.RecordFailed.class,
            null,
            CheckpointActs::notRecorded,
            "the data disk takes no checkpoint: once more in a moment")
        .stay(
            799,
            WORKING,
            EpTrigger.RedoFull.class,
            null,
            CheckpointActs::full,
            "the redo thread is full: say whom commits wait for");
  }

  private static boolean grants(EpState s, EpTrigger.Ask t, Now now) {
    return s.commits.control == s.seat.ep && !s.commits.frozen;
  }

  /** All is applied, so all is durable: who reads the redo now finds everything. */
  private static boolean knowsTheEnd(EpState s, EpTrigger.Where t, Now now) {
    return !t.adjust() && s.commits.control == s.seat.ep && s.commits.position() >= s.commits.known;
  }

  private static EpState refused(
      EpState s, EpTrigger.Commit t, String sqlState, String why, List<Effect> out) {
    out.add(new Effect.Refused(t.tx(), sqlState, why));
    return s;
  }

  private static EpState fenced(EpState s, EpTrigger.RedoFailed t, Now now, List<Effect> out) {
    return end(s, s.seat.name() + " may not write redo any more: " + t.reason(), now, out);
  }

  private static EpState noRedo(EpState s, EpTrigger.RedoFailed t, Now now, List<Effect> out) {
    String what = "redo of " + s.seat.name() + " cannot be written to " + s.dataDisk();
    return end(s, what + " (" + CommitActs.FAILURES + " times): " + t.reason(), now, out);
  }

  private static EpState noRecord(EpState s, EpTrigger.RecordFailed t, Now now, List<Effect> out) {
    String what = "checkpoint of " + s.seat.name() + " cannot be written to " + s.dataDisk();
    return end(s, what + " (" + CommitActs.FAILURES + " times): " + t.reason(), now, out);
  }

  /** Not at once: a thread that is being written may look damaged. */
  private static EpState damaged(EpState s, EpTrigger.RedoDamaged t, Now now, List<Effect> out) {
    if (!t.reason().equals(s.redoDamage.reason())) {
      out.add(new Effect.Say(Level.WARNING, t.reason()));
    }
    return s.with(x -> x.redoDamage = s.redoDamage.seen(t.reason()));
  }

  private static EpState end(EpState s, String why, Now now, List<Effect> out) {
    out.add(new Effect.Say(Level.FATAL, why));
    return EpRows.endsItself(s, now, out);
  }
}
