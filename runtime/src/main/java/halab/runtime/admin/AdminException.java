package halab.runtime.admin;

import io.grpc.Status;

/** A process of the lab could not be asked: who, and why. One clear line. */
public final class AdminException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kinds of failure that callers tell apart. */
  public enum Reason {
    /** Nobody listens there: the process is not running. */
    NOT_RUNNING,
    /** It listens and does not answer in time: paused, stalled or cut off. */
    SILENT,
    /** It turned the secret away. */
    FORBIDDEN,
    /** It answered with an error. */
    FAILED
  }

  private final Reason reason;

  public AdminException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  static AdminException of(String who, Throwable cause) {
    Status status = Status.fromThrowable(cause);
    String detail = status.getDescription() == null ? "" : " (" + status.getDescription() + ")";
    return switch (status.getCode()) {
      case UNAVAILABLE -> new AdminException(Reason.NOT_RUNNING, who + " is not running", cause);
      case DEADLINE_EXCEEDED ->
          new AdminException(Reason.SILENT, who + " does not answer; is it paused?", cause);
      case UNAUTHENTICATED ->
          new AdminException(
              Reason.FORBIDDEN,
              who + " refuses this lab's secret; is another lab using its port?",
              cause);
      default ->
          new AdminException(Reason.FAILED, who + " failed: " + status.getCode() + detail, cause);
    };
  }
}
