package halab.node.pg;

/**
 * Where and whom to serve.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 takes a free one
 * @param connectionsMost sessions at a time, 1 to 10,000
 * @param loginMs how long a client may take to say who it is, in milliseconds
 * @param users who may connect
 * @param operations what statements can do to the instance as a whole; null where they cannot
 */
public record PgConfig(
    String host, int port, int connectionsMost, long loginMs, Users users, Operations operations) {
  /** Longest message of a client, in bytes. */
  static final int MESSAGE_MOST = 64 << 20;

  /** Large messages of all clients together, in bytes. */
  static final long MESSAGES_MOST = 256L << 20;

  /** Of an instance that no statement stops or alters. */
  public PgConfig(String host, int port, int connectionsMost, long loginMs, Users users) {
    this(host, port, connectionsMost, loginMs, users, null);
  }

  public PgConfig {
    if (connectionsMost < 1 || connectionsMost > 10_000) {
      throw new IllegalArgumentException("connectionsMost must be 1 to 10000: " + connectionsMost);
    }
    if (loginMs < 1) {
      throw new IllegalArgumentException("loginMs must be at least 1: " + loginMs);
    }
  }
}
