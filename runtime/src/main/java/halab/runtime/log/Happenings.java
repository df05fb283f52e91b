package halab.runtime.log;

import halab.kernel.Event;
import halab.kernel.Now;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came in and is worth a line in {@code events.jsonl}: links that came or went, disks that
 * began or ceased to fail, answers of the host. A disk's failure is written once and then counted
 * until it works again. Loop thread only.
 */
public final class Happenings {
  private final RoleLogs logs;
  private final Map<String, Failing> failing = new TreeMap<>();

  /** A disk's present trouble. */
  private static final class Failing {
    final String reason;
    long times;

    Failing(String reason) {
      this.reason = reason;
    }
  }

  public Happenings(RoleLogs logs) {
    this.logs = logs;
  }

  public void note(Event event, Now now) {
    if (event instanceof Event.Received || event instanceof Event.Tick) {
      return;
    }
    if (event instanceof Event.BlocksRead read) {
      works(read.disk(), now);
    } else if (event instanceof Event.BlockWritten written) {
      works(written.disk(), now);
    } else if (event instanceof Event.DiskFailed failed) {
      fails(failed, now);
    } else if (event instanceof Event.LinkUp up) {
      JsonLine peer = new JsonLine().put("peer", up.peer().toString());
      logs.event("link-up", now, peer.put("incarnation", up.peerIncarnation()));
    } else if (event instanceof Event.LinkDown down) {
      JsonLine peer = new JsonLine().put("peer", down.peer().toString());
      logs.event("link-down", now, peer.put("reason", down.reason()));
    } else if (event instanceof Event.Launched launched) {
      JsonLine role = new JsonLine().put("role", launched.role());
      logs.event("launched", now, role.put("failure", launched.failure()));
    } else if (event instanceof Event.AddressSet set) {
      JsonLine address = new JsonLine().put("nic", set.nic()).put("address", set.address());
      logs.event("address-set", now, address.put("failure", set.failure()));
    } else if (event instanceof Event.StopRequested) {
      logs.event("stop-requested", now, new JsonLine());
    } else if (event instanceof Event.Command command) {
      // The first word alone: what follows may be a password.
      String verb = command.words().isEmpty() ? "" : command.words().get(0);
      logs.event("command", now, new JsonLine().put("verb", verb));
    }
  }

  private void fails(Event.DiskFailed failed, Now now) {
    Failing before = failing.get(failed.disk());
    if (before == null || !before.reason.equals(failed.reason())) {
      works(failed.disk(), now);
      before = new Failing(failed.reason());
      failing.put(failed.disk(), before);
      JsonLine disk = new JsonLine().put("disk", failed.disk());
      logs.event("disk-failed", now, disk.put("reason", failed.reason()));
    }
    before.times++;
  }

  private void works(String disk, Now now) {
    Failing before = failing.isEmpty() ? null : failing.remove(disk);
    if (before != null) {
      JsonLine detail = new JsonLine().put("disk", disk).put("reason", before.reason);
      logs.event("disk-failed-before", now, detail.put("times", before.times));
    }
  }
}
