package halab.runtime.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Replaces small files so that a reader, or a kill -9 at any moment, meets the old content or the
 * new one and never a mixture: write aside, force, rename, force the directory.
 */
public final class AtomicFiles {
  private static final String ASIDE = ".new-";

  private AtomicFiles() {}

  /** Whether this is what a writer was about to rename when it was killed. */
  public static boolean unfinished(Path file) {
    return file.getFileName().toString().matches(".*\\.new-\\d+");
  }

  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  public static void write(Path file, byte[] content) throws IOException {
    replace(file, content, "rw-r--r--");
  }

  /** As {@link #write}, readable by the owner alone. */
  public static void writeSecret(Path file, byte[] content) throws IOException {
    replace(file, content, "rw-------");
  }

  private static void replace(Path file, byte[] content, String mode) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ASIDE + ProcessHandle.current().pid());
    Files.deleteIfExists(aside);
    Files.createFile(
        aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(aside);
      throw e;
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(file.toAbsolutePath().getParent());
  }

  /** Makes names in a directory durable. */
  public static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
