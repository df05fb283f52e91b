package halab.runtime.disk;

import com.google.protobuf.ByteString;
import halab.admin.proto.DiskStatus;
import halab.bricks.Slots;
import halab.kernel.Endpoint;
import halab.link.proto.BlockWritten;
import halab.link.proto.BlocksRead;
import halab.link.proto.DiskReply;
import halab.link.proto.DiskRequest;
import halab.link.proto.Fenced;
import halab.runtime.LabClock;
import halab.runtime.lab.LabDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One disk and the one thread that does its input and output. Requests of a caller are served in
 * order; what was sent before its sender died still takes effect. Faults are applied here.
 */
final class ServedDisk {
  private static final int MAX_READ = 1024;
  private static final int MAX_WAITING = 8192;

  /** A request on its way, with where its answer goes. */
  record Job(DiskRequest request, Endpoint caller, Consumer<DiskReply> answer) {}

  /** What one caller still has to wait for. */
  private static final class Slow {
    final ArrayDeque<Job> jobs = new ArrayDeque<>();
    long dueNs = System.nanoTime();
  }

  private final LabDisk disk;
  private final DiskFile file;
  private final FenceKeys fences;
  private final LabClock clock;
  private final ScheduledExecutorService timer;
  private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();

  // Disk thread only, from here on.
  private final Map<String, DiskFault> faultOfHost = new TreeMap<>();
  private final ArrayDeque<Job> hanging = new ArrayDeque<>();
  private final Map<Endpoint, Slow> slow = new HashMap<>();
  private final Map<Integer, byte[]> before = new HashMap<>();
  private DiskFault faultForAll = DiskFault.NONE;
  private boolean keepsBefore;
  private long reads;
  private long writes;
  private long bitten;

  /** {@code timer}: wakes slow requests up. Throws ConfigException when a file is unusable. */
  ServedDisk(LabDisk disk, Path path, LabClock clock, ScheduledExecutorService timer) {
    this.disk = disk;
    this.file = DiskFile.open(disk, path);
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
    if (work.size() > MAX_WAITING) {
      fail(job, "the disk's queue is full");
    } else {
      work.add(() -> begin(job));
    }
  }

  /** Any thread; {@code host} empty: for all, which also ends what single hosts had. */
  void inject(DiskFault fault, String host) {
    work.add(
        () -> {
          if (host.isEmpty()) {
            faultForAll = fault;
            faultOfHost.clear();
          } else if (fault.kind() == DiskFault.Kind.OK) {
            faultOfHost.remove(host);
          } else {
            faultOfHost.put(host, fault);
          }
          keepsBefore =
              faultForAll.kind() == DiskFault.Kind.STALE
                  || faultOfHost.values().stream().anyMatch(f -> f.kind() == DiskFault.Kind.STALE);
          if (!keepsBefore || fault.kind() == DiskFault.Kind.STALE) {
            before.clear();
          }
          for (int left = hanging.size(); left > 0; left--) {
            begin(hanging.poll());
          }
        });
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

  private void begin(Job job) {
    DiskFault fault = faultFor(job);
    if (fault.kind() == DiskFault.Kind.HANG) {
      bitten++;
      if (hanging.size() >= MAX_WAITING) {
        fail(job, "the disk's queue is full");
      } else {
        hanging.add(job);
      }
      return;
    }
    Slow waiting = slow.computeIfAbsent(job.caller(), c -> new Slow());
    if (fault.kind() == DiskFault.Kind.SLOW) {
      bitten++;
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
      bitten++;
      fail(job, "input/output error");
      return;
    }
    try {
      switch (job.request().getOpCase()) {
        case READ -> read(job, fault);
        case WRITE -> write(job, fault);
        case FENCE -> fence(job);
        default -> fail(job, "a request without an operation");
      }
    } catch (IOException | IllegalArgumentException e) {
      fail(job, String.valueOf(e.getMessage()));
    }
  }

  private void read(Job job, DiskFault.Kind fault) throws IOException {
    int first = job.request().getRead().getFirst();
    int count = job.request().getRead().getCount();
    if (first < 0 || count < 0 || count > MAX_READ || first > file.blocks() - count) {
      fail(job, count + " blocks from " + first + " are beyond the end or too many");
      return;
    }
    reads++;
    BlocksRead.Builder answer = BlocksRead.newBuilder().setFirst(first);
    for (int block = first; block < first + count; block++) {
      byte[] stale = fault == DiskFault.Kind.STALE ? before.get(block) : null;
      bitten += stale == null ? 0 : 1;
      answer.addFrame(ByteString.copyFrom(stale == null ? file.read(block) : stale));
    }
    job.answer().accept(reply(job).setRead(answer).build());
  }

  private void write(Job job, DiskFault.Kind fault) throws IOException {
    int block = job.request().getWrite().getBlock();
    byte[] content = job.request().getWrite().getFrame().toByteArray();
    long fenced = fences.fencedLife(job.caller());
    if (block < 0 || block >= file.blocks() || content.length != Slots.BLOCK_BYTES) {
      fail(job, "block " + block + " is beyond the end, or its frame is not one block long");
    } else if (fault == DiskFault.Kind.FULL) {
      bitten++;
      fail(job, "no space left on device");
    } else if (job.request().getIncarnation() <= fenced) {
      fail(job, "fenced: " + job.caller() + " up to life " + fenced);
    } else {
      if (keepsBefore && !before.containsKey(block)) {
        before.put(block, file.read(block));
      }
      file.write(block, bent(block, content, fault));
      writes++;
      job.answer().accept(reply(job).setWritten(BlockWritten.newBuilder().setBlock(block)).build());
    }
  }

  private byte[] bent(int block, byte[] content, DiskFault.Kind fault) throws IOException {
    if (fault == DiskFault.Kind.FLIPPED) {
      bitten++;
      content[Slots.BLOCK_BYTES / 2] ^= 0x10;
    } else if (fault == DiskFault.Kind.TORN) {
      bitten++;
      byte[] torn = file.read(block);
      System.arraycopy(content, 0, torn, 0, Slots.BLOCK_BYTES / 2);
      // Content that tears without a trace (equal halves) is given one.
      torn[Slots.BLOCK_BYTES - 1] ^= 0x01;
      return torn;
    }
    return content;
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
