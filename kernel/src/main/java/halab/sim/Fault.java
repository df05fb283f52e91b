package halab.sim;

import halab.kernel.Endpoint;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing done to a lab, all places named. Its text is the line that a scenario or a schedule
 * file would say, and {@link FaultGrammar} reads it back.
 */
public sealed interface Fault {
  /** Has it done. */
  void applyTo(FaultPort port);

  /** The line that means this fault. */
  String text();

  /**
   * What is done to one process. STOP and TSTP are orderly stops (SIGTERM, SIGTSTP), PAUSE a
   * SIGSTOP.
   */
  enum ProcessOp {
    KILL,
    STOP,
    TSTP,
    PAUSE,
    RESUME,
    START;

    /** Asks the process to end, or ends it: nothing where none runs. */
    public boolean ends() {
      return this == KILL || this == STOP || this == TSTP;
    }
  }

  /** Something done to one process. */
  record Process(ProcessOp op, Endpoint target) implements Fault {
    @Override
    public void applyTo(FaultPort port) {
      port.process(this);
    }

    @Override
    public String text() {
      return op.name().toLowerCase(Locale.ROOT) + " " + target;
    }
  }

  /** An operator types this at a daemon's console and waits for no answer. */
  record Type(Endpoint target, List<String> words) implements Fault {
    @Override
    public void applyTo(FaultPort port) {
      port.type(this);
    }

    @Override
    public String text() {
      return "type " + target + " " + String.join(" ", words);
    }
  }

  /**
   * An operator changes one key of a vendor file. Daemons read their files when they start, so
   * nothing happens before the next start.
   *
   * @param file name in the host's {@code etc}
   */
  record Edit(String host, String file, String key, String value) implements Fault {
    @Override
    public void applyTo(FaultPort port) {
      port.edit(this);
    }

    @Override
    public String text() {
      return "edit " + host + " " + file + " " + key + " " + value;
    }

    /** The file with the key's first line changed, or with a line for it on top. */
    public String changed(String before) {
      String line = key + " = " + value;
      Pattern there = Pattern.compile("(?im)^[ \\t]*" + Pattern.quote(key) + "[ \\t]*=.*$");
      Matcher found = there.matcher(before);
      return found.find()
          ? found.replaceFirst(Matcher.quoteReplacement(line))
          : line + "\n" + before;
    }
  }

  /**
   * An operator deletes a small file of a host, which its daemons may find missing when they start.
   *
   * @param file name in the host's system folder, else in its {@code etc}; nothing happens where
   *     there is none
   */
  record Remove(String host, String file) implements Fault {
    @Override
    public void applyTo(FaultPort port) {
      port.remove(this);
    }

    @Override
    public String text() {
      return "remove " + host + " " + file;
    }
  }

  /**
   * No event reaches the role any more until somebody steps it, or all of them do again. By hand,
   * in live labs; scenarios have no word for it.
   */
  record Hold(Endpoint target, boolean held) implements Fault {
    /** The words for it, in journals and on command lines. */
    static final List<String> VERBS = List.of("hold", "release");

    @Override
    public void applyTo(FaultPort port) {
      port.hold(this);
    }

    @Override
    public String text() {
      return VERBS.get(held ? 0 : 1) + " " + target;
    }
  }

  /** Power of a whole host; on means that its start list is started. */
  record Power(String host, boolean on) implements Fault {
    @Override
    public void applyTo(FaultPort port) {
      port.power(this);
    }

    @Override
    public String text() {
      return (on ? "poweron " : "poweroff ") + host;
    }
  }

  /** What a bad link does: CUT tells nobody, REFUSE tells the sender. */
  enum LinkKind {
    CUT,
    REFUSE,
    DELAY,
    LOSS,
    DUPLICATE
  }

  /**
   * A rule on what hosts send to hosts.
   *
   * @param from sending hosts
   * @param to hearing hosts
   * @param bothWays also the other direction
   * @param network "public", "private", "storage" or "all"
   * @param amount milliseconds for DELAY, percent for LOSS and DUPLICATE, else 0
   */
  record Link(
      LinkKind kind,
      List<String> from,
      List<String> to,
      boolean bothWays,
      String network,
      int amount)
      implements Fault {
    @Override
    public void applyTo(FaultPort port) {
      port.link(this);
    }

    @Override
    public String text() {
      StringBuilder line = new StringBuilder(kind.name().toLowerCase(Locale.ROOT));
      line.append(' ').append(set(from)).append(bothWays ? " | " : " -> ").append(set(to));
      if (kind == LinkKind.DELAY) {
        line.append(' ').append(amount).append("ms");
      } else if (kind == LinkKind.LOSS || kind == LinkKind.DUPLICATE) {
        line.append(' ').append(amount).append('%');
      }
      return line.append(network.equals("all") ? "" : " on " + network).toString();
    }

    static String set(List<String> hosts) {
      return hosts.size() == 1 ? hosts.get(0) : "{" + String.join(" ", hosts) + "}";
    }
  }

  /**
   * Takes away all rules between these hosts, both ways; with empty lists all rules of all kinds.
   */
  record Heal(List<String> from, List<String> to) implements Fault {
    /** Every link and every disk is whole again; processes are left as they are. */
    public static final Heal ALL = new Heal(List.of(), List.of());

    public boolean all() {
      return from.isEmpty();
    }

    /** Whether it lifts what lies between these two hosts. */
    public boolean between(String a, String b) {
      return all() || from.contains(a) && to.contains(b) || from.contains(b) && to.contains(a);
    }

    @Override
    public void applyTo(FaultPort port) {
      port.heal(this);
    }

    @Override
    public String text() {
      return all() ? "heal all" : "heal " + Link.set(from) + " | " + Link.set(to);
    }
  }

  /** What a disk does wrong. TORN and FLIPPED damage what is written, STALE serves old content. */
  enum DiskKind {
    OK,
    FAIL,
    HANG,
    SLOW,
    TORN,
    STALE,
    FLIPPED,
    FULL;

    /** Whether a host's own disk can do so; the others are about blocks. */
    public boolean ofOwn() {
      return this != TORN && this != STALE && this != FLIPPED;
    }
  }

  /**
   * A state of one disk.
   *
   * @param delayMs for SLOW
   * @param host only for this host's requests; null for everybody's
   */
  record Disk(String disk, DiskKind kind, int delayMs, String host) implements Fault {
    @Override
    public void applyTo(FaultPort port) {
      port.disk(this);
    }

    @Override
    public String text() {
      return "disk "
          + disk
          + " "
          + kind.name().toLowerCase(Locale.ROOT)
          + (kind == DiskKind.SLOW ? " " + delayMs + "ms" : "")
          + (host == null ? "" : " for " + host);
    }
  }

  /** A step of one host's wall clock; durations are not touched. */
  record Clock(String host, long stepMs) implements Fault {
    @Override
    public void applyTo(FaultPort port) {
      port.clock(this);
    }

    @Override
    public String text() {
      return "clock " + host + (stepMs < 0 ? " -" : " +") + Durations.text(Math.abs(stepMs));
    }
  }
}
