package halab.cli.docker;

import static org.assertj.core.api.Assertions.assertThat;

import halab.cli.fault.Links.Held;
import halab.sim.Fault.LinkKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetemTest {
  private static String script(String host, Held... shaped) {
    return Netem.script(NetPlanTest.LAB, host, List.of(shaped));
  }

  @Test
  void aDelayLiesOnTheSendersCardTowardsItsPeer() {
    Held delay = NetPlanTest.held(1, LinkKind.DELAY, "n1", "n2", false, "private", 200);
    assertThat(script("n1", delay))
        .contains(
            "ip -o -4 addr show to 10.56.2.11",
            "prio bands 4\n",
            "parent 1:4 netem delay 200ms\n",
            "match ip dst 10.56.2.12/32 flowid 1:4\n");
    assertThat(script("n2", delay)).doesNotContain("netem");
  }

  @Test
  void twoFaultsTowardsOnePeerShareItsBand() {
    assertThat(
            script(
                "n1",
                NetPlanTest.held(1, LinkKind.DELAY, "n1", "n2", true, "private", 200),
                NetPlanTest.held(2, LinkKind.DUPLICATE, "n2", "n1", true, "private", 10)))
        .contains("prio bands 4\n", "parent 1:4 netem delay 200ms duplicate 10%\n")
        .doesNotContain("1:5");
  }

  @Test
  void withoutFaultsAllShapingGoes() {
    assertThat(script("n1")).contains("tc qdisc del dev $card root").doesNotContain("netem");
  }
}
