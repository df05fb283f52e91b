package halab.node.pg;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Who may connect and how a client proves who it is. */
public final class Users {
  private static final String OWNER = "halab";

  private final boolean trust;
  private final Map<String, Verifier> verifiers;

  private Users(boolean trust, Map<String, Verifier> verifiers) {
    this.trust = trust;
    this.verifiers = Map.copyOf(verifiers);
  }

  /** Everybody is who they say they are. */
  public static Users trust() {
    return new Users(true, Map.of());
  }

  /**
   * These users by password, SCRAM-SHA-256; nobody else.
   *
   * @param verifiers by user name; what is stored, from which no password can be had
   */
  public static Users scram(Map<String, Verifier> verifiers) {
    return new Users(false, verifiers);
  }

  /** Names for the catalogue; the first is the owner of everything. */
  List<String> names() {
    List<String> names = new ArrayList<>(List.of(OWNER));
    names.addAll(new TreeSet<>(verifiers.keySet()));
    return names.stream().distinct().toList();
  }

  boolean trusts() {
    return trust;
  }

  Optional<Verifier> verifier(String user) {
    return Optional.ofNullable(verifiers.get(user));
  }
}
