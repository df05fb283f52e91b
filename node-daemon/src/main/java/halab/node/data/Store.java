package halab.node.data;

import halab.node.sql.Committer;
import halab.node.sql.Database;
import halab.node.sql.Gate;
import halab.node.sql.Options;
import halab.node.sql.Outcome;
import halab.node.sql.Proposal;
import halab.node.sql.Replay;
import halab.node.sql.SqlFailure;
import halab.runtime.lab.AtomicFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The engine's store on its host, and what may be believed of it. Redo is the truth. The store is
 * believed when its last life ended in order; after a crash it is made anew from the <i>base</i>,
 * the store as of the last checkpoint, and redo brings the rest. A base is never copied from under
 * running sessions: it is the base before it with the packages since, written by one thread and
 * closed in order, so that what H2 makes of a torn or moving store is nobody's concern.
 */
final class Store {
  private static final String FILE = "data.mv.db";
  private static final long CHANGE_BYTES_MOST = 1L << 30;

  private final Path folder;
  private final Path base;
  private final Path clean;
  private final Path work;

  /** {@code folder}: the store's own, made when missing. */
  Store(Path folder) {
    String name = folder.getFileName().toString();
    this.folder = folder;
    this.base = folder.resolveSibling(name + ".base");
    this.clean = folder.resolveSibling(name + ".clean");
    this.work = folder.resolveSibling(name + ".next");
  }

  Path folder() {
    return folder;
  }

  /** The store as of the last checkpoint; there is none before the first one. */
  Path base() {
    return base;
  }

  /**
   * Before the engine is opened, which may change the store from then on: base and store are one,
   * what cannot be believed goes.
   */
  void prepare() throws IOException {
    if (!Files.exists(clean)) {
      reset();
    } else if (Files.exists(folder.resolve(FILE))) {
      Files.copy(folder.resolve(FILE), fresh(), StandardCopyOption.REPLACE_EXISTING);
      keep();
    }
    Files.deleteIfExists(clean);
  }

  /** The engine was closed in order: the store can be believed. */
  void closed() throws IOException {
    AtomicFiles.write(clean, "closed in order\n");
  }

  /** The store becomes what the base is; the engine must be closed. */
  void reset() throws IOException {
    empty(folder);
    if (Files.exists(base)) {
      Files.createDirectories(folder);
      Files.copy(base, folder.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void empty(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** A checkpoint: the base takes up what has come since. One thread at a time. */
  void advance(List<Replay> since) throws IOException, SqlFailure {
    empty(work);
    Files.createDirectories(work);
    if (Files.exists(base)) {
      Files.copy(base, work.resolve(FILE));
    }
    Options options = new Options(work, "halab", 0, 1, CHANGE_BYTES_MOST);
    try (Database next = Database.open(options, NOBODY, new Gate(Gate.State.OPEN, 1))) {
      next.applyAll(since);
    }
    Files.move(work.resolve(FILE), fresh(), StandardCopyOption.REPLACE_EXISTING);
    keep();
  }

  /** Where a base is made that is none yet. */
  Path fresh() {
    return base.resolveSibling(base.getFileName() + ".new");
  }

  /** What stands in {@link #fresh} is the base from now on, durably. */
  void keep() throws IOException {
    try (FileChannel channel = FileChannel.open(fresh(), StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh(), base, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A base has no sessions, so nobody commits. */
  private static final Committer NOBODY =
      new Committer() {
        @Override
        public Outcome commit(Proposal proposal) {
          throw new IllegalStateException("a base has no sessions");
        }

        @Override
        public long position() {
          return 0;
        }

        @Override
        public void broken(Throwable cause) {
          throw new IllegalStateException(cause);
        }
      };
}
