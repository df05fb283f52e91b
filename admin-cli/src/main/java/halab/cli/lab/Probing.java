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
  private static final int ANSWER_AFTER_MS = 500;

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
    ProbeRequest round =
        ProbeRequest.newBuilder()
            .setRound(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE))
            .setCount(COUNT)
            .setEveryMs(EVERY_MS)
            .setAnswerAfterMs(ANSWER_AFTER_MS)
            .build();
    Map<String, CompletableFuture<ProbeReply>> replies = new TreeMap<>();
    for (String agent : agents) {
      // A thread each: they have to begin together.
      CompletableFuture<ProbeReply> reply = new CompletableFuture<>();
      Thread thread = new Thread(() -> ask(client, agent, round, reply), "probe");
      thread.setDaemon(true);
      thread.start();
      replies.put(agent, reply);
    }
    replies.forEach((agent, reply) -> probing.note(agent, reply.join()));
    return probing;
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
