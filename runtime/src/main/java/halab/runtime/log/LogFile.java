package halab.runtime.log;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that lines are appended to. A full disk or a lost folder loses lines, which are counted,
 * and never the daemon. Loop thread only.
 */
final class LogFile {
  private final long maxBytes;
  private Path path;
  private BufferedWriter out;
  private long bytes;
  private long lost;

  /** {@code maxBytes}: when it is reached the file becomes {@code NAME.1}; 0: never. */
  LogFile(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void append(Path to, String line) {
    try {
      open(to);
      out.write(line);
      out.write('\n');
      bytes += line.getBytes(StandardCharsets.UTF_8).length + 1;
    } catch (IOException e) {
      lost++;
      out = null;
    }
  }

  private void open(Path to) throws IOException {
    if (out != null && to.equals(path) && (maxBytes == 0 || bytes < maxBytes)) {
      return;
    }
    close();
    Files.createDirectories(to.toAbsolutePath().getParent());
    bytes = Files.exists(to) ? Files.size(to) : 0;
    if (maxBytes > 0 && bytes >= maxBytes) {
      Files.move(
          to, to.resolveSibling(to.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      bytes = 0;
    }
    out =
        Files.newBufferedWriter(
            to, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    path = to;
  }

  void flush() {
    try {
      if (out != null) {
        out.flush();
      }
    } catch (IOException e) {
      lost++;
    }
  }

  private void close() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
  }

  /** Size of the file that was appended to last. */
  long bytes() {
    return bytes;
  }

  /** Lines that could not be written. */
  long lost() {
    return lost;
  }
}
