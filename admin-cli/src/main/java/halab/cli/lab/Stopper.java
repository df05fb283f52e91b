package halab.cli.lab;

import halab.admin.proto.Sig;
import halab.cli.console.DcrNames;
import halab.cli.fault.Faults;
import halab.dsc.proto.GroupType;
import halab.kernel.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes a lab down in the vendor's order: the DB group and then the ASM group by the monitor's
 * {@code ep stop}, then the cluster services one by one, the control one last, then monitor, disks
 * and hosts. Where the vendor's way does not work any more it says so and goes on by signals.
 */
public final class Stopper {
  private static final long STOP_WITHIN_MS = 120_000;
  private static final long TERM_WITHIN_MS = 20_000;

  private final LiveLab lab;
  private final Consumer<String> told;

  /**
   * @param told one line for every step
   */
  public Stopper(LiveLab lab, Consumer<String> told) {
    this.lab = lab;
    this.told = told;
  }

  /** Afterwards no process of the lab is left. */
  public void down() throws IOException {
    resumeAll();
    new Faults(lab, told).releaseAll();
    if (groupsStopped()) {
      told.accept("DB and ASM groups are stopped");
    }
    terminate("dmserver");
    terminate("dmasmsvr");
    terminateControlLast("dmcss");
    terminate("dmcssm");
    terminate("diskd");
    int killed = lab.backend().offEverything();
    told.accept("hosts and switch are off (" + killed + " " + lab.backend().madeOf() + " ended)");
  }

  /** What stands still can neither stop nor be waited for. */
  private void resumeAll() {
    for (Endpoint daemon : lab.daemons()) {
      LiveLab.Running process = lab.processOf(daemon);
      if (process != null && process.paused()) {
        lab.client().signal(daemon, Sig.SIG_CONT);
        told.accept("resumed " + daemon + ", which was paused");
      }
    }
  }

  /** {@code ep stop} for both groups; false when the vendor's way is closed. */
  private boolean groupsStopped() {
    Endpoint monitor = lab.subject().checks().monitor(lab.plan());
    List<Endpoint> control = lab.subject().checks().select("control", "CSS", lab.views());
    if (control.size() != 1) {
      told.accept("there is no control CSS; stopping by signals");
      return false;
    }
    if (lab.client().daemon(monitor) == null) {
      told.accept(monitor + " does not answer; stopping by signals");
      return false;
    }
    DcrNames names = DcrNames.of(lab.plan());
    return stopped(monitor, names.group(GroupType.DB), "dmserver")
        && stopped(monitor, names.group(GroupType.ASM), "dmasmsvr");
  }

  private boolean stopped(Endpoint monitor, String group, String role) {
    if (running(role).isEmpty()) {
      return true;
    }
    told.accept("ep stop " + group);
    List<String> answer = new ArrayList<>();
    int code = lab.client().run(monitor, List.of("ep", "stop", group), STOP_WITHIN_MS, answer::add);
    if (code != 0) {
      told.accept("ep stop " + group + " did not work; stopping by signals. The monitor said:");
      answer.forEach(told);
    }
    return code == 0;
  }

  private List<Endpoint> running(String role) {
    return lab.daemons().stream()
        .filter(d -> d.role().equals(role) && lab.processOf(d) != null)
        .toList();
  }

  private void terminate(String role) {
    running(role).forEach(this::terminate);
  }

  private void terminateControlLast(String role) {
    List<Endpoint> control = lab.subject().checks().select("control", "CSS", lab.views());
    running(role).stream().filter(d -> !control.contains(d)).forEach(this::terminate);
    terminate(role);
  }

  private void terminate(Endpoint daemon) {
    LiveLab.Running process = lab.processOf(daemon);
    if (process == null) {
      return;
    }
    lab.client().signal(daemon, Sig.SIG_TERM);
    boolean gone = LiveLab.await(TERM_WITHIN_MS, () -> lab.processOf(daemon) == null);
    if (gone) {
      told.accept(daemon + " has ended");
    } else {
      lab.client().signal(daemon, Sig.SIG_KILL);
      told.accept(daemon + " did not end within 20 s of SIGTERM; killed");
    }
  }
}
