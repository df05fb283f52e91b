package halab.systems.dm;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One of the vendor's service scripts: which daemon it starts and stops, and what it prints.
 *
 * @param stopAll what it has the monitor do for {@code stop_all}; empty: it has no such action
 */
public record DmService(String name, Endpoint daemon, List<String> stopAll) {
  /** What services are called: this, and then the name of an instance or a host. */
  public static final String NAME = "Dm[A-Za-z]{0,16}Service[A-Za-z0-9_]+";

  private static final String INSTANCE_FILE = "dm.ini";

  /**
   * The scripts of a lab, host after host. Those of a host with an instance end with its name, all
   * others with the host's.
   *
   * @param prefixes name of a script without its end, by role
   */
  public static List<DmService> all(LabPlan plan, Map<String, String> prefixes) {
    List<DmService> services = new ArrayList<>();
    for (LabPlan.HostPlan host : plan.hosts()) {
      for (String role : host.startList()) {
        Endpoint daemon = new Endpoint(host.name(), role);
        services.add(new DmService(prefixes.get(role) + end(host), daemon, List.of()));
      }
    }
    return services;
  }

  private static String end(LabPlan.HostPlan host) {
    String ini = host.files().get(INSTANCE_FILE);
    String own = host.name().toUpperCase(Locale.ROOT);
    if (ini == null) {
      return own;
    }
    return Ini.parse(INSTANCE_FILE, ini, new Problems()).global().entries().stream()
        .filter(e -> e.key().equals("INSTANCE_NAME"))
        .map(Ini.Entry::value)
        .findFirst()
        .orElse(own);
  }

  /** The same with an action that stops all. */
  public DmService stoppingAll(List<String> words) {
    return new DmService(name, daemon, words);
  }

  public String starting(boolean ok) {
    return "Starting " + name + ": " + outcome(ok);
  }

  public String stopping(boolean ok) {
    return "Stopping " + name + ": " + outcome(ok);
  }

  private static String outcome(boolean ok) {
    return ok ? "[ OK ]" : "[FAILED]";
  }

  /** The daemon was told to stop and has not. */
  public static String timedOut(long pid) {
    return "Kill the process(pid:" + pid + ") had timeout!";
  }

  /**
   * @param pid 0: it does not run
   */
  public String status(long pid) {
    return pid == 0 ? name + " is stopped." : name + " (pid " + pid + ") is running.";
  }
}
