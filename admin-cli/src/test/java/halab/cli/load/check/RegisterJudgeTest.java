package halab.cli.load.check;

import static halab.cli.load.check.Told.cas;
import static halab.cli.load.check.Told.read;
import static halab.cli.load.check.Told.write;
import static org.assertj.core.api.Assertions.assertThat;

import halab.bricks.Rng;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterJudgeTest {
  private final Told told = Told.registers();

  @Test
  void hasNothingAgainstAGoodHistory() {
    told.does(0, read(1, null)).does(0, write(1, 1)).begin(1, write(1, 2)).begin(2, read(1, null));
    told.does(0, read(1, null), read(1, 2)).ok(2, read(1, 1)).ok(1);
    told.does(0, cas(1, 2, 3)).begin(3, cas(1, 1, 4)).fail(3);
    told.finds(read(1, null), read(1, 3));
    assertThat(told.faults()).isEmpty();
    assertThat(told.tally()).isEqualTo(new Tally("writes", 3, 3, 0, 0));
  }

  @Test
  void findsAReadOfTheOldValueAfterTheWriteWasAcknowledged() {
    told.does(0, write(1, 1)).does(0, write(1, 2)).does(1, read(1, null), read(1, 1));
    told.finds(read(1, null), read(1, 2));
    assertThat(told.faults())
        .hasSize(1)
        .allMatch(f -> f.contains("register 1: the read of 1 by process 1"))
        .allMatch(f -> f.contains("the value was 2"));
  }

  @Test
  void findsAWriteThatIsLostAtTheEnd() {
    told.does(0, write(1, 1)).does(0, write(1, 2)).finds(read(1, null), read(1, 1));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("an acknowledged write is lost"));
  }

  @Test
  void findsAValueThatNobodyWroteAndOneThatWasRefused() {
    told.does(0, read(1, null), read(1, 7));
    told.begin(0, write(2, 8)).fail(0).does(0, read(2, null), read(2, 8));
    assertThat(told.faults()).hasSize(2);
  }

  @Test
  void findsAChangeFromAValueThatWasNotThere() {
    told.does(0, write(1, 1)).does(0, write(1, 2)).does(1, cas(1, 1, 3));
    told.finds(read(1, null), read(1, 3));
    assertThat(told.faults()).hasSize(1).allMatch(f -> f.contains("change of 1 to 3"));
  }

  @Test
  void allowsALostAnswerToTakeEffectLateOrNever() {
    told.does(0, write(1, 1)).begin(1, write(1, 2)).info(1).begin(2, write(1, 3)).info(2);
    told.does(0, read(1, null), read(1, 1)).does(0, write(1, 4)).does(0, read(1, null), read(1, 2));
    told.finds(read(1, null), read(1, 2));
    assertThat(told.faults()).isEmpty();
  }

  @Test
  void doesNotLetALostAnswerTakeEffectTwice() {
    told.does(0, write(1, 1)).begin(1, write(1, 2)).info(1);
    told.does(0, read(1, null), read(1, 2)).does(0, write(1, 3));
    told.does(0, read(1, null), read(1, 2)).finds(read(1, null), read(1, 2));
    assertThat(told.faults()).hasSize(1);
  }

  @Test
  void judgesOthersWhileOneHangs() {
    told.does(0, write(1, 1)).begin(9, write(1, 5)).does(0, write(2, 1));
    told.does(0, read(2, null), read(2, null));
    assertThat(told.faults()).anyMatch(f -> f.contains("register 2"));
  }

  @Test
  void saysUnknownBeyondItsBoundsAndNeverThatAllIsWell() {
    for (int process = 0; process < 64; process++) {
      told.begin(process, write(1, process + 1));
    }
    for (int process = 0; process < 64; process++) {
      told.info(process);
    }
    told.does(100, read(1, null), read(1, 1)).finds(read(1, null), read(1, 1));
    Findings findings = told.ended();
    assertThat(findings.count(Finding.Kind.UNKNOWN)).isEqualTo(1);
    assertThat(Ruling.of(findings, List.of(), "").passed()).isFalse();
  }

  /**
   * Small histories with random answers, most of them wrong, beside a search through all orders.
   */
  @Test
  void agreesWithASearchThroughAllOrders() {
    int wrong = 0;
    for (long seed = 1; seed <= 20_000; seed++) {
      List<Op> history = small(new Rng(seed));
      Findings findings = new Findings();
      RegisterJudge judge = new RegisterJudge(findings);
      Histories.feed(history, judge);
      judge.end(false);
      boolean good = AllOrders.linearizable(history);
      assertThat(findings.count(Finding.Kind.FAULT) == 0)
          .as("seed %d: %s", seed, history)
          .isEqualTo(good);
      wrong += good ? 0 : 1;
    }
    assertThat(wrong).isBetween(2_000, 18_000);
  }

  private static List<Op> small(Rng rng) {
    List<Op> history = new ArrayList<>();
    List<Op> open = new ArrayList<>();
    int begun = 0;
    while (begun < 7 || !open.isEmpty()) {
      if (begun < 7 && (open.size() < 3 && rng.chance(600) || open.isEmpty())) {
        Op invoke = Op.invoke(begun++, asked(rng), history.size());
        open.add(invoke);
        history.add(invoke);
      } else {
        history.add(ended(open.remove(rng.below(open.size())), rng, history.size()));
      }
    }
    return history;
  }

  private static Value asked(Rng rng) {
    return switch (rng.below(3)) {
      case 0 -> read(1, null);
      case 1 -> write(1, 1 + rng.below(3));
      default -> cas(1, 1 + rng.below(3), 1 + rng.below(3));
    };
  }

  private static Op ended(Op invoke, Rng rng, long now) {
    int draw = rng.below(10);
    if (draw == 0) {
      return invoke.fail(now, "no");
    }
    if (draw < 3) {
      return invoke.info(now, "lost");
    }
    boolean reads = invoke.value() instanceof Value.Read;
    int value = rng.below(4);
    return invoke.ok(reads ? read(1, value == 0 ? null : value) : invoke.value(), now, "n1");
  }
}
