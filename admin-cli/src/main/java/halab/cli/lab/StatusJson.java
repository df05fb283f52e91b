package halab.cli.lab;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/** A lab's status for machines; the schema is in {@code docs/operations/status.md}. */
final class StatusJson {
  /** Rises when a field goes or changes its meaning; new fields may come at any time. */
  private static final int SCHEMA = 2;

  private final JsonGenerator json;

  private StatusJson(JsonGenerator json) {
    this.json = json;
  }

  static String of(LabStatus status) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      new StatusJson(json).lab(status);
    }
    return text.toString();
  }

  private void lab(LabStatus status) throws IOException {
    json.writeStartObject();
    json.writeNumberField("schema", SCHEMA);
    json.writeStringField("lab", status.lab());
    json.writeStringField("system", status.system());
    json.writeStringField("state", status.state());
    json.writeBooleanField("healthy", status.trouble() == null);
    json.writeStringField("trouble", status.trouble());
    json.writeArrayFieldStart("groups");
    for (LabStatus.GroupStatus group : status.groups()) {
      group(group);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("hosts");
    for (LabStatus.HostStatus host : status.hosts()) {
      host(host);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("networks");
    for (LabStatus.PathStatus path : status.paths()) {
      path(path);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("disks");
    for (LabStatus.DiskStatus disk : status.disks()) {
      disk(disk);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("vips");
    for (LabStatus.VipStatus vip : status.vips()) {
      vip(vip);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("faults");
    for (LabStatus.FaultStatus fault : status.faults()) {
      fault(fault);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void group(LabStatus.GroupStatus group) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", group.name());
    if (group.control() == null) {
      json.writeNullField("control");
    } else {
      json.writeObjectFieldStart("control");
      json.writeStringField("daemon", group.control().toString());
      json.writeStringField("host", group.control().host());
      json.writeStringField("instance", group.instance());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void host(LabStatus.HostStatus host) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", host.name());
    json.writeBooleanField("on", host.on());
    json.writeStringField("power", host.power());
    json.writeNumberField("hostd_pid", host.pid());
    json.writeArrayFieldStart("addresses");
    for (String address : host.addresses()) {
      json.writeString(address);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("daemons");
    for (LabStatus.DaemonStatus daemon : host.daemons()) {
      daemon(daemon);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void daemon(LabStatus.DaemonStatus daemon) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", daemon.endpoint().toString());
    json.writeStringField("role", daemon.endpoint().role());
    json.writeStringField("instance", daemon.instance());
    json.writeStringField("state", daemon.state());
    json.writeNumberField("pid", daemon.pid());
    json.writeNumberField("exit_code", daemon.exitCode());
    json.writeBooleanField("answers", daemon.answers());
    json.writeStringField("phase", daemon.phase());
    json.writeNumberField("incarnation", daemon.incarnation());
    json.writeNumberField("first_beat_ms", daemon.firstBeatMs());
    json.writeNumberField("started_wall_ms", daemon.startedWallMs());
    json.writeObjectFieldStart("lateness");
    json.writeNumberField("worst_ms", daemon.lateness().worstMs());
    json.writeNumberField("worst_recent_ms", daemon.lateness().worstRecentMs());
    json.writeNumberField("late_timers", daemon.lateness().lateTimers());
    json.writeNumberField("gc_ms", daemon.lateness().gcMs());
    json.writeEndObject();
    json.writeObjectFieldStart("facts");
    for (Map.Entry<String, String> fact : daemon.facts().entrySet()) {
      json.writeStringField(fact.getKey(), fact.getValue());
    }
    json.writeEndObject();
    json.writeObjectFieldStart("counters");
    for (Map.Entry<String, Long> counter : daemon.counters().entrySet()) {
      json.writeNumberField(counter.getKey(), counter.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void path(LabStatus.PathStatus path) throws IOException {
    json.writeStartObject();
    json.writeStringField("network", path.network());
    json.writeStringField("from", path.from());
    json.writeStringField("to", path.to());
    json.writeBooleanField("reachable", path.reachable());
    json.writeNumberField("probes", path.probes());
    json.writeNumberField("heard", path.heard());
    json.writeEndObject();
  }

  private void disk(LabStatus.DiskStatus disk) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", disk.name());
    json.writeStringField("path", disk.path());
    json.writeStringField("fault", disk.fault());
    json.writeNumberField("reads", disk.reads());
    json.writeNumberField("writes", disk.writes());
    json.writeNumberField("bitten", disk.bitten());
    json.writeArrayFieldStart("fences");
    for (String fence : disk.fences()) {
      json.writeString(fence);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void vip(LabStatus.VipStatus vip) throws IOException {
    json.writeStartObject();
    json.writeStringField("address", vip.address());
    json.writeStringField("holder", vip.holder());
    json.writeNumberField("port", vip.port());
    json.writeNumberField("connections", vip.connections());
    json.writeEndObject();
  }

  private void fault(LabStatus.FaultStatus fault) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", fault.id());
    json.writeStringField("fault", fault.text());
    json.writeStringField("since", fault.since());
    json.writeNumberField("bitten", fault.bitten());
    json.writeEndObject();
  }
}
