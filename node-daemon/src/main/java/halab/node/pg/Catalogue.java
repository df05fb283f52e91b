package halab.node.pg;

import halab.node.sql.Session;
import halab.node.sql.SqlError;
import halab.node.sql.SqlFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.tools.RunScript;
import org.h2.tools.SimpleResultSet;

/**
 * PostgreSQL's system catalogue as real tables, so that the queries of psql and of drivers run as
 * they are. A small database in memory, filled anew from the engine's definitions when these have
 * changed; clients read it as a user who may do nothing else.
 */
final class Catalogue implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final int QUERY_SECONDS = 10;
  private static final int ROWS_MOST = 100_000;

  private final String url;
  private final Connection owner;
  private final CatalogueFill fill;
  private Definitions shown = Definitions.NONE;

  /**
   * @param database name of the database that clients see
   * @param roles names of the users
   */
  Catalogue(String database, List<String> roles) {
    url =
        "jdbc:h2:mem:halab-catalogue-"
            + NUMBERS.incrementAndGet()
            + ";DATABASE_TO_LOWER=TRUE;NON_KEYWORDS=VALUE,KEY";
    InputStream script = Catalogue.class.getResourceAsStream("catalogue.sql");
    try (Reader reader = new InputStreamReader(script, StandardCharsets.UTF_8)) {
      owner = DriverManager.getConnection(url + ";DB_CLOSE_DELAY=-1", "owner", "");
      RunScript.execute(owner, reader);
      fill = new CatalogueFill(owner);
      fill.constants(database, roles);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("the catalogue cannot be made", e);
    }
  }

  /** Whether a query reads the catalogue: it names pg_catalog or one of its tables. */
  static boolean concerns(Sql sql) {
    for (int i = 0; i < sql.size(); i++) {
      Token t = sql.at(i);
      boolean source = sql.at(i - 1).isOneOf("from", "join", ",");
      String name = t.isName() ? t.value() : "";
      if ((name.equals("pg_catalog") && sql.at(i + 1).is("."))
          || (source && name.startsWith("pg_"))) {
        return true;
      }
    }
    return false;
  }

  Command plan(Session session, Sql sql, Map<String, String> functions, int[] types)
      throws SqlFailure {
    refresh(session);
    String text = CatalogueDialect.translate(Dialect.withFunctions(sql, functions));
    try (Connection reader = reader();
        PreparedStatement s = reader.prepareStatement(text)) {
      ParameterMetaData meta = s.getParameterMetaData();
      int[] parameters = new int[meta.getParameterCount()];
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] = i < types.length && types[i] != 0 ? types[i] : PgType.TEXT.oid;
      }
      return new Query(session, text, parameters, Column.of(s.getMetaData()));
    } catch (SQLException e) {
      List<Column> columns = CatalogueDialect.empty(sql);
      if (columns != null) {
        return new Own(columns, false, Catalogue::nothing);
      }
      throw failure(e);
    }
  }

  private static Answer nothing() {
    return new Answer(new SimpleResultSet(), "SELECT", true, 0, null);
  }

  private static SqlFailure failure(SQLException e) {
    SqlError error = SqlFailure.of(e).error();
    return new SqlFailure(
        new SqlError(
            error.sqlState(), error.message(), "The query reads the system catalogue.", ""));
  }

  private Connection reader() throws SQLException {
    return DriverManager.getConnection(url, "reader", "");
  }

  private void refresh(Session session) throws SqlFailure {
    Definitions now = Definitions.read(session);
    synchronized (owner) {
      if (!now.equals(shown)) {
        try {
          fill.fill(now);
          shown = now;
        } catch (SQLException e) {
          throw SqlFailure.of(e);
        }
      }
    }
  }

  private final class Query implements Command {
    private final Session session;
    private final String text;
    private final int[] parameters;
    private final List<Column> columns;

    Query(Session session, String text, int[] parameters, List<Column> columns) {
      this.session = session;
      this.text = text;
      this.parameters = parameters;
      this.columns = columns;
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
      refresh(session);
      try {
        Connection reader = reader();
        try {
          return new Answer(rows(reader, values), "SELECT", true, 0, reader);
        } catch (SQLException e) {
          reader.close();
          throw e;
        }
      } catch (SQLException e) {
        throw failure(e);
      }
    }

    private ResultSet rows(Connection reader, List<Object> values) throws SQLException {
      PreparedStatement s = reader.prepareStatement(text);
      s.setQueryTimeout(QUERY_SECONDS);
      s.setMaxRows(ROWS_MOST);
      for (int i = 0; i < values.size(); i++) {
        s.setObject(i + 1, values.get(i));
      }
      return s.executeQuery();
    }
  }

  @Override
  public void close() {
    try (Connection c = owner;
        Statement s = c.createStatement()) {
      s.execute("shutdown");
    } catch (SQLException e) {
      // It lived in memory; it is gone.
    }
  }
}
