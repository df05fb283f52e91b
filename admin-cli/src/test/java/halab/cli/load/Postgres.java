package halab.cli.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real PostgreSQL with a data folder and a port of its own, run as a user that is not root. */
final class Postgres implements AutoCloseable {
  private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");
  private static final String USER = "postgres";
  private static final long PATIENCE_NS = 60_000_000_000L;

  private final Path folder;
  private final List<String> settings;
  private final int port;
  private Process server;

  /** Makes the data folder; {@code settings} are of the form {@code name=value}. */
  Postgres(String... settings) throws IOException, InterruptedException {
    this.settings = List.of(settings);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    folder = Files.createTempDirectory("halab-load-pg");
    Files.setOwner(
        folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
    Process made = start("initdb", "-D", data(), "-A", "trust", "-U", USER, "-N");
    if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
      made.destroyForcibly();
      throw new IOException("initdb failed: " + Files.readString(folder.resolve("initdb.log")));
    }
  }

  /** Null if there is one to run and a way to run it; otherwise what is missing. */
  static String missing() {
    if (!Files.isExecutable(BIN.resolve("postgres"))) {
      return "no PostgreSQL 15 in " + BIN;
    }
    boolean root = System.getProperty("user.name").equals("root");
    return root && Files.isExecutable(Path.of("/usr/bin/setpriv"))
        ? null
        : "PostgreSQL can be run by root with setpriv only";
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private Process start(String program, String... args) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
    words.add(BIN.resolve(program).toString());
    words.addAll(List.of(args));
    return new ProcessBuilder(words)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(program + ".log").toFile())
        .start();
  }

  /** Starts it and waits until it takes connections. */
  void up() throws IOException {
    List<String> args =
        new ArrayList<>(List.of("-D", data(), "-h", "127.0.0.1", "-p", Integer.toString(port)));
    args.addAll(List.of("-k", folder.toString()));
    settings.forEach(setting -> args.addAll(List.of("-c", setting)));
    server = start("postgres", args.toArray(String[]::new));
    long giveUpNs = System.nanoTime() + PATIENCE_NS;
    while (!answers()) {
      if (!server.isAlive() || System.nanoTime() > giveUpNs) {
        throw new IOException("no start: " + Files.readString(folder.resolve("postgres.log")));
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private boolean answers() {
    try (Connection connection = new JdbcWhere(url(), LoadSettings.ANSWER_MS).connection()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** What was done before is durable. */
  void checkpoint() throws SQLException {
    try (Connection connection = new JdbcWhere(url(), LoadSettings.ANSWER_MS).connection();
        Statement statement = connection.createStatement()) {
      statement.execute("checkpoint");
    }
  }

  /** kill -9 of all its processes; returns when they are gone. */
  void kill() {
    List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
    all.add(0, server.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(gone -> gone.onExit().orTimeout(60, TimeUnit.SECONDS).join());
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER;
  }

  @Override
  public void close() throws IOException {
    if (server != null) {
      kill();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
