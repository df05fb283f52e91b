package halab.cli.lab;

import halab.admin.proto.Heard;
import halab.admin.proto.ProbeReply;
import halab.admin.proto.ProbeRequest;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One round of probes: every agent that answers sends datagrams to every host on every network, and
 * says what it heard of the others'. What it shows is true whoever caused it.
 */
public final class Probing {
  /** Datagrams per network and ordered pair. */
  public static final int COUNT = 5;

  private static final int EVERY_MS = 40;

  /** For the last datagram to arrive. */
  private static final int SETTLE_MS = 50;

  private final Lab lab;
  private final Map<String, Map<String, Integer>> heard = new TreeMap<>();

  private Probing(Lab lab) {
    this.lab = lab;
  }

  /**
   * @param agents hosts whose agents answer
   */
  public static Probing of(LiveLab lab, List<String> agents) {
    return of(lab.model(), lab.client(), agents);
  }

  /** As {@link #of(LiveLab, List)}. */
  public static Probing of(Lab lab, LabClient client, List<String> agents) {
    Probing probing = new Probing(lab);
    ProbeRequest.Builder round =
        ProbeRequest.newBuilder()
            .setRound(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE))
            .setEveryMs(EVERY_MS);
    int sendingMs = COUNT * EVERY_MS + SETTLE_MS;
    askAll(client, agents, round.setCount(COUNT).setAnswerAfterMs(sendingMs).build());
    // Not all begin at the same moment: what was heard is asked for when all have sent.
    askAll(client, agents, round.setCount(0).setAnswerAfterMs(0).build()).forEach(probing::note);
    return probing;
  }

  private static Map<String, ProbeReply> askAll(
      LabClient client, List<String> agents, ProbeRequest round) {
    Map<String, CompletableFuture<ProbeReply>> replies = new TreeMap<>();
    for (String agent : agents) {
      CompletableFuture<ProbeReply> reply = new CompletableFuture<>();
      Thread thread = new Thread(() -> ask(client, agent, round, reply), "probe");
      thread.setDaemon(true);
      thread.start();
      replies.put(agent, reply);
    }
    Map<String, ProbeReply> all = new TreeMap<>();
    replies.forEach((agent, reply) -> all.put(agent, reply.join()));
    return all;
  }

  private static void ask(
      LabClient client, String agent, ProbeRequest round, CompletableFuture<ProbeReply> reply) {
    try {
      reply.complete(client.probe(agent, round));
    } catch (RuntimeException e) {
      reply.completeExceptionally(e);
    }
  }

  private void note(String agent, ProbeReply reply) {
    if (reply != null && reply.getFailure().isEmpty()) {
      Map<String, Integer> counts = heard.computeIfAbsent(agent, a -> new TreeMap<>());
      for (Heard one : reply.getHeardList()) {
        counts.put(one.getNetwork() + " " + one.getHost(), one.getCount());
      }
    }
  }

  /** How many of {@link #COUNT} came through; -1 when either end cannot be asked. */
  public int heard(String network, String from, String to) {
    if (!heard.containsKey(to) || !heard.containsKey(from)) {
      return -1;
    }
    return heard.get(to).getOrDefault(network + " " + from, 0);
  }

  /** All ordered pairs of hosts that share a network, network by network. */
  List<LabStatus.PathStatus> paths() {
    List<LabStatus.PathStatus> paths = new ArrayList<>();
    for (String network : LabHost.NETWORKS) {
      List<String> on =
          lab.hosts().stream()
              .filter(h -> h.addresses().containsKey(network))
              .map(LabHost::name)
              .toList();
      for (String from : on) {
        for (String to : on) {
          if (!from.equals(to) && heard.containsKey(to)) {
            int came = heard.get(to).getOrDefault(network + " " + from, 0);
            paths.add(new LabStatus.PathStatus(network, from, to, COUNT, came));
          }
        }
      }
    }
    return paths;
  }
}
