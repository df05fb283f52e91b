package halab.bricks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Liveness by a changing counter: the truth table, and the same over random histories. */
class BeatsTest {
  /**
   * What three looks in a row showed, and what is known then. {@code -} is an empty slot, {@code ?}
   * an unreadable one, digits are counters.
   */
  @ParameterizedTest
  @CsvSource({
    "-, -, -, 3, false", // never there
    "5, 5, 5, 3, false", // an old block from before the first look never moves
    "5, 6, 6, 1, true", // moved, then silent for one look
    "5, 5, 6, 0, true", // silent first, then alive
    "5, 6, 7, 0, true", // alive
    "-, 5, 5, 1, true", // appeared: news, for it was not there at the first look
    "5, ?, 6, 0, true", // unreadable in between
    "5, ?, 5, 3, false", // back with the same counter is no news
    "5, 6, ?, 1, true", // unreadable is silence
    "6, 5, 5, 1, true", // any change counts, not its direction
  })
  void threeLooks(String first, String second, String third, int silent, boolean moved) {
    Beats beats = Beats.of(1);
    for (String shown : new String[] {first, second, third}) {
      beats = beats.look(new long[] {counter(shown)});
    }
    assertThat(beats.silent(0)).isEqualTo(silent);
    assertThat(beats.everMoved(0)).isEqualTo(moved);
  }

  private static long counter(String shown) {
    return switch (shown) {
      case "-" -> Beats.NONE;
      case "?" -> Beats.UNREADABLE;
      default -> Long.parseLong(shown);
    };
  }

  @Test
  void aSlotIsUnreadableUntilItShowsSomethingOrNothing() {
    Beats beats = Beats.of(1).look(new long[] {Beats.UNREADABLE});
    beats = beats.look(new long[] {Beats.UNREADABLE});
    assertThat(beats.unreadable(0)).isEqualTo(2);
    assertThat(beats.look(new long[] {7}).unreadable(0)).isZero();
    assertThat(beats.look(new long[] {Beats.NONE}).unreadable(0)).isZero();
  }

  @Test
  void beforeTheFirstLookNobodyIsKnown() {
    Beats beats = Beats.of(2);
    assertThat(beats.silent(1)).isZero();
    assertThat(beats.everMoved(1)).isFalse();
  }

  @Test
  void silenceIsTheNumberOfLooksSinceTheLastNewsInAnyHistory() {
    for (long seed = 0; seed < 200; seed++) {
      Rng rng = new Rng(seed);
      Beats beats = Beats.of(3);
      long[] shown = {Beats.NONE, 40, 7};
      long[] last = {Beats.NONE, Beats.NONE, Beats.NONE};
      int[] since = new int[3];
      boolean[] moved = new boolean[3];
      for (int look = 0; look < 60; look++) {
        long[] now = shown.clone();
        for (int seat = 0; seat < 3; seat++) {
          if (rng.chance(300)) {
            shown[seat] = now[seat] = rng.below(5);
          }
          now[seat] = rng.chance(100) ? Beats.NONE : now[seat];
          boolean news = now[seat] != Beats.NONE && now[seat] != last[seat];
          since[seat] = news && look > 0 ? 0 : since[seat] + 1;
          moved[seat] |= news && look > 0;
          last[seat] = news ? now[seat] : last[seat];
        }
        beats = beats.look(now);
        for (int seat = 0; seat < 3; seat++) {
          assertThat(beats.silent(seat)).as("seed %d look %d", seed, look).isEqualTo(since[seat]);
          assertThat(beats.everMoved(seat)).isEqualTo(moved[seat]);
        }
      }
    }
  }

  @Test
  void aLookLeavesTheOldPictureAsItWas() {
    Beats before = Beats.of(1).look(new long[] {1}).look(new long[] {2});
    before.look(new long[] {2});
    assertThat(before.silent(0)).isZero();
  }
}
