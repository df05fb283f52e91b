package halab.sim;

import halab.bricks.Rng;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * What one process asks of its own host: other roles, processes, addresses, small files. Saves are
 * carried out in the order in which they were asked for; of those that were not answered when the
 * process ended, some first ones stand.
 */
final class SimAgent {
  private static final int LONGEST_MS = 10;

  private final World world;
  private final SimProcess process;
  private final SimHost host;
  private final Rng rng;
  private final Rng own;
  private final ArrayDeque<Effect.SaveFile> unsaved = new ArrayDeque<>();
  private long lastSavedMs;

  /**
   * @param rng the process's own stream
   */
  SimAgent(World world, SimProcess process, Rng rng) {
    this.world = world;
    this.process = process;
    this.host = process.host();
    this.rng = rng;
    this.own = rng.fork("agent");
  }

  /** False when the effect is none for the host. */
  boolean perform(Effect effect) {
    if (effect instanceof Effect.Launch launch) {
      launch(launch.role());
    } else if (effect instanceof Effect.SetAddress address) {
      setAddress(address);
    } else if (effect instanceof Effect.SaveFile save) {
      save(save);
    } else if (effect instanceof Effect.EndRole end) {
      later(() -> ended(end));
    } else if (effect instanceof Effect.FindProcess find) {
      later(() -> new Event.ProcessFound(find.request(), find.pid(), runs(find.pid())));
    } else {
      return false;
    }
    return true;
  }

  /** The process is gone. */
  void crashed() {
    if (unsaved.isEmpty()) {
      return;
    }
    for (int done = own.below(unsaved.size() + 1); done > 0; done--) {
      write(unsaved.poll());
    }
    unsaved.clear();
  }

  private void launch(String name) {
    SimProcess other = beside(name);
    String failure = null;
    if (other == null) {
      failure = noRole(name);
    } else if (other.alive()) {
      failure = Event.Launched.alreadyRunning(name);
    } else {
      other.launch(world.bootMs(other));
    }
    answer(5 + rng.below(45), new Event.Launched(name, failure));
  }

  private void setAddress(Effect.SetAddress wanted) {
    String failure = null;
    if (!host.nics.contains(wanted.nic())) {
      failure = "no such interface " + wanted.nic();
    } else if (wanted.up()) {
      host.addresses.add(wanted.address());
    } else {
      host.addresses.remove(wanted.address());
    }
    answer(
        1 + rng.below(10),
        new Event.AddressSet(wanted.nic(), wanted.address(), wanted.up(), failure));
  }

  private void answer(long delayMs, Event event) {
    long life = process.incarnation();
    world.later(delayMs, () -> process.deliver(life, event));
  }

  /** What the host's agent does is done even if who asked for it is gone by then. */
  private void later(Supplier<Event> what) {
    long life = process.incarnation();
    world.later(
        1 + own.below(LONGEST_MS),
        () -> {
          if (host.on) {
            process.deliver(life, what.get());
          }
        });
  }

  private Event ended(Effect.EndRole wanted) {
    SimProcess other = beside(wanted.role());
    if (other != null) {
      other.kill();
    }
    String failure = other == null ? noRole(wanted.role()) : null;
    return new Event.RoleEnded(wanted.request(), wanted.role(), failure);
  }

  private boolean runs(long pid) {
    return world.processes().stream()
        .anyMatch(p -> p.host() == host && p.alive() && p.pid() == pid);
  }

  /** The role of this name on this host; null when there is none. */
  private SimProcess beside(String name) {
    SimProcess other = world.find(new Endpoint(host.name, name));
    return other == null || other.role() == null ? null : other;
  }

  private String noRole(String name) {
    return "host " + host.name + " has no role " + name;
  }

  private void save(Effect.SaveFile wanted) {
    unsaved.add(wanted);
    lastSavedMs = Math.max(lastSavedMs, world.nowMs() + 1 + own.below(LONGEST_MS));
    long life = process.incarnation();
    world.at(lastSavedMs, () -> saved(life));
  }

  private void saved(long life) {
    if (process.alive() && process.incarnation() == life) {
      Effect.SaveFile done = unsaved.poll();
      write(done);
      process.deliver(life, new Event.FileSaved(done.request(), done.name(), null));
    }
  }

  private void write(Effect.SaveFile wanted) {
    host.write(wanted.folder(), wanted.name(), wanted.text());
  }
}
