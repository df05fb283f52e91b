package halab.cli.load;

import halab.bricks.Rng;
import halab.cli.load.check.Value;
import halab.cli.load.check.Value.Cas;
import halab.cli.load.check.Value.Read;
import halab.cli.load.check.Value.Write;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Single rows, single statements. Every write is of a value of its own. After some answers were
 * lost the clients go on to other registers, because each of them doubles what a judge has to try.
 */
final class RegisterWork implements Work {
  private static final int AT_A_TIME = 8;
  private static final int UNKNOWN_BEFORE_MOVE = 6;
  private static final int READS_PER_MILLE = 400;
  private static final int CAS_PER_MILLE = 200;

  private final String registers;
  private final AtomicInteger values = new AtomicInteger();
  private final AtomicInteger unknown = new AtomicInteger();

  /** A value that was there lately, by place among the registers in use; 0 for none. */
  private final AtomicIntegerArray lately = new AtomicIntegerArray(AT_A_TIME);

  RegisterWork(String run) {
    registers = "load_" + run + "_registers";
  }

  @Override
  public boolean autoCommit() {
    return true;
  }

  @Override
  public void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + registers + " (k INT PRIMARY KEY, v INT NOT NULL)");
    }
  }

  @Override
  public void unknown() {
    unknown.incrementAndGet();
  }

  @Override
  public Task next(int client, Rng rng) {
    int place = rng.below(AT_A_TIME);
    int key = unknown.get() / UNKNOWN_BEFORE_MOVE * AT_A_TIME + place;
    int draw = rng.below(1000);
    int old = lately.get(place);
    if (draw < READS_PER_MILLE) {
      return reading(key, () -> {});
    }
    int value = values.incrementAndGet();
    if (draw < READS_PER_MILLE + CAS_PER_MILLE && old != 0) {
      return new Changing(place, new Cas(key, old, value));
    }
    return new Writing(place, new Write(key, value));
  }

  private Task reading(int key, Runnable done) {
    return new Task() {
      @Override
      public Value value() {
        return new Read(key, null);
      }

      @Override
      public Value run(Attempt attempt) throws SQLException {
        String sql = "SELECT v FROM " + registers + " WHERE k = ?";
        Integer value = null;
        try (PreparedStatement select = attempt.connection().prepareStatement(sql)) {
          select.setInt(1, key);
          try (ResultSet found = select.executeQuery()) {
            if (found.next()) {
              value = found.getInt(1);
            }
          }
        }
        done.run();
        return new Read(key, value);
      }
    };
  }

  /** A write; the first one of a register inserts its row. */
  private final class Writing implements Task {
    private final int place;
    private final Write write;

    Writing(int place, Write write) {
      this.place = place;
      this.write = write;
    }

    @Override
    public Value value() {
      return write;
    }

    @Override
    public Value run(Attempt attempt) throws SQLException {
      attempt.deciding();
      if (change(attempt, "UPDATE " + registers + " SET v = ? WHERE k = ?") == 0) {
        change(attempt, "INSERT INTO " + registers + " (v, k) VALUES (?, ?)");
      }
      lately.set(place, write.value());
      return write;
    }

    private int change(Attempt attempt, String sql) throws SQLException {
      try (PreparedStatement change = attempt.connection().prepareStatement(sql)) {
        change.setInt(1, write.value());
        change.setInt(2, write.key());
        return change.executeUpdate();
      }
    }
  }

  /** A compare-and-set. */
  private final class Changing implements Task {
    private final int place;
    private final Cas cas;

    Changing(int place, Cas cas) {
      this.place = place;
      this.cas = cas;
    }

    @Override
    public Value value() {
      return cas;
    }

    @Override
    public Value run(Attempt attempt) throws SQLException, Refused {
      String sql = "UPDATE " + registers + " SET v = ? WHERE k = ? AND v = ?";
      attempt.deciding();
      try (PreparedStatement update = attempt.connection().prepareStatement(sql)) {
        update.setInt(1, cas.value());
        update.setInt(2, cas.key());
        update.setInt(3, cas.old());
        if (update.executeUpdate() == 0) {
          throw new Refused("the value is another one");
        }
      }
      lately.set(place, cas.value());
      return cas;
    }
  }

  @Override
  public Ending ending() {
    return new Ending() {
      private final int keys = (unknown.get() / UNKNOWN_BEFORE_MOVE + 1) * AT_A_TIME;
      private int next;

      @Override
      public Task next() {
        return next == keys ? null : reading(next, () -> next++);
      }
    };
  }
}
