package halab.systems;

import com.google.protobuf.Message;
import halab.bricks.Mirror;
import halab.kernel.Endpoint;
import halab.kernel.Table;
import halab.systems.dm.DmService;
import halab.systems.dm.SvcPlace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** One vendor's system as a value: roles, files, messages, networks and its promises in time. */
public interface EmulatedSystem {
  /** Short name used on the command line: "dsc". */
  String name();

  List<Role<?>> roles();

  /** All row tables, those that a role runs inside its own included, for printing and checking. */
  List<Table<?, ?>> tables();

  /** The vendor's tools that are no daemons. */
  default List<Tool> tools() {
    return List.of();
  }

  /**
   * When the peers of a daemon that has fallen silent judge it, in words that follow "its peers
   * judge it"; null where the plan does not say.
   */
  default String judged(LabPlan plan, Endpoint daemon) {
    return null;
  }

  /** Every message that crosses a link or lies in a block, by default instance. */
  List<Message> messages();

  /**
   * Lays out a new lab, checked as {@link #concluded} does. An unknown key or a bad value is a
   * {@link ConfigException}.
   */
  LabPlan plan(LabPlan.Options options);

  /**
   * Checks a lab's files as a whole, relations across files and hosts included, and makes the
   * disks' first content from them. Throws {@link ConfigException} with all problems.
   */
  LabPlan concluded(LabPlan edited);

  /**
   * How this system keeps blocks on several disks at once.
   *
   * @param paths of the lab's disks of kind "dcrv"; none in most labs
   * @return what every one of them holds; empty when there are none
   */
  default List<Mirror.Part> mirrored(List<String> paths) {
    return List.of();
  }

  /**
   * What stands in the file of services of a new lab's clients, {@link halab.systems.dm.SvcConf}.
   * Null when the vendor has no such file.
   *
   * @param places where the lab's instances answer SQL
   */
  default String services(List<SvcPlace> places) {
    return null;
  }

  /**
   * What it makes of files that a user brings along for a new lab. By default they are taken as
   * they are.
   *
   * @param files by {@code NAME}, or {@code FOLDER/NAME} where they lie in a folder
   */
  default Brought brought(Map<String, String> files) {
    return new Brought(files, List.of());
  }

  /** The vendor's monitor; null when it has none. */
  default Monitor monitor() {
    return null;
  }

  /** The vendor's service scripts, host after host. None by default. */
  default List<DmService> scripts(LabPlan plan) {
    return List.of();
  }

  /**
   * How the vendor has a lab stopped. By default all daemons end, the last of the plan first.
   *
   * @param views what the daemons that answer show of themselves now
   */
  default Stopping stopping(LabPlan plan, Map<Endpoint, View> views) {
    List<Endpoint> ends = new ArrayList<>(plan.daemons());
    Collections.reverse(ends);
    return Stopping.of(ends);
  }

  /** Addresses that move from host to host, in the order of the files. None by default. */
  default List<String> movable(LabPlan plan) {
    return List.of();
  }

  /**
   * The vendor's name of the instance that this daemon plays, as the files have it; null when only
   * the role itself knows.
   */
  default String instance(LabPlan plan, Endpoint daemon) {
    return null;
  }

  /** Which network carries this pair: "public", "private", "storage", or "local" on one host. */
  String network(Endpoint a, Endpoint b);

  /**
   * A time bound as a formula of the configured parameters, in milliseconds of lab time.
   *
   * @param what "start", "crash", "rejoin", "stop", "heal", ... ; unknown names are an {@link
   *     IllegalArgumentException} listing the known ones
   */
  long boundMs(String what, LabPlan plan);

  default Tool tool(String name) {
    return tools().stream()
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name() + " has no tool " + name));
  }

  /**
   * What is predicted for a plan: every kind of fault and act with the parts of its time. {@link
   * #boundMs} is made of the same terms. None by default.
   */
  default List<Flow> flows(LabPlan plan) {
    return List.of();
  }

  /**
   * The failovers, starts and rejoins in what is written down about a lab, oldest first. None by
   * default.
   *
   * @param log in the order of time; what one daemon wrote in the order in which it wrote it
   */
  default List<Waterfall> explain(LabPlan plan, List<Happened> log) {
    return List.of();
  }

  default Role<?> role(String name) {
    return roles().stream()
        .filter(r -> r.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name() + " has no role " + name));
  }
}
