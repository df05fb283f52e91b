package halab.css;

import halab.runtime.Daemon;
import halab.runtime.disk.DiskDaemon;
import halab.runtime.lab.LabHost;
import halab.systems.Systems;

/**
 * Plays a cluster synchronisation service or a monitor, or serves the shared disks: {@code --lab
 * DIR --host HOST --role ROLE}.
 */
public final class CssMonitor {
  private CssMonitor() {}

  public static void main(String[] args) {
    Daemon.run(
        args,
        (lab, self) ->
            self.role().equals(LabHost.DISKD)
                ? DiskDaemon.run(lab, self)
                : Daemon.play(lab, self, "css-monitor", Systems.ALL));
  }
}
