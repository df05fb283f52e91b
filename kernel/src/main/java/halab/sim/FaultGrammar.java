package halab.sim;

import halab.kernel.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * The fault verbs, for scenarios and schedules alike. Places may be written by role
 * ({@code @control DB}), so reading gives a {@link Line}; it becomes a {@link Fault} once somebody
 * can say who that is.
 */
final class FaultGrammar {
  static final List<String> VERBS =
      List.of(
          "kill",
          "stop",
          "tstp",
          "pause",
          "resume",
          "start",
          "poweroff",
          "poweron",
          "cut",
          "refuse",
          "delay",
          "loss",
          "duplicate",
          "heal",
          "disk",
          "clock",
          "type",
          "edit",
          "remove");

  private FaultGrammar() {}

  /** A fault line whose places are looked up when it is its turn. */
  interface Line {
    Fault at(Places places);
  }

  /** Reads the rest of a line that began with this verb. */
  static Line read(String verb, Words words, Target.Syntax syntax) {
    switch (verb) {
      case "kill":
      case "stop":
      case "tstp":
      case "pause":
      case "resume":
      case "start":
        return process(verb, words, syntax);
      case "poweroff":
      case "poweron":
        Target.Host host = Target.Host.read(words, syntax);
        return places -> new Fault.Power(places.host(host), verb.equals("poweron"));
      case "heal":
        return heal(words, syntax);
      case "disk":
        return disk(words, syntax);
      case "clock":
        return clock(words, syntax);
      case "type":
        return type(words, syntax);
      case "edit":
        return edit(words, syntax);
      case "remove":
        Target.Host where = Target.Host.read(words, syntax);
        String file = file(words);
        return places -> new Fault.Remove(places.host(where), file);
      default:
        return link(Fault.LinkKind.valueOf(upper(verb)), words, syntax);
    }
  }

  private static Line process(String verb, Words words, Target.Syntax syntax) {
    Fault.ProcessOp op = Fault.ProcessOp.valueOf(upper(verb));
    Target target = Target.read(words, syntax);
    return places -> new Fault.Process(op, places.endpoint(target));
  }

  private static Line heal(Words words, Target.Syntax syntax) {
    if (words.takeIf("all")) {
      return places -> Fault.Heal.ALL;
    }
    List<Target.Host> from = hosts(words, syntax);
    words.must("|");
    List<Target.Host> to = hosts(words, syntax);
    return sides(from, to, Fault.Heal::new);
  }

  private static Line link(Fault.LinkKind kind, Words words, Target.Syntax syntax) {
    List<Target.Host> from = hosts(words, syntax);
    boolean oneWay = words.takeIf("->");
    if (!oneWay && !words.takeIf("|")) {
      throw words.unexpected("'|' (both ways) or '->' (one way)");
    }
    List<Target.Host> to = hosts(words, syntax);
    int amount = amount(kind, words);
    String network = network(words);
    return sides(from, to, (a, b) -> new Fault.Link(kind, a, b, !oneWay, network, amount));
  }

  private static int amount(Fault.LinkKind kind, Words words) {
    if (kind == Fault.LinkKind.DELAY) {
      return (int) words.durationMs("a delay such as 50ms");
    }
    if (kind != Fault.LinkKind.LOSS && kind != Fault.LinkKind.DUPLICATE) {
      return 0;
    }
    String word = words.take("a percentage such as 10%");
    if (!word.matches("\\d{1,3}%")
        || Integer.parseInt(word.substring(0, word.length() - 1)) > 100) {
      throw words.problem("'" + word + "' is no percentage", "write 0% to 100%");
    }
    return Integer.parseInt(word.substring(0, word.length() - 1));
  }

  private static String network(Words words) {
    if (!words.takeIf("on")) {
      return "all";
    }
    String network = words.take("a network");
    if (!List.of("public", "private", "storage", "all").contains(network)) {
      throw words.problem(
          "there is no network '" + network + "'", "write public, private, storage or all");
    }
    return network;
  }

  private static Line disk(Words words, Target.Syntax syntax) {
    String disk = words.take("a disk name");
    String word = words.take("a disk fault");
    Fault.DiskKind kind;
    try {
      kind = Fault.DiskKind.valueOf(upper(word));
    } catch (IllegalArgumentException e) {
      throw words.problem(
          "'" + word + "' is no disk fault",
          "write ok, fail, hang, slow, torn, stale, flipped or full");
    }
    int delay = kind == Fault.DiskKind.SLOW ? (int) words.durationMs("a delay such as 500ms") : 0;
    Target.Host host = words.takeIf("for") ? Target.Host.read(words, syntax) : null;
    syntax.mentions().add(Target.Mention.disk(words, disk, kind, host != null));
    return places -> new Fault.Disk(disk, kind, delay, host == null ? null : places.host(host));
  }

  private static Line clock(Words words, Target.Syntax syntax) {
    Target.Host host = Target.Host.read(words, syntax);
    String step = words.take("a step such as +90s");
    long ms = step.length() > 1 ? Durations.ms(step.substring(1)) : -1;
    if (ms < 0 || (step.charAt(0) != '+' && step.charAt(0) != '-')) {
      throw words.problem("'" + step + "' is no clock step", "write e.g. +90s or -2m");
    }
    long signed = step.charAt(0) == '-' ? -ms : ms;
    return places -> new Fault.Clock(places.host(host), signed);
  }

  private static Line type(Words words, Target.Syntax syntax) {
    Target target = Target.read(words, syntax);
    if (words.done()) {
      throw words.unexpected("what is typed");
    }
    List<String> said = List.of(words.rest().split("\\s+"));
    return places -> new Fault.Type(places.endpoint(target), said);
  }

  private static Line edit(Words words, Target.Syntax syntax) {
    Target.Host host = Target.Host.read(words, syntax);
    String file = words.take("the name of a file");
    String key = words.take("a key");
    if (words.done()) {
      throw words.unexpected("the new value of " + key);
    }
    String value = words.rest();
    syntax.mentions().add(Target.Mention.file(words, host.name(), file));
    return places -> new Fault.Edit(places.host(host), file, key, value);
  }

  /** The plain name of a file. */
  static String file(Words words) {
    String name = words.take("the name of a file");
    if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
      throw words.problem("'" + name + "' is no plain file name", "write e.g. dm.ini");
    }
    return name;
  }

  /** One side of a link: a host, or several in braces, or {@code *} for all others. */
  private static List<Target.Host> hosts(Words words, Target.Syntax syntax) {
    List<Target.Host> hosts = new ArrayList<>();
    if (words.takeIf("*")) {
      return hosts;
    }
    if (!words.takeIf("{")) {
      return List.of(Target.Host.read(words, syntax));
    }
    do {
      hosts.add(Target.Host.read(words, syntax));
      words.takeIf(",");
    } while (!words.takeIf("}"));
    return hosts;
  }

  private static Line sides(
      List<Target.Host> from,
      List<Target.Host> to,
      BiFunction<List<String>, List<String>, Fault> make) {
    return places -> {
      List<String> a = from.stream().map(places::host).toList();
      List<String> b = to.stream().map(places::host).toList();
      return make.apply(from.isEmpty() ? places.others(b) : a, to.isEmpty() ? places.others(a) : b);
    };
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }

  /** Says who and where at the moment a line is carried out. */
  interface Places {
    Endpoint endpoint(Target target);

    String host(Target.Host host);

    /** Every host of the lab but these. */
    List<String> others(List<String> hosts);
  }
}
