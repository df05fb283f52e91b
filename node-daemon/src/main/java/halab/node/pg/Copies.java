package halab.node.pg;

import halab.node.sql.PreparedSql;
import halab.node.sql.Result;
import halab.node.sql.Session;
import halab.node.sql.SqlFailure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** COPY from and to the client. Files of the host and programs are nobody's. */
final class Copies {
  private final Session session;
  private final Block block;
  private final Settings settings;
  private final Inbox inbox;
  private final Out out;

  Copies(Session session, Block block, Settings settings, Inbox inbox, Out out) {
    this.session = session;
    this.block = block;
    this.settings = settings;
    this.inbox = inbox;
    this.out = out;
  }

  Command plan(Sql sql) throws SqlFailure {
    boolean query = sql.at(1).is("(");
    int way = query ? sql.close(1) + 1 : Math.max(sql.find(1, "from"), sql.find(1, "to"));
    boolean in = sql.at(way).is("from");
    if (!in && !sql.at(way).is("to") || in && query) {
      throw Transactions.syntax(sql, way);
    }
    if (!sql.at(way + 1).is(in ? "stdin" : "stdout")) {
      throw PgError.of("42501", "COPY reads and writes no files and programs of the server")
          .hint("Use COPY FROM STDIN or TO STDOUT; psql's \\copy does so.");
    }
    CopyFormat format = CopyFormat.read(sql, way + 2);
    int list = query ? -1 : sql.find(2, "(");
    boolean listed = list > 0 && list < way;
    String table = query ? "" : Sql.text(sql.part(1, listed ? list : way));
    String columns = listed ? Sql.text(sql.part(list + 1, sql.close(list))) : "*";
    String source =
        query
            ? Dialect.translate(new Sql(sql.part(2, way - 1)), Map.of()).get(0)
            : "select " + columns + " from " + table;
    List<Column> described = columns(source);
    return in
        ? Own.of(() -> in(table, described, format))
        : Own.of(() -> out(source, described, format));
  }

  private List<Column> columns(String query) throws SqlFailure {
    try (PreparedSql prepared = session.prepare(query)) {
      if (prepared.columns() == null) {
        throw PgError.of("0A000", "COPY needs a table or a query");
      }
      return Column.of(prepared.columns());
    } catch (SQLException e) {
      throw SqlFailure.of(e);
    }
  }

  private Answer in(String table, List<Column> columns, CopyFormat format) throws SqlFailure {
    block.admitChange("COPY FROM");
    answer('G', columns.size());
    out.flush();
    try (CopyInsert insert = new CopyInsert(session, table, columns)) {
      CopyRows rows = new CopyRows(format);
      while (true) {
        Frame frame = inbox.take();
        if (frame == null) {
          throw PgError.fatal("08006", "unexpected EOF on client connection with an open COPY");
        }
        try {
          if (frame.type == 'd') {
            rows.feed(frame.bytes(frame.remaining()), insert::add);
          } else if (frame.type == 'c') {
            rows.finish(insert::add);
            return Answer.count("COPY", insert.finish());
          } else if (frame.type == 'f') {
            throw PgError.of("57014", "COPY from stdin failed: " + frame.text());
          } else if (frame.type != 'H' && frame.type != 'S') {
            throw PgError.protocol(
                "unexpected message type \"" + frame.type + "\" during COPY from stdin");
          }
        } finally {
          inbox.done(frame);
        }
      }
    }
  }

  private void answer(char type, int columns) {
    out.begin(type).int8(0).int16(columns);
    for (int i = 0; i < columns; i++) {
      out.int16(0);
    }
    out.end();
  }

  private Answer out(String query, List<Column> columns, CopyFormat format) throws SqlFailure {
    Encoder encoder = new Encoder(settings.zone());
    CopyWriter writer = new CopyWriter(format);
    long count = 0;
    try (PreparedSql prepared = session.prepare(query);
        Result result = prepared.execute(List.of())) {
      answer('H', columns.size());
      if (format.header()) {
        send(writer.line(columns.stream().map(Column::name).toList()));
      }
      ResultSet rows = result.rows();
      while (rows.next()) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
          byte[] value = encoder.encode(rows, i + 1, columns.get(i), false);
          fields.add(value == null ? null : Frame.utf8(value));
        }
        send(writer.line(fields));
        count++;
      }
      out.simple('c');
      return Answer.count("COPY", count);
    } catch (SQLException e) {
      throw SqlFailure.of(e);
    }
  }

  private void send(String line) {
    out.begin('d').bytes(line.getBytes(java.nio.charset.StandardCharsets.UTF_8)).end();
  }
}
