package halab.runtime.host;

import halab.admin.proto.AdminGrpc;
import halab.admin.proto.FaultBite;
import halab.admin.proto.FaultReceipt;
import halab.admin.proto.FaultSet;
import halab.admin.proto.FaultsRequest;
import halab.admin.proto.OwnDiskFault;
import halab.runtime.Net;
import halab.runtime.faults.FaultFile;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The fault rules of a host: written down first, so that every later daemon begins with them, then
 * handed to those that live. A daemon that does not answer (it may be paused) is tried again until
 * it has them.
 */
final class HostFaults {
  private static final long DEADLINE_MS = 1000;
  private static final long RETRY_MS = 500;
  private static final long POLL_MS = 500;
  private static final int RETRIES = 7200;

  private final Lab lab;
  private final LabHost host;
  private final Net net;
  private final FaultRules checked = new FaultRules("hostd");
  private final Map<String, ManagedChannel> channels = new TreeMap<>();
  private final Bites bites = new Bites();
  private volatile FaultSet inForce;
  private long round;

  HostFaults(Lab lab, LabHost host, Net net) {
    this.lab = lab;
    this.host = host;
    this.net = net;
    inForce = FaultFile.read(lab, host.name());
    checked.replace(inForce);
    bites.keep(inForce);
    net.later(POLL_MS, this::poll);
  }

  /** The rules in force, as the agent's own probes have to meet them. */
  FaultRules rules() {
    return checked;
  }

  /** What the rules in force have bitten on this host, over all lives. Any thread. */
  List<FaultBite> bites() {
    return bites.all();
  }

  /** Counts die with their daemon, so they are fetched while there is a rule to count. */
  private void poll() {
    if (bites.wanted()) {
      for (String role : host.ports().keySet()) {
        if (!role.equals(LabHost.HOSTD)) {
          AdminGrpc.newStub(channel(role))
              .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
              .faults(FaultsRequest.getDefaultInstance(), new Once<>(bites::add, failure -> {}));
        }
      }
    }
    net.later(POLL_MS, this::poll);
  }

  private ManagedChannel channel(String role) {
    return channels.computeIfAbsent(role, r -> net.channel(LabHost.LOOPBACK, host.port(r)));
  }

  /**
   * Replaces the rules of the links; {@code done} gets what every living daemon answered. Worker
   * thread.
   */
  void set(FaultSet links, List<String> living, Consumer<FaultReceipt> done) {
    List<OwnDiskFault> disks = inForce.getDiskList();
    take(links.toBuilder().clearDisk().addAllDisk(disks).build(), living, done);
  }

  /** As {@link #set}, with what is wrong with one disk of this host. Worker thread. */
  void setDisk(OwnDiskFault fault, List<String> living, Consumer<FaultReceipt> done) {
    FaultSet.Builder wanted = inForce.toBuilder().clearDisk();
    inForce.getDiskList().stream()
        .filter(d -> !d.getDisk().equals(fault.getDisk()))
        .forEach(wanted::addDisk);
    take((healthy(fault) ? wanted : wanted.addDisk(fault)).build(), living, done);
  }

  private static boolean healthy(OwnDiskFault fault) {
    return fault.getFault().equals("ok");
  }

  /** What is wrong with the disks of this host. Any thread. */
  List<OwnDiskFault> disks() {
    return inForce.getDiskList();
  }

  private void take(FaultSet wanted, List<String> living, Consumer<FaultReceipt> done) {
    FaultReceipt check = checked.replace(wanted);
    if (!check.getFailure().isEmpty()) {
      done.accept(check);
      return;
    }
    try {
      // Before anything can be bitten: a rule that is written down can be healed.
      FaultFile.write(lab, host.name(), wanted);
      inForce = wanted;
    } catch (IOException e) {
      done.accept(FaultReceipt.newBuilder().setFailure("cannot keep the rules: " + e).build());
      return;
    }
    net.run(() -> hand(wanted, living, done));
  }

  private void hand(FaultSet wanted, List<String> living, Consumer<FaultReceipt> done) {
    round++;
    bites.keep(wanted);
    Collector collector = new Collector(living.size(), done);
    for (String role : living) {
      push(role, wanted, round, RETRIES, collector);
    }
    if (living.isEmpty()) {
      done.accept(FaultReceipt.getDefaultInstance());
    }
  }

  private void push(String role, FaultSet wanted, long ofRound, int left, Collector collector) {
    if (ofRound != round) {
      return;
    }
    AdminGrpc.newStub(channel(role))
        .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
        .setFaults(
            wanted,
            new Once<FaultReceipt>(
                receipt -> net.run(() -> collector.add(receipt)),
                failure ->
                    net.run(
                        () -> {
                          String who = host.name() + "/" + role + " " + failure;
                          collector.add(FaultReceipt.newBuilder().setFailure(who).build());
                          if (failure.equals("does not answer") && left > 0) {
                            Runnable again =
                                () -> push(role, wanted, ofRound, left - 1, Collector.DEAF);
                            net.later(RETRY_MS, again);
                          }
                        })));
  }

  /** Gathers the receipts of all daemons into one. Network thread. */
  private static final class Collector {
    static final Collector DEAF = new Collector(-1, receipt -> {});
    private final FaultReceipt.Builder all = FaultReceipt.newBuilder();
    private final Consumer<FaultReceipt> done;
    private int missing;

    Collector(int missing, Consumer<FaultReceipt> done) {
      this.missing = missing;
      this.done = done;
    }

    void add(FaultReceipt receipt) {
      if (missing < 0) {
        return;
      }
      all.addAllBite(receipt.getBiteList());
      if (!receipt.getFailure().isEmpty()) {
        String before = all.getFailure().isEmpty() ? "" : all.getFailure() + "; ";
        all.setFailure(before + receipt.getFailure());
      }
      if (--missing == 0) {
        done.accept(all.build());
      }
    }
  }
}
