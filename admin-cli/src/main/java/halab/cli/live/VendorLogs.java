package halab.cli.live;

import halab.cli.lab.LiveLab;
import halab.kernel.Endpoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The vendor's log of one daemon as it grows, over all its files. Only complete lines count. Reads
 * what is new since the last look.
 */
public final class VendorLogs {
  private static final Pattern LAST_NUMBER = Pattern.compile("\\d+(?=\\D*$)");

  private final Path folder;
  private final Pattern names;
  private final Map<Path, Long> read = new HashMap<>();
  private final List<String> lines = new ArrayList<>();

  private VendorLogs(Path folder, Pattern names) {
    this.folder = folder;
    this.names = names;
  }

  /** The log of this daemon; its file names differ in their last number only (month, start). */
  public static VendorLogs of(LiveLab lab, Endpoint daemon) {
    String name = lab.logFile(daemon);
    Matcher number = LAST_NUMBER.matcher(name);
    String pattern = Pattern.quote(name);
    if (number.find()) {
      pattern =
          Pattern.quote(name.substring(0, number.start()))
              + "\\d+"
              + Pattern.quote(name.substring(number.end()));
    }
    return new VendorLogs(
        lab.dir().resolve(daemon.host()).resolve("log"), Pattern.compile(pattern));
  }

  /** All complete lines so far, oldest file first. */
  public List<String> lines() {
    poll();
    return Collections.unmodifiableList(lines);
  }

  /** Complete lines that came since the last call of this or {@link #lines}. */
  public List<String> poll() {
    int before = lines.size();
    try {
      for (Path file : files()) {
        readOn(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(lines.subList(before, lines.size()));
  }

  /** The files, in the order of their numbers. */
  public List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(f -> names.matcher(f.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  private void readOn(Path file) throws IOException {
    long from = read.getOrDefault(file, 0L);
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      if (in.length() <= from) {
        return;
      }
      byte[] bytes = new byte[(int) (in.length() - from)];
      in.seek(from);
      in.readFully(bytes);
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      if (end > 0) {
        String text = new String(bytes, 0, end - 1, StandardCharsets.UTF_8);
        lines.addAll(List.of(text.split("\n", -1)));
        read.put(file, from + end);
      }
    }
  }
}
