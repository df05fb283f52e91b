package halab.cli.sql;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Lets PostgreSQL clients in as a primary or a standby does, answers some of their statements, and
 * is silent at all others.
 */
final class SilentServer implements AutoCloseable {
  private static final int SSL_REQUEST = 80_877_103;

  /** One column of text, by the name x. */
  private static final byte[] COLUMN = {
    0, 1, 'x', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25, -1, -1, -1, -1, -1, -1, 0, 0
  };

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> clients = Collections.synchronizedList(new ArrayList<>());
  private final boolean login;
  private volatile boolean standby;

  /**
   * @param login false: nobody is even let in
   */
  SilentServer(boolean login) throws IOException {
    this(login, false);
  }

  SilentServer(boolean login, boolean standby) throws IOException {
    this.login = login;
    this.standby = standby;
    start(
        () -> {
          while (true) {
            Socket client = server.accept();
            clients.add(client);
            start(() -> serve(client));
          }
        });
  }

  private interface Body {
    void run() throws IOException;
  }

  private static void start(Body body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (IOException e) {
                return; // one of the two ends is closed
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  void standby(boolean now) {
    standby = now;
  }

  String place() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void serve(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    DataOutputStream out = new DataOutputStream(client.getOutputStream());
    if (!login) {
      in.read(new byte[1 << 16]);
      return;
    }
    while (startup(in) == SSL_REQUEST) {
      out.write('N');
    }
    send(out, 'R', new byte[4]);
    parameter(out, "server_version", "15.0");
    parameter(out, "client_encoding", "UTF8");
    parameter(out, "in_hot_standby", standby ? "on" : "off");
    parameter(out, "DateStyle", "ISO, MDY");
    parameter(out, "integer_datetimes", "on");
    parameter(out, "standard_conforming_strings", "on");
    send(out, 'Z', new byte[] {'I'});
    String parsed = "";
    while (true) {
      int type = in.readByte();
      byte[] body = in.readNBytes(in.readInt() - 4);
      if (type == 'P' || type == 'Q') {
        parsed = new String(body, StandardCharsets.UTF_8);
      }
      boolean asked = type == 'S' || type == 'Q';
      if (asked && parsed.contains("SET ")) {
        if (type == 'S') {
          send(out, '1', new byte[0]);
          send(out, '2', new byte[0]);
        }
        send(out, 'C', "SET\0".getBytes(StandardCharsets.UTF_8));
        send(out, 'Z', new byte[] {'I'});
      } else if (asked && parsed.contains("show transaction_read_only")) {
        send(out, 'T', COLUMN);
        send(out, 'D', (standby ? "\0\1\0\0\0\2on" : "\0\1\0\0\0\3off").getBytes(US_ASCII));
        send(out, 'C', "SHOW\0".getBytes(US_ASCII));
        send(out, 'Z', new byte[] {'I'});
      }
    }
  }

  /** The number that a message without a type begins with. */
  private static int startup(DataInputStream in) throws IOException {
    int length = in.readInt();
    int code = in.readInt();
    in.readNBytes(length - 8);
    return code;
  }

  private static void parameter(DataOutputStream out, String name, String value)
      throws IOException {
    send(out, 'S', (name + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static void send(DataOutputStream out, int type, byte[] body) throws IOException {
    out.write(type);
    out.writeInt(body.length + 4);
    out.write(body);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket client : List.copyOf(clients)) {
      client.close();
    }
  }
}
