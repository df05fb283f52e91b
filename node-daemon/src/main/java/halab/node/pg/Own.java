package halab.node.pg;

import halab.node.sql.SqlFailure;
import java.util.List;

/**
 * A command that needs no engine's statement: what the front itself answers.
 *
 * @param columns null when it gives no rows
 */
record Own(List<Column> columns, boolean endsTransaction, Action action) implements Command {
  interface Action {
    Answer run() throws SqlFailure;
  }

  static Own of(Action action) {
    return new Own(null, false, action);
  }

  /** Does nothing but say that it was done. */
  static Own nothing(String tag) {
    return of(() -> Answer.done(tag));
  }

  @Override
  public Answer run(List<Object> values) throws SqlFailure {
    return action.run();
  }
}
