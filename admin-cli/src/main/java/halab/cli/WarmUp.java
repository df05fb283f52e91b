package halab.cli;

import halab.cli.lab.Creator;
import halab.cli.lab.LiveLab;
import halab.cli.lab.Reports;
import halab.cli.sql.SqlSession;
import halab.cli.sql.Standpoint;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.node.NodeDaemon;
import halab.runtime.Daemon;
import halab.runtime.disk.DiskDaemon;
import halab.runtime.host.Hostd;
import halab.runtime.host.Programs;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.runtime.vip.LabSwitch;
import halab.systems.EmulatedSystem;
import halab.systems.LabPlan;
import halab.systems.Systems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code halab warm-up}: a lab of each system within one JVM for some seconds, in quick time.
 * Called by the launcher alone, while the JVM notes which classes are needed, for the class data
 * archive that every daemon and every command starts from.
 */
@Command(name = "warm-up", hidden = true, description = "Train the class data archive.")
final class WarmUp implements Callable<Integer> {
  private static final double TIME_SCALE = 10;
  private static final long ENOUGH_MS = 12_000;
  private static final List<String> STATEMENTS =
      List.of(
          "create table warm(a int primary key, b text)",
          "insert into warm values (1, 'x'), (2, 'y')",
          "update warm set b = 'z' where a = 1",
          "select * from v$instance");

  @ParentCommand private Main main;

  @Parameters(description = "An empty folder; whoever made it removes it when this has ended.")
  private Path folder;

  /** The body of one process. */
  private interface Body {
    int run() throws InterruptedException;
  }

  @Override
  public Integer call() throws IOException {
    for (EmulatedSystem system : Systems.ALL) {
      train(system);
    }
    return ExitCode.OK;
  }

  private void train(EmulatedSystem system) throws IOException {
    Creator.Planner plan = (portBase, publicNet) -> plan(system, portBase, publicNet);
    Path place = folder.resolve("warmup-" + system.name());
    try (LiveLab lab = Creator.create(place, plan, TIME_SCALE, null)) {
      Lab model = Lab.read(lab.dir());
      start(() -> LabSwitch.run(model));
      if (lab.hosts().contains(lab.store())) {
        start(() -> DiskDaemon.run(model, new Endpoint(lab.store(), LabHost.DISKD)));
      }
      for (String host : lab.hosts()) {
        Endpoint agent = new Endpoint(host, LabHost.HOSTD);
        start(() -> Hostd.run(model, agent, Programs.ofHalab(Systems.ALL)));
      }
      for (Endpoint daemon : lab.daemons()) {
        if (lab.hasVendorLog(daemon)) {
          String module = lab.system().role(daemon.role()).module();
          start(
              () ->
                  module.equals("node-daemon")
                      ? NodeDaemon.play(model, daemon)
                      : Daemon.play(model, daemon, module, Systems.ALL));
        }
      }
      LiveLab.await(
          ENOUGH_MS, () -> lab.subject().checks().unhealthy(lab.plan(), lab.views()) == null);
      Reports.text(main.out, lab.status()).forEach(main.out::line);
      Reports.json(lab.status());
      Endpoint monitor = lab.subject().checks().monitor(lab.plan());
      lab.client().run(monitor, List.of("show"), ENOUGH_MS, main.out::line);
      try (Standpoint here = Standpoint.outside(lab);
          SqlSession sql = SqlSession.of(here, lab.hosts().get(0), "halab")) {
        sql.talk(main.out, false, STATEMENTS, false);
      }
    }
  }

  private static LabPlan plan(EmulatedSystem system, int portBase, String publicNet) {
    return system.plan(new LabPlan.Options(2, true, portBase, Map.of(), Map.of(), publicNet));
  }

  private static void start(Body body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
