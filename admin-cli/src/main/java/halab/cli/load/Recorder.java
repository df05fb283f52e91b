package halab.cli.load;

import halab.cli.Failure;
import halab.cli.load.check.Finding;
import halab.cli.load.check.Header;
import halab.cli.load.check.Judging;
import halab.cli.load.check.Op;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes the events of all clients in one order, writes them down and has them judged, on a thread
 * of its own. A beginning is handed over before its statement is sent and an end after its answer
 * has come, so the order of the events never claims more than what was. When the queue stays full a
 * client goes on without: the event is counted as dropped, and from there on nothing is judged.
 */
final class Recorder implements Closeable {
  private static final int QUEUE = 1 << 14;
  private static final long FULL_MS = 5_000;
  private static final long FLUSH_MS = 500;
  private static final long END_MS = 60_000;

  private record Mark(String what, long atNs) {}

  private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong dropped = new AtomicLong();
  private final Header header;
  private final Judging judging;
  private final HistoryWriter file;
  private final Thread thread = new Thread(this::run, "load-recorder");
  private volatile boolean ending;
  private volatile RuntimeException bug;
  private volatile Progress progress = new Progress(0, 0, 0, null);

  /**
   * Begins.
   *
   * @param path the file, made or emptied; null for none
   * @throws Failure if it cannot be written
   */
  Recorder(Header header, Path path) {
    this.header = header;
    judging = new Judging(header);
    file = path == null ? null : begun(header, path);
    thread.setDaemon(true);
    thread.start();
  }

  private static HistoryWriter begun(Header header, Path path) {
    try {
      HistoryWriter file = new HistoryWriter(Files.newBufferedWriter(path, StandardCharsets.UTF_8));
      file.header(header);
      file.flush();
      return file;
    } catch (IOException e) {
      throw Failure.config("the history " + path + " cannot be written: " + e.getMessage());
    }
  }

  void op(Op op) {
    hand(op);
  }

  void mark(String what, long atNs) {
    hand(new Mark(what, atNs));
  }

  private void hand(Object event) {
    try {
      if (!ending && queue.offer(event, FULL_MS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ending) {
      dropped.incrementAndGet();
    }
  }

  private void run() {
    try {
      boolean writing = file != null;
      while (!ending || !queue.isEmpty()) {
        Object event = queue.poll(FLUSH_MS, TimeUnit.MILLISECONDS);
        writing = writing && written(event);
        if (event != null && dropped.get() == 0) {
          judge(event);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      bug = e;
    }
  }

  /** False if the file has failed; the load goes on without it. */
  private boolean written(Object event) {
    try {
      if (event == null) {
        file.flush();
      } else if (event instanceof Op op) {
        file.op(op);
      } else if (event instanceof Mark mark) {
        file.mark(mark.what(), mark.atNs());
      }
      return true;
    } catch (IOException e) {
      judging.findings().unknown(notWritten(e));
      return false;
    }
  }

  private void judge(Object event) {
    if (event instanceof Mark mark) {
      judging.mark(mark.what(), mark.atNs());
      return;
    }
    Op op = (Op) event;
    judging.see(op);
    Progress before = progress;
    boolean acknowledged = op.type() == Op.Type.OK && op.value().writes();
    progress =
        new Progress(
            before.acknowledged() + (acknowledged ? 1 : 0),
            judging.count(Op.Type.INFO),
            acknowledged ? Math.max(op.timeNs(), before.lastAckNs()) : before.lastAckNs(),
            before.fault() == null ? fault() : before.fault());
  }

  private String fault() {
    return judging.findings().count(Finding.Kind.FAULT) == 0
        ? null
        : judging.findings().of(Finding.Kind.FAULT).get(0).what();
  }

  Progress progress() {
    return progress;
  }

  /**
   * Waits until everything is judged and reports.
   *
   * @param stoppedNs clients wrote until then
   */
  Report end(OwnStalls stalls, long stoppedNs) throws IOException, InterruptedException {
    ending = true;
    thread.join(END_MS);
    if (bug != null) {
      throw bug;
    }
    if (thread.isAlive()) {
      throw new IOException("the history was not written within " + END_MS / 1_000 + " s");
    }
    endFile(stalls, stoppedNs);
    judging.end(stoppedNs, true);
    return Report.of(header, judging, stalls.all(), stoppedNs, dropped.get());
  }

  private void endFile(OwnStalls stalls, long stoppedNs) {
    if (file == null) {
      return;
    }
    try (file) {
      file.end(stalls.all(), stoppedNs, dropped.get());
    } catch (IOException e) {
      judging.findings().unknown(notWritten(e));
    }
  }

  private static String notWritten(IOException e) {
    return "the history cannot be written: " + e.getMessage();
  }

  /** Records no more; a file that was not ended stays cut off. */
  @Override
  public void close() throws IOException {
    ending = true;
    if (file != null && !thread.isAlive()) {
      file.close();
    }
  }
}
