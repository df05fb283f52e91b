package halab.runtime.disk;

import com.google.protobuf.ByteString;
import halab.admin.proto.DiskStatus;
import halab.bricks.Slots;
import halab.kernel.Endpoint;
import halab.kernel.Writer;
import halab.link.proto.BlockWritten;
import halab.link.proto.BlocksRead;
import halab.link.proto.DiskReply;
import halab.link.proto.DiskRequest;
import halab.link.proto.Fenced;
import halab.link.proto.Range;
import halab.link.proto.RangeRead;
import halab.link.proto.RangesWritten;
import halab.link.proto.ReadRange;
import halab.link.proto.WriteBlock;
import halab.runtime.LabClock;
import halab.runtime.lab.LabDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One disk and the one thread that does its input and output. Requests of a caller are served in
 * order; what was sent before its sender died still takes effect. Faults are applied here.
 */
final class ServedDisk {
  private static final int MAX_READ = 1024;
  private static final int MAX_WAITING = 8192;

  /** Bound of what all requests of a disk that hangs take from the small heap of its daemon. */
  private static final long MAX_WAITING_BYTES = 12L << 20;

  /** Bound of the bytes that one request reads or writes by range. */
  static final int RANGE_BYTES_MAX = 1 << 19;

  /** Bound of the ranges of one request. */
  static final int RANGES_MAX = 1024;

  /** A request on its way, with where its answer goes. */
  record Job(DiskRequest request, Endpoint caller, Consumer<DiskReply> answer) {}

  /** What one caller still has to wait for. */
  private static final class Slow {
    final ArrayDeque<Job> jobs = new ArrayDeque<>();
    long dueNs = System.nanoTime();
  }

  private final LabDisk disk;
  private final DiskContent content;
  private final FenceKeys fences;
  private final LabClock clock;
  private final ScheduledExecutorService timer;
  private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();

  // Disk thread only, from here on.
  private final Map<String, DiskFault> faultOfHost = new TreeMap<>();
  private final ArrayDeque<Job> hanging = new ArrayDeque<>();
  private final Map<Endpoint, Slow> slow = new HashMap<>();
  private DiskFault faultForAll = DiskFault.NONE;
  private long reads;
  private long writes;
  private long bitten;

  /** What the faults in force have bitten, by the host that each is for; empty: all hosts. */
  private final Map<String, Long> bittenFor = new TreeMap<>();

  /** {@code timer}: wakes slow requests up. Throws ConfigException when a file is unusable. */
  ServedDisk(LabDisk disk, Path path, LabClock clock, ScheduledExecutorService timer) {
    this.disk = disk;
    this.content = new DiskContent(disk, path);
    this.fences = FenceKeys.open(path.resolveSibling(disk.name() + ".fence"));
    this.clock = clock;
    this.timer = timer;
    Thread thread = new Thread(this::serve, "disk-" + disk.name());
    thread.setDaemon(true);
    thread.start();
  }

  LabDisk disk() {
    return disk;
  }

  private void serve() {
    try {
      while (true) {
        work.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Any thread. */
  void submit(Job job) {
    long bytes = job.request().getSerializedSize();
    long all = waitingBytes.addAndGet(bytes);
    Job counted = new Job(job.request(), job.caller(), reply -> answered(job, reply, bytes));
    if (work.size() > MAX_WAITING || all > MAX_WAITING_BYTES) {
      fail(counted, "the disk's queue is full");
    } else {
      work.add(() -> begin(counted));
    }
  }

  private void answered(Job job, DiskReply reply, long bytes) {
    waitingBytes.addAndGet(-bytes);
    job.answer().accept(reply);
  }

  /** Any thread; {@code host} empty: for all, which also ends what single hosts had. */
  void inject(DiskFault fault, String host) {
    work.add(
        () -> {
          bittenFor.remove(host);
          if (host.isEmpty()) {
            faultForAll = fault;
            faultOfHost.clear();
            bittenFor.clear();
          } else if (fault.kind() == DiskFault.Kind.OK) {
            faultOfHost.remove(host);
          } else {
            faultOfHost.put(host, fault);
          }
          keepBefore(fault.kind() == DiskFault.Kind.STALE);
          for (int left = hanging.size(); left > 0; left--) {
            begin(hanging.poll());
          }
        });
  }

  private void keepBefore(boolean anew) {
    boolean keeps =
        faultForAll.kind() == DiskFault.Kind.STALE
            || faultOfHost.values().stream().anyMatch(f -> f.kind() == DiskFault.Kind.STALE);
    content.keepBefore(keeps, anew);
  }

  /** Any thread; the answer comes on the disk's thread. */
  void describe(Consumer<DiskStatus> answer) {
    work.add(
        () ->
            answer.accept(
                DiskStatus.newBuilder()
                    .setName(disk.name())
                    .setPath(disk.path())
                    .setFault(faultText())
                    .setReads(reads)
                    .setWrites(writes)
                    .setBitten(bitten)
                    .putAllBittenFor(bittenFor)
                    .addAllFence(fences.describe())
                    .build()));
  }

  private String faultText() {
    List<String> all = new ArrayList<>(List.of(faultForAll.toString()));
    faultOfHost.forEach((host, fault) -> all.add(host + ": " + fault));
    return String.join(", ", all);
  }

  private DiskFault faultFor(Job job) {
    return faultOfHost.getOrDefault(job.caller().host(), faultForAll);
  }

  private void bites(Job job, long times) {
    if (times > 0) {
      String host = job.caller().host();
      bitten += times;
      bittenFor.merge(faultOfHost.containsKey(host) ? host : "", times, Long::sum);
    }
  }

  private void begin(Job job) {
    DiskFault fault = faultFor(job);
    if (fault.kind() == DiskFault.Kind.HANG) {
      bites(job, 1);
      if (hanging.size() >= MAX_WAITING) {
        fail(job, "the disk's queue is full");
      } else {
        hanging.add(job);
      }
      return;
    }
    Slow waiting = slow.computeIfAbsent(job.caller(), c -> new Slow());
    if (fault.kind() == DiskFault.Kind.SLOW) {
      bites(job, 1);
      delay(waiting, job, clock.realMs(fault.delayMs()) * 1_000_000);
    } else if (!waiting.jobs.isEmpty()) {
      delay(waiting, job, 0);
    } else {
      perform(job);
    }
  }

  /** Each timer serves the caller's oldest request, so that none overtakes another. */
  private void delay(Slow waiting, Job job, long delayNs) {
    long nowNs = System.nanoTime();
    waiting.dueNs = Math.max(waiting.dueNs, nowNs + delayNs);
    waiting.jobs.add(job);
    timer.schedule(
        () -> work.add(() -> perform(waiting.jobs.poll())),
        waiting.dueNs - nowNs,
        TimeUnit.NANOSECONDS);
  }

  private void perform(Job job) {
    DiskFault.Kind fault = faultFor(job).kind();
    if (fault == DiskFault.Kind.FAIL) {
      bites(job, 1);
      fail(job, "input/output error");
      return;
    }
    long before = content.bitten();
    try {
      switch (job.request().getOpCase()) {
        case READ -> read(job, fault);
        case WRITE -> write(job, fault);
        case FENCE -> fence(job);
        case READ_RANGE -> readRange(job, fault);
        case WRITE_RANGES -> writeRanges(job, fault);
        default -> fail(job, "a request without an operation");
      }
    } catch (IOException | IllegalArgumentException e) {
      fail(job, String.valueOf(e.getMessage()));
    }
    bites(job, content.bitten() - before);
  }

  private void read(Job job, DiskFault.Kind fault) throws IOException {
    int first = job.request().getRead().getFirst();
    int count = job.request().getRead().getCount();
    if (first < 0 || count < 0 || count > MAX_READ || first > disk.blocks() - count) {
      fail(job, count + " blocks from " + first + " are beyond the end or too many");
      return;
    }
    reads++;
    BlocksRead.Builder answer = BlocksRead.newBuilder().setFirst(first);
    for (int block = first; block < first + count; block++) {
      byte[] frame = content.read(at(block), Slots.BLOCK_BYTES, fault);
      answer.addFrame(ByteString.copyFrom(frame));
    }
    job.answer().accept(reply(job).setRead(answer).build());
  }

  private static long at(int block) {
    return (long) block * Slots.BLOCK_BYTES;
  }

  /** The frame that stands where an older copy of it is to be written; null: there is none. */
  private byte[] newer(WriteBlock write) throws IOException {
    byte[] there = content.read(at(write.getBlock()), Slots.BLOCK_BYTES, DiskFault.Kind.OK);
    Writer standing = Slots.writer(write.getBlock(), there);
    Writer coming = Slots.writer(write.getBlock(), write.getFrame().toByteArray());
    boolean stays = standing != null && (coming == null || standing.compareTo(coming) > 0);
    return stays ? there : null;
  }

  private void write(Job job, DiskFault.Kind fault) throws IOException {
    int block = job.request().getWrite().getBlock();
    byte[] frame = job.request().getWrite().getFrame().toByteArray();
    long fenced = fences.fencedLife(job.caller());
    if (block < 0 || block >= disk.blocks() || frame.length != Slots.BLOCK_BYTES) {
      fail(job, "block " + block + " is beyond the end, or its frame is not one block long");
    } else if (fault == DiskFault.Kind.FULL) {
      bites(job, 1);
      fail(job, "no space left on device");
    } else if (job.request().getIncarnation() <= fenced) {
      fail(job, shutOut(job, fenced));
    } else if (job.request().getWrite().getCopy() && newer(job.request().getWrite()) != null) {
      byte[] newer = newer(job.request().getWrite());
      BlocksRead.Builder kept = BlocksRead.newBuilder().setFirst(block);
      job.answer().accept(reply(job).setRead(kept.addFrame(ByteString.copyFrom(newer))).build());
    } else {
      content.write(at(block), frame, fault);
      content.force();
      writes++;
      job.answer().accept(reply(job).setWritten(BlockWritten.newBuilder().setBlock(block)).build());
    }
  }

  private static String shutOut(Job job, long fenced) {
    return "fenced: " + job.caller() + " up to life " + fenced;
  }

  private void readRange(Job job, DiskFault.Kind fault) throws IOException {
    ReadRange range = job.request().getReadRange();
    if (!isRange(range.getOffset(), range.getLength())) {
      fail(job, outside(range.getOffset(), range.getLength()));
      return;
    }
    reads++;
    byte[] bytes = content.read(range.getOffset(), range.getLength(), fault);
    RangeRead.Builder answer = RangeRead.newBuilder().setContent(ByteString.copyFrom(bytes));
    job.answer().accept(reply(job).setRangeRead(answer).build());
  }

  /** All or none are refused; a fault or the end of the daemon may leave some written. */
  private void writeRanges(Job job, DiskFault.Kind fault) throws IOException {
    List<Range> ranges = job.request().getWriteRanges().getRangeList();
    long total = ranges.stream().mapToLong(r -> r.getContent().size()).sum();
    long fenced = fences.fencedLife(job.caller());
    for (Range range : ranges) {
      if (!isRange(range.getOffset(), range.getContent().size())) {
        fail(job, outside(range.getOffset(), range.getContent().size()));
        return;
      }
    }
    if (ranges.size() > RANGES_MAX || total > RANGE_BYTES_MAX) {
      fail(job, ranges.size() + " ranges of " + total + " bytes are too much for one request");
    } else if (fault == DiskFault.Kind.FULL) {
      bites(job, 1);
      fail(job, "no space left on device");
    } else if (job.request().getIncarnation() <= fenced) {
      job.answer().accept(reply(job).setShutOut(shutOut(job, fenced)).build());
    } else {
      for (Range range : ranges) {
        content.write(range.getOffset(), range.getContent().toByteArray(), fault);
      }
      if (!job.request().getWriteRanges().getUnforced()) {
        content.force();
      }
      writes++;
      job.answer().accept(reply(job).setRangesWritten(RangesWritten.getDefaultInstance()).build());
    }
  }

  private boolean isRange(long offset, int length) {
    return offset >= disk.rangesFrom()
        && length >= 0
        && length <= RANGE_BYTES_MAX
        && offset <= disk.bytes() - length;
  }

  private String outside(long offset, int length) {
    return String.format(
        Locale.ROOT,
        "%d bytes at %d are more than %d, or not between the blocks' end %d and the disk's end %d",
        length,
        offset,
        RANGE_BYTES_MAX,
        disk.rangesFrom(),
        disk.bytes());
  }

  private void fence(Job job) throws IOException {
    Endpoint victim = Endpoint.parse(job.request().getFence().getVictim());
    fences.fence(victim, job.request().getFence().getIncarnation());
    job.answer().accept(reply(job).setFenced(Fenced.getDefaultInstance()).build());
  }

  private static DiskReply.Builder reply(Job job) {
    return DiskReply.newBuilder()
        .setRequest(job.request().getRequest())
        .setDisk(job.request().getDisk());
  }

  private static void fail(Job job, String reason) {
    job.answer().accept(reply(job).setFailed(reason).build());
  }
}
