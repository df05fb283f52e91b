package halab.node.sql;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Checkpoint images: H2's own online copy of its store file, a consistent state with whatever lies
 * in it (tables, positions, sequences), as a zip of one entry.
 */
final class Images {
  /** The store's file without H2's suffix. */
  static final String FILE = "data";

  private static final String SUFFIX = ".mv.db";

  private Images() {}

  static void export(Store store, Path folder, OutputStream out) throws SqlFailure, IOException {
    if (folder == null) {
      throw new SqlFailure(
          SqlError.unsupported("a database in memory has no image", "Open it in a folder."));
    }
    Path copy = Files.createTempFile(folder, "image", ".zip");
    try {
      try (PreparedStatement statement = store.admin().prepareStatement("BACKUP TO ?")) {
        statement.setString(1, copy.toAbsolutePath().toString());
        statement.execute();
      }
      Files.copy(copy, out);
    } catch (SQLException e) {
      throw Errors.failure(e);
    } finally {
      Files.delete(copy);
    }
  }

  static void load(InputStream in, Path folder, long bytesMost) throws IOException {
    Files.createDirectories(folder);
    Path target = folder.resolve(FILE + SUFFIX);
    Path fresh = Files.createTempFile(folder, "load", ".part");
    try {
      ZipInputStream zip = new ZipInputStream(in);
      ZipEntry entry = zip.getNextEntry();
      if (entry == null || !entry.getName().equals(FILE + SUFFIX)) {
        throw new IOException(
            "the checkpoint image is damaged or none: it must begin with " + FILE + SUFFIX);
      }
      Files.copy(new Bounded(zip, bytesMost), fresh, StandardCopyOption.REPLACE_EXISTING);
      if (zip.getNextEntry() != null) {
        throw new IOException("the checkpoint image has more than one entry");
      }
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Fails when more bytes come than there may be. */
  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, long most) {
      super(in);
      left = most;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int got = super.read(bytes, offset, length);
      count(Math.max(got, 0));
      return got;
    }

    private void count(int bytes) throws IOException {
      left -= bytes;
      if (left < 0) {
        throw new IOException("the checkpoint image is larger than it may be");
      }
    }
  }
}
