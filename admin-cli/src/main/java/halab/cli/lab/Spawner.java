package halab.cli.lab;

import halab.kernel.Endpoint;
import halab.runtime.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;

final class Spawner {
  private Spawner() {}

  static long pidOf(Path dir, Endpoint process) {
    return 0;
  }

  static long spawn(Lab lab, Endpoint process) throws IOException {
    return 0;
  }
}
