package halab.node.data;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.node.pg.Operations;
import halab.node.sql.SqlError;
import halab.node.sql.SqlFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Statements that the role answers. Each waits for its answer on its session's own thread. */
final class AskedStatements implements Operations {
  private final Consumer<Event> events;
  private final List<String> procedures;
  private final Map<Long, CompletableFuture<Effect.StatementDone>> asked =
      new ConcurrentHashMap<>();
  private long last;
  private boolean closed;

  /** {@code procedures}: what can be called, see {@link Operations#procedures}. */
  AskedStatements(Consumer<Event> events, List<String> procedures) {
    this.events = events;
    this.procedures = List.copyOf(procedures);
  }

  @Override
  public List<String> procedures() {
    return procedures;
  }

  @Override
  public void stop() {
    events.accept(new Event.StopRequested());
  }

  @Override
  public void carryOut(List<String> words) throws SqlFailure {
    try {
      Effect.StatementDone done = ask(words).get();
      if (done.sqlState() != null) {
        throw new SqlFailure(SqlError.of(done.sqlState(), done.text()));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SqlFailure(AskedCommits.ending());
    }
  }

  private synchronized CompletableFuture<Effect.StatementDone> ask(List<String> words)
      throws SqlFailure {
    if (closed) {
      throw new SqlFailure(AskedCommits.ending());
    }
    CompletableFuture<Effect.StatementDone> answer = new CompletableFuture<>();
    asked.put(++last, answer);
    events.accept(new Event.Statement(last, words));
    return answer;
  }

  void done(Effect.StatementDone done) {
    CompletableFuture<Effect.StatementDone> answer = asked.remove(done.requestId());
    if (answer != null) {
      answer.complete(done);
    }
  }

  /** The process ends: what is asked from now on is not answered any more. */
  synchronized void close() {
    closed = true;
  }
}
