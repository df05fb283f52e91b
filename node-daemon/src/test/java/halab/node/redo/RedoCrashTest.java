package halab.node.redo;

import static halab.node.redo.Logs.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Lives of a log that end in crashes, each with any part of the write under way on the disk: what
 * was acknowledged is there, what is there was appended, once and in order.
 */
class RedoCrashTest {
  private static final int ROUNDS = 400;
  private static final int LIVES = 6;

  /** One log through several lives. */
  private static final class Story implements RedoAlarms {
    final Random random;
    final List<RedoPackage> appended = new ArrayList<>();
    MemoryDevice device;
    RedoWriter writer;
    long acknowledgedLsn;
    volatile long releasedLsn;
    int cuts;

    Story(long seed) throws IOException {
      random = new Random(seed);
      RedoShape shape = new RedoShape(4096 << random.nextInt(4), 2 + random.nextInt(4));
      device = new MemoryDevice(shape.bytes());
      RedoFormat.write(device, OWNER, shape, 0, false);
    }

    @Override
    public void full(long neededLsn) {
      release(neededLsn);
    }

    private void release(long lsn) {
      releasedLsn = Math.max(releasedLsn, lsn);
      writer.releaseUpTo(lsn);
    }

    void live() throws IOException {
      MemoryDevice left = device.survivor();
      device = left.crashAfter(random.nextInt(40), random);
      RedoReader reader = RedoReader.open(device, OWNER);
      check(reader);
      try {
        reader.settle();
        check(RedoReader.open(device, OWNER));
        writer = RedoWriter.start(reader, this);
        appendUntilTheEnd(reader);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("the power is off");
      }
      if (writer != null) {
        writer.close();
      }
    }

    private void appendUntilTheEnd(RedoReader reader) throws IOException {
      long lsn = reader.lastLsn();
      int bursts = random.nextInt(30);
      for (int i = 0; i < bursts; i++) {
        List<CompletableFuture<Void>> burst = new ArrayList<>();
        List<RedoPackage> packages = new ArrayList<>();
        for (int count = 1 + random.nextInt(6); count > 0; count--) {
          RedoPackage redo = next(lsn, reader.shape().payloadBytesMax());
          lsn = redo.lastLsn();
          packages.add(redo);
        }
        appended.addAll(packages);
        packages.forEach(redo -> burst.add(writer.append(redo)));
        for (int k = 0; k < burst.size(); k++) {
          Logs.get(burst.get(k));
          acknowledgedLsn = packages.get(k).lastLsn();
        }
        if (random.nextInt(4) == 0) {
          release(acknowledgedLsn);
        }
      }
    }

    private RedoPackage next(long lsn, int payloadMax) {
      long first = lsn + 1 + random.nextInt(3);
      byte[] payload = new byte[random.nextInt(random.nextInt(10) == 0 ? payloadMax + 1 : 600)];
      random.nextBytes(payload);
      return new RedoPackage(first, first + random.nextInt(3), payload);
    }

    /** Compares, and forgets what a crash has cut: it will never be seen again. */
    void check(RedoReader reader) throws IOException {
      assertThat(reader.lastLsn()).isGreaterThanOrEqualTo(acknowledgedLsn);
      assertThat(reader.startLsn()).isLessThanOrEqualTo(releasedLsn);
      int before = appended.size();
      appended.removeIf(redo -> redo.firstLsn() > reader.lastLsn());
      cuts += before - appended.size();
      List<RedoPackage> kept =
          appended.stream().filter(redo -> redo.firstLsn() > reader.startLsn()).toList();
      List<RedoPackage> found = Logs.all(reader);
      assertThat(found).hasSameSizeAs(kept);
      for (int i = 0; i < kept.size(); i++) {
        assertThat(found.get(i).firstLsn()).isEqualTo(kept.get(i).firstLsn());
        assertThat(found.get(i).lastLsn()).isEqualTo(kept.get(i).lastLsn());
        assertThat(found.get(i).payload()).isEqualTo(kept.get(i).payload());
      }
    }
  }

  @Test
  void nothingAcknowledgedIsLostAndNothingElseAppears() throws IOException {
    int cuts = 0;
    for (long seed = 1; seed <= ROUNDS; seed++) {
      try {
        Story story = new Story(seed);
        for (int life = 0; life < LIVES; life++) {
          story.live();
        }
        story.check(RedoReader.open(story.device.survivor(), OWNER));
        cuts += story.cuts;
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(cuts).as("packages that a crash cut").isGreaterThan(ROUNDS / 2);
  }
}
