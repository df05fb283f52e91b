package halab.cli.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** When writes were acknowledged, by a history file that need not be whole. */
public final class HistoryAcks {
  private static final List<String> READS = List.of("read", "ledger", "books");

  private HistoryAcks() {}

  /**
   * Wall clock of every acknowledged write, rising.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is no history; the message names the file
   */
  public static long[] wallMs(Path file) throws IOException {
    LongStream.Builder acks = LongStream.builder();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        JsonParser parser = new JsonFactory().createParser(text)) {
      Map<String, Object> header = parser.nextToken() == null ? Map.of() : JsonTree.object(parser);
      long beganMs = JsonTree.number(header, "wall_ms", 0, Long.MAX_VALUE / 2);
      while (parser.nextToken() != null) {
        Map<String, Object> line = JsonTree.object(parser);
        boolean write = "ok".equals(line.get("type")) && !READS.contains(line.get("f"));
        if (write && !Boolean.TRUE.equals(line.get("final"))) {
          acks.add(beganMs + JsonTree.number(line, "time", 0, Long.MAX_VALUE / 2) / 1_000_000);
        }
      }
    } catch (JsonEOFException cut) {
      return acks.build().sorted().toArray();
    } catch (IllegalArgumentException | com.fasterxml.jackson.core.JsonParseException e) {
      throw new IllegalArgumentException(
          file + " is not a history of 'halab load': " + e.getMessage(), e);
    }
    return acks.build().sorted().toArray();
  }
}
