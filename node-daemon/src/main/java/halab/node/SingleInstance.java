package halab.node;

import halab.kernel.ExitCode;
import halab.node.data.SingleData;
import halab.node.pg.PgConfig;
import halab.node.pg.PgServer;
import halab.node.pg.Users;
import halab.node.pg.UsersFile;
import halab.node.redo.RedoShape;
import halab.node.sql.SqlFailure;
import halab.systems.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * An instance of its own, no lab around it: {@code --folder DIR --port P [--checkpoint-s N]
 * [--users FILE]}. For benchmarks and for whoever tries a driver. Ends with 78 when folder, port or
 * file cannot be used, with 1 when its storage fails under it.
 */
public final class SingleInstance {
  private static final String USAGE =
      "usage: SingleInstance --folder DIR --port P (0: a free one) [--checkpoint-s N] (60)"
          + " [--users FILE] (who logs in by password; without: everybody is trusted)";
  private static final Set<String> NAMES =
      Set.of("--folder", "--port", "--checkpoint-s", "--users");
  private static final String HOST = "127.0.0.1";
  private static final long LOGIN_MS = 10_000;
  private static final int CHECKPOINT_MOST_S = 86_400;

  private SingleInstance() {}

  public static void main(String[] args) throws InterruptedException {
    Map<String, String> options = options(args);
    Path folder = Path.of(options.get("--folder"));
    int port = number(options.get("--port"), 0, 65_535);
    int checkpointS = number(options.getOrDefault("--checkpoint-s", "60"), 1, CHECKPOINT_MOST_S);
    String file = options.get("--users");
    try {
      Users users = file == null ? Users.trust() : UsersFile.read(Path.of(file));
      serve(folder, port, checkpointS, users);
    } catch (IOException | SqlFailure | ConfigException e) {
      System.err.println("halab: " + text(e));
      Runtime.getRuntime().halt(ExitCode.CONFIG);
    }
    new CountDownLatch(1).await();
  }

  private static Map<String, String> options(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    if (args.length % 2 != 0
        || !NAMES.containsAll(options.keySet())
        || !options.keySet().containsAll(Set.of("--folder", "--port"))) {
      throw usage();
    }
    return options;
  }

  private static int number(String text, int least, int most) {
    if (!text.matches("[0-9]{1,5}")
        || Integer.parseInt(text) < least
        || Integer.parseInt(text) > most) {
      throw usage();
    }
    return Integer.parseInt(text);
  }

  private static RuntimeException usage() {
    System.err.println(USAGE);
    System.exit(ExitCode.USAGE);
    return new IllegalStateException(USAGE);
  }

  private static void serve(Path folder, int port, int checkpointS, Users users)
      throws IOException, SqlFailure {
    SingleData data =
        SingleData.open(
            folder,
            SingleData.device(folder, RedoShape.SINGLE),
            RedoShape.SINGLE,
            checkpointS * 1000L,
            SingleInstance::ends);
    SingleData.Recovery found = data.recovery();
    System.out.printf(
        "halab: recovered to LSN %d, %d packages replayed, %d ms%s%n",
        found.lsn(),
        found.packages(),
        found.ms(),
        found.cut() == null ? "" : ", cut off the end of the redo: " + found.cut());
    PgServer front =
        PgServer.start(
            data.database(), new PgConfig(HOST, port, SingleData.SESSIONS_MOST, LOGIN_MS, users));
    System.out.printf("halab: SQL on %s:%d%n", HOST, front.port());
    System.out.flush();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(front, data), "close"));
  }

  private static void close(PgServer front, SingleData data) {
    front.close();
    try {
      data.close();
    } catch (IOException | SqlFailure e) {
      System.err.println("halab: not closed in order, redo covers what is missing: " + text(e));
    }
  }

  /** At once, and with one line: no session may be told an outcome that nobody knows. */
  private static synchronized void ends(Throwable cause) {
    boolean storage = cause instanceof IOException || cause instanceof SqlFailure;
    System.err.println("halab: the instance ends: " + (storage ? text(cause) : cause));
    System.err.flush();
    Runtime.getRuntime().halt(storage ? ExitCode.NO : ExitCode.BUG);
  }

  private static String text(Throwable e) {
    return e instanceof SqlFailure failure && !failure.error().hint().isEmpty()
        ? failure.getMessage() + " " + failure.error().hint()
        : String.valueOf(e.getMessage());
  }
}
