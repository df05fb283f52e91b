package halab.cli.docker;

import com.google.protobuf.ByteString;
import halab.admin.proto.Piece;
import halab.kernel.Endpoint;
import halab.runtime.admin.AdminClient;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.Closeable;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Ways to ports on the loopback of containers that no cut network can close: a port of this machine
 * for each. A connection to an agent, or to an instance's SQL, is one {@code docker exec} that
 * copies bytes inside; those to daemons, which are many and often meet nobody, are {@link #relayed}
 * by the agent. A connection ends with its container, and at once where nobody listens.
 */
final class Tunnels implements AutoCloseable {
  private static final int BACKLOG = 50;
  private static final int BUFFER_BYTES = 16 << 10;

  private final Map<String, ServerSocket> ears = new ConcurrentHashMap<>();
  private final List<Process> copies = new ArrayList<>();
  private final ExecutorService answers = Executors.newCachedThreadPool(Tunnels::daemon);
  private boolean closed;

  /** Takes care of a connection that somebody made to a port of this machine. */
  private interface Carrier {
    void carry(Socket near) throws IOException;
  }

  /** The port of this machine that leads to this port of the container. */
  int to(String container, int port) {
    return open(container + " " + port, near -> execute(near, container, port));
  }

  /** A port of this machine that closes every connection. */
  int toNobody() {
    return open("", Socket::close);
  }

  /**
   * The port of this machine that leads to this daemon by way of its host's agent.
   *
   * @param agent a client of the agent, asked for at each connection
   * @param lost told of an agent that is not there any more
   */
  int relayed(Endpoint daemon, Supplier<AdminClient> agent, Consumer<AdminClient> lost) {
    return open(daemon.toString(), near -> relay(near, daemon.role(), agent.get(), lost));
  }

  private int open(String way, Carrier carrier) {
    return ears.computeIfAbsent(way, w -> listen(carrier)).getLocalPort();
  }

  private ServerSocket listen(Carrier carrier) {
    try {
      ServerSocket ear = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
      daemon("tunnel", () -> accept(ear, carrier));
      return ear;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket ear, Carrier carrier) {
    while (true) {
      Socket near;
      try {
        near = ear.accept();
      } catch (IOException e) {
        return; // closed
      }
      try {
        near.setTcpNoDelay(true);
        carrier.carry(near);
      } catch (IOException | RuntimeException e) {
        // No way there now; whoever connects next may find one.
        quietly(near);
      }
    }
  }

  private void relay(Socket near, String role, AdminClient agent, Consumer<AdminClient> lost) {
    StreamObserver<Piece> far =
        agent.relay(
            role,
            answers,
            new StreamObserver<>() {
              @Override
              public void onNext(Piece piece) {
                try {
                  piece.getContent().writeTo(near.getOutputStream());
                } catch (IOException e) {
                  quietly(near);
                }
              }

              @Override
              public void onError(Throwable cause) {
                if (Status.fromThrowable(cause).getCode() == Status.Code.UNAVAILABLE) {
                  lost.accept(agent);
                }
                quietly(near);
              }

              @Override
              public void onCompleted() {
                quietly(near);
              }
            });
    daemon("relay", () -> send(near, far));
  }

  private static void send(Socket near, StreamObserver<Piece> far) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (near) {
      InputStream in = near.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        far.onNext(Piece.newBuilder().setContent(ByteString.copyFrom(buffer, 0, n)).build());
      }
    } finally {
      far.onCompleted();
    }
  }

  private void execute(Socket near, String container, int port) throws IOException {
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
        daemon(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The other end is gone; so is this connection.
                return;
              }
            });
    thread.setName(name);
    thread.start();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "relay-answers");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    ears.values().forEach(Tunnels::quietly);
    answers.shutdown();
    synchronized (copies) {
      closed = true;
      copies.forEach(Process::destroy);
    }
  }

  private static void quietly(Closeable end) {
    try {
      end.close();
    } catch (IOException e) {
      return;
    }
  }
}
