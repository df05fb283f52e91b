package halab.node.pg;

import halab.runtime.lab.AtomicFiles;
import halab.runtime.lab.Lab;
import halab.systems.ConfigException;
import halab.systems.ConfigException.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file of SQL users: {@code name:verifier} on a line, the verifier in PostgreSQL's own form, so
 * that an entry of its {@code pg_authid} can be taken over. {@code #} starts a comment line.
 */
public final class UsersFile {
  private static final long BYTES_MOST = 1 << 20;
  private static final String NAME = "[A-Za-z0-9_.@-]{1,63}";
  private static final String ADD = "add one: halab sql user NAME";

  private final Path file;
  private final Map<String, Verifier> verifiers = new TreeMap<>();
  private final Map<String, Integer> lines = new TreeMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private UsersFile(Path file) {
    this.file = file;
  }

  /**
   * Who may log in to a lab's instances.
   *
   * @throws ConfigException if passwords are asked for and the file of users has a problem
   */
  public static Users of(Lab lab) {
    return lab.sqlAuth().equals(Lab.SCRAM) ? read(lab.sqlUsersFile()) : Users.trust();
  }

  /**
   * The users of a file, by password.
   *
   * @throws ConfigException with every problem: line and remedy, and nothing of any verifier
   */
  public static Users read(Path file) {
    UsersFile users = new UsersFile(file);
    int number = 0;
    for (String line : users.lines()) {
      number++;
      if (!line.isBlank() && !line.strip().startsWith("#")) {
        users.add(line.strip(), number);
      }
    }
    if (users.lines.isEmpty() && users.problems.isEmpty()) {
      users.problem(0, "there is no user, and passwords are asked for", ADD);
    }
    if (!users.problems.isEmpty()) {
      throw new ConfigException(users.problems);
    }
    return Users.scram(users.verifiers);
  }

  private List<String> lines() {
    try {
      if (!Files.exists(file)) {
        problem(0, "there are no users, and passwords are asked for", ADD);
      } else if (Files.size(file) > BYTES_MOST) {
        problem(0, "is larger than 1 MiB", "it has a short line for each user; take the rest out");
      } else {
        return Files.readAllLines(file);
      }
    } catch (IOException e) {
      problem(0, "cannot be read (" + e + ")", "it is UTF-8 text, readable by HALab");
    }
    return List.of();
  }

  private void add(String line, int number) {
    int colon = line.indexOf(':');
    String name = line.substring(0, Math.max(colon, 0));
    Integer first = lines.putIfAbsent(name, number);
    if (!name.matches(NAME)) {
      problem(
          number,
          "the line does not begin with NAME: of letters, digits and _ . @ -",
          "write NAME:SCRAM-SHA-256$4096:salt$key:key, or let 'halab sql user NAME' write it");
    } else if (first != null) {
      problem(number, "user " + name + " stands on line " + first + " already", "keep one");
    } else {
      try {
        verifiers.put(name, Verifier.parse(line.substring(colon + 1).strip()));
      } catch (IllegalArgumentException e) {
        problem(
            number,
            "the password of user " + name + " is not stored as SCRAM-SHA-256$rounds:salt$key:key",
            "set it anew: halab sql user " + name);
      }
    }
  }

  private void problem(int line, String what, String remedy) {
    problems.add(new Problem(file.toString(), line, what, remedy));
  }

  /** Whether this can be the name of a user: up to 63 letters, digits and {@code _ . @ -}. */
  public static boolean named(String user) {
    return user.matches(NAME);
  }

  /**
   * Adds a user, or replaces the password of one; all other lines stay as they are. The file is
   * readable by its owner alone.
   *
   * @param user a name that {@link #named} accepts
   * @throws IOException if the file cannot be read or written
   */
  public static void put(Path file, String user, Verifier verifier) throws IOException {
    List<String> lines = new ArrayList<>();
    if (Files.exists(file)) {
      lines.addAll(Files.readAllLines(file));
      lines.removeIf(line -> line.strip().startsWith(user + ":"));
    }
    lines.add(user + ":" + verifier.text());
    String text = String.join("\n", lines) + "\n";
    AtomicFiles.writeSecret(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
