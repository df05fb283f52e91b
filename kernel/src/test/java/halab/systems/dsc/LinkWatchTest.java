package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** When a MAL link is asked and when it counts as down (reference 2.3, 4.4). */
class LinkWatchTest {
  private static final List<Integer> PEERS = List.of(1, 2);
  private static final List<Integer> NONE = List.of();

  private static LinkWatch watch(int interval, int fail) {
    return new LinkWatch(interval, fail, TreePMap.empty());
  }

  /** Both links have answered a moment ago. */
  private static LinkWatch known(int interval, int fail) {
    return watch(interval, fail).beat(PEERS, NONE).answered(1).answered(2);
  }

  private static LinkWatch beats(LinkWatch watch, int beats, List<Integer> busy) {
    LinkWatch next = watch;
    for (int i = 0; i < beats; i++) {
      next = next.beat(PEERS, busy);
    }
    return next;
  }

  @Test
  void aLinkThatNeverAnsweredIsAskedAtOnceAndIsNotUp() {
    LinkWatch first = watch(30, 10).beat(PEERS, NONE);
    assertThat(first.waiting()).containsExactly(1, 2);
    assertThat(first.notUp()).containsExactly(1, 2);
    assertThat(first.down()).isEmpty();
    assertThat(first.answered(1).notUp()).containsExactly(2);
  }

  @Test
  void anIdleLinkIsAskedEveryInterval() {
    assertThat(beats(known(30, 10), 29, NONE).waiting()).isEmpty();
    assertThat(beats(known(30, 10), 30, NONE).waiting()).containsExactly(1, 2);
  }

  @Test
  void itIsDownIntervalAndFailIntervalAfterItsLastAnswer() {
    assertThat(beats(known(30, 10), 39, NONE).down()).isEmpty();
    assertThat(beats(known(30, 10), 40, NONE).down()).containsExactly(1, 2);
    assertThat(beats(known(30, 10), 40, NONE).answered(2).down()).containsExactly(1);
  }

  @Test
  void aRunningRequestNoticesEarlier() {
    assertThat(beats(known(30, 10), 1, List.of(2)).waiting()).containsExactly(2);
    assertThat(beats(known(30, 10), 10, List.of(2)).down()).isEmpty();
    assertThat(beats(known(30, 10), 11, List.of(2)).down()).containsExactly(2);
  }

  @Test
  void withoutAnIntervalOnlyARunningRequestNotices() {
    assertThat(beats(known(0, 2), 100, NONE).waiting()).isEmpty();
    assertThat(beats(known(0, 2), 3, List.of(1)).down()).containsExactly(1);
  }

  @Test
  void whoIsNoMemberAnyMoreIsForgotten() {
    LinkWatch down = beats(known(1, 2), 5, NONE);
    assertThat(down.beat(List.of(2), NONE).down()).containsExactly(2);
    assertThat(down.answered(7)).as("an answer of a stranger").isEqualTo(down);
  }
}
