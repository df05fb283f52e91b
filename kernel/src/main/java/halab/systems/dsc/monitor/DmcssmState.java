package halab.systems.dsc.monitor;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonEp;
import halab.dsc.proto.MonGroup;
import halab.dsc.proto.MonPush;
import halab.kernel.Endpoint;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A monitor's state.
 *
 * @param zone in which times are printed, as the vendor prints them without naming it
 * @param style how it speaks
 * @param css one seat per CSSM_CSS_IP
 * @param startedWallMs start of this life, 0 before it
 * @param awaiting "Wait CSS Control Node choosed" stands on the screen without its "succeed"
 * @param sawLife a CSS has been live since the last complaint that all EPs are inactive
 * @param aloneSinceMs since when no CSS is live; {@link Long#MAX_VALUE} while one is
 * @param running the changing command in progress, null if none
 * @param nextId number of the next request to a CSS
 */
public record DmcssmState(
    Phase phase,
    ZoneId zone,
    MonStyle style,
    long oguid,
    List<CssSeat> css,
    long startedWallMs,
    boolean awaiting,
    boolean sawLife,
    long aloneSinceMs,
    Running running,
    long nextId) {

  /** What holds while the monitor is in a phase. */
  public enum Phase {
    /** No CSS has let the monitor in; nothing can be shown or asked. */
    ALONE,
    /** A CSS has, but none of those says that it is the control CSS. */
    ELECTING,
    /** The control CSS pushes its view every second; every command can be given. */
    READY
  }

  static DmcssmState of(ZoneId zone, MonStyle style, long oguid, List<Endpoint> css) {
    List<CssSeat> seats = css.stream().map(CssSeat::of).toList();
    return new DmcssmState(
        Phase.ALONE, zone, style, oguid, seats, 0, false, false, Long.MAX_VALUE, null, 1);
  }

  DmcssmState withPhase(Phase to) {
    return new DmcssmState(
        to,
        zone,
        style,
        oguid,
        css,
        startedWallMs,
        awaiting,
        sawLife,
        aloneSinceMs,
        running,
        nextId);
  }

  DmcssmState started(long wallMs, long nowMs) {
    return new DmcssmState(
        phase, zone, style, oguid, css, wallMs, true, false, nowMs, running, nextId);
  }

  DmcssmState with(CssSeat seat) {
    List<CssSeat> seats = new ArrayList<>(css);
    seats.replaceAll(s -> s.at().equals(seat.at()) ? seat : s);
    return new DmcssmState(
        phase,
        zone,
        style,
        oguid,
        List.copyOf(seats),
        startedWallMs,
        awaiting,
        sawLife,
        aloneSinceMs,
        running,
        nextId);
  }

  DmcssmState withAwaiting(boolean now) {
    return new DmcssmState(
        phase, zone, style, oguid, css, startedWallMs, now, sawLife, aloneSinceMs, running, nextId);
  }

  DmcssmState withLife(boolean seen, long aloneSince) {
    return new DmcssmState(
        phase, zone, style, oguid, css, startedWallMs, awaiting, seen, aloneSince, running, nextId);
  }

  DmcssmState with(Running now) {
    return new DmcssmState(
        phase,
        zone,
        style,
        oguid,
        css,
        startedWallMs,
        awaiting,
        sawLife,
        aloneSinceMs,
        now,
        nextId);
  }

  DmcssmState withNextId() {
    return new DmcssmState(
        phase,
        zone,
        style,
        oguid,
        css,
        startedWallMs,
        awaiting,
        sawLife,
        aloneSinceMs,
        running,
        nextId + 1);
  }

  /** The seat of the CSS at this place, null if dmcssm.ini does not name it. */
  CssSeat css(Endpoint at) {
    for (CssSeat seat : css) {
      if (seat.at().equals(at)) {
        return seat;
      }
    }
    return null;
  }

  /** The live CSSs in order of seqno. */
  List<CssSeat> live() {
    return css.stream()
        .filter(CssSeat::live)
        .sorted(Comparator.comparingInt(CssSeat::seqno))
        .toList();
  }

  /** The control CSS; while two claim it, the one that claimed it last. Null if there is none. */
  CssSeat control() {
    return css.stream()
        .filter(CssSeat::control)
        .max(Comparator.comparingLong(CssSeat::heardMs))
        .orElse(null);
  }

  /** Where the data of screens come from: the control CSS, else any live one; null if none. */
  CssSeat source() {
    CssSeat control = control();
    return control != null
        ? control
        : live().stream().filter(s -> s.push() != null).findFirst().orElse(null);
  }

  /** The phase that this knowledge belongs to. */
  Phase reach() {
    return control() != null ? Phase.READY : live().isEmpty() ? Phase.ALONE : Phase.ELECTING;
  }

  /** The group of this name, upper or lower case alike, as the source sees it; null if unknown. */
  MonGroup group(String name) {
    CssSeat source = source();
    return source == null
        ? null
        : source.push().getGroupList().stream()
            .filter(g -> g.getName().equalsIgnoreCase(name))
            .findFirst()
            .orElse(null);
  }

  /** The group of this type as the source sees it; null if unknown. */
  MonGroup group(GroupType type) {
    CssSeat source = source();
    return source == null ? null : group(source.push(), type);
  }

  static MonGroup group(MonPush push, GroupType type) {
    return push.getGroupList().stream().filter(g -> g.getType() == type).findFirst().orElse(null);
  }

  /** The EP of this group with this name, upper or lower case alike; null if there is none. */
  static MonEp ep(MonGroup group, String name) {
    return group.getEpList().stream()
        .filter(e -> e.getName().equalsIgnoreCase(name))
        .findFirst()
        .orElse(null);
  }

  /** The EP that this CSS looks after in a group; null if it has none there. */
  static MonEp ep(MonGroup group, int seqno) {
    return group.getEpList().stream().filter(e -> e.getSeqno() == seqno).findFirst().orElse(null);
  }

  /** Disk check count of a group in seconds, 60 as long as the DCR is not known. */
  int diskCheckS(GroupType type) {
    CssSeat source = source();
    return source == null
        ? 60
        : source.push().getDcr().getGroupList().stream()
            .filter(g -> g.getType() == type)
            .mapToInt(DcrGroup::getDskchkCnt)
            .findFirst()
            .orElse(60);
  }

  /** Name that the DCR gives to an EP; empty if it knows none. */
  static String dcrName(MonPush push, GroupType type, int seqno) {
    return push.getDcr().getEpList().stream()
        .filter(e -> e.getType() == type && e.getSeqno() == seqno)
        .map(DcrEp::getName)
        .findFirst()
        .orElse("");
  }
}
