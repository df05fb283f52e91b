package halab.cli.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The log files of one host, wherever they lie. */
public interface LogFolder {
  /**
   * Names of the files, sorted, those in the folders of daemons as {@code ROLE/NAME}; none when the
   * folder is not there.
   */
  List<String> names() throws IOException;

  /** What the file holds from this byte on; it may be cut anywhere, also within a character. */
  byte[] read(String name, long from) throws IOException;

  /** A folder of this machine. */
  record Local(Path folder) implements LogFolder {
    @Override
    public List<String> names() throws IOException {
      if (!Files.isDirectory(folder)) {
        return List.of();
      }
      try (Stream<Path> entries = Files.walk(folder, 2)) {
        return entries
            .filter(Files::isRegularFile)
            .map(file -> folder.relativize(file).toString())
            .sorted()
            .toList();
      }
    }

    @Override
    public byte[] read(String name, long from) throws IOException {
      try (RandomAccessFile in = new RandomAccessFile(folder.resolve(name).toFile(), "r")) {
        byte[] bytes = new byte[(int) Math.max(0, in.length() - from)];
        in.seek(from);
        in.readFully(bytes);
        return bytes;
      }
    }
  }
}
