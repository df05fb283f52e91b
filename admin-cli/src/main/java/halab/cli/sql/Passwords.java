package halab.cli.sql;

import halab.cli.Failure;
import halab.node.pg.UsersFile;
import halab.node.pg.Verifier;
import halab.runtime.lab.Lab;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.util.Arrays;

/** Passwords of a lab's SQL users. A password itself is never stored and never shown. */
public final class Passwords {
  private static final int CHARS_MOST = 1_024;

  private Passwords() {}

  /**
   * Asks for a password, twice.
   *
   * @throws Failure if the two differ, or it cannot be one
   */
  public static String asked(Console console, String user) {
    char[] once = console.readPassword("Password for %s: ", user);
    char[] again = console.readPassword("Once more: ");
    if (!Arrays.equals(once, again)) {
      throw Failure.no("the two passwords differ; nothing is changed");
    }
    return checked(once == null ? null : new String(once));
  }

  /**
   * The first line of what comes in.
   *
   * @throws Failure if it cannot be a password
   */
  public static String read(BufferedReader in) throws IOException {
    return checked(in.readLine());
  }

  private static String checked(String password) {
    if (password == null || password.isEmpty() || password.length() > CHARS_MOST) {
      throw Failure.no(
          "a password has 1 to " + CHARS_MOST + " characters, on one line; nothing is changed");
    }
    return password;
  }

  /**
   * Stores what is needed to check a password from the instances' next start on, and says so.
   *
   * @throws IOException if the file of users cannot be read or written
   */
  public static String store(Lab lab, String user, String password) throws IOException {
    UsersFile.put(lab.sqlUsersFile(), user, Verifier.of(password));
    String done = "user " + user + " is in " + lab.sqlUsersFile();
    return lab.sqlAuth().equals(Lab.SCRAM)
        ? done + "; instances read it when they start"
        : done
            + ", but everybody is trusted: write sql_auth = "
            + Lab.SCRAM
            + " into "
            + lab.dir().resolve(Lab.FILE);
  }

  /**
   * Before anything is asked.
   *
   * @throws Failure if there can be no user of this name, or no file beside the lab's description
   */
  public static void require(Lab lab, String user) {
    if (!UsersFile.named(user)) {
      throw Failure.usage(
          "'" + user + "' is no name for a user; use up to 63 letters, digits and _ . @ -");
    }
    if (!lab.dir().resolve(Lab.FILE).toFile().isFile()) {
      throw Failure.no("lab " + lab.name() + " has no folder here; Compose made it, with trust");
    }
  }
}
