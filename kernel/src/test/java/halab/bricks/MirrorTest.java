package halab.bricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Int64Value;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Majority reads and writes, one by one and under random loss and return of disks. */
class MirrorTest {
  private static final List<String> DISKS = List.of("/a", "/b", "/c");
  private static final List<Mirror.Part> PARTS =
      List.of(new Mirror.Part("/v", 8, 4), new Mirror.Part("/d", 16, 4));

  /** Copies in memory; a request waits until it is served or failed. */
  private static final class Paper {
    final Map<String, Map<Integer, Block>> content = new TreeMap<>();

    Block at(String disk, int block) {
      return content.computeIfAbsent(disk, d -> new TreeMap<>()).getOrDefault(block, Block.EMPTY);
    }

    Event serve(Effect ask) {
      if (ask instanceof Effect.ReadBlocks read) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < read.count(); i++) {
          blocks.add(at(read.disk(), read.first() + i));
        }
        return new Event.BlocksRead(read.request(), read.disk(), read.first(), blocks);
      }
      Effect.WriteCopy copy = (Effect.WriteCopy) ask;
      Block there = at(copy.disk(), copy.block());
      if (there.writer() != null
          && (copy.writer() == null || there.writer().compareTo(copy.writer()) > 0)) {
        return new Event.BlocksRead(copy.request(), copy.disk(), copy.block(), List.of(there));
      }
      content.get(copy.disk()).put(copy.block(), Block.of(copy.payload()).by(copy.writer()));
      return new Event.BlockWritten(copy.request(), copy.disk(), copy.block());
    }
  }

  /** One process at the mirror: its requests wait per disk. */
  private static final class Seat {
    final Mirror mirror;
    final Map<String, Deque<Effect>> waiting = new TreeMap<>();
    final List<Event> told = new ArrayList<>();
    long nowMs;
    long next;

    Seat(Mirror mirror) {
      this.mirror = mirror;
      DISKS.forEach(d -> waiting.put(d, new ArrayDeque<>()));
    }

    Seat(String host) {
      this(new Mirror(new Endpoint(host, "toy"), 1, DISKS, PARTS));
    }

    long write(int block, long value) {
      take(mirror.asked(new Effect.WriteBlock(++next, "/v", block, Int64Value.of(value)), nowMs));
      return next;
    }

    long read(int count) {
      take(mirror.asked(new Effect.ReadBlocks(++next, "/v", 0, count), nowMs));
      return next;
    }

    void take(Mirror.Turn turn) {
      turn.asks().forEach(ask -> waiting.get(Mirror.diskOf(ask)).add(ask));
      told.addAll(turn.told());
    }

    boolean serveOne(String disk, Paper paper) {
      Effect ask = waiting.get(disk).poll();
      if (ask != null) {
        take(mirror.answered(paper.serve(ask), nowMs));
      }
      return ask != null;
    }

    void serve(String disk, Paper paper) {
      while (serveOne(disk, paper)) {
        continue;
      }
    }

    void serveAll(Paper paper) {
      for (int round = 0; round < 5; round++) {
        DISKS.forEach(disk -> serve(disk, paper));
      }
    }

    void fail(String disk) {
      Effect ask;
      while ((ask = waiting.get(disk).poll()) != null) {
        take(
            mirror.answered(
                new Event.DiskFailed(Mirror.requestOf(ask), disk, "input/output error"), nowMs));
      }
    }

    Event answer(long request) {
      return told.stream()
          .filter(
              e ->
                  e instanceof Event.BlocksRead r && r.request() == request
                      || e instanceof Event.BlockWritten w && w.request() == request
                      || e instanceof Event.DiskFailed f && f.request() == request)
          .findFirst()
          .orElse(null);
    }

    Long value(long request, int at) {
      Int64Value value = ((Event.BlocksRead) answer(request)).blocks().get(at).as(Int64Value.class);
      return value == null ? null : value.getValue();
    }

    String state(String disk) {
      return told.stream()
          .filter(Event.DisksJudged.class::isInstance)
          .reduce((a, b) -> b)
          .map(e -> ((Event.DisksJudged) e).disks().get(disk))
          .orElse(Mirror.UNKNOWN);
    }
  }

  private final Paper paper = new Paper();
  private final Seat seat = new Seat("n1");

  @Test
  void aWriteIsDoneWhenAMajorityHasIt() {
    long write = seat.write(1, 7);
    seat.serve("/a", paper);
    assertThat(seat.answer(write)).isNull();
    seat.serve("/c", paper);
    assertThat(seat.answer(write)).isEqualTo(new Event.BlockWritten(write, "/v", 1));
    assertThat(paper.at("/c", 9).as(Int64Value.class)).isEqualTo(Int64Value.of(7));
    assertThat(paper.at("/b", 9)).isEqualTo(Block.EMPTY);
  }

  @Test
  void aReadFindsWhatAMajorityHasAndWritesItToThoseBehind() {
    seat.write(1, 7);
    seat.serve("/a", paper);
    seat.serve("/b", paper);
    Seat other = new Seat("n2");
    long read = other.read(2);
    other.serveOne("/c", paper);
    other.serveOne("/a", paper);
    assertThat(other.answer(read)).as("only one of three has it for sure").isNull();
    other.serve("/c", paper);
    assertThat(other.value(read, 1)).isEqualTo(7);
    assertThat(other.value(read, 0)).isNull();
    assertThat(paper.at("/c", 9)).isEqualTo(paper.at("/a", 9));
  }

  @Test
  void aMinorityThatFailsOrHangsIsNotWaitedFor() {
    long write = seat.write(0, 1);
    seat.fail("/b");
    seat.serve("/a", paper);
    seat.serve("/c", paper);
    assertThat(seat.answer(write)).isInstanceOf(Event.BlockWritten.class);
    long read = seat.read(1);
    seat.serve("/a", paper);
    seat.serve("/c", paper);
    assertThat(seat.value(read, 0)).isEqualTo(1);
    assertThat(seat.state("/b")).isEqualTo(Mirror.FAILED);
    assertThat(seat.state("/a")).isEqualTo(Mirror.OK);
  }

  @Test
  void aMajorityThatFailsFailsTheRequestAndOneThatHangsSaysNothing() {
    long write = seat.write(0, 1);
    long read = seat.read(1);
    seat.fail("/a");
    seat.serve("/b", paper);
    assertThat(seat.answer(write)).isNull();
    assertThat(seat.answer(read)).isNull();
    seat.fail("/c");
    assertThat(seat.answer(write))
        .isEqualTo(new Event.DiskFailed(write, "/v", "input/output error"));
    assertThat(seat.answer(read)).isEqualTo(new Event.DiskFailed(read, "/v", "input/output error"));
  }

  @Test
  void aNewLifeWritesAboveWhatItHasNeverSeen() {
    seat.write(0, 1);
    seat.write(0, 2);
    seat.serveAll(paper);
    Seat other = new Seat("n2");
    long write = other.write(0, 3);
    other.serveAll(paper);
    assertThat(other.answer(write)).isInstanceOf(Event.BlockWritten.class);
    long read = seat.read(1);
    seat.serveAll(paper);
    assertThat(seat.value(read, 0)).isEqualTo(3);
  }

  @Test
  void ofTwoWritesOfOneLifeTheLaterStaysWhateverStoodThere() {
    Seat other = new Seat("n2");
    for (int i = 0; i < 5; i++) {
      other.write(0, 90 + i);
    }
    other.serve("/a", paper);
    long first = seat.write(0, 1);
    long second = seat.write(0, 2);
    seat.serveAll(paper);
    assertThat(seat.answer(first)).isInstanceOf(Event.BlockWritten.class);
    assertThat(seat.answer(second)).isInstanceOf(Event.BlockWritten.class);
    long read = seat.read(1);
    seat.serveAll(paper);
    assertThat(seat.value(read, 0)).isEqualTo(2);
  }

  @Test
  void damageOnOneDiskIsHealedAndOnTwoIsTold() {
    seat.write(0, 5);
    seat.serveAll(paper);
    paper.content.get("/a").put(8, Block.damaged("checksum wrong"));
    long read = seat.read(1);
    seat.serveAll(paper);
    assertThat(seat.value(read, 0)).isEqualTo(5);
    assertThat(paper.at("/a", 8).damage()).isNull();
    paper.content.get("/a").put(8, Block.damaged("checksum wrong"));
    paper.content.get("/b").put(8, Block.damaged("checksum wrong"));
    long again = seat.read(1);
    seat.serveAll(paper);
    assertThat(((Event.BlocksRead) seat.answer(again)).blocks().get(0).damage())
        .isEqualTo("checksum wrong");
  }

  @Test
  void damageWhereNobodyEverWroteIsEmptiedAndTheDiskIsOkAgain() {
    seat.write(0, 5);
    seat.serveAll(paper);
    paper.content.get("/a").put(10, Block.damaged("checksum wrong"));
    long read = seat.read(4);
    seat.serveAll(paper);
    assertThat(seat.value(read, 2)).isNull();
    assertThat(seat.state("/a")).isEqualTo(Mirror.FAILED);
    assertThat(paper.at("/a", 10)).isEqualTo(Block.EMPTY);
    for (int s = 0; s < 3; s++) {
      seat.nowMs += 1000;
      seat.read(1);
      seat.serveAll(paper);
    }
    assertThat(seat.state("/a")).isEqualTo(Mirror.OK);
  }

  @Test
  void whatWasWrittenMeanwhileIsNotEmptied() {
    seat.write(0, 5);
    seat.serveAll(paper);
    paper.content.get("/a").put(10, Block.damaged("checksum wrong"));
    seat.read(4);
    DISKS.forEach(disk -> seat.serveOne(disk, paper));
    Seat other = new Seat("n2");
    other.write(2, 6);
    other.serveAll(paper);
    seat.serveAll(paper);
    assertThat(paper.at("/a", 10).as(Int64Value.class)).isEqualTo(Int64Value.of(6));
  }

  @Test
  void aDiskThatReturnsIsBroughtUpToDateAsAWholeAndIsOkThen() {
    seat.take(seat.mirror.asked(new Effect.WriteBlock(900, "/d", 2, Int64Value.of(4)), seat.nowMs));
    seat.fail("/b");
    seat.serveAll(paper);
    assertThat(seat.state("/b")).isEqualTo(Mirror.FAILED);
    for (int s = 0; s < 4; s++) {
      seat.nowMs += 1000;
      seat.read(1);
      seat.serveAll(paper);
    }
    assertThat(seat.state("/b")).isEqualTo(Mirror.OK);
    assertThat(paper.at("/b", 18)).as("never read by the role").isEqualTo(paper.at("/a", 18));
  }

  @Test
  void silenceIsFailureAndItsEndIsNot() {
    seat.read(1);
    seat.serve("/a", paper);
    seat.serve("/b", paper);
    assertThat(seat.state("/c")).isEqualTo(Mirror.UNKNOWN);
    seat.nowMs = Mirror.SILENT_MS;
    seat.read(1);
    assertThat(seat.state("/c")).isEqualTo(Mirror.FAILED);
    for (int s = 0; s < 3; s++) {
      seat.serveAll(paper);
      seat.nowMs += 1000;
      seat.read(1);
    }
    seat.serveAll(paper);
    assertThat(seat.state("/c")).isEqualTo(Mirror.OK);
  }

  @Test
  void oneRegisterIsLinearizableUnderLossAndReturnOfDisks() {
    for (long seed = 1; seed <= 2000; seed++) {
      assertThat(play(seed, 2)).as("seed %d", seed).isNull();
    }
  }

  @Test
  void withoutAMajorityThisTestWouldNoticeIt() {
    long caught = 0;
    for (long seed = 1; seed <= 200; seed++) {
      caught += play(seed, 1) == null ? 0 : 1;
    }
    assertThat(caught).isGreaterThan(20);
  }

  /**
   * One writes rising values into a block, two read it; at any time one disk at most hangs or
   * fails. With one writer, linearizable means: a read that begins after a write or another read
   * has ended is never older than that, and nothing is read that was not yet being written.
   *
   * @return what is wrong, or null
   */
  private static String play(long seed, int majority) {
    Rng rng = new Rng(seed);
    Paper paper = new Paper();
    List<Seat> seats = new ArrayList<>();
    for (String host : List.of("w", "r1", "r2")) {
      seats.add(new Seat(new Mirror(new Endpoint(host, "toy"), 1, DISKS, PARTS, majority)));
    }
    long begun = 0;
    long ended = 0;
    long[] asked = new long[3];
    long[] floor = new long[3];
    String lost = null;
    boolean fails = false;
    for (int step = 0; step < 300; step++) {
      if (rng.chance(30)) {
        lost = rng.chance(400) ? null : DISKS.get(rng.below(3));
        fails = rng.chance(500);
      }
      int who = rng.below(3);
      Seat seat = seats.get(who);
      if (asked[who] == 0) {
        floor[who] = ended;
        asked[who] = who == 0 ? seat.write(0, ++begun) : seat.read(1);
      }
      String disk = DISKS.get(rng.below(3));
      if (!disk.equals(lost)) {
        seat.serveOne(disk, paper);
      } else if (fails) {
        seat.fail(disk);
      }
      Event answer = seat.answer(asked[who]);
      if (answer instanceof Event.DiskFailed) {
        asked[who] = 0; // a write that failed may be seen later, or never
        continue;
      }
      if (answer != null && who == 0) {
        ended = Math.max(ended, begun);
      } else if (answer != null) {
        Long found = seat.value(asked[who], 0);
        long value = found == null ? 0 : found;
        if (value < floor[who] || value > begun) {
          return "read " + value + ", at least " + floor[who] + ", at most " + begun;
        }
        ended = Math.max(ended, value);
      }
      asked[who] = answer == null ? asked[who] : 0;
    }
    return null;
  }
}
