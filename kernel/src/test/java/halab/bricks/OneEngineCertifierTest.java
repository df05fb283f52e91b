package halab.bricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import halab.redo.proto.WriteKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shared uses against changes, over a bounded memory. */
class OneEngineCertifierTest {
  private static List<WriteKey> changes(String name, long base) {
    return List.of(key(name, base, false));
  }

  private static List<WriteKey> shares(String name, long base) {
    return List.of(key(name, base, true));
  }

  private static WriteKey key(String name, long base, boolean shared) {
    return WriteKey.newBuilder()
        .setKey(ByteString.copyFromUtf8(name))
        .setBase(base)
        .setShared(shared)
        .build();
  }

  @Test
  void twoChangesAreLeftToTheLocks() {
    OneEngineCertifier one = OneEngineCertifier.from(0, 10).note(7, changes("a", 0));
    assertThat(one.conflicts(changes("a", 0))).isFalse();
  }

  @Test
  void aSharedUseConflictsWithAChangeSinceItBegan() {
    OneEngineCertifier one = OneEngineCertifier.from(0, 10).note(7, changes("a", 0));
    assertThat(one.conflicts(shares("a", 6))).isTrue();
    assertThat(one.conflicts(shares("a", 7))).isFalse();
    assertThat(one.conflicts(shares("b", 0))).isFalse();
  }

  @Test
  void aChangeConflictsWithASharedUseSinceItBegan() {
    OneEngineCertifier one = OneEngineCertifier.from(0, 10).note(7, shares("a", 0));
    assertThat(one.conflicts(changes("a", 6))).isTrue();
    assertThat(one.conflicts(changes("a", 7))).isFalse();
    assertThat(one.conflicts(shares("a", 0))).isFalse();
  }

  @Test
  void whoBeganBeforeWhatIsRememberedIsRefused() {
    OneEngineCertifier one = OneEngineCertifier.from(3, 2);
    assertThat(one.conflicts(changes("a", 2))).isTrue();
    for (long lsn = 4; lsn <= 8; lsn++) {
      one = one.note(lsn, changes("k" + lsn, 3));
    }
    assertThat(one.floor()).isEqualTo(6);
    assertThat(one.conflicts(shares("a", 5))).isTrue();
    assertThat(one.conflicts(shares("k6", 6))).isFalse();
    assertThat(one.conflicts(shares("k7", 6))).isTrue();
  }

  @Test
  void onePackageMayHaveMoreKeysThanAreRemembered() {
    List<WriteKey> many = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      many.add(key("k" + i, 0, false));
    }
    OneEngineCertifier one = OneEngineCertifier.from(0, 2).note(1, changes("a", 0)).note(2, many);
    assertThat(one.floor()).isEqualTo(1);
    assertThat(one.conflicts(shares("k4", 1))).isTrue();
  }

  /** Against a plain list of everything that was ever committed. */
  @Test
  void judgesLikeAFullHistory() {
    Rng rng = new Rng(1);
    OneEngineCertifier one = OneEngineCertifier.from(0, 20);
    List<WriteKey> history = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      long base = Math.max(0, history.size() - rng.below(6));
      WriteKey key = key("k" + rng.below(5), base, rng.chance(600));
      boolean conflict =
          history.subList((int) base, history.size()).stream()
              .anyMatch(k -> k.getKey().equals(key.getKey()) && k.getShared() != key.getShared());
      assertThat(one.conflicts(List.of(key))).isEqualTo(conflict);
      if (!conflict) {
        history.add(key);
        one = one.note(history.size(), List.of(key));
      }
      refused += conflict ? 1 : 0;
    }
    assertThat(refused).isPositive();
  }
}
