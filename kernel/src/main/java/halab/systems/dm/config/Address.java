package halab.systems.dm.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where somebody listens, as files say it: {@code HOST:PORT}, an IPv6 address in brackets.
 *
 * @param port 1024 to 65534
 */
public record Address(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)(%[A-Za-z0-9_.-]+)?]|([A-Za-z0-9_.-]+)):([0-9]{1,5})");

  /** What this text says; null when it is no address. */
  public static Address of(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    int port = matcher.matches() ? Integer.parseInt(matcher.group(4)) : 0;
    if (port < 1024 || port > 65534) {
      return null;
    }
    return new Address(matcher.group(3) == null ? matcher.group(1) : matcher.group(3), port);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
