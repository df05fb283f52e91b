package halab.systems.dm;

/**
 * One entry of a service's list.
 *
 * @param host address or name, without the brackets of an IPv6 address
 * @param port where the instance answers SQL (PORT_NUM)
 */
public record SvcPlace(String host, int port) {
  /** The port of an entry that names none. */
  public static final int DEFAULT_PORT = 5236;

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
