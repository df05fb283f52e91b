package halab.node;

import halab.kernel.Endpoint;
import halab.node.data.InstanceData;
import halab.runtime.Daemon;
import halab.runtime.lab.Lab;
import halab.systems.Systems;

/** Plays a database instance or its storage server: {@code --lab DIR --host HOST --role ROLE}. */
public final class NodeDaemon {
  private NodeDaemon() {}

  public static void main(String[] args) {
    Daemon.run(args, NodeDaemon::play);
  }

  /** Plays one role until it ends; returns the exit code. */
  public static int play(Lab lab, Endpoint self) throws InterruptedException {
    return Daemon.play(lab, self, "node-daemon", Systems.ALL, InstanceData::open);
  }
}
