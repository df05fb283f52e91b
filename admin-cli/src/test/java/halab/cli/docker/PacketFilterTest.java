package halab.cli.docker;

import static org.assertj.core.api.Assertions.assertThat;

import halab.sim.Fault.LinkKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PacketFilterTest {
  private static NetPlan.Filter rule(String id, LinkKind kind, int percent) {
    return new NetPlan.Filter(id, "private", "n1", "10.56.2.11", kind, percent);
  }

  private static String script(NetPlan.Filter... rules) {
    return PacketFilter.script(List.of(rules), rule -> "");
  }

  @Test
  void aSenderThatMayHoldOtherAddressesIsKnownByItsCardToo() {
    String script =
        PacketFilter.script(List.of(rule("f1", LinkKind.CUT, 0)), rule -> "02:42:0a:38:01:0b");
    assertThat(script)
        .contains(
            "ip saddr 10.56.2.11 counter name \"f1\" drop",
            "ether saddr 02:42:0a:38:01:0b ip saddr != 10.56.2.11 counter name \"f1\" drop");
  }

  @Test
  void noRulesMeanNoTable() {
    assertThat(script()).isEqualTo("add table inet halab\ndelete table inet halab\n");
  }

  @Test
  void everyFaultHasACounterThatGoesOn() {
    String script = script(rule("f1", LinkKind.CUT, 0), rule("f2", LinkKind.LOSS, 30));
    assertThat(script)
        .contains(
            "flush chain inet halab hear\nadd counter inet halab f1\nadd counter inet halab f2\n",
            "ip saddr 10.56.2.11 counter name \"f1\" drop",
            "ip saddr 10.56.2.11 numgen random mod 100 < 30 counter name \"f2\" drop");
  }

  @Test
  void aRefusalTellsTcpByResetAndTheRestByIcmp() {
    assertThat(script(rule("f3", LinkKind.REFUSE, 0)))
        .contains(
            "meta l4proto tcp counter name \"f3\" reject with tcp reset",
            "counter name \"f3\" reject with icmp type host-unreachable");
  }

  @Test
  void countersAreReadAsNftListsThem() {
    String listed =
        """
        table inet halab {
        \tcounter f1 {
        \t\tpackets 12 bytes 720
        \t}
        \tcounter f2 {
        \t\tpackets 0 bytes 0
        \t}
        }
        """;
    assertThat(PacketFilter.parsed(listed))
        .containsOnly(
            Map.entry("f1", new PacketFilter.Count(12, 720)),
            Map.entry("f2", new PacketFilter.Count(0, 0)));
    assertThat(PacketFilter.parsed("Error: No such file or directory")).isEmpty();
  }

  @Test
  void netemHasABandForEachHostItSlowsDown() {
    String script =
        Netem.script(
            NetPlanTest.LAB,
            "n1",
            List.of(
                NetPlanTest.held(1, LinkKind.DELAY, "n1", "n2", true, "private", 200),
                NetPlanTest.held(2, LinkKind.DUPLICATE, "store", "n1", true, "storage", 5)));
    assertThat(script)
        .contains(
            "ip -o -4 addr show to 10.56.2.11",
            "tc qdisc add dev $card root handle 1: prio bands 4\n"
                + "tc qdisc add dev $card parent 1:4 netem delay 200ms\n"
                + "tc filter add dev $card parent 1: protocol ip prio 1 u32 match ip dst"
                + " 10.56.2.12/32 flowid 1:4",
            "netem duplicate 5%",
            "match ip dst 10.56.3.31/32");
  }

  @Test
  void withoutShapingAllOfItIsTakenAway() {
    assertThat(Netem.script(NetPlanTest.LAB, "mon", List.of()))
        .contains("tc qdisc del dev $card root")
        .doesNotContain("tc qdisc add");
  }
}
