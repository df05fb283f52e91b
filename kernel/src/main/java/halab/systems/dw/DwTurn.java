package halab.systems.dw;

/**
 * When a standby was tried to be brought back last, and when it may be again (INST_RECOVER_TIME).
 *
 * @param intervalS in memory; 0: what dmwatcher.ini says
 * @param atMs last attempt, or what counts as one, monotonic; 0: none
 * @param wallMs the same by the wall clock, of attempts alone
 * @param code outcome; 0: good, 100: none yet
 */
record DwTurn(int intervalS, long atMs, long wallMs, int code, String why) {
  static final int NOT_RUN = 100;
  static final DwTurn NONE = new DwTurn(0, 0, 0, NOT_RUN, "");

  DwTurn every(int seconds) {
    return new DwTurn(seconds, atMs, wallMs, code, why);
  }

  /** It counts as tried now. */
  DwTurn counted(long nowMs) {
    return new DwTurn(intervalS, nowMs, wallMs, code, why);
  }

  DwTurn ended(int seconds, long nowMs, long nowWallMs, int outcome, String text) {
    return new DwTurn(seconds, nowMs, nowWallMs, outcome, text);
  }

  boolean due(int iniS, long nowMs) {
    long intervalMs = 1000L * (intervalS == 0 ? iniS : intervalS);
    return atMs == 0 || nowMs - atMs >= intervalMs;
  }
}
