package halab.sim;

import halab.bricks.Rng;
import halab.kernel.Check;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.redo.proto.RlogPkg;
import halab.systems.LabPlan;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SortedMap;

/**
 * A disk that only one host reaches, with nothing between, for redo alone. Requests take effect in
 * the order in which they were made, and each at the moment of its answer. Of what was not answered
 * when its process ended some first packages stand, or none. Content survives everything.
 */
public final class SimOwnDisk {
  /** A read ends after so many packages, as it does live after so many bytes. */
  private static final int READ_MOST = 100;

  private final World world;
  private final LabPlan.DiskPlan plan;
  private final Rng rng;
  private final SimRedo redo = new SimRedo();
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();
  private Fault.DiskKind fault = Fault.DiskKind.OK;
  private long delayMs;
  private long lastDueMs;

  private record Request(SimProcess caller, long life, long number, Effect wanted, long dueMs) {}

  SimOwnDisk(World world, LabPlan.DiskPlan plan, Rng rng) {
    this.world = world;
    this.plan = plan;
    this.rng = rng;
  }

  String name() {
    return plan.name();
  }

  /** Whether this is what a process on that host means by a path. */
  boolean is(String host, String path) {
    return plan.host().equals(host) && plan.path().equals(path);
  }

  /** What stands in a redo thread at this moment, by LSN, whatever faults say. */
  public SortedMap<Long, RlogPkg> redo(int thread) {
    return redo.standing(thread);
  }

  void submit(SimProcess caller, long number, Effect wanted) {
    long way = rng.below(world.rates().diskMs() + 1) + delayMs;
    lastDueMs = Math.max(lastDueMs, world.nowMs() + way);
    waiting.add(new Request(caller, caller.incarnation(), number, wanted, lastDueMs));
    world.at(lastDueMs, this::drain);
  }

  private void drain() {
    while (fault != Fault.DiskKind.HANG
        && !waiting.isEmpty()
        && waiting.peek().dueMs() <= world.nowMs()) {
      serve(waiting.poll());
    }
  }

  private void serve(Request request) {
    String failure = failure(request.wanted());
    Event answer =
        failure == null
            ? done(request.wanted())
            : new Event.DiskFailed(request.number(), plan.path(), failure);
    if (!(request.wanted() instanceof Effect.ReleaseRedo)) {
      request.caller().deliver(request.life(), answer);
    }
  }

  /** Why it cannot be done at this moment; null: it can. */
  private String failure(Effect wanted) {
    if (fault == Fault.DiskKind.FAIL) {
      return "input/output error";
    }
    boolean full = fault == Fault.DiskKind.FULL && wanted instanceof Effect.WriteRedo;
    return full ? "no space left on device" : null;
  }

  /** Does it. Null where nothing is answered. */
  private Event done(Effect wanted) {
    if (wanted instanceof Effect.WriteRedo write) {
      write.pkgs().forEach(pkg -> redo.append(write.thread(), pkg));
      return new Event.RedoWritten(write.request(), plan.path(), write.thread());
    }
    if (wanted instanceof Effect.ReadRedo read) {
      int most = Math.min(read.most(), READ_MOST);
      return redo.read(
          new Effect.ReadRedo(read.request(), read.disk(), read.thread(), read.fromLsn(), most));
    }
    if (wanted instanceof Effect.ReleaseRedo release) {
      redo.release(release);
      return null;
    }
    throw new Check.Failed("disk " + plan.name() + " holds redo alone: " + wanted);
  }

  /** A process is gone, and with it the answers that it waited for. */
  void ended(SimProcess caller) {
    List<Request> lost = waiting.stream().filter(r -> r.caller() == caller).toList();
    waiting.removeAll(lost);
    int left = lost.isEmpty() ? 0 : rng.below(lost.stream().mapToInt(this::packages).sum() + 1);
    for (Request request : lost) {
      if (failure(request.wanted()) == null && request.wanted() instanceof Effect.WriteRedo write) {
        int count = Math.min(left, write.pkgs().size());
        write.pkgs().subList(0, count).forEach(pkg -> redo.append(write.thread(), pkg));
        left -= count;
      }
    }
  }

  private int packages(Request request) {
    return request.wanted() instanceof Effect.WriteRedo write ? write.pkgs().size() : 0;
  }

  void inject(Fault.Disk wanted) {
    fault = wanted.kind();
    delayMs = wanted.delayMs();
    drain();
  }
}
