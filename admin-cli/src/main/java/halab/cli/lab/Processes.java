package halab.cli.lab;

import halab.admin.proto.HostStatus;
import halab.cli.Failure;
import halab.cli.fault.EdgeLinks;
import halab.cli.fault.Links;
import halab.kernel.Endpoint;
import halab.runtime.admin.AdminClient;
import halab.runtime.host.JvmFlags;
import halab.runtime.host.ProcessId;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.systems.LabPlan;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Hosts as process sessions of this machine: on starts the agent in a new session, off kills every
 * process of it at once. The lab's switch is one more session, outside all hosts.
 */
final class Processes implements Backend {
  private static final long ANSWER_WITHIN_MS = 20_000;
  private static final long GONE_WITHIN_MS = 5_000;
  private static final String AGENT_MAIN = "halab.runtime.host.Hostd";
  private static final String SWITCH_MAIN = "halab.runtime.vip.LabSwitch";

  private final Lab lab;
  private final LabClient client;
  private final List<Long> spawned = new ArrayList<>();
  private boolean retired;

  Processes(Lab lab) {
    this.lab = lab;
    this.client = new LabClient(lab, this);
  }

  @Override
  public AdminClient dial(Endpoint process, long deadlineMs) {
    return process.equals(lab.switchEndpoint())
        ? AdminClient.at("the switch", LabHost.LOOPBACK, lab.switchPort(), lab.secret(), deadlineMs)
        : AdminClient.of(lab, process, deadlineMs);
  }

  @Override
  public boolean isOn(String host) {
    return agentPid(host) != 0;
  }

  @Override
  public boolean anyOn() {
    return pidOf(lab.switchEndpoint()) != 0
        || lab.hosts().stream().anyMatch(h -> pidOf(LabClient.hostd(h.name())) != 0);
  }

  @Override
  public String on(String host) {
    long running = agentPid(host);
    if (running != 0) {
      return host + " is on already: agent pid " + running;
    }
    Endpoint agent = LabClient.hostd(host);
    long pid = spawn(agent);
    boolean answers =
        LiveLab.await(
            ANSWER_WITHIN_MS, () -> client.host(host) != null || Sessions.of(pid) == null);
    if (!answers || client.host(host) == null) {
      throw Failure.no(
          "the agent of "
              + host
              + " (pid "
              + pid
              + ") does not answer; see "
              + outFile(agent)
              + LiveLab.lastWords(logs(host), agent));
    }
    return "powered on " + host + ": agent pid " + pid;
  }

  @Override
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

  @Override
  public String besides() {
    Endpoint net = lab.switchEndpoint();
    long running = pidOf(net);
    if (running != 0) {
      return "switch runs already: pid " + running;
    }
    long pid = spawn(net);
    boolean answers =
        LiveLab.await(ANSWER_WITHIN_MS, () -> client.vips() != null || Sessions.of(pid) == null);
    if (!answers || client.vips() == null) {
      throw Failure.no(
          "the lab's switch (pid "
              + pid
              + ") does not answer; see "
              + outFile(net)
              + LiveLab.lastWords(logs(net.host()), net));
    }
    return "switch started: pid " + pid;
  }

  @Override
  public int offEverything() throws IOException {
    // A process that was started a moment ago has no pid file yet.
    Set<Long> sessions = new TreeSet<>(allSpawned());
    for (LabHost host : lab.hosts()) {
      sessions.add(agentPid(host.name()));
    }
    sessions.add(pidOf(lab.switchEndpoint()));
    sessions.remove(0L);
    int killed = 0;
    for (long session : sessions) {
      killed += killSession(session);
    }
    return killed;
  }

  private synchronized List<Long> allSpawned() {
    return List.copyOf(spawned);
  }

  @Override
  public synchronized void retire() {
    retired = true;
  }

  @Override
  public void remove() {
    // All that the lab has is in its folder.
  }

  @Override
  public void precheck(LabPlan plan) {
    Precheck.require(lab, plan, process -> pidOf(process) != 0);
  }

  @Override
  public LogFolder logs(String host) {
    return new LogFolder.Local(lab.log(host));
  }

  @Override
  public String outFile(Endpoint process) {
    return out(process).toString();
  }

  private Path out(Endpoint process) {
    return lab.log(process.host()).resolve(process.role() + ".out");
  }

  @Override
  public Links links() {
    return new EdgeLinks(lab, client);
  }

  @Override
  public int clientPort(String address) {
    return lab.vips().getOrDefault(address, 0);
  }

  @Override
  public String sqlPlace(String host) {
    return LabHost.LOOPBACK + ":" + lab.host(host).sqlPort();
  }

  @Override
  public String hostPlace(String host) {
    Integer port = lab.hostPorts().get(host);
    return port == null ? null : LabHost.LOOPBACK + ":" + port;
  }

  @Override
  public String madeOf() {
    return "processes";
  }

  @Override
  public void close() {
    client.close();
  }

  /** Pid of the host's agent as its pid file and /proc have it; 0 when the host is off. */
  private long agentPid(String host) {
    long pid = pidOf(LabClient.hostd(host));
    if (pid != 0) {
      return pid;
    }
    HostStatus status = client.host(host);
    return status == null ? 0 : status.getPid();
  }

  /** The living process that the pid file names; 0 when there is none. */
  private long pidOf(Endpoint process) {
    Path file = lab.run(process.host()).resolve(process.role() + ".pid");
    return ProcessId.read(file).filter(ProcessId::alive).map(ProcessId::pid).orElse(0L);
  }

  /** Starts an agent or the switch in a session of its own; it does not yet answer. Its pid. */
  private synchronized long spawn(Endpoint process) {
    if (retired) {
      throw Failure.no("the lab is being taken down");
    }
    List<String> command = new ArrayList<>();
    String setsid = setsid();
    if (setsid != null) {
      command.add(setsid);
    }
    boolean net = process.equals(lab.switchEndpoint());
    command.addAll(
        JvmFlags.command(
            net ? SWITCH_MAIN : AGENT_MAIN, lab.dir(), process.host(), process.role()));
    try {
      Files.createDirectories(out(process).getParent());
      long pid =
          JvmFlags.prepared(command)
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(out(process).toFile()))
              .start()
              .pid();
      spawned.add(pid);
      return pid;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without it a host is no session of its own, and its power-off kills what its agent lists. */
  private static String setsid() {
    for (String folder : List.of("/usr/bin", "/bin")) {
      Path tool = Path.of(folder, "setsid");
      if (Files.isExecutable(tool)) {
        return tool.toString();
      }
    }
    return null;
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
    if (!LiveLab.await(GONE_WITHIN_MS, () -> processes.stream().allMatch(Processes::gone))) {
      throw Failure.no("not all processes are gone 5 s after SIGKILL; see ps");
    }
  }

  private static boolean gone(Sessions.Process process) {
    Sessions.Process now = Sessions.of(process.pid());
    return now == null || now.zombie() || now.startTicks() != process.startTicks();
  }
}
