package halab.cli.load;

import halab.bricks.Rng;
import halab.cli.load.check.Value;
import java.sql.Connection;
import java.sql.SQLException;

/** What the clients of one workload do. Clients are numbered from 0; each is one thread. */
interface Work {
  /** One operation, which is run at most once. */
  interface Task {
    /** What is asked for. */
    Value value();

    /**
     * Does it.
     *
     * @return what happened
     * @throws Refused if it cannot be done and nothing was changed
     */
    Value run(Attempt attempt) throws SQLException, Refused;
  }

  /** Reads at the end, one after the other; one that fails is given again. */
  interface Ending {
    /** The next one, or null when all is read. */
    Task next();
  }

  /** The operation is not possible as things are; the connection is good. */
  final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why, null, false, false);
    }
  }

  /** Makes tables and first rows; they do not exist yet. */
  void create(Connection connection) throws SQLException;

  /** True if every statement of this work is a transaction by itself. */
  boolean autoCommit();

  /** What this client does next. */
  Task next(int client, Rng rng);

  /** An operation ended and nobody knows how. */
  default void unknown() {}

  /** The reading at the end. */
  Ending ending();
}
