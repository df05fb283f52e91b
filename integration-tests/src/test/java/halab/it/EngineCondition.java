package halab.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/** What {@link NeedsEngine} does. */
final class EngineCondition implements ExecutionCondition, BeforeAllCallback {
  private static final long BUILD_MINUTES = 8;

  private static String problem;
  private static boolean built;

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (DockerClientFactory.instance().isDockerAvailable()) {
      return ConditionEvaluationResult.enabled("a container engine answers");
    }
    if ("required".equals(System.getenv("HALAB_DOCKER"))) {
      throw new IllegalStateException("HALAB_DOCKER=required, but no container engine answers");
    }
    return ConditionEvaluationResult.disabled("no container engine answers");
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
    build();
    if (problem != null) {
      throw new IllegalStateException("docker/build.sh failed:\n" + problem);
    }
  }

  /** Once for all classes; the script leaves an image of the same content alone. */
  private static synchronized void build() throws IOException, InterruptedException {
    if (built) {
      return;
    }
    built = true;
    ProcessBuilder builder = new ProcessBuilder(Halab.ROOT.resolve("docker/build.sh").toString());
    builder.environment().put("HALAB_BUILD", "never");
    builder.redirectErrorStream(true);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      problem = said;
    }
  }
}
