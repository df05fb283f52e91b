package halab.runtime.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads files that people write. Comments of a vendor's files are often in GBK: what is no UTF-8 is
 * replaced by a mark, and only a value that has one is found wrong by whoever reads it.
 */
public final class TextFiles {
  private TextFiles() {}

  /**
   * The whole file.
   *
   * @throws IOException if it cannot be read; what stands in it is no reason
   */
  public static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
