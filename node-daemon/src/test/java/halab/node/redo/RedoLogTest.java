package halab.node.redo;

import static halab.node.redo.Logs.OWNER;
import static halab.node.redo.Logs.SMALL;
import static halab.node.redo.Logs.append;
import static halab.node.redo.Logs.formatted;
import static halab.node.redo.Logs.get;
import static halab.node.redo.Logs.lsns;
import static halab.node.redo.Logs.redo;
import static halab.node.redo.Logs.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.runtime.disk.FencedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RedoLogTest {
  /** Frees what is needed as soon as it is needed. */
  private static final class Releasing implements RedoAlarms {
    RedoWriter writer;
    final List<String> heard = new ArrayList<>();

    @Override
    public synchronized void full(long neededLsn) {
      heard.add("full " + neededLsn);
      writer.releaseUpTo(neededLsn);
    }
  }

  @Test
  void whatWasAppendedIsReadInOrder() throws IOException {
    MemoryDevice device = formatted(SMALL);
    assertThat(RedoReader.open(device).startLsn()).isZero();
    try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
      get(writer.append(new RedoPackage(1, 10, new byte[] {1, 2, 3})));
      get(writer.append(new RedoPackage(20, 20, new byte[0])));
      assertThat(writer.durableLsn()).isEqualTo(20);
    }
    RedoReader reader = RedoReader.open(device, OWNER);
    assertThat(reader.owner()).isEqualTo(OWNER);
    assertThat(reader.shape()).isEqualTo(SMALL);
    assertThat(reader.lastLsn()).isEqualTo(20);
    assertThat(reader.cut()).isNull();
    RedoCursor cursor = reader.packages(1);
    assertThat(cursor.next().payload()).containsExactly(1, 2, 3);
    assertThat(cursor.next().firstLsn()).isEqualTo(20);
    assertThat(cursor.next()).isNull();
    assertThat(reader.packages(10).next().lastLsn()).isEqualTo(10);
    assertThat(reader.packages(11).next().lastLsn()).isEqualTo(20);
    assertThat(reader.packages(21).next()).isNull();
  }

  @Test
  void segmentsAreReusedAndTheOldestLsnsGo() throws IOException {
    MemoryDevice device = formatted(SMALL);
    Releasing alarms = new Releasing();
    try (RedoWriter writer = start(device, alarms)) {
      alarms.writer = writer;
      for (long lsn = 1; lsn <= 100; lsn++) {
        append(writer, lsn, 500);
      }
      assertThat(alarms.heard).isNotEmpty();
    }
    RedoReader reader = RedoReader.open(device);
    assertThat(reader.startLsn()).isGreaterThan(50);
    List<Long> lsns = lsns(reader);
    assertThat(lsns.get(0)).isEqualTo(reader.startLsn() + 1);
    assertThat(lsns).hasSize((int) (100 - reader.startLsn())).isSorted();
    assertThatThrownBy(() -> reader.packages(reader.startLsn()))
        .hasMessageContaining("is gone; begin with a checkpoint");
  }

  @Test
  void aFullLogWaitsWithAnAlarmAndOverwritesNothing() throws IOException {
    MemoryDevice device = formatted(SMALL);
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    RedoAlarms alarms =
        new RedoAlarms() {
          @Override
          public void full(long neededLsn) {
            heard.add("full " + neededLsn);
          }

          @Override
          public void waiting(long neededLsn, long waitedMs) {
            heard.add("waiting");
          }

          @Override
          public void released(long waitedMs) {
            heard.add("released");
          }
        };
    RedoWriter writer = start(device, alarms);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (long lsn = 1; lsn <= 9; lsn++) {
      all.add(writer.append(redo(lsn, 2900)));
    }
    Logs.until("the alarm repeats", () -> heard.contains("waiting"));
    assertThat(all.get(5)).isCompleted();
    assertThat(all.get(6)).isNotDone();
    assertThat(writer.freeSegments()).isZero();
    assertThat(lsns(RedoReader.open(device.survivor()))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    writer.releaseUpTo(1);
    assertThat(writer.freeSegments()).isZero();
    writer.releaseUpTo(2);
    get(all.get(7));
    assertThat(heard).startsWith("full 2").contains("released");
    assertThat(all.get(8)).isNotDone();
    assertThatThrownBy(() -> writer.releaseUpTo(9)).hasMessageContaining("durable up to LSN 8");
    writer.close();
    assertThatThrownBy(() -> get(all.get(8))).hasMessageContaining("closed");
    assertThat(lsns(RedoReader.open(device))).containsExactly(3L, 4L, 5L, 6L, 7L, 8L);
  }

  @Test
  void aSealedSegmentNeedsNoReleaseAfterARestart() throws IOException {
    MemoryDevice device = formatted(SMALL);
    Releasing alarms = new Releasing();
    // Format 0, then: 3 segments of 2 packages, headers and seals. The header of the fourth tears.
    MemoryDevice crashing = device.crashAfter(4 + 6 + 4 + 1, new Random(5));
    RedoWriter writer = start(crashing, alarms);
    alarms.writer = writer;
    assertThatThrownBy(
            () -> {
              for (long lsn = 1; lsn <= 9; lsn++) {
                append(writer, lsn, 2900);
              }
            })
        .hasMessageContaining("the power is off");
    writer.close();
    MemoryDevice left = device.survivor();
    RedoReader reader = RedoReader.open(left);
    assertThat(reader.lastLsn()).isEqualTo(6);
    try (RedoWriter again = start(left, RedoAlarms.NONE)) {
      assertThat(again.freeSegments()).isEqualTo(1);
      append(again, 7, 2900);
    }
    assertThat(lsns(RedoReader.open(left))).containsExactly(3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void manyAppendersShareForces() throws Exception {
    RedoShape shape = new RedoShape(1 << 20, 4);
    MemoryDevice device = formatted(shape);
    RedoCounters counters;
    try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
      AtomicLong next = new AtomicLong();
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < 8; i++) {
        threads.add(new Thread(() -> appendMany(writer, next, failures)));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      counters = writer.counters();
    }
    assertThat(counters.packages()).isEqualTo(4000);
    assertThat(counters.batches()).isLessThan(4000).isGreaterThan(0);
    assertThat(counters.forces()).isGreaterThanOrEqualTo(counters.batches());
    assertThat(counters.forceNsMax()).isGreaterThanOrEqualTo(counters.forceNsMean());
    List<RedoPackage> all = Logs.all(RedoReader.open(device));
    assertThat(all).hasSize(4000);
    for (int i = 0; i < 4000; i++) {
      assertThat(all.get(i).lastLsn()).isEqualTo(i + 1);
      assertThat(all.get(i).payload()).isEqualTo(redo(i + 1, 100).payload());
    }
  }

  private static void appendMany(RedoWriter writer, AtomicLong next, List<Throwable> failures) {
    try {
      for (int i = 0; i < 500; i++) {
        CompletableFuture<Void> durable;
        synchronized (next) {
          durable = writer.append(redo(next.incrementAndGet(), 100));
        }
        get(durable);
      }
    } catch (IOException | RuntimeException e) {
      failures.add(e);
    }
  }

  @Test
  void largePackagesFitAndTooLargeOnesAreRefused() throws IOException {
    MemoryDevice device = formatted(new RedoShape(5 << 20, 4));
    try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
      append(writer, 1, 100);
      append(writer, 2, 4 << 20);
      append(writer, 3, new RedoShape(5 << 20, 4).payloadBytesMax());
      assertThatThrownBy(() -> append(writer, 4, new RedoShape(5 << 20, 4).payloadBytesMax() + 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at most");
    }
    List<RedoPackage> all = Logs.all(RedoReader.open(device));
    assertThat(all).hasSize(3);
    assertThat(all.get(1).payload()).isEqualTo(redo(2, 4 << 20).payload());
  }

  @Test
  void lsnsMustRise() throws IOException {
    try (RedoWriter writer = start(formatted(SMALL), RedoAlarms.NONE)) {
      get(writer.append(new RedoPackage(5, 8, new byte[1])));
      for (long lsn : new long[] {1, 5, 8}) {
        assertThatThrownBy(() -> writer.append(redo(lsn, 1)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("after LSN 8");
      }
      append(writer, 9, 1);
    }
    assertThatThrownBy(() -> new RedoPackage(3, 2, new byte[0])).hasMessageContaining("3 to 2");
  }

  @Test
  void aFailedWriteBreaksTheWriterForGoodAndOpeningAgainMendsIt() throws IOException {
    MemoryDevice device = formatted(SMALL);
    IOException eio = new IOException("input/output error");
    try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
      append(writer, 1, 10);
      device.failWith(eio);
      assertThatThrownBy(() -> append(writer, 2, 10)).isSameAs(eio);
      device.failWith(null);
      assertThatThrownBy(() -> append(writer, 3, 10)).isSameAs(eio);
      assertThat(writer.durableLsn()).isEqualTo(1);
    }
    try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
      append(writer, 2, 10);
    }
    assertThat(lsns(RedoReader.open(device))).containsExactly(1L, 2L);
  }

  @Test
  void aFencedWriterIsTold() throws IOException {
    MemoryDevice device = formatted(SMALL);
    try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
      device.failWith(new FencedException("fenced"));
      assertThatThrownBy(() -> append(writer, 1, 10)).isInstanceOf(FencedException.class);
    }
  }

  @Test
  void aClosedWriterRefuses() throws IOException {
    MemoryDevice device = formatted(SMALL);
    RedoWriter writer = start(device, RedoAlarms.NONE);
    CompletableFuture<Void> last = writer.append(redo(1, 10));
    writer.close();
    assertThat(last).isCompleted();
    assertThatThrownBy(() -> append(writer, 2, 10)).hasMessageContaining("closed");
    writer.close();
  }

  @Test
  void aHungDeviceHoldsABoundedQueueAndAbortEndsIt() throws Exception {
    MemoryDevice device = formatted(SMALL);
    CountDownLatch never = new CountDownLatch(1);
    RedoWriter writer = start(device, RedoAlarms.NONE);
    device.hang(never);
    List<CompletableFuture<Void>> all = Collections.synchronizedList(new ArrayList<>());
    Thread appender =
        new Thread(
            () -> {
              for (long lsn = 1; lsn <= 6000; lsn++) {
                all.add(writer.append(redo(lsn, 1)));
              }
            });
    appender.start();
    Logs.until(
        "the queue is full",
        () -> all.size() >= 4096 && appender.getState() == Thread.State.WAITING);
    assertThat(all.size()).isLessThan(5000);
    assertThat(all).noneMatch(CompletableFuture::isDone);
    writer.abort();
    appender.join();
    Logs.until(
        "all fail", () -> all.stream().allMatch(CompletableFuture::isCompletedExceptionally));
  }

  @Test
  void aReaderThatDoesNotSettleWritesNothing() throws IOException {
    MemoryDevice device = formatted(SMALL);
    int before = device.writes();
    RedoReader reader = RedoReader.open(device);
    lsns(reader);
    assertThatThrownBy(() -> RedoWriter.start(reader, RedoAlarms.NONE))
        .isInstanceOf(IllegalStateException.class);
    assertThat(device.writes()).isEqualTo(before);
    reader.settle();
    reader.settle();
    RedoReader.open(device).settle();
    assertThat(device.writes()).isEqualTo(before + 1);
  }

  @Test
  void aNewLogMayBeginAfterACheckpoint() throws IOException {
    MemoryDevice device = new MemoryDevice(SMALL.bytes());
    RedoFormat.write(device, OWNER, SMALL, 500, false);
    assertThatThrownBy(() -> RedoReader.open(device).packages(500)).hasMessageContaining("gone");
    try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
      assertThatThrownBy(() -> writer.append(redo(500, 1))).hasMessageContaining("after LSN 500");
      append(writer, 501, 1);
    }
    assertThat(lsns(RedoReader.open(device))).containsExactly(501L);
  }
}
