package halab.node.redo;

import static halab.node.redo.Logs.SMALL;
import static halab.node.redo.Logs.append;
import static halab.node.redo.Logs.formatted;
import static halab.node.redo.Logs.start;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One bit of every byte of a log turns: it is refused, or nobody notices, or the end is cut. */
class RedoFlipTest {
  private static final List<Long> LSNS = List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
  private int refused;
  private int cut;
  private int unharmed;

  /** Packages of 1,900 bytes: three segments, the last one in use. */
  private static MemoryDevice log(boolean closed) throws IOException {
    MemoryDevice device = formatted(SMALL);
    RedoWriter writer = start(device, RedoAlarms.NONE);
    for (long lsn : LSNS) {
      append(writer, lsn, 1900);
    }
    MemoryDevice left = device.survivor();
    writer.close();
    return closed ? device : left;
  }

  private void flipAll(MemoryDevice device, List<Long> least) throws IOException {
    byte[] whole = device.bytes.clone();
    for (int at = 0; at < whole.length; at++) {
      device.bytes[at] ^= (byte) (1 << at % 8);
      try {
        List<RedoPackage> all = Logs.all(RedoReader.open(device));
        List<Long> lsns = all.stream().map(RedoPackage::lastLsn).toList();
        assertThat(lsns).as("byte %d", at).isIn(LSNS, least);
        for (RedoPackage redo : all) {
          if (!Arrays.equals(redo.payload(), Logs.redo(redo.lastLsn(), 1900).payload())) {
            throw new AssertionError("wrong data after a flip at byte " + at);
          }
        }
        unharmed += lsns.equals(LSNS) ? 1 : 0;
        cut += lsns.equals(LSNS) ? 0 : 1;
      } catch (RedoDamage e) {
        refused++;
      }
      device.bytes[at] = whole[at];
    }
  }

  @Test
  void aClosedLogIsReadInFullOrRefused() throws IOException {
    flipAll(log(true), LSNS);
    // Each byte of 8 packages with their heads, of 3 headers and of 2 seals counts.
    assertThat(refused).isGreaterThan(8 * (1900 + 24 + 64) + 3 * 512 + 2 * 64 - 8 * 8);
    assertThat(unharmed).isGreaterThan(0);
    assertThat(cut).isZero();
  }

  @Test
  void anOpenLogLosesAtMostTheBatchThatNothingFollows() throws IOException {
    flipAll(log(false), LSNS.subList(0, 7));
    assertThat(cut).isBetween(1900, 1900 + 24 + 64);
    assertThat(refused).isGreaterThan(7 * (1900 + 24));
  }
}
