package halab.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import halab.admin.proto.HostGrpc;
import halab.admin.proto.Piece;
import halab.runtime.Await;
import halab.runtime.Net;
import halab.runtime.admin.AdminClient;
import halab.runtime.lab.LabHost;
import halab.runtime.toy.Toy;
import halab.runtime.toy.ToyLab;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent's streams to a daemon that is a bare socket here. */
class RelayTest {
  private static final String ROLE = Toy.ROLE;

  @TempDir Path dir;
  private final ExecutorService answers = Executors.newSingleThreadExecutor();
  private ToyLab toy;
  private LabHost host;
  private Net net;
  private AdminClient agent;

  /** What comes back on one stream. */
  private static final class Far implements StreamObserver<Piece> {
    final StringBuffer text = new StringBuffer();
    final CompletableFuture<Status> end = new CompletableFuture<>();

    @Override
    public void onNext(Piece piece) {
      text.append(piece.getContent().toStringUtf8());
    }

    @Override
    public void onError(Throwable cause) {
      end.complete(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }

  @BeforeEach
  void open() throws IOException {
    toy = new ToyLab(dir);
    host = toy.lab.host("n1");
    net = new Net(toy.lab.secret());
    HostGrpc.HostImplBase service =
        new HostGrpc.HostImplBase() {
          @Override
          public StreamObserver<Piece> relay(StreamObserver<Piece> out) {
            return new Relay(host, net, out);
          }
        };
    int port = host.port(LabHost.HOSTD);
    net.serve(toy.lab, "n1/hostd", LabHost.LOOPBACK, port, List.of(service));
    agent = AdminClient.at("n1/hostd", LabHost.LOOPBACK, port, toy.lab.secret(), 5000);
  }

  @AfterEach
  void close() {
    agent.close();
    net.close();
    toy.close();
    answers.shutdownNow();
  }

  private ServerSocket daemon() throws IOException {
    return new ServerSocket(host.port(ROLE), 1, InetAddress.getLoopbackAddress());
  }

  private static Piece piece(String text) {
    return Piece.newBuilder().setContent(ByteString.copyFromUtf8(text)).build();
  }

  @Test
  void whatIsSaidBeforeTheDaemonAcceptsArrivesInOrder() throws Exception {
    Far far = new Far();
    try (ServerSocket ear = daemon()) {
      StreamObserver<Piece> near = agent.relay(ROLE, answers, far);
      near.onNext(piece("one "));
      near.onNext(piece("two"));
      try (Socket socket = ear.accept()) {
        byte[] heard = socket.getInputStream().readNBytes(7);
        assertThat(new String(heard, StandardCharsets.UTF_8)).isEqualTo("one two");
        socket.getOutputStream().write("three".getBytes(StandardCharsets.UTF_8));
        Await.until("the answer", () -> far.text.toString().equals("three"));
      }
      assertThat(far.end.join().getDescription()).isEqualTo("the daemon closed the connection");
    }
  }

  @Test
  void theDaemonHearsOfTheClientsEnd() throws Exception {
    Far far = new Far();
    try (ServerSocket ear = daemon()) {
      StreamObserver<Piece> near = agent.relay(ROLE, answers, far);
      try (Socket socket = ear.accept();
          InputStream in = socket.getInputStream()) {
        near.onCompleted();
        assertThat(in.read()).isEqualTo(-1);
      }
      assertThat(far.end.join().isOk()).isTrue();
    }
  }

  @Test
  void whoeverIsNotThereIsSaidAtOnce() {
    Far nobody = new Far();
    agent.relay(ROLE, answers, nobody);
    Status refused = nobody.end.join();
    assertThat(refused.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refused.getDescription()).isEqualTo("n1/" + ROLE + " does not listen");
    Far unknown = new Far();
    agent.relay("cook", answers, unknown);
    assertThat(unknown.end.join().getDescription()).isEqualTo("host n1 has no port for 'cook'");
  }
}
