package halab.bricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Int64Value;
import com.google.protobuf.StringValue;
import halab.kernel.Block;
import halab.kernel.Check;
import halab.kernel.Endpoint;
import halab.kernel.Wire;
import halab.kernel.Writer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final Wire WIRE = new Wire(List.of(StringValue.getDefaultInstance()));
  private static final Writer WRITER = new Writer(new Endpoint("n1", "dmcss"), 7, 99);

  private static byte[] frame() {
    return Slots.frame(5, WRITER, StringValue.of("beat"));
  }

  @Test
  void whatWasFramedIsReadAgain() {
    assertThat(Slots.read(5, frame(), WIRE)).isEqualTo(Block.of(StringValue.of("beat")));
    assertThat(Slots.writer(5, frame())).isEqualTo(WRITER);
  }

  @Test
  void anAllZeroBlockIsEmpty() {
    assertThat(Slots.read(5, new byte[512], WIRE)).isEqualTo(Block.EMPTY);
    assertThat(Slots.writer(5, new byte[512])).isNull();
  }

  @Test
  void everySingleFlippedBitIsNoticed() {
    for (int bit = 0; bit < 512 * 8; bit++) {
      byte[] flipped = frame();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Slots.read(5, flipped, WIRE).damage()).as("bit %d", bit).isNotNull();
    }
  }

  @Test
  void aTornWriteIsNoticedWhereverItTears() {
    byte[] old = Slots.frame(5, new Writer(WRITER.owner(), 7, 98), StringValue.of("taeb"));
    byte[] fresh = frame();
    for (int tear = 1; tear < 512; tear++) {
      byte[] torn = old.clone();
      System.arraycopy(fresh, 0, torn, 0, tear);
      boolean whole = Arrays.equals(torn, fresh) || Arrays.equals(torn, old);
      assertThat(Slots.read(5, torn, WIRE).damage() == null).as("tear %d", tear).isEqualTo(whole);
    }
  }

  @Test
  void aFrameForAnotherPlaceIsDamaged() {
    assertThat(Slots.read(6, frame(), WIRE).damage()).isEqualTo("block number 5 instead of 6");
  }

  @Test
  void strangersAndShortReadsAreDamagedNotThrown() {
    byte[] stranger = Slots.frame(5, WRITER, Int64Value.of(1));
    assertThat(Slots.read(5, stranger, WIRE).damage()).contains("unknown message type");
    assertThat(Slots.read(5, new byte[511], WIRE).damage()).contains("length 511");
    byte[] noise = new byte[512];
    Arrays.fill(noise, (byte) 0x5A);
    assertThat(Slots.read(5, noise, WIRE).damage()).isEqualTo("magic wrong");
  }

  @Test
  void aMessageThatDoesNotFitIsOurBug() {
    StringValue big = StringValue.of("x".repeat(500));
    assertThatThrownBy(() -> Slots.frame(5, WRITER, big)).isInstanceOf(Check.Failed.class);
  }
}
