package halab.bricks;

import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Blocks on several disks, read and written by majority, between a role and its disks: requests of
 * the role go in, one request per disk comes out; the disks' answers go in, one answer for the role
 * comes out. No clock, no IO; one object serves one life of one process.
 *
 * <p>A write is done when more than half of the disks have it. It carries a counter above all that
 * this life has seen of the block; a disk that holds something newer says so, and the write goes
 * out again above that. A read is answered when more than half of the disks hold the same newest
 * content: where they do not yet, it is written to those behind first. So whatever was read is
 * never unread, as with a single disk. Disks that are behind or damaged, also in blocks that nobody
 * has ever written, are brought up to date by every look. Answers are not waited for beyond that,
 * so a minority of disks may hang; when a majority is silent no answer comes, and when a majority
 * fails the request fails.
 *
 * <p>Writers of one block take turns; with several at once the last one wins, as on one disk.
 */
public final class Mirror {
  /** A disk with a request unanswered for this long is not waited for, and counts as failed. */
  public static final long SILENT_MS = 3000;

  private static final long LOOK_EVERY_MS = 1000;

  public static final String OK = "OK";
  public static final String FAILED = "FAILED";
  public static final String UNKNOWN = "UNKNOWN";

  /** What the role takes for a disk of its own: blocks of every copy, from {@code first} on. */
  public record Part(String path, int first, int blocks) {}

  /** What has to be asked of disks, and what the role is told. */
  public record Turn(List<Effect> asks, List<Event> told) {
    private Turn() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private final Endpoint self;
  private final long incarnation;
  private final int majority;
  private final List<MirrorDisk> disks;
  private final List<Part> parts;
  private final Map<Long, Request> open = new LinkedHashMap<>();

  /** By block, the highest counter that this life has seen of it. */
  private long[] highest = new long[0];

  private final Map<Integer, Write> lastWrite = new LinkedHashMap<>();
  private SortedMap<String, String> judged = new TreeMap<>();
  private long lastRequest;
  private long lastLookMs = Long.MIN_VALUE / 2;

  /**
   * @param disks paths of the disks, 1, 3 or 5
   * @param parts what they hold, not overlapping
   */
  public Mirror(Endpoint self, long incarnation, List<String> disks, List<Part> parts) {
    this(self, incarnation, disks, parts, disks.size() / 2 + 1);
  }

  /** {@code majority}: other than more than half only in canaries. */
  Mirror(Endpoint self, long life, List<String> disks, List<Part> parts, int majority) {
    this.self = self;
    this.incarnation = life;
    this.majority = majority;
    this.parts = List.copyOf(parts);
    this.disks = disks.stream().map(MirrorDisk::new).toList();
  }

  /** Whether the role means a part of the mirror by this path. */
  public boolean holds(String path) {
    return part(path) != null;
  }

  /** Whether this is one of the disks, whose answers belong here. */
  public boolean has(String disk) {
    for (int i = 0; i < disks.size(); i++) {
      if (disks.get(i).path.equals(disk)) {
        return true;
      }
    }
    return false;
  }

  private Part part(String path) {
    for (Part part : parts) {
      if (part.path().equals(path)) {
        return part;
      }
    }
    return null;
  }

  // ---- what the role asks -----------------------------------------------------------------------

  /** The disk, or part, that an effect is about; null: none. */
  public static String diskOf(Effect effect) {
    if (effect instanceof Effect.ReadBlocks read) {
      return read.disk();
    }
    if (effect instanceof Effect.WriteBlock write) {
      return write.disk();
    }
    return effect instanceof Effect.WriteCopy copy ? copy.disk() : null;
  }

  /** The number of a request to a disk. */
  public static long requestOf(Effect ask) {
    return ask instanceof Effect.ReadBlocks read
        ? read.request()
        : ((Effect.WriteCopy) ask).request();
  }

  /** The disk that an event comes from; null: none. */
  public static String diskOf(Event event) {
    if (event instanceof Event.BlocksRead read) {
      return read.disk();
    }
    if (event instanceof Event.BlockWritten written) {
      return written.disk();
    }
    return event instanceof Event.DiskFailed failed ? failed.disk() : null;
  }

  /** Takes a read or a write of a part. */
  public Turn asked(Effect effect, long nowMs) {
    return effect instanceof Effect.ReadBlocks read
        ? read(read, nowMs)
        : write((Effect.WriteBlock) effect, nowMs);
  }

  private Turn read(Effect.ReadBlocks wanted, long nowMs) {
    Turn turn = new Turn();
    Part part = part(wanted.disk());
    if (wanted.first() < 0 || wanted.count() < 0 || wanted.first() + wanted.count() > part.blocks) {
      turn.told.add(new Event.DiskFailed(wanted.request(), wanted.disk(), "beyond the end"));
      return turn;
    }
    begin(new Read(wanted, part.first + wanted.first(), wanted.count()), nowMs, turn);
    lookAfterDoubted(nowMs, turn);
    return judge(nowMs, turn);
  }

  private Turn write(Effect.WriteBlock wanted, long nowMs) {
    Turn turn = new Turn();
    Part part = part(wanted.disk());
    if (wanted.block() < 0 || wanted.block() >= part.blocks) {
      turn.told.add(new Event.DiskFailed(wanted.request(), wanted.disk(), "beyond the end"));
      return turn;
    }
    begin(new Write(wanted, part.first + wanted.block()), nowMs, turn);
    return judge(nowMs, turn);
  }

  private void begin(Read read, long nowMs, Turn turn) {
    for (MirrorDisk disk : disks) {
      if (read.wanted != null || !disk.silent(nowMs)) {
        long number = ask(new Request(disk, read, null, null), nowMs);
        turn.asks.add(new Effect.ReadBlocks(number, disk.path, read.first, read.count));
      }
    }
  }

  private void begin(Write write, long nowMs, Turn turn) {
    saw(write.block, highest(write.block) + 1);
    Writer writer = new Writer(self, incarnation, highest[write.block]);
    write.tried = writer;
    write.accepted = 0;
    write.failed = 0;
    lastWrite.put(write.block, write);
    Block content = Block.of(write.wanted.payload()).by(writer);
    for (MirrorDisk disk : disks) {
      copy(new Request(disk, null, new Try(write), null), write.block, content, nowMs, turn);
    }
  }

  private void copy(Request request, int block, Block content, long nowMs, Turn turn) {
    long number = ask(request, nowMs);
    String disk = request.disk.path;
    turn.asks.add(new Effect.WriteCopy(number, disk, block, content.payload(), content.writer()));
  }

  private long ask(Request request, long nowMs) {
    long number = ++lastRequest;
    open.put(number, request);
    request.disk.unanswered.put(number, nowMs);
    return number;
  }

  /** Disks that failed are looked at as a whole: what they missed is written to them. */
  private void lookAfterDoubted(long nowMs, Turn turn) {
    boolean due = nowMs - lastLookMs >= LOOK_EVERY_MS;
    if (due && disks.stream().anyMatch(d -> d.doubted && !d.silent(nowMs))) {
      lastLookMs = nowMs;
      disks.forEach(d -> d.cleanParts = 0);
      parts.forEach(part -> begin(new Read(null, part.first, part.blocks), nowMs, turn));
    }
  }

  // ---- what disks answer ------------------------------------------------------------------------

  /** Takes the answer of a disk to what was asked of it. */
  public Turn answered(Event answer, long nowMs) {
    Turn turn = new Turn();
    if (answer instanceof Event.BlocksRead read) {
      Request request = close(read.request(), nowMs);
      if (request != null && request.read != null) {
        copies(request.disk, request.read, read.blocks(), nowMs, turn);
      } else if (request != null) {
        refused(request, read.blocks().get(0).writer(), read.first(), nowMs, turn);
      }
    } else if (answer instanceof Event.BlockWritten written) {
      Request request = close(written.request(), nowMs);
      if (request != null) {
        accepted(request, turn);
      }
    } else if (answer instanceof Event.DiskFailed failed) {
      Request request = close(failed.request(), nowMs);
      if (request != null) {
        failed(request, failed.reason(), nowMs, turn);
      }
    }
    return judge(nowMs, turn);
  }

  private Request close(long number, long nowMs) {
    Request request = open.remove(number);
    if (request != null) {
      request.disk.doubted |= request.disk.silent(nowMs);
      request.disk.heard = true;
      request.disk.unanswered.remove(number);
    }
    return request;
  }

  private void accepted(Request request, Turn turn) {
    if (request.heal != null) {
      Heal heal = request.heal;
      Writer writer = heal.read.newest[heal.index].writer();
      if (writer != null) {
        heal.disk.healed(heal.read.first + heal.index, writer, lastRequest);
      }
      heal.held(turn);
    } else if (request.attempt.current() && ++request.attempt.write.accepted == majority) {
      request.attempt.write.tell(null, turn);
    }
  }

  /** Something newer stands there. */
  private void refused(Request request, Writer newer, int block, long nowMs, Turn turn) {
    saw(block, newer.counter());
    if (request.heal != null) {
      request.heal.held(turn);
      return;
    }
    Write write = request.attempt.write;
    if (!request.attempt.current() || write.told) {
      return;
    }
    if (lastWrite.get(block) == write) {
      begin(write, nowMs, turn);
    } else {
      // A later write of this life is under way or done, above this one.
      lastWrite.get(block).carry(write, turn);
    }
  }

  private void failed(Request request, String reason, long nowMs, Turn turn) {
    request.disk.doubted = true;
    if (request.read != null) {
      request.read.failed++;
      request.read.reason = reason;
      decide(request.read, nowMs, turn);
    } else if (request.attempt != null && request.attempt.current()) {
      if (++request.attempt.write.failed > disks.size() - majority) {
        request.attempt.write.tell(reason, turn);
      }
    }
  }

  private long highest(int block) {
    return block < highest.length ? highest[block] : 0;
  }

  private void saw(int block, long counter) {
    if (block >= highest.length) {
      highest = Arrays.copyOf(highest, block + 64);
    }
    highest[block] = Math.max(highest[block], counter);
  }

  private void copies(MirrorDisk disk, Read read, List<Block> blocks, long nowMs, Turn turn) {
    read.copies.put(disk, blocks);
    for (int i = 0; i < blocks.size(); i++) {
      Writer writer = blocks.get(i).writer();
      if (writer != null) {
        saw(read.first + i, writer.counter());
      }
    }
    if (read.decided()) {
      compare(disk, read, nowMs, turn);
      read.tellIfSettled(turn);
    } else {
      decide(read, nowMs, turn);
    }
  }

  /** Decides once what stands in every block, as soon as that can be known. */
  private void decide(Read read, long nowMs, Turn turn) {
    if (read.failed > disks.size() - majority) {
      read.fail(turn);
      return;
    }
    if (read.decided() || read.copies.size() < majority) {
      return;
    }
    Block[] newest = new Block[read.count];
    for (int i = 0; i < read.count; i++) {
      newest[i] = newest(read.copiesOf(i), majority);
      if (newest[i].damage() != null && moreToCome(read, nowMs)) {
        return;
      }
    }
    read.newest = newest;
    for (MirrorDisk disk : disks) {
      if (read.copies.containsKey(disk)) {
        compare(disk, read, nowMs, turn);
      }
    }
    read.tellIfSettled(turn);
  }

  /** A disk that has not answered this read yet may still do so. */
  private boolean moreToCome(Read read, long nowMs) {
    for (MirrorDisk disk : disks) {
      boolean answers = !read.copies.containsKey(disk) && !disk.silent(nowMs);
      if (answers && disk.unanswered.keySet().stream().anyMatch(n -> open.get(n).read == read)) {
        return true;
      }
    }
    return false;
  }

  /** The newest sound copy of a block; damage where fewer than a majority of copies are sound. */
  public static Block newest(List<Block> copies, int majority) {
    Block newest = Block.EMPTY;
    String damage = null;
    int sound = 0;
    for (Block copy : copies) {
      if (copy.damage() != null) {
        damage = copy.damage();
      } else {
        sound++;
        newest = behind(newest, copy) ? copy : newest;
      }
    }
    return sound < majority ? Block.damaged(damage) : newest;
  }

  private static boolean behind(Block copy, Block newest) {
    if (copy.damage() != null) {
      return newest.damage() == null;
    }
    return newest.writer() != null
        && (copy.writer() == null || copy.writer().compareTo(newest.writer()) < 0);
  }

  /** One disk's copies against what was decided: heal what is behind, count what is not. */
  private void compare(MirrorDisk disk, Read read, long nowMs, Turn turn) {
    boolean clean = true;
    List<Block> copies = read.copies.get(disk);
    for (int i = 0; i < read.count; i++) {
      Block copy = copies.get(i);
      int block = read.first + i;
      if (copy.damage() != null || disk.missed(block, copy.writer(), read.order)) {
        disk.doubted = true;
      }
      if (!behind(copy, read.newest[i])) {
        clean &= copy.damage() == null;
        disk.whole(block);
        read.held[i]++;
        continue;
      }
      clean = false;
      Block newest = read.newest[i];
      if (newest.damage() == null) {
        Heal heal = new Heal(disk, read, i);
        copy(new Request(disk, null, null, heal), block, newest, nowMs, turn);
      }
    }
    if (read.wanted == null && clean && ++disk.cleanParts == parts.size()) {
      disk.doubted = false;
    }
  }

  /** Tells the role when a disk's state has changed. */
  private Turn judge(long nowMs, Turn turn) {
    boolean changed = false;
    for (MirrorDisk disk : disks) {
      changed |= !disk.state(nowMs).equals(judged.get(disk.path));
    }
    if (changed) {
      judged = new TreeMap<>();
      disks.forEach(d -> judged.put(d.path, d.state(nowMs)));
      turn.told.add(new Event.DisksJudged(judged));
    }
    return turn;
  }

  // ---- what is under way ------------------------------------------------------------------------

  /** One request to one disk: for a read, a write or to heal one block; one of the three is set. */
  private record Request(MirrorDisk disk, Read read, Try attempt, Heal heal) {}

  private final class Read {
    /** Null for a look of the mirror's own. */
    final Effect.ReadBlocks wanted;

    /** Number of the last request before it. */
    final long order = lastRequest;

    final int first;
    final int count;
    final Map<MirrorDisk, List<Block>> copies = new TreeMap<>();

    /** Per block, how many disks hold the newest content. */
    final int[] held;

    Block[] newest;
    int failed;
    String reason;
    boolean told;

    Read(Effect.ReadBlocks wanted, int first, int count) {
      this.wanted = wanted;
      this.first = first;
      this.count = count;
      this.held = new int[count];
      this.told = wanted == null;
    }

    boolean decided() {
      return newest != null;
    }

    List<Block> copiesOf(int index) {
      List<Block> all = new ArrayList<>(copies.size());
      for (List<Block> blocks : copies.values()) {
        all.add(blocks.get(index));
      }
      return all;
    }

    void fail(Turn turn) {
      if (!told) {
        told = true;
        turn.told.add(new Event.DiskFailed(wanted.request(), wanted.disk(), reason));
      }
    }

    void tellIfSettled(Turn turn) {
      for (int i = 0; i < count && !told; i++) {
        if (newest[i].writer() != null && held[i] < majority) {
          return;
        }
      }
      if (!told) {
        told = true;
        Block[] plain = new Block[count];
        for (int i = 0; i < count; i++) {
          plain[i] = newest[i].by(null);
        }
        List<Block> blocks = List.of(plain);
        turn.told.add(
            new Event.BlocksRead(wanted.request(), wanted.disk(), wanted.first(), blocks));
      }
    }
  }

  /** One block of one disk brought up to what a read found. */
  private record Heal(MirrorDisk disk, Read read, int index) {
    void held(Turn turn) {
      read.held[index]++;
      read.tellIfSettled(turn);
    }
  }

  private static final class Write {
    final Effect.WriteBlock wanted;
    final int block;
    final List<Write> carried = new ArrayList<>();
    Writer tried;
    int accepted;
    int failed;
    boolean told;
    String reason;

    Write(Effect.WriteBlock wanted, int block) {
      this.wanted = wanted;
      this.block = block;
    }

    /** An earlier write of the same block ends as this one does, which overwrites it. */
    void carry(Write earlier, Turn turn) {
      if (told) {
        earlier.tell(reason, turn);
      } else {
        carried.add(earlier);
      }
    }

    void tell(String failure, Turn turn) {
      if (told) {
        return;
      }
      told = true;
      reason = failure;
      turn.told.add(
          failure == null
              ? new Event.BlockWritten(wanted.request(), wanted.disk(), wanted.block())
              : new Event.DiskFailed(wanted.request(), wanted.disk(), failure));
      carried.forEach(earlier -> earlier.tell(failure, turn));
    }
  }

  /** A write under one of its counters; answers to an earlier one count no more. */
  private record Try(Write write, Writer writer) {
    Try(Write write) {
      this(write, write.tried);
    }

    boolean current() {
      return writer.equals(write.tried);
    }
  }
}
