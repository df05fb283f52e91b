package halab.cli.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import halab.cli.Failure;
import halab.cli.fault.Journal;
import halab.cli.lab.LiveLab;
import halab.cli.lab.LogFolder;
import halab.kernel.Endpoint;
import halab.runtime.lab.Lab;
import halab.systems.Happened;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** What a lab's daemons and its journal of faults say, as one list in the order of time. */
public final class LabLog {
  private static final JsonFactory JSON = new JsonFactory();
  private static final List<String> FILES = List.of("events.jsonl.1", "events.jsonl");

  private LabLog() {}

  /**
   * Reads all of it; nothing of the lab has to run, nothing is changed.
   *
   * @throws Failure if the journal cannot be understood
   */
  public static List<Happened> read(LiveLab lab) throws IOException {
    List<Happened> all = new ArrayList<>();
    for (Endpoint daemon : lab.daemons()) {
      LogFolder folder = lab.backend().logs(daemon.host());
      List<String> names = folder.names();
      for (String file : FILES) {
        String name = daemon.role() + "/" + file;
        if (names.contains(name)) {
          String text = new String(folder.read(name, 0), StandardCharsets.UTF_8);
          text.lines().forEach(line -> event(daemon, line, all));
        }
      }
    }
    for (Journal.Entry entry : Journal.all(lab.dir())) {
      all.add(Happened.fault(labMs(lab.model(), entry), entry.text()));
    }
    // A stable sort: what one daemon wrote keeps its order; a fault comes before what it does.
    all.sort(Comparator.comparingLong(Happened::atMs).thenComparing(h -> h.who() == null ? 0 : 1));
    return all;
  }

  private static long labMs(Lab lab, Journal.Entry entry) {
    try {
      return lab.labMs(Instant.parse(entry.at()).toEpochMilli());
    } catch (java.time.format.DateTimeParseException e) {
      throw Failure.config(
          Journal.FILE + " " + entry.id() + ": '" + entry.at() + "' is no time; mend the line");
    }
  }

  /** A line that is cut, as the last one of a process that was killed, says nothing. */
  private static void event(Endpoint daemon, String line, List<Happened> all) {
    try (JsonParser json = JSON.createParser(line)) {
      long atMs = 0;
      String kind = "";
      TreeMap<String, String> detail = new TreeMap<>();
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("wall_ms")) {
          atMs = json.getLongValue();
        } else if (name.equals("kind")) {
          kind = json.getText();
        } else if (value == JsonToken.START_OBJECT) {
          fields(json, detail);
        }
      }
      all.add(new Happened(atMs, daemon, kind, detail));
    } catch (IOException cut) {
      return;
    }
  }

  private static void fields(JsonParser json, TreeMap<String, String> detail) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_NULL) {
        detail.put(name, json.getText());
      }
    }
  }
}
