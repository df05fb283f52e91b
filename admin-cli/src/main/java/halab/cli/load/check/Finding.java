package halab.cli.load.check;

/**
 * Something that a judge has against a history.
 *
 * @param what the whole finding in one line, with numbers and names
 * @param fromNs where a TIMED one begins, on the history's clock
 * @param toNs where it ends
 * @param excessNs by how much a TIMED one is beyond what is allowed; a stall of ours of that length
 *     could explain it
 */
public record Finding(Kind kind, String what, long fromNs, long toNs, long excessNs) {
  /** How hard it is. */
  public enum Kind {
    /** Data is wrong; no stall of a client explains that. */
    FAULT,
    /** Wrong by a measured time, which stalls of the measuring side may have made. */
    TIMED,
    /** Cannot be judged. */
    UNKNOWN
  }

  public static Finding fault(String what) {
    return new Finding(Kind.FAULT, what, 0, 0, 0);
  }

  public static Finding unknown(String what) {
    return new Finding(Kind.UNKNOWN, what, 0, 0, 0);
  }

  public static Finding timed(String what, long fromNs, long toNs, long excessNs) {
    return new Finding(Kind.TIMED, what, fromNs, toNs, excessNs);
  }
}
