package halab.node.pg;

import halab.node.sql.SqlFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The extended query protocol: prepared statements and portals. */
final class Extended {
  private static final int STATEMENTS_MOST = 1000;
  private static final int PORTALS_MOST = 1000;
  private static final long STATEMENT_CHARS_MOST = 64L << 20;
  private static final Sql NOTHING = null;

  private final Conversation conversation;
  private final Out out;
  private final Map<String, Prepared> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();
  private long chars;
  private boolean skipping;

  /** A named statement; an empty one has no command. Lives until its last portal is closed, too. */
  private static final class Prepared {
    final Command command;
    final int chars;
    private int users = 1;

    Prepared(Command command, int chars) {
      this.command = command;
      this.chars = chars;
    }

    void use() {
      users++;
    }

    void release() {
      if (--users == 0 && command != null) {
        command.close();
      }
    }
  }

  /** A statement with its parameters, perhaps on its way through its rows. */
  private static final class Portal {
    final Prepared prepared;
    final Command command;
    final List<Object> values;
    final short[] formats;
    Answer answer;
    long sent;
    boolean over;

    Portal(Prepared prepared, List<Object> values, short[] formats) {
      prepared.use();
      this.prepared = prepared;
      this.command = prepared.command;
      this.values = values;
      this.formats = formats;
    }

    void close() {
      if (!over) {
        over = true;
        if (answer != null) {
          answer.close();
        }
        prepared.release();
      }
    }
  }

  Extended(Conversation conversation, Out out) {
    this.conversation = conversation;
    this.out = out;
  }

  /** Whether a failure makes everything up to the next Sync void. */
  boolean skipping() {
    return skipping;
  }

  void failed() {
    skipping = true;
  }

  /** Sync was reached; outside of a block the transaction and its portals are over. */
  void synced(boolean blockOpen) {
    skipping = false;
    if (!blockOpen) {
      forgetPortals();
    }
  }

  void forgetUnnamed() {
    closeStatement("");
    forgetPortals();
  }

  void forgetAll() {
    forgetPortals();
    List.copyOf(statements.keySet()).forEach(this::closeStatement);
  }

  private void forgetPortals() {
    portals.values().forEach(Portal::close);
    portals.clear();
  }

  void message(Frame frame) throws SqlFailure {
    switch (frame.type) {
      case 'P' -> parse(frame);
      case 'B' -> bind(frame);
      case 'D' -> describe(frame);
      case 'E' -> execute(frame);
      case 'C' -> close(frame);
      default -> out.flush();
    }
  }

  private void parse(Frame frame) throws SqlFailure {
    String name = frame.text();
    String text = frame.text();
    int[] types = new int[frame.count(4)];
    for (int i = 0; i < types.length; i++) {
      types[i] = frame.int32();
    }
    frame.end();
    if (name.isEmpty()) {
      closeStatement(name);
    } else if (statements.containsKey(name)) {
      throw PgError.of("42P05", "prepared statement \"" + name + "\" already exists");
    }
    if (statements.size() >= STATEMENTS_MOST || chars + text.length() > STATEMENT_CHARS_MOST) {
      throw PgError.of("54000", "too many prepared statements in this session")
          .hint("Close some; 1,000 statements of 64 MiB together are allowed.");
    }
    List<Sql> parts = Lexer.statements(text);
    if (parts.size() > 1) {
      throw PgError.of("42601", "cannot insert multiple commands into a prepared statement");
    }
    Sql sql = parts.isEmpty() ? NOTHING : parts.get(0);
    Command command = sql == NOTHING ? null : conversation.plan(sql, types);
    statements.put(name, new Prepared(command, text.length()));
    chars += text.length();
    out.simple('1');
  }

  private void bind(Frame frame) {
    String portal = frame.text();
    String name = frame.text();
    Prepared prepared = statement(name);
    short[] formats = shorts(frame);
    int count = frame.count(4);
    int[] types = prepared.command == null ? new int[0] : prepared.command.parameters();
    if (count != types.length) {
      throw PgError.of(
          "08P01",
          String.format(
              "bind message supplies %d parameters, but prepared statement \"%s\" requires %d",
              count, name, types.length));
    }
    if (formats.length > 1 && formats.length != count) {
      throw PgError.of("08P01", "bind message has wrong number of parameter formats");
    }
    List<Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = frame.int32();
      byte[] bytes = length == -1 ? null : frame.bytes(length);
      boolean binary = Column.format(formats, i) == 1;
      values.add(bytes == null ? null : Decoder.decode(bytes, types[i], binary));
    }
    short[] results = shorts(frame);
    frame.end();
    List<Column> columns = prepared.command == null ? null : prepared.command.columns();
    if (results.length > 1 && columns != null && results.length != columns.size()) {
      throw PgError.of("08P01", "bind message has wrong number of result formats");
    }
    Portal old = portals.remove(portal);
    if (old != null) {
      old.close();
      if (!portal.isEmpty()) {
        throw PgError.of("42P03", "cursor \"" + portal + "\" already exists");
      }
    }
    if (portals.size() >= PORTALS_MOST) {
      throw PgError.of("54000", "too many portals in this session").hint("Close some.");
    }
    portals.put(portal, new Portal(prepared, values, results));
    out.simple('2');
  }

  private static short[] shorts(Frame frame) {
    short[] formats = new short[frame.count(2)];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = frame.int16();
      if (formats[i] != 0 && formats[i] != 1) {
        throw PgError.of("22023", "unsupported format code: " + formats[i]);
      }
    }
    return formats;
  }

  private void describe(Frame frame) {
    char what = (char) frame.int8();
    String name = frame.text();
    frame.end();
    if (what == 'S') {
      Command command = statement(name).command;
      int[] types = command == null ? new int[0] : command.parameters();
      out.begin('t').int16(types.length);
      for (int type : types) {
        out.int32(type);
      }
      out.end();
      describe(command, new short[0]);
    } else if (what == 'P') {
      Portal portal = portal(name);
      describe(portal.command, portal.formats);
    } else {
      throw PgError.protocol("invalid DESCRIBE message subtype " + (int) what);
    }
  }

  private void describe(Command command, short[] formats) {
    if (command == null || command.columns() == null) {
      out.simple('n');
    } else {
      Column.describe(out, command.columns(), formats);
    }
  }

  private void execute(Frame frame) throws SqlFailure {
    Portal portal = portal(frame.text());
    int most = frame.int32();
    frame.end();
    if (portal.command == null) {
      out.simple('I');
      return;
    }
    if (portal.over) {
      throw PgError.of("55000", "portal cannot be run any more");
    }
    if (portal.answer == null) {
      portal.answer = conversation.run(portal.command, portal.values);
    }
    Answer answer = portal.answer;
    if (answer.rows() != null) {
      long limit = most <= 0 ? Long.MAX_VALUE : most;
      long sent =
          conversation.rows(answer.rows(), portal.command.columns(), portal.formats, limit);
      portal.sent += sent;
      if (sent == limit) {
        out.simple('s');
        return;
      }
    }
    out.complete(answer.tag(portal.sent));
    portal.close();
  }

  private void close(Frame frame) {
    char what = (char) frame.int8();
    String name = frame.text();
    frame.end();
    if (what == 'S') {
      closeStatement(name);
    } else if (what == 'P') {
      Portal portal = portals.remove(name);
      if (portal != null) {
        portal.close();
      }
    } else {
      throw PgError.protocol("invalid CLOSE message subtype " + (int) what);
    }
    out.simple('3');
  }

  private void closeStatement(String name) {
    Prepared prepared = statements.remove(name);
    if (prepared != null) {
      chars -= prepared.chars;
      prepared.release();
    }
  }

  private Prepared statement(String name) {
    Prepared prepared = statements.get(name);
    if (prepared == null) {
      throw PgError.of(
          "26000",
          name.isEmpty()
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"" + name + "\" does not exist");
    }
    return prepared;
  }

  private Portal portal(String name) {
    Portal portal = portals.get(name);
    if (portal == null) {
      throw PgError.of("34000", "portal \"" + name + "\" does not exist");
    }
    return portal;
  }
}
