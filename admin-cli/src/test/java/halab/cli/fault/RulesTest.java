package halab.cli.fault;

import static org.assertj.core.api.Assertions.assertThat;

import halab.admin.proto.FaultAction;
import halab.admin.proto.FaultRule;
import halab.sim.Fault;
import halab.sim.FaultText;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RulesTest {
  private static Fault.Link link(String text) {
    return (Fault.Link) FaultText.plain("test", 1, text);
  }

  private static List<FaultRule> rules(String host, String text) {
    return Rules.forHost(host, List.of(new Links.Held("f1", link(text))), 1).getRuleList();
  }

  @Test
  void swallowsBothWaysAtBothEnds() {
    FaultRule atOne = rules("n1", "cut n1 | n2 on private").get(0);
    FaultRule atTwo = rules("n2", "cut n1 | n2 on private").get(0);
    assertThat(atOne.getAction()).isEqualTo(FaultAction.BLACK_HOLE);
    assertThat(atOne.getNetwork()).isEqualTo("private");
    assertThat(atOne.getPeerHost()).isEqualTo("n2");
    assertThat(atOne.getOut() && atOne.getIn()).isTrue();
    assertThat(atTwo.getPeerHost()).isEqualTo("n1");
    assertThat(atTwo.getOut() && atTwo.getIn()).isTrue();
    assertThat(rules("n3", "cut n1 | n2")).isEmpty();
  }

  @Test
  void cutsOneWayOnly() {
    FaultRule sender = rules("n1", "cut n1 -> n2").get(0);
    FaultRule hearer = rules("n2", "cut n1 -> n2").get(0);
    assertThat(sender.getOut()).isTrue();
    assertThat(sender.getIn()).isFalse();
    assertThat(hearer.getOut()).isFalse();
    assertThat(hearer.getIn()).isTrue();
  }

  @Test
  void drawsLossAndDelayOnceAtTheSender() {
    FaultRule loss = rules("n1", "loss n1 | n2 10%").get(0);
    assertThat(loss.getPercent()).isEqualTo(10);
    assertThat(loss.getOut()).isTrue();
    assertThat(loss.getIn()).isFalse();
    assertThat(rules("n2", "delay n1 -> n2 50ms")).isEmpty();
    assertThat(rules("n1", "delay n1 -> n2 50ms").get(0).getDelayMs()).isEqualTo(50);
  }

  /** As in a lab: the monitor's host is on the public network only. */
  private static Set<String> networks(String host) {
    return host.equals("mon") ? Set.of("public") : Set.of("public", "private");
  }

  @Test
  void leavesOutHostsThatShareNoNetwork() {
    assertThat(Rules.pairs(link("cut n1 | {n2 mon} on private"), RulesTest::networks))
        .extracting(Fault.Link::text)
        .containsExactly("cut n1 | n2 on private");
    assertThat(Rules.pairs(link("cut n1 | mon on private"), RulesTest::networks)).isEmpty();
    assertThat(Rules.pairs(link("cut n1 | mon"), RulesTest::networks)).hasSize(1);
  }

  @Test
  void splitsSetsOfHostsIntoPairsThatCanBeHealedOneByOne() {
    List<Fault.Link> pairs = Rules.pairs(link("cut n1 | {n2 n3}"), RulesTest::networks);
    assertThat(pairs).extracting(Fault.Link::text).containsExactly("cut n1 | n2", "cut n1 | n3");
    Fault.Heal heal = (Fault.Heal) FaultText.plain("test", 1, "heal n3 | n1");
    assertThat(Rules.healedBy(pairs.get(0), heal)).isFalse();
    assertThat(Rules.healedBy(pairs.get(1), heal)).isTrue();
    assertThat(Rules.healedBy(pairs.get(0), Fault.Heal.ALL)).isTrue();
  }
}
