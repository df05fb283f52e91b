package halab.node.redo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A process to be killed: appends from several threads to the log in a file, and prints {@code a
 * LSN} when a package is acknowledged and {@code r LSN} before it gives packages up to there away.
 */
public final class RedoLoad {
  static final RedoOwner OWNER = new RedoOwner("KILLED", 0, 1);
  private static final int THREADS = 8;
  private final PrintStream out = System.out;
  private RedoWriter writer;
  private long lsn;

  private RedoLoad() {}

  /** {@code args}: the file. Ends when it is killed, or with an error on a broken log. */
  public static void main(String[] args) throws IOException {
    RedoLoad load = new RedoLoad();
    RedoReader reader = RedoReader.open(FileRedoDevice.open(Path.of(args[0])), OWNER);
    reader.settle();
    load.lsn = reader.lastLsn();
    RedoAlarms alarms =
        new RedoAlarms() {
          @Override
          public void full(long neededLsn) {
            load.out.println("r " + neededLsn);
            load.writer.releaseUpTo(neededLsn);
          }
        };
    load.writer = RedoWriter.start(reader, alarms);
    for (int i = 0; i < THREADS; i++) {
      new Thread(load::run, "load-" + i).start();
    }
  }

  private void run() {
    try {
      while (true) {
        RedoPackage redo;
        CompletableFuture<Void> durable;
        synchronized (this) {
          redo = redo(++lsn);
          durable = writer.append(redo);
        }
        durable.join();
        out.println("a " + redo.lastLsn());
      }
    } catch (RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  /** Content and length follow from the LSN. */
  static RedoPackage redo(long lsn) {
    Random random = new Random(lsn);
    byte[] payload = new byte[random.nextInt(random.nextInt(50) == 0 ? 60_000 : 800)];
    random.nextBytes(payload);
    return new RedoPackage(lsn, lsn, payload);
  }
}
