package halab.sim;

/** Where faults are put in: the simulated world, or the processes of a live lab. */
public interface FaultPort {
  void process(Fault.Process fault);

  void power(Fault.Power fault);

  void link(Fault.Link fault);

  void heal(Fault.Heal fault);

  void disk(Fault.Disk fault);

  void clock(Fault.Clock fault);
}
