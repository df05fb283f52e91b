package halab.systems;

/**
 * Whether an instance may answer users now.
 *
 * @param mode what it does with statements
 * @param trustedUntilMs monotonic lab time up to which others cannot have taken it for dead; later
 *     no statement may begin and no answer leave, whatever the mode, until the role has renewed it
 * @param refusal what users are told in {@link Mode#REFUSED}, in the vendor's words
 */
public record Serving(Mode mode, long trustedUntilMs, String refusal) {
  public Serving(Mode mode, long trustedUntilMs) {
    this(mode, trustedUntilMs, "");
  }

  /** What becomes of a statement. */
  public enum Mode {
    /** Refused: the database is starting up. */
    STARTING,
    /** Carried out. */
    OPEN,
    /** Carried out when it only reads; what would change rows is refused. */
    READ_ONLY,
    /** Waits. */
    SUSPENDED,
    /** Refused, but for what reads the vendor's views alone. */
    MOUNTED,
    /** Refused, whatever it is, with the role's own words. */
    REFUSED,
    /** Refused: the database is shutting down. */
    CLOSED
  }

  /** Whether a statement may begin at this monotonic time. */
  public boolean openAt(long monoMs) {
    return (mode == Mode.OPEN || mode == Mode.READ_ONLY) && monoMs < trustedUntilMs;
  }
}
