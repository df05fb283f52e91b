package halab.node.redo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** What tests of a log say often. */
final class Logs {
  static final RedoOwner OWNER = new RedoOwner("DSC0", 0, 4711);
  static final RedoShape SMALL = new RedoShape(8192, 3);

  private Logs() {}

  static MemoryDevice formatted(RedoShape shape) throws IOException {
    MemoryDevice device = new MemoryDevice(shape.bytes());
    RedoFormat.write(device, OWNER, shape, 0, false);
    return device;
  }

  static RedoWriter start(RedoDevice device, RedoAlarms alarms) throws IOException {
    RedoReader reader = RedoReader.open(device, OWNER);
    reader.settle();
    return RedoWriter.start(reader, alarms);
  }

  /** A package with content that follows from its LSN. */
  static RedoPackage redo(long lsn, int length) {
    byte[] payload = new byte[length];
    new Random(lsn).nextBytes(payload);
    return new RedoPackage(lsn, lsn, payload);
  }

  /** Waits for the outcome; a failure is thrown as what it is. */
  static void get(CompletableFuture<Void> future) throws IOException {
    try {
      future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (IOException) e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  static void append(RedoWriter writer, long lsn, int length) throws IOException {
    get(writer.append(redo(lsn, length)));
  }

  static List<RedoPackage> all(RedoReader reader) throws IOException {
    List<RedoPackage> all = new ArrayList<>();
    RedoCursor cursor = reader.packages(reader.startLsn() + 1);
    for (RedoPackage next = cursor.next(); next != null; next = cursor.next()) {
      all.add(next);
    }
    return all;
  }

  static List<Long> lsns(RedoReader reader) throws IOException {
    return all(reader).stream().map(RedoPackage::lastLsn).toList();
  }

  static void until(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("within 30 s not seen: " + what);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
