package halab.systems.dsc;

import halab.dsc.proto.GroupType;
import halab.systems.Happened;
import halab.systems.Term;
import halab.systems.Waterfall;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** One failover while {@link DscExplain} puts it together. */
final class DscEpisode {
  /** What an episode is about. */
  enum Kind {
    LOSS,
    REJOIN,
    START,
    STOP
  }

  final Kind kind;
  private final List<Waterfall.Row> rows = new ArrayList<>();
  private final TreeSet<Integer> nodes = new TreeSet<>();
  private final TreeMap<String, String> who = new TreeMap<>();
  private final TreeMap<String, String> lost = new TreeMap<>();
  private String cause = "";
  private boolean halted;
  private boolean links;
  private long beginMs;
  private long lastMs;
  private GroupType counted = GroupType.CSS;
  private long countedMs;

  /** Counts from {@code beginMs} on until a cause is found. */
  DscEpisode(Kind kind, long beginMs) {
    this.kind = kind;
    this.beginMs = beginMs;
    this.lastMs = beginMs;
  }

  /** What began it; null: nothing is known. Before the first row only. */
  void causedBy(Happened fault) {
    if (fault != null) {
      cause = fault.get("text");
      beginMs = fault.atMs();
      lastMs = beginMs;
    }
  }

  /** What took one more of its EPs; null: nothing is known. */
  void alsoCausedBy(Happened fault) {
    if (fault != null && !List.of(cause.split("; ")).contains(fault.get("text"))) {
      cause += (cause.isEmpty() ? "" : "; ") + fault.get("text");
    }
  }

  /** An EP that it is about. */
  void about(GroupType type, int node, String ep) {
    nodes.add(node);
    who.put(type.getNumber() + " " + node, ep + "[" + node + "]");
  }

  /** An EP that was lost while a rejoin or a start went on. */
  void alsoLost(GroupType type, int node, String ep) {
    lost.put(type.getNumber() + " " + node, ep + "[" + node + "]");
  }

  boolean hasLost(GroupType type, int node) {
    return lost.containsKey(type.getNumber() + " " + node);
  }

  /** All EPs are halted because it cannot go on. */
  void halted() {
    halted = true;
  }

  /** It began with a broken network between EPs. */
  void ofLinks() {
    links = true;
  }

  boolean testsLinks() {
    return links;
  }

  boolean isAbout(int node) {
    return nodes.contains(node);
  }

  /** Whether it has parts of this group, or came to nothing before it had any. */
  boolean tells(GroupType type) {
    String group = DscTerms.step(type, "");
    return halted || rows.stream().anyMatch(r -> r.term().step().startsWith(group));
  }

  boolean fresh() {
    return rows.isEmpty();
  }

  boolean caused() {
    return !cause.isEmpty();
  }

  /** When it began: the cause, or the first sign. */
  long beginMs() {
    return beginMs;
  }

  long lastMs() {
    return lastMs;
  }

  /** The count of this group ended with the last part; those of others ran beside it. */
  void counted(GroupType type) {
    counted = type;
    countedMs = lastMs;
  }

  /** The group whose count ended first. */
  GroupType counted() {
    return counted;
  }

  /** From the end of that count to the last part. */
  long sinceMs() {
    return countedMs == 0 ? 0 : lastMs - countedMs;
  }

  /** A part ends now. */
  void row(long endMs, Term term, String status, List<String> notes) {
    rows.add(new Waterfall.Row(endMs, endMs - lastMs, term, status, notes));
    lastMs = endMs;
  }

  /** The last part was cut short by what the note says. */
  void cutShort(String note) {
    noted(note, "; but " + note);
  }

  /** Something that went on beside the last part, and ended with it. */
  void noted(String note) {
    noted(note, "");
  }

  private void noted(String note, String moreWhy) {
    if (rows.isEmpty()) {
      return;
    }
    Waterfall.Row last = rows.remove(rows.size() - 1);
    List<String> notes = new ArrayList<>(last.notes());
    notes.add(note);
    Term term = DscTerms.because(last.term(), last.term().why() + moreWhy);
    rows.add(new Waterfall.Row(last.endMs(), last.tookMs(), term, last.status(), notes));
  }

  /** Whether this group tested its links and had to do without an EP then. */
  boolean lostByLinks(GroupType type) {
    String tested = DscTerms.step(type, GroupPhase.LINK_CHECK.name());
    return rows.stream().anyMatch(r -> r.term().step().equals(tested))
        && who.keySet().stream().anyMatch(key -> key.startsWith(type.getNumber() + " "));
  }

  /** Its parts between these moments; of the first one what was left then. */
  List<Waterfall.Row> between(long sinceMs, long untilMs) {
    return rows.stream()
        .filter(r -> sinceMs < r.endMs() && r.endMs() <= untilMs)
        .map(r -> left(r, sinceMs - (r.endMs() - r.tookMs())))
        .toList();
  }

  private static Waterfall.Row left(Waterfall.Row row, long passedMs) {
    long passed = Math.max(0, passedMs);
    Term term = passed == 0 ? row.term() : DscTerms.left(row.term(), passed);
    return new Waterfall.Row(row.endMs(), row.tookMs() - passed, term, row.status(), row.notes());
  }

  /** When its last part of this group ended; 0: it has none. */
  long lastMs(GroupType type) {
    String group = DscTerms.step(type, "");
    return rows.stream()
        .filter(r -> r.term().step().startsWith(group))
        .mapToLong(Waterfall.Row::endMs)
        .max()
        .orElse(0);
  }

  /** Why another EP of the group is kept waiting by it. */
  String waitedFor() {
    return title() + (kind == Kind.REJOIN ? " goes first: one EP at a time" : " goes first");
  }

  private String title() {
    String names = String.join(", ", who.values());
    return switch (kind) {
      case LOSS -> who.isEmpty() ? "broken network between EPs, none lost" : "loss of " + names;
      case REJOIN -> "rejoin of " + names + failed();
      case START -> "start of the cluster" + failed();
      case STOP -> "orderly stop";
    };
  }

  private String failed() {
    String all = String.join(", ", lost.values());
    if (halted) {
      return " failed" + (all.isEmpty() ? "" : ", " + all + " lost") + ": all EPs halted";
    }
    return all.isEmpty() ? "" : ", " + all + " lost meanwhile";
  }

  Waterfall waterfall(boolean over) {
    return new Waterfall(title(), cause, beginMs, rows, over);
  }
}
