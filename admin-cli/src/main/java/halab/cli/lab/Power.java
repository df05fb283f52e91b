package halab.cli.lab;

import halab.admin.proto.HostStatus;
import halab.admin.proto.LaunchReply;
import halab.cli.Failure;
import halab.kernel.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Power of hosts. A host is a process session: on starts its agent in a new one, off kills every
 * process of it at once. The lab's switch is one more session, outside all hosts.
 */
public final class Power {
  private static final long AGENT_WITHIN_MS = 20_000;
  private static final long GONE_WITHIN_MS = 5_000;
  private static final String RUNS_ALREADY = " runs already";

  private final LiveLab lab;

  Power(LiveLab lab) {
    this.lab = lab;
  }

  /** Starts the host's agent and its start list; says so. */
  public String on(String host) {
    StringBuilder receipt = new StringBuilder(agentOn(host));
    for (Endpoint daemon : lab.daemons()) {
      if (daemon.host().equals(host)) {
        String launched = launched(daemon);
        receipt.append(launched.contains(RUNS_ALREADY) ? "" : "; " + launched);
      }
    }
    return receipt.toString();
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

  /** Starts the host's agent unless it runs; says so. */
  String agentOn(String host) {
    long running = agentPid(host);
    if (running != 0) {
      return host + " is on already: agent pid " + running;
    }
    long pid = lab.spawn(LabClient.hostd(host));
    boolean answers =
        LiveLab.await(
            AGENT_WITHIN_MS, () -> lab.client().host(host) != null || Sessions.of(pid) == null);
    if (!answers || lab.client().host(host) == null) {
      throw Failure.no(
          "the agent of "
              + host
              + " (pid "
              + pid
              + ") does not answer; see "
              + lab.outFile(LabClient.hostd(host))
              + lab.lastWords(LabClient.hostd(host)));
    }
    return "powered on " + host + ": agent pid " + pid;
  }

  /** Kills everything on the host at once; says what. */
  public String off(String host) throws IOException {
    long agent = agentPid(host);
    if (agent == 0) {
      return host + " is off already";
    }
    int killed = killSession(agent);
    return "powered off "
        + host
        + ": "
        + killed
        + (killed == 1 ? " process" : " processes")
        + " of session "
        + agent
        + " are gone (SIGKILL)";
  }

  /** Starts the switch unless it runs; its pid. */
  long switchOn() {
    long running = lab.pidOf(LabClient.SWITCH);
    if (running != 0) {
      return running;
    }
    long pid = lab.spawn(LabClient.SWITCH);
    boolean answers =
        LiveLab.await(
            AGENT_WITHIN_MS, () -> lab.client().vips() != null || Sessions.of(pid) == null);
    if (!answers || lab.client().vips() == null) {
      throw Failure.no(
          "the lab's switch (pid "
              + pid
              + ") does not answer; see "
              + lab.outFile(LabClient.SWITCH)
              + lab.lastWords(LabClient.SWITCH));
    }
    return pid;
  }

  /** Kills all processes of the lab, whatever state they are in; how many. */
  public int offEverything() throws IOException {
    // A process that was started a moment ago has no pid file yet.
    Set<Long> sessions = new TreeSet<>(lab.spawned());
    for (String host : lab.hosts()) {
      sessions.add(agentPid(host));
    }
    sessions.add(lab.pidOf(LabClient.SWITCH));
    sessions.remove(0L);
    int killed = 0;
    for (long session : sessions) {
      killed += killSession(session);
    }
    return killed;
  }

  /** Pid of the host's agent as its pid file and /proc have it; 0 when the host is off. */
  long agentPid(String host) {
    long pid = lab.pidOf(LabClient.hostd(host));
    if (pid != 0) {
      return pid;
    }
    HostStatus status = lab.client().host(host);
    return status == null ? 0 : status.getPid();
  }

  /** Kills all of a session that one of our processes leads, or led. */
  private int killSession(long session) throws IOException {
    Sessions.Process leader = Sessions.of(session);
    if (leader != null && !isOurs(session)) {
      return 0;
    }
    List<Sessions.Process> first = new ArrayList<>(Sessions.members(session));
    if (first.isEmpty() && leader != null) {
      // No session of its own: a machine without setsid. Its daemons die with the agent.
      first.add(leader);
    }
    killAll(first);
    // Once more for a child that was being born: its parent is dead now.
    killAll(Sessions.members(session));
    return first.size();
  }

  private boolean isOurs(long pid) {
    return Sessions.commandLine(pid).contains(lab.dir().toString());
  }

  private static void killAll(List<Sessions.Process> processes) {
    for (Sessions.Process process : processes) {
      ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
    if (!LiveLab.await(GONE_WITHIN_MS, () -> processes.stream().allMatch(Power::gone))) {
      throw Failure.no("not all processes are gone 5 s after SIGKILL; see ps");
    }
  }

  private static boolean gone(Sessions.Process process) {
    Sessions.Process now = Sessions.of(process.pid());
    return now == null || now.zombie() || now.startTicks() != process.startTicks();
  }
}
