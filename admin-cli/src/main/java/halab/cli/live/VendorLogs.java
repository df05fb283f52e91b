package halab.cli.live;

import halab.cli.lab.LiveLab;
import halab.cli.lab.LogFolder;
import halab.kernel.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The vendor's log of one daemon as it grows, over all its files. Only complete lines count. Reads
 * what is new since the last look.
 */
public final class VendorLogs {
  private static final Pattern LAST_NUMBER = Pattern.compile("\\d+(?=\\D*$)");

  private final LogFolder folder;
  private final Pattern names;
  private final Map<String, Long> read = new HashMap<>();
  private final List<String> lines = new ArrayList<>();

  private VendorLogs(LogFolder folder, Pattern names) {
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
    return new VendorLogs(lab.backend().logs(daemon.host()), Pattern.compile(pattern));
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
      for (String file : files()) {
        readOn(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(lines.subList(before, lines.size()));
  }

  /** Names of the files, in the order of their numbers. */
  private List<String> files() throws IOException {
    return folder.names().stream().filter(name -> names.matcher(name).matches()).toList();
  }

  private void readOn(String file) throws IOException {
    long from = read.getOrDefault(file, 0L);
    byte[] bytes = folder.read(file, from);
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
