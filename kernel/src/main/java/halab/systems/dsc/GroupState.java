package halab.systems.dsc;

import halab.dsc.proto.Command;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.Life;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the control CSS knows and wants of one group of EPs. Lies on the VOTE disk as a {@link
 * GroupRecord}, so that the next control CSS goes on from it. Frozen once made: {@link #with}
 * changes a fresh copy, and only the group's table assigns the phase.
 */
final class GroupState implements Cloneable {
  final int group;
  final GroupType type;

  GroupPhase phase = GroupPhase.STARTUP;
  int control = DscText.NONE;
  List<Integer> broken = List.of();
  int recover = DscText.NONE;

  /** EPs that belong to the group and are not marked ERROR. */
  List<Integer> ok = List.of();

  /** The lives that were taken in: EP to incarnation. */
  SortedMap<Integer, Long> lives = new TreeMap<>();

  boolean crashOver;

  /** The group's one counter: rises with every status change and every command but NONE. */
  long lastSeq;

  long generation;

  /** The DCR's block of this group as last written: its fault marks are the group's. */
  DcrGroup dcr;

  /** Disk request of a fault mark that is not durable yet; 0: all are. */
  long marking;

  /** Look at which marks began to wait for the disk, while {@link #marking}. */
  long markingLook;

  /** START_NORMAL: since when the missing OK EPs are waited for. */
  long waitSinceMs;

  /** It was said that a rejoin is barred. */
  boolean barred;

  /** The EP, and its life, of which it was said that one in MOUNT bars its rejoin. */
  int barredEp = DscText.NONE;

  long barredLife;

  /** Commands in force by EP; NONE takes them out. */
  SortedMap<Integer, Command> issued = new TreeMap<>();

  /**
   * Look at which {@link #issued} last changed: younger than the picture, so not yet to be seen.
   */
  long issuedLook;

  /** guid given to the present life of an EP: EP to (incarnation, guid). */
  SortedMap<Integer, long[]> guids = new TreeMap<>();

  /** Addresses whose configuration on this host is still open. */
  int vipOpen;

  /** Whether the present VIP step has asked for them. */
  boolean vipAsked;

  /** STARTUP: look at which the first candidate was seen; 0: none yet. */
  long candidateLook;

  /** The fault marks were read from the DCR for the start that comes. */
  boolean marksKnown;

  /** Looks at which the present report of a broken MAL link was first and last seen; 0: never. */
  long reportSince;

  long reportLook;

  /** ASM: the DB group's report, by its first look, that its own links were tested for. */
  long testedFor;

  /** HALT and LINK_CHECK: the lives that have to end. */
  SortedMap<Integer, Long> doomed = new TreeMap<>();

  /** Counter of the CSS group, advanced by CONFIG VIP to other CSSs (kept with the DB group). */
  long cssSeq;

  GroupState(int group, DcrGroup dcr) {
    this.group = group;
    this.type = VoteLayout.type(group);
    this.dcr = dcr;
    this.ok = okBy(dcr);
  }

  GroupState with(Consumer<GroupState> change) {
    try {
      GroupState copy = (GroupState) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** The EP that rejoins has been made control node. */
  boolean adjusted() {
    return recover != DscText.NONE && recover == control;
  }

  /** EPs that the DCR does not mark ERROR. */
  static List<Integer> okBy(DcrGroup dcr) {
    return java.util.stream.IntStream.range(0, dcr.getNEp())
        .boxed()
        .filter(n -> !dcr.getErrEpList().contains(n))
        .toList();
  }

  /** The record that lies on disk: all that the next control CSS needs. */
  GroupRecord.Builder record(long term, List<Integer> active) {
    GroupRecord.Builder record =
        GroupRecord.newBuilder()
            .setTerm(term)
            .setGeneration(generation)
            .setType(type)
            .setPhase(phase.name())
            .setControl(control)
            .addAllBreakEp(broken)
            .setRecoverEp(recover)
            .addAllOkEp(ok)
            .addAllActiveEp(active)
            .setCrashOver(crashOver)
            .setLastSeq(lastSeq);
    lives.forEach(
        (ep, incarnation) ->
            record.addOkLife(Life.newBuilder().setSeqno(ep).setIncarnation(incarnation)));
    return record;
  }

  /**
   * Goes on from the last control CSS's record. A step in progress starts over from the first one
   * of its flow (reference 3.1, end): every command may be repeated. A rejoin whose EP has been
   * made control node goes on from there: what lies before was done under the old one.
   *
   * @param highestSeq highest command number that stands in any area of the group
   */
  static GroupState adopt(int group, DcrGroup dcr, GroupRecord record, long highestSeq) {
    GroupState fresh = new GroupState(group, dcr);
    if (record.getGeneration() == 0) {
      return fresh.with(g -> g.lastSeq = highestSeq);
    }
    return fresh.with(
        g -> {
          g.control = record.getControl();
          g.broken = List.copyOf(record.getBreakEpList());
          g.phase = entry(group, begun(record));
          g.recover = g.phase.rejoining() ? record.getRecoverEp() : DscText.NONE;
          g.phase = g.adjusted() ? GroupPhase.REJOIN_ADJUST : g.phase;
          g.ok = List.copyOf(record.getOkEpList());
          g.takeOverMarks();
          g.crashOver = record.getCrashOver();
          g.lastSeq = Math.max(record.getLastSeq(), highestSeq);
          g.generation = record.getGeneration();
          g.lives = new TreeMap<>();
          record.getOkLifeList().forEach(l -> g.lives.put(l.getSeqno(), l.getIncarnation()));
          if (g.phase == GroupPhase.HALT) {
            g.doomed = g.lives;
          }
        });
  }

  /**
   * A member that the DCR marks: the last control CSS was about to handle its end, and the mark is
   * all of it that reached a disk.
   */
  private void takeOverMarks() {
    List<Integer> marked = ok.stream().filter(dcr.getErrEpList()::contains).toList();
    if (!marked.isEmpty() && (atRest(phase) || phase.crashing())) {
      broken = GroupActs.with(broken, marked);
      phase = entry(group, GroupPhase.CRASH_STEP1);
    }
  }

  private static boolean atRest(GroupPhase phase) {
    return phase == GroupPhase.OPEN || phase == GroupPhase.EXTEND;
  }

  /** A link check belongs to what it interrupted. */
  private static GroupPhase begun(GroupRecord record) {
    GroupPhase phase = GroupPhase.valueOf(record.getPhase());
    if (phase != GroupPhase.LINK_CHECK) {
      return phase;
    }
    if (record.getRecoverEp() != DscText.NONE) {
      return GroupPhase.REJOIN_SUSPEND;
    }
    return record.getBreakEpCount() > 0 ? GroupPhase.CRASH_STEP1 : GroupPhase.OPEN;
  }

  private static GroupPhase entry(int group, GroupPhase phase) {
    if (phase.starting()) {
      return GroupPhase.STARTUP;
    }
    if (phase.crashing()) {
      return group == 1 ? GroupPhase.ASM_CRASH_SUSPEND : GroupPhase.CRASH_STEP1;
    }
    return phase.rejoining() ? GroupPhase.REJOIN_SUSPEND : phase;
  }
}
