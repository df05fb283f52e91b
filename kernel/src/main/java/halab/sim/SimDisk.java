package halab.sim;

import halab.bricks.Rng;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Writer;
import halab.redo.proto.RlogPkg;
import halab.systems.LabPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One shared disk. Requests of one process arrive, take effect and are answered in order; what had
 * been sent before its process died still takes effect. Fencing keys and content survive
 * everything.
 */
public final class SimDisk {
  /** Who wrote the first content of copies. */
  private static final Writer MAKER = new Writer(new Endpoint("lab", "init"), 0, 1);

  private static final Endpoint TOOL = new Endpoint("lab", "tool");

  private final World world;
  private final String name;
  private final String path;
  private final int blockCount;
  private final boolean copy;
  private final Rng rng;
  private final long[] lastArrivalMs;
  private final long[] lastAnswerMs;
  private final Fault.Disk[] faultOfHost;
  private final Map<Endpoint, Long> fences = new TreeMap<>();
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();
  private final SimRedo redo = new SimRedo();

  /** Content of an engine, for one that is behind all redo; null: none. */
  private List<RlogPkg> image;

  /** In which thread each LSN stands. */
  private final Map<Long, Integer> granted = new TreeMap<>();

  private Fault.Disk faultForAll;
  private Block[] blocks;
  private Block[] stale;

  private record Request(SimProcess caller, long life, long number, Effect wanted) {}

  SimDisk(World world, LabPlan.DiskPlan plan, Rng rng, int processes, int hosts) {
    this.world = world;
    this.name = plan.name();
    this.path = plan.path();
    this.blockCount = plan.blockCount();
    this.rng = rng;
    this.lastArrivalMs = new long[processes];
    this.lastAnswerMs = new long[processes];
    this.faultOfHost = new Fault.Disk[hosts];
    this.blocks = new Block[plan.blocks().isEmpty() ? 16 : plan.blocks().lastKey() + 16];
    Arrays.fill(blocks, Block.EMPTY);
    this.copy = plan.kind().equals(LabPlan.DiskPlan.DCRV);
    plan.blocks()
        .forEach((number, payload) -> blocks[number] = Block.of(payload).by(copy ? MAKER : null));
  }

  public String name() {
    return name;
  }

  String path() {
    return path;
  }

  /** What a block holds at this moment, whatever faults say. */
  public Block block(int number) {
    return number < blocks.length ? blocks[number] : Block.EMPTY;
  }

  /**
   * Writes a block at once, for a tool that is no process of the simulated world. It meets the
   * faults that everybody meets.
   *
   * @return why it was not written; null when it was
   */
  String put(int number, Block content) {
    Fault.DiskKind fault = faultForAll == null ? Fault.DiskKind.OK : faultForAll.kind();
    switch (fault) {
      case FAIL, FULL, HANG:
        return "disk " + name + " is in fault: " + fault;
      default:
        boolean damages = fault == Fault.DiskKind.TORN || fault == Fault.DiskKind.FLIPPED;
        grow(number);
        blocks[number] =
            damages ? Block.damaged("checksum wrong (" + fault + ")") : byTool(number, content);
        return null;
    }
  }

  /** On one of several copies a block says who wrote it. */
  private Block byTool(int number, Block content) {
    Writer before = blocks[number].writer();
    Writer tool = new Writer(TOOL, 1, before == null ? 1 : before.counter() + 1);
    return copy && content.payload() != null ? content.by(tool) : content;
  }

  /** One of several disks that hold the same. */
  boolean isCopy() {
    return copy;
  }

  private void grow(int number) {
    if (number >= blocks.length) {
      int known = blocks.length;
      blocks = Arrays.copyOf(blocks, Math.min(blockCount, number + 64));
      Arrays.fill(blocks, known, blocks.length, Block.EMPTY);
    }
  }

  /** The last fenced life of this daemon; 0 when none is. */
  public long fencedLife(Endpoint victim) {
    return fences.getOrDefault(victim, 0L);
  }

  void submit(SimProcess caller, long number, Effect wanted) {
    Request request = new Request(caller, caller.incarnation(), number, wanted);
    SimNets nets = world.nets();
    SimHost store = world.store();
    if (nets.refused(SimNets.STORAGE, caller.host(), store)) {
      Event refused = new Event.DiskFailed(number, path, "storage network: connection refused");
      world.later(1, () -> caller.deliver(request.life(), refused));
      return;
    }
    if (nets.swallows(SimNets.STORAGE, caller.host(), store, rng)) {
      return;
    }
    long way = wayMs() + nets.delayMs(SimNets.STORAGE, caller.host(), store);
    long at = Math.max(lastArrivalMs[caller.index()], world.nowMs() + way);
    lastArrivalMs[caller.index()] = at;
    world.at(at, () -> arrive(request));
  }

  private long wayMs() {
    return rng.below(world.rates().diskMs() + 1);
  }

  private void arrive(Request request) {
    SimProcess daemon = world.diskDaemon();
    if (!daemon.running()) {
      fail(request, "the disk daemon is gone");
    } else if (daemon.paused() || !waiting.isEmpty()) {
      waiting.add(request);
      drain();
    } else {
      begin(request);
    }
  }

  /** Serves what waits, until something hangs. Requests of one host never overtake each other. */
  void drain() {
    if (world.diskDaemon().paused()) {
      return;
    }
    for (int left = waiting.size(); left > 0; left--) {
      begin(waiting.poll());
    }
  }

  private void begin(Request request) {
    Fault.Disk fault = faultFor(request.caller());
    if (fault != null && fault.kind() == Fault.DiskKind.HANG) {
      waiting.add(request);
    } else if (fault != null && fault.kind() == Fault.DiskKind.SLOW) {
      world.later(fault.delayMs(), () -> serve(request, null));
    } else {
      serve(request, fault == null ? null : fault.kind());
    }
  }

  private Fault.Disk faultFor(SimProcess caller) {
    Fault.Disk own = faultOfHost[caller.host().index];
    return own != null ? own : faultForAll;
  }

  private void serve(Request request, Fault.DiskKind fault) {
    if (fault == Fault.DiskKind.FAIL) {
      fail(request, "input/output error");
    } else if (request.wanted() instanceof Effect.ReadBlocks read) {
      read(request, read, fault == Fault.DiskKind.STALE ? stale : blocks);
    } else if (request.wanted() instanceof Effect.WriteBlock write) {
      Writer writer =
          new Writer(request.caller().endpoint(), request.life(), world.trace().steps());
      write(request, write, writer, fault);
    } else if (request.wanted() instanceof Effect.WriteCopy write) {
      writeCopy(request, write, fault);
    } else if (request.wanted() instanceof Effect.WriteRedo write) {
      writeRedo(request, write, fault);
    } else if (request.wanted() instanceof Effect.ReadRedo read) {
      answer(request, redo.read(read));
    } else if (request.wanted() instanceof Effect.ReleaseRedo release) {
      redo.release(release);
    } else if (request.wanted() instanceof Effect.SaveImage) {
      saveImage(request, fault);
    } else if (request.wanted() instanceof Effect.LoadImage) {
      loadImage(request);
    } else if (request.wanted() instanceof Effect.Fence fence) {
      fences.merge(fence.victim(), fence.incarnation(), Math::max);
      answer(
          request, new Event.Fenced(request.number(), path, fence.victim(), fence.incarnation()));
    }
  }

  private void read(Request request, Effect.ReadBlocks read, Block[] from) {
    if (read.first() < 0 || read.count() < 0 || read.first() + read.count() > blockCount) {
      fail(request, "block " + (read.first() + read.count() - 1) + " is beyond the end");
      return;
    }
    Block[] content = new Block[read.count()];
    for (int i = 0; i < content.length; i++) {
      int number = read.first() + i;
      content[i] = number < from.length ? from[number] : Block.EMPTY;
    }
    List<Block> seen = List.of(content);
    answer(request, new Event.BlocksRead(request.number(), path, read.first(), seen));
  }

  /** Something newer stays, and is the answer. */
  private void writeCopy(Request request, Effect.WriteCopy write, Fault.DiskKind fault) {
    Block there = block(write.block());
    if (fault != Fault.DiskKind.FULL
        && there.writer() != null
        && (write.writer() == null || there.writer().compareTo(write.writer()) > 0)) {
      answer(request, new Event.BlocksRead(request.number(), path, write.block(), List.of(there)));
      return;
    }
    write(
        request,
        new Effect.WriteBlock(write.request(), path, write.block(), write.payload()),
        write.writer(),
        fault);
  }

  private void write(
      Request request, Effect.WriteBlock write, Writer writer, Fault.DiskKind fault) {
    int number = write.block();
    if (number < 0 || number >= blockCount) {
      fail(request, "block " + number + " is beyond the end");
    } else if (fault == Fault.DiskKind.FULL) {
      fail(request, "no space left on device");
    } else if (request.life() <= fencedLife(request.caller().endpoint())) {
      fail(request, "fenced");
    } else {
      grow(number);
      Block written =
          write.payload() == null
              ? Block.EMPTY
              : world.framed(number, writer, write.payload(), damage(fault));
      blocks[number] = copy && written.damage() == null ? written.by(writer) : written;
      answer(request, new Event.BlockWritten(request.number(), path, number));
    }
  }

  /** Of a request whose caller died meanwhile only a part may have arrived. */
  private void writeRedo(Request request, Effect.WriteRedo write, Fault.DiskKind fault) {
    if (fault == Fault.DiskKind.FULL) {
      fail(request, "no space left on device");
      return;
    }
    if (request.life() <= fencedLife(request.caller().endpoint())) {
      fail(request, "fenced");
      return;
    }
    SimProcess caller = request.caller();
    boolean lives = caller.running() && caller.incarnation() == request.life();
    int count = lives ? write.pkgs().size() : rng.below(write.pkgs().size() + 1);
    for (RlogPkg pkg : write.pkgs().subList(0, count)) {
      if (redo.append(write.thread(), pkg)) {
        grantedOnce(write.thread(), pkg.getLsn());
      }
    }
    answer(request, new Event.RedoWritten(request.number(), path, write.thread()));
  }

  private void grantedOnce(int thread, long lsn) {
    Integer other = granted.put(lsn, thread);
    if (other != null && other != thread) {
      throw new World.Violation(
          "an LSN is granted once: " + lsn + " is in thread " + other + " as well");
    }
  }

  private void saveImage(Request request, Fault.DiskKind fault) {
    SimProcess caller = request.caller();
    if (fault == Fault.DiskKind.FULL) {
      fail(request, "no space left on device");
    } else if (request.life() <= fencedLife(caller.endpoint())) {
      fail(request, "fenced");
    } else if (caller.running() && caller.incarnation() == request.life()) {
      image = caller.engine().content();
      long lsn = caller.engine().lsn();
      answer(request, new Event.ImageSaved(request.number(), lsn));
    }
  }

  private void loadImage(Request request) {
    SimProcess caller = request.caller();
    if (image == null) {
      fail(request, "no image");
    } else if (caller.running() && caller.incarnation() == request.life()) {
      caller.engine().load(image);
      answer(request, new Event.ImageLoaded(request.number(), caller.engine().lsn()));
    }
  }

  private static Fault.DiskKind damage(Fault.DiskKind fault) {
    boolean damages = fault == Fault.DiskKind.TORN || fault == Fault.DiskKind.FLIPPED;
    return damages ? fault : null;
  }

  private void fail(Request request, String reason) {
    answer(request, new Event.DiskFailed(request.number(), path, reason));
  }

  private void answer(Request request, Event outcome) {
    SimProcess caller = request.caller();
    SimNets nets = world.nets();
    if (nets.swallows(SimNets.STORAGE, world.store(), caller.host(), rng)) {
      return;
    }
    long way = wayMs() + nets.delayMs(SimNets.STORAGE, world.store(), caller.host());
    long at = Math.max(lastAnswerMs[caller.index()], world.nowMs() + way);
    lastAnswerMs[caller.index()] = at;
    world.at(at, () -> caller.deliver(request.life(), outcome));
  }

  /** The disk daemon is gone: whoever waited for it is told. */
  void daemonEnded() {
    List<Request> lost = new ArrayList<>(waiting);
    waiting.clear();
    lost.forEach(request -> fail(request, "connection to the disk daemon lost"));
  }

  void inject(Fault.Disk fault, SimHost host) {
    Fault.Disk kept = fault.kind() == Fault.DiskKind.OK ? null : fault;
    if (fault.kind() == Fault.DiskKind.STALE) {
      stale = blocks.clone();
    }
    if (host != null) {
      faultOfHost[host.index] = kept;
    } else {
      faultForAll = kept;
      Arrays.fill(faultOfHost, null);
    }
    drain();
  }
}
