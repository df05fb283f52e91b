package halab.cli;

import halab.admin.proto.Sig;
import halab.cli.lab.LiveLab;
import halab.cli.tool.ServiceRun;
import halab.kernel.Endpoint;
import halab.systems.dm.DmService;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab service}, and the names of the vendor's service scripts as verbs. */
@Command(
    name = "service",
    mixinStandardHelpOptions = true,
    description = {"The vendor's service scripts, with their lines. Their names are verbs, too."},
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab DmServiceDSC0 status",
      "  halab DmCSSServiceDSC1 stop",
      "  halab DmServiceDSC0 stop_all          all EPs of the group together",
      "  halab DmWatcherServiceGRP1_RT_01 stop",
      "  halab service list                    names and daemons of this lab"
    })
final class ServiceCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private Labs labs;

  @Parameters(index = "0", paramLabel = "NAME", description = "Name of a service, or list.")
  private String name;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ACTION",
      description = "start, stop, restart or status; stop_all for an instance of DSC.")
  private String action;

  @Override
  public Integer call() throws IOException {
    try (LiveLab lab = labs.open()) {
      List<DmService> all = lab.system().scripts(lab.plan());
      if (name.equals("list") && action == null) {
        all.forEach(s -> main.out.line(s.name() + "  " + s.daemon()));
        return halab.kernel.ExitCode.OK;
      }
      DmService service =
          all.stream()
              .filter(s -> s.name().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      Failure.usage(
                          "lab "
                              + lab.name()
                              + " has no service "
                              + name
                              + "; it has "
                              + String.join(", ", all.stream().map(s -> s.name()).toList())));
      return act(lab, service);
    }
  }

  private int act(LiveLab lab, DmService service) {
    boolean stopsAll = !service.stopAll().isEmpty();
    ServiceRun run = new ServiceRun(lab, service, main.out::line, main.out::remark);
    switch (action == null ? "" : action) {
      case "start":
        return run.start();
      case "stop":
        return run.stop();
      case "restart":
        return run.restart();
      case "status":
        return run.status();
      case "stop_all":
        if (stopsAll) {
          return stopAll(lab, run);
        }
        break;
      default:
        break;
    }
    throw Failure.usage(
        "Usage: "
            + service.name()
            + " { start | stop | status | restart"
            + (stopsAll ? " | stop_all }" : " }"));
  }

  private static int stopAll(LiveLab lab, ServiceRun run) {
    Endpoint monitor = lab.subject().checks().monitor(lab.plan());
    boolean own = lab.client().daemon(monitor) == null && MonitorCommand.launched(lab, monitor);
    try {
      return run.stopAll(monitor);
    } finally {
      if (own) {
        lab.client().signal(monitor, Sig.SIG_TERM);
      }
    }
  }
}
