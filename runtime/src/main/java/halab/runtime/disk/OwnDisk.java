package halab.runtime.disk;

import halab.admin.proto.OwnDiskFault;
import halab.runtime.LabClock;
import halab.runtime.faults.FaultRules;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What is wrong with a host's own disk: whoever is about to read or write it asks here first. A
 * disk that hangs lets nobody return until it is healed, as a real one does.
 */
public final class OwnDisk {
  /** What a host's own disk can have; the rest needs a disk daemon. */
  private static final List<DiskFault.Kind> KINDS =
      List.of(
          DiskFault.Kind.OK,
          DiskFault.Kind.FAIL,
          DiskFault.Kind.HANG,
          DiskFault.Kind.SLOW,
          DiskFault.Kind.FULL);

  private final String name;
  private final FaultRules rules;
  private final LabClock clock;

  /** {@code rules}: those of the process that has the disk. */
  public OwnDisk(String name, FaultRules rules, LabClock clock) {
    this.name = name;
    this.rules = rules;
    this.clock = clock;
    rules.onChange(this::changed);
  }

  private synchronized void changed() {
    notifyAll();
  }

  /** What is wrong with a fault for such a disk, or null. */
  public static String problem(String fault, long delayMs) {
    try {
      if (KINDS.contains(DiskFault.parse(fault, delayMs).kind())) {
        return null;
      }
      return "a host's own disk knows no fault '"
          + fault
          + "'; known: "
          + KINDS.toString().toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /** How a fault is shown. */
  public static String text(OwnDiskFault fault) {
    return DiskFault.parse(fault.getFault(), fault.getDelayMs()).toString();
  }

  /** Returns when the disk may be read. An interrupt ends a wait. */
  public void beforeRead() throws IOException {
    before(false);
  }

  /** Returns when the disk may be written. An interrupt ends a wait. */
  public void beforeWrite() throws IOException {
    before(true);
  }

  private void before(boolean write) throws IOException {
    try {
      synchronized (this) {
        long slowUntilNs = Long.MIN_VALUE;
        while (true) {
          DiskFault fault = fault();
          switch (fault.kind()) {
            case FAIL -> {
              rules.bitten(name);
              throw new IOException("input/output error");
            }
            case FULL -> {
              if (write) {
                rules.bitten(name);
                throw new DiskFullException(null);
              }
              return;
            }
            case HANG -> {
              rules.bitten(name);
              wait();
            }
            case SLOW -> {
              long nowNs = System.nanoTime();
              if (slowUntilNs == Long.MIN_VALUE) {
                rules.bitten(name);
                slowUntilNs = nowNs + TimeUnit.MILLISECONDS.toNanos(clock.realMs(fault.delayMs()));
              }
              if (slowUntilNs - nowNs <= 0) {
                return;
              }
              TimeUnit.NANOSECONDS.timedWait(this, slowUntilNs - nowNs);
            }
            default -> {
              return;
            }
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("disk " + name + ": given up");
    }
  }

  private DiskFault fault() {
    OwnDiskFault fault = rules.ownDisk(name);
    return fault == null ? DiskFault.NONE : DiskFault.parse(fault.getFault(), fault.getDelayMs());
  }

  @Override
  public String toString() {
    return name;
  }
}
