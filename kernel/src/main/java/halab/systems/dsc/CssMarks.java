package halab.systems.dsc;

import static halab.systems.dsc.CssPhase.CONTROL;

import halab.dsc.proto.DcrGroup;
import halab.kernel.Effect;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.List;

/**
 * The control CSS and the fault marks in the DCR: those that it writes are read back before they
 * count, and those of a group that starts are read anew (reference 1.3, 4.3). Rows 415 to 425.
 */
final class CssMarks {
  private CssMarks() {}

  static void rows(Table<DmcssState, CssPhase> t) {
    t.stay(
            415,
            CONTROL,
            CssTrigger.MarkWritten.class,
            null,
            CssMarks::verify,
            "fault marks are written: read them back")
        .stay(
            418,
            CONTROL,
            CssTrigger.Marked.class,
            (s, x, now) -> s.seat.stale(now),
            null,
            "after a long pause it looks first; the marks are written again")
        .stay(
            420,
            CONTROL,
            CssTrigger.Marked.class,
            null,
            CssMarks::marked,
            "fault marks are durable")
        .stay(
            425,
            CONTROL,
            CssTrigger.MarksRead.class,
            null,
            CssMarks::known,
            "a group's fault marks were read for its start");
  }

  private static DmcssState verify(
      DmcssState s, CssTrigger.MarkWritten t, Now now, List<Effect> out) {
    GroupState written = s.asm.marking == t.request() ? s.asm : s.db;
    GroupActs.verifyMarks(written, s.seat.dcrPath, out);
    return s;
  }

  private static DmcssState marked(DmcssState s, CssTrigger.Marked t, Now now, List<Effect> out) {
    int group = s.asm.marking == t.request() ? 1 : 2;
    GroupActs.copyMarks(s.group(group), s.seat.dcrPath, out);
    DmcssState next = CssTick.drive(s, group, new GroupTrigger.MarksDurable(), now, out);
    return CssTick.writeRecords(next, out);
  }

  /** Blocks that are damaged in both copies say nothing; the next look asks again. */
  private static DmcssState known(DmcssState s, CssTrigger.MarksRead t, Now now, List<Effect> out) {
    DcrGroup seen = DcrLayout.group(t.blocks(), t.group());
    return seen == null
        ? s
        : CssTick.drive(s, t.group(), new GroupTrigger.MarksSeen(seen), now, out);
  }
}
