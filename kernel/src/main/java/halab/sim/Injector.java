package halab.sim;

import halab.kernel.Check;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;

/** Does to a simulated world what faults say. */
final class Injector implements FaultPort {
  private final World world;

  Injector(World world) {
    this.world = world;
  }

  @Override
  public void process(Fault.Process fault) {
    note(fault);
    SimProcess target = world.process(fault.target());
    switch (fault.op()) {
      case KILL:
        target.kill();
        break;
      case PAUSE:
        target.pause();
        break;
      case RESUME:
        target.resume();
        resumed(target);
        break;
      case STOP, TSTP:
        stop(target);
        break;
      default:
        if (!target.alive() && target.host().on) {
          target.launch(world.bootMs(target));
        }
        break;
    }
  }

  private void stop(SimProcess target) {
    if (target == world.diskDaemon()) {
      target.kill();
    } else {
      target.deliver(target.incarnation(), new Event.StopRequested());
    }
  }

  private void resumed(SimProcess target) {
    if (target == world.diskDaemon()) {
      world.disks().forEach(SimDisk::drain);
    }
  }

  @Override
  public void type(Fault.Type fault) {
    note(fault);
    world.command(fault.target(), fault.words(), answer -> {});
  }

  @Override
  public void edit(Fault.Edit fault) {
    note(fault);
    SimHost host = world.host(fault.host());
    String before = host.file(fault.file());
    Check.that(before != null, "host %s has no file %s", fault.host(), fault.file());
    host.write(Effect.Folder.CONFIG, fault.file(), fault.changed(before));
  }

  @Override
  public void remove(Fault.Remove fault) {
    note(fault);
    SimHost host = world.host(fault.host());
    boolean saved = host.saved().containsKey(fault.file());
    host.write(saved ? Effect.Folder.SYSTEM : Effect.Folder.CONFIG, fault.file(), null);
  }

  @Override
  public void power(Fault.Power fault) {
    note(fault);
    SimHost host = world.host(fault.host());
    if (fault.on()) {
      powerOn(host);
      return;
    }
    host.on = false;
    host.addresses.clear();
    for (SimProcess process : world.processes()) {
      if (process.host() == host) {
        process.kill();
      }
    }
  }

  /** Starts what of the start list is not running; also on a host that is on already. */
  void powerOn(SimHost host) {
    host.on = true;
    long delay = 0;
    for (String role : host.startList) {
      SimProcess process = world.find(new Endpoint(host.name, role));
      if (process != null && !process.alive()) {
        process.launch(delay + world.bootMs(process));
        delay += 100;
      }
    }
  }

  @Override
  public void link(Fault.Link fault) {
    note(fault);
    SimNets.Before before = world.nets().before();
    for (String from : fault.from()) {
      for (String to : fault.to()) {
        world.nets().set(fault, world.host(from), world.host(to));
        if (fault.bothWays()) {
          world.nets().set(fault, world.host(to), world.host(from));
        }
      }
    }
    world.links().rulesChanged(before);
  }

  @Override
  public void heal(Fault.Heal fault) {
    note(fault);
    SimNets.Before before = world.nets().before();
    if (fault.all()) {
      world.nets().healAll();
    }
    for (String from : fault.from()) {
      for (String to : fault.to()) {
        world.nets().heal(world.host(from), world.host(to));
      }
    }
    world.links().rulesChanged(before);
    if (fault.all()) {
      for (SimDisk disk : world.disks()) {
        disk.inject(new Fault.Disk(disk.name(), Fault.DiskKind.OK, 0, null), null);
      }
      for (SimOwnDisk disk : world.ownDisks()) {
        disk.inject(new Fault.Disk(disk.name(), Fault.DiskKind.OK, 0, null));
      }
    }
  }

  @Override
  public void disk(Fault.Disk fault) {
    note(fault);
    SimOwnDisk own = world.ownDisk(fault.disk());
    if (own != null) {
      own.inject(fault);
      return;
    }
    SimHost host = fault.host() == null ? null : world.host(fault.host());
    world.disk(fault.disk()).inject(fault, host);
  }

  @Override
  public void clock(Fault.Clock fault) {
    note(fault);
    world.host(fault.host()).stepClock(fault.stepMs());
  }

  private void note(Fault fault) {
    world.trace().note(world.nowMs(), null, fault.text());
  }
}
