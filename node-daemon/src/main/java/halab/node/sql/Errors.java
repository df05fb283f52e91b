package halab.node.sql;

import java.sql.SQLException;
import java.util.Map;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/** H2's errors in the words and codes of PostgreSQL, where users and drivers depend on them. */
final class Errors {
  private record Style(String sqlState, String message) {}

  private static final Map<Integer, Style> STYLES =
      Map.ofEntries(
          style(
              ErrorCode.TABLE_OR_VIEW_ALREADY_EXISTS_1, "42P07", "relation \"%s\" already exists"),
          style(ErrorCode.VIEW_ALREADY_EXISTS_1, "42P07", "relation \"%s\" already exists"),
          style(ErrorCode.INDEX_ALREADY_EXISTS_1, "42P07", "relation \"%s\" already exists"),
          style(ErrorCode.SEQUENCE_ALREADY_EXISTS_1, "42P07", "relation \"%s\" already exists"),
          style(ErrorCode.SCHEMA_ALREADY_EXISTS_1, "42P06", "schema \"%s\" already exists"),
          style(ErrorCode.CONSTRAINT_ALREADY_EXISTS_1, "42710", "constraint \"%s\" already exists"),
          style(
              ErrorCode.DUPLICATE_COLUMN_NAME_1, "42701", "column \"%s\" specified more than once"),
          style(ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1, "42P01", "relation \"%s\" does not exist"),
          style(
              ErrorCode.TABLE_OR_VIEW_NOT_FOUND_WITH_CANDIDATES_2,
              "42P01",
              "relation \"%s\" does not exist"),
          style(
              ErrorCode.TABLE_OR_VIEW_NOT_FOUND_DATABASE_EMPTY_1,
              "42P01",
              "relation \"%s\" does not exist"),
          style(ErrorCode.VIEW_NOT_FOUND_1, "42P01", "relation \"%s\" does not exist"),
          style(ErrorCode.SEQUENCE_NOT_FOUND_1, "42P01", "relation \"%s\" does not exist"),
          style(ErrorCode.INDEX_NOT_FOUND_1, "42704", "index \"%s\" does not exist"),
          style(ErrorCode.CONSTRAINT_NOT_FOUND_1, "42704", "constraint \"%s\" does not exist"),
          style(ErrorCode.SCHEMA_NOT_FOUND_1, "3F000", "schema \"%s\" does not exist"),
          style(ErrorCode.COLUMN_NOT_FOUND_1, "42703", "column \"%s\" does not exist"),
          style(ErrorCode.FUNCTION_NOT_FOUND_1, "42883", "function %s does not exist"),
          style(ErrorCode.UNKNOWN_DATA_TYPE_1, "42704", "type \"%s\" does not exist"),
          style(ErrorCode.AMBIGUOUS_COLUMN_NAME_1, "42702", "column reference \"%s\" is ambiguous"),
          style(ErrorCode.SYNTAX_ERROR_1, "42601", null),
          style(ErrorCode.SYNTAX_ERROR_2, "42601", null),
          style(
              ErrorCode.COLUMN_COUNT_DOES_NOT_MATCH,
              "42601",
              "INSERT has more expressions than target columns, or fewer"),
          style(ErrorCode.MUST_GROUP_BY_COLUMN_1, "42803", null),
          style(ErrorCode.PARAMETER_NOT_SET_1, "08P01", null),
          style(ErrorCode.DUPLICATE_KEY_1, "23505", null),
          style(
              ErrorCode.COLUMN_MUST_NOT_BE_NULLABLE_1,
              "42P16",
              "column \"%s\" must not be nullable"),
          style(ErrorCode.NULL_NOT_ALLOWED, "23502", null),
          style(ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1, "23503", null),
          style(ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_CHILD_EXISTS_1, "23503", null),
          style(ErrorCode.CHECK_CONSTRAINT_VIOLATED_1, "23514", null),
          style(ErrorCode.VALUE_TOO_LONG_2, "22001", null),
          style(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_1, "22003", null),
          style(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_2, "22003", null),
          style(ErrorCode.DIVISION_BY_ZERO_1, "22012", "division by zero"),
          style(ErrorCode.DATA_CONVERSION_ERROR_1, "22P02", null),
          style(ErrorCode.INVALID_DATETIME_CONSTANT_2, "22007", null),
          style(ErrorCode.SCALAR_SUBQUERY_CONTAINS_MORE_THAN_ONE_ROW, "21000", null),
          style(ErrorCode.CANNOT_DROP_2, "2BP01", null),
          style(ErrorCode.CANNOT_TRUNCATE_1, "0A000", null),
          style(ErrorCode.ADMIN_RIGHTS_REQUIRED, "42501", "permission denied"),
          style(ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, "42501", "permission denied for %s"),
          style(ErrorCode.LOCK_TIMEOUT_1, "55P03", "canceling statement due to lock timeout"),
          style(
              ErrorCode.CONCURRENT_UPDATE_1,
              "40001",
              "could not serialize access due to concurrent update"),
          style(ErrorCode.SEQUENCE_EXHAUSTED, "2200H", "nextval: reached maximum value of %s"),
          style(ErrorCode.FEATURE_NOT_SUPPORTED_1, "0A000", null));

  private Errors() {}

  private static Map.Entry<Integer, Style> style(int code, String sqlState, String message) {
    return Map.entry(code, new Style(sqlState, message));
  }

  /**
   * H2 has chosen this transaction as the victim of a deadlock, possibly of one that it has left
   * already: nothing can be done with it but roll it back, and nothing else is wrong.
   */
  static boolean victim(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      boolean h2 = cause instanceof SQLException sql && sql.getErrorCode() == ErrorCode.DEADLOCK_1;
      boolean store =
          cause instanceof MVStoreException mv
              && (mv.getErrorCode() == DataUtils.ERROR_TRANSACTION_ILLEGAL_STATE
                  || mv.getErrorCode() == DataUtils.ERROR_TRANSACTIONS_DEADLOCK);
      if (h2 || store) {
        return true;
      }
    }
    return false;
  }

  static SqlFailure failure(SQLException e) {
    if (victim(e)) {
      return new SqlFailure(SqlError.of("40P01", "deadlock detected"), e);
    }

    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof Carried carried) {
        return new SqlFailure(carried.error, e);
      }
    }
    return new SqlFailure(error(e), e);
  }

  private static SqlError error(SQLException e) {
    Style style = STYLES.get(e.getErrorCode());
    String plain = plain(e);
    SqlError violation = Violations.of(e.getErrorCode(), plain);
    if (violation != null) {
      return violation;
    }
    if (style != null) {
      return SqlError.of(
          style.sqlState(),
          style.message() == null ? plain : style.message().formatted(quotedName(plain)));
    }
    String sqlState = e.getSQLState();
    // H2's own classes (HY, 90xxx) mean nothing to PostgreSQL's clients.
    boolean known = sqlState != null && sqlState.matches("(0|2|3|4|5)[0-9A-Z]{4}");
    return SqlError.of(known ? sqlState : "XX000", plain);
  }

  /** H2's message without the statement and the error number that it appends. */
  private static String plain(SQLException e) {
    String message = String.valueOf(e.getMessage());
    int statement = message.indexOf("; SQL statement:");
    if (statement >= 0) {
      message = message.substring(0, statement);
    }
    return message.replaceAll(" ?\\[[0-9]+-[0-9]+\\]$", "").strip();
  }

  /** The first name in double quotes. */
  static String quotedName(String message) {
    int from = message.indexOf('"');
    int to = message.indexOf('"', from + 1);
    if (from < 0 || to < 0) {
      return message;
    }
    return message.substring(from + 1, to);
  }

  /** Carries an error of ours through H2, out of a trigger. */
  static final class Carried extends SQLException {
    private static final long serialVersionUID = 1L;
    private final transient SqlError error;

    Carried(SqlError error) {
      super(error.message(), error.sqlState());
      this.error = error;
    }
  }
}
