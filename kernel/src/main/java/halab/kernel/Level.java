package halab.kernel;

/** Severity of a vendor log line, in the order the vendors rank it. */
public enum Level {
  INFO,
  WARNING,
  ERROR,
  FATAL
}
