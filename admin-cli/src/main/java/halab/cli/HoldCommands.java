package halab.cli;

import halab.cli.fault.Faults;
import halab.cli.fault.Stepping;
import halab.cli.lab.LiveLab;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.sim.Fault;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Holding the role of one daemon still, and letting its events in one at a time. */
final class HoldCommands {
  private HoldCommands() {}

  private abstract static class OfRole implements Callable<Integer> {
    @ParentCommand Main main;
    @Mixin private Labs labs;

    @Parameters(
        paramLabel = "TARGET",
        hideParamSyntax = true,
        arity = "1..2",
        description = {
          "One daemon, as n1/dmcss, or by role: @control, @control CSS.",
          "A selector may be two words."
        })
    private List<String> target;

    @Override
    public Integer call() throws IOException {
      try (LiveLab lab = labs.open()) {
        List<Endpoint> who = lab.who(FaultCommands.target(lab, target));
        if (who.size() != 1) {
          throw Failure.no(
              String.join(" ", target) + " is several: " + who + "; name one outright");
        }
        if (!lab.daemons().contains(who.get(0))) {
          throw Failure.usage(
              "no daemon " + who.get(0) + " in this lab; there are " + lab.daemons());
        }
        act(lab, who.get(0));
        return ExitCode.OK;
      }
    }

    abstract void act(LiveLab lab, Endpoint daemon);
  }

  /** {@code halab hold}. */
  @Command(
      name = "hold",
      mixinStandardHelpOptions = true,
      description = {
        "Let no event into a daemon's role until step or release.",
        "Messages, answers of disks and commands wait; the process, its links and its admin service"
            + " run on. Time goes on for everybody else: peers judge a held daemon as they judge a"
            + " paused one, after the count that the answer names (dsc: DCR_GRP_DSKCHK_CNT of the"
            + " daemon's group, a look a second). A deadline that passes meanwhile is due once,"
            + " however often it passed.",
        "4096 events may wait; then further messages of peers are lost, as on a network, and"
            + " commands are refused. Answers of disks and changes of links always find a place.",
        "A hold lasts until release, heal --all, down, or the end of the daemon's process, whatever"
            + " becomes of this tool."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  halab hold n1/dmserver             n1's instance stands still between two events",
        "  halab step n1/dmserver             its next event, and what came of it",
        "  halab release n1/dmserver",
        "  halab hold @control CSS            whoever is control CSS now; step and release the",
        "                                     daemon that is named, another may soon be it"
      })
  static final class Hold extends OfRole {
    @Override
    void act(LiveLab lab, Endpoint daemon) {
      new Faults(lab, main.out::line).hold(new Fault.Hold(daemon, true));
      String judged = lab.system().judged(lab.plan(), daemon);
      if (judged != null) {
        main.out.line("its peers judge it " + judged);
      }
    }
  }

  /** {@code halab release}. */
  @Command(
      name = "release",
      mixinStandardHelpOptions = true,
      description = "Let a held daemon's events in again: those that wait at once, in order.")
  static final class Release extends OfRole {
    @Override
    void act(LiveLab lab, Endpoint daemon) {
      new Faults(lab, main.out::line).hold(new Fault.Hold(daemon, false));
    }
  }

  /** {@code halab step}. */
  @Command(
      name = "step",
      mixinStandardHelpOptions = true,
      description = {
        "Let one event into a held daemon's role, and explain it: the event, the rows that fired"
            + " (halab fsm table), what they wanted done, what the daemon shows otherwise than"
            + " before, and what waits.",
        "An event that is not there yet is waited for."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  halab step n1/dmcss                one event",
        "  halab step n1/dmcss -n 10          ten",
        "  halab step n1/dmcss --until 2230   until row 2230 fires, of whichever table",
        "  halab step n1/dmcss --until CRASH_ENTRY   until a table enters this phase"
      })
  static final class Step extends OfRole {
    @Option(names = "-n", paramLabel = "N", description = "So many events.")
    private Integer count;

    @Option(
        names = "--until",
        paramLabel = "ROW|PHASE",
        description = "Until this row fires or a table enters this phase.")
    private String until;

    @Option(
        names = "--within",
        paramLabel = "SECONDS",
        defaultValue = "60",
        description = "Give up after so many seconds (${DEFAULT-VALUE}).")
    private int withinSeconds;

    @Override
    void act(LiveLab lab, Endpoint daemon) {
      if (count != null && count < 1 || withinSeconds < 1) {
        throw Failure.usage("-n and --within want a number above 0");
      }
      int most = count != null ? count : until != null ? Integer.MAX_VALUE : 1;
      Stepping stepping = new Stepping(lab, daemon, main.out::line);
      stepping.run(most, until, withinSeconds * 1_000L);
    }
  }
}
