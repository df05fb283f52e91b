package halab.cli.fault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import halab.cli.Failure;
import halab.sim.Fault;
import halab.sim.FaultText;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The faults of one lab, one JSON object a line ({@code faults.jsonl}). A fault is written down and
 * forced before it is done, so that whatever this tool still holds can be healed after the tool was
 * killed. Open for one command at a time.
 */
public final class Journal implements AutoCloseable {
  /**
   * One fault as it was asked for.
   *
   * @param id "f7"; rises within a lab and names the fault's rules
   * @param text in the words of scenarios, places named outright
   */
  public record Entry(String id, String at, String text) {
    /** What it was, read as it was written. */
    public Fault fault() {
      return FaultText.plain(FILE + " " + id, 0, text);
    }
  }

  /** Name of the file in the folder of a lab. */
  public static final String FILE = "faults.jsonl";

  private static final JsonFactory JSON = new JsonFactory();
  private static final int BYTES_MAX = 64 << 20;
  private final FileChannel channel;
  private final FileLock lock;
  private final Path file;

  private Journal(Path file, FileChannel channel, FileLock lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  /** Opens the lab's journal and waits until no other command has it open. */
  public static Journal open(Path labDir) throws IOException {
    Files.createDirectories(labDir);
    Path file = labDir.resolve(FILE);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Journal journal = new Journal(file, channel, channel.lock());
    journal.dropTornTail();
    return journal;
  }

  /** What is held at this moment, oldest first; readable while a command runs. */
  public static List<Entry> heldIn(Path labDir) throws IOException {
    Path file = labDir.resolve(FILE);
    return Files.exists(file) ? held(file) : List.of();
  }

  /**
   * Everything that was ever done to the lab, oldest first, as it was asked for: what is held in
   * parts is one entry, with the number of its first part. Readable while a command runs.
   */
  public static List<Entry> all(Path labDir) throws IOException {
    Path file = labDir.resolve(FILE);
    List<Entry> all = new ArrayList<>();
    String before = "";
    for (Map<String, String> line :
        Files.exists(file) ? lines(file) : List.<Map<String, String>>of()) {
      if (line.containsKey("id")) {
        String whole = line.getOrDefault("part_of", "");
        if (whole.isEmpty() || !whole.equals(before)) {
          String fault = whole.isEmpty() ? line.getOrDefault("fault", "") : whole;
          all.add(new Entry(line.get("id"), line.getOrDefault("at", ""), fault));
        }
        before = whole;
      }
    }
    return all;
  }

  public List<Entry> held() throws IOException {
    return held(file);
  }

  /**
   * Writes a fault down, durably. The caller may act when this has returned.
   *
   * @param held whether it lasts until healed
   */
  public Entry begin(String text, boolean held) throws IOException {
    return begin(text, "", held);
  }

  /** The same for what is healed apart from the rest of what was asked for. */
  public Entry beginPart(String text, String whole) throws IOException {
    return begin(text, text.equals(whole) ? "" : whole, true);
  }

  private Entry begin(String text, String whole, boolean held) throws IOException {
    Entry entry = new Entry("f" + (lastNumber() + 1), now(), text);
    append(
        json -> {
          json.writeStringField("id", entry.id());
          json.writeStringField("at", entry.at());
          json.writeStringField("fault", text);
          if (!whole.isEmpty()) {
            json.writeStringField("part_of", whole);
          }
          json.writeStringField("held", String.valueOf(held));
        });
    return entry;
  }

  /** What came of it. */
  public void receipt(Entry fault, String text) throws IOException {
    note("receipt", fault.id(), text);
  }

  /** The fault is no longer held. */
  public void healed(Entry fault, String text) throws IOException {
    note("healed", fault.id(), text);
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }

  private void note(String kind, String id, String text) throws IOException {
    append(
        json -> {
          json.writeStringField(kind, id);
          json.writeStringField("at", now());
          json.writeStringField("text", text);
        });
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private void append(Fields fields) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    }
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    channel.position(channel.size());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  /** A tool killed while it wrote leaves half a line, which was never acted upon. */
  private void dropTornTail() throws IOException {
    if (channel.size() == 0) {
      return;
    }
    byte[] all = bytes(file);
    int end = all.length;
    while (end > 0 && all[end - 1] != '\n') {
      end--;
    }
    if (end < all.length) {
      channel.truncate(end);
    }
  }

  private int lastNumber() throws IOException {
    int last = 0;
    for (Map<String, String> line : lines(file)) {
      String id = line.getOrDefault("id", "f0");
      last = Math.max(last, number(id));
    }
    return last;
  }

  private static int number(String id) {
    try {
      return Integer.parseInt(id.substring(1));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return 0;
    }
  }

  private static List<Entry> held(Path file) throws IOException {
    Map<String, Entry> held = new LinkedHashMap<>();
    for (Map<String, String> line : lines(file)) {
      if ("true".equals(line.get("held")) && line.containsKey("id")) {
        String id = line.get("id");
        held.put(id, new Entry(id, line.getOrDefault("at", ""), line.getOrDefault("fault", "")));
      } else if (line.containsKey("healed")) {
        held.remove(line.get("healed"));
      }
    }
    return List.copyOf(held.values());
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static byte[] bytes(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw Failure.config(file + " is larger than 64 MiB; heal everything and move it away");
    }
    return Files.readAllBytes(file);
  }

  private static List<Map<String, String>> lines(Path file) throws IOException {
    List<Map<String, String>> lines = new ArrayList<>();
    String[] texts = new String(bytes(file), StandardCharsets.UTF_8).split("\n", -1);
    for (int i = 0; i < texts.length - 1; i++) {
      if (!texts[i].isBlank()) {
        lines.add(parsed(file, i + 1, texts[i]));
      }
    }
    return lines;
  }

  private static Map<String, String> parsed(Path file, int number, String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        fields.put(name, json.getText());
      }
      return fields;
    } catch (IOException e) {
      throw Failure.config(
          file + ":" + number + ": not a line of this journal; mend or remove the line");
    }
  }
}
