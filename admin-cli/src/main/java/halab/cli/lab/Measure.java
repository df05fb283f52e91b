package halab.cli.lab;

import halab.admin.proto.Counter;
import halab.admin.proto.DisksStatus;
import halab.admin.proto.Fact;
import halab.admin.proto.FaultBite;
import halab.admin.proto.FaultReceipt;
import halab.admin.proto.HostStatus;
import halab.admin.proto.ProcessStatus;
import halab.admin.proto.SwitchStatus;
import halab.admin.proto.VipStatus;
import halab.cli.fault.Journal;
import halab.cli.fault.Links;
import halab.kernel.Endpoint;
import halab.sim.Fault;
import halab.sim.SystemChecks;
import halab.systems.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks all processes of a lab at once and puts their answers together. */
final class Measure implements AutoCloseable {
  private static final String SPARE = "spare";
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
    Map<Endpoint, View> views = new TreeMap<>();
    statuses(daemons, hosts())
        .forEach((daemon, status) -> views.put(daemon, new View(status.getPhase(), facts(status))));
    return views;
  }

  /** Worst stall of each daemon that answers, within its last minute. */
  Map<Endpoint, Long> lateness(List<Endpoint> daemons) {
    Map<Endpoint, Long> worst = new TreeMap<>();
    statuses(daemons, hosts())
        .forEach((daemon, status) -> worst.put(daemon, status.getLateness().getWorstRecentMs()));
    return worst;
  }

  /** What the agents of all hosts say; a host that is off is not in it. */
  private Map<String, HostStatus> hosts() {
    return answered(askAll(lab.hosts(), lab.client()::host));
  }

  /** What the daemons say of themselves; who does not run, or stands still, is not asked. */
  private Map<Endpoint, halab.admin.proto.DaemonStatus> statuses(
      List<Endpoint> daemons, Map<String, HostStatus> hosts) {
    return answered(askAll(running(daemons, hosts), lab.client()::daemon));
  }

  private static List<Endpoint> running(List<Endpoint> daemons, Map<String, HostStatus> hosts) {
    return daemons.stream()
        .filter(
            daemon ->
                hosts.containsKey(daemon.host())
                    && hosts.get(daemon.host()).getProcessList().stream()
                        .anyMatch(
                            p ->
                                p.getRole().equals(daemon.role())
                                    && p.getState().equals("running")))
        .toList();
  }

  private static <K, V> Map<K, V> answered(Map<K, CompletableFuture<V>> answers) {
    Map<K, V> all = new TreeMap<>();
    answers.forEach(
        (key, answer) -> {
          V value = answer.join();
          if (value != null) {
            all.put(key, value);
          }
        });
    return all;
  }

  LabStatus status() throws IOException {
    Map<String, HostStatus> hosts = hosts();
    CompletableFuture<List<LabStatus.PathStatus>> paths =
        CompletableFuture.supplyAsync(
            () -> Probing.of(lab, List.copyOf(hosts.keySet())).paths(), askers);
    CompletableFuture<DisksStatus> disks =
        CompletableFuture.supplyAsync(lab.client()::disks, askers);
    CompletableFuture<SwitchStatus> vips =
        CompletableFuture.supplyAsync(lab.client()::vips, askers);
    Map<Endpoint, CompletableFuture<FaultReceipt>> bites =
        askAll(running(lab.daemons(), hosts), lab.client()::faults);
    Map<Endpoint, halab.admin.proto.DaemonStatus> daemons = statuses(lab.daemons(), hosts);
    List<LabStatus.HostStatus> hostStatuses = new ArrayList<>();
    for (String host : lab.hosts()) {
      hostStatuses.add(host(host, hosts.get(host), daemons));
    }
    LabStatus bare =
        new LabStatus(
            lab.name(),
            lab.system().name(),
            state(hostStatuses.stream().filter(h -> !h.power().equals(SPARE)).toList()),
            null,
            hostStatuses,
            List.of(),
            paths.join(),
            disks(disks.join()),
            vips(vips.join(), hosts),
            faults(answered(bites), hosts, disks.join()));
    return judged(bare);
  }

  /** Adds what only the whole shows: who leads, and what is missing. */
  private LabStatus judged(LabStatus bare) {
    SystemChecks checks = lab.subject().checks();
    Map<Endpoint, View> views = bare.views();
    List<LabStatus.GroupStatus> groups = new ArrayList<>();
    // Where groups have no names there is one, and it is the system.
    List<String> names =
        checks.groups().isEmpty() ? Collections.singletonList(null) : checks.groups();
    for (String group : names) {
      List<Endpoint> control = checks.select(checks.leads(), group, views);
      Endpoint who = control.size() == 1 ? control.get(0) : null;
      LabStatus.DaemonStatus daemon = who == null ? null : bare.daemon(who);
      groups.add(
          new LabStatus.GroupStatus(
              group == null ? bare.system() : group,
              checks.leads(),
              who,
              daemon == null ? "" : daemon.instance()));
    }
    String trouble =
        bare.state().equals("down") ? "no process runs" : checks.unhealthy(lab.cluster(), views);
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

  private String state(List<LabStatus.HostStatus> hosts) {
    if (hosts.stream().allMatch(h -> h.power().equals("off"))) {
      // A start that was cut off may have left the switch alone.
      return lab.isUp() ? "partly" : "down";
    }
    boolean all =
        hosts.stream()
            .allMatch(
                h -> h.on() && h.daemons().stream().allMatch(d -> d.state().equals("running")));
    return all ? "up" : "partly";
  }

  private LabStatus.HostStatus host(
      String name, HostStatus host, Map<Endpoint, halab.admin.proto.DaemonStatus> answers) {
    List<LabStatus.DaemonStatus> daemons = new ArrayList<>();
    for (Endpoint endpoint : lab.daemons()) {
      if (endpoint.host().equals(name)) {
        daemons.add(daemon(endpoint, host, answers.get(endpoint)));
      }
    }
    return host == null
        ? new LabStatus.HostStatus(name, powerOfSilent(name), 0, List.of(), daemons)
        : new LabStatus.HostStatus(
            name, "on", host.getPid(), List.copyOf(host.getAddressList()), daemons);
  }

  private String powerOfSilent(String host) {
    if (!lab.backend().isOn(host)) {
      return lab.isSpare(host) ? SPARE : "off";
    }
    return lab.backend().isPaused(host) ? "paused" : "silent";
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
    if (own == null) {
      own = halab.admin.proto.DaemonStatus.getDefaultInstance();
    }
    String state = process.getState().isEmpty() ? "off" : process.getState();
    boolean there = state.equals("running") || state.equals("paused");
    if (own.getHeld()) {
      state = "held";
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

  private List<LabStatus.DiskStatus> disks(DisksStatus disks) {
    if (disks == null) {
      return List.of();
    }
    Set<String> own = new TreeSet<>();
    lab.model().disks().stream()
        .filter(disk -> !disk.shared())
        .forEach(disk -> own.add(disk.name()));
    return disks.getDiskList().stream()
        .map(
            d ->
                new LabStatus.DiskStatus(
                    d.getName(),
                    d.getPath(),
                    d.getFault().isEmpty() ? "ok" : d.getFault(),
                    own.contains(d.getName()) ? LabStatus.DiskStatus.UNCOUNTED : d.getReads(),
                    own.contains(d.getName()) ? LabStatus.DiskStatus.UNCOUNTED : d.getWrites(),
                    d.getBitten(),
                    List.copyOf(d.getFenceList())))
        .toList();
  }

  /** Who has an address: the switch's word where it leads there, else what the cards show. */
  private List<LabStatus.VipStatus> vips(SwitchStatus vips, Map<String, HostStatus> hosts) {
    List<LabStatus.VipStatus> all = new ArrayList<>();
    for (String address : lab.model().vips().keySet()) {
      VipStatus led =
          vips == null
              ? VipStatus.getDefaultInstance()
              : vips.getVipList().stream()
                  .filter(v -> v.getAddress().equals(address))
                  .findFirst()
                  .orElse(VipStatus.getDefaultInstance());
      String holder = lab.model().oneMachine() ? led.getHolder() : onCards(address, hosts);
      all.add(
          new LabStatus.VipStatus(
              address, holder, lab.backend().clientPort(address), led.getConnections()));
    }
    return all;
  }

  /** Hosts whose cards have this address, more than one where it was taken and not given up. */
  private static String onCards(String address, Map<String, HostStatus> hosts) {
    return String.join(
        " ",
        hosts.keySet().stream()
            .filter(
                h ->
                    hosts.get(h).getAddressList().stream().anyMatch(a -> a.endsWith(" " + address)))
            .toList());
  }

  private static long total(FaultBite bite) {
    return bite.getSwallowed() + bite.getDelayed() + bite.getRefused() + bite.getDuplicated();
  }

  private List<LabStatus.FaultStatus> faults(
      Map<Endpoint, FaultReceipt> receipts, Map<String, HostStatus> hosts, DisksStatus disks)
      throws IOException {
    List<Journal.Entry> held = Journal.heldIn(lab.dir());
    if (held.isEmpty()) {
      return List.of();
    }
    Map<String, Long> bitten = new TreeMap<>(lab.backend().links().bitten(Links.in(held)));
    for (FaultReceipt receipt : receipts.values()) {
      for (FaultBite bite : receipt.getBiteList()) {
        bitten.merge(bite.getRule(), total(bite), Long::sum);
      }
    }
    // The agents know what was bitten in lives that have ended; they hear of it a moment later.
    Map<String, Long> overAllLives = new TreeMap<>();
    for (HostStatus host : hosts.values()) {
      host.getBiteList().forEach(b -> overAllLives.merge(b.getRule(), total(b), Long::sum));
    }
    overAllLives.forEach((rule, count) -> bitten.merge(rule, count, Math::max));
    List<LabStatus.FaultStatus> faults = new ArrayList<>();
    for (Journal.Entry entry : held) {
      if (entry.fault() instanceof Fault.Disk disk) {
        bitten.put(entry.id(), bitten(disk, disks));
      }
      faults.add(
          new LabStatus.FaultStatus(
              entry.id(), entry.text(), entry.at(), bitten.getOrDefault(entry.id(), 0L)));
    }
    return faults;
  }

  /** What a disk's fault has done since it was set; 0 also while the disk daemon is silent. */
  private static long bitten(Fault.Disk fault, DisksStatus disks) {
    String host = fault.host() == null ? "" : fault.host();
    return disks == null
        ? 0
        : disks.getDiskList().stream()
            .filter(d -> d.getName().equals(fault.disk()))
            .mapToLong(d -> d.getBittenForOrDefault(host, 0))
            .sum();
  }
}
