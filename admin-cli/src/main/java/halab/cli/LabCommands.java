package halab.cli;

import halab.cli.docker.Subnets;
import halab.cli.lab.Creator;
import halab.cli.lab.LabStatus;
import halab.cli.lab.LiveLab;
import halab.cli.lab.Reports;
import halab.cli.lab.Starter;
import halab.cli.lab.Stopper;
import halab.cli.lab.UpReport;
import halab.kernel.ExitCode;
import halab.runtime.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The life of a lab: init, up, status, down, destroy. */
final class LabCommands {
  private LabCommands() {}

  /** {@code halab init}. */
  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description = {
        "Make a lab: its hosts, disks and the vendor's own configuration files.",
        "Nothing is started. The files are in labs/LAB/HOST/etc and may be edited; 'up' checks"
            + " them.",
        "Hosts are processes of this machine, or containers with networks of their own."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  halab init dsc --name t --fast                   two hosts, shortest timeouts",
        "  halab init dsc --name big --hosts 4              the vendor's default timeouts",
        "  halab init dsc --name t2 --set GRP_DSC.DCR_GRP_DSKCHK_CNT=20",
        "  halab init dsc --name mine --from ./my-inis      with your own ini files",
        "  halab init dsc --name d --backend docker         hosts are containers",
        "  halab init dw --name w --fast                    Data Watch: primary and standby"
      })
  static final class Init implements Callable<Integer> {
    @ParentCommand private Main main;

    @Parameters(
        paramLabel = "SYSTEM",
        completionCandidates = SystemNames.class,
        description = "System to emulate: ${COMPLETION-CANDIDATES}.")
    private String system;

    @Option(names = "--name", paramLabel = "LAB", required = true, description = "Its name.")
    private String name;

    @Mixin private Shape shape;

    @Option(
        names = "--time-scale",
        paramLabel = "X",
        defaultValue = "1",
        description = "Lab time runs X times as fast as the wall clock (${DEFAULT-VALUE}).")
    private double timeScale;

    /** What hosts are. */
    enum Backend {
      PROCESS,
      DOCKER
    }

    @Option(
        names = "--backend",
        defaultValue = "process",
        description = "process: hosts share this machine; docker: containers (${DEFAULT-VALUE}).")
    private Backend backend;

    @Option(
        names = "--net",
        paramLabel = "A.B",
        description = "Docker: first two numbers of the addresses; default: some that are free.")
    private String net;

    @Option(
        names = "--into",
        paramLabel = "DIR",
        hidden = true,
        description = "Docker: fill this mounted volume, unless it holds a lab.")
    private Path into;

    @Override
    public Integer call() throws IOException {
      boolean docker = backend == Backend.DOCKER;
      if (!docker && (net != null || into != null)) {
        throw Failure.usage("--net and --into go with --backend docker");
      }
      if (into != null) {
        return intoVolume();
      }
      Creator.Wish wish = wish(docker ? addresses() : null);
      try (LiveLab lab = Creator.create(Labs.folder(name), wish, main.out::remark)) {
        main.out.line(
            "made lab " + main.out.bold(name) + " in " + lab.dir() + ": " + Reports.made(lab));
        main.out.line("start it: halab up --lab " + name);
      }
      return ExitCode.OK;
    }

    private Creator.Wish wish(String addresses) {
      return shape.wish(system, timeScale, addresses);
    }

    private String addresses() {
      return net == null ? Subnets.free() : Subnets.checked(net);
    }

    /** As a service of Compose: called at every start, and nobody is there to choose. */
    private int intoVolume() throws IOException {
      if (net == null) {
        throw Failure.usage("--into wants --net");
      }
      if (Files.exists(into.resolve(Lab.FILE))) {
        Lab lab = Lab.read(into);
        if (!lab.name().equals(name)) {
          throw Failure.config(
              into + " holds lab " + lab.name() + ", not " + name + "; take another volume");
        }
        main.out.line("lab " + name + " is there already");
        return ExitCode.OK;
      }
      try (LiveLab lab = Creator.fill(into, name, wish(addresses()), main.out::remark)) {
        main.out.line("made lab " + name + " in " + into + ": " + Reports.made(lab));
      }
      return ExitCode.OK;
    }
  }

  /** {@code halab up}. */
  @Command(
      name = "up",
      mixinStandardHelpOptions = true,
      description = "Start what does not run, wait until the lab is healthy; restart nothing.")
  static final class Up implements Callable<Integer> {
    @ParentCommand private Main main;
    @Mixin private Labs labs;

    @Option(names = "--no-wait", description = "Do not wait until the lab is healthy.")
    private boolean noWait;

    @Option(names = "--timing", description = "Show how long each daemon took, beside the bound.")
    private boolean timing;

    @Override
    public Integer call() throws IOException {
      try (LiveLab lab = labs.open()) {
        lab.precheck();
        main.out.line("lab " + main.out.bold(lab.name()) + " in " + lab.dir());
        Starter starter = new Starter(lab, line -> main.out.line("  " + line));
        starter.powerOn(List.of());
        return noWait ? ExitCode.OK : new UpReport(lab, starter, main.out).await(timing);
      }
    }
  }

  /** {@code halab status}. */
  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = {
        "Show hosts, daemons, who leads, disks, networks and held faults as measured now.",
        "Reads only. The JSON form is described in docs/operations/status.md."
      })
  static final class Status implements Callable<Integer> {
    private static final long EVERY_MS = 1_000;

    /** Forms of the output. */
    enum Output {
      TABLE,
      JSON
    }

    @ParentCommand private Main main;
    @Mixin private Labs labs;

    @Option(
        names = "--output",
        defaultValue = "table",
        description = "table or json (${DEFAULT-VALUE}).")
    private Output output;

    @Option(names = "--watch", description = "Show it again every second until interrupted.")
    private boolean watch;

    @Override
    public Integer call() throws IOException {
      try (LiveLab lab = labs.open()) {
        show(lab.status());
        lab.spoiled().forEach(problem -> main.out.remark("since the lab came up: " + problem));
        while (watch) {
          LiveLab.sleep(EVERY_MS);
          LabStatus status = lab.status();
          main.out.clear();
          show(status);
        }
        return ExitCode.OK;
      }
    }

    private void show(LabStatus status) throws IOException {
      if (output == Output.JSON) {
        main.out.line(Reports.json(status));
      } else {
        Reports.text(main.out, status).forEach(main.out::line);
      }
    }
  }

  /** {@code halab down}. */
  @Command(
      name = "down",
      mixinStandardHelpOptions = true,
      description = "Stop the lab in the vendor's order; afterwards none of its processes is left.")
  static final class Down implements Callable<Integer> {
    @ParentCommand private Main main;
    @Mixin private Labs labs;

    @Override
    public Integer call() throws IOException {
      try (LiveLab lab = labs.open()) {
        if (!lab.isUp()) {
          main.out.line("lab " + lab.name() + " is down already");
          return ExitCode.OK;
        }
        main.out.line("lab " + main.out.bold(lab.name()));
        new Stopper(lab, line -> main.out.line("  " + line)).down();
        return ExitCode.OK;
      }
    }
  }

  /** {@code halab destroy}. */
  @Command(
      name = "destroy",
      mixinStandardHelpOptions = true,
      description = "Remove a lab with its files, disks and logs. A running lab is refused.")
  static final class Destroy implements Callable<Integer> {
    @ParentCommand private Main main;
    @Mixin private Labs labs;

    @Option(names = "--force", description = "Kill whatever still runs.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
      try (LiveLab lab = labs.open()) {
        if (lab.isUp()) {
          if (!force) {
            throw Failure.no(
                "lab "
                    + lab.name()
                    + " is up; stop it first (halab down --lab "
                    + lab.name()
                    + "), or kill it with --force");
          }
          main.out.line("killed " + lab.backend().offEverything() + " " + lab.backend().madeOf());
        }
        lab.backend().remove();
        Creator.remove(lab.dir());
        main.out.line("lab " + lab.name() + " is gone");
        return ExitCode.OK;
      }
    }
  }
}
