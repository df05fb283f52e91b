package halab.watcher;

import halab.runtime.Daemon;
import halab.systems.Systems;

/**
 * Plays a daemon that watches an instance of its host: {@code --lab DIR --host HOST --role ROLE}.
 */
public final class Watcher {
  private Watcher() {}

  public static void main(String[] args) {
    Daemon.run(args, (lab, self) -> Daemon.play(lab, self, "watcher", Systems.ALL));
  }
}
