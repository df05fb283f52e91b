package halab.systems.dw.monitor;

import halab.dw.proto.ArchTarget;
import halab.dw.proto.DwState;
import halab.dw.proto.DwStatus;
import halab.dw.proto.MonHello;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.systems.dw.monitor.Job.Ask;
import halab.systems.dw.monitor.MonTrigger.Refused;
import halab.systems.dw.monitor.MonTrigger.State;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How the monitor keeps its places at the watchers, and what it says about them. */
final class MonLinks {
  /** Another independent confirm monitor is there (reference 6.2). */
  static final int SECOND_CONFIRM = -14;

  private MonLinks() {}

  static MonState start(MonState s, Event.Started e, Now now, List<Effect> out) {
    long place = s.self.hashCode() & 0xffff; // two monitors may start in the same second
    MonState started =
        s.with(
            x -> {
              x.startedWallMs = now.wallMs();
              x.mid = now.wallMs() / 1000 << 16 | place;
              x.logAtMs = logAt(s, now);
            });
    MonRun.print(started, MonText.VERSION, now, out);
    MonRun.print(started, MonText.READY, now, out);
    MonRun.print(started, "", now, out);
    s.seats.stream().map(x -> x.at).distinct().forEach(at -> out.add(new Effect.Connect(at)));
    return started;
  }

  static long logAt(MonState s, Now now) {
    return s.logIntervalS >= 5 ? now.monoMs() + s.logIntervalS * 1000L : Long.MAX_VALUE;
  }

  static MonState linkUp(MonState s, Event.LinkUp e, Now now, List<Effect> out) {
    MonState next = s;
    for (Seat seat : s.seats) {
      if (seat.at.equals(e.peer())) {
        next = greet(next, seat, now, out);
      }
    }
    return next;
  }

  private static MonState greet(MonState s, Seat seat, Now now, List<Effect> out) {
    out.add(
        new Effect.Send(
            seat.at,
            MonHello.newBuilder()
                .setOguid(seat.oguid)
                .setConfirm(s.confirm)
                .setMid(s.mid)
                .setIp(s.self.host())
                .setVersion(MonText.VERSION)
                .build()));
    return s.with(
        seat,
        x -> {
          x.linked = true;
          x.greetAtMs = now.monoMs() + Seat.GREET_AGAIN_MS;
        });
  }

  /** Its last state stays for DW_ERROR_TIME: only silence is a fault (reference 1.2). */
  static MonState linkDown(MonState s, Event.LinkDown e, Now now, List<Effect> out) {
    MonState next = s;
    for (Seat seat : s.seats) {
      if (seat.at.equals(e.peer())) {
        next =
            next.with(
                seat,
                x -> {
                  x.linked = false;
                  x.greetAtMs = Long.MAX_VALUE;
                });
        next = doubt(next, seat.group);
      }
    }
    return MonRun.lost(next, e, now, out);
  }

  /** A watcher that is linked and says nothing may have lost the greeting in a restart. */
  static boolean greetingDue(MonState s, Now now) {
    return s.seats.stream().anyMatch(x -> now.monoMs() >= x.greetAtMs);
  }

  static MonState greetAgain(MonState s, Now now, List<Effect> out) {
    MonState next = s;
    for (Seat seat : s.seats) {
      if (now.monoMs() >= seat.greetAtMs) {
        next = greet(next, seat, now, out);
      }
    }
    return next;
  }

  /** Says why once, and goes on trying: a place may become free. */
  static MonState refused(MonState s, Refused r, Now now, List<Effect> out) {
    int code = r.message().getCode();
    MonState next = s;
    for (Seat seat : s.seats) {
      if (seat.at.equals(r.from()) && seat.refused != code) {
        String why = MonText.error(code, r.message().getText());
        MonRun.print(s, seat.at.host() + ": " + why, now, out);
        next = next.with(seat, x -> x.refused = code);
      }
    }
    return next;
  }

  static boolean secondConfirm(MonState s, Refused r, Now now) {
    return r.message().getCode() == SECOND_CONFIRM;
  }

  /** The one that comes second ends by itself (manual 3.3). */
  static MonState giveWay(MonState s, Refused r, Now now, List<Effect> out) {
    String why = MonText.error(SECOND_CONFIRM, r.message().getText());
    MonRun.print(s, why, now, out);
    out.add(new Effect.Halt(ExitCode.NO, why));
    return s;
  }

  /** It speaks of the group that dmmonitor.ini names there. */
  static boolean ofOurs(MonState s, State t, Now now) {
    return seat(s, t) != null;
  }

  private static Seat seat(MonState s, State t) {
    DwState m = t.message();
    for (Seat seat : s.seats) {
      if (seat.at.equals(t.from())
          && seat.oguid == m.getOguid()
          && seat.group.equalsIgnoreCase(m.getGroup())) {
        return seat;
      }
    }
    return null;
  }

  /** A watcher tells its state: remembered, and shown where it has changed. */
  static MonState state(MonState s, State t, Now now, List<Effect> out) {
    Seat seat = seat(s, t);
    MonState next =
        s.with(
            seat,
            x -> {
              x.state = t.message();
              x.heardMs = now.monoMs();
              x.error = false;
              x.refused = 0;
              x.greetAtMs = Long.MAX_VALUE;
              if (x.linked) {
                x.greetAtMs = now.monoMs() + Seat.GREET_AGAIN_MS;
              }
            });
    next = remember(doubt(next, seat.group), next.now(seat));
    next = tellChanges(next, seat.group, now, out);
    return MonRun.advance(next.look(now.monoMs()), now, out);
  }

  /** What is needed once this primary is lost (reference 5.7). */
  private static MonState remember(MonState s, Seat seat) {
    if (!seat.global() || !seat.serves()) {
      return s;
    }
    SortedMap<String, String> lives = new TreeMap<>();
    s.of(seat.group).stream()
        .filter(x -> x.ok() && x.linked)
        .forEach(x -> lives.put(x.instance(), x.life()));
    Memory memory = s.memory(seat.group);
    boolean same =
        memory.primary() != null && memory.primary().getInstance().equals(seat.instance());
    SortedMap<String, Long> lost = new TreeMap<>();
    boolean goesOn = same && memory.primary().getIncarnation() == seat.state.getIncarnation();
    memory
        .givenUp()
        .forEach((name, change) -> keep(lost, seat, same, name, goesOn ? change : NEW_LIFE));
    return s.with(seat.group, memory.seen(seat.state, lives, lost));
  }

  /**
   * A standby that is lost, if for a moment only, may have been given up by its primary without the
   * monitor's knowledge: it counts again when the primary says so.
   */
  private static MonState doubt(MonState s, String group) {
    Memory memory = s.memory(group);
    SortedMap<String, String> lives = new TreeMap<>(memory.lives());
    s.of(group).stream().filter(x -> !x.ok() || !x.linked).forEach(x -> lives.remove(x.instance()));
    boolean fewer = lives.size() < memory.lives().size();
    return fewer ? s.with(group, memory.seen(memory.primary(), lives, memory.givenUp())) : s;
  }

  /** A watcher that was started anew counts its changes anew. */
  private static final long NEW_LIFE = -1;

  /** A standby that was given up counts again once the primary says so after that question. */
  private static void keep(
      SortedMap<String, Long> lost, Seat seat, boolean same, String name, long change) {
    ArchTarget arch = seat.arch(name);
    boolean back =
        arch != null
            && arch.getValid()
            && !arch.getFailing()
            && seat.watcher(DwStatus.DW_OPEN)
            && seat.state.getChange() > change;
    if (same && !back) {
      lost.put(name, change);
    }
  }

  /** A watcher's change may alter what is shown of others: archives are the primary's opinion. */
  static MonState tellChanges(MonState s, String group, Now now, List<Effect> out) {
    MonState next = s;
    for (Seat seat : s.of(group)) {
      if (seat.active() && changed(next, seat)) {
        next = tellChange(next, seat, now, out);
      }
    }
    return next;
  }

  /** That an instance checks a login is nothing to tell of. */
  private static boolean changed(MonState s, Seat seat) {
    if (seat.watcher(DwStatus.DW_LOGIN_CHECK)) {
      return false;
    }
    return !MonText.watcher(seat).equals(seat.toldStatus)
        || !MonShow.summary(s, seat).equals(seat.told);
  }

  /** The operator has just seen all of it. */
  static MonState seen(MonState s, String group) {
    MonState next = s;
    for (Seat seat : s.of(group)) {
      next = seat.active() ? told(next, seat, MonText.watcher(seat)) : next;
    }
    return next;
  }

  private static MonState tellChange(MonState s, Seat seat, Now now, List<Effect> out) {
    String status = MonText.watcher(seat);
    if (commanded(s, seat)) {
      return announce(s, seat, status, now, out);
    }
    if (s.job != null && s.job.group.equals(seat.group) && s.job.quiet()) {
      return s; // what the command does shows in its own lines, the outcome after them
    }
    boolean moved = seat.toldStatus != null && !seat.toldStatus.equals(status);
    boolean back = seat.toldStatus != null && seat.toldStatus.equals("ERROR");
    String head =
        moved && !back
            ? MonText.switching(seat.instance(), seat.toldStatus, status)
            : MonText.received(seat.instance());
    notice(s, seat, head, now, out);
    return told(s, seat, status);
  }

  /** The head of the running command brings this watcher into the state it tells. */
  private static boolean commanded(MonState s, Seat seat) {
    return s.job != null
        && s.job.asked != 0
        && s.job.head() instanceof Ask ask
        && ask.at().equals(seat.at)
        && ask.to() == seat.state.getStatus();
  }

  /** A watcher says that it is in the state that a command asked for. */
  static MonState switched(MonState s, Seat seat, DwStatus to, Now now, List<Effect> out) {
    return announce(s, seat, MonText.watcher(to), now, out)
        .with(seat, x -> x.state = x.state.toBuilder().setStatus(to).build());
  }

  /** The line of a change that a command asked for; once, whoever tells it first. */
  private static MonState announce(
      MonState s, Seat seat, String status, Now now, List<Effect> out) {
    Seat at = s.now(seat);
    if (at.toldStatus != null && !at.toldStatus.equals(status)) {
      MonRun.tell(s, MonText.switching(at.instance(), at.toldStatus, status), now, out);
    }
    return s.with(seat, x -> x.toldStatus = status);
  }

  private static MonState told(MonState s, Seat seat, String status) {
    String summary = MonShow.summary(s, seat);
    return s.with(
        seat,
        x -> {
          x.toldStatus = status;
          x.told = summary;
        });
  }

  private static void notice(MonState s, Seat seat, String head, Now now, List<Effect> out) {
    String text = MonRun.line(s, head, now) + "\n" + MonShow.row(s, seat) + "\n";
    MonRun.say(s, text, out);
    out.add(new Effect.Print(text));
  }

  /** A watcher was silent for DW_ERROR_TIME. */
  static boolean silent(MonState s, Now now) {
    return s.seats.stream().anyMatch(x -> overdue(x, now));
  }

  private static boolean overdue(Seat x, Now now) {
    return x.active() && now.monoMs() >= x.heardMs + x.errorTimeMs();
  }

  static MonState giveUp(MonState s, Now now, List<Effect> out) {
    MonState next = s;
    for (Seat seat : s.seats) {
      if (overdue(seat, now)) {
        next = next.with(seat, x -> x.error = true);
        next = doubt(next, seat.group);
        Seat lost = next.now(seat);
        notice(next, lost, MonText.timeout(lost.instance()), now, out);
        next = told(next, lost, "ERROR");
      }
    }
    return MonRun.advance(next.look(now.monoMs()), now, out);
  }

  /** When the state wants a Tick. */
  static long wakeAtMs(MonState s) {
    long at = Math.min(Math.min(s.lookAtMs, s.showAtMs), s.logAtMs);
    if (s.job != null) {
      at = Math.min(at, Math.min(s.job.deadlineMs, s.job.againMs));
    }
    for (Seat seat : s.seats) {
      at = Math.min(at, seat.greetAtMs);
      if (seat.active()) {
        at = Math.min(at, seat.heardMs + seat.errorTimeMs());
      }
    }
    return at;
  }
}
