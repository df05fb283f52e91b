package halab.runtime.log;

import halab.systems.VendorLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A vendor's log as files in a folder, within the vendor's own limits: a full file is followed by a
 * new one, and the oldest ones go while all together take too much. Loop thread only.
 */
final class VendorFiles {
  private final Path dir;
  private final VendorLog vendor;
  private final VendorLog.Limits limits;
  private final LogFile file = new LogFile(0);

  /** Files beside the current one, with their sizes; the oldest first. */
  private final TreeMap<String, Long> older = new TreeMap<>();

  private String named = "";
  private String current = "";

  VendorFiles(Path dir, VendorLog vendor, VendorLog.Limits limits) {
    this.dir = dir;
    this.vendor = vendor;
    this.limits = limits;
  }

  /** Appends one line, its end not included. */
  void append(String instance, LocalDateTime at, String line) {
    String name = vendor.file(instance, at);
    if (!name.equals(named)) {
      named = name;
      goOnIn(name);
    } else if (limits.fileBytes() > 0 && file.bytes() >= limits.fileBytes()) {
      goOnIn(vendor.file("", at));
    }
    file.append(dir.resolve(current), line);
    removeOldest();
  }

  private void goOnIn(String name) {
    if (name.equals(current)) {
      return; // two within the time that a name tells apart
    }
    file.flush();
    current = name;
    older.clear();
    if (limits.spaceBytes() > 0 && Files.isDirectory(dir)) {
      lookAround();
    }
  }

  private void lookAround() {
    try (Stream<Path> all = Files.list(dir)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        String name = path.getFileName().toString();
        if (vendor.owns(name) && !name.equals(current)) {
          older.put(name, Files.size(path));
        }
      }
    } catch (IOException e) {
      older.clear(); // somebody else is cleaning up: looked at again with the next file
    }
  }

  private void removeOldest() {
    while (limits.spaceBytes() > 0 && !older.isEmpty() && total() > limits.spaceBytes()) {
      Map.Entry<String, Long> oldest = older.pollFirstEntry();
      try {
        Files.deleteIfExists(dir.resolve(oldest.getKey()));
      } catch (IOException e) {
        continue; // it stays; the next oldest is tried
      }
    }
  }

  private long total() {
    return file.bytes() + older.values().stream().mapToLong(Long::longValue).sum();
  }

  void flush() {
    file.flush();
  }

  /** Lines that could not be written. */
  long lost() {
    return file.lost();
  }
}
