package halab.node.data;

import halab.node.sql.Database;
import halab.node.sql.SqlFailure;
import halab.runtime.lab.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * The engine's store on its host, and what may be believed of it. Redo is the truth; the store is
 * believed when its last life ended in order. After a crash it is made anew from the copy of the
 * last checkpoint, or from nothing, and redo brings the rest: what a torn store would hold is
 * nobody's guess.
 */
final class Store {
  private static final long BYTES_MOST = 16L << 30;

  private final Path folder;
  private final Path copy;
  private final Path clean;

  /** {@code folder}: the store's own, made when missing. */
  Store(Path folder) {
    this.folder = folder;
    this.copy = folder.resolveSibling(folder.getFileName() + ".checkpoint");
    this.clean = folder.resolveSibling(folder.getFileName() + ".clean");
  }

  Path folder() {
    return folder;
  }

  /** The copy of the last checkpoint; there is none before the first one. */
  Path copy() {
    return copy;
  }

  /** Before the engine is opened: what cannot be believed goes. */
  void prepare() throws IOException {
    if (!Files.exists(clean)) {
      empty();
      if (Files.exists(copy)) {
        load(copy);
      }
    }
  }

  /** The engine is open, and will change the store from now on. */
  void opened() throws IOException {
    Files.deleteIfExists(clean);
  }

  private void empty() throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Replaces the content by an image; the engine must be closed. */
  void load(Path image) throws IOException {
    try (InputStream in = Files.newInputStream(image)) {
      Database.load(in, folder, BYTES_MOST);
    }
  }

  /**
   * Keeps a copy of the engine, durably: with everything that was committed before, and what of the
   * rest it meets, each with its position.
   */
  void keepCopy(Database database) throws IOException, SqlFailure {
    try (OutputStream out = Files.newOutputStream(fresh())) {
      database.export(out);
    }
    keep();
  }

  /** Where a copy is made that is none yet. */
  Path fresh() {
    return copy.resolveSibling(copy.getFileName() + ".new");
  }

  /** What stands in {@link #fresh} is the copy from now on, durably. */
  void keep() throws IOException {
    Path fresh = fresh();
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The engine was closed in order: the store can be believed. */
  void closed() throws IOException {
    AtomicFiles.write(clean, "closed in order\n");
  }
}
