package halab.systems.dw;

import static halab.systems.dw.InstPhase.AFTER_REDO;
import static halab.systems.dw.InstPhase.BOOT;
import static halab.systems.dw.InstPhase.DOWN;
import static halab.systems.dw.InstPhase.OPEN;
import static halab.systems.dw.InstPhase.SHUTDOWN;
import static halab.systems.dw.InstPhase.STARTUP;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Rows 890 to 925 of dmserver: what it hears and does nothing about, each for its reason. */
final class LastRows {
  private static final Set<InstPhase> ALL = EnumSet.complementOf(EnumSet.of(DOWN));

  private LastRows() {}

  static void add(Table<InstState, InstPhase> t) {
    t.refuse(890, ALL, Event.Command.class, null, LastRows::noConsole, "no console words here")
        .ignore(900, ALL, Event.Tick.class, "nothing is due that this state minds")
        .ignore(
            901,
            EnumSet.complementOf(EnumSet.of(STARTUP, DOWN)),
            Event.EngineOpened.class,
            "asked for in STARTUP alone")
        .ignore(
            902,
            EnumSet.complementOf(EnumSet.of(STARTUP, DOWN)),
            InstTrigger.OwnRedo.class,
            "asked for in STARTUP alone")
        .ignore(
            903,
            EnumSet.complementOf(EnumSet.of(STARTUP, DOWN)),
            InstTrigger.ArchiveRead.class,
            "for history that is over")
        .ignore(904, ALL, InstTrigger.OnlineWritten.class, "of a request that is over")
        .ignore(905, ALL, InstTrigger.ArchiveWritten.class, "of a request that is over")
        .ignore(906, ALL, InstTrigger.OnlineFailed.class, "of a request that is over")
        .ignore(907, ALL, InstTrigger.ArchiveFailed.class, "of a request that is over")
        .ignore(
            908,
            EnumSet.complementOf(EnumSet.of(STARTUP, AFTER_REDO, DOWN)),
            InstTrigger.Damaged.class,
            "a read of the archive for history: it is given up as one without answer")
        .ignore(909, EnumSet.of(BOOT), Event.RedoFull.class, "nothing is written yet")
        .ignore(910, EnumSet.of(BOOT), Event.Applied.class, "nothing is applied yet")
        .ignore(911, ALL, Event.Checkpointed.class, "of a request that is over")
        .ignore(912, ALL, Event.FileSaved.class, "of a request that is over")
        .ignore(913, EnumSet.of(BOOT), Event.CommitAsked.class, "nobody is served yet")
        .ignore(914, EnumSet.of(BOOT), InstTrigger.MalUp.class, "the life has not begun")
        .ignore(915, EnumSet.of(BOOT), InstTrigger.MalDown.class, "the life has not begun")
        .ignore(916, EnumSet.of(BOOT), InstTrigger.WatcherDown.class, "the life has not begun")
        .ignore(
            917,
            EnumSet.complementOf(EnumSet.of(OPEN, DOWN)),
            InstTrigger.Redo.class,
            "refused before")
        .ignore(918, ALL, InstTrigger.Ack.class, "of a sending that is over")
        .ignore(919, EnumSet.of(BOOT), InstTrigger.Told.class, "the life has not begun")
        .ignore(920, EnumSet.of(BOOT), InstTrigger.WatcherCame.class, "the life has not begun")
        .ignore(921, EnumSet.of(BOOT), InstTrigger.Beat.class, "the life has not begun")
        .ignore(922, EnumSet.of(BOOT), InstTrigger.Order.class, "the life has not begun")
        .ignore(923, EnumSet.of(BOOT), InstTrigger.Sql.class, "the life has not begun")
        .ignore(
            924,
            EnumSet.of(BOOT, SHUTDOWN),
            InstTrigger.Stop.class,
            "the life has not begun, or stops already")
        .ignore(925, ALL, InstTrigger.Other.class, "nobody's business here");
  }

  private static InstState noConsole(InstState s, Event.Command t, Now now, List<Effect> out) {
    String what = "%s knows no console words; use halab sql, or stop and kill of halab";
    out.add(new Effect.Reply(t.requestId(), ExitCode.NO, Texts.f(what, s.name()), true));
    return s;
  }
}
