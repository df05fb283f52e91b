package halab.cli.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ways to ports on the loopback of containers that no cut network can close: each connection to a
 * port of this machine is one {@code docker exec} that copies bytes inside. It ends with the
 * container, and at once where nobody listens.
 */
final class Tunnels implements AutoCloseable {
  private static final int BACKLOG = 50;
  private static final int BUFFER_BYTES = 16 << 10;

  private final Map<String, ServerSocket> ears = new ConcurrentHashMap<>();
  private final List<Process> copies = new ArrayList<>();
  private boolean closed;

  /** The port of this machine that leads to this port of the container. */
  int to(String container, int port) {
    return ears.computeIfAbsent(container + " " + port, way -> listen(container, port))
        .getLocalPort();
  }

  private ServerSocket listen(String container, int port) {
    try {
      ServerSocket ear = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
      daemon("tunnel", () -> accept(ear, container, port));
      return ear;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket ear, String container, int port) {
    while (!ear.isClosed()) {
      try {
        Socket near = ear.accept();
        near.setTcpNoDelay(true);
        carry(near, container, port);
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void carry(Socket near, String container, int port) throws IOException {
    List<String> words =
        List.of("exec", "-i", container, "socat", "-t1", "-", "TCP4:127.0.0.1:" + port);
    Process far = Engine.start(words);
    synchronized (copies) {
      copies.removeIf(copy -> !copy.isAlive());
      copies.add(far);
      if (closed) {
        far.destroy();
      }
    }
    daemon("tunnel-in", () -> copy(near::getInputStream, far.getOutputStream()));
    daemon("tunnel-err", () -> copy(far::getErrorStream, OutputStream.nullOutputStream()));
    daemon(
        "tunnel-out",
        () -> {
          copy(far::getInputStream, near.getOutputStream());
          near.close();
          far.destroy();
        });
  }

  private interface Source {
    InputStream open() throws IOException;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void copy(Source from, OutputStream to) throws IOException {
    try (to) {
      InputStream in = from.open();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        to.write(buffer, 0, n);
        to.flush();
      }
    }
  }

  private static void daemon(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The other end is gone; so is this connection.
                return;
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    ears.values().forEach(Tunnels::quietly);
    synchronized (copies) {
      closed = true;
      copies.forEach(Process::destroy);
    }
  }

  private static void quietly(ServerSocket ear) {
    try {
      ear.close();
    } catch (IOException e) {
      return;
    }
  }
}
