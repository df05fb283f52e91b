package halab.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/** One lab of containers in the hands of halab, and of somebody who does not ask it. */
@NeedsEngine
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DockerLabIT {
  private static final String LAB =
      "it" + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 24));

  /** PORT_NUM of the instances. */
  private static final int INSTANCE_PORT = 5236;

  /** SSLRequest of the PostgreSQL protocol; a server that has no TLS answers with one letter, N. */
  private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};

  @TempDir static Path labs;
  private static Halab halab;
  private static Witness witness;

  @BeforeAll
  static void up() throws IOException, InterruptedException {
    halab = Halab.withEngine(labs);
    witness = Witness.ofLab(LAB);
    works("init", "dsc", "--name", LAB, "--fast", "--backend", "docker");
    assertThat(works("up").out()).contains("healthy");
  }

  @AfterAll
  static void leavesNothingBehind() throws IOException, InterruptedException {
    Set<String> left;
    Halab.Result destroyed;
    try {
      destroyed = halab.run("destroy", "--lab", LAB, "--force");
    } finally {
      left = witness.removeLeft();
    }
    assertThat(destroyed.exitCode()).as(destroyed.all()).isZero();
    assertThat(left).isEmpty();
    assertThat(halab.lab(LAB)).doesNotExist();
  }

  /** Runs a verb on the lab, which has to work. */
  private static Halab.Result works(String... words) throws IOException, InterruptedException {
    Halab.Result result = words[0].equals("init") ? halab.run(words) : halab.on(LAB, words);
    assertThat(result.exitCode()).as(result.all()).isZero();
    return result;
  }

  private static Json status() throws IOException, InterruptedException {
    return Json.parse(works("status", "--output", "json").out());
  }

  private static boolean reachable(Json status, String network, String from, String to) {
    return status
        .at("networks")
        .items()
        .filter(p -> p.text("network").equals(network))
        .filter(p -> p.text("from").equals(from) && p.text("to").equals(to))
        .anyMatch(p -> p.text("reachable").equals("true"));
  }

  private static boolean allReachable(Json status) {
    return status.at("networks").items().allMatch(p -> p.text("reachable").equals("true"));
  }

  private static Json vip(Json status, String address) {
    return status
        .at("vips")
        .items()
        .filter(v -> v.text("address").equals(address))
        .findFirst()
        .orElseThrow();
  }

  /** A container that nobody told of HALab. */
  @SuppressWarnings("resource") // Closed by who asked for it.
  private static GenericContainer<?> stranger(String networkMode, String... command) {
    return new GenericContainer<>(DockerImageName.parse(Halab.image()))
        .withImagePullPolicy(image -> false)
        .withNetworkMode(networkMode)
        .withCreateContainerCmdModifier(create -> create.withEntrypoint(command).withUser("root"));
  }

  /** Runs a program in the network namespace of a host, as somebody would by hand. */
  private static void byHand(String host, String... command) {
    try (GenericContainer<?> hand =
        stranger("container:" + witness.container(LAB, host), command)
            .withCreateContainerCmdModifier(
                create -> create.getHostConfig().withCapAdd(Capability.NET_ADMIN))
            .withStartupCheckStrategy(new OneShotStartupCheckStrategy())) {
      hand.start();
    }
  }

  @Test
  @Order(1)
  void theAddressMovesForAPlainTcpClient() throws IOException, InterruptedException {
    String address =
        status()
            .at("vips")
            .items()
            .filter(v -> v.text("holder").equals("n1"))
            .findFirst()
            .orElseThrow()
            .text("address");
    try (GenericContainer<?> client = stranger(witness.network(LAB, "public"), "sleep", "600")) {
      client.start();
      assertThat(greetedBy(client, address)).isEqualTo(mac("n1"));
      works("dmcssm", "-c", "set GRP_DSC auto restart off");
      works("kill", "n1/dmserver");
      Bound.await(
          address + " is on n2", 60, () -> vip(status(), address).text("holder").equals("n2"));
      Bound.await("n2 answers", 30, () -> mac("n2").equals(greetedBy(client, address)));
    }
    int published = Integer.parseInt(vip(status(), address).text("port"));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), published)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(SSL_REQUEST);
      assertThat(socket.getInputStream().read()).as("by way of the client's host").isEqualTo('N');
    }
    works("dmcssm", "-c", "set GRP_DSC auto restart on");
    assertThat(works("up").out()).contains("healthy");
    Bound.await(address + " is home", 60, () -> vip(status(), address).text("holder").equals("n1"));
  }

  /** Connects to the address and is answered by an instance; who has it by ARP. */
  private static String greetedBy(GenericContainer<?> client, String address)
      throws IOException, InterruptedException {
    String talk =
        "exec 3<>/dev/tcp/%s/%d && printf '\\0\\0\\0\\10\\4\\322\\26\\57' >&3 && head -c 1 <&3"
            .formatted(address, INSTANCE_PORT);
    String heard = client.execInContainer("timeout", "5", "bash", "-c", talk).getStdout();
    assertThat(heard).isEqualTo("N");
    String neighbour = client.execInContainer("ip", "neigh", "show", address).getStdout();
    return neighbour.replaceAll("(?s).*lladdr (\\S+) .*", "$1");
  }

  private static String mac(String host) {
    return witness.attachment(LAB, host, "public").getMacAddress();
  }

  @Test
  @Order(2)
  void statusShowsWhatIsTrueWhoeverDidIt() throws IOException, InterruptedException {
    ContainerNetwork before = witness.attachment(LAB, "n2", "private");
    witness
        .engine()
        .disconnectFromNetworkCmd()
        .withNetworkId(witness.network(LAB, "private"))
        .withContainerId(witness.container(LAB, "n2"))
        .withForce(true)
        .exec();
    Json cut = status();
    assertThat(reachable(cut, "private", "n1", "n2")).isFalse();
    assertThat(reachable(cut, "private", "n2", "n1")).isFalse();
    assertThat(reachable(cut, "public", "n1", "n2")).isTrue();
    assertThat(cut.at("faults").items()).isEmpty();
    works("heal", "--all");
    assertThat(allReachable(status())).isTrue();
    ContainerNetwork after = witness.attachment(LAB, "n2", "private");
    assertThat(after.getIpAddress()).isEqualTo(before.getIpAddress());
    assertThat(after.getAliases()).contains("n2");

    String address = witness.attachment(LAB, "n1", "private").getIpAddress();
    byHand("n2", "nft", "add table ip byhand");
    byHand("n2", "nft", "add chain ip byhand hear { type filter hook input priority 0; }");
    byHand("n2", "nft", "add rule ip byhand hear ip saddr " + address + " drop");
    Json filtered = status();
    assertThat(reachable(filtered, "private", "n1", "n2")).isFalse();
    assertThat(reachable(filtered, "private", "n2", "n1")).isTrue();
    assertThat(filtered.at("faults").items()).isEmpty();
    byHand("n2", "nft", "delete table ip byhand");
    assertThat(allReachable(status())).isTrue();
  }

  @Test
  @Order(3)
  void faultsHaveReceipts() throws IOException, InterruptedException {
    Halab.Result oneWay = works("cut", "n1->n2", "--network", "private");
    assertThat(oneWay.out()).contains("private n1->n2: 0 of 5 probes", "the filter counted");
    Json status = status();
    assertThat(reachable(status, "private", "n1", "n2")).isFalse();
    assertThat(reachable(status, "private", "n2", "n1")).isTrue();
    assertThat(status.at("faults").items())
        .singleElement()
        .satisfies(f -> assertThat(Integer.parseInt(f.text("bitten"))).isPositive());
    works("heal", "n1|n2");
    assertThat(works("cut", "mon|n2", "--refuse").out()).contains("public mon->n2: 0 of 5");
    cutsWhatComesFromVirtualAddresses();
    assertThat(works("cut", "client|n1", "--loss", "50").out()).contains("of 5 probes");
    assertThat(works("cut", "n1|n2", "--network", "private", "--delay", "100").out())
        .containsPattern("by the kernel \\(netem\\)|at the daemons' edge");
    works("heal", "--all");
    assertThat(allReachable(status())).isTrue();
  }

  @Test
  @Order(4)
  void aClientStandsOnAHostAndItsNetworksAreItsOwn() throws IOException, InterruptedException {
    String eps = "select count(*) from v$dsc_ep_info";
    assertThat(works("sql", "--from", "client", "-c", eps).out()).contains("\n2\n");
    works("cut", "n1|n2", "--network", "public");
    assertThat(works("sql", "n1", "--from", "client", "-c", "select 1").out()).contains("(1 row)");
    Halab.Result cut = halab.on(LAB, "sql", "n1", "--from", "n2", "-c", "select 1");
    assertThat(cut.exitCode()).as(cut.all()).isEqualTo(1);
    works("heal", "--all");
    assertThat(works("sql", "n1", "--from", "n2", "-c", "select 1").out()).contains("(1 row)");
    String load = works("load", "--from", "client", "--seconds", "3").out();
    assertThat(load).contains("VERDICT PASS");
  }

  @Test
  @Order(0)
  void theVendorsToolsAndScriptsWorkInAHostsShell() throws IOException, InterruptedException {
    String shell = works("shell", "n2", "-c", "DmServiceDSC1 status; dmasmcmd -c listdisks").out();
    assertThat(shell)
        .containsPattern("DmServiceDSC1 \\(pid \\d+\\) is running\\.")
        .contains("[/dev/raw/vote]: used ASM disk, name:[DMASMvote]");
    assertThat(works("dmasmcmd", "-c", "check dcrdisk '/dev/raw/dcr'").out()).contains("no error");
    assertThat(works("hold", "n2/dmserver").out()).contains("n2/dmserver is held");
    assertThat(works("step", "n2/dmserver").out()).contains("row    dmserver row ");
    assertThat(works("release", "n2/dmserver").out()).contains("n2/dmserver is released");
  }

  /** One way: what n1 sends to the client is lost, whichever of its addresses it comes from. */
  private static void cutsWhatComesFromVirtualAddresses() throws IOException, InterruptedException {
    Json vip =
        status()
            .at("vips")
            .items()
            .filter(v -> v.text("holder").equals("n1"))
            .findFirst()
            .orElseThrow();
    String dial = "exec 3<>/dev/tcp/" + vip.text("address") + "/" + INSTANCE_PORT;
    String[] client = {
      "exec", witness.container(LAB, "client"), "timeout", "3", "bash", "-c", dial
    };
    assertThat(docker(client)).isZero();
    works("cut", "n1->client", "--network", "public");
    assertThat(docker(client)).isNotZero();
    works("heal", "n1|client");
    assertThat(docker(client)).isZero();
  }

  private static int docker(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    return process.waitFor();
  }

  @Test
  @Order(5)
  void aToolThatWasKilledLeavesNothingThatCannotBeHealed()
      throws IOException, InterruptedException {
    String address = witness.attachment(LAB, "n1", "public").getIpAddress();
    Path journal = halab.lab(LAB).resolve("faults.jsonl");
    int before = Files.readString(journal).length();
    killedWhile("the fault is written down", () -> Files.size(journal) > before);
    killedWhile("the network is gone", () -> witness.attachment(LAB, "n1", "public") == null);
    assertThat(witness.attachment(LAB, "n1", "public").getIpAddress()).isEqualTo(address);

    assertThat(works("cut", "n1", "--network", "public").out()).contains("n1 is off the public");
    assertThat(witness.attachment(LAB, "n1", "public")).isNull();
    works("heal", "--all");
    ContainerNetwork back = witness.attachment(LAB, "n1", "public");
    assertThat(back.getIpAddress()).isEqualTo(address);
    assertThat(back.getAliases()).contains("n1");
    Bound.await(
        "the address that n1 holds is on its card again",
        20,
        () -> status().at("vips").items().anyMatch(v -> v.text("holder").equals("n1")));
  }

  /** A cut whose tool is killed at this moment; heal all makes everything whole. */
  private static void killedWhile(String moment, Callable<Boolean> reached)
      throws IOException, InterruptedException {
    Process cut = halab.start("cut", "n1", "--network", "public", "--lab", LAB);
    try {
      Bound.await(moment, 30, reached);
    } finally {
      cut.destroyForcibly().waitFor();
    }
    assertThat(status().at("faults").items()).isNotEmpty();
    works("heal", "--all");
    Json healed = status();
    assertThat(healed.at("faults").items()).isEmpty();
    assertThat(allReachable(healed)).isTrue();
  }

  @Test
  @Order(6)
  void aHostThatLostItsPowerComesBack() throws IOException, InterruptedException {
    String address = witness.attachment(LAB, "n2", "storage").getIpAddress();
    witness.engine().killContainerCmd(witness.container(LAB, "n2")).withSignal("KILL").exec();
    Bound.await(
        "n2 is off",
        20,
        () ->
            status()
                .at("hosts")
                .items()
                .anyMatch(h -> h.text("name").equals("n2") && h.text("on").equals("false")));
    assertThat(works("logs", "n2/dmcss", "-n", "1").out()).contains("dmcss");
    witness.engine().pauseContainerCmd(witness.container(LAB, "mon")).exec();
    assertThat(powerOf("mon")).isEqualTo("paused");
    works("heal", "--all");
    assertThat(powerOf("mon")).isEqualTo("on");
    assertThat(works("poweron", "n2").out()).contains("powered on n2");
    assertThat(works("up").out()).contains("healthy");
    assertThat(witness.attachment(LAB, "n2", "storage").getIpAddress()).isEqualTo(address);
    assertThat(allReachable(status())).isTrue();
    assertThat(works("up").out()).contains("on already").doesNotContain("powered on");
    assertThat(works("down").out()).contains("containers ended");
    assertThat(works("logs", "n2/dmcss", "-n", "1").out()).contains("dmcss");
  }

  private static String powerOf(String host) throws IOException, InterruptedException {
    return status()
        .at("hosts")
        .items()
        .filter(h -> h.text("name").equals(host))
        .findFirst()
        .orElseThrow()
        .text("power");
  }
}
