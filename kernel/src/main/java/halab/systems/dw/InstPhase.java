package halab.systems.dw;

import halab.dw.proto.Status;

/** States of an instance (reference 4), and its birth and end. */
public enum InstPhase {
  /** Born: has read its files and nothing else. */
  BOOT(Status.STARTUP),
  /** Its engine is being opened and its redo read. */
  STARTUP(Status.STARTUP),
  /** All its own redo is in the engine. */
  AFTER_REDO(Status.AFTER_REDO),
  /** Serves views alone; mode and archives may be changed. */
  MOUNT(Status.MOUNT),
  /** Serves: a primary writes and reads, a standby replays and is read. */
  OPEN(Status.OPEN),
  /** Is read; commits hang. */
  SUSPEND(Status.SUSPEND),
  /** Stops in order: the last redo is on its way. */
  SHUTDOWN(Status.SHUTDOWN),
  /** Has asked to be ended. */
  DOWN(Status.SHUTDOWN);

  private final Status status;

  InstPhase(Status status) {
    this.status = status;
  }

  Status status() {
    return status;
  }
}
