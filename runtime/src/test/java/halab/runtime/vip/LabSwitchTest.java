package halab.runtime.vip;

import static org.assertj.core.api.Assertions.assertThat;

import halab.runtime.Await;
import halab.runtime.admin.AdminClient;
import halab.runtime.toy.ToyLab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabSwitchTest {
  @TempDir Path dir;

  /** Answers every byte with its own letter. */
  private static ServerSocket instance(int port, int letter) throws IOException {
    ServerSocket listening = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(() -> serve(listening, letter));
    thread.setDaemon(true);
    thread.start();
    return listening;
  }

  private static void serve(ServerSocket listening, int letter) {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Thread thread = new Thread(() -> answer(socket, letter));
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void answer(Socket socket, int letter) {
    try (socket) {
      while (socket.getInputStream().read() >= 0) {
        socket.getOutputStream().write(letter);
      }
    } catch (IOException e) {
      // The switch reset us.
    }
  }

  private static int ask(Socket socket) {
    try {
      socket.getOutputStream().write('?');
      return socket.getInputStream().read();
    } catch (IOException e) {
      return -1;
    }
  }

  private Socket client(ToyLab toy) throws IOException {
    Socket socket = new Socket("127.0.0.1", toy.lab.vips().get("10.0.0.1"));
    socket.setSoTimeout(20_000);
    return socket;
  }

  @Test
  void clientsReachWhoeverAnnouncedTheAddressLastAndTheOldHoldersAreReset() throws Exception {
    try (ToyLab toy = new ToyLab(dir);
        ServerSocket first = instance(toy.lab.host("n1").sqlPort(), 'a');
        ServerSocket second = instance(toy.lab.host("n2").sqlPort(), 'b')) {
      assertThat(first.isBound() && second.isBound()).isTrue();
      Process process = toy.start("", LabSwitch.NAME);
      String failure = toy.ask("", LabSwitch.NAME, c -> c.announce("n1", "10.0.0.1", true));
      assertThat(failure).isEmpty();
      Socket old = client(toy);
      assertThat(ask(old)).isEqualTo('a');
      try (AdminClient admin = toy.client("", LabSwitch.NAME)) {
        assertThat(admin.announce("n2", "10.0.0.1", true)).isEmpty();
        assertThat(ask(old)).isEqualTo(-1);
        assertThat(ask(client(toy))).isEqualTo('b');
        assertThat(admin.announce("n9", "10.0.0.1", true)).contains("no host n9");
        assertThat(admin.announce("n1", "10.9.9.9", true)).contains("owns no port");
        admin.announce("n1", "10.0.0.1", false);
        assertThat(admin.describeSwitch().getVip(0).getHolder()).isEqualTo("n2");
      }
      process.destroyForcibly().waitFor();
      toy.start("", LabSwitch.NAME);
      toy.ask("", LabSwitch.NAME, AdminClient::describeSwitch);
      assertThat(ask(client(toy))).isEqualTo('b');
      toy.ask("", LabSwitch.NAME, c -> c.announce("n2", "10.0.0.1", false));
      Await.until("nobody there", () -> refused(toy));
    }
  }

  /** Whoever holds the addresses: who names the host reaches the host. */
  @Test
  void clientsThatNameAHostReachItsInstance() throws Exception {
    try (ToyLab toy = new ToyLab(dir);
        ServerSocket second = instance(toy.lab.host("n2").sqlPort(), 'b')) {
      assertThat(second.isBound()).isTrue();
      toy.start("", LabSwitch.NAME);
      toy.ask("", LabSwitch.NAME, AdminClient::describeSwitch);
      try (Socket socket = new Socket("127.0.0.1", toy.lab.hostPorts().get("n2"))) {
        assertThat(ask(socket)).isEqualTo('b');
      }
    }
  }

  private boolean refused(ToyLab toy) {
    try (Socket socket = client(toy)) {
      return ask(socket) == -1;
    } catch (IOException e) {
      return true;
    }
  }
}
