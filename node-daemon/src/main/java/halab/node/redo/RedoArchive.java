package halab.node.redo;

import halab.runtime.disk.DiskFullException;
import halab.runtime.disk.OwnDisk;
import halab.systems.Role;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Redo that is kept: a row of files in a folder of its own, each begun when the one before has its
 * full size. What a crash cut short is cut; all else that is wrong is a {@link RedoDamage}. After
 * any other failure the archive is to be opened anew. Appending, releasing and closing are one
 * thread's; reading is any thread's, meanwhile.
 */
public final class RedoArchive implements Closeable {
  /** Space is made ahead, so that a force has the file's length to write only now and then. */
  private static final int AHEAD_BYTES = 1 << 20;

  private static final int STEP_BYTES = 1 << 18;
  private static final int BATCH_BYTES = 4 << 20;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd_HH-mm-ss", Locale.ROOT);

  /**
   * What was read.
   *
   * @param oldestLsn packages below it are not there any more; 1: nothing ever went
   */
  public record Part(List<RedoPackage> packages, long oldestLsn, long lastLsn) {}

  private final Path folder;
  private final Role.Archive shape;
  private final long group;
  private final OwnDisk disk;
  private final LongSupplier wallMs;

  // Under this, so that who reads meets files and their ends as they are together.
  private final List<ArchiveFile> files = new ArrayList<>();
  private long end;
  private long lastLsn;
  private long markLsn = -1;
  private long markSequence;
  private long markEnd;

  // Of the one thread that writes.
  private FileChannel channel;
  private long allocated;

  private RedoArchive(
      Path folder, Role.Archive shape, long group, OwnDisk disk, LongSupplier wallMs) {
    this.folder = folder;
    this.shape = shape;
    this.group = group;
    this.disk = disk;
    this.wallMs = wallMs;
  }

  /**
   * Opens the archive in this folder, which is made if there is none. Heads of files are checked,
   * the newest file as a whole; what is older is checked when it is read.
   *
   * @param group what all copies of one database share
   * @param disk asked before each access
   * @param wallMs wall clock in milliseconds, which names of files are made of
   */
  public static RedoArchive open(
      Path folder, Role.Archive shape, long group, OwnDisk disk, LongSupplier wallMs)
      throws IOException {
    RedoArchive archive = new RedoArchive(folder, shape, group, disk, wallMs);
    disk.beforeRead();
    Files.createDirectories(folder);
    archive.look();
    return archive;
  }

  private synchronized void look() throws IOException {
    List<Path> paths;
    try (Stream<Path> found = Files.list(folder)) {
      paths = found.filter(f -> f.getFileName().toString().endsWith(".log")).toList();
    }
    for (Path path : paths) {
      files.add(ArchiveFile.open(path, group));
    }
    files.sort(Comparator.comparingLong(ArchiveFile::sequence));
    for (int i = 1; i < files.size(); i++) {
      long before = files.get(i - 1).sequence();
      if (files.get(i).sequence() != before + 1) {
        String what = "file number " + files.get(i).sequence() + " follows number " + before;
        throw new RedoDamage(files.get(i).path(), 0, what);
      }
    }
    if (!files.isEmpty()) {
      settle(newest());
    }
  }

  private ArchiveFile newest() {
    return files.get(files.size() - 1);
  }

  /** Finds the end of the newest file, and cuts off what a crash left behind it. */
  private void settle(ArchiveFile file) throws IOException {
    channel = FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    ArchiveScan scan = new ArchiveScan(file, channel, channel.size(), true);
    while (scan.next()) {}
    end = scan.end();
    lastLsn = scan.lastLsn();
    if (scan.torn()) {
      channel.truncate(end);
      channel.force(true);
    }
    allocated = channel.size();
  }

  /** The last LSN that is durable; 0: there never was a package. */
  public synchronized long lastLsn() {
    return lastLsn;
  }

  /**
   * Appends packages, durable on return. Those up to {@link #lastLsn} are there already and left
   * out.
   *
   * @throws DiskFullException when there is no room; what was there before is whole, and appending
   *     again later may succeed
   */
  public void append(List<RedoPackage> packages) throws IOException {
    disk.beforeWrite();
    List<RedoPackage> batch = new ArrayList<>();
    long known = lastLsn();
    int bytes = 0;
    for (RedoPackage one : packages) {
      if (one.lastLsn() <= known) {
        continue;
      }
      known = one.lastLsn();
      if (bytes > 0 && bytes + one.payload().length > BATCH_BYTES) {
        write(batch, bytes);
        batch.clear();
        bytes = 0;
      }
      batch.add(one);
      bytes += ArchiveScan.PACKAGE_BYTES + one.payload().length;
    }
    if (!batch.isEmpty()) {
      write(batch, bytes);
    }
    keepWithinSpace();
  }

  /** One force for all of them. */
  private void write(List<RedoPackage> batch, int bytes) throws IOException {
    try {
      int length = ArchiveScan.HEAD_BYTES + bytes;
      if (channel == null || end + length > shape.fileBytesMost() && end > headerEnd()) {
        begin();
      }
      ByteBuffer out = encoded(newest(), batch, length);
      extend(end + out.limit());
      put(out, end);
      channel.force(false);
      synchronized (this) {
        end += out.limit();
        lastLsn = batch.get(batch.size() - 1).lastLsn();
      }
    } catch (IOException e) {
      throw DiskFullException.orElse(folder, e);
    }
  }

  private static long headerEnd() {
    return ArchiveFile.HEADER_BYTES;
  }

  private ByteBuffer encoded(ArchiveFile file, List<RedoPackage> batch, int length) {
    ByteBuffer out = ByteBuffer.allocate(Layout.aligned(length));
    int at = ArchiveScan.HEAD_BYTES;
    for (RedoPackage one : batch) {
      byte[] payload = one.payload();
      ByteBuffer content = ByteBuffer.wrap(payload);
      out.putInt(at, payload.length);
      out.putInt(at + 4, ArchiveScan.packageCrc(file, end + at, one.lastLsn(), content));
      out.putLong(at + 8, one.lastLsn());
      out.put(at + ArchiveScan.PACKAGE_BYTES, payload);
      at += ArchiveScan.PACKAGE_BYTES + payload.length;
    }
    long last = batch.get(batch.size() - 1).lastLsn();
    ArchiveScan.head(out, file, end, length, lastLsn, last);
    return out;
  }

  /** Makes room ahead; where there is none, the batch itself may yet fit. */
  private void extend(long to) throws IOException {
    if (to <= allocated) {
      return;
    }
    long goal = Math.min(to + AHEAD_BYTES, Math.max(to, shape.fileBytesMost()));
    try {
      ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(STEP_BYTES, goal - allocated));
      for (long at = allocated; at < goal; at += zeros.capacity()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), goal - at));
        put(zeros, at);
      }
      allocated = goal;
    } catch (IOException e) {
      allocated = to;
      channel.truncate(to);
    }
  }

  private void put(ByteBuffer bytes, long at) throws IOException {
    int limit = bytes.limit();
    int from = bytes.position();
    while (bytes.position() < limit) {
      bytes.limit(Math.min(limit, bytes.position() + STEP_BYTES));
      channel.write(bytes, at + bytes.position() - from);
      bytes.limit(limit);
    }
  }

  /** The next file; the one before gets the size of its content. */
  private void begin() throws IOException {
    if (channel != null) {
      channel.truncate(end);
      channel.force(true);
    }
    long sequence = files.isEmpty() ? 1 : newest().sequence() + 1;
    long id = new SecureRandom().nextLong();
    ArchiveFile next = new ArchiveFile(freeName(), id, group, sequence, lastLsn);
    next.create();
    FileChannel opened =
        FileChannel.open(next.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    closeChannel();
    synchronized (this) {
      files.add(next);
      end = headerEnd();
    }
    channel = opened;
    allocated = end;
  }

  /** Named by the second; of two files of one second the later has the next one's name. */
  private Path freeName() {
    LocalDateTime at =
        LocalDateTime.ofInstant(Instant.ofEpochMilli(wallMs.getAsLong()), ZoneId.systemDefault());
    while (true) {
      Path path = folder.resolve(shape.prefix() + STAMP.format(at) + ".log");
      if (!Files.exists(path)) {
        return path;
      }
      at = at.plusSeconds(1);
    }
  }

  private void keepWithinSpace() throws IOException {
    if (shape.spaceBytesMost() <= 0) {
      return;
    }
    while (files.size() > 1 && space() > shape.spaceBytesMost()) {
      removeOldest();
    }
  }

  private long space() throws IOException {
    long sum = end;
    for (ArchiveFile file : files.subList(0, files.size() - 1)) {
      sum += Files.size(file.path());
    }
    return sum;
  }

  private void removeOldest() throws IOException {
    Path path;
    synchronized (this) {
      path = files.remove(0).path();
    }
    Files.deleteIfExists(path);
  }

  /** Removes the files that hold nothing above this LSN; the newest one stays. */
  public void releaseUpTo(long lsn) throws IOException {
    disk.beforeWrite();
    while (files.size() > 1 && files.get(1).afterLsn() <= lsn) {
      removeOldest();
    }
  }

  /**
   * Reads packages from an LSN on, or from the oldest that is left.
   *
   * @param most packages at most, 0 or more
   * @param bytesMost bytes after which no further batch is begun
   */
  public Part read(long fromLsn, int most, long bytesMost) throws IOException {
    disk.beforeRead();
    List<ArchiveFile> now;
    long endNow;
    long lastNow;
    synchronized (this) {
      now = List.copyOf(files);
      endNow = end;
      lastNow = lastLsn;
    }
    if (now.isEmpty()) {
      return new Part(List.of(), 1, 0);
    }
    List<RedoPackage> found = new ArrayList<>();
    long bytes = 0;
    int first = 0;
    while (first < now.size() - 1 && now.get(first + 1).afterLsn() < fromLsn) {
      first++;
    }
    for (int i = first; i < now.size() && found.size() < most && bytes < bytesMost; i++) {
      ArchiveFile file = now.get(i);
      boolean newest = i == now.size() - 1;
      try (FileChannel in = FileChannel.open(file.path())) {
        ArchiveScan scan = new ArchiveScan(file, in, newest ? endNow : in.size(), false);
        goTo(scan, file, fromLsn);
        bytes += collect(scan, fromLsn, most, bytesMost - bytes, found);
        mark(file, scan);
        long follows = newest ? lastNow : now.get(i + 1).afterLsn();
        if (scan.end() >= (newest ? endNow : in.size()) && scan.lastLsn() != follows) {
          String what = "ends with LSN " + scan.lastLsn() + ", but what follows goes on after ";
          throw new RedoDamage(file.path(), scan.end(), what + follows);
        }
      } catch (NoSuchFileException e) {
        throw new IOException(file.path() + " was removed while it was read", e);
      }
    }
    return new Part(found, now.get(0).afterLsn() + 1, lastNow);
  }

  /** Who reads in parts goes on where the part before ended. */
  private synchronized void goTo(ArchiveScan scan, ArchiveFile file, long fromLsn) {
    if (markLsn >= 0 && markSequence == file.sequence() && markLsn < fromLsn) {
      scan.from(markEnd, markLsn);
    }
  }

  private synchronized void mark(ArchiveFile file, ArchiveScan scan) {
    markLsn = scan.lastLsn();
    markSequence = file.sequence();
    markEnd = scan.end();
  }

  private long collect(
      ArchiveScan scan, long fromLsn, int most, long bytesMost, List<RedoPackage> found)
      throws IOException {
    long bytes = 0;
    long placeBefore = scan.end();
    long lsnBefore = scan.lastLsn();
    while (found.size() < most && bytes < bytesMost && scan.next()) {
      if (scan.lastLsn() >= fromLsn) {
        for (RedoPackage one : scan.packages()) {
          if (one.lastLsn() >= fromLsn && found.size() < most) {
            found.add(one);
            bytes += one.payload().length;
          }
        }
        if (found.size() == most && found.get(most - 1).lastLsn() < scan.lastLsn()) {
          scan.from(placeBefore, lsnBefore); // the rest of the batch is for the next part
          return bytesMost;
        }
      }
      placeBefore = scan.end();
      lsnBefore = scan.lastLsn();
    }
    return bytes;
  }

  private void closeChannel() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  /** What was appended is there; another life, or this one, may open it again. */
  @Override
  public void close() throws IOException {
    closeChannel();
  }
}
