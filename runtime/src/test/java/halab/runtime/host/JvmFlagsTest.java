package halab.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JvmFlagsTest {
  /** The script that starts an agent in a container cannot ask Java for Java's flags. */
  @Test
  void agentsInContainersHaveTheSameFlags() throws IOException {
    String script = Files.readString(Path.of("../docker/bin/halab-host"));
    assertThat(JvmFlags.flags(null))
        .isNotEmpty()
        .allSatisfy(flag -> assertThat(script).contains(flag));
  }
}
