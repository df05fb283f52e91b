package halab.cli.tool;

import halab.admin.proto.DaemonStatus;
import halab.admin.proto.LaunchReply;
import halab.admin.proto.Sig;
import halab.admin.proto.SignalReply;
import halab.cli.lab.LiveLab;
import halab.cli.lab.Starter;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.systems.dm.DmService;
import java.util.function.Consumer;

/** One of the vendor's service scripts at work: the daemon's host agent starts and signals it. */
public final class ServiceRun {
  private static final long UP_WITHIN_MS = 20_000;

  /**
   * How long the script waits for a daemon that was told to stop; the vendor's own is not known.
   */
  private static final long DOWN_WITHIN_MS = 30_000;

  private static final long GROUP_WITHIN_MS = 120_000;

  private final LiveLab lab;
  private final DmService service;
  private final Consumer<String> out;
  private final Consumer<String> remarks;

  /**
   * @param out hears the script's own lines
   * @param remarks hears why something failed
   */
  public ServiceRun(
      LiveLab lab, DmService service, Consumer<String> out, Consumer<String> remarks) {
    this.lab = lab;
    this.service = service;
    this.out = out;
    this.remarks = remarks;
  }

  /** Starts the daemon unless it runs, and waits until it beats; who never does has to answer. */
  public int start() {
    LaunchReply reply = lab.client().launch(service.daemon());
    if (reply.getAlreadyRunning()) {
      return status();
    }
    boolean failed = !reply.getFailure().isEmpty();
    boolean up = !failed && LiveLab.await(UP_WITHIN_MS, () -> isUp() || pid() == 0) && isUp();
    out.accept(service.starting(up));
    if (failed) {
      remarks.accept(reply.getFailure());
    } else if (!up) {
      remarks.accept("see " + lab.backend().outFile(service.daemon()));
    }
    return up ? ExitCode.OK : ExitCode.NO;
  }

  private boolean isUp() {
    DaemonStatus status = lab.client().daemon(service.daemon());
    boolean beats = Starter.beats(lab, service.daemon().host());
    return status != null && (!beats || status.getFirstBeatMs() > 0);
  }

  private long pid() {
    LiveLab.Running running = lab.processOf(service.daemon());
    return running == null ? 0 : running.pid();
  }

  /** SIGTERM, and a wait; a daemon that takes too long is left as it is. */
  public int stop() {
    long pid = pid();
    if (pid == 0) {
      out.accept(service.stopping(true));
      return ExitCode.OK;
    }
    SignalReply reply = lab.client().signal(service.daemon(), Sig.SIG_TERM);
    boolean gone =
        reply.getFailure().isEmpty() && LiveLab.await(DOWN_WITHIN_MS, () -> pid() != pid);
    out.accept(service.stopping(gone));
    if (!reply.getFailure().isEmpty()) {
      remarks.accept(reply.getFailure());
    } else if (!gone) {
      out.accept(DmService.timedOut(pid));
    }
    return gone ? ExitCode.OK : ExitCode.NO;
  }

  public int restart() {
    int stopped = stop();
    return stopped == ExitCode.OK ? start() : stopped;
  }

  public int status() {
    long pid = pid();
    out.accept(service.status(pid));
    return pid == 0 ? ExitCode.NO : ExitCode.OK;
  }

  /**
   * Has the monitor stop all that belong together.
   *
   * @param monitor a monitor daemon that answers
   */
  public int stopAll(Endpoint monitor) {
    int code = lab.client().run(monitor, service.stopAll(), GROUP_WITHIN_MS, remarks);
    out.accept(service.stopping(code == ExitCode.OK));
    return code == ExitCode.OK ? ExitCode.OK : ExitCode.NO;
  }
}
