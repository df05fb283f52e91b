package halab.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Int64Value;
import halab.admin.proto.FaultAction;
import halab.admin.proto.FaultRule;
import halab.admin.proto.FaultSet;
import halab.admin.proto.LaunchReply;
import halab.admin.proto.ProcessStatus;
import halab.admin.proto.Sig;
import halab.bricks.Slots;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.kernel.Wire;
import halab.runtime.Await;
import halab.runtime.admin.AdminClient;
import halab.runtime.admin.AdminException;
import halab.runtime.lab.Secret;
import halab.runtime.toy.Toy;
import halab.runtime.toy.ToyLab;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: daemons, disk daemon and hostd, killed and asked. */
class ProcessesTest {
  private static final String MEMBER = Toy.ROLE;
  @TempDir Path dir;
  private ToyLab toy;

  @BeforeEach
  void makeLab() throws IOException {
    toy = new ToyLab(dir);
  }

  @AfterEach
  void endAll() {
    toy.close();
  }

  private void awaitBeats(String host) {
    Await.until(
        host + " beats",
        () -> {
          String beats = toy.fact(host, "beats");
          return beats != null && Long.parseLong(beats) > 2;
        });
  }

  private long beatOnDisk(int block) throws IOException {
    byte[] all = Files.readAllBytes(toy.diskFile());
    byte[] frame = Arrays.copyOfRange(all, block * 512, block * 512 + 512);
    var read = Slots.read(block, frame, new Wire(new Toy().messages()));
    assertThat(read.damage()).isNull();
    Int64Value value = read.as(Int64Value.class);
    return value == null ? -1 : value.getValue();
  }

  @Test
  void daemonsBeatOnTheDiskTalkToEachOtherAndStopInOrder() throws Exception {
    toy.start("store", "diskd");
    Process n1 = toy.start("n1", MEMBER);
    toy.start("n2", MEMBER);
    Await.until(
        "hello", () -> toy.fact("n1", "heard") != null && !"0".equals(toy.fact("n1", "heard")));
    Await.until(
        "a beat on the disk", () -> toy.ask("n1", MEMBER, c -> c.status().getFirstBeatMs() > 0));
    assertThat(beatOnDisk(1)).isNotNegative();
    assertThat(toy.ask("n1", MEMBER, AdminClient::status).getLinkList())
        .anyMatch(l -> l.getNetwork().equals("storage") && l.getUp())
        .anyMatch(l -> l.getPeer().equals("n2/member") && l.getUp());
    n1.destroy();
    assertThat(n1.waitFor()).isZero();
    Path logs = toy.lab.log("n1");
    assertThat(logs.resolve("TOY.log")).hasContent("INFO life 1 begins");
    assertThat(Files.readString(logs.resolve("member/decision.log")))
        .contains("n1/member toy row=10 NEW->UP on=Started");
    assertThat(Files.readString(logs.resolve("member/events.jsonl"))).contains("\"kind\":\"halt\"");
  }

  @Test
  void everyLifeHasALargerIncarnation() throws Exception {
    for (int life = 1; life <= 3; life++) {
      Process n1 = toy.start("n1", MEMBER);
      long seen = toy.ask("n1", MEMBER, c -> c.status().getIncarnation());
      assertThat(seen).isEqualTo(life);
      n1.destroyForcibly().waitFor();
    }
  }

  @Test
  void acknowledgedWritesSurviveKillsOfTheDiskDaemonAtAnyMoment() throws Exception {
    Process diskd = toy.start("store", "diskd");
    toy.start("n1", MEMBER);
    awaitBeats("n1");
    Random random = new Random(7);
    for (int round = 0; round < 3; round++) {
      long until = beatOnDisk(1) + random.nextInt(4);
      Await.until("some more beats", () -> beatOnDiskNow(1) >= until);
      diskd.destroyForcibly().waitFor();
      long last = beatOnDisk(1);
      assertThat(last).isNotNegative();
      diskd = toy.start("store", "diskd");
      Await.until("beats go on", () -> beatOnDiskNow(1) > last);
    }
    assertThat(counter("n1", "disk.failed")).isPositive();
  }

  private long beatOnDiskNow(int block) {
    try {
      return beatOnDisk(block);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private long counter(String host, String name) {
    return toy.ask(host, MEMBER, AdminClient::status).getCounterList().stream()
        .filter(c -> c.getName().equals(name))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  @Test
  void commandsAreAnsweredAndMistakesOfOursExit70() throws Exception {
    Process n1 = toy.start("n1", MEMBER);
    List<String> out = new CopyOnWriteArrayList<>();
    toy.ask("n1", MEMBER, AdminClient::status);
    try (AdminClient client = toy.client("n1", MEMBER)) {
      assertThat(client.run(List.of("what"), 5000, out::add)).isEqualTo(1);
      assertThat(out).containsExactly("first", "no such word");
      assertThatThrownBy(() -> client.run(List.of("bug"), 5000, out::add))
          .isInstanceOf(AdminException.class);
    }
    assertThat(n1.waitFor()).isEqualTo(ExitCode.BUG);
    assertThat(toy.out("n1", MEMBER)).contains("a planted mistake").contains("last events");
  }

  @Test
  void hostileInputLeavesADaemonAlive() throws Exception {
    toy.start("n1", MEMBER);
    awaitBeats("n1");
    int port = toy.lab.port(new Endpoint("n1", MEMBER));
    byte[] garbage = new byte[100_000];
    new Random(1).nextBytes(garbage);
    try (Socket socket = new Socket("127.0.0.1", port);
        OutputStream to = socket.getOutputStream()) {
      to.write(garbage);
    } catch (IOException e) {
      // It may well hang up on us.
    }
    try (AdminClient client = toy.client("n1", MEMBER)) {
      List<String> huge = List.of("x".repeat(2_000_000));
      assertThatThrownBy(() -> client.run(huge, 5000, t -> {})).isInstanceOf(AdminException.class);
    }
    assertThat(toy.ask("n1", MEMBER, AdminClient::status).getPhase()).isEqualTo("UP");
  }

  @Test
  void aStrangersSecretIsRefused() throws Exception {
    toy.start("n1", MEMBER);
    awaitBeats("n1");
    Secret other = Secret.create(dir.resolve("other"));
    int port = toy.lab.port(new Endpoint("n1", MEMBER));
    try (AdminClient client = AdminClient.at("n1/member", "127.0.0.1", port, other, 5000)) {
      assertThatThrownBy(client::status)
          .isInstanceOf(AdminException.class)
          .extracting(e -> ((AdminException) e).reason())
          .isEqualTo(AdminException.Reason.FORBIDDEN);
    }
  }

  @Test
  void aPortThatIsTakenIsOneClearLineAndExit78() throws Exception {
    int port = toy.lab.port(new Endpoint("n1", MEMBER));
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      Process n1 = toy.start("n1", MEMBER);
      assertThat(n1.waitFor()).isEqualTo(ExitCode.CONFIG);
      assertThat(toy.out("n1", MEMBER))
          .contains("n1/member cannot listen on 127.0.0.1:" + taken.getLocalPort())
          .hasLineCount(1);
    }
  }

  @Test
  void aSecondProcessOfTheSameDaemonGivesWay() throws Exception {
    toy.start("n1", MEMBER);
    long pid = toy.ask("n1", MEMBER, c -> c.status().getPid());
    Process second = toy.start("n1", MEMBER);
    assertThat(second.waitFor()).isEqualTo(ExitCode.CONFIG);
    assertThat(toy.out("n1", MEMBER)).contains("n1/member is already running with pid " + pid);
    long incarnation = toy.ask("n1", MEMBER, c -> c.status().getIncarnation());
    assertThat(incarnation).isEqualTo(1);
  }

  @Test
  void hostdLaunchesOnceSignalsAndDescribes() throws Exception {
    toy.start("n1", "hostd");
    toy.ask("n1", "hostd", AdminClient::describe);
    try (AdminClient hostd = toy.client("n1", "hostd")) {
      LaunchReply first = hostd.launch(MEMBER);
      assertThat(first.getFailure()).isEmpty();
      LaunchReply second = hostd.launch(MEMBER);
      assertThat(second.getAlreadyRunning()).isTrue();
      assertThat(second.getPid()).isEqualTo(first.getPid());
      assertThat(hostd.launch("nonsense").getFailure()).contains("known:");
      awaitBeats("n1");
      assertThat(hostd.signal(MEMBER, Sig.SIG_STOP).getPid()).isEqualTo(first.getPid());
      assertThat(only(hostd).getState()).isEqualTo("paused");
      hostd.signal(MEMBER, Sig.SIG_CONT);
      assertThat(only(hostd).getState()).isEqualTo("running");
      hostd.signal(MEMBER, Sig.SIG_KILL);
      assertThat(only(hostd).getState()).isEqualTo("exited");
      assertThat(only(hostd).getExitCode()).isEqualTo(137);
      assertThat(hostd.signal(MEMBER, Sig.SIG_KILL).getFailure()).contains("is not running");
      assertThat(hostd.launch(MEMBER).getPid()).isNotEqualTo(first.getPid());
      awaitBeats("n1");
    }
  }

  private static ProcessStatus only(AdminClient hostd) {
    assertThat(hostd.describe().getProcessList()).hasSize(1);
    return hostd.describe().getProcess(0);
  }

  @Test
  void theDeathOfHostdIsThePowerOffOfItsHostPausedOrNot() throws Exception {
    Process hostd = toy.start("n1", "hostd");
    ProcessId daemon = ProcessId.of(toy.ask("n1", "hostd", c -> c.launch(MEMBER)).getPid()).get();
    awaitBeats("n1");
    if (Files.exists(Path.of("/usr/bin/setpriv"))) {
      toy.ask("n1", "hostd", c -> c.signal(MEMBER, Sig.SIG_STOP));
    }
    hostd.destroyForcibly().waitFor();
    Await.until("the daemon is gone", () -> !daemon.alive());
  }

  @Test
  void faultRulesReachTheLivingAndTheNextLife() throws Exception {
    toy.start("n1", "hostd");
    toy.ask("n1", "hostd", c -> c.launch(MEMBER));
    awaitBeats("n1");
    FaultRule rule =
        FaultRule.newBuilder()
            .setId("cut")
            .setNetwork("storage")
            .setOut(true)
            .setAction(FaultAction.REFUSE)
            .build();
    try (AdminClient hostd = toy.client("n1", "hostd")) {
      FaultSet set = FaultSet.newBuilder().setVersion(1).addRule(rule).build();
      assertThat(hostd.setHostFaults(set).getBite(0).getEndpoint()).isEqualTo("n1/member");
      Await.until("it bites", () -> bites() > 0);
      Await.until(
          "hostd knows",
          () -> hostd.describe().getBiteList().stream().anyMatch(b -> b.getRefused() > 0));
      hostd.signal(MEMBER, Sig.SIG_KILL);
      assertThat(hostd.describe().getBite(0).getRefused()).isPositive();
      hostd.launch(MEMBER);
      Await.until("it bites the next life as well", () -> bites() > 0);
      assertThat(hostd.describe().getFault(0)).isEqualTo(rule);
    }
  }

  private long bites() {
    return toy.ask("n1", MEMBER, AdminClient::faults).getBite(0).getRefused();
  }

  @Test
  void aRoleKeepsSmallFilesThatItsNextLifeIsBornWith() throws Exception {
    toy.start("n1", "hostd");
    toy.ask("n1", "hostd", c -> c.launch(MEMBER));
    awaitBeats("n1");
    List<String> printed = new CopyOnWriteArrayList<>();
    try (AdminClient member = toy.client("n1", MEMBER)) {
      member.console(printed::add, e -> {});
      Await.until(
          "the console is attached and the file saved",
          () -> {
            member.run(List.of("save", "heard", "4711"), 5000, t -> {});
            return printed.contains("saved heard: null");
          });
      member.run(List.of("save", "other", "x"), 5000, t -> {});
      member.run(List.of("remove", "other"), 5000, t -> {});
      member.run(List.of("save", "../etc/x", "x"), 5000, t -> {});
      Await.until(
          "refused",
          () -> printed.stream().anyMatch(p -> p.contains("'../etc/x' is no plain file name")));
    }
    assertThat(toy.lab.system("n1")).isDirectoryContaining(f -> f.endsWith("heard"));
    assertThat(toy.lab.system("n1").resolve("other")).doesNotExist();
    toy.ask("n1", "hostd", c -> c.signal(MEMBER, Sig.SIG_KILL));
    toy.ask("n1", "hostd", c -> c.launch(MEMBER));
    Await.until("a life that knows", () -> "4711".equals(toy.fact("n1", "heard")));
  }

  @Test
  void aRoleFindsProcessesAndEndsRolesOfItsHost() throws Exception {
    toy.start("n1", "hostd");
    long pid = toy.ask("n1", "hostd", c -> c.launch(MEMBER)).getPid();
    awaitBeats("n1");
    List<String> printed = new CopyOnWriteArrayList<>();
    try (AdminClient member = toy.client("n1", MEMBER)) {
      member.console(printed::add, e -> {});
      Await.until(
          "the console is attached and its own process found",
          () -> {
            member.run(List.of("find", "" + pid), 5000, t -> {});
            return printed.contains("pid " + pid + ": true");
          });
      // A living process, but none of this host's roles.
      member.run(List.of("find", "1"), 5000, t -> {});
      member.run(List.of("find", "4194305"), 5000, t -> {});
      member.run(List.of("end", "nonsense"), 5000, t -> {});
      Await.until("not its own", () -> printed.contains("pid 1: false"));
      Await.until("not there", () -> printed.contains("pid 4194305: false"));
      Await.until(
          "no such role",
          () -> printed.stream().anyMatch(p -> p.startsWith("ended nonsense: host n1 has no")));
      member.run(List.of("end", MEMBER), 5000, t -> {});
    }
    try (AdminClient hostd = toy.client("n1", "hostd")) {
      Await.until("it has ended itself", () -> only(hostd).getExitCode() == 137);
      assertThat(hostd.signal(MEMBER, Sig.SIG_KILL).getNotRunning()).isTrue();
    }
  }

  @Test
  void aRoleCanLaunchAndConfigureAddressesThroughItsHostd() throws Exception {
    toy.start("", "switch");
    toy.start("n1", "hostd");
    toy.ask("n1", "hostd", c -> c.launch(MEMBER));
    awaitBeats("n1");
    List<String> printed = new CopyOnWriteArrayList<>();
    try (AdminClient member = toy.client("n1", MEMBER)) {
      member.console(printed::add, e -> {});
      Await.until(
          "the console is attached and the launch answered",
          () -> {
            member.run(List.of("launch", "nonsense"), 5000, t -> {});
            return printed.stream().anyMatch(p -> p.contains("launched nonsense: host n1 has no"));
          });
      member.run(List.of("address", "wlan9", "10.0.0.1"), 5000, t -> {});
      Await.until("refused", () -> printed.contains("address 10.0.0.1: no such interface wlan9"));
      toy.ask("", "switch", AdminClient::describeSwitch);
      member.run(List.of("address", "eth0", "10.0.0.1"), 5000, t -> {});
      Await.until("done", () -> printed.contains("address 10.0.0.1: null"));
    }
    assertThat(toy.ask("", "switch", AdminClient::describeSwitch).getVip(0).getHolder())
        .isEqualTo("n1");
    assertThat(toy.ask("n1", "hostd", AdminClient::describe).getAddressList())
        .containsExactly("eth0 10.0.0.1");
  }
}
