package halab.cli.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import halab.cli.load.check.Header;
import halab.cli.load.check.Judging;
import halab.cli.load.check.Op;
import halab.cli.load.check.Stall;
import halab.cli.load.check.Workload;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads a history file, judges it and reports, as the load did that wrote it. */
public final class HistoryReader {
  private static final int MOST_STALLS = OwnStalls.MOST;
  private static final int MOST_MARKS = 10_000;

  private final List<Stall> stalls = new ArrayList<>();
  private Header header;
  private Judging judging;
  private long latestNs;
  private long stoppedNs = -1;
  private long dropped;
  private int marks;

  private HistoryReader() {}

  /**
   * The report on a file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is no history; the message names file, line and reason
   */
  public static Report report(Path file) throws IOException {
    HistoryReader reader = new HistoryReader();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        JsonParser parser = new JsonFactory().createParser(text)) {
      reader.read(parser, file);
    }
    return reader.report();
  }

  private void read(JsonParser parser, Path file) throws IOException {
    try {
      while (parser.nextToken() != null) {
        line(JsonTree.object(parser));
      }
      if (header == null) {
        throw new IllegalArgumentException("the file is empty");
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      boolean cut = e instanceof JsonProcessingException broken && atTheEnd(broken);
      if (header == null || !cut) {
        int line = parser.currentLocation().getLineNr();
        String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : null;
        throw new IllegalArgumentException(
            file
                + " line "
                + line
                + " is not of a history: "
                + (why != null ? why : e.getMessage()),
            e);
      }
    } catch (EOFException e) {
      throw new IllegalArgumentException(file + " is not a history", e);
    }
  }

  /** Whoever wrote it may have been killed within a line; what is before that counts. */
  private static boolean atTheEnd(JsonProcessingException broken) {
    return broken instanceof com.fasterxml.jackson.core.io.JsonEOFException;
  }

  private void line(Map<String, Object> line) {
    if (header == null) {
      header = header(line);
      judging = new Judging(header);
      return;
    }
    if (stoppedNs >= 0) {
      throw new IllegalArgumentException("there is more after the end");
    }
    long atNs = JsonTree.number(line, "time", 0, Long.MAX_VALUE / 2);
    if (line.containsKey("type")) {
      Op op = op(line, atNs);
      judging.see(op);
      latestNs = op.last() ? latestNs : Math.max(latestNs, atNs);
    } else if (line.containsKey("mark") && ++marks <= MOST_MARKS) {
      judging.mark(JsonTree.text(line, "mark"), atNs);
    } else if (line.containsKey("stall") && stalls.size() < MOST_STALLS) {
      stalls.add(new Stall(atNs, atNs + JsonTree.number(line, "stall", 0, Long.MAX_VALUE / 2)));
    } else if (line.containsKey("end")) {
      stoppedNs = atNs;
      dropped = JsonTree.number(line, "dropped", 0, Long.MAX_VALUE);
    } else {
      throw new IllegalArgumentException("it has no type, mark, stall or end; or too many of them");
    }
  }

  private static Header header(Map<String, Object> line) {
    JsonTree.number(line, "halab_history", HistoryWriter.SCHEMA, HistoryWriter.SCHEMA);
    return new Header(
        text(line, "run"),
        named(Workload.class, line, "workload"),
        JsonTree.number(line, "seed", Long.MIN_VALUE, Long.MAX_VALUE),
        (int) JsonTree.number(line, "clients", 1, LoadSettings.MOST_CLIENTS),
        JsonTree.number(line, "total", 0, Long.MAX_VALUE),
        Boolean.TRUE.equals(line.get("one_side")),
        JsonTree.number(line, "max_outage_ms", 0, Integer.MAX_VALUE),
        JsonTree.number(line, "wall_ms", 0, Long.MAX_VALUE),
        text(line, "place"));
  }

  private Op op(Map<String, Object> line, long atNs) {
    return new Op(
        (int) JsonTree.number(line, "process", 0, Integer.MAX_VALUE),
        named(Op.Type.class, line, "type"),
        HistoryValues.of(header.workload(), text(line, "f"), line.get("value")),
        atNs,
        JsonTree.text(line, "address"),
        JsonTree.text(line, "error"),
        Boolean.TRUE.equals(line.get("final")));
  }

  private static String text(Map<String, Object> line, String name) {
    String text = JsonTree.text(line, name);
    if (text == null) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    return text;
  }

  private static <E extends Enum<E>> E named(Class<E> type, Map<String, Object> line, String name) {
    String text = text(line, name);
    for (E value : type.getEnumConstants()) {
      if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
        return value;
      }
    }
    throw new IllegalArgumentException("'" + name + "' is no " + name + " that is known: " + text);
  }

  private Report report() {
    boolean cut = stoppedNs < 0;
    judging.end(cut ? latestNs : stoppedNs, !cut);
    if (cut) {
      judging.findings().unknown("the history ends before its load did");
    }
    return Report.of(header, judging, stalls, cut ? latestNs : stoppedNs, dropped);
  }
}
