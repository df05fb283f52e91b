package halab.sim;

import halab.kernel.Check;

/** Where faults are put in: the simulated world, or the processes of a live lab. */
public interface FaultPort {
  void process(Fault.Process fault);

  /** By hand alone: no scenario and no schedule can say it. */
  default void hold(Fault.Hold fault) {
    throw new Check.Failed(fault.text() + " is no fault of a scenario");
  }

  /** In scenarios and schedules; by hand there are the consoles themselves. */
  default void type(Fault.Type fault) {
    throw new Check.Failed(fault.text() + " can be said in a scenario only");
  }

  /** In scenarios and schedules; by hand there is the file itself. */
  default void edit(Fault.Edit fault) {
    throw new Check.Failed(fault.text() + " can be said in a scenario only");
  }

  /** In scenarios and schedules; by hand there is the file itself. */
  default void remove(Fault.Remove fault) {
    throw new Check.Failed(fault.text() + " can be said in a scenario only");
  }

  void power(Fault.Power fault);

  void link(Fault.Link fault);

  void heal(Fault.Heal fault);

  void disk(Fault.Disk fault);

  void clock(Fault.Clock fault);
}
