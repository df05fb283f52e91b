package halab.cli.fault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import halab.cli.Failure;
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
   * One fault.
   *
   * @param id "f7"; rises within a lab and names the fault's rules
   * @param verb "cut", "pause", "kill", ...
   * @param target as the verb names it: "n1", "n1/dmserver", "n1|n2", a disk
   * @param args the verb's settings
   * @param held whether it lasts until healed
   */
  public record Fault(
      String id, String at, String verb, String target, Map<String, String> args, boolean held) {
    public Fault {
      args = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(args));
    }

    /** An argument, or "" when it was not given. */
    public String arg(String name) {
      return args.getOrDefault(name, "");
    }

    /** The fault as an operator would type it. */
    public String words() {
      StringBuilder words = new StringBuilder(verb).append(' ').append(target);
      args.forEach((key, value) -> words.append(' ').append(key).append('=').append(value));
      return words.toString();
    }
  }

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
    Path file = labDir.resolve("faults.jsonl");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Journal journal = new Journal(file, channel, channel.lock());
    journal.dropTornTail();
    return journal;
  }

  /** What is held at this moment, oldest first; readable while a command runs. */
  public static List<Fault> heldIn(Path labDir) throws IOException {
    Path file = labDir.resolve("faults.jsonl");
    return Files.exists(file) ? held(file) : List.of();
  }

  public List<Fault> held() throws IOException {
    return held(file);
  }

  /** Writes a fault down, durably. The caller may act when this has returned. */
  public Fault begin(String verb, String target, Map<String, String> args, boolean held)
      throws IOException {
    String at = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    Fault fault = new Fault("f" + (lastNumber() + 1), at, verb, target, args, held);
    append(
        json -> {
          json.writeStringField("id", fault.id());
          json.writeStringField("at", fault.at());
          json.writeStringField("verb", fault.verb());
          json.writeStringField("target", fault.target());
          for (Map.Entry<String, String> arg : args.entrySet()) {
            json.writeStringField("arg." + arg.getKey(), arg.getValue());
          }
          json.writeStringField("held", String.valueOf(held));
        });
    return fault;
  }

  /** What came of it. */
  public void receipt(Fault fault, String text) throws IOException {
    note("receipt", fault.id(), text);
  }

  /** The fault is no longer held. */
  public void healed(Fault fault, String text) throws IOException {
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
          json.writeStringField("at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
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

  private static List<Fault> held(Path file) throws IOException {
    Map<String, Fault> held = new LinkedHashMap<>();
    for (Map<String, String> line : lines(file)) {
      if ("true".equals(line.get("held")) && line.containsKey("id")) {
        held.put(line.get("id"), fault(line));
      } else if (line.containsKey("healed")) {
        held.remove(line.get("healed"));
      }
    }
    return List.copyOf(held.values());
  }

  private static Fault fault(Map<String, String> line) {
    Map<String, String> args = new LinkedHashMap<>();
    line.forEach(
        (key, value) -> {
          if (key.startsWith("arg.")) {
            args.put(key.substring("arg.".length()), value);
          }
        });
    return new Fault(
        line.get("id"),
        line.getOrDefault("at", ""),
        line.getOrDefault("verb", ""),
        line.getOrDefault("target", ""),
        args,
        true);
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
