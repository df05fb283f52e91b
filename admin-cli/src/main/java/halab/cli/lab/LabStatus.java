package halab.cli.lab;

import halab.kernel.Endpoint;
import halab.systems.View;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A lab as measured at one moment: processes by their hosts' word and {@code /proc}, phases and
 * facts by the daemons' own, reachability by probes from agent to agent.
 *
 * @param state "up" when every daemon of the start lists runs, "down" when no process of the lab
 *     does, else "partly"
 * @param trouble what is missing until the vendor would call it healthy; null when nothing is
 */
public record LabStatus(
    String lab,
    String system,
    String state,
    String trouble,
    List<HostStatus> hosts,
    List<GroupStatus> groups,
    List<PathStatus> paths,
    List<DiskStatus> disks,
    List<VipStatus> vips,
    List<FaultStatus> faults) {

  /**
   * @param power "on", "off", "spare" (off, and no part of the cluster yet), "paused" (all of it
   *     stands still) or "silent" (it has power, but its agent does not answer)
   * @param pid of its host agent, 0 when that does not answer
   * @param addresses configured on its cards
   */
  public record HostStatus(
      String name, String power, long pid, List<String> addresses, List<DaemonStatus> daemons) {
    /** Whether it has power and its agent answers. */
    public boolean on() {
      return power.equals("on");
    }
  }

  /**
   * @param state "running", "paused", "held" (its role's events wait), "exited" (was started and
   *     ended) or "off" (never started since the host came up, or the host is off)
   * @param exitCode of an exited one, 128 + signal when a signal ended it; else 0
   * @param answers whether the daemon itself answered; phase, facts and the rest are its own words
   * @param firstBeatMs from process start to its first durable block; -1 when there was none
   */
  public record DaemonStatus(
      Endpoint endpoint,
      String state,
      long pid,
      int exitCode,
      boolean answers,
      String instance,
      long incarnation,
      String phase,
      Map<String, String> facts,
      long firstBeatMs,
      long startedWallMs,
      Lateness lateness,
      Map<String, Long> counters) {}

  /** What a daemon's loop measured of its own stalls, wall milliseconds. */
  public record Lateness(long worstMs, long worstRecentMs, long lateTimers, long gcMs) {
    public static final Lateness NONE = new Lateness(0, 0, 0, 0);
  }

  /**
   * Who leads a group.
   *
   * @param leads what the one who leads is called ("control", "primary")
   * @param control the daemon, or null when there is none or the observers disagree
   */
  public record GroupStatus(String name, String leads, Endpoint control, String instance) {}

  /**
   * One ordered pair of hosts on one network, probed at this moment.
   *
   * @param probes sent by {@code from}'s agent, or that it would have sent were its host on
   * @param heard by {@code to}'s agent
   */
  public record PathStatus(String network, String from, String to, int probes, int heard) {
    public boolean reachable() {
      return heard > 0;
    }
  }

  /**
   * One disk as its daemon serves it, or one that its host alone reaches.
   *
   * @param reads requests; {@link #UNCOUNTED} for a disk of one host alone, whose users count none
   */
  public record DiskStatus(
      String name,
      String path,
      String fault,
      long reads,
      long writes,
      long bitten,
      List<String> fences) {
    static final long UNCOUNTED = -1;
  }

  /** One virtual address at the switch. */
  public record VipStatus(String address, String holder, int port, long connections) {}

  /** A fault that HALab holds, and how often it has bitten. */
  public record FaultStatus(String id, String text, String since, long bitten) {}

  /** Every daemon, hosts in order. */
  public List<DaemonStatus> daemons() {
    return hosts.stream().flatMap(host -> host.daemons().stream()).toList();
  }

  /** The daemon of this name; null when the lab has none such. */
  public DaemonStatus daemon(Endpoint endpoint) {
    return daemons().stream().filter(d -> d.endpoint().equals(endpoint)).findFirst().orElse(null);
  }

  /** What the daemons that answered show of themselves. */
  public Map<Endpoint, View> views() {
    Map<Endpoint, View> views = new TreeMap<>();
    for (DaemonStatus daemon : daemons()) {
      if (daemon.answers()) {
        views.put(daemon.endpoint(), new View(daemon.phase(), daemon.facts()));
      }
    }
    return views;
  }
}
