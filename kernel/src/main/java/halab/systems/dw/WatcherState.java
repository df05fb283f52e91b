package halab.systems.dw;

import halab.dw.proto.MonHello;
import halab.kernel.Endpoint;
import halab.kernel.Now;
import halab.systems.dw.config.DmwatcherIni;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * State of a dmwatcher. Frozen once made: {@link #with} changes a fresh copy, and only the table
 * assigns the phase. Times are monotonic, ms, unless they say wall.
 */
public final class WatcherState implements Cloneable {
  /** A monitor that is connected. */
  record Mon(MonHello hello, long connectWallMs) {}

  /**
   * The command of a monitor that holds this watcher (MID).
   *
   * @param mid 0: nobody holds it
   * @param lastMs when that monitor asked for something last
   * @param goneMs since when it is not linked; 0: it is
   */
  record Held(long mid, Endpoint by, long lastMs, long goneMs) {
    static final Held NONE = new Held(0, null, 0, 0);

    boolean free() {
      return mid == 0;
    }

    Held heard(long nowMs) {
      return new Held(mid, by, nowMs, 0);
    }

    Held gone(long nowMs) {
      return new Held(mid, by, lastMs, nowMs);
    }
  }

  /**
   * Starts of the instance.
   *
   * @param count processes that were started in this life
   * @param failed starts in a row that led to nothing (INST_RESTART_CNT)
   * @param atMs of the last try; 0: none since it last reported
   * @param open a process was started and has not reported yet
   * @param ending number of the request that ends a process; 0: none
   */
  record Starts(int count, int failed, long atMs, boolean open, long ending) {
    static final Starts NONE = new Starts(0, 0, 0, false, 0);

    Starts tried(long nowMs) {
      return new Starts(count, failed, nowMs, open, 0);
    }

    /** A process was started, or could not be. One that was started before has not come up. */
    Starts answered(boolean started) {
      int bad = failed + (open ? 1 : 0) + (started ? 0 : 1);
      return new Starts(count + (started ? 1 : 0), bad, atMs, started, ending);
    }

    /** The instance reports; one that has come to MOUNT is a success. */
    Starts reported(boolean up) {
      return new Starts(count, up ? 0 : failed, 0, open && !up, ending);
    }

    Starts ending(long request) {
      return new Starts(count, failed, atMs, open, request);
    }

    /** The process is ended, or the next try has to wait. */
    Starts ended(long nextFromMs) {
      return new Starts(count, failed, nextFromMs, open, 0);
    }
  }

  final Endpoint self;

  /** Of the local instance. */
  final String instance;

  final String ip;
  final int port;

  /** Where the instance listens for its watcher. */
  final int instPort;

  /** Other watchers, by their instance. */
  final SortedMap<String, Endpoint> peers;

  /** Members that a primary here sends to by REALTIME or TIMELY archives, in file order. */
  final List<String> targets;

  /** Settings in force; a monitor may change some. */
  DmwatcherIni.Group ini;

  /** dmwatcher.ini as it stands. */
  String iniText;

  DwPhase phase = DwPhase.STARTUP;

  /** Rises with every change of phase, or of what is asked in it. */
  long change = 1;

  /** Since when it has been in this phase. */
  long sinceMs;

  long incarnation;
  long pid;

  /** It says how it is at this time at the latest. */
  long beatAtMs = Long.MAX_VALUE;

  /** Something has changed that others should know now. */
  boolean tell;

  /** Something has changed that may be acted on. */
  boolean look;

  /** The instance has reported since the last job ended, so that what is known is its outcome. */
  boolean seen;

  /** The present job is to end, and why; empty: it goes on. Code in {@link #interruptCode}. */
  String interrupt = "";

  int interruptCode;

  /** Nothing is begun of its own accord before this, since something has failed. */
  long restUntilMs;

  DwInst inst = DwInst.NONE;
  Starts starts = Starts.NONE;
  SortedMap<String, DwMember> members = new TreeMap<>();
  SortedMap<Endpoint, Mon> monitors = new TreeMap<>();
  Held held = Held.NONE;

  /** What the instance is being told to do; null: nothing. */
  DwJob job;

  /** Orders of monitors that wait for the end of the job, in their order. */
  List<DwTrigger.Asked> putOff = List.of();

  /** Number of the last order or question. */
  long number;

  /** Whose end of the instance, or new dmwatcher.ini, is awaited; null: nobody's. */
  DwTrigger.Asked awaited;

  /** Number of the file that is being written for it. */
  long saving;

  /** Where a short state leads back to. */
  DwPhase back = DwPhase.OPEN;

  DwCtl ctl = DwCtl.VALID;

  /** What looks like a split, and since when: a single look may meet old messages. */
  String suspected = "";

  long suspectedMs;

  /** Destinations that a confirm monitor is asked about, or members that an opening lacks. */
  List<String> asks = List.of();

  /** The opening of this primary is asked for. */
  boolean asksOpen;

  boolean detached;
  SortedMap<String, DwTurn> turns = new TreeMap<>();

  /** What was last said to hinder the opening. */
  String hindrance = "";

  WatcherState(
      Endpoint self,
      String instance,
      String ip,
      int port,
      int instPort,
      SortedMap<String, Endpoint> peers,
      List<String> targets,
      DmwatcherIni.Group ini) {
    this.self = self;
    this.instance = instance;
    this.ip = ip;
    this.port = port;
    this.instPort = instPort;
    this.peers = peers;
    this.targets = List.copyOf(targets);
    this.ini = ini;
    peers.keySet().forEach(name -> members.put(name, DwMember.NONE));
  }

  /** A copy with this changed. */
  WatcherState with(Consumer<WatcherState> change) {
    try {
      WatcherState copy = (WatcherState) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  static WatcherState withPhase(WatcherState s, DwPhase phase) {
    return s.with(
        x -> {
          x.phase = phase;
          x.change = s.change + 1;
          x.tell = true;
          x.look = true;
        });
  }

  WatcherState withInst(DwInst next) {
    return with(
        x -> {
          x.inst = next;
          x.look = true;
        });
  }

  WatcherState withMember(String name, DwMember next) {
    SortedMap<String, DwMember> all = new TreeMap<>(members);
    all.put(name, next);
    return with(
        x -> {
          x.members = all;
          x.look = true;
        });
  }

  WatcherState withMonitors(Consumer<SortedMap<Endpoint, Mon>> change) {
    SortedMap<Endpoint, Mon> all = new TreeMap<>(monitors);
    change.accept(all);
    return with(
        x -> {
          x.monitors = all;
          x.tell = true;
        });
  }

  WatcherState withHeld(Held next) {
    return with(
        x -> {
          x.held = next;
          x.tell = true;
          x.look = true;
        });
  }

  WatcherState withTurn(String dest, DwTurn next) {
    SortedMap<String, DwTurn> all = new TreeMap<>(turns);
    all.put(dest, next);
    return with(
        x -> {
          x.turns = all;
          x.look = true;
        });
  }

  DwTurn turn(String dest) {
    return turns.getOrDefault(dest, DwTurn.NONE);
  }

  /** An order that waits for the end of the job. */
  WatcherState later(DwTrigger.Asked asked) {
    List<DwTrigger.Asked> more = new ArrayList<>(putOff);
    more.add(asked);
    return with(x -> x.putOff = List.copyOf(more));
  }

  /** Of orders that were put off, those of which that holds stay. */
  WatcherState keep(java.util.function.Predicate<DwTrigger.Asked> stays) {
    return with(x -> x.putOff = putOff.stream().filter(stays).toList());
  }

  /** Others should know. */
  WatcherState tell() {
    return with(
        x -> {
          x.tell = true;
          x.look = true;
        });
  }

  /** Nothing is begun for a while. */
  WatcherState rest(long ms, Now now) {
    return with(x -> x.restUntilMs = now.monoMs() + ms);
  }

  /** The present job is to end. */
  WatcherState interrupted(int code, String why) {
    return with(
        x -> {
          x.interrupt = why;
          x.interruptCode = code;
          x.look = true;
        });
  }

  Endpoint instanceAt() {
    return new Endpoint(self.host(), "dmserver");
  }

  /** The instance whose watcher this is; null: it is none of the group's. */
  String peerAt(Endpoint at) {
    for (var peer : peers.entrySet()) {
      if (peer.getValue().equals(at)) {
        return peer.getKey();
      }
    }
    return null;
  }

  boolean global() {
    return ini.type() == DmwatcherIni.Type.GLOBAL;
  }

  boolean auto() {
    return ini.mode() == DmwatcherIni.Mode.AUTO;
  }

  long errorMs() {
    return 1000L * ini.dwErrorTimeS();
  }

  long instErrorMs() {
    return 1000L * ini.instErrorTimeS();
  }

  /** An order was put off and nothing hinders it any more. */
  boolean putOffDue() {
    return job == null && !putOff.isEmpty();
  }

  /** When a Tick is wanted. */
  static long wakeAtMs(WatcherState s) {
    if (s.phase == DwPhase.DOWN || s.beatAtMs == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    return s.tell || s.look || s.putOffDue() ? 0 : s.beatAtMs;
  }
}
