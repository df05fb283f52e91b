package halab.cli.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
   * @param net see {@link Creator.Wish}
   */
  public static ThrowAway make(String name, Creator.Planner plan, double timeScale, String net)
      throws IOException {
    Path folder = Files.createTempDirectory("halab-");
    try {
      return new ThrowAway(folder, Creator.create(folder.resolve(name), plan, timeScale, net));
    } catch (IOException | RuntimeException e) {
      Trees.delete(folder);
      throw e;
    }
  }

  /** As {@link #make}, in a folder that is given because the lab may be kept. */
  public static ThrowAway in(Path folder, Creator.Planner plan, double timeScale)
      throws IOException {
    return new ThrowAway(folder, Creator.create(folder, plan, timeScale, null));
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
      lab.backend().retire();
      lab.backend().offEverything();
      lab.backend().remove();
      lab.close();
      Trees.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
