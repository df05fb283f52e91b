package halab.systems.dsc;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import halab.systems.dsc.config.DmIni;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The vendor's service scripts: which daemon each of them starts and stops, and what they print
 * (reference 2.5, 7.4). The scripts of a node end with the name of its instance, that of a monitor
 * with its host's.
 */
public final class DscServices {
  /** What a service is called: this, and then the name of the instance or host. */
  public static final String NAME = "Dm(CSSMonitor|CSS|ASMSvr)?Service[A-Za-z0-9_]+";

  private static final SortedMap<String, String> PREFIXES =
      new TreeMap<>(
          java.util.Map.of(
              "dmcss", "DmCSSService",
              "dmasmsvr", "DmASMSvrService",
              "dmserver", "DmService",
              "dmcssm", "DmCSSMonitorService"));

  /** One script. */
  public record Service(String name, Endpoint daemon) {
    /** Only the script of an instance can stop the whole group. */
    public boolean stopsAll() {
      return daemon.role().equals("dmserver");
    }
  }

  private DscServices() {}

  /** All scripts of a lab, host after host. */
  public static List<Service> of(LabPlan plan) {
    List<Service> services = new ArrayList<>();
    for (LabPlan.HostPlan host : plan.hosts()) {
      for (String role : host.startList()) {
        services.add(
            new Service(PREFIXES.get(role) + suffix(host, role), new Endpoint(host.name(), role)));
      }
    }
    return services;
  }

  private static String suffix(LabPlan.HostPlan host, String role) {
    String ini = host.files().get(DmIni.FILE);
    String own = host.name().toUpperCase(Locale.ROOT);
    if (role.equals("dmcssm") || ini == null) {
      return own;
    }
    return Ini.parse(DmIni.FILE, ini, new Problems()).global().entries().stream()
        .filter(e -> e.key().equals("INSTANCE_NAME"))
        .map(Ini.Entry::value)
        .findFirst()
        .orElse(own);
  }

  public static String starting(String service, boolean ok) {
    return "Starting " + service + ": " + outcome(ok);
  }

  public static String stopping(String service, boolean ok) {
    return "Stopping " + service + ": " + outcome(ok);
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
  public static String status(String service, long pid) {
    return pid == 0 ? service + " is stopped." : service + " (pid " + pid + ") is running.";
  }
}
