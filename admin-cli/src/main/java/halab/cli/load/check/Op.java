package halab.cli.load.check;

/**
 * One event of a history: an operation begins (INVOKE) or is known to have ended in one of three
 * ways.
 *
 * @param process number of a sequential client; one whose operation ended as INFO is not used again
 * @param type what is known
 * @param value what was asked for (INVOKE) or what is known to have happened
 * @param timeNs of a monotonic clock, nanoseconds since the load began
 * @param address where it was acknowledged, as the place names itself; null if unknown
 * @param error the reason of FAIL and INFO; null otherwise
 * @param last true for the reading at the very end that says what is still there
 */
public record Op(
    int process, Type type, Value value, long timeNs, String address, String error, boolean last) {

  /** What is known about an operation. */
  public enum Type {
    /** It is being tried. */
    INVOKE,
    /** It was acknowledged. */
    OK,
    /** It surely did not happen. */
    FAIL,
    /** It may have happened, may be happening still, or never will. */
    INFO
  }

  /** The operation begins. */
  public static Op invoke(int process, Value value, long timeNs) {
    return new Op(process, Type.INVOKE, value, timeNs, null, null, false);
  }

  /** It was acknowledged at this address. */
  public Op ok(Value result, long atNs, String at) {
    return new Op(process, Type.OK, result, atNs, at, null, last);
  }

  /** It did not happen. */
  public Op fail(long atNs, String why) {
    return new Op(process, Type.FAIL, value, atNs, null, why, last);
  }

  /** Nobody knows. */
  public Op info(long atNs, String why) {
    return new Op(process, Type.INFO, value, atNs, null, why, last);
  }

  /** The same, as part of the reading at the end. */
  public Op atTheEnd() {
    return new Op(process, type, value, timeNs, address, error, true);
  }
}
