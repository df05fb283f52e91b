package halab.sim;

import halab.kernel.Check;

/** Where faults are put in: the simulated world, or the processes of a live lab. */
public interface FaultPort {
  void process(Fault.Process fault);

  /** By hand alone: no scenario and no schedule can say it. */
  default void hold(Fault.Hold fault) {
    throw new Check.Failed(fault.text() + " is no fault of a scenario");
  }

  void power(Fault.Power fault);

  void link(Fault.Link fault);

  void heal(Fault.Heal fault);

  void disk(Fault.Disk fault);

  void clock(Fault.Clock fault);
}
