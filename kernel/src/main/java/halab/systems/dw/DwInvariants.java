package halab.systems.dw;

import halab.dw.proto.MonOp;
import halab.dw.proto.MonOrder;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Step;
import halab.sim.Invariant;
import halab.sim.SimProcess;
import halab.sim.World;
import halab.systems.dw.config.DwMembers;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the vendor promises of Data Watch, checked after every step of a simulated group. */
final class DwInvariants {
  private DwInvariants() {}

  static List<Invariant> all() {
    return List.of(
        new NeverMountToSuspend(),
        new ModeChangesInMount(),
        new PrimaryByCommand(),
        new TakeoverByAMonitor(),
        new OneOpeningANumber(),
        new AcknowledgedOnlyWhenWritten(),
        new OnePackageAhead());
  }

  private static InstState instance(SimProcess who) {
    return who.state() instanceof InstState s ? s : null;
  }

  /** MOUNT and SUSPEND never change into each other (reference 4, seed 003). */
  private static final class NeverMountToSuspend implements Invariant {
    private final Map<Endpoint, InstPhase> was = new TreeMap<>();

    @Override
    public String name() {
      return "MOUNT and SUSPEND never change into each other";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      InstState s = instance(who);
      if (s == null) {
        return null;
      }
      InstPhase before = was.put(who.endpoint(), s.phase);
      Set<InstPhase> both = EnumSet.of(InstPhase.MOUNT, InstPhase.SUSPEND);
      boolean changed = before != null && before != s.phase;
      return changed && both.contains(before) && both.contains(s.phase)
          ? who.endpoint() + ": " + before + " -> " + s.phase
          : null;
    }
  }

  /** The mode is changed in MOUNT alone (reference 4). */
  private static final class ModeChangesInMount implements Invariant {
    private final Map<Endpoint, DmMode> was = new TreeMap<>();

    @Override
    public String name() {
      return "the mode changes in MOUNT";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      InstState s = instance(who);
      if (s == null || s.phase == InstPhase.BOOT) {
        return null;
      }
      DmMode before = was.put(who.endpoint(), s.ctl.mode());
      boolean changed =
          before != null && before != s.ctl.mode() && !(event instanceof Event.Started);
      return changed && s.phase != InstPhase.MOUNT
          ? who.endpoint() + " became " + s.ctl.mode() + " in " + s.phase
          : null;
    }
  }

  /**
   * A guarded standby becomes a primary by a switchover or a takeover alone (reference 5.7, 5.8).
   */
  private static final class PrimaryByCommand implements Invariant {
    private static final List<String> COMMANDS = List.of("SWITCHOVER", "TAKEOVER");

    private final Map<Endpoint, DmMode> was = new TreeMap<>();

    @Override
    public String name() {
      return "a standby becomes primary by switchover or takeover";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      InstState s = instance(who);
      if (s == null) {
        return null;
      }
      DmMode before = was.put(who.endpoint(), s.ctl.mode());
      if (before != DmMode.STANDBY || s.ctl.mode() != DmMode.PRIMARY) {
        return null;
      }
      SimProcess watcher = world.find(new Endpoint(who.endpoint().host(), DwMembers.WATCHER));
      return watcher != null && COMMANDS.contains(watcher.phase())
          ? null
          : who.endpoint()
              + " became PRIMARY while its watcher is "
              + (watcher == null ? "absent" : watcher.phase());
    }
  }

  /** Only a confirm monitor, or somebody who typed it, has a standby take over (reference 5.7). */
  private static final class TakeoverByAMonitor implements Invariant {
    @Override
    public String name() {
      return "takeover by a monitor's order";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      boolean enters =
          step.effects().stream()
              .anyMatch(
                  e ->
                      e instanceof Effect.Fired f
                          && f.table().equals("dmwatcher")
                          && f.to().equals("TAKEOVER")
                          && !f.from().equals("TAKEOVER"));
      boolean ordered =
          event instanceof Event.Received r
              && r.message() instanceof MonOrder order
              && order.getOp() == MonOp.MON_SWITCH_STATUS;
      return enters && !ordered ? who.endpoint() + " went to TAKEOVER on " + event : null;
    }
  }

  /**
   * No two primaries are opened under one number (reference 1.3e), no forced takeover being about.
   */
  private static final class OneOpeningANumber implements Invariant {
    private final Map<Integer, OpenRow> rows = new TreeMap<>();
    private final Map<Endpoint, Integer> seen = new TreeMap<>();

    @Override
    public String name() {
      return "one opening under a number";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      InstState s = instance(who);
      if (s == null || seen.getOrDefault(who.endpoint(), 0) == s.ctl.nOpen()) {
        return null;
      }
      seen.put(who.endpoint(), s.ctl.nOpen());
      for (OpenRow row : s.ctl.history()) {
        OpenRow first = rows.putIfAbsent(row.number(), row);
        if (first != null && !first.equals(row)) {
          return "N_OPEN "
              + row.number()
              + " is "
              + first
              + " and, at "
              + who.endpoint()
              + ", "
              + row;
        }
      }
      return null;
    }
  }

  /** A commit is answered when its redo is in the online log and in the local archive. */
  private static final class AcknowledgedOnlyWhenWritten implements Invariant {
    @Override
    public String name() {
      return "a commit is answered when its redo is in both logs";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      InstState s = instance(who);
      if (s == null) {
        return null;
      }
      for (Effect effect : step.effects()) {
        if (effect instanceof Effect.Committed done
            && (done.lsn() > s.way.flsn || done.lsn() > s.way.archived)) {
          return who.endpoint()
              + " answers LSN "
              + done.lsn()
              + ", online "
              + s.way.flsn
              + ", archive "
              + s.way.archived;
        }
      }
      return null;
    }
  }

  /** What a standby keeps follows what it replays without a hole (reference 3.3). */
  private static final class OnePackageAhead implements Invariant {
    @Override
    public String name() {
      return "a standby keeps one package";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, Step<?> step) {
      InstState s = instance(who);
      if (s == null || !s.kept.keeps()) {
        return null;
      }
      long first = s.kept.ptx().get(0).getLsn();
      return first != s.way.taken() + 1
          ? who.endpoint() + " keeps LSN " + first + " behind " + s.way.taken()
          : null;
    }
  }
}
