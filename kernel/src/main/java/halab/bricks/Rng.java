package halab.bricks;

/**
 * Seeded random numbers that can be split: every fork is a stream of its own, so that one more draw
 * in one place shifts no other place. (The generator is SplitMix64.) Not for secrets.
 */
public final class Rng {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private final long seed;
  private long state;

  public Rng(long seed) {
    this.seed = mix(seed + GOLDEN);
    this.state = this.seed;
  }

  /** The stream of this name; the same whatever was drawn here before. */
  public Rng fork(long name) {
    return new Rng(seed ^ mix(name * GOLDEN + 1));
  }

  /** The stream of this name; the same whatever was drawn here before. */
  public Rng fork(String name) {
    return fork(name.hashCode());
  }

  public long nextLong() {
    state += GOLDEN;
    return mix(state);
  }

  /** From 0 to below {@code bound}, which is at least 1. */
  public int below(int bound) {
    return (int) Math.floorMod(nextLong(), (long) bound);
  }

  /** From {@code low} to {@code high}, both included. */
  public long between(long low, long high) {
    return low + Math.floorMod(nextLong(), high - low + 1);
  }

  /** True so many times in a thousand. */
  public boolean chance(int perMille) {
    return perMille > 0 && below(1000) < perMille;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
