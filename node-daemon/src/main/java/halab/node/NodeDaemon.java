package halab.node;

import halab.runtime.Daemon;
import halab.systems.Systems;

/** Plays a database instance or its storage server: {@code --lab DIR --host HOST --role ROLE}. */
public final class NodeDaemon {
  private NodeDaemon() {}

  public static void main(String[] args) {
    Daemon.play(args, "node-daemon", Systems.ALL);
  }
}
