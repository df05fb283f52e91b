package halab.sim;

import halab.bricks.Rng;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine of one instance over all its lives: packages in the order in which they were applied.
 * What it applied lately is lost when its process dies, as with an engine that forces its files now
 * and then; a checkpoint forces them.
 */
public final class SimEngine {
  private static final int LAG_MS = 500;
  private static final int OPEN_MS = 50;
  private static final int APPLY_MS = 3;

  private record Applied(long atMs, RlogPkg pkg) {}

  private final World world;
  private final SimProcess process;
  private final Rng rng;
  private final List<Applied> applied = new ArrayList<>();
  private final List<RlogPkg> given = new ArrayList<>();
  private boolean working;
  private int forced;

  SimEngine(World world, SimProcess process, Rng rng) {
    this.world = world;
    this.process = process;
    this.rng = rng;
  }

  /** LSN up to which readers see everything; 0 when it is empty. */
  public long lsn() {
    return applied.isEmpty() ? 0 : applied.get(applied.size() - 1).pkg().getLsn();
  }

  /** Number of packages in it. */
  public int size() {
    return applied.size();
  }

  /** The package at this place of the order in which they were applied. */
  public RlogPkg at(int place) {
    return applied.get(place).pkg();
  }

  void open(Effect.OpenEngine wanted) {
    long life = process.incarnation();
    Event opened = new Event.EngineOpened(wanted.request(), lsn());
    world.later(1 + rng.below(OPEN_MS), () -> process.deliver(life, opened));
  }

  /** Takes a package; several that come at once are answered together. */
  void apply(Effect.Apply wanted) {
    given.add(wanted.pkg());
    if (!working) {
      working = true;
      long life = process.incarnation();
      world.later(rng.below(APPLY_MS + 1), () -> work(life));
    }
  }

  private void work(long life) {
    if (!process.running() || process.incarnation() != life) {
      return;
    }
    working = false;
    for (RlogPkg pkg : given) {
      world.ledger().applied(process, lsn(), pkg);
      applied.add(new Applied(world.nowMs(), pkg));
    }
    given.clear();
    process.deliver(life, new Event.Applied(lsn()));
  }

  void checkpoint(Effect.Checkpoint wanted) {
    long life = process.incarnation();
    long lsn = lsn();
    forced = applied.size();
    world.later(
        1 + rng.below(OPEN_MS),
        () -> process.deliver(life, new Event.Checkpointed(wanted.request(), lsn)));
  }

  /** What it holds, for an image. */
  List<RlogPkg> content() {
    return applied.stream().map(Applied::pkg).toList();
  }

  /** Takes an image's content in place of its own. */
  void load(List<RlogPkg> image) {
    applied.clear();
    image.forEach(pkg -> applied.add(new Applied(world.nowMs(), pkg)));
    forced = applied.size();
  }

  /** The process is gone: what was applied in the last moments is not on its disk. */
  void crashed() {
    given.clear();
    working = false;
    long kept = world.nowMs() - rng.below(LAG_MS + 1);
    while (applied.size() > forced && applied.get(applied.size() - 1).atMs() > kept) {
      applied.remove(applied.size() - 1);
    }
    forced = applied.size();
  }
}
