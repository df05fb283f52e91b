package halab.node.pg;

import halab.node.pg.Token.Kind;
import halab.node.sql.Session;
import halab.node.sql.SqlFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what a statement is and who answers it. */
final class Planner {
  private final Session session;
  private final Block block;
  private final Transactions transactions;
  private final SettingCommands settings;
  private final Catalogue catalogue;
  private final Copies copies;
  private final Map<String, String> functions;
  private final Operations operations;

  /**
   * @param operations see {@link PgConfig}
   * @param functions values of functions without arguments that only the session knows
   */
  Planner(
      Session session,
      Block block,
      SettingCommands settings,
      Catalogue catalogue,
      Copies copies,
      Map<String, String> functions,
      Operations operations) {
    this.session = session;
    this.block = block;
    this.transactions = new Transactions(block);
    this.settings = settings;
    this.catalogue = catalogue;
    this.copies = copies;
    this.functions = functions;
    this.operations = operations;
  }

  /** Whether a statement is one of those that end a failed transaction. */
  static boolean endsTransaction(Sql sql) {
    return sql.at(0).isOneOf("commit", "end", "rollback", "abort");
  }

  /**
   * @param types numbers of the types that the client gave its parameters
   */
  Command plan(Sql sql, int[] types) throws SqlFailure {
    Optional<Command> control = transactions.plan(sql).or(() -> settings.plan(sql));
    if (control.isPresent()) {
      return control.get();
    }
    Command call = call(sql);
    if (call != null) {
      return call;
    }
    Command own = own(sql);
    if (own != null) {
      return own;
    }
    boolean query = sql.at(0).isOneOf("select", "with", "values", "(");
    if (query && Catalogue.concerns(sql)) {
      return catalogue.plan(session, sql, functions, types);
    }
    return new EngineCommand(
        session, block, sql, Dialect.translate(sql, functions), Tag.of(sql), types);
  }

  private Command own(Sql sql) throws SqlFailure {
    return switch (sql.at(0).value()) {
      case "copy" -> copies.plan(sql);
      // Nothing to do here, and scripts that say it need not know.
      case "vacuum", "analyze", "reindex", "cluster", "checkpoint" ->
          Own.nothing(sql.at(0).value().toUpperCase(java.util.Locale.ROOT));
      case "lock" -> lock();
      case "stop", "shutdown" -> stop(sql);
      case "alter" -> sql.at(1).is("database") ? alterDatabase(sql) : null;
      case "listen",
          "notify",
          "declare",
          "fetch",
          "move",
          "prepare",
          "execute",
          "grant",
          "revoke",
          "do",
          "call",
          "import",
          "security",
          "load",
          "reassign" ->
          throw unsupported(sql);
      case "unlisten" -> Own.nothing("UNLISTEN");
      case "close" -> {
        if (!sql.at(1).is("all")) {
          throw unsupported(sql);
        }
        yield Own.nothing("CLOSE CURSOR ALL");
      }
      case "deallocate" -> Own.nothing("DEALLOCATE");
      case "select" -> setting(sql);
      default -> null;
    };
  }

  private static PgError unsupported(Sql sql) {
    return PgError.of(
        "0A000", sql.at(0).text().toUpperCase(java.util.Locale.ROOT) + " is not supported");
  }

  /**
   * The vendor's {@code STOP INSTANCE} and {@code SHUTDOWN [NORMAL | IMMEDIATE]}: this instance
   * ends in order, the others go on. The answer comes before the end.
   */
  private Command stop(Sql sql) {
    boolean known =
        sql.at(0).is("stop")
            ? sql.size() == 2 && sql.at(1).is("instance")
            : sql.size() == 1 || sql.size() == 2 && sql.at(1).isOneOf("normal", "immediate");
    if (!known || operations == null) {
      throw unsupported(sql);
    }
    return Own.of(
        () -> {
          operations.stop();
          return Answer.done(sql.at(0).is("stop") ? "STOP INSTANCE" : "SHUTDOWN");
        });
  }

  /** The vendor's {@code ALTER DATABASE MOUNT} and the like, which the instance's role answers. */
  private Command alterDatabase(Sql sql) {
    if (operations == null) {
      throw PgError.of("0A000", "ALTER DATABASE is not supported");
    }
    List<String> words = sql.part(0, sql.size()).stream().map(Token::text).toList();
    return Own.of(
        () -> {
          if (block.isOpen()) {
            throw PgError.of("25001", "ALTER DATABASE cannot run inside a transaction block");
          }
          operations.carryOut(words);
          return Answer.done("ALTER DATABASE");
        });
  }

  /**
   * A call of one of the vendor's procedures: {@code NAME(...)}, {@code CALL NAME(...)} or {@code
   * SELECT NAME(...)}, with numbers and strings as arguments; null: it is none.
   */
  private Command call(Sql sql) {
    int at = sql.at(0).isOneOf("call", "select") ? 1 : 0;
    String name = sql.at(at).text().toUpperCase(java.util.Locale.ROOT);
    if (operations == null
        || sql.at(at).kind() != Kind.WORD
        || !operations.procedures().contains(name)) {
      return null;
    }
    boolean bare = sql.size() == at + 1;
    boolean whole = sql.at(at + 1).is("(") && sql.close(at + 1) == sql.size() - 1;
    if (!bare && !whole) {
      throw PgError.of("42601", name + " wants its arguments in brackets and nothing behind them");
    }
    List<String> words = new ArrayList<>();
    words.add(name);
    if (whole && sql.size() > at + 3) {
      for (List<Token> argument : sql.list(at + 2, sql.size() - 1)) {
        words.add(argument(name, argument));
      }
    }
    return Own.of(
        () -> {
          if (block.isOpen()) {
            throw PgError.of("25001", name + " cannot run inside a transaction block");
          }
          operations.carryOut(words);
          return Answer.done(sql.at(0).is("select") ? "SELECT 0" : "CALL");
        });
  }

  private static String argument(String procedure, List<Token> tokens) {
    boolean negative = tokens.size() == 2 && tokens.get(0).is("-");
    Token value = tokens.isEmpty() ? Token.END : tokens.get(tokens.size() - 1);
    boolean constant =
        value.kind() == Kind.NUMBER
            || tokens.size() == 1 && (value.kind() == Kind.STRING || value.kind() == Kind.WORD);
    if (!constant || tokens.size() > (negative ? 2 : 1)) {
      throw PgError.of("42601", "arguments of " + procedure + " are numbers and strings");
    }
    return negative ? "-" + value.value() : value.value();
  }

  private Command lock() {
    return Own.of(
        () -> {
          if (!block.isOpen()) {
            throw PgError.of("25P01", "LOCK TABLE can only be used in transaction blocks");
          }
          throw PgError.of("0A000", "LOCK TABLE is not supported")
              .hint("Lock rows with SELECT ... FOR UPDATE.");
        });
  }

  /**
   * {@code select current_setting('name')} and {@code select set_config('name', 'value', false)}.
   */
  private Command setting(Sql sql) {
    int i = sql.has(1, "pg_catalog", ".") ? 3 : 1;
    if (sql.has(i, "current_setting", "(")
        && sql.at(i + 2).kind() == Kind.STRING
        && sql.close(i + 1) == sql.size() - 1) {
      String name = Settings.key(sql.at(i + 2).value());
      return settings.current(name);
    }
    if (sql.has(i, "set_config", "(")
        && sql.at(i + 2).kind() == Kind.STRING
        && sql.at(i + 4).kind() == Kind.STRING
        && sql.close(i + 1) == sql.size() - 1) {
      List<Token> local = sql.part(i + 6, sql.size() - 1);
      boolean localOnly = !local.isEmpty() && local.get(0).is("true");
      return settings.config(sql.at(i + 2).value(), sql.at(i + 4).value(), localOnly);
    }
    return null;
  }
}
