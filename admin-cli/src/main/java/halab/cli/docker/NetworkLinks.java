package halab.cli.docker;

import halab.admin.proto.FaultReceipt;
import halab.admin.proto.FaultSet;
import halab.cli.Failure;
import halab.cli.fault.Links;
import halab.cli.fault.Rules;
import halab.cli.lab.LabClient;
import halab.cli.lab.Probing;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.sim.Fault;
import halab.sim.Fault.LinkKind;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Link faults done to the networks themselves, from outside the hosts: {@link NetPlan} says by
 * what, probes from agent to agent prove it.
 *
 * <p>What was queued on a link while it was cut must not arrive when it is healed. So before
 * packets pass again, the daemons at both ends are told that the link is a hole; when they are told
 * that it is one no more they drop the old stream with all that was on it, as they do everywhere.
 */
final class NetworkLinks implements Links {
  /** A host that has just got a network back needs a moment until it answers there. */
  private static final int PROBE_ROUNDS = 4;

  private final Lab lab;
  private final LabClient client;
  private final Containers containers;

  NetworkLinks(Lab lab, LabClient client, Containers containers) {
    this.lab = lab;
    this.client = client;
    this.containers = containers;
  }

  @Override
  public String apply(Change change) {
    NetPlan next = NetPlan.of(lab, change.held());
    List<Held> before = new ArrayList<>(change.held());
    before.removeAll(change.fresh());
    before.addAll(change.lifted());
    NetPlan last = NetPlan.of(lab, before);
    List<String> told = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    if (change.sweep()) {
      containers.moments().await();
      each(problems, host -> unpause(host, told));
    }
    List<Held> holes =
        change.lifted().stream().filter(h -> h.link().kind() == LinkKind.CUT).toList();
    if (!holes.isEmpty()) {
      edge(holes, false);
    }
    // All filters first: a host that is given a network back must not be heard by those that it is
    // still cut from. Its card may be another one afterwards.
    each(problems, host -> filter(host.name(), last, next, change.sweep(), told));
    boolean attached = each(problems, host -> attach(host, last, next, change.sweep(), told));
    if (attached) {
      each(problems, host -> filter(host.name(), next, next, false, new ArrayList<>()));
    }
    // A host that comes up may have missed the end of rules that its agent keeps.
    boolean again = change.fresh().isEmpty() && change.lifted().isEmpty();
    attempt(problems, () -> shape(last, next, change.sweep(), again || !holes.isEmpty(), told));
    if (!change.fresh().isEmpty()) {
      told.addAll(proof(change.fresh()));
    }
    problems.addAll(stillCut(change));
    if (!problems.isEmpty()) {
      told.addAll(problems);
      throw Failure.no(String.join("; ", told));
    }
    return told.isEmpty() ? "nothing to do" : String.join("; ", told);
  }

  /** What is done to one host; whether it changed something. */
  private interface Deed {
    boolean to(LabHost host);
  }

  /** Does it to every host, whatever goes wrong at another one; whether anything was changed. */
  private boolean each(List<String> problems, Deed deed) {
    boolean[] changed = new boolean[1];
    for (LabHost host : lab.hosts()) {
      attempt(problems, () -> changed[0] |= deed.to(host));
    }
    return changed[0];
  }

  private static void attempt(List<String> problems, Runnable deed) {
    try {
      deed.run();
    } catch (Failure e) {
      problems.add(e.getMessage());
    }
  }

  /** Somebody made all of the host stand still, from outside. */
  private boolean unpause(LabHost host, List<String> told) {
    if (!containers.isPaused(host.name())) {
      return false;
    }
    containers.unpause(host.name());
    told.add(host.name() + " goes on");
    return true;
  }

  /** Takes the host off networks, or gives them back; whether it was given one. */
  private boolean attach(
      LabHost host, NetPlan last, NetPlan next, boolean sweep, List<String> told) {
    if (!containers.has(host.name())) {
      return false;
    }
    boolean attached = false;
    List<String> now = containers.networksOf(host.name());
    for (String network : host.addresses().keySet()) {
      boolean on = now.contains(network);
      if (next.isApart(network, host.name())) {
        if (on) {
          containers.disconnect(host.name(), network);
          told.add(host.name() + " is off the " + network + " network");
        }
      } else if (!on && (sweep || last.isApart(network, host.name()))) {
        containers.connect(host, network);
        attached = true;
        told.add(host.name() + " is on the " + network + " network again");
      }
    }
    return attached;
  }

  private boolean filter(
      String host, NetPlan last, NetPlan next, boolean sweep, List<String> told) {
    boolean concerned = sweep || !next.filters(host).isEmpty() || !last.filters(host).isEmpty();
    if (!concerned) {
      return false;
    }
    if (!containers.isOn(host)) {
      if (!next.filters(host).isEmpty()) {
        told.add(host + " is off and gets its packet filter when it comes up");
      }
      return false;
    }
    String failure = PacketFilter.replace(containers, host, next.filters(host), this::card);
    if (!failure.isEmpty()) {
      throw Failure.no("the packet filter of " + host + " cannot be set: " + failure);
    }
    int rules = next.filters(host).size();
    if (rules > 0 || !last.filters(host).isEmpty()) {
      told.add(
          host
              + (rules == 0
                  ? " filters nothing any more"
                  : " filters " + rules + (rules == 1 ? " sender" : " senders")));
    }
    return true;
  }

  /** Card of a sender that may hold virtual addresses on this network, else empty. */
  private String card(NetPlan.Filter rule) {
    boolean holds = rule.network().equals("public") && !lab.host(rule.from()).nics().isEmpty();
    return holds ? containers.cardOf(rule.from(), rule.network()) : "";
  }

  /** Delays: by the kernel where it can, else at the daemons' edge. */
  private void shape(NetPlan last, NetPlan next, boolean sweep, boolean stale, List<String> told) {
    boolean concerned = sweep || stale || !next.shaped().isEmpty() || !last.shaped().isEmpty();
    if (!concerned) {
      return;
    }
    boolean kernel = !next.shaped().isEmpty() && kernelCan();
    // Where the kernel cannot do it there is nothing to take away either.
    boolean shapedBefore = (sweep || !last.shaped().isEmpty()) && kernelCan();
    if (kernel || shapedBefore) {
      for (LabHost host : lab.hosts()) {
        if (containers.isOn(host.name())) {
          List<Held> shaped = kernel ? next.shaped() : List.of();
          String failure = Netem.replace(containers, lab, host.name(), shaped);
          if (!failure.isEmpty()) {
            throw Failure.no("the cards of " + host.name() + " cannot be shaped: " + failure);
          }
        }
      }
    }
    List<String> byHost = edge(kernel ? List.of() : next.shaped(), true);
    if (!next.shaped().isEmpty()) {
      told.add(
          kernel
              ? "delayed by the kernel (netem)"
              : "delayed at the daemons' edge, for this kernel has no netem; rules by host: "
                  + String.join(", ", byHost));
    }
  }

  /** Whether the kernel, which all hosts share, has netem. */
  private boolean kernelCan() {
    return lab.hosts().stream()
        .map(LabHost::name)
        .filter(containers::isOn)
        .findFirst()
        .filter(host -> Netem.isThere(containers, host))
        .isPresent();
  }

  /**
   * Hands every agent these rules for its daemons.
   *
   * @param lasting they are to be in force from now on: a host that is off begins with them
   * @return how many each has
   */
  private List<String> edge(List<Held> held, boolean lasting) {
    long version = System.currentTimeMillis();
    List<String> byHost = new ArrayList<>();
    for (LabHost host : lab.hosts()) {
      FaultSet rules = Rules.forHost(host.name(), held, version);
      FaultReceipt receipt = client.setFaults(host.name(), rules);
      if (receipt != null) {
        String late = receipt.getFailure().isEmpty() ? "" : " (" + receipt.getFailure() + ")";
        byHost.add(host.name() + " has " + rules.getRuleCount() + late);
      } else if (lasting && containers.has(host.name())) {
        leaveBehind(host.name(), rules);
        byHost.add(host.name() + " is off, it begins with " + rules.getRuleCount());
      }
    }
    return byHost;
  }

  /** Where the agent of a host that is off will look for its rules; none means no file. */
  private void leaveBehind(String host, FaultSet rules) {
    String file = "/lab/" + host + "/run/faults";
    String bytes = Base64.getEncoder().encodeToString(rules.toByteArray());
    String script =
        rules.getRuleCount() == 0
            ? "rm -f " + file
            : "base64 -d > " + file + ".new && mv " + file + ".new " + file;
    Engine.Result left = containers.moments().inVolume(true, bytes, "sh", "-c", script);
    if (!left.worked()) {
      throw Engine.failure("leaving " + host + " its rules for the next start", left);
    }
  }

  /** Links that were healed and that nothing is to cut any more, but that let no probe through. */
  private List<String> stillCut(Change change) {
    List<String> still = new ArrayList<>();
    if (change.lifted().isEmpty() && !change.sweep()) {
      return still;
    }
    List<String> on = lab.hosts().stream().map(LabHost::name).filter(containers::isOn).toList();
    for (int round = 0; round < PROBE_ROUNDS; round++) {
      still = stillCut(change, Probing.of(lab, client, on));
      if (still.isEmpty()) {
        return still;
      }
    }
    return still;
  }

  private List<String> stillCut(Change change, Probing probing) {
    List<String> still = new ArrayList<>();
    for (String network : LabHost.NETWORKS) {
      for (LabHost from : lab.hosts()) {
        for (LabHost to : lab.hosts()) {
          boolean healed = change.sweep() || anyJoins(change.lifted(), from.name(), to.name());
          boolean free = !anyJoins(change.held(), from.name(), to.name());
          if (healed
              && free
              && !from.equals(to)
              && from.addresses().containsKey(network)
              && to.addresses().containsKey(network)
              && probing.heard(network, from.name(), to.name()) == 0) {
            still.add(network + " " + from.name() + "->" + to.name() + " lets nothing through yet");
          }
        }
      }
    }
    return still;
  }

  private static boolean anyJoins(List<Held> faults, String a, String b) {
    return faults.stream()
        .map(f -> List.of(f.link().from().get(0), f.link().to().get(0)))
        .anyMatch(ends -> ends.contains(a) && ends.contains(b));
  }

  /** Probes through everything that is fresh; a cut that lets something through is an error. */
  private List<String> proof(List<Held> fresh) {
    List<String> on = lab.hosts().stream().map(LabHost::name).filter(containers::isOn).toList();
    Map<String, Long> countedBefore = bitten(fresh);
    Probing probing = Probing.of(lab, client, on);
    Map<String, Long> counted = bitten(fresh);
    List<String> proof = new ArrayList<>();
    for (Held one : fresh) {
      if (one.link().kind() != LinkKind.DELAY && one.link().kind() != LinkKind.DUPLICATE) {
        proof.addAll(proof(one, probing));
        long packets =
            counted.getOrDefault(one.id(), 0L) - countedBefore.getOrDefault(one.id(), 0L);
        if (packets > 0) {
          proof.add("the filter counted " + packets + " packets meanwhile (" + one.id() + ")");
        }
      }
    }
    return proof;
  }

  private List<String> proof(Held fault, Probing probing) {
    List<String> proof = new ArrayList<>();
    Fault.Link link = fault.link();
    String a = link.from().get(0);
    String b = link.to().get(0);
    for (String network : LabHost.NETWORKS) {
      boolean shared =
          lab.host(a).addresses().containsKey(network)
              && lab.host(b).addresses().containsKey(network);
      if (shared && (link.network().equals("all") || link.network().equals(network))) {
        proof.add(way(link, network, a, b, probing));
        if (link.bothWays()) {
          proof.add(way(link, network, b, a, probing));
        }
      }
    }
    return proof;
  }

  private static String way(
      Fault.Link link, String network, String from, String to, Probing probing) {
    int heard = probing.heard(network, from, to);
    String what = network + " " + from + "->" + to;
    if (heard < 0) {
      return what + ": no probe, a host is off";
    }
    if (heard > 0 && link.kind() != LinkKind.LOSS) {
      throw Failure.no(
          what + ": " + heard + " of " + Probing.COUNT + " probes came through a link that is cut");
    }
    return what + ": " + heard + " of " + Probing.COUNT + " probes came through";
  }

  @Override
  public Map<String, Long> bitten(List<Held> held) {
    Map<String, Long> bitten = new TreeMap<>();
    for (String host : NetPlan.of(lab, held).filters().keySet()) {
      if (containers.isOn(host)) {
        PacketFilter.counts(containers, host)
            .forEach((id, count) -> bitten.merge(id, count.packets(), Long::sum));
      }
    }
    return bitten;
  }
}
