package halab.systems.dw;

import halab.dw.proto.DwStatus;

/**
 * States of a watcher by the vendor's names (reference 5.1), and the end of its life. ERROR is none
 * of its own: it is what others call one that is silent for DW_ERROR_TIME. UNIFY EP, CSS PROCESS
 * and MPPCTL UPDATE are of clusters that Data Watch does not guard here.
 */
public enum DwPhase {
  /** It gathers what the others say and brings the local instance up. */
  STARTUP,
  /** Normal guarding. */
  OPEN,
  /** Guarding is off: it reports and obeys. */
  SHUTDOWN,
  /** A monitor's switchover runs. */
  SWITCHOVER,
  /** A monitor's takeover runs. */
  TAKEOVER,
  /** A forced opening runs. */
  OPEN_FORCE,
  /** The primary goes on without standbys that cannot follow. */
  FAILOVER,
  /** A standby is brought back. */
  RECOVERY,
  /** The primary stands in SUSPEND and a confirm monitor is asked. */
  CONFIRM,
  /** Slow standbys are given up. */
  STANDBY_CHECK,
  /** A monitor makes archives invalid. */
  CHANGE_ARCH,
  /** Statistics of sending are reset. */
  CLEAR_SEND_INFO,
  /** Statistics of replay are reset. */
  CLEAR_RAPPLY_STAT,
  /** The instance checks a monitor's user. */
  LOGIN_CHECK,
  /** Has ended. */
  DOWN;

  /** As messages have it; DOWN is never told. */
  DwStatus status() {
    return this == DOWN ? DwStatus.DW_SHUTDOWN : DwStatus.valueOf("DW_" + name());
  }

  /** As people read it. */
  String text() {
    return name().replace('_', ' ');
  }
}
