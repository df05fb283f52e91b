package halab.cli.docker;

import halab.admin.proto.FaultReceipt;
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
    List<Held> holes =
        change.lifted().stream().filter(h -> h.link().kind() == LinkKind.CUT).toList();
    if (!holes.isEmpty()) {
      edge(holes, told);
    }
    for (LabHost host : lab.hosts()) {
      attach(host, last, next, change.sweep(), told);
      filter(host.name(), last, next, change.sweep(), told);
    }
    // A host that comes up may have missed the end of rules that its agent keeps.
    boolean again = change.fresh().isEmpty() && change.lifted().isEmpty();
    shape(last, next, change.sweep(), again || !holes.isEmpty(), told);
    if (!change.fresh().isEmpty()) {
      told.addAll(proof(change.fresh()));
    }
    return told.isEmpty() ? "nothing to do" : String.join("; ", told);
  }

  /** Takes the host off networks, or gives them back with its address and name. */
  private void attach(LabHost host, NetPlan last, NetPlan next, boolean sweep, List<String> told) {
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
        told.add(host.name() + " is on the " + network + " network again");
      }
    }
  }

  private void filter(String host, NetPlan last, NetPlan next, boolean sweep, List<String> told) {
    boolean concerned = sweep || !next.filters(host).isEmpty() || !last.filters(host).isEmpty();
    if (!concerned) {
      return;
    }
    if (!containers.isOn(host)) {
      if (!next.filters(host).isEmpty()) {
        told.add(host + " is off and gets its packet filter when it comes up");
      }
      return;
    }
    String failure = PacketFilter.replace(containers, host, next.filters(host));
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
    edge(kernel ? List.of() : next.shaped(), told);
    if (!next.shaped().isEmpty()) {
      told.add(
          kernel
              ? "delayed by the kernel (netem)"
              : "delayed at the daemons' edge, for this kernel has no netem");
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

  /** Hands every agent that answers these rules for its daemons. */
  private void edge(List<Held> held, List<String> told) {
    long version = System.currentTimeMillis();
    for (LabHost host : lab.hosts()) {
      FaultReceipt receipt =
          client.setFaults(host.name(), Rules.forHost(host.name(), held, version));
      if (receipt != null && !receipt.getFailure().isEmpty()) {
        told.add(host.name() + " has its edge rules late (" + receipt.getFailure() + ")");
      }
    }
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
