package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Kill;
import halab.kernel.Effect;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two Kills for one EP in one step: which of them may still be written. */
class KillOrderTest {
  private static Effect kill(String disk, int block, long life) {
    return new Effect.WriteBlock(1, disk, block, Kill.newBuilder().setIncarnation(life).build());
  }

  @Test
  void aKillForAnEarlierLifeTakesBackTheOneThatIsOnItsWay() {
    List<Effect> before = List.of(kill("/vote", 50, 2));
    assertThat(GroupActs.takesBack(kill("/vote", 50, 1), before)).isTrue();
    assertThat(GroupActs.takesBack(kill("/vote", 50, 2), before)).as("twice the same").isTrue();
    assertThat(GroupActs.takesBack(kill("/vote", 50, 3), before)).as("a later life").isFalse();
    assertThat(GroupActs.takesBack(kill("/vote", 54, 1), before)).as("another EP").isFalse();
    assertThat(GroupActs.takesBack(kill("/other", 50, 1), before)).as("another disk").isFalse();
    assertThat(GroupActs.takesBack(kill("/vote", 50, 1), List.of())).isFalse();
  }
}
