package halab.sim;

/** A check at the end of a run, after the lab was healthy again. May be costly. */
public interface Validation {
  /** What is wanted, in a few words. */
  String name();

  /** Null when all is well, else what is wrong. */
  String broken(World world);
}
