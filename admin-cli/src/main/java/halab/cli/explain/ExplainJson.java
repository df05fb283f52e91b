package halab.cli.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import halab.systems.Flow;
import halab.systems.Term;
import halab.systems.Waterfall;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/** Waterfalls and predictions for machines; the schema is in {@code docs/operations/explain.md}. */
public final class ExplainJson {
  /** Rises when a field goes or changes its meaning; new fields may come at any time. */
  private static final int SCHEMA = 1;

  private final JsonGenerator json;

  private ExplainJson(JsonGenerator json) {
    this.json = json;
  }

  private interface Body {
    void write(ExplainJson to) throws IOException;
  }

  private static String document(Body body) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeNumberField("schema", SCHEMA);
      body.write(new ExplainJson(json));
      json.writeEndObject();
    }
    return text.toString();
  }

  /** What was measured in a lab. */
  public static String waterfalls(String lab, List<Waterfall> all, Clients clients)
      throws IOException {
    return document(
        to -> {
          to.json.writeStringField("lab", lab);
          to.json.writeArrayFieldStart("failovers");
          for (Waterfall w : all) {
            to.waterfall(w, clients.during(w));
          }
          to.json.writeEndArray();
        });
  }

  private void waterfall(Waterfall w, Clients.Gap gap) throws IOException {
    json.writeStartObject();
    json.writeStringField("title", w.title());
    json.writeStringField("cause", w.cause());
    json.writeBooleanField("over", w.over());
    json.writeNumberField("begin_ms", w.beginMs());
    json.writeNumberField("took_ms", w.tookMs());
    sums(w.terms());
    if (gap != null) {
      json.writeNumberField("last_ack_ms", gap.lastMs());
      json.writeNumberField("first_ack_ms", gap.firstMs());
    }
    json.writeArrayFieldStart("parts");
    for (Waterfall.Row row : w.rows()) {
      json.writeStartObject();
      json.writeNumberField("end_ms", row.endMs());
      json.writeNumberField("took_ms", row.tookMs());
      term(row.term());
      json.writeStringField("status", row.status());
      json.writeArrayFieldStart("notes");
      for (String note : row.notes()) {
        json.writeString(note);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** What is predicted for a system. */
  public static String flows(String system, List<Flow> flows) throws IOException {
    return document(
        to -> {
          to.json.writeStringField("system", system);
          to.json.writeArrayFieldStart("flows");
          for (Flow flow : flows) {
            to.flow(flow);
          }
          to.json.writeEndArray();
        });
  }

  private void flow(Flow flow) throws IOException {
    json.writeStartObject();
    json.writeStringField("flow", flow.name());
    json.writeStringField("what", flow.what());
    if (flow.ends()) {
      sums(flow.terms());
    } else {
      json.writeStringField("never", flow.never());
    }
    json.writeArrayFieldStart("parts");
    for (Term term : flow.terms()) {
      json.writeStartObject();
      term(term);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void sums(List<Term> terms) throws IOException {
    json.writeNumberField("least_ms", Term.sum(terms, Term::leastMs));
    json.writeNumberField("expected_ms", Term.sum(terms, Term::expectedMs));
    json.writeNumberField("most_ms", Term.sum(terms, Term::mostMs));
  }

  private void term(Term term) throws IOException {
    json.writeStringField("step", term.step());
    json.writeNumberField("least_ms", term.leastMs());
    json.writeNumberField("expected_ms", term.expectedMs());
    json.writeNumberField("most_ms", term.mostMs());
    json.writeStringField("parameter", term.parameter());
    json.writeStringField("why", term.why());
  }
}
