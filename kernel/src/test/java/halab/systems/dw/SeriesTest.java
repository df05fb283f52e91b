package halab.systems.dw;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeriesTest {
  private final Series two = Series.of(2).plus(10, 500, 1).plus(20, 900, 2).plus(30, 100, 3);

  @Test
  void theWindowHoldsTheLastN() {
    assertThat(two.window()).hasSize(2);
    assertThat(two.recent()).isEqualTo(new Series.One(50, 1000, 5));
    assertThat(two.last()).isEqualTo(new Series.One(30, 100, 3));
  }

  @Test
  void totalsHoldAll() {
    assertThat(two.count()).isEqualTo(3);
    assertThat(two.total()).isEqualTo(new Series.One(60, 1500, 6));
  }

  @Test
  void theLongestIsKeptAsAWholeAndOfEqualsTheLater() {
    assertThat(two.longest()).isEqualTo(new Series.One(20, 900, 2));
    assertThat(two.plus(1, 900, 1).longest()).isEqualTo(new Series.One(1, 900, 1));
  }

  @Test
  void aClearedOneBeginsAnewWithTheSameWindow() {
    assertThat(two.cleared()).isEqualTo(Series.of(2));
  }
}
