package halab.cli.load.check;

import static halab.cli.load.check.Told.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TwoSidesTest {
  private final Told told = Told.sides();

  private List<Finding> windows() {
    return told.ended().of(Finding.Kind.TIMED);
  }

  @Test
  void allowsATakeoverAndALaterReturn() {
    told.at("n1").does(0, write(1, 1)).at("n2").does(0, write(1, 2)).does(1, write(1, 3));
    told.after(5_000).at("n1").does(0, write(1, 4)).does(1, write(1, 5));
    assertThat(windows()).isEmpty();
  }

  @Test
  void allowsAnAnswerOfTheOldSideThatComesLate() {
    told.begin(0, write(1, 1)).at("n1").does(1, write(1, 9)).at("n2").does(1, write(1, 2));
    told.at("n1").ok(0);
    assertThat(windows()).isEmpty();
  }

  @Test
  void measuresHowLongTwoSidesAccepted() {
    told.at("n1").does(0, write(1, 1)).at("n2").does(1, write(1, 2));
    for (int i = 0; i < 10; i++) {
      told.after(20).at("n1").does(0, write(1, 3)).at("n2").does(1, write(1, 4));
    }
    assertThat(windows()).hasSize(1);
    Finding window = windows().get(0);
    assertThat(window.what()).contains("n1 and n2").contains("238 ms");
    assertThat(window.excessNs())
        .isEqualTo(window.toNs() - window.fromNs())
        .isEqualTo(238_000_000L);
  }

  @Test
  void endsTheWindowWhenOneSideStops() {
    told.at("n1").does(0, write(1, 1)).at("n2").does(1, write(1, 2)).at("n1");
    for (int i = 0; i < 100; i++) {
      told.after(100).does(0, write(1, 3));
    }
    assertThat(windows()).hasSize(1);
    assertThat(windows().get(0).excessNs()).isEqualTo(102_000_000L);
  }

  @Test
  void countsReadsAndRefusalsForNothing() {
    told.at("n1").does(0, write(1, 1)).at("n2").does(1, write(1, 2)).at("n1");
    told.does(0, Told.read(1, 2)).begin(0, write(1, 3)).fail(0);
    assertThat(windows()).isEmpty();
  }
}
