package halab.systems.dw.monitor;

import halab.dw.proto.ArchTarget;
import halab.dw.proto.ArchType;
import halab.dw.proto.CtlStatus;
import halab.dw.proto.DwState;
import halab.dw.proto.DwStatus;
import halab.dw.proto.InstReport;
import halab.dw.proto.MalLink;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import halab.kernel.Endpoint;
import java.util.function.Consumer;

/** What the monitor knows of one watcher of its dmmonitor.ini. Frozen once made. */
final class Seat implements Cloneable {
  /** How long to wait for a first or next message of a linked watcher before greeting it again. */
  static final long GREET_AGAIN_MS = 5_000;

  /** Silence after which a watcher that has told nothing yet is given up, in seconds. */
  private static final int ERROR_TIME_S = 10;

  final String group;
  final int oguid;
  final Endpoint at;
  boolean linked;

  /** Greet it when this time has come; MAX_VALUE: it is not linked. */
  long greetAtMs = Long.MAX_VALUE;

  /** When its last message came; of no meaning before the first. */
  long heardMs;

  /** Its last message, also while it is silent; null before the first. */
  DwState state;

  /** It was silent for DW_ERROR_TIME: its state is old. */
  boolean error;

  /** State of the watcher that the operator was told last; null: none yet. */
  String toldStatus;

  /** What the operator was told last of it. */
  String told = "";

  /** Code of its last refusal, 0 if none. */
  int refused;

  /** Question (change of its status) that was answered last, how, and when. */
  long answered = -1;

  boolean agreed;
  long answeredMs;

  Seat(String group, int oguid, Endpoint at) {
    this.group = group;
    this.oguid = oguid;
    this.at = at;
  }

  Seat with(Consumer<Seat> change) {
    try {
      Seat copy = (Seat) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** It tells its state within DW_ERROR_TIME. */
  boolean active() {
    return state != null && !error;
  }

  String instance() {
    return state == null ? "" : state.getInstance();
  }

  boolean is(String name) {
    return state != null && state.getInstance().equalsIgnoreCase(name);
  }

  /** Takes part in switchover and takeover. */
  boolean global() {
    return state != null && !state.getType().equals("LOCAL");
  }

  boolean auto() {
    return state != null && state.getMode().equals("AUTO");
  }

  /** DW_ERROR_TIME in ms. */
  long errorTimeMs() {
    int seconds =
        state == null || state.getErrorTimeS() <= 0 ? ERROR_TIME_S : state.getErrorTimeS();
    return seconds * 1000L;
  }

  /** Last report of the instance, of whatever age; without fields when there was none. */
  InstReport report() {
    return state == null ? InstReport.getDefaultInstance() : state.getReport();
  }

  /** The instance runs and is heard. */
  boolean ok() {
    return active() && state.getInstOk();
  }

  boolean watcher(DwStatus... any) {
    for (DwStatus one : any) {
      if (active() && state.getStatus() == one) {
        return true;
      }
    }
    return false;
  }

  boolean primary() {
    return report().getMode() == Mode.PRIMARY;
  }

  boolean standby() {
    return report().getMode() == Mode.STANDBY;
  }

  boolean at(Status status) {
    return report().getStatus() == status;
  }

  /** A primary that users may write on, or could a moment ago. */
  boolean serves() {
    return ok() && primary() && (at(Status.OPEN) || at(Status.SUSPEND));
  }

  boolean split() {
    return state != null && state.getCtl() == CtlStatus.CTL_SPLIT;
  }

  boolean ctlValid() {
    return state != null && state.getCtl() == CtlStatus.CTL_VALID;
  }

  /** Number of openings that the instance knows of. */
  int nOpen() {
    int rows = report().getOpeningCount();
    return rows == 0 ? 0 : report().getOpening(rows - 1).getNumber();
  }

  /** One life of the instance: a restart gives another. */
  String life() {
    return report().getPid() + "/" + report().getIncarnation();
  }

  long klsn() {
    return report().getApply().getKlsn();
  }

  /** Its instance says that the MAL link to that one stands. */
  boolean hears(String other) {
    for (MalLink link : report().getMalList()) {
      if (link.getInstance().equals(other)) {
        return link.getUp();
      }
    }
    return false;
  }

  /** Its watcher says that it hears that instance's watcher. */
  boolean hearsWatcherOf(String other) {
    return state != null
        && state.getHeardList().stream().anyMatch(h -> h.getInstance().equals(other) && h.getOk());
  }

  /** The instance's archive to that one; null if it has none. */
  ArchTarget arch(String dest) {
    return arch(report(), dest);
  }

  static ArchTarget arch(InstReport report, String dest) {
    for (ArchTarget target : report.getArchList()) {
      if (target.getDest().equals(dest)) {
        return target;
      }
    }
    return null;
  }

  /** Type of its archives to other members of the group; unspecified if it has none. */
  ArchType archType() {
    for (ArchTarget target : report().getArchList()) {
      if (target.getType() == ArchType.ARCH_REALTIME || target.getType() == ArchType.ARCH_TIMELY) {
        return target.getType();
      }
    }
    return ArchType.ARCH_TYPE_UNSPECIFIED;
  }
}
