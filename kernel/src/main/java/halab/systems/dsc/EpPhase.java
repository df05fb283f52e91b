package halab.systems.dsc;

import halab.dsc.proto.InstStatus;

/** Phases of dmasmsvr and dmserver. The vendor's inst_status is derived from them. */
public enum EpPhase {
  /** Reads the DCR and its own slot; nobody knows of it yet. */
  BOOT(InstStatus.INST_STARTUP),
  /** Beats and waits for the CSS to start it. */
  STARTUP(InstStatus.INST_STARTUP),
  /** EP START2 is done: its redo is in, its record on the data disk says open. */
  AFTER_REDO(InstStatus.INST_AFTER_REDO),
  /** EP OPEN is done: open inside, not yet for users. */
  OPENED(InstStatus.INST_OPEN),
  /** Serves users. */
  OPEN(InstStatus.INST_OPEN),
  /** ALTER DATABASE MOUNT: serves nobody, keeps its part in the order of commits. */
  MOUNT(InstStatus.INST_MOUNT),
  /** ALTER DATABASE SUSPEND: users read, and commits wait. */
  SUSPENDED(InstStatus.INST_SUSPEND),
  /** Its worker threads stand still while somebody rejoins. */
  SUSPEND(InstStatus.INST_SUSPEND),
  /** Survivor while a crash is handled; nothing is written for users. */
  CRASH_RECV(InstStatus.INST_CRASH_RECV),
  /** Stops in order: the record on the data disk is being closed. */
  STOPPING(InstStatus.INST_SHUTDOWN),
  /** Will end in a moment; only its last status is still being written. */
  HALTING(InstStatus.INST_SHUTDOWN),
  /** Has ended. */
  DOWN(InstStatus.INST_SHUTDOWN);

  private final InstStatus inst;

  EpPhase(InstStatus inst) {
    this.inst = inst;
  }

  /** inst_status that goes with the phase. */
  public InstStatus inst() {
    return inst;
  }
}
