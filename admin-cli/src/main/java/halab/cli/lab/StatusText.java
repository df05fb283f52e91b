package halab.cli.lab;

import halab.cli.Columns;
import halab.cli.Out;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A lab's status for people. */
final class StatusText {
  private final Out out;

  StatusText(Out out) {
    this.out = out;
  }

  List<String> of(LabStatus status) {
    List<String> lines = new ArrayList<>();
    lines.add(head(status));
    if (!status.groups().isEmpty()) {
      lines.add("");
      lines.addAll(groups(status));
    }
    lines.add("");
    lines.addAll(daemons(status));
    if (!status.disks().isEmpty()) {
      lines.add("");
      lines.addAll(disks(status));
    }
    if (!status.vips().isEmpty()) {
      lines.add("");
      lines.addAll(vips(status));
    }
    if (!status.paths().isEmpty()) {
      lines.add("");
      lines.addAll(paths(status));
    }
    lines.add("");
    lines.addAll(faults(status));
    return lines;
  }

  private String head(LabStatus status) {
    String state =
        switch (status.state()) {
          case "up" ->
              status.trouble() == null
                  ? out.green("up, healthy")
                  : out.yellow("up, not healthy: ") + status.trouble();
          case "down" -> out.dim("down");
          default ->
              out.yellow("partly up")
                  + (status.trouble() == null ? "" : out.yellow(": ") + status.trouble());
        };
    return "lab " + out.bold(status.lab()) + " (" + status.system() + ")  " + state;
  }

  List<String> groups(LabStatus status) {
    Columns columns = new Columns().row();
    String leads = status.groups().get(0).leads();
    title(columns, "GROUP", leads.toUpperCase(Locale.ROOT), "DAEMON");
    for (LabStatus.GroupStatus group : status.groups()) {
      columns.row(group.name());
      if (group.control() == null) {
        columns.cell("none", out::yellow);
      } else {
        columns.cell(group.instance(), out::bold).cell(group.control().toString());
      }
    }
    return columns.lines("");
  }

  private List<String> daemons(LabStatus status) {
    Columns columns = new Columns().row();
    title(columns, "HOST", "DAEMON", "INSTANCE", "PID", "STATE", "PHASE", "LIFE", "LATE");
    for (LabStatus.HostStatus host : status.hosts()) {
      columns.row().cell(host.name(), out::bold).cell("hostd").cell("");
      columns.cell(host.on() ? String.valueOf(host.pid()) : "-");
      columns.cell(host.power(), host.on() ? out::green : out::red);
      for (LabStatus.DaemonStatus daemon : host.daemons()) {
        daemon(columns.row(), daemon);
      }
    }
    return columns.lines("");
  }

  private void daemon(Columns row, LabStatus.DaemonStatus daemon) {
    boolean there = List.of("running", "paused", "held").contains(daemon.state());
    row.cell("").cell(daemon.endpoint().role()).cell(daemon.instance());
    row.cell(there ? String.valueOf(daemon.pid()) : "-").cell(state(daemon), style(daemon));
    if (daemon.answers()) {
      row.cell(phase(daemon)).cell(String.valueOf(daemon.incarnation()));
      row.cell(daemon.lateness().worstRecentMs() + " ms");
    }
  }

  /** With the mode of a database that has one: its phase alone does not tell who serves. */
  private static String phase(LabStatus.DaemonStatus daemon) {
    String mode = daemon.facts().get("mode");
    return mode == null ? daemon.phase() : daemon.phase() + " " + mode;
  }

  private static String state(LabStatus.DaemonStatus daemon) {
    return switch (daemon.state()) {
      case "exited" -> "exited " + daemon.exitCode();
      case "running" -> daemon.answers() ? "running" : "running, silent";
      case "held" -> "HELD, " + daemon.counters().getOrDefault("mailbox.waiting", 0L) + " wait";
      default -> daemon.state();
    };
  }

  private UnaryOperator<String> style(LabStatus.DaemonStatus daemon) {
    return switch (daemon.state()) {
      case "running" -> daemon.answers() ? out::green : out::yellow;
      case "paused", "held" -> out::yellow;
      case "exited" -> out::red;
      default -> out::dim;
    };
  }

  private List<String> disks(LabStatus status) {
    Columns columns = new Columns().row();
    title(columns, "DISK", "PATH", "STATE", "READS", "WRITES", "FENCED");
    for (LabStatus.DiskStatus disk : status.disks()) {
      boolean ok = disk.fault().equals("ok");
      columns.row(disk.name(), disk.path()).cell(disk.fault(), ok ? out::green : out::yellow);
      columns.cell(requests(disk.reads())).cell(requests(disk.writes()));
      columns.cell(String.join(" ", disk.fences()));
    }
    return columns.lines("");
  }

  private static String requests(long count) {
    return count == LabStatus.DiskStatus.UNCOUNTED ? "-" : String.valueOf(count);
  }

  private List<String> vips(LabStatus status) {
    Columns columns = new Columns().row();
    title(columns, "ADDRESS", "HOLDER", "PORT", "CLIENTS");
    for (LabStatus.VipStatus vip : status.vips()) {
      columns.row(
          vip.address(),
          vip.holder().isEmpty() ? "nobody" : vip.holder(),
          vip.port() == 0 ? "-" : "127.0.0.1:" + vip.port(),
          String.valueOf(vip.connections()));
    }
    return columns.lines("");
  }

  /** A matrix a network: rows send, columns hear. */
  private List<String> paths(LabStatus status) {
    List<String> lines = new ArrayList<>();
    for (String network : status.paths().stream().map(p -> p.network()).distinct().toList()) {
      List<LabStatus.PathStatus> on =
          status.paths().stream().filter(p -> p.network().equals(network)).toList();
      List<String> hosts =
          status.hosts().stream()
              .map(LabStatus.HostStatus::name)
              .filter(h -> on.stream().anyMatch(p -> p.from().equals(h) || p.to().equals(h)))
              .toList();
      Columns columns = new Columns().row();
      title(columns, network.toUpperCase(Locale.ROOT) + ", FROM");
      hosts.forEach(host -> title(columns, "TO " + host));
      for (String sender : hosts) {
        columns.row().cell(sender, out::bold);
        hosts.forEach(hearer -> path(columns, on, sender, hearer));
      }
      lines.addAll(columns.lines(""));
    }
    return lines;
  }

  private void path(Columns row, List<LabStatus.PathStatus> on, String from, String to) {
    LabStatus.PathStatus path =
        on.stream()
            .filter(p -> p.from().equals(from) && p.to().equals(to))
            .findFirst()
            .orElse(null);
    if (path == null) {
      row.cell(from.equals(to) ? "-" : "?", out::dim);
    } else if (path.heard() == path.probes()) {
      row.cell("yes", out::green);
    } else if (path.reachable()) {
      row.cell(path.heard() + " of " + path.probes(), out::yellow);
    } else {
      row.cell("no", out::red);
    }
  }

  private List<String> faults(LabStatus status) {
    if (status.faults().isEmpty()) {
      return List.of(out.dim("no faults held"));
    }
    Columns columns = new Columns().row();
    title(columns, "FAULT", "WHAT", "SINCE", "BITTEN");
    for (LabStatus.FaultStatus fault : status.faults()) {
      columns.row(fault.id()).cell(fault.text(), out::yellow).cell(fault.since());
      columns.cell(String.valueOf(fault.bitten()));
    }
    return columns.lines("");
  }

  private void title(Columns columns, String... titles) {
    for (String title : titles) {
      columns.cell(title, out::dim);
    }
  }
}
