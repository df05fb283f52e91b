package halab.cli.sql;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Set;

/** What an SQLSTATE says about the fate of a statement and of its connection. */
public final class SqlErrors {
  /** Data, constraint, transaction state, rollback, syntax, resources, object state, feature. */
  private static final Set<String> ABORT_CLASSES =
      Set.of("0A", "22", "23", "25", "40", "42", "53", "54", "55", "HY");

  private static final Set<String> ABORT_STATES = Set.of("57014", "57P03");
  private static final Set<String> ENDED = Set.of("57P01", "57P02");
  private static final String COMPLETION_UNKNOWN = "40003";
  private static final String READ_ONLY = "25006";

  /** What the driver says when a password is asked for and it has none. */
  private static final String NO_PASSWORD = "08004";

  private SqlErrors() {}

  /** True if the server answered, and with an error that undoes the transaction. */
  public static boolean aborts(SQLException error) {
    String state = state(error);
    return !state.equals(COMPLETION_UNKNOWN)
        && (ABORT_STATES.contains(state) || ABORT_CLASSES.contains(head(state)));
  }

  /** True if the connection is good for more; one to a read-only instance is not. */
  public static boolean leavesConnection(SQLException error) {
    return aborts(error) && !state(error).equals(READ_ONLY) && !state(error).equals("57P03");
  }

  /** True if trying again cannot help: login refused, or no such database. */
  public static boolean hopeless(SQLException error) {
    return Set.of("28", "3D").contains(head(state(error))) || state(error).equals(NO_PASSWORD);
  }

  /** True if those who answered the driver all refuse writes; it has no SQLSTATE of its own. */
  static boolean noWriter(SQLException error) {
    return String.valueOf(error.getMessage()).contains("targetServerType");
  }

  /** True if the connection is lost: broken off, or ended by the instance. */
  public static boolean loses(SQLException error) {
    return head(state(error)).equals("08") || ENDED.contains(state(error));
  }

  /** True if the driver gave up waiting for bytes from the other end. */
  static boolean silent(SQLException error) {
    Throwable cause = error;
    while (cause != null && !(cause instanceof SocketTimeoutException)) {
      cause = cause.getCause();
    }
    return cause != null;
  }

  /** What the user is told of a statement without an answer, and what to do about it. */
  static String unanswered(String who, long withinMs) {
    return who
        + " gave no answer within "
        + withinMs
        + " ms; whether the statement was carried out is not known; see: halab status";
  }

  /** SQLSTATE and message on one line, without what follows the first line. */
  public static String text(SQLException error) {
    String message = String.valueOf(error.getMessage());
    return state(error) + " " + message.lines().findFirst().orElse("");
  }

  private static String state(SQLException error) {
    return error.getSQLState() == null ? "" : error.getSQLState();
  }

  private static String head(String state) {
    return state.length() < 2 ? "" : state.substring(0, 2);
  }
}
