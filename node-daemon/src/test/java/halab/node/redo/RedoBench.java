package halab.node.redo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * Packages a second at 1, 8 and 32 appenders that each wait for their own, on a file in the current
 * folder: {@code java -cp ... halab.node.redo.RedoBench [PAYLOAD_BYTES [SECONDS]]}.
 */
public final class RedoBench {
  private RedoBench() {}

  public static void main(String[] args) throws Exception {
    int payloadBytes = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    for (int appenders : new int[] {1, 1, 8, 32}) {
      Path file = Path.of("redo-bench.log");
      try {
        measure(file, appenders, payloadBytes, seconds);
      } finally {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void measure(Path file, int appenders, int payloadBytes, int seconds)
      throws Exception {
    FileRedoDevice.create(file, RedoShape.SINGLE.bytes());
    RedoOwner owner = new RedoOwner("BENCH", 0, 1);
    try (FileRedoDevice device = FileRedoDevice.open(file)) {
      RedoFormat.write(device, owner, RedoShape.SINGLE, 0, false);
      RedoReader reader = RedoReader.open(device, owner);
      reader.settle();
      Load load = new Load(reader, new byte[payloadBytes], seconds);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < appenders; i++) {
        threads.add(new Thread(load));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      load.writer.close();
      RedoCounters counters = load.writer.counters();
      System.out.printf(
          Locale.ROOT,
          "%2d appenders, %d bytes: %7d packages/s, %.1f a batch, force mean %d us, max %d us%n",
          appenders,
          payloadBytes,
          load.done.sum() / seconds,
          (double) counters.packages() / counters.batches(),
          counters.forceNsMean() / 1000,
          counters.forceNsMax() / 1000);
    }
  }

  /** One appender. */
  private static final class Load implements Runnable, RedoAlarms {
    final RedoWriter writer;
    final LongAdder done = new LongAdder();
    private final byte[] payload;
    private final long endNs;
    private long lsn;

    Load(RedoReader reader, byte[] payload, int seconds) {
      this.payload = payload;
      endNs = System.nanoTime() + seconds * 1_000_000_000L;
      writer = RedoWriter.start(reader, this);
    }

    @Override
    public void full(long neededLsn) {
      writer.releaseUpTo(neededLsn);
    }

    @Override
    public void run() {
      while (System.nanoTime() < endNs) {
        CompletableFuture<Void> durable;
        synchronized (this) {
          lsn++;
          durable = writer.append(new RedoPackage(lsn, lsn, payload));
        }
        durable.join();
        done.increment();
      }
    }
  }
}
