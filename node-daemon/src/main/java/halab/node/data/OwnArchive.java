package halab.node.data;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.node.redo.RedoArchive;
import halab.node.redo.RedoDamage;
import halab.node.redo.RedoPackage;
import halab.redo.proto.RlogPkg;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * The archive of redo on a disk of this host, as the role asks for it. One thread writes: what has
 * queued up meanwhile goes in by one force. After a failure the archive is opened anew.
 */
final class OwnArchive {
  /** Opens it where it lies, or fails as the disk does. */
  interface Opener {
    RedoArchive open() throws IOException;
  }

  /** Asked for by the loop, in this order. */
  private sealed interface Task {}

  private record Write(Effect.WriteRedo effect) implements Task {}

  private record Release(long lsn) implements Task {}

  private final Opener opener;
  private final Consumer<Event> events;
  private final LinkedBlockingQueue<Task> queue = new LinkedBlockingQueue<>();

  /** Requests to write that are not answered yet. */
  private final Set<Long> pending = new HashSet<>();

  private final Object opening = new Object();
  private RedoArchive archive;

  // Loop thread only.
  private Thread reading;

  OwnArchive(Opener opener, Consumer<Event> events) {
    this.opener = opener;
    this.events = events;
    Thread thread = new Thread(this::work, "redo-archive");
    thread.setDaemon(true);
    thread.start();
  }

  /** Loop thread. One that is under way goes on, however often it is asked for. */
  void write(Effect.WriteRedo write) {
    synchronized (pending) {
      if (!pending.add(write.request())) {
        return;
      }
    }
    queue.add(new Write(write));
  }

  /** Loop thread. */
  void release(long lsn) {
    queue.add(new Release(lsn));
  }

  /** Loop thread. Ends the reading before. */
  void read(Effect.ReadRedo read) {
    if (reading != null) {
      reading.interrupt();
    }
    reading = new Thread(() -> readPart(read), "redo-read");
    reading.setDaemon(true);
    reading.start();
  }

  private RedoArchive opened() throws IOException {
    synchronized (opening) {
      if (archive == null) {
        archive = opener.open();
      }
      return archive;
    }
  }

  private void drop() {
    synchronized (opening) {
      RedoArchive old = archive;
      archive = null;
      try {
        if (old != null) {
          old.close();
        }
      } catch (IOException e) {
        // It is opened anew, and what is durable is found out then.
      }
    }
  }

  private void work() {
    try {
      List<Task> taken = new ArrayList<>();
      while (true) {
        taken.add(queue.take());
        queue.drainTo(taken);
        write(taken.stream().filter(Write.class::isInstance).map(Write.class::cast).toList());
        taken.stream()
            .filter(Release.class::isInstance)
            .mapToLong(t -> ((Release) t).lsn())
            .max()
            .ifPresent(this::remove);
        taken.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(List<Write> writes) {
    if (writes.isEmpty()) {
      return;
    }
    String failure = null;
    try {
      List<RedoPackage> packages = new ArrayList<>();
      for (Write write : writes) {
        for (RlogPkg pkg : write.effect().pkgs()) {
          packages.add(new RedoPackage(pkg.getLsn(), pkg.getLsn(), pkg.toByteArray()));
        }
      }
      opened().append(packages);
    } catch (IOException e) {
      drop();
      failure = String.valueOf(e.getMessage());
    }
    for (Write write : writes) {
      answer(write.effect(), failure);
    }
  }

  private void answer(Effect.WriteRedo write, String failure) {
    synchronized (pending) {
      pending.remove(write.request());
    }
    events.accept(
        failure == null
            ? new Event.RedoWritten(write.request(), write.disk(), write.thread())
            : new Event.DiskFailed(write.request(), write.disk(), failure));
  }

  private void remove(long lsn) {
    try {
      opened().releaseUpTo(lsn);
    } catch (IOException e) {
      drop(); // Files that stay only take room; the next release meets them again.
    }
  }

  private void readPart(Effect.ReadRedo read) {
    try {
      RedoArchive.Part part = opened().read(read.fromLsn(), read.most(), LocalRedo.READ_BYTES_MOST);
      List<RlogPkg> pkgs = new ArrayList<>();
      for (RedoPackage one : part.packages()) {
        pkgs.add(RlogPkg.parseFrom(one.payload()));
      }
      events.accept(
          new Event.RedoRead(
              read.request(), read.disk(), read.thread(), pkgs, part.oldestLsn(), part.lastLsn()));
    } catch (RedoDamage e) {
      events.accept(
          new Event.RedoDamaged(read.request(), read.disk(), read.thread(), e.getMessage()));
    } catch (IOException e) {
      if (!Thread.currentThread().isInterrupted()) {
        events.accept(new Event.DiskFailed(read.request(), read.disk(), e.getMessage()));
      }
    }
  }
}
