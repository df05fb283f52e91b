package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import java.util.function.Predicate;

/**
 * What an operator does after a storm: takes all fault rules away, wakes what is paused, powers
 * hosts on and starts what the start lists want and is not running.
 */
final class Repair {
  private Repair() {}

  static void once(FaultPort port, LabPlan plan, Predicate<Endpoint> paused) {
    Fault.Heal.ALL.applyTo(port);
    if (!plan.disks().isEmpty()) {
      resume(port, Hosts.DISK_DAEMON, paused);
      new Fault.Power(Hosts.STORE, true).applyTo(port);
    }
    for (Endpoint daemon : plan.daemons()) {
      resume(port, daemon, paused);
    }
    for (LabPlan.HostPlan host : plan.hosts()) {
      new Fault.Power(host.name(), true).applyTo(port);
    }
  }

  private static void resume(FaultPort port, Endpoint daemon, Predicate<Endpoint> paused) {
    if (paused.test(daemon)) {
      new Fault.Process(Fault.ProcessOp.RESUME, daemon).applyTo(port);
    }
  }
}
