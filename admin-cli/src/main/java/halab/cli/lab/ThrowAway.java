package halab.cli.lab;

import halab.systems.LabPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;

/**
 * A lab for one run, in a temporary folder. When it is closed, or this command is interrupted, all
 * its processes are killed and its files are gone.
 */
public final class ThrowAway implements AutoCloseable {
  private static volatile boolean beingRemoved;

  private final Path folder;
  private final LiveLab lab;
  private final Thread onInterrupt;
  private boolean kept;

  private ThrowAway(Path folder, LiveLab lab) {
    this.folder = folder;
    this.lab = lab;
    this.onInterrupt = new Thread(this::interrupted, "remove-lab");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
  }

  /**
   * @param name also the lab's name
   * @param plan given the first port of a free range
   */
  public static ThrowAway make(String name, IntFunction<LabPlan> plan, double timeScale)
      throws IOException {
    Path folder = Files.createTempDirectory("halab-");
    try {
      return new ThrowAway(folder, Creator.create(folder.resolve(name), plan, timeScale));
    } catch (IOException | RuntimeException e) {
      Trees.delete(folder);
      throw e;
    }
  }

  /** As {@link #make}, in a folder that is given because the lab may be kept. */
  public static ThrowAway in(Path folder, IntFunction<LabPlan> plan, double timeScale)
      throws IOException {
    return new ThrowAway(folder, Creator.create(folder, plan, timeScale));
  }

  public LiveLab lab() {
    return lab;
  }

  /** From here on it stays. */
  public void keep() {
    kept = true;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException e) {
      return; // the hook runs already
    }
    remove();
  }

  /** Whether this command was interrupted, so that whatever fails now is no news. */
  public static boolean beingRemoved() {
    return beingRemoved;
  }

  private void interrupted() {
    beingRemoved = true;
    remove();
  }

  private void remove() {
    if (kept) {
      lab.close();
      return;
    }
    try {
      lab.retire();
      lab.power().offEverything();
      lab.close();
      Trees.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
