package halab.cli.lab;

import halab.bricks.Slots;
import halab.kernel.Endpoint;
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
import java.util.function.Predicate;

/** What must be right before a lab is started; all that is wrong is told together. */
public final class Precheck {
  private final Lab lab;
  private final List<Problem> problems = new ArrayList<>();

  private Precheck(Lab lab) {
    this.lab = lab;
  }

  /**
   * Checks ports and disks.
   *
   * @param plan the vendor files as they stand, already checked
   * @param runs whether a process of the lab runs now and may hold its port
   * @throws ConfigException with all problems
   */
  static void require(Lab lab, LabPlan plan, Predicate<Endpoint> runs) {
    Precheck check = new Precheck(lab);
    check.portsAgree(plan);
    check.portsFree(runs);
    lab.disks().forEach(check::disk);
    check.throwIfAny();
  }

  /**
   * As {@link #require}, for hosts that are machines of their own: only what files say of ports.
   */
  public static void requireSamePorts(Lab lab, LabPlan plan) {
    Precheck check = new Precheck(lab);
    check.portsAgree(plan);
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
      host.ports()
          .forEach(
              (role, port) -> {
                int ours = lab.host(host.name()).ports().getOrDefault(role, -1);
                if (ours != port) {
                  problem(
                      lab.dir().resolve(Lab.FILE),
                      "port."
                          + role
                          + " of "
                          + host.name()
                          + " is "
                          + ours
                          + ", but its vendor files say "
                          + port,
                      "write the same port in both");
                }
              });
    }
  }

  private void portsFree(Predicate<Endpoint> runs) {
    for (LabHost host : lab.hosts()) {
      host.ports().forEach((role, port) -> portFree(new Endpoint(host.name(), role), port, runs));
    }
    portFree(lab.switchEndpoint(), lab.switchPort(), runs);
    lab.vips()
        .forEach(
            (address, port) -> {
              if (!runs.test(lab.switchEndpoint()) && !Ports.free(port)) {
                taken(port, "address " + address);
              }
            });
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
