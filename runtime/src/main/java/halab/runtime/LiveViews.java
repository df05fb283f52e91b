package halab.runtime;

import halab.kernel.Block;
import halab.runtime.disk.DiskClient;
import halab.systems.SqlView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** The vendor's views of a living role: each look asks the loop for its state, and disks. */
final class LiveViews<S> {
  private static final long ANSWER_WITHIN_MS = 5_000;

  private final Supplier<Loop<S>> loop;
  private final DiskClient disks;
  private final long startedWallMs;

  /** {@code loop}: there from the role's first step on, before anybody looks. */
  LiveViews(Supplier<Loop<S>> loop, DiskClient disks, long startedWallMs) {
    this.loop = loop;
    this.disks = disks;
    this.startedWallMs = startedWallMs;
  }

  DataPlane.View live(SqlView<S> view) {
    return new DataPlane.View(view.name(), view.columns(), () -> rows(view));
  }

  private List<List<Object>> rows(SqlView<S> view) {
    SqlView.Look look = ask(view.name(), view.looksAt());
    List<Block> blocks =
        look == null
            ? List.of()
            : await(
                view.name() + ": disk " + look.disk(),
                disks.readBlocks(look.disk(), look.first(), look.count()));
    SqlView.Scene scene = new SqlView.Scene(startedWallMs, blocks);
    return ask(view.name(), state -> view.rows().of(state, scene));
  }

  private <T> T ask(String who, Function<S, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    loop.get()
        .inspect(
            state -> {
              try {
                answer.complete(question.apply(state));
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            });
    return await(who + ": the instance", answer);
  }

  private static <T> T await(String who, CompletableFuture<T> answer) {
    try {
      return answer.get(ANSWER_WITHIN_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(who + " did not answer within " + ANSWER_WITHIN_MS + " ms");
    } catch (ExecutionException e) {
      throw new IllegalStateException(who + " failed: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(who + ": interrupted");
    }
  }
}
