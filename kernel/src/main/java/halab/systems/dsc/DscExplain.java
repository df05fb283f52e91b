package halab.systems.dsc;

import halab.dsc.proto.GroupType;
import halab.kernel.Endpoint;
import halab.systems.Happened;
import halab.systems.LabPlan;
import halab.systems.Term;
import halab.systems.Waterfall;
import halab.systems.dsc.DscEpisode.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds losses, rejoins, starts and stops in what the daemons of a lab wrote down, and puts each
 * part beside its term. Reads the moves of the control CSS's tables, its vendor lines and {@link
 * LossNote}s. Pure: a list goes in, a list comes out.
 */
final class DscExplain {
  /** What follows upon an episode of the same node within this belongs to it. */
  private static final long BELONGS_MS = 5_000;

  /** In A, and in the later dialects. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "\\[(CSS|ASM|DB)]: (?:CSS set cmd |设置命令\\[)(.+?)]?,"
              + " (?:dest_ep|目标站点) (\\S+?)(?: seqno = \\d+|\\[\\d+]),"
              + " (?:cmd_seq = |命令序号\\[)(\\d+)]?");

  private static final Pattern RECOVER =
      Pattern.compile("\\[(ASM|DB)]: Set EP (\\S+)\\[(\\d+)] as recover EP");
  private static final Pattern ASKS = Pattern.compile("css detect (ASM|DB) \\[(\\S+)] startup2");

  private final DscTerms terms;
  private final Wording words;
  private final DscCauses causes;
  private final List<DscEpisode> episodes = new ArrayList<>();

  /** The episode that a group is going through. */
  private final Map<GroupType, DscEpisode> busy = new EnumMap<>(GroupType.class);

  /** A group left OPEN; the line that says why follows. */
  private final Map<GroupType, Long> leaving = new EnumMap<>(GroupType.class);

  /** Commands since the group's last step. */
  private final Map<GroupType, List<String>> commands = new EnumMap<>(GroupType.class);

  /** Since when a group has been in LINK_CHECK. */
  private final Map<GroupType, Long> testing = new EnumMap<>(GroupType.class);

  /** CSSs that stand for election, each with what led to it. */
  private final Map<Endpoint, DscEpisode> standing = new TreeMap<>();

  /** Losses of which a new control CSS has not judged anything yet. */
  private final List<DscEpisode> elected = new ArrayList<>();

  /** CSSs that became the control node because another one was lost, the oldest first. */
  private final List<Change> changes = new ArrayList<>();

  /** When an EP was seen to ask for its start. */
  private final Map<String, Long> asked = new TreeMap<>();

  /** A CSS is the control node from then on, by the loss that is told in an episode of its own. */
  private record Change(DscEpisode loss, Endpoint css, long atMs) {}

  private DscExplain(LabPlan plan, List<Happened> log) {
    this.terms = DscBounds.terms(plan);
    this.words = Wording.of(plan.dialects());
    this.causes = new DscCauses(plan, log);
  }

  /**
   * The episodes of a lab, oldest first.
   *
   * @param log in the order of time
   */
  static List<Waterfall> of(LabPlan plan, List<Happened> log) {
    DscExplain explain = new DscExplain(plan, log);
    log.forEach(explain::take);
    return explain.episodes.stream()
        .filter(e -> !e.fresh())
        .map(e -> e.waterfall(!explain.busy.containsValue(e)))
        .toList();
  }

  private void take(Happened h) {
    switch (h.kind()) {
      case "moved" -> moved(h);
      case "say" -> said(h);
      case LossNote.KIND -> lost(h);
      default -> {} // links, disks, launches: not a part of any flow by themselves
    }
  }

  private void moved(Happened h) {
    switch (h.get("table")) {
      case "dmcss" -> cssMoved(h, CssPhase.valueOf(h.get("from")), CssPhase.valueOf(h.get("to")));
      case "dmcss.ASM" -> groupMoved(h, GroupType.ASM);
      case "dmcss.DB" -> groupMoved(h, GroupType.DB);
      default -> {}
    }
  }

  // ---- groups -----------------------------------------------------------------------------------

  private void groupMoved(Happened h, GroupType type) {
    GroupPhase from = GroupPhase.valueOf(h.get("from"));
    GroupPhase to = GroupPhase.valueOf(h.get("to"));
    boolean rests = from == GroupPhase.OPEN || from == GroupPhase.CLOSED;
    if (to == GroupPhase.LINK_CHECK) {
      testing.put(type, h.atMs());
    }
    if (to == GroupPhase.STARTUP && rests) {
      commands.remove(type);
      busy.put(type, startsAgain(h, type));
      return;
    } else if (to == GroupPhase.START_NOTIFY) {
      busy.put(type, ofStart(h, type));
    } else if (to == GroupPhase.SHUTDOWN && rests) {
      busy.put(type, ofStop(h));
      return;
    } else if (from == GroupPhase.OPEN && to == GroupPhase.LINK_CHECK) {
      commands.remove(type);
      busy.put(type, ofLinks(h, type));
      return;
    } else if (rests) {
      commands.remove(type);
      leaving.put(type, h.atMs());
      return;
    }
    DscEpisode episode = busy.computeIfAbsent(type, t -> latest(h));
    if (to == GroupPhase.HALT) {
      episode.halted();
    }
    List<String> done = commands.getOrDefault(type, List.of());
    commands.remove(type);
    if (from == GroupPhase.LINK_CHECK && testedBeside(episode, type)) {
      tested(episode, type, to, h.atMs(), done);
    } else if (from == GroupPhase.CRASH_STEP1) {
      crashes(episode, type, h.atMs(), done);
    } else {
      episode.row(h.atMs(), terms.phase(type, from), status(from), done);
    }
    if (to == GroupPhase.OPEN || to == GroupPhase.CLOSED) {
      busy.remove(type);
    }
  }

  private String status(GroupPhase phase) {
    return "(" + words.sta(phase) + ", " + words.sub(phase) + ")";
  }

  /** The first step of a crash, which may have to wait until ASM has handled its own. */
  private void crashes(DscEpisode episode, GroupType type, long atMs, List<String> commands) {
    List<String> notes = new ArrayList<>(commands);
    Term term = terms.phase(type, GroupPhase.CRASH_STEP1);
    for (Map.Entry<Long, DscEpisode> first : wentFirst(episode, type, atMs).entrySet()) {
      Term queue = queue(type, first.getValue(), episode.lastMs(), first.getKey());
      term = DscTerms.beside(term, queue);
      notes.add(queue.why());
    }
    episode.row(atMs, term, status(GroupPhase.CRASH_STEP1), notes);
  }

  /** The other group's parts of the episode went on while this one was in LINK_CHECK. */
  private boolean testedBeside(DscEpisode episode, GroupType type) {
    return testing.getOrDefault(type, Long.MAX_VALUE) < episode.lastMs(other(type));
  }

  /** Only what came after the other group's parts is a part of its own; the whole wait is noted. */
  private void tested(
      DscEpisode episode, GroupType type, GroupPhase to, long atMs, List<String> commands) {
    long sinceMs = testing.get(type);
    String wait = type + " in LINK_CHECK for %.1f s beside " + other(type);
    String beside = String.format(Locale.ROOT, wait, (atMs - sinceMs) / 1000.0);
    if (type == GroupType.DB && episode.lostByLinks(GroupType.ASM) && to.crashing()) {
      String why = beside + ", whose verdict decided";
      episode.row(atMs, DscTerms.because(terms.links().followed(), why), "", List.of(why));
    } else if (atMs == episode.lastMs()) {
      episode.noted(beside);
    } else {
      Term term = terms.phase(type, GroupPhase.LINK_CHECK);
      List<String> notes = new ArrayList<>(commands);
      notes.add(beside);
      episode.row(
          atMs,
          DscTerms.left(term, episode.lastMs() - sinceMs),
          status(GroupPhase.LINK_CHECK),
          notes);
    }
  }

  private static GroupType other(GroupType type) {
    return type == GroupType.DB ? GroupType.ASM : GroupType.DB;
  }

  private DscEpisode begun(Kind kind, long atMs) {
    DscEpisode episode = new DscEpisode(kind, atMs);
    episodes.add(episode);
    return episode;
  }

  /** A control CSS goes on with what another one began. */
  private DscEpisode latest(Happened h) {
    return episodes.isEmpty() ? begun(Kind.LOSS, h.atMs()) : episodes.get(episodes.size() - 1);
  }

  /** DB starts after ASM in one start of a cluster; a group that starts again begins a new one. */
  private DscEpisode ofStart(Happened h, GroupType type) {
    DscEpisode begun = busy.get(type);
    if (begun != null && begun.kind == Kind.START) {
      return begun;
    }
    DscEpisode last = episodes.isEmpty() ? null : episodes.get(episodes.size() - 1);
    boolean goesOn = last != null && last.kind == Kind.START && !last.tells(type);
    return goesOn ? last : begun(Kind.START, h.atMs());
  }

  /** A group whose EPs had all ended: what launched them, until the first one asks. */
  private DscEpisode startsAgain(Happened h, GroupType type) {
    DscEpisode start = ofStart(h, type);
    List<Happened> launches = causes.ofStart(type, h.atMs());
    if (start.fresh() && !start.caused() && !launches.isEmpty()) {
      start.causedBy(launches.get(0));
      launches.forEach(start::alsoCausedBy);
    }
    if (start.caused()) {
      part(start, causes.firstBeatMs(type, start.lastMs(), h.atMs()), terms.boot(type));
      part(start, h.atMs(), terms.asks(type));
    }
    return start;
  }

  private DscEpisode ofStop(Happened h) {
    DscEpisode last = episodes.isEmpty() ? null : episodes.get(episodes.size() - 1);
    if (last != null && last.kind == Kind.STOP && h.atMs() - last.lastMs() <= BELONGS_MS) {
      return last;
    }
    DscEpisode stop = begun(Kind.STOP, h.atMs());
    stop.causedBy(Happened.fault(h.atMs(), "EP STOP of a monitor"));
    return stop;
  }

  /** The network between EPs is found broken; ASM and DB test the same one. */
  private DscEpisode ofLinks(Happened h, GroupType type) {
    DscEpisode last = episodes.isEmpty() ? null : episodes.get(episodes.size() - 1);
    if (last != null && last.testsLinks() && near(last, h.atMs())) {
      return last;
    }
    DscEpisode episode = begun(Kind.LOSS, h.atMs());
    episode.causedBy(causes.ofLinks(type, h.atMs()));
    episode.ofLinks();
    if (episode.caused()) {
      episode.row(h.atMs(), terms.links().silence(type), "", List.of());
    }
    return episode;
  }

  // ---- losses -----------------------------------------------------------------------------------

  private void lost(Happened h) {
    GroupType type = GroupType.valueOf(h.get("group"));
    int node = Integer.parseInt(h.get("seqno"));
    boolean normal = h.get("by").equals("normal");
    DscEpisode episode = busy.get(type);
    if (episode != null && (episode.kind == Kind.REJOIN || episode.kind == Kind.START)) {
      lostMeanwhile(episode, h, type, node);
      return;
    }
    if (episode == null) {
      episode = normal ? null : ofNode(Kind.LOSS, node, h.atMs());
    }
    if (episode == null) {
      episode = new DscEpisode(Kind.LOSS, firstSign(h));
      episode.causedBy(causes.ofLoss(h));
      if (!normal) {
        episodes.add(episode);
      }
    }
    detected(episode, h, type);
    if (!episode.isAbout(node)) {
      episode.alsoCausedBy(causes.ofLoss(h));
    }
    episode.about(type, node, h.get("ep"));
    if (normal) {
      standing.put(h.who(), episode);
    } else if (type != GroupType.CSS) {
      leaving.remove(type);
      busy.put(type, episode);
    }
  }

  /**
   * A rejoin or a start cannot go on: who was lost, by what. The note comes with the look that left
   * the step; what the group goes on with is told by its next steps.
   */
  private void lostMeanwhile(DscEpisode episode, Happened h, GroupType type, int node) {
    if (episode.hasLost(type, node)) {
      return;
    }
    Happened fault = causes.ofLoss(h);
    episode.alsoLost(type, node, h.get("ep"));
    episode.cutShort(fault == null ? reason(h) : reason(h) + ": " + fault.get("text"));
  }

  private static long changedMs(Happened h) {
    String text = h.get("changed_ms");
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  private static long firstSign(Happened h) {
    boolean silent = h.get("why").equals(LossNote.SILENT) && changedMs(h) > 0;
    return silent ? changedMs(h) : h.atMs();
  }

  /** The parts from the last boundary to the look that judged. */
  private void detected(DscEpisode episode, Happened h, GroupType type) {
    boolean first = episode.fresh();
    boolean silent = h.get("why").equals(LossNote.SILENT);
    List<String> notes = List.of(reason(h));
    if (!first && type == GroupType.CSS) {
      if (elected.remove(episode)) {
        episode.row(h.atMs(), terms.control(), "", notes);
      }
      return; // its EPs were found first
    }
    if (!first && busy.get(type) == episode && episode.lastMs() == h.atMs()) {
      return; // several EPs at one look
    }
    if (h.get("why").equals(LossNote.LINK_IP)) {
      episode.row(h.atMs(), terms.linkIpSilence(), "", notes);
    } else if (!silent) {
      awaitsControl(episode, h.atMs());
      episode.row(h.atMs(), terms.ended(type, besideAsm(episode, type) ? 0 : 1), "", notes);
    } else if (first) {
      if (episode.caused() && changedMs(h) > 0) {
        episode.row(changedMs(h), terms.heartbeat(type), "", List.of());
      }
      counted(episode, h, type, notes);
    } else {
      awaitsControl(episode, h.atMs());
      episode.row(h.atMs(), terms.silentToo(type, episode.counted(), episode.sinceMs()), "", notes);
    }
  }

  /** The count; it may have been over before there was a control CSS that judged by it. */
  private void counted(DscEpisode episode, Happened h, GroupType type, List<String> notes) {
    long overMs = countOverMs(h, type);
    if (!controlChanged(episode, overMs, h.atMs())) {
      episode.row(h.atMs(), counted(h, type), "", notes);
      episode.counted(type);
      return;
    }
    episode.row(overMs, terms.silence(type), "", List.of());
    episode.counted(type);
    awaitsControl(episode, h.atMs());
    episode.row(h.atMs(), terms.control(), "", notes);
  }

  /** Looks come at a steady pace, so the last one that counted lies in proportion. */
  private long countOverMs(Happened h, GroupType type) {
    long looks = Long.parseLong(h.get("looks"));
    boolean longer = changedMs(h) > 0 && looks > terms.count(type);
    return longer ? changedMs(h) + (h.atMs() - changedMs(h)) * terms.count(type) / looks : h.atMs();
  }

  /** Another CSS became the control node meanwhile, in an episode of its own. */
  private boolean controlChanged(DscEpisode episode, long sinceMs, long atMs) {
    return changes.stream()
        .anyMatch(c -> c.loss() != episode && sinceMs < c.atMs() && c.atMs() <= atMs);
  }

  private void awaitsControl(DscEpisode episode, long atMs) {
    for (Change c : changes) {
      if (c.loss() != episode && c.atMs() <= atMs) {
        awaits(episode, c, "");
      }
    }
  }

  /**
   * How the old control CSS was found to be lost and another one elected, as far as the episode had
   * to wait for it. What its own step had before the fault belongs to the first part.
   */
  private static void awaits(DscEpisode episode, Change c, String more) {
    long earlyMs = c.loss().kind == Kind.LOSS ? c.loss().beginMs() - episode.lastMs() : 0;
    for (Waterfall.Row part : c.loss().between(episode.lastMs(), c.atMs())) {
      List<String> notes = new ArrayList<>(part.notes());
      if (part.endMs() == c.atMs()) {
        notes.add(c.css() + " is the control CSS now" + more);
      }
      Term term = earlyMs > 0 ? DscTerms.left(part.term(), -earlyMs) : part.term();
      episode.row(part.endMs(), term, "", notes);
      earlyMs = 0;
    }
  }

  /** More looks than the group's count: the whole node was quiet, and the network was asked too. */
  private Term counted(Happened h, GroupType type) {
    boolean byNode = terms.nodeRule(type) && Integer.parseInt(h.get("looks")) > terms.count(type);
    return byNode ? terms.nodeSilence(type) : terms.silence(type);
  }

  /** DB ended while ASM was handled, not by the Kill of a new control CSS just now. */
  private static boolean besideAsm(DscEpisode episode, GroupType type) {
    boolean killed = episode.fresh() || episode.lastMs(GroupType.CSS) == episode.lastMs();
    return type == GroupType.DB && !killed;
  }

  private static String reason(Happened h) {
    String ep = h.get("ep") + "[" + h.get("seqno") + "]";
    return switch (h.get("why")) {
      case LossNote.SILENT -> ep + " unchanged at " + h.get("looks") + " looks";
      case LossNote.LINK_IP -> ep + " was halted: another CSS reaches the link check IP";
      case LossNote.ENDED -> ep + " shows " + h.get("vtd_status");
      default -> ep + " lives again, as another process";
    };
  }

  /** The episode of this node that has just been, or goes on. */
  private DscEpisode ofNode(Kind kind, int node, long atMs) {
    for (int i = episodes.size() - 1; i >= 0; i--) {
      DscEpisode e = episodes.get(i);
      if (e.kind == kind && e.isAbout(node)) {
        return near(e, atMs) ? e : null;
      }
    }
    return null;
  }

  private boolean near(DscEpisode episode, long atMs) {
    return busy.containsValue(episode) || atMs - episode.lastMs() <= BELONGS_MS;
  }

  // ---- the control CSS --------------------------------------------------------------------------

  private void cssMoved(Happened h, CssPhase from, CssPhase to) {
    if (from == CssPhase.BOOT && to == CssPhase.ELECTION) {
      DscEpisode start = new DscEpisode(Kind.START, h.atMs());
      start.causedBy(Happened.fault(h.atMs(), "first heartbeat of " + h.who()));
      standing.put(h.who(), start);
      return;
    }
    DscEpisode episode = standing.get(h.who());
    if (episode == null) {
      return;
    }
    if (to == CssPhase.CLAIM) {
      episode.row(h.atMs(), terms.election(), "", List.of());
    } else if (from == CssPhase.CLAIM) {
      episode.row(h.atMs(), terms.claim(), "", List.of());
    }
    if (to == CssPhase.CONTROL) {
      Change now = new Change(episode, h.who(), h.atMs());
      for (DscEpisode interrupted : new LinkedHashSet<>(busy.values())) {
        if (interrupted != episode) {
          awaits(interrupted, now, ", and begins the step anew");
        }
      }
      episodes.add(episode);
      elected.add(episode);
      if (episode.kind == Kind.LOSS) {
        changes.add(now);
      }
    }
    if (to == CssPhase.CONTROL || from == CssPhase.ELECTION && to != CssPhase.CLAIM) {
      standing.remove(h.who());
    }
  }

  // ---- lines ------------------------------------------------------------------------------------

  private void said(Happened h) {
    String text = h.get("text");
    Matcher command = COMMAND.matcher(text);
    if (command.matches()) {
      if (!command.group(4).equals("0")) {
        // Addresses are the DB group's affair, also where a CSS is told.
        GroupType type = command.group(1).equals("ASM") ? GroupType.ASM : GroupType.DB;
        commands
            .computeIfAbsent(type, t -> new ArrayList<>())
            .add(command.group(2) + " -> " + command.group(3) + " (" + command.group(4) + ")");
      }
      return;
    }
    Matcher asks = ASKS.matcher(text);
    if (asks.matches()) {
      asked.put(asks.group(1) + " " + asks.group(2), h.atMs());
      return;
    }
    Matcher recover = RECOVER.matcher(text);
    if (recover.matches()) {
      recovers(
          h,
          GroupType.valueOf(recover.group(1)),
          recover.group(2),
          Integer.parseInt(recover.group(3)));
    }
  }

  private void recovers(Happened h, GroupType type, String ep, int node) {
    long asks = asked.getOrDefault(type + " " + ep, h.atMs());
    long beat = causes.firstBeatMs(node, type, h.atMs());
    DscEpisode episode = ofNode(Kind.REJOIN, node, h.atMs());
    if (episode == null) {
      episode = begun(Kind.REJOIN, Math.min(beat, asks));
      episode.causedBy(causes.ofRejoin(node, type, beat));
    }
    part(episode, beat, terms.boot(type));
    part(episode, asks, terms.asks(type));
    queues(episode, type, h.atMs());
    part(episode, h.atMs(), gate(type, h.atMs() - episode.lastMs()));
    episode.about(type, node, ep);
    leaving.remove(type);
    busy.put(type, episode);
  }

  /** Only checkpoints have a formula; how long a person or a broken link takes nobody can say. */
  private Term gate(GroupType type, long tookMs) {
    Term gate = terms.gate(type);
    return tookMs <= gate.mostMs()
        ? gate
        : DscTerms.because(gate, gate.why() + "; there is no formula for what takes longer");
  }

  /** What else the group, or ASM for a DB EP, went through since the EP asked to be let in. */
  private void queues(DscEpisode episode, GroupType type, long untilMs) {
    wentFirst(episode, type, untilMs)
        .forEach(
            (endMs, first) ->
                episode.row(endMs, queue(type, first, episode.lastMs(), endMs), "", List.of()));
  }

  private static Term queue(GroupType type, DscEpisode first, long sinceMs, long endMs) {
    List<Term> left = first.between(sinceMs, endMs).stream().map(Waterfall.Row::term).toList();
    return DscTerms.queue(type, left, first.waitedFor());
  }

  /** What the group, or ASM for DB, was occupied with since the episode's last part, by its end. */
  private TreeMap<Long, DscEpisode> wentFirst(DscEpisode episode, GroupType type, long untilMs) {
    List<GroupType> groups = type == GroupType.DB ? List.of(GroupType.ASM, type) : List.of(type);
    TreeMap<Long, DscEpisode> ends = new TreeMap<>();
    for (DscEpisode e : episodes) {
      for (GroupType group : groups) {
        long endMs = e.lastMs(group);
        if (e != episode && episode.lastMs() < endMs && endMs <= untilMs) {
          ends.put(endMs, e);
        }
      }
    }
    return ends;
  }

  /** A part that may lie before the episode's last boundary. */
  private static void part(DscEpisode episode, long endMs, Term term) {
    if (endMs > episode.lastMs() || endMs == episode.lastMs() && !episode.fresh()) {
      episode.row(endMs, term, "", List.of());
    }
  }
}
