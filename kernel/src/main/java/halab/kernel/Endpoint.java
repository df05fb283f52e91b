package halab.kernel;

/**
 * One daemon's place in a lab: the host it runs on and the role it plays, written {@code n1/dmcss}.
 * A host runs a role at most once, so the pair names a daemon over all its lives.
 */
public record Endpoint(String host, String role) implements Comparable<Endpoint> {
  /** Reads {@code host/role}; anything else is an {@link IllegalArgumentException}. */
  public static Endpoint parse(String text) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
      throw new IllegalArgumentException("'" + text + "' is not of the form HOST/ROLE");
    }
    return new Endpoint(text.substring(0, slash), text.substring(slash + 1));
  }

  /**
   * Written out because every message and every link is looked up by it: what a record gets by
   * itself goes through method handles, which cost several times the comparison.
   */
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Endpoint that && host.equals(that.host) && role.equals(that.role));
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + role.hashCode();
  }

  @Override
  public int compareTo(Endpoint other) {
    int byHost = host.compareTo(other.host);
    return byHost != 0 ? byHost : role.compareTo(other.role);
  }

  @Override
  public String toString() {
    return host + "/" + role;
  }
}
