package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bytes that no driver sends. The server answers or hangs up, and serves the next one. */
class HostileTest {
  private static final int ROUNDS = 2000;
  private static final int ANSWER_MOST_MS = 5_000;
  private static Served served;

  @BeforeAll
  static void serve() throws Exception {
    served = new Served();
    try (Connection c = served.connect();
        Statement s = c.createStatement()) {
      s.execute("create table t(a int primary key, b text); insert into t values (1, 'x')");
    }
  }

  @AfterAll
  static void end() throws Exception {
    served.close();
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    Await.until("connections are gone", () -> served.server.connections() == 0);
    Await.until("sessions are gone", () -> served.server.sessions() == 0);
    assertThat(served.database.sessions()).isZero();
    // The decoder gives back what it held when its pipeline goes, a moment after the connection.
    Await.until("large messages are given back", () -> served.server.largeMessageBytes() == 0);
    try (Connection c = served.connect();
        Statement s = c.createStatement()) {
      ResultSet r = s.executeQuery("select b from t where a = 1");
      assertThat(r.next()).isTrue();
      assertThat(r.getString(1)).isEqualTo("x");
    }
    Await.until("the last is gone", () -> served.server.connections() == 0);
  }

  /** Builds messages. */
  private static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes startup() throws IOException {
      return raw(0, 3 << 16, "user", "ann", "database", "d", "");
    }

    Bytes message(char type, Object... parts) throws IOException {
      out.write(type);
      return raw(0, parts);
    }

    private Bytes raw(int extraLength, Object... parts) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      DataOutputStream data = new DataOutputStream(body);
      for (Object part : parts) {
        if (part instanceof Integer i) {
          data.writeInt(i);
        } else if (part instanceof Short s) {
          data.writeShort(s);
        } else if (part instanceof byte[] b) {
          data.write(b);
        } else {
          data.write(part.toString().getBytes(StandardCharsets.UTF_8));
          data.write(0);
        }
      }
      new DataOutputStream(out).writeInt(body.size() + 4 + extraLength);
      out.write(body.toByteArray());
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }

  /** Everything a well-behaved client says, one after the other. */
  private static byte[] conversation(Random random) throws IOException {
    Bytes all = new Bytes();
    if (random.nextInt(4) == 0) {
      all.raw(0, FrameDecoder.SSL_REQUEST);
    }
    all.startup();
    for (int i = random.nextInt(6); i >= 0; i--) {
      switch (random.nextInt(7)) {
        case 0 -> all.message('Q', "select * from t; select 'a;b'");
        case 1 -> {
          all.message('P', "s" + i, "select b from t where a = $1", (short) 1, 23);
          all.message('D', "Ss" + i);
          all.message(
              'B', "", "s" + i, (short) 1, (short) 1, (short) 1, 4, 1, (short) 1, (short) 1);
          all.message('E', "", 1).message('C', "Ss" + i).message('S');
        }
        case 2 -> {
          all.message('Q', "copy t from stdin");
          all.message('d', "7\tseven\n".getBytes(StandardCharsets.UTF_8)).message('f', "no");
        }
        case 3 -> all.message('Q', "begin; savepoint a; rollback to a; set timezone to 'UTC'");
        case 4 -> all.message('P', "", "select $1::int8[]", (short) 0).message('H');
        case 5 -> all.message('Q', "select relname from pg_catalog.pg_class where oid = 1");
        default -> all.message('Q', "update t set b = 'x' where a = 1").message('S');
      }
    }
    return all.message('X').bytes();
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] out = bytes.clone();
    for (int i = random.nextInt(8); i >= 0; i--) {
      int at = random.nextInt(out.length);
      switch (random.nextInt(4)) {
        case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> out[at] = (byte) random.nextInt(256);
        case 2 -> out = java.util.Arrays.copyOf(out, at + 1);
        default -> {
          int length = Math.min(random.nextInt(20), out.length - at);
          System.arraycopy(out, at, out, random.nextInt(out.length - length + 1), length);
        }
      }
    }
    return out;
  }

  /** Sends the bytes, ends the stream, and reads until the server hangs up. */
  private static int send(byte[] bytes) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", served.server.port())) {
      socket.setSoTimeout(ANSWER_MOST_MS);
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      int count = 0;
      for (int n = in.read(new byte[8192]); n >= 0; n = in.read(new byte[8192])) {
        count += n;
      }
      return count;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server neither answers nor hangs up", e);
    } catch (SocketException e) {
      return 0;
    }
  }

  @Test
  void mutatedConversationsHarmNobody() throws Exception {
    long seed = Long.getLong("halab.seed", 4711);
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(seed + round);
      byte[] bytes;
      if (random.nextInt(5) == 0) {
        bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
      } else {
        bytes = mutated(conversation(random), random);
      }
      try {
        send(bytes);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + (seed + round), e);
      }
    }
  }

  @Test
  void unchangedConversationsAreAnswered() throws Exception {
    for (int round = 0; round < 20; round++) {
      assertThat(send(conversation(new Random(round)))).isGreaterThan(300);
    }
  }

  @Test
  void hugeLengthsAreRefusedBeforeTheyAreRead() throws Exception {
    byte[] huge = {'Q', 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0};
    Bytes all = new Bytes().startup();
    all.out.write(huge);
    assertThat(send(all.bytes())).isPositive();
    assertThat(send(huge)).isPositive();
  }

  @Test
  void halfALargeMessageHoldsNoMemory() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Socket socket = new Socket("127.0.0.1", served.server.port());
      sockets.add(socket);
      Bytes all = new Bytes().startup();
      all.out.write(new byte[] {'Q', 3, (byte) 0xff, (byte) 0xff, (byte) 0xff, 'x'});
      socket.getOutputStream().write(all.bytes());
    }
    // The fifth asks for more than all together may have.
    Await.until("some are refused", () -> served.server.sessions() <= 4);
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void whoNeverLogsInIsSentAway() throws Exception {
    try (Socket silent = new Socket("127.0.0.1", served.server.port())) {
      silent.setSoTimeout(20_000);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void whoDoesNotReadStopsOnlyItself() throws Exception {
    try (Socket deaf = new Socket("127.0.0.1", served.server.port())) {
      Bytes all = new Bytes().startup();
      all.message('Q', "select repeat('x', 1000) from generate_series(1, 1000000)");
      deaf.getOutputStream().write(all.bytes());
      long before = used();
      try (Connection c = served.connect();
          Statement s = c.createStatement()) {
        for (int i = 0; i < 100; i++) {
          s.executeQuery("select 1").next();
        }
      }
      assertThat(used() - before).isLessThan(600L << 20);
      assertThat(served.server.sessions()).isPositive();
    }
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void deepNestingIsAnErrorOfTheStatement() throws Exception {
    try (Connection c = served.connect();
        Statement s = c.createStatement()) {
      String deep = "select " + "(".repeat(20_000) + "1" + ")".repeat(20_000);
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> s.execute(deep))
          .isInstanceOf(java.sql.SQLException.class);
      assertThat(s.executeQuery("select 1").next()).isTrue();
    }
  }
}
