package halab.node.pg;

import halab.node.sql.PreparedSql;
import halab.node.sql.Result;
import halab.node.sql.Session;
import halab.node.sql.SqlFailure;
import halab.node.sql.StatementKind;
import java.sql.ParameterMetaData;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;

/** A statement that the engine runs. */
final class EngineCommand implements Command {
  /**
   * The engine decides between the update and the insert of an upsert before it waits for the row;
   * whoever had it may have deleted or inserted it meanwhile.
   */
  private static final int UPSERT_TRIES = 10;

  private final Session session;
  private final Block block;
  private final List<String> statements;
  private final String tag;
  private final boolean upsert;
  private final boolean changes;
  private final PreparedSql first;
  private final int[] parameters;
  private final List<Column> columns;

  /**
   * @param query what the client said
   * @param statements the same for the engine; all but the first are for definitions of several
   *     objects
   * @param types numbers of the types that the client gave its parameters, 0 for those it left open
   */
  EngineCommand(
      Session session, Block block, Sql query, List<String> statements, Tag tag, int[] types)
      throws SqlFailure {
    this.session = session;
    this.block = block;
    this.statements = statements;
    this.first = session.prepare(statements.get(0));
    this.tag = tag.text();
    this.upsert = query.starts("insert") && query.find(1, "conflict") > 0;
    this.changes = tag.changes() || first.kind() == StatementKind.DEFINITION;
    try {
      ParameterMetaData meta = first.parameters();
      this.parameters = new int[meta == null ? 0 : meta.getParameterCount()];
      for (int i = 0; i < parameters.length; i++) {
        boolean open = i >= types.length || types[i] == 0 || types[i] == PgType.UNKNOWN.oid;
        parameters[i] = open ? inferred(meta, i + 1) : types[i];
      }
      ResultSetMetaData rows = first.columns();
      this.columns = rows == null ? null : Labels.applied(query, Column.of(rows));
    } catch (SQLException e) {
      throw SqlFailure.of(e);
    }
  }

  private static int inferred(ParameterMetaData meta, int i) throws SQLException {
    Column type = Column.of("", meta.getParameterTypeName(i), 0, 0);
    return type.type() == PgType.VARCHAR ? PgType.TEXT.oid : type.oid();
  }

  @Override
  public int[] parameters() {
    return parameters;
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public Answer run(List<Object> values) throws SqlFailure {
    if (changes) {
      block.admitChange(tag);
    }
    Result result = execute(values);
    for (String next : statements.subList(1, statements.size())) {
      try (PreparedSql prepared = session.prepare(next)) {
        prepared.execute(List.of()).close();
      }
    }
    if (first.kind() == StatementKind.DEFINITION) {
      block.committedByDefinition();
      return Answer.done(tag);
    }
    boolean counted = columns != null || changes;
    String shown = tag.equals("INSERT") ? "INSERT 0" : tag;
    return new Answer(
        result.rows(), shown, counted && !tag.equals("EXPLAIN"), result.count(), result);
  }

  private Result execute(List<Object> values) throws SqlFailure {
    int tries = upsert ? UPSERT_TRIES : 1;
    while (true) {
      try {
        return first.execute(values);
      } catch (SqlFailure e) {
        tries--;
        if (tries == 0 || !e.error().sqlState().equals("23505")) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    first.close();
  }
}
