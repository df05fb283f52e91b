package halab.bricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import halab.redo.proto.WriteKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** First committer wins, over a bounded memory. */
class CertifierTest {
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
  void whoSawTheLastChangeMayChange() {
    Certifier certifier = Certifier.from(0, 10).note(7, 0, 1, changes("a", 0));
    assertThat(certifier.conflict(1, 1, changes("a", 7))).isNull();
    assertThat(certifier.conflict(1, 1, changes("b", 0))).isNull();
    assertThat(certifier.conflict(1, 1, changes("a", 6))).contains("concurrent update");
  }

  @Test
  void sharedUsesConflictWithChangesOnly() {
    Certifier certifier = Certifier.from(0, 10).note(7, 0, 1, shares("a", 0));
    assertThat(certifier.conflict(1, 1, shares("a", 0))).isNull();
    assertThat(certifier.conflict(1, 1, changes("a", 6))).contains("concurrent use");
    assertThat(certifier.conflict(1, 1, changes("a", 7))).isNull();
    Certifier changed = certifier.note(8, 0, 2, changes("a", 7));
    assertThat(changed.conflict(1, 1, shares("a", 7))).contains("concurrent update");
  }

  @Test
  void whatATransactionWasGrantedItselfIsNoConflict() {
    Certifier certifier = Certifier.from(0, 10).note(7, 2, 5, changes("a", 0));
    assertThat(certifier.conflict(2, 5, changes("a", 0))).isNull();
    assertThat(certifier.conflict(2, 6, changes("a", 0))).isNotNull();
    assertThat(certifier.conflict(1, 5, changes("a", 0))).isNotNull();
  }

  @Test
  void whoBeganBeforeWhatIsRememberedIsRefused() {
    Certifier certifier = Certifier.from(3, 2);
    assertThat(certifier.conflict(0, 1, changes("a", 2))).contains("began before");
    for (long lsn = 4; lsn <= 8; lsn++) {
      certifier = certifier.note(lsn, 0, lsn, changes("k" + lsn, 3));
    }
    assertThat(certifier.floor()).isEqualTo(6);
    assertThat(certifier.conflict(0, 1, changes("a", 5))).contains("began before");
    assertThat(certifier.conflict(1, 1, changes("k4", 6))).isNull();
    assertThat(certifier.conflict(1, 1, changes("k7", 6))).isNotNull();
  }

  @Test
  void notedTwiceIsNotedOnce() {
    Certifier once = Certifier.from(0, 10).note(7, 0, 1, changes("a", 0));
    assertThat(once.note(7, 0, 1, changes("a", 0))).isSameAs(once);
  }

  /** Against a plain list of everything that was ever committed. */
  @Test
  void judgesLikeAFullHistory() {
    Rng rng = new Rng(1);
    Certifier certifier = Certifier.from(0, 1000);
    List<List<WriteKey>> history = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      long base = Math.max(0, history.size() - rng.below(6));
      String name = "k" + rng.below(5);
      List<WriteKey> keys = rng.chance(300) ? shares(name, base) : changes(name, base);
      boolean conflict =
          history.subList((int) base, history.size()).stream()
              .flatMap(List::stream)
              .anyMatch(
                  k ->
                      k.getKey().equals(keys.get(0).getKey())
                          && !(k.getShared() && keys.get(0).getShared()));
      assertThat(certifier.conflict(0, i + 1, keys) != null).isEqualTo(conflict);
      if (!conflict) {
        history.add(keys);
        certifier = certifier.note(history.size(), 0, i + 1, keys);
      }
      refused += conflict ? 1 : 0;
    }
    assertThat(refused).isPositive();
  }
}
