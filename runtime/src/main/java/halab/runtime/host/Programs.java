package halab.runtime.host;

import halab.kernel.Endpoint;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.runtime.vip.LabSwitch;
import halab.systems.EmulatedSystem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which program plays which role: data, so that a new daemon is one line. */
public record Programs(List<EmulatedSystem> systems, Map<String, String> mainOfModule) {
  /** The programs of HALab. */
  public static Programs ofHalab(List<EmulatedSystem> systems) {
    Map<String, String> mains = new TreeMap<>();
    mains.put("node-daemon", "halab.node.NodeDaemon");
    mains.put("css-monitor", "halab.css.CssMonitor");
    mains.put("watcher", "halab.watcher.Watcher");
    mains.put(LabSwitch.NAME, "halab.runtime.vip.LabSwitch");
    return new Programs(systems, mains);
  }

  /** Command line that plays this role, or an IllegalArgumentException saying what is unknown. */
  public List<String> command(Lab lab, Endpoint daemon) {
    lab.port(daemon);
    String main = mainOfModule.get(module(lab, daemon.role()));
    if (main == null) {
      throw new IllegalArgumentException("no program plays " + daemon.role());
    }
    return lab.host(daemon.host()).sqlPorts().containsKey(daemon.role())
        ? JvmFlags.instance(main, lab.dir(), daemon.host(), daemon.role())
        : JvmFlags.command(main, lab.dir(), daemon.host(), daemon.role());
  }

  private String module(Lab lab, String role) {
    if (role.equals(LabHost.DISKD)) {
      return "css-monitor";
    }
    if (role.equals(LabSwitch.NAME)) {
      return role;
    }
    return systems.stream()
        .filter(s -> s.name().equals(lab.system()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no system '" + lab.system() + "'"))
        .role(role)
        .module();
  }
}
