package halab.node.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import halab.node.sql.ChangeSet;
import org.junit.jupiter.api.Test;

class PayloadTest {
  private static ChangeSet definition(int length) {
    return new ChangeSet.Definition("public", "-- " + "x".repeat(length));
  }

  @Test
  void smallChangesAreCarriedAsTheyAreAndLargeOnesCompressed() {
    ByteString small = Payload.of(definition(10));
    ByteString large = Payload.of(definition(100_000));
    assertThat(small.byteAt(0)).isZero();
    assertThat(large.byteAt(0)).isOne();
    assertThat(large.size()).isLessThan(2_000);
    assertThat(Payload.read(small)).isEqualTo(definition(10));
    assertThat(Payload.read(large)).isEqualTo(definition(100_000));
  }

  @Test
  void whatIsNoPayloadIsSaidToBeNone() {
    ByteString large = Payload.of(definition(100_000));
    for (ByteString bad :
        new ByteString[] {
          ByteString.EMPTY,
          ByteString.copyFrom(new byte[] {7, 1, 2}),
          ByteString.copyFrom(new byte[] {1, 1, 2, 3}),
          large.substring(0, large.size() / 2),
          ByteString.copyFrom(new byte[] {0, 99})
        }) {
      assertThatThrownBy(() -> Payload.read(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
