package halab.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** What a DBA would say beside the lines of a vendor's log; each remark is made once. */
final class Notes {
  private record Note(String mark, String text) {}

  private final List<Note> left;

  private Notes(List<Note> notes) {
    this.left = new ArrayList<>(notes);
  }

  /** The remark on this line, or null. */
  String on(String line) {
    for (Note note : left) {
      if (line.contains(note.mark())) {
        left.remove(note);
        return note.text();
      }
    }
    return null;
  }

  /**
   * Remarks on the crash of the control EP.
   *
   * @param dskchkS the DB group's DCR_GRP_DSKCHK_CNT
   */
  static Notes crash(long dskchkS) {
    return new Notes(
        List.of(
            new Note(
                "Detected EP",
                "its heartbeat on the voting disk stood still for DCR_GRP_DSKCHK_CNT = "
                    + dskchkS
                    + " s; Kill is in its area now"),
            new Note("as Control node", "the lowest live number leads the group from here on"),
            new Note(
                "set cmd EP_CRASH_STEP1",
                "phase 1: the survivor leaves out what the dead one held"),
            new Note(
                "set cmd EP_CRASH_STEP2", "phases 2 and 3: the dead one's redo, roll back, purge"),
            new Note(
                ", DOWN) failed",
                "as in the published log: no card enp0s80 on this host; logged, and the work goes"
                    + " on"),
            new Note("to (PROCESS_EP_CRASH, MASTER_CONFIG_VIP)", "the virtual address moves over"),
            new Note("to (OPEN, STARTUP)", "handled: the group serves again, with one EP")));
  }

  /** Remarks on the rejoin of an EP. */
  static Notes rejoin() {
    return new Notes(
        List.of(
            new Note("startup2", "it has booted and asks to be let in"),
            new Note("guid [", "a new life, a larger guid"),
            new Note("set cmd SUSPEND", "the survivor's workers stand still; transactions survive"),
            new Note("set cmd DCR_LOAD", "its fault mark leaves the DCR: n_ok_ep is 2 again"),
            new Note("set cmd EP RECV", "the control EP recovers for it"),
            new Note("to (PROCESS_RECOVER, SLAVE_CONFIG_VIP)", "the virtual address goes back"),
            new Note("set cmd EP START,", "it comes up in steps: start, redo, open"),
            new Note("set cmd RESUME", "workers go on"),
            new Note("set cmd EP REAL OPEN", "open for users"),
            new Note("to (OPEN, STARTUP)", "back, as a normal node: control does not move back")));
  }

  /** Remarks on an automatic takeover, in the confirm monitor's log. */
  static Notes takeover() {
    return new Notes(
        List.of(
            new Note(
                "Received message timeout",
                "nothing from the primary's watcher for DW_ERROR_TIME: it counts as lost"),
            new Note("start to auto takeover", "the standby has all that was acknowledged"),
            new Note("to set MID", "from here on no other monitor can give commands"),
            new Note("SP_APPLY_KEEP_PKG", "the last package, which the standby held back"),
            new Note("ALTER DATABASE MOUNT", "a mode is changed in MOUNT alone"),
            new Note("ALTER DATABASE PRIMARY", "the standby becomes the primary"),
            new Note("OPEN FORCE", "open for users: their next attempt gets in")));
  }

  /** Remarks on the return of an old primary. */
  static Notes demotion() {
    return new Notes(
        List.of(
            new Note("[STARTUP-->", "its watcher sees a newer primary"),
            new Note("[OPEN-->RECOVERY]", "the new primary sends what it has missed"),
            new Note("[RECOVERY-->OPEN]", "it has all: VALID again")));
  }
}
