package halab.runtime;

import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.systems.ConfigException;
import halab.systems.EmulatedSystem;
import halab.systems.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * What every process of a lab does first: reads its arguments and the lab, finds out who it is, and
 * says in one line per problem why it cannot begin.
 */
public final class Daemon {
  private static final int KILLED = 137;

  private Daemon() {}

  /** The body of a process, once it knows its place; returns the exit code. */
  public interface Body {
    int run(Lab lab, Endpoint self) throws InterruptedException;
  }

  /** Where a process is told to run. {@code host} is empty for the switch. */
  private record Place(Path lab, String host, String role) {}

  /**
   * Plays one role of the lab's system until it ends, and ends the process.
   *
   * @param module the program that runs ("css-monitor"); it plays its own roles only
   */
  public static void play(String[] args, String module, List<EmulatedSystem> systems) {
    run(args, (lab, self) -> play(lab, self, module, systems));
  }

  /** As {@link #play(String[], String, List)}, returning the exit code. */
  public static int play(Lab lab, Endpoint self, String module, List<EmulatedSystem> systems)
      throws InterruptedException {
    return play(lab, self, module, systems, null);
  }

  /**
   * Plays a role, which may hold rows, until it ends; returns the exit code.
   *
   * @param rows makes what holds the rows of a role that has some; null in a program whose roles
   *     have none
   */
  public static int play(
      Lab lab, Endpoint self, String module, List<EmulatedSystem> systems, DataPlane.Maker rows)
      throws InterruptedException {
    EmulatedSystem system =
        systems.stream()
            .filter(s -> s.name().equals(lab.system()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no system '" + lab.system() + "'"));
    Role<?> role = system.role(self.role());
    if (!role.module().equals(module)) {
      throw new IllegalArgumentException(
          self + " is played by " + role.module() + ", not by " + module);
    }
    return new RoleProcess<>(lab, self, system, role, rows).run();
  }

  /** Runs any process of a lab, and ends the process. */
  public static void run(String[] args, Body body) {
    int exit;
    try {
      Place place = parse(args);
      Lab lab = Lab.read(place.lab());
      exit = body.run(lab, new Endpoint(place.host(), place.role()));
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      exit = ExitCode.CONFIG;
    } catch (IllegalArgumentException e) {
      System.err.println("halab: " + e.getMessage());
      System.err.println("usage: --lab DIR --host HOST --role ROLE");
      exit = ExitCode.USAGE;
    } catch (InterruptedException e) {
      exit = ExitCode.BUG;
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      exit = ExitCode.BUG;
    }
    System.err.flush();
    Runtime.getRuntime().halt(exit);
  }

  private static Place parse(String[] args) {
    String lab = null;
    String host = null;
    String role = null;
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value");
      }
      switch (args[i]) {
        case "--lab" -> lab = args[i + 1];
        case "--host" -> host = args[i + 1];
        case "--role" -> role = args[i + 1];
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    if (lab == null || host == null || role == null) {
      throw new IllegalArgumentException("--lab, --host and --role are all needed");
    }
    return new Place(Path.of(lab), host, role);
  }

  /** True when hostd holds our standard input: its end is then our power-off. */
  static boolean heldByHostd() {
    return "1".equals(System.getenv(HELD));
  }

  /** Set by hostd for the daemons it launches. */
  public static final String HELD = "HALAB_HELD";

  /** Ends this process the moment hostd's end of the pipe closes. */
  public static void dieWithHostd() {
    if (!heldByHostd()) {
      return;
    }
    InputStream pipe = System.in;
    Thread watch =
        new Thread(
            () -> {
              try {
                while (pipe.read() >= 0) {
                  // Hostd writes nothing; only the end matters.
                }
              } catch (IOException e) {
                // A broken pipe is an end as well.
              }
              Runtime.getRuntime().halt(KILLED);
            },
            LabHost.HOSTD + "-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
