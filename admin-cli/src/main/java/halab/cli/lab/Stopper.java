package halab.cli.lab;

import halab.admin.proto.Sig;
import halab.cli.fault.Faults;
import halab.kernel.Endpoint;
import halab.runtime.lab.LabHost;
import halab.systems.Stopping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes a lab down in the vendor's order: what its monitor is told first, then daemon after daemon,
 * at last disks and hosts. Where the vendor's way does not work any more it says so and goes on by
 * signals.
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
    Stopping stopping = lab.system().stopping(lab.plan(), lab.views());
    if (!stopping.orders().isEmpty()) {
      order(stopping);
      stopping = lab.system().stopping(lab.plan(), lab.views());
    }
    stopping.ends().forEach(this::terminate);
    lab.daemons().stream().filter(d -> d.role().equals(LabHost.DISKD)).forEach(this::terminate);
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

  /** By the monitor, as far as that way is open. */
  private void order(Stopping stopping) {
    Endpoint monitor = lab.subject().checks().monitor(lab.plan());
    String closed =
        stopping.closed() == null && lab.client().daemon(monitor) == null
            ? monitor + " does not answer"
            : stopping.closed();
    if (closed != null) {
      told.accept(closed + "; stopping by signals");
      return;
    }
    for (Stopping.Order order : stopping.orders()) {
      if (running(order.role()) && !carriedOut(monitor, order)) {
        return;
      }
    }
    told.accept("stopped as the vendor does; what is left ends now");
  }

  private boolean running(String role) {
    return lab.daemons().stream().anyMatch(d -> d.role().equals(role) && lab.processOf(d) != null);
  }

  private boolean carriedOut(Endpoint monitor, Stopping.Order order) {
    String words = String.join(" ", order.words());
    told.accept(words);
    List<String> answer = new ArrayList<>();
    int code = lab.client().run(monitor, order.words(), STOP_WITHIN_MS, answer::add);
    if (code != 0) {
      told.accept(words + " did not work; stopping by signals. The monitor said:");
      answer.forEach(told);
    }
    return code == 0;
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
