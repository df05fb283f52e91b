package halab.cli.lab;

import halab.cli.Out;
import java.io.IOException;
import java.util.List;

/** What is said about a lab. */
public final class Reports {
  private Reports() {}

  /** A new lab in one line. */
  public static String made(LiveLab lab) {
    String disks = String.join(", ", lab.plan().disks().stream().map(d -> d.name()).toList());
    return "hosts " + String.join(", ", lab.hosts()) + "; disks " + disks;
  }

  /** The status for people. */
  public static List<String> text(Out out, LabStatus status) {
    return new StatusText(out).of(status);
  }

  /** Who leads each group. */
  public static List<String> groups(Out out, LabStatus status) {
    return new StatusText(out).groups(status);
  }

  /** The status for machines. */
  public static String json(LabStatus status) throws IOException {
    return StatusJson.of(status);
  }
}
