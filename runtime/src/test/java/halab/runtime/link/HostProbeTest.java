package halab.runtime.link;

import static org.assertj.core.api.Assertions.assertThat;

import halab.admin.proto.FaultAction;
import halab.admin.proto.FaultRule;
import halab.admin.proto.FaultSet;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.LabHost;
import halab.runtime.toy.Toy;
import halab.runtime.toy.ToyLab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether a host answers, as the link check asks it. */
class HostProbeTest {
  private static final Endpoint N1 = new Endpoint("n1", Toy.ROLE);
  private static final Endpoint AGENT = new Endpoint("store", LabHost.HOSTD);
  @TempDir Path dir;
  private ToyLab toy;
  private Net net;
  private FaultRules faults;
  private ServerSocket agent;

  @BeforeEach
  void open() throws IOException {
    toy = new ToyLab(dir);
    net = new Net(toy.lab.secret());
    faults = new FaultRules(N1.toString());
  }

  @AfterEach
  void close() throws IOException {
    if (agent != null) {
      agent.close();
    }
    net.close();
    toy.close();
  }

  private Event.Probed probed(String host) throws Exception {
    CompletableFuture<Event> answer = new CompletableFuture<>();
    HostProbe probe =
        new HostProbe(N1, toy.lab, net, faults, answer::complete, (a, b) -> "private");
    probe.probe(new Effect.Probe(7, host));
    return (Event.Probed) answer.get(20, TimeUnit.SECONDS);
  }

  private void powerOn() throws IOException {
    agent = new ServerSocket(toy.lab.port(AGENT), 5, InetAddress.getLoopbackAddress());
  }

  private void rule(String peer, boolean out, FaultAction action) {
    FaultRule.Builder rule = FaultRule.newBuilder().setId("f1").setNetwork("private");
    rule.setPeerHost(peer).setOut(out).setIn(!out).setAction(action);
    faults.replace(FaultSet.newBuilder().addRule(rule).build());
  }

  @Test
  void aHostWhoseAgentTakesTheConnectionIsReached() throws Exception {
    powerOn();
    rule("n2", true, FaultAction.BLACK_HOLE); // somebody else's
    assertThat(probed("store")).isEqualTo(new Event.Probed(7, "store", true, null));
  }

  @Test
  void aHostWithoutPowerIsNot() throws Exception {
    assertThat(probed("store")).isEqualTo(new Event.Probed(7, "store", false, null));
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultAction.class,
      names = {"BLACK_HOLE", "REFUSE"})
  void aCutInEitherDirectionHidesIt(FaultAction action) throws Exception {
    powerOn();
    rule("store", true, action);
    assertThat(probed("store").reached()).isFalse();
    rule("store", false, action);
    assertThat(probed("store").reached()).isFalse();
  }

  @Test
  void aHostThatTheLabDoesNotHaveCannotEvenBeTried() throws Exception {
    assertThat(probed("n9").reached()).isFalse();
    assertThat(probed("n9").failure()).contains("n9");
  }
}
