package halab.cli.lab;

import halab.admin.proto.DisksStatus;
import halab.admin.proto.FaultReceipt;
import halab.admin.proto.FaultSet;
import halab.admin.proto.HoldReply;
import halab.admin.proto.HostStatus;
import halab.admin.proto.LaunchReply;
import halab.admin.proto.ListLogsReply;
import halab.admin.proto.ProbeReply;
import halab.admin.proto.ProbeRequest;
import halab.admin.proto.ReadLogReply;
import halab.admin.proto.Sig;
import halab.admin.proto.SignalReply;
import halab.admin.proto.StepReply;
import halab.admin.proto.SwitchStatus;
import halab.kernel.Endpoint;
import halab.link.proto.DiskReply;
import halab.link.proto.DiskRequest;
import halab.runtime.admin.AdminClient;
import halab.runtime.admin.AdminException;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabDisk;
import halab.runtime.lab.LabHost;
import halab.sim.Hosts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The processes of one lab as a command asks them, each call with a deadline. A question to a
 * process that is not there or does not answer in time gives null; a wrong secret is an error. Safe
 * for several threads.
 */
public final class LabClient implements AutoCloseable {
  private static final long ANSWER_WITHIN_MS = 2_000;
  private static final String SILENT = "does not run, is paused or does not answer";

  private final Lab lab;
  private final Backend backend;
  private final Map<Endpoint, AdminClient> clients = new ConcurrentHashMap<>();

  public LabClient(Lab lab, Backend backend) {
    this.lab = lab;
    this.backend = backend;
  }

  /** The agent of a host. */
  public static Endpoint hostd(String host) {
    return new Endpoint(host, LabHost.HOSTD);
  }

  private AdminClient client(Endpoint who) {
    return clients.computeIfAbsent(who, w -> backend.dial(w, ANSWER_WITHIN_MS));
  }

  private <T> T ask(Endpoint who, Function<AdminClient, T> question) {
    AdminClient client = client(who);
    try {
      return question.apply(client);
    } catch (AdminException e) {
      if (e.reason() == AdminException.Reason.FORBIDDEN) {
        throw e;
      }
      forget(who, client, e);
      return null;
    }
  }

  /** A refused connection backs off ever longer; the next question is to dial at once. */
  private void forget(Endpoint who, AdminClient client, AdminException e) {
    if (e.reason() == AdminException.Reason.NOT_RUNNING && clients.remove(who, client)) {
      client.close();
    }
  }

  public HostStatus host(String host) {
    return ask(hostd(host), AdminClient::describe);
  }

  public halab.admin.proto.DaemonStatus daemon(Endpoint daemon) {
    return ask(daemon, AdminClient::status);
  }

  /** Starts a role on its host; what is wrong is in the reply. */
  public LaunchReply launch(Endpoint daemon) {
    LaunchReply reply = ask(hostd(daemon.host()), c -> c.launch(daemon.role()));
    return reply != null ? reply : LaunchReply.newBuilder().setFailure(off(daemon)).build();
  }

  /** Signals a daemon through its host's agent; what is wrong is in the reply. */
  public SignalReply signal(Endpoint daemon, Sig signal) {
    SignalReply reply = ask(hostd(daemon.host()), c -> c.signal(daemon.role(), signal));
    return reply != null ? reply : SignalReply.newBuilder().setFailure(off(daemon)).build();
  }

  private static String off(Endpoint daemon) {
    return "host " + daemon.host() + " is off or its agent does not answer";
  }

  /** Holds a daemon's role or releases it; what is wrong is in the reply. */
  public HoldReply hold(Endpoint daemon, boolean held) {
    HoldReply reply = ask(daemon, c -> c.hold(held));
    return reply != null ? reply : HoldReply.newBuilder().setFailure(SILENT).build();
  }

  /** Lets one event into a held role, waiting so long for one; what is wrong is in the reply. */
  public StepReply step(Endpoint daemon, long waitMs) {
    StepReply reply = ask(daemon, c -> c.step(waitMs));
    return reply != null ? reply : StepReply.newBuilder().setFailure(SILENT).build();
  }

  public FaultReceipt setFaults(String host, FaultSet rules) {
    return ask(hostd(host), c -> c.setHostFaults(rules));
  }

  public FaultReceipt faults(Endpoint daemon) {
    return ask(daemon, AdminClient::faults);
  }

  /** Who answers for a disk: the disk daemon, or the agent of the host that has it alone. */
  public Endpoint keeper(String disk) {
    LabDisk known = lab.disk(disk);
    return known.shared() ? Hosts.DISK_DAEMON : hostd(known.host());
  }

  /** What was wrong with the request, empty when nothing; null when its keeper is silent. */
  public String diskFault(String disk, String fault, String host, long delayMs) {
    LabDisk known = lab.disk(disk);
    if (!known.shared()) {
      return host.isEmpty() || host.equals(known.host())
          ? ask(hostd(known.host()), c -> c.setOwnDiskFault(disk, fault, delayMs))
          : "it is a disk of " + known.host() + " alone, not of " + host;
    }
    return ask(Hosts.DISK_DAEMON, c -> c.setDiskFault(disk, fault, host, delayMs));
  }

  /** All disks whose keepers answer; null when the disk daemon is silent. */
  public DisksStatus disks() {
    DisksStatus shared =
        lab.sharedDisks().isEmpty()
            ? DisksStatus.getDefaultInstance()
            : ask(Hosts.DISK_DAEMON, AdminClient::describeDisks);
    List<String> owners =
        lab.disks().stream().filter(d -> !d.shared()).map(LabDisk::host).distinct().toList();
    if (shared == null || owners.isEmpty()) {
      return shared;
    }
    DisksStatus.Builder all = shared.toBuilder();
    for (String owner : owners) {
      HostStatus host = host(owner);
      if (host != null) {
        all.addAllDisk(host.getDiskList());
      }
    }
    return all.build();
  }

  /** One request to the disk daemon; null when it gives no answer. */
  public DiskReply disk(DiskRequest request) {
    return ask(Hosts.DISK_DAEMON, c -> c.disk(request));
  }

  public SwitchStatus vips() {
    return ask(lab.switchEndpoint(), AdminClient::describeSwitch);
  }

  /** One round of probes from this host; null when its agent does not answer. */
  public ProbeReply probe(String host, ProbeRequest round) {
    return ask(hostd(host), c -> c.probe(round));
  }

  /** Names of the log files of a host, asked of another one's agent; null: no answer. */
  public ListLogsReply listLogs(String agent, String host) {
    return ask(hostd(agent), c -> c.listLogs(host));
  }

  /** A piece of a host's log file, asked of another one's agent; null: no answer. */
  public ReadLogReply readLog(String agent, String host, String name, long from) {
    return ask(hostd(agent), c -> c.readLog(host, name, from));
  }

  /**
   * Has a daemon carry out an operator's words.
   *
   * @param lines told each part of the answer as it comes; last, what went wrong
   * @return the exit code, or -1 when the answer did not come to its end in time
   */
  public int run(Endpoint daemon, List<String> words, long atMostMs, Consumer<String> lines) {
    AdminClient client = client(daemon);
    try {
      return client.run(words, atMostMs, lines);
    } catch (AdminException e) {
      forget(daemon, client, e);
      lines.accept(e.getMessage());
      return -1;
    }
  }

  /** Follows what a daemon prints from now on, until the returned handle is closed. */
  public AutoCloseable console(Endpoint daemon, Consumer<String> lines, Consumer<String> ended) {
    return client(daemon)
        .console(lines, problem -> ended.accept(problem == null ? null : problem.getMessage()));
  }

  @Override
  public void close() {
    clients.values().forEach(AdminClient::close);
  }
}
