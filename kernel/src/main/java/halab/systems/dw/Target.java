package halab.systems.dw;

import halab.dw.proto.ArchType;
import halab.dw.proto.SendInfo;

/**
 * An archive that this instance sends to (reference 3.7).
 *
 * @param dest name of the other instance
 * @param valid a realtime or timely one: commits wait for it
 * @param send what was sent to it
 * @param sends the same as a series: what was acknowledged
 * @param begunMs when the last sending began, monotonic
 * @param history what the last sending of history, or the present one, has brought
 */
record Target(
    String dest,
    ArchType type,
    boolean valid,
    SendInfo send,
    Series sends,
    long begunMs,
    Brought history) {
  /**
   * History that was acknowledged.
   *
   * @param pkgs packages (RLOG_PKG)
   * @param us time from sending to acknowledgement
   */
  record Brought(long pkgs, long us) {
    static final Brought NOTHING = new Brought(0, 0);
  }

  /** {@code most}: RLOG_SEND_APPLY_MON. */
  static Target of(String dest, ArchType type, int most) {
    SendInfo nothing = SendInfo.getDefaultInstance();
    return new Target(dest, type, true, nothing, Series.of(most), 0, Brought.NOTHING);
  }

  Target with(boolean next) {
    return new Target(dest, type, next, send, sends, begunMs, history);
  }

  Target begun(SendInfo next, long nowMs) {
    return new Target(dest, type, valid, next, sends, nowMs, history);
  }

  Target ended(SendInfo next, Series all) {
    return new Target(dest, type, valid, next, all, begunMs, history);
  }

  Target with(Brought next) {
    return new Target(dest, type, valid, send, sends, begunMs, next);
  }

  /** SP_CLEAR_ARCH_SEND_INFO. */
  Target cleared() {
    SendInfo nothing = SendInfo.getDefaultInstance();
    return new Target(dest, type, valid, nothing, sends.cleared(), begunMs, Brought.NOTHING);
  }

  /** One that the members of the group have for each other, so that roles can change. */
  boolean mutual() {
    return type == ArchType.ARCH_REALTIME || type == ArchType.ARCH_TIMELY;
  }
}
