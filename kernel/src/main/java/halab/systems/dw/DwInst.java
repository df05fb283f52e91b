package halab.systems.dw;

import halab.dw.proto.InstReport;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;

/**
 * The local instance as its watcher sees it. Times are monotonic, ms.
 *
 * @param report the last one, also of an instance that is lost; the default one: never heard
 * @param heardMs when it came, or when this life began to wait for one
 * @param linked the link stands
 * @param greetedMs when the instance was last greeted without having answered since
 * @param refused it does not let this watcher in; why; empty: it does
 * @param lost it is judged faulty
 * @param gone its process was looked for and is not there
 * @param asked number of the last question for its process
 * @param mountMs since when it has stood at MOUNT without a break; 0: it does not
 */
record DwInst(
    InstReport report,
    long heardMs,
    boolean linked,
    long greetedMs,
    String refused,
    boolean lost,
    boolean gone,
    long asked,
    long mountMs) {
  static final DwInst NONE =
      new DwInst(InstReport.getDefaultInstance(), 0, false, 0, "", false, false, 0, 0);

  /** Something was heard of it in this life of the watcher. */
  boolean known() {
    return report.getPid() != 0;
  }

  /** INST_OK. */
  boolean ok() {
    return known() && refused.isEmpty() && !lost;
  }

  /** In this mode, and in one of these states if any are given. */
  boolean is(Mode mode, Status... any) {
    return report.getMode() == mode && (any.length == 0 || at(any));
  }

  boolean at(Status... any) {
    for (Status status : any) {
      if (report.getStatus() == status) {
        return true;
      }
    }
    return false;
  }

  /** A primary that serves, or stands in SUSPEND. */
  boolean activePrimary() {
    return ok() && is(Mode.PRIMARY, Status.OPEN, Status.SUSPEND);
  }

  /** That life goes on. */
  boolean sameLife(InstReport other) {
    return report.getPid() == other.getPid() && report.getIncarnation() == other.getIncarnation();
  }

  DwInst told(InstReport next, long nowMs) {
    boolean mount = next.getStatus() == Status.MOUNT;
    long since = !mount ? 0 : mountMs != 0 && sameLife(next) ? mountMs : nowMs;
    return new DwInst(next, nowMs, linked, 0, "", false, false, asked, since);
  }

  DwInst linked(boolean next, long nowMs) {
    long greeted = next ? nowMs : 0;
    String why = next ? "" : refused;
    return new DwInst(report, heardMs, next, greeted, why, lost, gone, asked, mountMs);
  }

  DwInst greeted(long nowMs) {
    return new DwInst(report, heardMs, linked, nowMs, refused, lost, gone, asked, mountMs);
  }

  DwInst refusing(String why) {
    return new DwInst(report, heardMs, linked, 0, why, lost, gone, asked, 0);
  }

  DwInst judged(boolean isLost) {
    return new DwInst(report, heardMs, linked, greetedMs, refused, isLost, gone, asked, 0);
  }

  DwInst found(boolean runs) {
    return new DwInst(report, heardMs, linked, greetedMs, refused, lost, !runs, asked, mountMs);
  }

  DwInst asking(long number) {
    return new DwInst(report, heardMs, linked, greetedMs, refused, lost, gone, number, mountMs);
  }

  DwInst waitingSince(long nowMs) {
    return new DwInst(report, nowMs, linked, greetedMs, refused, lost, gone, asked, mountMs);
  }
}
