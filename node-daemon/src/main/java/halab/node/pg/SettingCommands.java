package halab.node.pg;

import halab.node.pg.Token.Kind;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.h2.tools.SimpleResultSet;

/** SET, SHOW, RESET and DISCARD. */
final class SettingCommands {
  private static final String READ_ONLY = "transaction_read_only";

  private final Settings settings;
  private final Block block;
  private final Out out;
  private final Runnable forgetStatements;

  /**
   * @param forgetStatements drops the session's prepared statements and portals
   */
  SettingCommands(Settings settings, Block block, Out out, Runnable forgetStatements) {
    this.settings = settings;
    this.block = block;
    this.out = out;
    this.forgetStatements = forgetStatements;
  }

  Optional<Command> plan(Sql sql) {
    return Optional.ofNullable(
        switch (sql.at(0).value()) {
          case "set" -> set(sql);
          case "show" -> show(sql);
          case "reset" -> reset(sql);
          case "discard" -> discard(sql);
          default -> null;
        });
  }

  private Command set(Sql sql) {
    boolean local = sql.at(1).is("local");
    int i = sql.at(1).isOneOf("local", "session") && !sql.at(2).isOneOf("=", "to") ? 2 : 1;
    if (sql.has(i, "characteristics", "as", "transaction")) {
      Boolean readOnly = Transactions.modes(sql, i + 3);
      return assign("default_transaction_read_only", readOnly, false);
    }
    if (sql.at(i).is("transaction")) {
      Boolean readOnly = Transactions.modes(sql, i + 1);
      return assign(READ_ONLY, readOnly, local);
    }
    if (sql.has(i, "time", "zone")) {
      return assign("timezone", values(sql, i + 2), local);
    }
    if (sql.at(i).is("names")) {
      return assign("client_encoding", values(sql, i + 1), local);
    }
    if (sql.at(i).isOneOf("authorization", "role")) {
      return role(sql, i + 1);
    }
    int end = i;
    while (end < sql.size() && !sql.at(end).isOneOf("=", "to")) {
      end++;
    }
    if (end == i || end + 1 >= sql.size()) {
      throw Transactions.syntax(sql, end + 1);
    }
    return assign(Sql.text(sql.part(i, end)).replace(" ", ""), values(sql, end + 1), local);
  }

  private Command role(Sql sql, int i) {
    String user = settings.get("session_authorization");
    if (sql.at(i).isOneOf("none", "default") || sql.at(i).value().equals(user)) {
      return Own.nothing("SET");
    }
    throw PgError.of("0A000", "changing the user of a session is not supported");
  }

  /** The value as text; null for DEFAULT. */
  private static String values(Sql sql, int from) {
    if (sql.at(from).is("default")) {
      return null;
    }
    List<String> values = new ArrayList<>();
    for (List<Token> value : sql.list(from, sql.size())) {
      boolean one = value.size() == 1 && value.get(0).kind() != Kind.NUMBER;
      values.add(one ? value.get(0).value() : Sql.text(value));
    }
    return String.join(", ", values);
  }

  private Command assign(String name, Boolean value, boolean local) {
    return value == null ? Own.nothing("SET") : assign(name, value ? "on" : "off", local);
  }

  private Command assign(String name, String value, boolean local) {
    return Own.of(
        () -> {
          if (name.equalsIgnoreCase(READ_ONLY)) {
            block.readOnly(Settings.bool(name, value));
          } else {
            settings.set(name, value, local);
          }
          if (local && !block.isOpen()) {
            out.warning("25P01", "SET LOCAL can only be used in transaction blocks");
          }
          return Answer.done("SET");
        });
  }

  private Command show(Sql sql) {
    if (sql.at(1).is("all")) {
      return new Own(
          List.of(Column.text("name"), Column.text("setting"), Column.text("description")),
          false,
          this::all);
    }
    String name = Sql.text(sql.part(1, sql.size())).replace(" ", "");
    if (sql.has(1, "time", "zone")) {
      name = "TimeZone";
    } else if (sql.has(1, "transaction", "isolation", "level")) {
      name = "transaction_isolation";
    } else if (sql.has(1, "session", "authorization")) {
      name = "session_authorization";
    }
    String key = Settings.key(sql.size() == 2 ? sql.at(1).value() : name);
    String shown = Settings.spelled(key);
    return new Own(List.of(Column.text(shown)), false, () -> rows(value(key), shown));
  }

  /** {@code current_setting}. */
  Command current(String key) {
    String name = "current_setting";
    return new Own(List.of(Column.text(name)), false, () -> select(value(key), name));
  }

  /** {@code set_config}. */
  Command config(String key, String value, boolean local) {
    String name = "set_config";
    return new Own(
        List.of(Column.text(name)),
        false,
        () -> {
          settings.set(key, value, local);
          return select(value(Settings.key(key)), name);
        });
  }

  private static Answer select(String value, String name) {
    return new Answer(one(value, name), "SELECT", true, 0, null);
  }

  private String value(String key) {
    return key.equals(READ_ONLY) ? (block.readOnly() ? "on" : "off") : settings.get(key);
  }

  private static Answer rows(String value, String name) {
    return Answer.rows(one(value, name), "SHOW");
  }

  private static SimpleResultSet one(String value, String name) {
    SimpleResultSet rows = new SimpleResultSet();
    rows.addColumn(name, Types.VARCHAR, 0, 0);
    rows.addRow(value);
    return rows;
  }

  private Answer all() {
    SimpleResultSet rows = new SimpleResultSet();
    rows.addColumn("name", Types.VARCHAR, 0, 0);
    rows.addColumn("setting", Types.VARCHAR, 0, 0);
    rows.addColumn("description", Types.VARCHAR, 0, 0);
    settings.all().forEach((name, value) -> rows.addRow(Settings.spelled(name), value, ""));
    return Answer.rows(rows, "SHOW");
  }

  private Command reset(Sql sql) {
    if (sql.at(1).is("all")) {
      return Own.of(
          () -> {
            settings.resetAll();
            return Answer.done("RESET");
          });
    }
    boolean zone = sql.has(1, "time", "zone");
    String name = zone ? "timezone" : Sql.text(sql.part(1, sql.size())).replace(" ", "");
    return Own.of(
        () -> {
          settings.set(name, null, false);
          return Answer.done("RESET");
        });
  }

  private Command discard(Sql sql) {
    String what = sql.at(1).value();
    if (!what.matches("all|plans|temp|temporary|sequences")) {
      throw Transactions.syntax(sql, 1);
    }
    return Own.of(
        () -> {
          if (what.equals("all")) {
            settings.resetAll();
            forgetStatements.run();
          }
          return Answer.done("DISCARD " + what.toUpperCase(java.util.Locale.ROOT));
        });
  }
}
