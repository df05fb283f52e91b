package halab.cli.docker;

import static org.assertj.core.api.Assertions.assertThat;

import halab.cli.fault.Links.Held;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.sim.Fault;
import halab.sim.Fault.LinkKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NetPlanTest {
  static final Lab LAB =
      new Lab(
          Path.of("lab"),
          "t",
          "dsc",
          Lab.DOCKER,
          1,
          1.0,
          "",
          "secret",
          Lab.TRUST,
          List.of(
              host("n1", 11, "public", "private", "storage"),
              host("n2", 12, "public", "private", "storage"),
              host("mon", 21, "public"),
              host("store", 31, "storage"),
              host("client", 41, "public")),
          List.of(),
          5324,
          new TreeMap<>(),
          new TreeMap<>());

  private static LabHost host(String name, int number, String... networks) {
    Map<String, String> addresses = new TreeMap<>();
    for (String network : networks) {
      addresses.put(network, "10.56." + (LabHost.NETWORKS.indexOf(network) + 1) + "." + number);
    }
    return new LabHost(name, new TreeMap<>(addresses), List.of(), List.of(), new TreeMap<>());
  }

  static Held held(
      int id, LinkKind kind, String from, String to, boolean bothWays, String network, int amount) {
    return new Held(
        "f" + id, new Fault.Link(kind, List.of(from), List.of(to), bothWays, network, amount));
  }

  /** As {@code cut HOST} against all others. */
  private static List<Held> allOf(String host, String network, String... others) {
    List<Held> all = new ArrayList<>();
    for (String other : others) {
      all.add(held(all.size() + 1, LinkKind.CUT, host, other, true, network, 0));
    }
    return all;
  }

  @Test
  void aHostCutFromAllOthersIsTakenOffTheNetwork() {
    NetPlan plan = NetPlan.of(LAB, allOf("n1", "storage", "n2", "mon", "store", "client"));
    assertThat(plan.apart()).hasToString("{storage=[n1]}");
    assertThat(plan.filters()).isEmpty();
  }

  @Test
  void onAllNetworksItIsTakenOffEach() {
    NetPlan plan = NetPlan.of(LAB, allOf("n1", "all", "n2", "mon", "store", "client"));
    assertThat(plan.apart()).hasToString("{private=[n1], public=[n1], storage=[n1]}");
    assertThat(plan.filters()).isEmpty();
  }

  @Test
  void ofTwoThatOnlyLackEachOtherOneIsTakenOff() {
    NetPlan plan = NetPlan.of(LAB, allOf("n2", "private", "n1"));
    assertThat(plan.apart()).hasToString("{private=[n2]}");
  }

  @Test
  void theStoreCutFromAllLeavesTheOthersOnTheirNetwork() {
    NetPlan plan = NetPlan.of(LAB, allOf("store", "storage", "n1", "n2"));
    assertThat(plan.apart()).hasToString("{storage=[store]}");
  }

  @Test
  void aPartialCutIsAFilterAtBothEnds() {
    NetPlan plan = NetPlan.of(LAB, allOf("n1", "storage", "store"));
    assertThat(plan.apart()).isEmpty();
    assertThat(plan.filters("store"))
        .containsExactly(new NetPlan.Filter("f1", "storage", "n1", "10.56.3.11", LinkKind.CUT, 0));
    assertThat(plan.filters("n1"))
        .containsExactly(
            new NetPlan.Filter("f1", "storage", "store", "10.56.3.31", LinkKind.CUT, 0));
    assertThat(plan.filters("n2")).isEmpty();
  }

  @Test
  void aOneWayCutIsAFilterAtTheHearingEnd() {
    NetPlan plan = NetPlan.of(LAB, List.of(held(1, LinkKind.CUT, "n1", "n2", false, "private", 0)));
    assertThat(plan.apart()).isEmpty();
    assertThat(plan.filters()).containsOnlyKeys("n2");
    assertThat(plan.filters("n2").get(0).address()).isEqualTo("10.56.2.11");
  }

  @Test
  void twoOneWayCutsMakeOneBothWays() {
    NetPlan plan =
        NetPlan.of(
            LAB,
            List.of(
                held(1, LinkKind.CUT, "n1", "n2", false, "private", 0),
                held(2, LinkKind.CUT, "n2", "n1", false, "private", 0)));
    assertThat(plan.apart()).hasToString("{private=[n1]}");
  }

  @Test
  void refusalsAndLossesAreFiltersOnEverySharedNetwork() {
    NetPlan plan =
        NetPlan.of(
            LAB,
            List.of(
                held(1, LinkKind.REFUSE, "n1", "n2", false, "all", 0),
                held(2, LinkKind.LOSS, "mon", "n1", false, "all", 30)));
    assertThat(plan.filters("n2"))
        .extracting(NetPlan.Filter::network)
        .containsExactly("public", "private", "storage");
    assertThat(plan.filters("n1"))
        .containsExactly(
            new NetPlan.Filter("f2", "public", "mon", "10.56.1.21", LinkKind.LOSS, 30));
  }

  @Test
  void delaysAreNoFilters() {
    Held delay = held(1, LinkKind.DELAY, "n1", "n2", true, "private", 200);
    NetPlan plan = NetPlan.of(LAB, List.of(delay));
    assertThat(plan.filters()).isEmpty();
    assertThat(plan.shaped()).containsExactly(delay);
  }

  @Test
  void aNetworkThatTheyDoNotShareIsNotConcerned() {
    NetPlan plan = NetPlan.of(LAB, List.of(held(1, LinkKind.CUT, "mon", "store", true, "all", 0)));
    assertThat(plan.apart()).isEmpty();
    assertThat(plan.filters()).isEmpty();
  }
}
