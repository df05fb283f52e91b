package halab.runtime.disk;

import java.util.Arrays;
import java.util.Locale;

/**
 * What is wrong with a disk, for everyone or for one host.
 *
 * @param delayMs SLOW only, lab time
 */
record DiskFault(Kind kind, long delayMs) {
  /** Kinds by the words of the command line. */
  enum Kind {
    OK,
    /** Every request is answered with an input/output error. */
    FAIL,
    /** Requests wait, those already queued as well, until the fault ends. */
    HANG,
    SLOW,
    /** Half of each block written reaches the disk; the writer is told all is well. */
    TORN,
    /** Reads show what was there when the fault began. */
    STALE,
    /** One bit of each block written turns; the writer is told all is well. */
    FLIPPED,
    /** Writes fail, reads work. */
    FULL
  }

  static final DiskFault NONE = new DiskFault(Kind.OK, 0);

  /** Reads a fault; {@link IllegalArgumentException} lists the known ones. */
  static DiskFault parse(String name, long delayMs) {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
        if (delayMs < 0 || delayMs > 3_600_000) {
          throw new IllegalArgumentException("delay " + delayMs + " ms is not 0 to 3600000");
        }
        return new DiskFault(kind, delayMs);
      }
    }
    throw new IllegalArgumentException(
        "no disk fault '"
            + name
            + "'; known: "
            + Arrays.toString(Kind.values()).toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return kind == Kind.SLOW ? name + " " + delayMs + "ms" : name;
  }
}
