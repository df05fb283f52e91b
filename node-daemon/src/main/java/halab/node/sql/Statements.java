package halab.node.sql;

import java.util.Map;
import java.util.Set;
import org.h2.command.CommandInterface;

/**
 * Which statements there are for users. H2's parser says what a statement is; what is not listed
 * here is refused. (A second wall stands behind: the sessions' H2 user is no administrator, so H2
 * itself refuses them files, Java and settings.)
 */
final class Statements {
  /** Words that reach what belongs to the engine or the host. */
  private static final Set<String> RESERVED =
      Set.of(
          Store.SCHEMA,
          Store.CLIENT,
          Store.ADMIN,
          Layouts.HIDDEN_KEY,
          "database_path",
          "java_object",
          "file_read",
          "file_write",
          "csvread",
          "csvwrite",
          "link_schema");

  /** What would give other values on each instance when a definition fills existing rows. */
  private static final Set<String> VOLATILE =
      Set.of(
          "random",
          "rand",
          "random_uuid",
          "gen_random_uuid",
          "uuid_generate_v4",
          "secure_rand",
          "now",
          "current_timestamp",
          "current_time",
          "current_date",
          "localtime",
          "localtimestamp",
          "sysdate",
          "systimestamp",
          "today",
          "clock_timestamp",
          "statement_timestamp",
          "transaction_timestamp",
          "nextval",
          "session_id",
          "identity",
          "serial",
          "bigserial",
          "smallserial",
          "transaction_id");

  private static final Map<Integer, StatementKind> KINDS =
      Map.ofEntries(
          Map.entry(CommandInterface.SELECT, StatementKind.QUERY),
          Map.entry(CommandInterface.CALL, StatementKind.QUERY),
          Map.entry(CommandInterface.EXPLAIN, StatementKind.QUERY),
          Map.entry(CommandInterface.EXPLAIN_ANALYZE, StatementKind.QUERY),
          Map.entry(CommandInterface.INSERT, StatementKind.CHANGE),
          Map.entry(CommandInterface.UPDATE, StatementKind.CHANGE),
          Map.entry(CommandInterface.DELETE, StatementKind.CHANGE),
          Map.entry(CommandInterface.MERGE, StatementKind.CHANGE),
          Map.entry(CommandInterface.NO_OPERATION, StatementKind.CHANGE));

  private static final Set<Integer> DEFINITIONS =
      Set.of(
          CommandInterface.ALTER_INDEX_RENAME,
          CommandInterface.ALTER_TABLE_ADD_CONSTRAINT_CHECK,
          CommandInterface.ALTER_TABLE_ADD_CONSTRAINT_UNIQUE,
          CommandInterface.ALTER_TABLE_ADD_CONSTRAINT_REFERENTIAL,
          CommandInterface.ALTER_TABLE_ADD_CONSTRAINT_PRIMARY_KEY,
          CommandInterface.ALTER_TABLE_ADD_COLUMN,
          CommandInterface.ALTER_TABLE_ALTER_COLUMN_NOT_NULL,
          CommandInterface.ALTER_TABLE_ALTER_COLUMN_DROP_NOT_NULL,
          CommandInterface.ALTER_TABLE_ALTER_COLUMN_DEFAULT,
          CommandInterface.ALTER_TABLE_ALTER_COLUMN_CHANGE_TYPE,
          CommandInterface.ALTER_TABLE_DROP_COLUMN,
          CommandInterface.ALTER_TABLE_DROP_CONSTRAINT,
          CommandInterface.ALTER_TABLE_RENAME,
          CommandInterface.ALTER_TABLE_ALTER_COLUMN_RENAME,
          CommandInterface.ALTER_TABLE_RENAME_CONSTRAINT,
          CommandInterface.ALTER_SEQUENCE,
          CommandInterface.CREATE_INDEX,
          CommandInterface.CREATE_SCHEMA,
          CommandInterface.CREATE_SEQUENCE,
          CommandInterface.CREATE_TABLE,
          CommandInterface.CREATE_DOMAIN,
          CommandInterface.CREATE_VIEW,
          CommandInterface.DROP_INDEX,
          CommandInterface.DROP_SCHEMA,
          CommandInterface.DROP_SEQUENCE,
          CommandInterface.DROP_TABLE,
          CommandInterface.DROP_DOMAIN,
          CommandInterface.DROP_VIEW,
          CommandInterface.COMMENT,
          CommandInterface.TRUNCATE_TABLE);

  private Statements() {}

  /** Refuses what names the engine's own things, or is more than one statement. */
  static void checkWords(Words words) throws SqlFailure {
    for (String name : RESERVED) {
      if (words.hasName(name)) {
        throw new SqlFailure(
            SqlError.of("42501", "permission denied: \"" + name + "\" belongs to the system"));
      }
    }
    if (words.several()) {
      throw new SqlFailure(
          SqlError.of("42601", "cannot insert multiple commands into a prepared statement"));
    }
  }

  /** The kind of a statement that H2's parser read as this type of command. */
  static StatementKind kind(int type, Words words) throws SqlFailure {
    StatementKind kind = KINDS.get(type);
    if (kind != null) {
      return kind;
    }
    if (!DEFINITIONS.contains(type)) {
      throw refuse(words, "is not supported", "");
    }
    checkDefinition(type, words);
    return StatementKind.DEFINITION;
  }

  private static void checkDefinition(int type, Words words) throws SqlFailure {
    if (type == CommandInterface.CREATE_TABLE) {
      checkTable(words);
    }
    boolean fillsRows =
        type == CommandInterface.ALTER_TABLE_ADD_COLUMN
            || type == CommandInterface.ALTER_TABLE_ALTER_COLUMN_CHANGE_TYPE
            || type == CommandInterface.ALTER_TABLE_ALTER_COLUMN_NOT_NULL;
    if (fillsRows && VOLATILE.stream().anyMatch(words::hasName)) {
      throw refuse(
          words,
          "with a value that is not the same for every row and instance is not supported",
          "Add the column without it, update the rows, then set the default.");
    }
    boolean sequence =
        type == CommandInterface.ALTER_SEQUENCE || type == CommandInterface.CREATE_SEQUENCE;
    if (sequence && words.has("cycle") && !words.has("no")) {
      throw refuse(words, "with CYCLE is not supported", "Sequences here never repeat a number.");
    }
    if (type == CommandInterface.ALTER_SEQUENCE && !words.has("restart")) {
      throw refuse(words, "without RESTART is not supported", "Create a new sequence instead.");
    }
  }

  private static void checkTable(Words words) throws SqlFailure {
    if (words.has("temp") || words.has("temporary")) {
      throw refuse(words, "of temporary tables is not supported", "Create a table and drop it.");
    }
    int depth = 0;
    for (Words.Word word : words.list()) {
      depth += word.is("(") ? 1 : word.is(")") ? -1 : 0;
      if (depth == 0 && word.is("as")) {
        throw refuse(
            words, "AS is not supported", "Create the table, then INSERT INTO it with a SELECT.");
      }
    }
  }

  private static SqlFailure refuse(Words words, String why, String hint) {
    StringBuilder name = new StringBuilder();
    for (Words.Word word : words.list().subList(0, Math.min(2, words.list().size()))) {
      name.append(name.isEmpty() ? "" : " ").append(word.text().toUpperCase(java.util.Locale.ROOT));
    }
    return new SqlFailure(SqlError.unsupported(name + " " + why, hint));
  }
}
