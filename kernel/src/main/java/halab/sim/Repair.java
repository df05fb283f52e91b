package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.View;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What an operator does after a storm: takes all fault rules away, wakes what is paused, powers
 * hosts on and starts what the start lists want and is not running, and switches on again what was
 * switched off at the monitor.
 */
final class Repair {
  private Repair() {}

  static void once(
      FaultPort port,
      LabPlan plan,
      Predicate<Endpoint> paused,
      SystemChecks checks,
      Map<Endpoint, View> views) {
    Fault.Heal.ALL.applyTo(port);
    if (Hosts.hasStore(plan)) {
      resume(port, Hosts.DISK_DAEMON, paused);
      new Fault.Power(Hosts.STORE, true).applyTo(port);
    }
    for (Endpoint daemon : plan.daemons()) {
      resume(port, daemon, paused);
    }
    for (LabPlan.HostPlan host : plan.hosts()) {
      new Fault.Power(host.name(), true).applyTo(port);
    }
    for (List<String> words : checks.repairWords(views)) {
      new Fault.Type(checks.monitor(plan), words).applyTo(port);
    }
  }

  private static void resume(FaultPort port, Endpoint daemon, Predicate<Endpoint> paused) {
    if (paused.test(daemon)) {
      new Fault.Process(Fault.ProcessOp.RESUME, daemon).applyTo(port);
    }
  }
}
