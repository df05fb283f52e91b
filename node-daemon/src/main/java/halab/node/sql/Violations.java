package halab.node.sql;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;

/**
 * Values that a constraint forbids, in PostgreSQL's words. Names that H2 made up become those that
 * PostgreSQL would have made up.
 */
final class Violations {
  /** {@code violation: public.constraint_5 INDEX public.x ON public.t(a, b) VALUES (...)}. */
  private static final Pattern DUPLICATE =
      Pattern.compile("violation: (\\S+)(?: INDEX \\S+| PRIMARY KEY)? ON ([^(]+)\\(([^)]*)\\)");

  /** {@code violation: x: public.c FOREIGN KEY(a, b) REFERENCES public.p(c, d) (1, 'y')}. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "violation: (\\S+): (\\S+) FOREIGN KEY\\(([^)]*)\\) REFERENCES (\\S+?)\\(([^)]*)\\) \\((.*)\\)");

  /** {@code violation: x: (a > 0)}. */
  private static final Pattern CHECK = Pattern.compile("violation: (\\S+):");

  /** {@code for column b CHARACTER VARYING(3): 'xyzt' (4)}; only the type is in capitals. */
  private static final Pattern TOO_LONG =
      Pattern.compile("for column .*?([A-Z][A-Z ]+\\(\\d+\\)):");

  private Violations() {}

  /** Null: not one of these, or not in the form that is known. */
  static SqlError of(int code, String plain) {
    String message = plain.replace("\"", "");
    return switch (code) {
      case ErrorCode.DUPLICATE_KEY_1 -> duplicate(message);
      case ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1 -> reference(message, false);
      case ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_CHILD_EXISTS_1 -> reference(message, true);
      case ErrorCode.CHECK_CONSTRAINT_VIOLATED_1 -> check(message);
      case ErrorCode.NULL_NOT_ALLOWED ->
          SqlError.of(
              "23502",
              "null value in column \""
                  + Errors.quotedName(plain)
                  + "\" violates not-null constraint");
      case ErrorCode.VALUE_TOO_LONG_2 -> tooLong(message);
      default -> null;
    };
  }

  private static SqlError duplicate(String message) {
    Matcher matcher = DUPLICATE.matcher(message);
    if (!matcher.find()) {
      return null;
    }
    String name = last(matcher.group(1));
    String table = last(matcher.group(2));
    String columns = matcher.group(3).replaceAll(" (ASC|DESC|NULLS (FIRST|LAST))", "");
    if (message.contains(" PRIMARY_KEY_")
        || message.contains(".PRIMARY_KEY_")
        || message.contains(" PRIMARY KEY ON")) {
      name = table + "_pkey";
    } else if (name.startsWith("CONSTRAINT_")) {
      name = table + "_" + columns.replace(", ", "_") + "_key";
    }
    return new SqlError(
        "23505",
        "duplicate key value violates unique constraint \"" + name + "\"",
        "A row with this value of (" + columns + ") already exists.",
        "");
  }

  private static SqlError reference(String message, boolean child) {
    Matcher matcher = REFERENCE.matcher(message);
    if (!matcher.find()) {
      return null;
    }
    String table = last(matcher.group(2));
    String parent = last(matcher.group(4));
    String constraint = foreignKey(matcher.group(1), table, matcher.group(3));
    String values = matcher.group(6).replaceAll("'([^']*)'", "$1");
    return child
        ? new SqlError(
            "23503",
            "update or delete on table \"%s\" violates foreign key constraint \"%s\" on table \"%s\""
                .formatted(parent, constraint, table),
            "Key (%s)=(%s) is still referenced from table \"%s\"."
                .formatted(matcher.group(5), values, table),
            "")
        : missingParent(table, constraint, matcher.group(3), values, parent);
  }

  /** The name of a foreign key for users. */
  static String foreignKey(String name, String table, String columns) {
    return name.startsWith("CONSTRAINT_")
        ? table + "_" + columns.replace(", ", "_") + "_fkey"
        : name;
  }

  static SqlError missingParent(
      String table, String constraint, String columns, String values, String parent) {
    return new SqlError(
        "23503",
        "insert or update on table \"%s\" violates foreign key constraint \"%s\""
            .formatted(table, constraint),
        "Key (%s)=(%s) is not present in table \"%s\".".formatted(columns, values, parent),
        "");
  }

  private static SqlError check(String message) {
    Matcher matcher = CHECK.matcher(message);
    return matcher.find()
        ? SqlError.of("23514", "new row violates check constraint \"" + matcher.group(1) + "\"")
        : null;
  }

  private static SqlError tooLong(String message) {
    Matcher matcher = TOO_LONG.matcher(message);
    return matcher.find()
        ? SqlError.of(
            "22001", "value too long for type " + matcher.group(1).strip().toLowerCase(Locale.ROOT))
        : null;
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
