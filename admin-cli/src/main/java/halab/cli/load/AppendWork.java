package halab.cli.load;

import halab.bricks.Rng;
import halab.cli.load.check.AppendJudge;
import halab.cli.load.check.Value;
import halab.cli.load.check.Value.Step;
import halab.cli.load.check.Value.Txn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lists, one text a row. The steps of a transaction are in the order of their keys, so appends do
 * not wait in a circle. When the lists of a group are long enough all clients go on to the next.
 */
final class AppendWork implements Work {
  private static final int MOST_STEPS = 4;
  private static final int LONGEST = 60;
  private static final int APPENDS_PER_MILLE = 500;

  private final String lists;
  private int group;
  private int[] appended = new int[AppendJudge.GROUP_KEYS];

  AppendWork(String run) {
    lists = "load_" + run + "_lists";
  }

  @Override
  public boolean autoCommit() {
    return false;
  }

  @Override
  public void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + lists + " (k INT PRIMARY KEY, v VARCHAR NOT NULL)");
    }
  }

  @Override
  public synchronized Task next(int client, Rng rng) {
    List<Step> steps = new ArrayList<>();
    int count = 1 + rng.below(MOST_STEPS);
    for (int i = 0; i < count; i++) {
      int place = rng.below(AppendJudge.GROUP_KEYS);
      int key = group * AppendJudge.GROUP_KEYS + place;
      boolean append = rng.chance(APPENDS_PER_MILLE);
      steps.add(append ? Step.append(key, ++appended[place]) : Step.read(key, null));
    }
    steps.sort(Comparator.comparingInt(Step::key));
    for (int length : appended) {
      if (length >= LONGEST) {
        group++;
        appended = new int[AppendJudge.GROUP_KEYS];
        break;
      }
    }
    return task(new Txn(steps), () -> {});
  }

  private synchronized int groups() {
    return group + 1;
  }

  @Override
  public Ending ending() {
    return new Ending() {
      private final int groups = groups();
      private int next;

      @Override
      public Task next() {
        if (next == groups) {
          return null;
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < AppendJudge.GROUP_KEYS; i++) {
          steps.add(Step.read(next * AppendJudge.GROUP_KEYS + i, null));
        }
        return task(new Txn(steps), () -> next++);
      }
    };
  }

  private Task task(Txn txn, Runnable done) {
    return new Task() {
      @Override
      public Value value() {
        return txn;
      }

      @Override
      public Value run(Attempt attempt) throws SQLException {
        List<Step> steps = new ArrayList<>();
        for (Step step : txn.steps()) {
          if (step.append()) {
            append(attempt.connection(), step);
            steps.add(step);
          } else {
            steps.add(Step.read(step.key(), read(attempt.connection(), step.key())));
          }
        }
        attempt.commit();
        done.run();
        return new Txn(steps);
      }
    };
  }

  private void append(Connection connection, Step step) throws SQLException {
    String sql = "UPDATE " + lists + " SET v = v || ',' || ? WHERE k = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, Integer.toString(step.appended()));
      update.setInt(2, step.key());
      if (update.executeUpdate() > 0) {
        return;
      }
    }
    String first = "INSERT INTO " + lists + " (v, k) VALUES (?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(first)) {
      insert.setString(1, Integer.toString(step.appended()));
      insert.setInt(2, step.key());
      insert.executeUpdate();
    }
  }

  private List<Integer> read(Connection connection, int key) throws SQLException {
    List<Integer> list = new ArrayList<>();
    String sql = "SELECT v FROM " + lists + " WHERE k = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setInt(1, key);
      try (ResultSet found = select.executeQuery()) {
        if (found.next()) {
          for (String number : found.getString(1).split(",")) {
            list.add(number(number));
          }
        }
      }
    }
    return list;
  }

  /** What is no number was never appended; 0 stands for it, and a judge will say so. */
  private static int number(String text) {
    return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : 0;
  }
}
