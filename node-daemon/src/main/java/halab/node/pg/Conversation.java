package halab.node.pg;

import halab.node.sql.Session;
import halab.node.sql.SqlError;
import halab.node.sql.SqlFailure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The talk with one client: takes its messages in turn and answers them. */
final class Conversation {
  private final Session session;
  private final PgServer server;
  private final Settings settings;
  private final Inbox inbox;
  private final Out out;
  private final Block block;
  private final Planner planner;
  private final Extended extended;

  Conversation(
      PgServer server,
      Session session,
      Startup startup,
      int number,
      Settings settings,
      Inbox inbox,
      Out out) {
    this.server = server;
    this.session = session;
    this.settings = settings;
    this.inbox = inbox;
    this.out = out;
    this.block = new Block(session, settings, out, server::readOnly);
    this.extended = new Extended(this, out);
    this.planner =
        new Planner(
            session,
            block,
            new SettingCommands(settings, block, out, extended::forgetAll),
            server.catalogue(),
            new Copies(session, block, settings, inbox, out),
            functions(startup, number),
            server.config().operations());
  }

  /** What only this session knows, as the engine is to read it. */
  private Map<String, String> functions(Startup startup, int number) {
    String user = Token.string(startup.user()).text();
    String database = Token.string(server.database().name()).text();
    return Map.ofEntries(
        Map.entry("version", Token.string("PostgreSQL " + Settings.VERSION).text()),
        Map.entry("current_database", database),
        Map.entry("current_catalog", database),
        Map.entry("current_user", user),
        Map.entry("session_user", user),
        Map.entry("user", user),
        Map.entry("pg_backend_pid", Integer.toString(number)),
        Map.entry("pg_is_in_recovery", Boolean.toString(server.readOnly())),
        Map.entry("now", "current_timestamp"),
        Map.entry("transaction_timestamp", "current_timestamp"),
        Map.entry("statement_timestamp", "current_timestamp"),
        Map.entry("clock_timestamp", "current_timestamp"));
  }

  /** Until the client leaves or is cut. */
  void run() throws SqlFailure {
    session.timeZone(settings.zone().getId());
    ready();
    while (true) {
      if (inbox.isEmpty()) {
        out.flush();
      }
      Frame frame = inbox.take();
      if (frame == null || frame.type == 'X') {
        return;
      }
      session.asked();
      try {
        dispatch(frame);
      } finally {
        inbox.done(frame);
      }
    }
  }

  private void dispatch(Frame frame) throws SqlFailure {
    if (frame.type == 'S') {
      sync();
    } else if ("PBDECH".indexOf(frame.type) >= 0) {
      if (!extended.skipping()) {
        attempt(() -> extended.message(frame), extended::failed);
      }
    } else if (frame.type == 'Q') {
      attempt(() -> simple(frame), () -> {});
      extended.forgetUnnamed();
      ready();
    } else if (frame.type == 'F') {
      attempt(
          () -> {
            throw PgError.of("0A000", "the function call protocol is not supported");
          },
          () -> {});
      ready();
    } else if ("dcf".indexOf(frame.type) < 0) {
      // What belongs to a COPY that has failed is passed over; anything else is out of place.
      throw PgError.protocol("unexpected message type \"" + frame.type + "\"");
    }
  }

  private void sync() throws SqlFailure {
    attempt(block::endStatement, () -> {});
    extended.synced(block.isOpen());
    ready();
  }

  private void ready() {
    session.answered();
    out.ready(block.status());
    out.flush();
  }

  /** Something that may fail the statement, but not the session. */
  interface Work {
    void run() throws SqlFailure;
  }

  private void attempt(Work work, Runnable afterFailure) throws SqlFailure {
    PgError error;
    try {
      work.run();
      return;
    } catch (PgError e) {
      error = e;
    } catch (SqlFailure e) {
      error = of(e.error());
    } catch (StackOverflowError e) {
      error = PgError.of("54001", "stack depth limit exceeded").hint("Nest the statement less.");
    }
    if (error.fatal || error.sqlState.equals(PgSession.CLOSING.sqlState())) {
      throw error;
    }
    out.error(error);
    afterFailure.run();
    block.failed();
  }

  private static PgError of(SqlError e) {
    return PgError.of(e.sqlState(), e.message()).detail(e.detail()).hint(e.hint());
  }

  private void simple(Frame frame) throws SqlFailure {
    String text = frame.text();
    frame.end();
    List<Sql> statements = Lexer.statements(text);
    if (statements.isEmpty()) {
      out.simple('I');
    }
    for (int i = 0; i < statements.size(); i++) {
      boolean last = i == statements.size() - 1;
      try (Command command = plan(statements.get(i), new int[0])) {
        simple(command, last);
      }
    }
  }

  private void simple(Command command, boolean last) throws SqlFailure {
    try (Answer answer = run(command, List.of())) {
      long sent = 0;
      if (answer.rows() != null) {
        Column.describe(out, command.columns(), new short[0]);
        sent = rows(answer.rows(), command.columns(), new short[0], Long.MAX_VALUE);
      }
      if (last) {
        // Only what is committed is told as done.
        block.endStatement();
      }
      out.complete(answer.tag(sent));
    }
  }

  /** Understands a statement, unless a failed transaction forbids it. */
  Command plan(Sql sql, int[] types) throws SqlFailure {
    block.admit(Planner.endsTransaction(sql));
    return planner.plan(sql, types);
  }

  Answer run(Command command, List<Object> values) throws SqlFailure {
    block.admit(command.endsTransaction());
    session.statementTimeoutMs((int) Math.min(settings.statementTimeoutMs(), Integer.MAX_VALUE));
    String zone = settings.get("timezone");
    Answer answer = command.run(values);
    if (!zone.equals(settings.get("timezone"))) {
      session.timeZone(settings.get("timezone"));
    }
    return answer;
  }

  /**
   * Sends rows.
   *
   * @return how many; less than {@code most} when there are no more
   */
  long rows(ResultSet rows, List<Column> columns, short[] formats, long most) throws SqlFailure {
    Encoder encoder = new Encoder(settings.zone());
    long sent = 0;
    try {
      while (sent < most && rows.next()) {
        out.begin('D').int16(columns.size());
        for (int i = 0; i < columns.size(); i++) {
          boolean binary = Column.format(formats, i) == 1;
          out.value(encoder.encode(rows, i + 1, columns.get(i), binary));
        }
        out.end();
        sent++;
      }
      return sent;
    } catch (SQLException e) {
      out.abandon();
      throw SqlFailure.of(e);
    }
  }
}
