package halab.runtime.vip;

import static org.assertj.core.api.Assertions.assertThat;

import halab.admin.proto.FaultAction;
import halab.admin.proto.FaultRule;
import halab.admin.proto.FaultSet;
import halab.runtime.Await;
import halab.runtime.faults.FaultFile;
import halab.runtime.lab.AtomicFiles;
import halab.runtime.toy.ToyLab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client on n1 suffers what is done to n1's public network, and what n1 does to itself: nothing.
 */
class HostClientsTest {
  private static final String ADDRESS = "10.0.0.1";

  @TempDir Path dir;
  private ToyLab toy;
  private ServerSocket instance;
  private long version;

  /** An instance of n2, and one of n1, that end every conversation with one letter. */
  @BeforeEach
  void open() throws IOException {
    toy = new ToyLab(dir);
    instance = instance("n2", 'b');
  }

  @AfterEach
  void close() throws Exception {
    instance.close();
    toy.close();
  }

  private ServerSocket instance(String host, int letter) throws IOException {
    int port = toy.lab.host(host).sqlPort();
    ServerSocket listening = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              while (!listening.isClosed()) {
                try (Socket socket = listening.accept()) {
                  socket.getInputStream().read();
                  socket.getOutputStream().write(letter);
                } catch (IOException e) {
                  continue; // the client was cut off, or the test is over
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return listening;
  }

  /** The letter; -1 when the connection was reset, or nobody answers. */
  private static int ask(String place) {
    String[] words = place.split(":");
    try (Socket socket = new Socket(words[0], Integer.parseInt(words[1]))) {
      socket.setSoTimeout(2_000);
      socket.getOutputStream().write('?');
      return socket.getInputStream().read();
    } catch (IOException e) {
      return -1;
    }
  }

  private void refused(String host, String peer) throws IOException {
    FaultRule.Builder rule = FaultRule.newBuilder().setId("f").setAction(FaultAction.REFUSE);
    rule.setNetwork("public").setPeerHost(peer).setOut(true).setIn(true);
    write(host, FaultSet.newBuilder().addRule(rule));
  }

  private void write(String host, FaultSet.Builder set) throws IOException {
    FaultFile.write(toy.lab, host, set.setVersion(++version).build());
  }

  private void holder(String host) throws IOException {
    Path run = toy.lab.run(toy.lab.switchEndpoint().host());
    Files.createDirectories(run);
    AtomicFiles.write(run.resolve("holders"), ADDRESS + " " + host + "\n");
  }

  @Test
  void rulesOfTheHostCountFromTheMomentTheyAreThere() throws Exception {
    try (HostClients clients = new HostClients(toy.lab, "n1")) {
      String place = clients.place("n2");
      assertThat(ask(place)).isEqualTo('b');
      refused("n2", "n1");
      refused("n1", "store");
      assertThat(ask(place)).as("others' rules").isEqualTo('b');
      refused("n1", "n2");
      Await.until("cut off", () -> ask(place) == -1);
      write("n1", FaultSet.newBuilder());
      Await.until("healed", () -> ask(place) == 'b');
    }
  }

  @Test
  void aStandingConnectionIsCut() throws Exception {
    try (HostClients clients = new HostClients(toy.lab, "n1")) {
      String[] place = clients.place("n2").split(":");
      try (Socket socket = new Socket(place[0], Integer.parseInt(place[1]))) {
        socket.setSoTimeout(20_000);
        refused("n1", "n2");
        assertThat(ended(socket)).isTrue();
      }
    }
  }

  /** Reset or closed; an answer that does not come is neither. */
  private static boolean ended(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (java.net.SocketException e) {
      return true;
    }
  }

  @Test
  void anAddressLeadsToItsHolderAndAHostAlwaysReachesItself() throws Exception {
    refused("n1", "");
    holder("n2");
    try (ServerSocket own = instance("n1", 'a');
        HostClients clients = new HostClients(toy.lab, "n1")) {
      assertThat(own.isBound()).isTrue();
      assertThat(ask(clients.place(ADDRESS))).as("cut off from all others").isEqualTo(-1);
      holder("n1");
      Await.until("at itself", () -> ask(clients.place(ADDRESS)) == 'a');
    }
  }
}
