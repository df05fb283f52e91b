package halab.node.redo;

import static halab.node.redo.Logs.OWNER;
import static halab.node.redo.Logs.SMALL;
import static halab.node.redo.Logs.append;
import static halab.node.redo.Logs.formatted;
import static halab.node.redo.Logs.lsns;
import static halab.node.redo.Logs.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What is cut and what is refused. */
class RedoDamageTest {
  private static final int FIRST = 1024; // Behind the header and the mark of the first settle.

  /** Batches of one package each: LSN 1 to 3 in sectors of their own, then an end mark. */
  private static MemoryDevice three() throws IOException {
    MemoryDevice device = formatted(SMALL);
    try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
      for (long lsn = 1; lsn <= 3; lsn++) {
        append(writer, lsn, 300);
      }
    }
    return device;
  }

  private static void refused(MemoryDevice device, int segment, long offset, String what) {
    assertThatThrownBy(() -> RedoReader.open(device, OWNER))
        .isInstanceOfSatisfying(
            RedoDamage.class,
            damage -> {
              assertThat(damage.segment()).isEqualTo(segment);
              assertThat(damage.offset()).isEqualTo(offset);
            })
        .hasMessageContaining(what)
        .hasMessageContaining("segment " + segment + ", offset " + offset);
  }

  private static void zero(MemoryDevice device, int from, int to) {
    Arrays.fill(device.bytes, from, to, (byte) 0);
  }

  @Test
  void aTornLastBatchIsCutAndNeverComesBack() throws IOException {
    MemoryDevice device = three();
    int last = FIRST + 2 * 512;
    zero(device, last + 512, last + 1024); // No end mark: the writer was killed.
    byte[] whole = device.bytes.clone();
    device.bytes[last + 200] ^= 1;
    RedoReader reader = RedoReader.open(device, OWNER);
    assertThat(reader.cut()).isEqualTo("1 packages at offset " + last);
    assertThat(lsns(reader)).containsExactly(1L, 2L);
    reader.settle();
    // The rest of the batch arrives late, by way of a request that was still under way.
    System.arraycopy(whole, last + 64, device.bytes, last + 64, 448);
    assertThat(lsns(RedoReader.open(device, OWNER))).containsExactly(1L, 2L);
    try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
      append(writer, 3, 10);
    }
    assertThat(lsns(RedoReader.open(device, OWNER))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void damageBeforeTheLastBatchIsRefused() throws IOException {
    MemoryDevice device = three();
    device.bytes[FIRST + 200] ^= 1;
    refused(
        device, 0, FIRST, "wrong checksum, but a later batch stands at offset " + (FIRST + 512));
  }

  @Test
  void damageInTheLastBatchIsRefusedWhenTheWriterHadClosed() throws IOException {
    MemoryDevice device = three();
    device.bytes[FIRST + 1024 + 200] ^= 1;
    refused(device, 0, FIRST + 1024, "package 0 of the batch has a wrong checksum");
  }

  @Test
  void aMissingBatchIsRefused() throws IOException {
    MemoryDevice device = three();
    zero(device, FIRST + 512, FIRST + 1024);
    refused(device, 0, FIRST + 512, "no batch begins here, but a later batch stands");
  }

  @Test
  void gapsAndOverlapsOfLsnsAreRefusedEvenAtTheEnd() throws IOException {
    for (long previousLsn : new long[] {1, 7}) {
      MemoryDevice device = three();
      SegmentHeader header = SegmentHeader.decode(device.read(0, 512)).header();
      int end = FIRST + 4 * 512;
      ByteBuffer sector = ByteBuffer.wrap(device.bytes, end, 512).slice();
      Batch.mark(Batch.Kind.MARK, previousLsn).encode(sector, header, end);
      refused(device, 0, end, "after LSN " + previousLsn);
    }
  }

  @Test
  void aBatchOfAnEarlierUseOrAnotherPlaceIsNotRead() throws IOException {
    MemoryDevice device = three();
    System.arraycopy(device.bytes, FIRST, device.bytes, FIRST + 4 * 512, 512);
    assertThat(lsns(RedoReader.open(device, OWNER))).containsExactly(1L, 2L, 3L);
    RedoFormat.write(device, OWNER, SMALL, 0, true);
    assertThat(lsns(RedoReader.open(device, OWNER))).isEmpty();
  }

  @Test
  void anotherOwnersLogIsRefused() throws IOException {
    MemoryDevice device = three();
    for (RedoOwner other :
        List.of(
            new RedoOwner("DSC1", 0, 4711),
            new RedoOwner("DSC0", 1, 4711),
            new RedoOwner("DSC0", 0, 4712))) {
      assertThatThrownBy(() -> RedoReader.open(device, other))
          .isInstanceOf(RedoDamage.class)
          .hasMessageContaining("the redo is " + OWNER + "'s, not " + other + "'s");
    }
  }

  @Test
  void anUnknownVersionIsRefused() throws IOException {
    MemoryDevice device = three();
    ByteBuffer header = ByteBuffer.wrap(device.bytes);
    header.putInt(8, 2);
    CRC32C crc = new CRC32C();
    crc.update(device.bytes, 0, 508);
    header.putInt(508, (int) crc.getValue());
    refused(device, 0, 0, "format version 2 is unknown, 1 is known");
  }

  @Test
  void emptyForeignAndCutDevicesAreRefused() throws IOException {
    refused(new MemoryDevice(SMALL.bytes()), 0, 0, "the header is empty; format the log");
    MemoryDevice noise = new MemoryDevice(SMALL.bytes());
    new Random(1).nextBytes(noise.bytes);
    refused(noise, 0, 0, "no segment header of a redo log");
    byte[] half = Arrays.copyOf(three().bytes, 2 * SMALL.segmentBytes());
    refused(new MemoryDevice(half), 0, 0, "the log has 24576 bytes, not 16384");
    refused(new MemoryDevice(100), 0, 0, "smaller than a header");
  }

  @Test
  void headersOfSegmentsInUseAreRefusedWhenDamaged() throws IOException {
    MemoryDevice device = formatted(SMALL);
    try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
      for (long lsn = 1; lsn <= 5; lsn++) {
        append(writer, lsn, 2900);
      }
    }
    byte[] whole = device.bytes.clone();
    for (int slot = 0; slot < 3; slot++) {
      int at = slot * SMALL.segmentBytes();
      device.bytes[at + 40] ^= 1;
      refused(device, slot, at, "the header's checksum is wrong");
      System.arraycopy(whole, 0, device.bytes, 0, whole.length);
      zero(device, at, at + 512);
      refused(device, slot, at, "the header is empty");
      System.arraycopy(whole, 0, device.bytes, 0, whole.length);
    }
    int first = 0;
    System.arraycopy(whole, SMALL.segmentBytes(), device.bytes, first, SMALL.segmentBytes());
    refused(device, 0, 0, "belongs to another log or place");
  }

  @Test
  void aLogIsNotOverwrittenUnlessTold() throws IOException {
    MemoryDevice device = three();
    assertThatThrownBy(() -> RedoFormat.write(device, OWNER, SMALL, 0, false))
        .hasMessageContaining("is not overwritten: segment 0 holds redo of " + OWNER);
    device.bytes[100] ^= 1;
    assertThatThrownBy(() -> RedoFormat.write(device, OWNER, SMALL, 0, false))
        .hasMessageContaining("holds redo of an unreadable log");
    RedoFormat.write(device, OWNER, SMALL, 0, true);
    assertThat(lsns(RedoReader.open(device))).isEmpty();
    assertThatThrownBy(() -> RedoFormat.write(device, OWNER, new RedoShape(5 << 20, 4), 0, true))
        .hasMessageContaining("has 24576 bytes, but 4 segments of 5242880 need 20971520");
  }

  @Test
  void aCrashWhileALogIsMadeLeavesNone() throws IOException {
    for (int whole = 0; whole < 4; whole++) {
      for (int seed = 0; seed < 20; seed++) {
        MemoryDevice device = three();
        device.crashAfter(device.writes() + whole, new Random(seed));
        assertThatThrownBy(() -> RedoFormat.write(device, OWNER, SMALL, 0, true))
            .hasMessageContaining("the power is off");
        MemoryDevice left = device.survivor();
        try {
          // All or nothing of the first sector was zeroed, or all of the last one written.
          assertThat(lsns(RedoReader.open(left))).isIn(List.of(), List.of(1L, 2L, 3L));
        } catch (RedoDamage e) {
          assertThat(e).hasMessageContaining("segment 0, offset 0");
        }
        RedoFormat.write(left, OWNER, SMALL, 0, true);
        assertThat(lsns(RedoReader.open(left))).isEmpty();
      }
    }
  }
}
