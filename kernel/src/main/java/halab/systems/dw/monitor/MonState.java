package halab.systems.dw.monitor;

import halab.kernel.Endpoint;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A monitor's state. Frozen once made: {@link #with} changes a fresh copy. */
public final class MonState implements Cloneable {
  /** What holds while the monitor is in a phase. */
  public enum Phase {
    /** No watcher tells its state; nothing can be shown or asked. */
    ALONE,
    /** A watcher does, and nothing is under way. */
    WATCHING,
    /** A user's command holds the watchers. */
    COMMAND,
    /** The confirm monitor makes a standby the primary by itself. */
    TAKEOVER
  }

  final Endpoint self;

  /** In which times are printed. */
  final ZoneId zone;

  final boolean confirm;

  /** MON_LOG_INTERVAL in seconds: 0 nothing, 1 what is printed, more: also all of it so often. */
  final int logIntervalS;

  Phase phase = Phase.ALONE;

  /** It may answer watchers and take over; of several instances of one monitor, one does. */
  boolean acts;

  /** Number under which it gives commands; 0 before the start. */
  long mid;

  long startedWallMs;
  List<Seat> seats = List.of();
  SortedMap<String, Memory> memory = Collections.emptySortedMap();

  /** The command in progress, null if none. */
  Job job;

  long nextNumber = 1;

  /** When to look whether something is to be decided; an event may have changed the picture. */
  long lookAtMs = Long.MAX_VALUE;

  boolean loggedIn;

  /** What the last choose offered, by the word that takes a number from it. */
  Verb chosenFor;

  List<String> chosen = List.of();

  /** Of {@code show interval}: how often, and when next; MAX_VALUE: it is off. */
  long showEveryMs;

  long showAtMs = Long.MAX_VALUE;
  long logAtMs = Long.MAX_VALUE;

  /**
   * Before the start.
   *
   * @param alone it is no instance of a multi-instance monitor, which would have to agree first
   * @param seats one per watcher, in the order of dmmonitor.ini
   */
  MonState(
      Endpoint self,
      ZoneId zone,
      boolean confirm,
      boolean alone,
      int logIntervalS,
      List<Seat> seats) {
    this.self = self;
    this.zone = zone;
    this.confirm = confirm;
    this.acts = confirm && alone;
    this.logIntervalS = logIntervalS;
    this.seats = List.copyOf(seats);
  }

  MonState with(Consumer<MonState> change) {
    try {
      MonState copy = (MonState) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  MonState withPhase(Phase to) {
    return with(s -> s.phase = to);
  }

  /** Something has changed: the rows that decide are to be asked. */
  MonState look(long nowMs) {
    return with(s -> s.lookAtMs = Math.min(s.lookAtMs, nowMs));
  }

  /** The seat of that group at that place, and what becomes of it. */
  MonState with(Seat seat, Consumer<Seat> change) {
    List<Seat> next = new ArrayList<>(seats);
    next.replaceAll(s -> s.at.equals(seat.at) && s.group.equals(seat.group) ? s.with(change) : s);
    return with(s -> s.seats = List.copyOf(next));
  }

  Memory memory(String group) {
    return memory.getOrDefault(group, Memory.NONE);
  }

  MonState with(String group, Memory next) {
    SortedMap<String, Memory> more = new TreeMap<>(memory);
    more.put(group, next);
    return with(s -> s.memory = Collections.unmodifiableSortedMap(more));
  }

  /** The seat as it is now; seats are known by group and place. */
  Seat now(Seat seat) {
    for (Seat s : seats) {
      if (s.at.equals(seat.at) && s.group.equals(seat.group)) {
        return s;
      }
    }
    return seat;
  }

  /** The groups of dmmonitor.ini in its order. */
  List<String> groups() {
    return seats.stream().map(s -> s.group).distinct().toList();
  }

  /** The group of this name as dmmonitor.ini writes it; null if there is none. */
  String group(String name) {
    return groups().stream().filter(g -> g.equalsIgnoreCase(name)).findFirst().orElse(null);
  }

  List<Seat> of(String group) {
    return seats.stream().filter(s -> s.group.equals(group)).toList();
  }

  List<Seat> active(String group) {
    return of(group).stream().filter(Seat::active).toList();
  }

  boolean anyActive() {
    return seats.stream().anyMatch(Seat::active);
  }

  /** The seat of this instance, upper or lower case alike; null if it has never been heard. */
  Seat instance(String group, String name) {
    return of(group).stream().filter(s -> s.is(name)).findFirst().orElse(null);
  }

  /** All members that serve as primary; more than one is a brain split. */
  List<Seat> serving(String group) {
    return of(group).stream().filter(s -> s.global() && s.serves()).toList();
  }

  /** The one member that serves as primary, or the one that stands ready to; null if none. */
  Seat primary(String group) {
    List<Seat> serving = serving(group);
    if (!serving.isEmpty()) {
      return serving.get(0);
    }
    return of(group).stream()
        .filter(s -> s.global() && s.ok() && s.primary())
        .findFirst()
        .orElse(null);
  }

  List<Seat> standbys(String group) {
    return of(group).stream().filter(s -> s.global() && s.standby()).toList();
  }

  /** Whether any of a group's known watchers follows AUTO. */
  boolean auto(String group) {
    return of(group).stream().anyMatch(s -> s.global() && s.auto());
  }

  static boolean any(Verb verb, Verb... of) {
    return Arrays.asList(of).contains(verb);
  }
}
