package halab.node.data;

import halab.kernel.Event;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Work with checkpoint images, which takes its time at a disk and so has a thread of its own: one
 * at a time, the latest one that was asked for. The one before ends where it waits for a disk.
 */
final class ImageWork {
  private final Consumer<Event> events;
  private final Consumer<Throwable> broken;
  private final Object whole = new Object();
  private Thread latest;

  ImageWork(Consumer<Event> events, Consumer<Throwable> broken) {
    this.events = events;
    this.broken = broken;
  }

  /** A failure of the disk is the answer to this request; any other ends the process. */
  synchronized void begin(long request, String disk, Applier.Work work) {
    Thread before = latest;
    latest =
        new Thread(
            () -> {
              try {
                if (before != null) {
                  synchronized (whole) {
                    before.interrupt();
                  }
                  awaitEnd(before);
                }
                work.run();
              } catch (IOException e) {
                events.accept(new Event.DiskFailed(request, disk, e.getMessage()));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // a newer request has taken over
              } catch (Exception | Error e) {
                broken.accept(e);
              }
            },
            "image");
    latest.setDaemon(true);
    latest.start();
  }

  /** Whoever is interrupted here waits nevertheless: the next one waits for him alone. */
  private static void awaitEnd(Thread before) throws InterruptedException {
    boolean interrupted = false;
    while (before.isAlive()) {
      try {
        before.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      throw new InterruptedException();
    }
  }

  /** Part of the work that is not to be ended half way: all of it, or nothing. */
  void wholly(Applier.Work work) throws Exception {
    synchronized (whole) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      work.run();
    }
  }
}
