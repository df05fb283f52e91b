package halab.runtime.disk;

import halab.kernel.Endpoint;
import halab.runtime.lab.AtomicFiles;
import halab.systems.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Which lives a disk refuses writes of: per daemon, that incarnation and all before it. Durable in
 * a checksummed file beside the disk before a fence is acknowledged. Disk thread only.
 */
final class FenceKeys {
  private static final String CHECKSUM = "crc32c ";
  private final Path file;
  private final Map<Endpoint, Long> upTo = new TreeMap<>();

  private FenceKeys(Path file) {
    this.file = file;
  }

  /** Reads the keys; none yet is fine, a damaged file is a {@link ConfigException}. */
  static FenceKeys open(Path file) {
    FenceKeys keys = new FenceKeys(file);
    if (!Files.exists(file)) {
      return keys;
    }
    try {
      keys.parse(Files.readString(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  file.toString(),
                  0,
                  "the fencing keys are damaged: " + e.getMessage(),
                  "stop every daemon of the lab, then remove the file")));
    }
    return keys;
  }

  private void parse(String text) {
    int at = text.lastIndexOf(CHECKSUM);
    if (at < 0 || !text.substring(at).strip().equals(checksum(text.substring(0, at)))) {
      throw new IllegalArgumentException("checksum wrong");
    }
    for (String line : text.substring(0, at).split("\n")) {
      if (!line.isBlank()) {
        String[] words = line.split(" ");
        upTo.put(Endpoint.parse(words[0]), Long.parseLong(words[1]));
      }
    }
  }

  private static String checksum(String body) {
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return CHECKSUM + Long.toHexString(crc.getValue());
  }

  /** The last life of this daemon that may not write; 0 when none is fenced. */
  long fencedLife(Endpoint caller) {
    return upTo.getOrDefault(caller, 0L);
  }

  /** Durable when it returns. */
  void fence(Endpoint victim, long incarnation) throws IOException {
    if (fencedLife(victim) >= incarnation) {
      return;
    }
    Map<Endpoint, Long> next = new TreeMap<>(upTo);
    next.put(victim, incarnation);
    StringBuilder body = new StringBuilder();
    next.forEach((who, life) -> body.append(who).append(' ').append(life).append('\n'));
    AtomicFiles.write(file, body + checksum(body.toString()) + "\n");
    upTo.putAll(next);
  }

  List<String> describe() {
    return upTo.entrySet().stream().map(e -> e.getKey() + " up to life " + e.getValue()).toList();
  }
}
