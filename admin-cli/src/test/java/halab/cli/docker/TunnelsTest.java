package halab.cli.docker;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class TunnelsTest {
  private static int read(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      return socket.getInputStream().read();
    }
  }

  @Test
  void aConnectionEndsWhereNobodyIsAndTheNextIsTaken() throws IOException {
    try (Tunnels tunnels = new Tunnels()) {
      Endpoint daemon = new Endpoint("n1", "dmcss");
      int port =
          tunnels.relayed(
              daemon,
              () -> {
                throw new IllegalStateException("no agent there");
              },
              agent -> {});
      assertThat(read(port)).isEqualTo(-1);
      assertThat(read(port)).isEqualTo(-1);
      assertThat(tunnels.relayed(daemon, () -> null, agent -> {})).isEqualTo(port);
      assertThat(read(tunnels.toNobody())).isEqualTo(-1);
    }
  }
}
