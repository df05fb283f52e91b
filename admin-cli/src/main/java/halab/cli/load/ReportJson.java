package halab.cli.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import halab.cli.load.check.Finding;
import halab.cli.load.check.Outages;
import halab.cli.load.check.Tally;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;

/** A report for machines; the schema is in {@code docs/operations/history.md}. */
public final class ReportJson {
  /** Rises when a field goes or changes its meaning; new fields may come at any time. */
  private static final int SCHEMA = 1;

  private final JsonGenerator json;

  private ReportJson(JsonGenerator json) {
    this.json = json;
  }

  /** The report as one JSON object. */
  public static String of(Report report) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      new ReportJson(json).report(report);
    }
    return text.toString();
  }

  private void report(Report report) throws IOException {
    json.writeStartObject();
    json.writeNumberField("schema", SCHEMA);
    json.writeStringField("verdict", report.verdict().kind().name());
    json.writeStringField("reason", report.verdict().reason());
    json.writeStringField("run", report.header().run());
    json.writeStringField("workload", lower(report.header().workload()));
    json.writeStringField("place", report.header().place());
    json.writeNumberField("clients", report.header().clients());
    json.writeNumberField("ran_ms", report.ranMs());
    tally(report.tally());
    json.writeObjectFieldStart("operations");
    json.writeNumberField("ok", report.ok());
    json.writeNumberField("refused", report.failed());
    json.writeNumberField("unknown", report.unknown());
    json.writeNumberField("dropped", report.dropped());
    json.writeEndObject();
    json.writeNumberField("writes_per_s", report.writesPerS());
    latency(report.latencyUs());
    outage("longest_outage", report.longest());
    outage("longest_outage_of_a_client", report.longestOfClient());
    marks(report);
    json.writeObjectFieldStart("stalls");
    json.writeNumberField("count", report.stalls().count());
    json.writeNumberField("ms", report.stalls().ms());
    json.writeNumberField("longest_ms", report.stalls().longestMs());
    json.writeEndObject();
    json.writeArrayFieldStart("findings");
    for (Finding finding : report.findings()) {
      json.writeStartObject();
      json.writeStringField("kind", lower(finding.kind()));
      json.writeStringField("what", finding.what());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void tally(Tally tally) throws IOException {
    json.writeObjectFieldStart("tally");
    json.writeStringField("what", tally.what());
    json.writeNumberField("acknowledged", tally.acknowledged());
    json.writeNumberField("found", tally.found());
    json.writeNumberField("unknown", tally.unknown());
    json.writeNumberField("unknown_found", tally.unknownFound());
    json.writeEndObject();
  }

  private void latency(Report.LatencyUs us) throws IOException {
    json.writeObjectFieldStart("write_latency_us");
    json.writeNumberField("p50", us.p50());
    json.writeNumberField("p95", us.p95());
    json.writeNumberField("p99", us.p99());
    json.writeNumberField("p999", us.p999());
    json.writeNumberField("max", us.max());
    json.writeEndObject();
  }

  private void marks(Report report) throws IOException {
    json.writeArrayFieldStart("marks");
    for (Outages.AfterMark mark : report.marks()) {
      json.writeStartObject();
      json.writeStringField("mark", mark.mark());
      json.writeNumberField("at_ms", mark.atNs() / 1_000_000);
      outage("outage", mark.all());
      outage("outage_of_a_client", mark.client());
      json.writeNumberField("client", mark.who());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void outage(String name, Outages.Outage outage) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("ms", outage.ms());
    json.writeNumberField("from_ms", outage.fromNs() / 1_000_000);
    json.writeNumberField("to_ms", outage.toNs() / 1_000_000);
    json.writeBooleanField("over", outage.over());
    json.writeEndObject();
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
