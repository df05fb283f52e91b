package halab.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import halab.admin.proto.FaultAction;
import halab.admin.proto.FaultRule;
import halab.admin.proto.FaultSet;
import halab.admin.proto.Heard;
import halab.admin.proto.ProbeDatagram;
import halab.admin.proto.ProbeReply;
import halab.admin.proto.ProbeRequest;
import halab.runtime.Await;
import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import halab.runtime.toy.ToyLab;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbesTest {
  private static final int COUNT = 3;

  @TempDir Path dir;
  private ToyLab toy;
  private Agent one;
  private Agent two;
  private long round;

  /** What hostd has of it. */
  private final class Agent {
    final Net net = new Net(toy.lab.secret());
    final FaultRules faults;
    final Probes probes;

    Agent(String host) {
      faults = new FaultRules(host);
      probes = new Probes(toy.lab, toy.lab.host(host), net, faults);
      probes.listen();
    }

    ProbeReply asked(int count) {
      CompletableFuture<ProbeReply> reply = new CompletableFuture<>();
      ProbeRequest request =
          ProbeRequest.newBuilder()
              .setRound(round)
              .setCount(count)
              .setEveryMs(1)
              .setAnswerAfterMs(20)
              .build();
      net.run(() -> probes.round(request, reply::complete));
      return reply.join();
    }

    int heard(String network, String from) {
      return asked(0).getHeardList().stream()
          .filter(h -> h.getNetwork().equals(network) && h.getHost().equals(from))
          .mapToInt(Heard::getCount)
          .sum();
    }
  }

  @BeforeEach
  void open() throws IOException {
    toy = new ToyLab(dir);
    one = new Agent("n1");
    two = new Agent("n2");
  }

  @AfterEach
  void close() {
    one.net.close();
    two.net.close();
    toy.close();
  }

  private void rule(Agent agent, String peer, boolean out, FaultAction action) {
    FaultRule.Builder rule =
        FaultRule.newBuilder()
            .setId("f1")
            .setNetwork("private")
            .setPeerHost(peer)
            .setOut(out)
            .setIn(!out)
            .setAction(action);
    agent.faults.replace(FaultSet.newBuilder().addRule(rule).build());
  }

  @Test
  void everyNetworkIsMeasuredOneWay() {
    round = 1;
    ProbeReply sent = one.asked(COUNT);
    assertThat(sent.getSentList()).extracting(Heard::getHost).contains("n2", "store");
    for (String network : new String[] {"public", "private", "storage"}) {
      Await.until(network, () -> two.heard(network, "n1") == COUNT);
    }
    assertThat(one.heard("private", "n2")).as("n2 has sent nothing").isZero();
  }

  @Test
  void whatARuleSwallowsIsNotHeard() {
    rule(one, "n2", true, FaultAction.BLACK_HOLE);
    round = 2;
    one.asked(COUNT);
    two.asked(COUNT);
    Await.until("the other way", () -> one.heard("private", "n2") == COUNT);
    Await.until("another network", () -> two.heard("storage", "n1") == COUNT);
    assertThat(two.heard("private", "n1")).isZero();
  }

  @Test
  void theHearingEndHasItsRulesToo() {
    rule(two, "n1", false, FaultAction.REFUSE);
    round = 3;
    one.asked(COUNT);
    Await.until("another network", () -> two.heard("storage", "n1") == COUNT);
    assertThat(two.heard("private", "n1")).isZero();
  }

  @Test
  void oldRoundsAreForgottenInOrderWhateverTheirNumbers() {
    for (long number : new long[] {90, 80, 70, 60, 50, 40, 30, 20, 10, 5}) {
      round = number;
      one.asked(COUNT);
      Await.until("round " + number, () -> two.heard("private", "n1") == COUNT);
    }
  }

  @Test
  void strangersAreNotHeard() throws IOException {
    round = 4;
    ProbeDatagram forged =
        ProbeDatagram.newBuilder()
            .setRound(round)
            .setNetwork("private")
            .setFrom("n1")
            .setTo("n2")
            .setToken(ByteString.copyFromUtf8("guessed"))
            .build();
    try (DatagramSocket stranger = new DatagramSocket()) {
      for (byte[] bytes : new byte[][] {forged.toByteArray(), {1, 2, 3}, new byte[2000], {}}) {
        stranger.send(
            new DatagramPacket(
                bytes,
                bytes.length,
                InetAddress.getLoopbackAddress(),
                toy.lab.host("n2").port("hostd")));
      }
    }
    one.asked(COUNT);
    Await.until("a sound one after them", () -> two.heard("private", "n1") == COUNT);
  }
}
