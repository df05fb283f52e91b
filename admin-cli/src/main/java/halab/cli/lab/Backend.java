package halab.cli.lab;

import halab.cli.fault.Links;
import halab.kernel.Endpoint;
import halab.runtime.admin.AdminClient;
import halab.runtime.lab.LabHost;
import halab.systems.LabPlan;
import java.io.IOException;
import java.util.List;

/**
 * What the hosts of a lab are made of, and what can only be done there: processes of this machine,
 * or containers of an engine. Everything else about a lab is asked of its agents and daemons.
 */
public interface Backend extends AutoCloseable {
  /** A client of this process's admin service; nothing need be there yet. */
  AdminClient dial(Endpoint process, long deadlineMs);

  /** Whether the host has power now. */
  boolean isOn(String host);

  /** Whether the host has power and all of it stands still by somebody's hand. */
  default boolean isPaused(String host) {
    return false;
  }

  /** Whether any host, or anything else of the lab, runs. */
  boolean anyOn();

  /**
   * Gives the host power unless it has it and says so. Its agent may not answer yet.
   *
   * @throws halab.cli.Failure when it cannot be done
   */
  String on(String host);

  /** Kills everything on the host at once; says what. */
  String off(String host) throws IOException;

  /** Starts what the lab has besides its hosts, unless it runs; says so, empty when it has none. */
  String besides();

  /** Kills all of the lab, whatever state it is in; how many processes or containers. */
  int offEverything() throws IOException;

  /** From here on nothing is started any more. */
  void retire();

  /** Takes away what the lab has outside its folder; nothing of it may run any more. */
  void remove() throws IOException;

  /**
   * Refuses to go on when files or the machine are not as needed; all problems together.
   *
   * @param plan the vendor files as they stand, already checked
   */
  void precheck(LabPlan plan);

  /** Log files of a host. */
  LogFolder logs(String host);

  /** Where a process's own standard output and error are, for people. */
  String outFile(Endpoint process);

  /** Puts link faults into force. */
  Links links();

  /** Loopback port of this machine where clients find this movable address; 0: none. */
  int clientPort(String address);

  /**
   * HOST:PORT that leads to the instance of this host, past all addresses that move; an {@link
   * IllegalArgumentException} when the host has none.
   */
  String sqlPlace(String host);

  /** HOST:PORT where clients find this movable address; null: none. */
  default String vipPlace(String address) {
    int port = clientPort(address);
    return port == 0 ? null : LabHost.LOOPBACK + ":" + port;
  }

  /** HOST:PORT where clients reach this host's instance over the public network; null: none. */
  String hostPlace(String host);

  /**
   * The beginning of a command line that runs halab on this host; null where hosts share this
   * machine.
   *
   * @param typed whether somebody types
   */
  default List<String> within(String host, boolean typed) {
    return null;
  }

  /** One word for what the hosts are: "processes" or "containers". */
  String madeOf();

  @Override
  void close();
}
