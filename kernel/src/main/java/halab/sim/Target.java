package halab.sim;

import halab.kernel.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who is meant: a daemon by name ({@code n1/dmserver}), by what it is at the moment
 * ({@code @control DB}), by a name bound earlier ({@code let X = ...}), or as the daemon that lives
 * beside another ({@code host(@control DB)/dmcss}).
 *
 * @param text as it was written
 * @param daemon for a daemon by name, else null
 * @param selector for a daemon by what it is, else null
 * @param group of the selector, or null
 * @param bound for a name bound earlier, else null
 * @param beside for HOST/ROLE with a computed host, else null
 * @param role goes with {@code beside}
 */
public record Target(
    String text,
    Endpoint daemon,
    String selector,
    String group,
    String bound,
    Host beside,
    String role) {
  /**
   * What can be named in a file of one system: selectors, groups, and the names bound so far.
   *
   * @param mentions every place named outright is noted here, to be held against the plan
   * @param clients names of clients so far
   */
  record Syntax(
      SortedMap<String, Boolean> selectors,
      List<String> groups,
      List<String> bound,
      List<Mention> mentions,
      List<String> clients) {
    /** For files in which every place is named outright. */
    static Syntax plain() {
      return new Syntax(new TreeMap<>(), List.of(), List.of(), new ArrayList<>(), List.of());
    }

    /** The name of a client that there is. */
    String client(Words words) {
      String name = words.take("the name of a client");
      if (!clients.contains(name)) {
        throw words.problem("there is no client '" + name + "' yet", "write client " + name);
      }
      return name;
    }
  }

  /**
   * What a line names outright, null for what it does not: a host, a role or a file on it (on any
   * host if that is still to be found out), a disk.
   */
  record Mention(Words at, String host, String role, String file, Sick disk) {
    /** What is wanted of a disk, and whether of one host's way to it alone. */
    record Sick(String name, Fault.DiskKind kind, boolean forOne) {}

    static Mention host(Words at, String host) {
      return new Mention(at, host, null, null, null);
    }

    static Mention daemon(Words at, Endpoint daemon) {
      return new Mention(at, daemon.host(), daemon.role(), null, null);
    }

    static Mention file(Words at, String host, String file) {
      return new Mention(at, host, null, file, null);
    }

    static Mention disk(Words at, String disk, Fault.DiskKind kind, boolean forOne) {
      return new Mention(at, null, null, null, new Sick(disk, kind, forOne));
    }
  }

  static Target read(Words words, Syntax syntax) {
    String word = words.take("a daemon such as n1/ROLE or @SELECTOR");
    if (word.startsWith("@")) {
      return selected(word, words, syntax);
    }
    if (word.equals("host") && words.peek().equals("(")) {
      Host host = Host.inside(words, syntax);
      String role = words.take("'/ROLE'");
      if (!role.startsWith("/") || role.length() < 2) {
        throw words.problem("'" + role + "' does not name a role", "write host(...)/ROLE");
      }
      return new Target(host.text() + role, null, null, null, null, host, role.substring(1));
    }
    if (syntax.bound().contains(word)) {
      return new Target(word, null, null, null, word, null, null);
    }
    try {
      Endpoint daemon = Endpoint.parse(word);
      syntax.mentions().add(Mention.daemon(words, daemon));
      return new Target(word, daemon, null, null, null, null, null);
    } catch (IllegalArgumentException e) {
      throw words.problem(
          "'" + word + "' names no daemon",
          "write HOST/ROLE, @SELECTOR"
              + (syntax.bound().isEmpty()
                  ? ""
                  : " or one of " + String.join(", ", syntax.bound())));
    }
  }

  private static Target selected(String word, Words words, Syntax syntax) {
    String name = word.substring(1);
    Boolean needsGroup = syntax.selectors().get(name);
    if (needsGroup == null) {
      throw words.problem(
          "there is no selector '" + word + "'",
          "write one of @" + String.join(", @", syntax.selectors().keySet()));
    }
    if (!needsGroup) {
      return new Target(word, null, name, null, null, null, null);
    }
    String group = words.take("a group after " + word);
    if (!syntax.groups().contains(group)) {
      throw words.problem(
          "there is no group '" + group + "'",
          "write one of " + String.join(", ", syntax.groups()) + " after " + word);
    }
    return new Target(word + " " + group, null, name, group, null, null, null);
  }

  @Override
  public String toString() {
    return text;
  }

  /**
   * A host by name, or the host of a daemon: {@code host(@control DB)}.
   *
   * @param name for a host by name, else null
   * @param of the daemon whose host is meant, else null
   */
  public record Host(String name, Target of) {
    static Host read(Words words, Syntax syntax) {
      String word = words.take("a host");
      if (word.equals("host") && words.peek().equals("(")) {
        return inside(words, syntax);
      }
      if (!word.matches("[A-Za-z][A-Za-z0-9_-]*")) {
        throw words.problem("'" + word + "' names no host", "write e.g. n1 or host(@SELECTOR)");
      }
      syntax.mentions().add(Mention.host(words, word));
      return new Host(word, null);
    }

    private static Host inside(Words words, Syntax syntax) {
      words.must("(");
      Target of = Target.read(words, syntax);
      words.must(")");
      return new Host(null, of);
    }

    String text() {
      return name != null ? name : "host(" + of.text() + ")";
    }
  }
}
