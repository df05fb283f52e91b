package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who has to go when links are broken: the table of reference 4.4. */
class LinkVerdictTest {
  /** Links inside these sets stand, all others are broken. */
  private static List<Integer> halted(int eps, List<List<Integer>> sets, Integer... reachIp) {
    return LinkVerdict.halted(
        IntStream.range(0, eps).boxed().toList(),
        (a, b) -> sets.stream().anyMatch(s -> s.contains(a) && s.contains(b)),
        List.of(reachIp)::contains);
  }

  private static final List<List<Integer>> APART = List.of();

  @Test
  void nobodyGoesWhileAllReachEachOther() {
    assertThat(halted(2, List.of(List.of(0, 1)))).isEmpty();
    assertThat(halted(2, List.of(List.of(0, 1)), 1)).as("whatever the address says").isEmpty();
    assertThat(halted(4, List.of(List.of(0, 1, 2, 3)))).isEmpty();
  }

  @Test
  void ofTwoTheHigherSeqnoGoes() {
    assertThat(halted(2, APART)).as("nobody reaches the address").containsExactly(1);
    assertThat(halted(2, APART, 0, 1)).as("both do").containsExactly(1);
  }

  @Test
  void ofTwoTheOneThatDoesNotReachTheAddressGoes() {
    assertThat(halted(2, APART, 0)).containsExactly(1);
    assertThat(halted(2, APART, 1)).containsExactly(0);
  }

  @Test
  void theRuleForTwoIsForWhoeverIsLeft() {
    assertThat(LinkVerdict.halted(List.of(3, 6), (a, b) -> false, ep -> ep == 6))
        .containsExactly(3);
  }

  @Test
  void ofThreeTheOneThatIsIsolatedGoesWhateverItsNumber() {
    assertThat(halted(3, List.of(List.of(1, 2)), 0)).containsExactly(0);
    assertThat(halted(3, List.of(List.of(0, 2)))).containsExactly(1);
    assertThat(halted(3, List.of(List.of(0, 1)))).containsExactly(2);
  }

  @Test
  void ofTwoLargestSetsTheOneWithTheLowestSeqnoStays() {
    assertThat(halted(4, List.of(List.of(0, 3), List.of(1, 2)))).containsExactly(1, 2);
    assertThat(halted(4, List.of(List.of(2, 3), List.of(0, 1)))).containsExactly(2, 3);
    assertThat(halted(3, APART)).containsExactly(1, 2);
  }

  @Test
  void aSetIsOneInWhichAllReachEachOther() {
    // A chain 0 - 1 - 2: 0 and 2 do not reach each other.
    assertThat(halted(3, List.of(List.of(0, 1), List.of(1, 2)))).containsExactly(2);
    assertThat(halted(8, List.of(List.of(0, 1, 2), List.of(3, 4, 5, 6), List.of(6, 7))))
        .containsExactly(0, 1, 2, 7);
  }
}
