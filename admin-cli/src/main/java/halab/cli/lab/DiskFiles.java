package halab.cli.lab;

import halab.systems.LabPlan;
import java.io.IOException;
import java.nio.file.Path;

final class DiskFiles {
  private DiskFiles() {}

  static void write(Path file, LabPlan.DiskPlan disk) throws IOException {}
}
