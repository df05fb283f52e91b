package halab.systems.dw;

import halab.dw.proto.CtlStatus;
import halab.dw.proto.DwState;
import halab.dw.proto.DwStatus;
import halab.dw.proto.InstReport;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;

/**
 * Another member of the group, by its watcher.
 *
 * @param state its last message; the default one: never heard
 * @param heardMs when that came, monotonic ms
 * @param error silent for DW_ERROR_TIME, or never heard
 */
record DwMember(DwState state, long heardMs, boolean error) {
  static final DwMember NONE = new DwMember(DwState.getDefaultInstance(), 0, true);

  /** What is older says nothing about now. */
  private static final long FRESH_MS = 3000;

  InstReport report() {
    return state.getReport();
  }

  /** It is heard and so is its instance. */
  boolean ok() {
    return !error && state.getInstOk() && state.hasReport();
  }

  /** In this mode, and in one of these states if any are given. */
  boolean is(Mode mode, Status... any) {
    return report().getMode() == mode && (any.length == 0 || at(any));
  }

  boolean at(Status... any) {
    for (Status status : any) {
      if (report().getStatus() == status) {
        return true;
      }
    }
    return false;
  }

  /** A primary that serves, or stands in SUSPEND. */
  boolean activePrimary() {
    return ok() && is(Mode.PRIMARY, Status.OPEN, Status.SUSPEND);
  }

  /** The same, and that was said just now. */
  boolean activePrimary(long nowMs) {
    return activePrimary() && nowMs - heardMs < FRESH_MS;
  }

  boolean watcher(DwStatus status) {
    return !error && state.getStatus() == status;
  }

  boolean split() {
    return state.getCtl() == CtlStatus.CTL_SPLIT;
  }

  DwMember silent() {
    return new DwMember(state, heardMs, true);
  }
}
