package halab.node.data;

import halab.node.redo.FileRedoDevice;
import halab.node.redo.RedoAlarms;
import halab.node.redo.RedoCounters;
import halab.node.redo.RedoCursor;
import halab.node.redo.RedoDevice;
import halab.node.redo.RedoFormat;
import halab.node.redo.RedoOwner;
import halab.node.redo.RedoPackage;
import halab.node.redo.RedoReader;
import halab.node.redo.RedoShape;
import halab.node.redo.RedoWriter;
import halab.node.sql.Database;
import halab.node.sql.Gate;
import halab.node.sql.Options;
import halab.node.sql.Replay;
import halab.node.sql.SqlFailure;
import halab.redo.proto.RlogPkg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The rows of an instance that stands alone: engine and redo log in one folder. Opened, it shows
 * all that was ever acknowledged. Checkpoints free the log and bound the next start.
 */
public final class SingleData implements AutoCloseable {
  /** Sessions at a time. */
  public static final int SESSIONS_MOST = 500;

  private static final long CHANGE_BYTES_MOST = 192L << 20;
  private static final long GATE_MS = 10_000;
  private static final int REPLAY_AT_ONCE = 256;

  /** With fewer segments to go, the log would be full before long. */
  private static final int SEGMENTS_LOW = 1;

  private static final long LOOK_MS = 100;
  private static final RedoOwner OWNER = new RedoOwner("SINGLE", 0, 1);

  /**
   * What opening it took.
   *
   * @param lsn of the last package
   * @param packages that the engine lacked
   * @param ms for reading the log and for replaying, in milliseconds
   * @param cut what was cut off the end of the log, for people; null when nothing is known of
   */
  public record Recovery(long lsn, long packages, long ms, String cut) {}

  private final Store store;
  private final Backlog backlog;
  private final Database database;
  private final SingleCommits commits;
  private final RedoDevice device;
  private final RedoWriter writer;
  private final Recovery recovery;
  private final long checkpointMs;
  private final Consumer<Throwable> ends;
  private final Semaphore wanted = new Semaphore(0);
  private final Thread checkpoints;
  private volatile boolean closing;

  private SingleData(
      Store store,
      Backlog backlog,
      Database database,
      SingleCommits commits,
      RedoReader reader,
      RedoDevice device,
      Recovery recovery,
      long checkpointMs,
      Consumer<Throwable> ends) {
    this.store = store;
    this.backlog = backlog;
    this.database = database;
    this.commits = commits;
    this.device = device;
    this.recovery = recovery;
    this.checkpointMs = checkpointMs;
    this.ends = ends;
    RedoAlarms alarms =
        new RedoAlarms() {
          @Override
          public void full(long neededLsn) {
            wanted.release();
          }
        };
    this.writer = RedoWriter.start(reader, alarms);
    commits.start(writer, reader.lastLsn());
    this.checkpoints = new Thread(this::checkpoints, "checkpoints");
    checkpoints.setDaemon(true);
    checkpoints.start();
  }

  /**
   * The log in the file {@code redo.log} of the folder; both are made when the folder holds no
   * instance yet.
   *
   * @throws IOException when the file is missing, in use or cannot be made, with the remedy
   */
  public static RedoDevice device(Path folder, RedoShape shape) throws IOException {
    Path file = folder.resolve("redo.log");
    if (!Files.exists(file) && !Files.exists(store(folder))) {
      Files.createDirectories(folder);
      FileRedoDevice.create(file, shape.bytes());
    }
    return FileRedoDevice.open(file);
  }

  private static Path store(Path folder) {
    return folder.resolve("store");
  }

  /**
   * Opens the instance in the folder and closes the device in the end.
   *
   * @param shape of a log that has to be made; one that is there keeps its own
   * @param checkpointMs the longest time between two checkpoints, in milliseconds
   * @param ends told that the instance cannot go on: redo or store failed, and the outcome of
   *     commits under way is not known. Ends the process, so that nobody is told a wrong one; may
   *     be called more than once, on any thread.
   * @throws IOException when the log cannot be read or does not fit the store; a {@link
   *     halab.node.redo.RedoDamage} when it is damaged; with the remedy
   * @throws SqlFailure when the store cannot be opened or is damaged, with the remedy
   */
  public static SingleData open(
      Path folder, RedoDevice device, RedoShape shape, long checkpointMs, Consumer<Throwable> ends)
      throws IOException, SqlFailure {
    long begunNs = System.nanoTime();
    Database database = null;
    try {
      if (!Files.exists(store(folder)) && RedoFormat.blank(device, shape)) {
        RedoFormat.write(device, OWNER, shape, 0, false);
      }
      RedoReader reader = RedoReader.open(device, OWNER);
      Backlog backlog = new Backlog();
      SingleCommits commits = new SingleCommits(reader.shape().payloadBytesMax(), backlog, ends);
      Gate gate = new Gate(Gate.State.OPEN, GATE_MS);
      Store store = new Store(store(folder));
      store.prepare();
      Options options = new Options(store.folder(), "halab", 0, SESSIONS_MOST, CHANGE_BYTES_MOST);
      database = Database.open(options, commits, gate);
      long packages = replay(reader, database, backlog);
      reader.settle();
      long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs);
      Recovery recovery = new Recovery(reader.lastLsn(), packages, ms, reader.cut());
      return new SingleData(
          store, backlog, database, commits, reader, device, recovery, checkpointMs, ends);
    } catch (IOException | SqlFailure | RuntimeException e) {
      try (device) {
        if (database != null) {
          database.close();
        }
      }
      throw e;
    }
  }

  /** What the engine lacks, in the order of the log; the number of packages. */
  private static long replay(RedoReader reader, Database database, Backlog backlog)
      throws IOException, SqlFailure {
    Map<Integer, Long> applied = database.appliedPositions();
    long newest = applied.values().stream().max(Long::compare).orElse(0L);
    if (newest < reader.startLsn() || newest > reader.lastLsn()) {
      String what =
          "redo log %s has the LSNs after %d up to %d, but the store has LSN %d: they are not of"
              + " one time; restore both from the same copy";
      throw new IOException(
          String.format(
              Locale.ROOT, what, reader.device(), reader.startLsn(), reader.lastLsn(), newest));
    }
    long packages = 0;
    List<Replay> batch = new ArrayList<>();
    RedoCursor cursor = reader.packages(reader.startLsn() + 1);
    for (RedoPackage one = cursor.next(); one != null; one = cursor.next()) {
      RlogPkg pkg = RlogPkg.parseFrom(one.payload());
      if (one.lastLsn() <= applied.getOrDefault(pkg.getSlot(), 0L)) {
        continue;
      }
      batch.add(Backlog.replay(one.lastLsn(), pkg));
      backlog.add(one.lastLsn(), pkg);
      packages++;
      if (batch.size() == REPLAY_AT_ONCE) {
        database.applyAll(batch);
        batch.clear();
      }
    }
    database.applyAll(batch);
    return packages;
  }

  public Database database() {
    return database;
  }

  public Recovery recovery() {
    return recovery;
  }

  public RedoCounters counters() {
    return writer.counters();
  }

  private void checkpoints() {
    long lastNs = System.nanoTime();
    try {
      while (!closing) {
        boolean full = wanted.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS);
        boolean due = System.nanoTime() - lastNs >= TimeUnit.MILLISECONDS.toNanos(checkpointMs);
        if (full || due || writer.freeSegments() <= SEGMENTS_LOW) {
          checkpoint();
          lastNs = System.nanoTime();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | SqlFailure | RuntimeException | Error e) {
      ends.accept(e);
    }
  }

  /** Whatever the engine shows when it begins need not be replayed any more. */
  private void checkpoint() throws IOException, SqlFailure {
    long lsn = commits.position();
    store.advance(backlog.take(lsn));
    writer.releaseUpTo(lsn);
  }

  /**
   * Ends the sessions and closes store and log in order, so that the next start replays nothing.
   */
  @Override
  public void close() throws IOException, SqlFailure {
    closing = true;
    try (device) {
      checkpoints.join(GATE_MS);
      database.close();
      writer.close();
      store.closed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
