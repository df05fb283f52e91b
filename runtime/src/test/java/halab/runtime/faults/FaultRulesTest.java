package halab.runtime.faults;

import static org.assertj.core.api.Assertions.assertThat;

import halab.admin.proto.FaultAction;
import halab.admin.proto.FaultReceipt;
import halab.admin.proto.FaultRule;
import halab.admin.proto.FaultSet;
import halab.runtime.faults.FaultRules.Fate;
import org.junit.jupiter.api.Test;

class FaultRulesTest {
  private final FaultRules rules = new FaultRules("n1/x");

  private static FaultRule.Builder rule(FaultAction action) {
    return FaultRule.newBuilder()
        .setId("r")
        .setNetwork("private")
        .setPeerHost("n2")
        .setOut(true)
        .setAction(action);
  }

  private FaultReceipt set(FaultRule.Builder... all) {
    FaultSet.Builder set = FaultSet.newBuilder();
    for (FaultRule.Builder rule : all) {
      set.addRule(rule);
    }
    return rules.replace(set.build());
  }

  @Test
  void aRuleBitesItsNetworkPeerAndDirectionOnlyAndCounts() {
    set(rule(FaultAction.BLACK_HOLE));
    assertThat(rules.onSend("private", "n2").fate()).isEqualTo(Fate.SWALLOW);
    assertThat(rules.onReceive("private", "n2").fate()).isEqualTo(Fate.DELIVER);
    assertThat(rules.onSend("private", "n3").fate()).isEqualTo(Fate.DELIVER);
    assertThat(rules.onSend("storage", "n2").fate()).isEqualTo(Fate.DELIVER);
    assertThat(rules.receipt().getBite(0).getSwallowed()).isEqualTo(1);
  }

  @Test
  void emptyNetworkAndPeerMeanAllButNeverTheOwnHost() {
    set(rule(FaultAction.REFUSE).setNetwork("").setPeerHost("").setIn(true));
    assertThat(rules.onReceive("storage", "n7").fate()).isEqualTo(Fate.REFUSE);
    assertThat(rules.onSend(FaultRules.LOCAL, "n1").fate()).isEqualTo(Fate.DELIVER);
  }

  @Test
  void delaysAddUpAndLossOfAllIsSilence() {
    set(
        rule(FaultAction.DELAY).setId("a").setDelayMs(30),
        rule(FaultAction.DELAY).setId("b").setDelayMs(12));
    assertThat(rules.onSend("private", "n2").delayMs()).isEqualTo(42);
    set(rule(FaultAction.LOSS).setPercent(100));
    assertThat(rules.onSend("private", "n2").fate()).isEqualTo(Fate.SWALLOW);
    set(rule(FaultAction.LOSS).setPercent(0));
    assertThat(rules.onSend("private", "n2").fate()).isEqualTo(Fate.DELIVER);
    set(rule(FaultAction.DUPLICATE).setPercent(100));
    assertThat(rules.onSend("private", "n2").twice()).isTrue();
  }

  @Test
  void aWrongSetChangesNothingAndSaysWhy() {
    set(rule(FaultAction.BLACK_HOLE));
    assertThat(set(rule(FaultAction.DELAY).setDelayMs(-1)).getFailure()).contains("rule r");
    assertThat(set(rule(FaultAction.DELAY).setId("")).getFailure()).contains("empty");
    assertThat(set(rule(FaultAction.FAULT_ACTION_UNSPECIFIED)).getFailure()).isNotEmpty();
    assertThat(set(rule(FaultAction.LOSS).setOut(false)).getFailure()).contains("direction");
    assertThat(rules.onSend("private", "n2").fate()).isEqualTo(Fate.SWALLOW);
  }

  @Test
  void anOlderVersionIsRefusedAndKeptRulesGoOnCounting() {
    FaultRule rule = rule(FaultAction.BLACK_HOLE).build();
    rules.replace(FaultSet.newBuilder().setVersion(5).addRule(rule).build());
    rules.onSend("private", "n2");
    assertThat(rules.replace(FaultSet.newBuilder().setVersion(4).build()).getFailure())
        .contains("older");
    rules.replace(FaultSet.newBuilder().setVersion(6).addRule(rule).build());
    assertThat(rules.receipt().getBite(0).getSwallowed()).isEqualTo(1);
  }
}
