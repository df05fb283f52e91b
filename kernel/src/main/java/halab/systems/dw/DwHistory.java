package halab.systems.dw;

import halab.dw.proto.InstReport;
import halab.dw.proto.Mode;
import halab.redo.proto.Opening;
import java.util.List;

/**
 * May a database join another one (reference 5.9; manual 3.6)? Decided by the histories of
 * openings: one must be contained in the other, and what the shorter one has may not exceed the
 * place where the longer one went on without it.
 */
final class DwHistory {
  /** What comes of it. */
  enum Join {
    /** It can follow the other one. */
    JOINS,
    /** Same history, but it has more than the other one: it is the other one that could follow. */
    AHEAD,
    /** The other one's history is contained in its own. */
    LONGER,
    /** It has redo beyond the place where the other one went on without it: split. */
    BEYOND,
    /** Neither history contains the other: split. */
    FORKED
  }

  private DwHistory() {}

  /** Whether and why this database cannot follow that one. */
  static Join join(InstReport own, InstReport other) {
    List<Opening> mine = own.getOpeningList();
    List<Opening> theirs = other.getOpeningList();
    int common = Math.min(mine.size(), theirs.size());
    for (int i = 0; i < common; i++) {
      if (!same(mine.get(i), theirs.get(i))) {
        return Join.FORKED;
      }
    }
    if (mine.size() > theirs.size()) {
      return Join.LONGER;
    } else if (mine.size() < theirs.size()) {
      return lsn(own) <= theirs.get(common).getLsn() ? Join.JOINS : Join.BEYOND;
    }
    return lsn(own) <= lsn(other) ? Join.JOINS : Join.AHEAD;
  }

  private static boolean same(Opening a, Opening b) {
    return a.getNumber() == b.getNumber()
        && a.getAtMs() == b.getAtMs()
        && a.getPrimary().equals(b.getPrimary())
        && a.getMagic() == b.getMagic()
        && a.getLsn() == b.getLsn();
  }

  /**
   * What a database has for certain: a primary its log, a standby what is certain to be replayed. A
   * kept package does not count: it can still be dropped.
   */
  static long lsn(InstReport report) {
    return report.getMode() == Mode.STANDBY
        ? Math.max(report.getFlsn(), report.getApply().getSlsn())
        : report.getFlsn();
  }

  /** What a database holds at most, with a package that is only kept. */
  static long most(InstReport report) {
    return Math.max(lsn(report), report.getApply().getKlsn());
  }

  static boolean equal(InstReport a, InstReport b) {
    Join join = join(a, b);
    return a.getOpeningCount() == b.getOpeningCount() && join != Join.FORKED;
  }

  /**
   * Of two primaries at MOUNT: whether the own one has to become the other's standby. Never both,
   * and neither when no one can follow the other.
   */
  static boolean givesWay(InstReport own, InstReport other) {
    if (join(own, other) != Join.JOINS) {
      return false;
    }
    boolean both = join(other, own) == Join.JOINS;
    return !both || !isLast(own) && (isLast(other) || own.getName().compareTo(other.getName()) > 0);
  }

  /** It is the one that was opened as primary last. */
  private static boolean isLast(InstReport report) {
    int count = report.getOpeningCount();
    return count > 0 && report.getOpening(count - 1).getPrimary().equals(report.getName());
  }

  /** Why these two are split, for people. */
  static String why(InstReport own, InstReport other) {
    if (join(own, other) == Join.FORKED) {
      return Texts.f(
          "open history of %s and of %s differ, neither contains the other",
          own.getName(), other.getName());
    }
    Opening row = other.getOpening(own.getOpeningCount());
    return Texts.f(
        "%s has redo up to LSN %d, %s was opened at LSN %d without it",
        own.getName(), lsn(own), other.getName(), row.getLsn());
  }
}
