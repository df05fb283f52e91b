package halab.cli.load;

import halab.cli.Failure;
import halab.cli.lab.LiveLab;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * A load that goes with a lab from its start on: it begins by itself as soon as the database
 * answers for the first time, which may be long after this was made. Used by one thread.
 */
public final class LabLoad implements AutoCloseable {
  private static final long PATIENCE_MS = TimeUnit.DAYS.toMillis(1);
  private static final long LEAVE_MS = 1_000;

  private final LoadSettings settings;
  private final Where where;
  private final Thread thread = new Thread(this::begin, "load-begin");
  private volatile boolean closing;
  private volatile Load load;
  private volatile RuntimeException hopeless;

  private LabLoad(LoadSettings settings, Where where) {
    this.settings = settings;
    this.where = where;
    thread.setDaemon(true);
    thread.start();
  }

  /** Begins when the database does. */
  public static LabLoad begin(LoadSettings settings, Where where) {
    return new LabLoad(settings, where);
  }

  private void begin() {
    try {
      Load begun = Load.start(settings, where, PATIENCE_MS);
      load = begun;
      if (closing) {
        begun.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      hopeless = Failure.no("the load cannot be ended: " + e.getMessage());
    } catch (RuntimeException e) {
      hopeless = e;
    }
  }

  /** Writes acknowledged so far; 0 while the database has not answered. */
  public long acknowledged() {
    return load == null ? 0 : load.progress().acknowledged();
  }

  /** Something is done to the lab now; before the load has begun there is nothing it could do. */
  public void mark(String what) {
    if (load != null) {
      load.mark(what);
    }
  }

  /**
   * Waits for a write that is acknowledged from now on.
   *
   * @return false if none was within this time
   * @throws Failure if the database refuses this user or what was asked for
   */
  public boolean writes(long atMostMs) {
    long before = acknowledged();
    boolean came = LiveLab.await(atMostMs, () -> hopeless != null || acknowledged() > before);
    if (hopeless != null) {
      throw hopeless;
    }
    return came;
  }

  /**
   * Stops the clients, reads everything back and judges. Only after {@link #writes} said so.
   *
   * @throws IOException see {@link Load#stop}
   */
  public Report stop() throws IOException {
    try {
      return load.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.no("interrupted");
    }
  }

  /** Lets the clients go without a verdict, whether they have begun or not. */
  @Override
  public void close() throws IOException {
    closing = true;
    thread.interrupt();
    try {
      thread.join(LEAVE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (load != null) {
      load.close();
    }
  }
}
