package halab.cli.lab;

import halab.admin.proto.LaunchReply;
import halab.cli.Failure;
import halab.kernel.Endpoint;

/** Hosts that come up with their start list, and daemons that are started on them. */
public final class Power {
  private static final long AGENT_WITHIN_MS = 20_000;
  private static final String RUNS_ALREADY = " runs already";

  private final LiveLab lab;

  Power(LiveLab lab) {
    this.lab = lab;
  }

  /** Gives the host power and starts its start list; says so. */
  public String on(String host) {
    StringBuilder receipt = new StringBuilder(agentOn(host));
    lab.takeIn(host);
    for (Endpoint daemon : lab.daemons()) {
      if (daemon.host().equals(host)) {
        String launched = launched(daemon);
        receipt.append(launched.contains(RUNS_ALREADY) ? "" : "; " + launched);
      }
    }
    return receipt.toString();
  }

  /** Gives the host power unless it has it, until its agent answers; says so. */
  String agentOn(String host) {
    String receipt = lab.backend().on(host);
    if (!LiveLab.await(AGENT_WITHIN_MS, () -> lab.client().host(host) != null)) {
      Endpoint agent = LabClient.hostd(host);
      throw Failure.no(
          "the agent of "
              + host
              + " does not answer; see "
              + lab.backend().outFile(agent)
              + lab.lastWords(agent));
    }
    return receipt;
  }

  /** Has the host's agent start a daemon unless it runs; says so. */
  public String launched(Endpoint daemon) {
    LaunchReply reply = lab.client().launch(daemon);
    if (!reply.getFailure().isEmpty()) {
      throw Failure.no("cannot start " + daemon + ": " + reply.getFailure());
    }
    return daemon
        + (reply.getAlreadyRunning() ? RUNS_ALREADY : " started")
        + ": pid "
        + reply.getPid();
  }
}
