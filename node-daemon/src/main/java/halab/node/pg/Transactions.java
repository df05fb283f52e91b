package halab.node.pg;

import java.util.Optional;

/** The statements that begin and end transactions. */
final class Transactions {
  private final Block block;

  Transactions(Block block) {
    this.block = block;
  }

  Optional<Command> plan(Sql sql) {
    return Optional.ofNullable(
        switch (sql.at(0).value()) {
          case "begin", "start" -> begin(sql);
          case "commit", "end" -> commit(sql);
          case "rollback", "abort" -> rollback(sql);
          case "savepoint" -> {
            String name = sql.at(1).value();
            yield Own.of(() -> block.savepoint(name));
          }
          case "release" -> {
            String name = sql.at(sql.size() - 1).value();
            yield Own.of(() -> block.release(name));
          }
          case "prepare" -> {
            if (sql.at(1).is("transaction")) {
              throw PgError.of("0A000", "two-phase commit is not supported");
            }
            yield null;
          }
          default -> null;
        });
  }

  private Command begin(Sql sql) {
    boolean start = sql.starts("start");
    if (start && !sql.at(1).is("transaction")) {
      return null;
    }
    int modes = sql.at(1).isOneOf("work", "transaction") ? 2 : 1;
    Boolean readOnly = modes(sql, modes);
    return Own.of(() -> block.begin(start ? "START TRANSACTION" : "BEGIN", readOnly));
  }

  /** Reads transaction modes; true or false when they say whether changes are allowed. */
  static Boolean modes(Sql sql, int from) {
    Boolean readOnly = null;
    int i = from;
    while (i < sql.size()) {
      if (sql.has(i, "isolation", "level")) {
        i += 2 + isolation(sql, i + 2);
      } else if (sql.has(i, "read", "only") || sql.has(i, "read", "write")) {
        readOnly = sql.at(i + 1).is("only");
        i += 2;
      } else if (sql.has(i, "not", "deferrable")) {
        i += 2;
      } else if (sql.at(i).isOneOf(",", "deferrable")) {
        i++;
      } else {
        throw syntax(sql, i);
      }
    }
    return readOnly;
  }

  /** Words of an isolation level that is given here; more than that is refused, not weakened. */
  private static int isolation(Sql sql, int i) {
    if (sql.has(i, "read", "committed") || sql.has(i, "read", "uncommitted")) {
      return 2;
    }
    if (sql.has(i, "repeatable", "read") || sql.at(i).is("serializable")) {
      throw PgError.of("0A000", "isolation above READ COMMITTED is not supported");
    }
    throw syntax(sql, i);
  }

  static PgError syntax(Sql sql, int i) {
    Token t = sql.at(i);
    return PgError.of(
        "42601",
        t == Token.END
            ? "syntax error at end of input"
            : "syntax error at or near \"" + t.text() + "\"");
  }

  private Command commit(Sql sql) {
    if (sql.at(1).is("prepared")) {
      throw PgError.of("0A000", "two-phase commit is not supported");
    }
    boolean chain = chain(sql);
    return new Own(null, true, () -> block.commit(chain));
  }

  private Command rollback(Sql sql) {
    if (sql.at(1).is("prepared")) {
      throw PgError.of("0A000", "two-phase commit is not supported");
    }
    if (sql.find(1, "to") > 0) {
      String name = sql.at(sql.size() - 1).value();
      return new Own(null, true, () -> block.rollbackTo(name));
    }
    boolean chain = chain(sql);
    return new Own(null, true, () -> block.rollback(chain));
  }

  private static boolean chain(Sql sql) {
    int i = sql.at(1).isOneOf("work", "transaction") ? 2 : 1;
    if (sql.has(i, "and", "no", "chain") && sql.size() == i + 3) {
      return false;
    }
    if (sql.has(i, "and", "chain") && sql.size() == i + 2) {
      return true;
    }
    if (sql.size() > i) {
      throw syntax(sql, i);
    }
    return false;
  }
}
