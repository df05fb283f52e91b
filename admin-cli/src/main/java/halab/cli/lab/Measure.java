package halab.cli.lab;

import halab.admin.proto.Counter;
import halab.admin.proto.DisksStatus;
import halab.admin.proto.Fact;
import halab.admin.proto.FaultBite;
import halab.admin.proto.FaultReceipt;
import halab.admin.proto.HostStatus;
import halab.admin.proto.LinkState;
import halab.admin.proto.ProcessStatus;
import halab.admin.proto.SwitchStatus;
import halab.cli.fault.Journal;
import halab.kernel.Endpoint;
import halab.sim.SystemChecks;
import halab.systems.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks all processes of a lab at once and puts their answers together. */
final class Measure implements AutoCloseable {
  /** Links are probed every second when they carry nothing else. */
  private static final long HEARD_WITHIN_MS = 4_000;

  private static final int ASKERS = 12;

  private final LiveLab lab;
  private final ExecutorService askers =
      Executors.newFixedThreadPool(
          ASKERS,
          work -> {
            Thread thread = new Thread(work, "ask");
            thread.setDaemon(true);
            return thread;
          });

  Measure(LiveLab lab) {
    this.lab = lab;
  }

  @Override
  public void close() {
    askers.shutdownNow();
  }

  private <K, V> Map<K, CompletableFuture<V>> askAll(
      List<K> keys, java.util.function.Function<K, V> ask) {
    Map<K, CompletableFuture<V>> answers = new TreeMap<>();
    for (K key : keys) {
      answers.put(key, CompletableFuture.supplyAsync(() -> ask.apply(key), askers));
    }
    return answers;
  }

  /** What the daemons that answer show of themselves. */
  Map<Endpoint, View> views(List<Endpoint> daemons) {
    Map<Endpoint, CompletableFuture<halab.admin.proto.DaemonStatus>> answers =
        askAll(daemons, lab.client()::daemon);
    Map<Endpoint, View> views = new TreeMap<>();
    answers.forEach(
        (daemon, answer) -> {
          halab.admin.proto.DaemonStatus status = answer.join();
          if (status != null) {
            views.put(daemon, new View(status.getPhase(), facts(status)));
          }
        });
    return views;
  }

  /** Worst stall of each daemon that answers, within its last minute. */
  Map<Endpoint, Long> lateness(List<Endpoint> daemons) {
    Map<Endpoint, Long> worst = new TreeMap<>();
    askAll(daemons, lab.client()::daemon)
        .forEach(
            (daemon, answer) -> {
              halab.admin.proto.DaemonStatus status = answer.join();
              if (status != null) {
                worst.put(daemon, status.getLateness().getWorstRecentMs());
              }
            });
    return worst;
  }

  LabStatus status() throws IOException {
    Map<String, CompletableFuture<HostStatus>> hosts = askAll(lab.hosts(), lab.client()::host);
    Map<Endpoint, CompletableFuture<halab.admin.proto.DaemonStatus>> daemons =
        askAll(lab.daemons(), lab.client()::daemon);
    CompletableFuture<DisksStatus> disks =
        CompletableFuture.supplyAsync(lab.client()::disks, askers);
    CompletableFuture<SwitchStatus> vips =
        CompletableFuture.supplyAsync(lab.client()::vips, askers);
    Map<Endpoint, CompletableFuture<FaultReceipt>> bites =
        askAll(lab.daemons(), lab.client()::faults);
    List<LabStatus.HostStatus> hostStatuses = new ArrayList<>();
    for (String host : lab.hosts()) {
      hostStatuses.add(host(host, hosts.get(host).join(), daemons));
    }
    List<LabStatus.FaultStatus> faults = faults(bites, hosts);
    LabStatus bare =
        new LabStatus(
            lab.name(),
            lab.system().name(),
            state(hostStatuses),
            null,
            hostStatuses,
            List.of(),
            paths(daemons),
            disks(disks.join()),
            vips(vips.join()),
            faults);
    return judged(bare);
  }

  /** Adds what only the whole shows: who leads, and what is missing. */
  private LabStatus judged(LabStatus bare) {
    SystemChecks checks = lab.subject().checks();
    Map<Endpoint, View> views = bare.views();
    List<LabStatus.GroupStatus> groups = new ArrayList<>();
    for (String group : checks.groups()) {
      List<Endpoint> control = checks.select("control", group, views);
      Endpoint who = control.size() == 1 ? control.get(0) : null;
      LabStatus.DaemonStatus daemon = who == null ? null : bare.daemon(who);
      groups.add(new LabStatus.GroupStatus(group, who, daemon == null ? "" : daemon.instance()));
    }
    String trouble =
        bare.state().equals("down") ? "no process runs" : checks.unhealthy(lab.plan(), views);
    return new LabStatus(
        bare.lab(),
        bare.system(),
        bare.state(),
        trouble,
        bare.hosts(),
        groups,
        bare.paths(),
        bare.disks(),
        bare.vips(),
        bare.faults());
  }

  private static String state(List<LabStatus.HostStatus> hosts) {
    if (hosts.stream().noneMatch(LabStatus.HostStatus::on)) {
      return "down";
    }
    boolean all =
        hosts.stream()
            .allMatch(
                h -> h.on() && h.daemons().stream().allMatch(d -> d.state().equals("running")));
    return all ? "up" : "partly";
  }

  private LabStatus.HostStatus host(
      String name,
      HostStatus host,
      Map<Endpoint, CompletableFuture<halab.admin.proto.DaemonStatus>> answers) {
    List<LabStatus.DaemonStatus> daemons = new ArrayList<>();
    for (Endpoint endpoint : lab.daemons()) {
      if (endpoint.host().equals(name)) {
        daemons.add(daemon(endpoint, host, answers.get(endpoint).join()));
      }
    }
    return host == null
        ? new LabStatus.HostStatus(name, false, 0, List.of(), daemons)
        : new LabStatus.HostStatus(
            name, true, host.getPid(), List.copyOf(host.getAddressList()), daemons);
  }

  private static LabStatus.DaemonStatus daemon(
      Endpoint endpoint, HostStatus host, halab.admin.proto.DaemonStatus own) {
    ProcessStatus process =
        host == null
            ? ProcessStatus.getDefaultInstance()
            : host.getProcessList().stream()
                .filter(p -> p.getRole().equals(endpoint.role()))
                .findFirst()
                .orElse(ProcessStatus.getDefaultInstance());
    String state = process.getState().isEmpty() ? "off" : process.getState();
    boolean there = state.equals("running") || state.equals("paused");
    if (own == null) {
      own = halab.admin.proto.DaemonStatus.getDefaultInstance();
    }
    return new LabStatus.DaemonStatus(
        endpoint,
        state,
        there ? process.getPid() : 0,
        state.equals("exited") ? process.getExitCode() : 0,
        own.getPid() != 0,
        own.getInstance(),
        own.getIncarnation(),
        own.getPhase(),
        facts(own),
        own.getFirstBeatMs() > 0 ? own.getFirstBeatMs() : -1,
        process.getStartedWallMs(),
        new LabStatus.Lateness(
            own.getLateness().getWorstTimerMs(),
            own.getLateness().getWorstRecentMs(),
            own.getLateness().getLateTimers(),
            own.getLateness().getGcMs()),
        counters(own));
  }

  private static Map<String, String> facts(halab.admin.proto.DaemonStatus status) {
    Map<String, String> facts = new TreeMap<>();
    for (Fact fact : status.getFactList()) {
      facts.put(fact.getName(), fact.getValue());
    }
    return facts;
  }

  private static Map<String, Long> counters(halab.admin.proto.DaemonStatus status) {
    Map<String, Long> counters = new TreeMap<>();
    for (Counter counter : status.getCounterList()) {
      counters.put(counter.getName(), counter.getValue());
    }
    return counters;
  }

  private static List<LabStatus.PathStatus> paths(
      Map<Endpoint, CompletableFuture<halab.admin.proto.DaemonStatus>> daemons) {
    SortedMap<String, LabStatus.PathStatus> paths = new TreeMap<>();
    daemons.forEach(
        (daemon, answer) -> {
          halab.admin.proto.DaemonStatus own = answer.join();
          if (own != null) {
            own.getLinkList().forEach(link -> path(paths, daemon.host(), link));
          }
        });
    return List.copyOf(paths.values());
  }

  /** Of several links between two hosts the liveliest speaks for the path. */
  private static void path(
      SortedMap<String, LabStatus.PathStatus> paths, String to, LinkState link) {
    String from = Endpoint.parse(link.getPeer()).host();
    if (link.getNetwork().equals("local") || from.equals(to)) {
      return;
    }
    long silentMs = link.getSilentMs();
    boolean reachable = link.getUp() && silentMs >= 0 && silentMs < HEARD_WITHIN_MS;
    String key = link.getNetwork() + " " + from + " " + to;
    LabStatus.PathStatus known = paths.get(key);
    if (known == null || reachable && !known.reachable()) {
      paths.put(key, new LabStatus.PathStatus(link.getNetwork(), from, to, reachable, silentMs));
    }
  }

  private static List<LabStatus.DiskStatus> disks(DisksStatus disks) {
    if (disks == null) {
      return List.of();
    }
    return disks.getDiskList().stream()
        .map(
            d ->
                new LabStatus.DiskStatus(
                    d.getName(),
                    d.getPath(),
                    d.getFault().isEmpty() ? "ok" : d.getFault(),
                    d.getReads(),
                    d.getWrites(),
                    d.getBitten(),
                    List.copyOf(d.getFenceList())))
        .toList();
  }

  private static List<LabStatus.VipStatus> vips(SwitchStatus vips) {
    if (vips == null) {
      return List.of();
    }
    return vips.getVipList().stream()
        .map(
            v ->
                new LabStatus.VipStatus(
                    v.getAddress(), v.getHolder(), v.getPort(), v.getConnections()))
        .toList();
  }

  private static long total(FaultBite bite) {
    return bite.getSwallowed() + bite.getDelayed() + bite.getRefused() + bite.getDuplicated();
  }

  private List<LabStatus.FaultStatus> faults(
      Map<Endpoint, CompletableFuture<FaultReceipt>> receipts,
      Map<String, CompletableFuture<HostStatus>> hosts)
      throws IOException {
    Map<String, Long> bitten = new TreeMap<>();
    for (CompletableFuture<FaultReceipt> answer : receipts.values()) {
      FaultReceipt receipt = answer.join();
      if (receipt != null) {
        for (FaultBite bite : receipt.getBiteList()) {
          bitten.merge(bite.getRule(), total(bite), Long::sum);
        }
      }
    }
    // The agents know what was bitten in lives that have ended; they hear of it a moment later.
    Map<String, Long> overAllLives = new TreeMap<>();
    for (CompletableFuture<HostStatus> answer : hosts.values()) {
      HostStatus host = answer.join();
      if (host != null) {
        host.getBiteList().forEach(b -> overAllLives.merge(b.getRule(), total(b), Long::sum));
      }
    }
    overAllLives.forEach((rule, count) -> bitten.merge(rule, count, Math::max));
    List<LabStatus.FaultStatus> faults = new ArrayList<>();
    for (Journal.Entry entry : Journal.heldIn(lab.dir())) {
      faults.add(
          new LabStatus.FaultStatus(
              entry.id(), entry.text(), entry.at(), bitten.getOrDefault(entry.id(), 0L)));
    }
    return faults;
  }
}
