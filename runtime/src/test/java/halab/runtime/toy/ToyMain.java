package halab.runtime.toy;

import halab.runtime.Daemon;
import halab.runtime.disk.DiskDaemon;
import halab.runtime.host.Hostd;
import halab.runtime.host.Programs;
import halab.runtime.lab.LabHost;
import java.util.List;
import java.util.Map;

/** Every process of a toy lab. */
public final class ToyMain {
  private ToyMain() {}

  public static void main(String[] args) {
    List<halab.systems.EmulatedSystem> systems = List.of(new Toy());
    String main = ToyMain.class.getName();
    Programs programs = new Programs(systems, Map.of("toy-module", main, "css-monitor", main));
    Daemon.run(
        args,
        (lab, self) ->
            switch (self.role()) {
              case LabHost.HOSTD -> Hostd.run(lab, self, programs);
              case LabHost.DISKD -> DiskDaemon.run(lab, self);
              default -> Daemon.play(lab, self, "toy-module", systems);
            });
  }
}
