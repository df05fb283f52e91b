package halab.systems.dw.config;

/** Kinds of archives (reference 2.4). */
public enum ArchType {
  /** Files on the instance's own disk. */
  LOCAL,
  /** Sent to a standby before the primary writes its own log. */
  REALTIME,
  /** Sent to a standby after the primary has written its own log. */
  TIMELY,
  /** Sent to a standby from the local archive whenever a timer fires. */
  ASYNC,
  /** Files on another instance's disk. */
  REMOTE,
  /** Not emulated. */
  SYNC;

  /** Whether such standbys may become primary. */
  public boolean ofMembers() {
    return this == REALTIME || this == TIMELY;
  }
}
