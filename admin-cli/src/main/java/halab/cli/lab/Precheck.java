package halab.cli.lab;

import halab.bricks.Slots;
import halab.kernel.Endpoint;
import halab.node.pg.UsersFile;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabDisk;
import halab.runtime.lab.LabHost;
import halab.systems.ConfigException;
import halab.systems.ConfigException.Problem;
import halab.systems.LabPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What must be right before a lab is started; all that is wrong is told together. */
public final class Precheck {
  private final Lab lab;
  private final List<Problem> problems = new ArrayList<>();

  private Precheck(Lab lab) {
    this.lab = lab;
  }

  /**
   * Checks ports, disks and users.
   *
   * @param plan the vendor files as they stand, already checked
   * @param runs whether a process of the lab runs now and may hold its port
   * @throws ConfigException with all problems
   */
  static void require(Lab lab, LabPlan plan, Predicate<Endpoint> runs) {
    Precheck check = new Precheck(lab);
    check.portsAgree(plan);
    check.portsFree(runs);
    check.users();
    lab.sharedDisks().forEach(check::disk);
    check.throwIfAny();
  }

  /** As {@link #require}, for hosts that are machines of their own: only what files say. */
  public static void requireFiles(Lab lab, LabPlan plan) {
    Precheck check = new Precheck(lab);
    check.portsAgree(plan);
    check.users();
    check.throwIfAny();
  }

  private void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private void problem(Path file, String what, String remedy) {
    problems.add(new Problem(file.toString(), 0, what, remedy));
  }

  /** lab.ini was written from the vendor files; who edits these has to edit both. */
  private void portsAgree(LabPlan plan) {
    for (LabPlan.HostPlan host : plan.hosts()) {
      LabHost ours = lab.host(host.name());
      portsAgree(host.name(), "port.", ours.ports(), host.ports());
      portsAgree(host.name(), "sql.", ours.sqlPorts(), host.sqlPorts());
    }
  }

  private void portsAgree(
      String host, String key, Map<String, Integer> ours, Map<String, Integer> vendors) {
    vendors.forEach(
        (role, port) -> {
          int written = ours.getOrDefault(role, -1);
          if (written != port) {
            problem(
                lab.dir().resolve(Lab.FILE),
                key
                    + role
                    + " of "
                    + host
                    + " is "
                    + written
                    + ", but its vendor files say "
                    + port,
                "write the same port in both");
          }
        });
  }

  /** An instance that finds them wrong would not start. */
  private void users() {
    try {
      UsersFile.of(lab);
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    }
  }

  private void portsFree(Predicate<Endpoint> runs) {
    for (LabHost host : lab.hosts()) {
      // A further port of a role is named ROLE.SOMETHING.
      host.ports()
          .forEach(
              (role, port) ->
                  portFree(new Endpoint(host.name(), role.split("\\.")[0]), port, runs));
      host.sqlPorts()
          .forEach((role, port) -> portFree(new Endpoint(host.name(), role), port, runs));
    }
    portFree(lab.switchEndpoint(), lab.switchPort(), runs);
    if (!runs.test(lab.switchEndpoint())) {
      lab.vips().forEach((address, port) -> free(port, "address " + address));
      lab.hostPorts().forEach((host, port) -> free(port, "the switch for " + host));
    }
  }

  private void free(int port, String whose) {
    if (!Ports.free(port)) {
      taken(port, whose);
    }
  }

  private void portFree(Endpoint process, int port, Predicate<Endpoint> runs) {
    if (!runs.test(process) && !Ports.free(port)) {
      taken(port, process.toString());
    }
  }

  private void taken(int port, String whose) {
    problem(
        lab.dir().resolve(Lab.FILE),
        "port " + port + " of " + whose + " is taken on 127.0.0.1 by another program",
        "stop that program, or destroy the lab and init it again");
  }

  private void disk(LabDisk disk) {
    Path file = lab.diskFile(disk);
    try {
      long there = Files.size(file);
      if (there < disk.bytes()) {
        problem(
            file,
            "disk "
                + disk.name()
                + " is truncated at block "
                + there / Slots.BLOCK_BYTES
                + " of "
                + disk.bytes() / Slots.BLOCK_BYTES,
            "restore the file from a copy, or destroy the lab and init it again");
      }
    } catch (IOException e) {
      problem(
          file,
          "disk " + disk.name() + " is missing",
          "restore the file from a copy, or destroy the lab and init it again");
    }
  }
}
