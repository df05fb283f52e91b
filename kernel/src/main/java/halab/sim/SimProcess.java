package halab.sim;

import halab.bricks.Mirror;
import halab.bricks.Rng;
import halab.kernel.Check;
import halab.kernel.Core;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.systems.ConfigException;
import halab.systems.Role;
import halab.systems.Serving;
import halab.systems.Site;
import halab.systems.View;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One daemon over all its lives: a role and its state, or none while it is dead. The disk daemon is
 * one as well, without a role: it only lives, pauses and dies.
 */
public final class SimProcess {
  private static final Event TICK = new Event.Tick();
  private static final int KILLED = 137;

  /** One vendor log line. */
  public record Line(long wallMs, Level level, long pid, String text) {}

  private final World world;
  private final Endpoint endpoint;
  private final int index;
  private final SimHost host;
  private final Role<Object> role;
  private final Core<Object> core;
  private final Rng rng;
  private final SimAgent agent;
  private final SimEngine engine;
  private final List<Line> log = new ArrayList<>();
  private final List<String> console = new ArrayList<>();
  private final ArrayDeque<Event> backlog = new ArrayDeque<>();
  private Object state;
  private Mirror mirror;
  private boolean alive;
  private boolean started;
  private boolean paused;
  private boolean wokenWhilePaused;
  private boolean born;
  private long incarnation;
  private long pid;
  private int exitCode;
  private long tickAtMs = Long.MAX_VALUE;

  SimProcess(World world, Endpoint endpoint, int index, SimHost host, Role<Object> role, Rng rng) {
    this.world = world;
    this.endpoint = endpoint;
    this.index = index;
    this.host = host;
    this.role = role;
    this.core = role == null ? null : role.core();
    this.rng = rng;
    this.agent = new SimAgent(world, this, rng);
    boolean holdsData = role != null && role.data() != null;
    this.engine = holdsData ? new SimEngine(world, this, rng.fork("engine")) : null;
  }

  /** The engine of a role that holds data; null for others. */
  public SimEngine engine() {
    return engine;
  }

  /** Whether it answers users now, if only those who read. */
  public boolean servesReads() {
    return serves(false);
  }

  /** Whether users may change rows here now. */
  public boolean servesWrites() {
    return serves(true);
  }

  private boolean serves(boolean writes) {
    if (engine == null || state == null || paused) {
      return false;
    }
    Serving serving = role.data().serving().apply(state);
    return serving.openAt(host.monoMs(world.nowMs()))
        && (!writes || serving.mode() == Serving.Mode.OPEN);
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  int index() {
    return index;
  }

  SimHost host() {
    return host;
  }

  /** The role's state; null while it is dead or not yet booted. */
  public Object state() {
    return state;
  }

  /** Booted and not dead; it may be paused. */
  public boolean running() {
    return alive && started;
  }

  public boolean paused() {
    return paused;
  }

  /** Of the present life, or of the last one. */
  public long incarnation() {
    return incarnation;
  }

  public long pid() {
    return pid;
  }

  /** How the last life ended. */
  public int exitCode() {
    return exitCode;
  }

  boolean alive() {
    return alive;
  }

  /** The phase, or what stands in for it while there is none. */
  public String phase() {
    return state == null ? (alive ? "booting" : "gone") : core.phase(state);
  }

  /** What it shows of itself; null while it is dead, paused or booting, or has no role. */
  public View view() {
    return state == null || paused ? null : role.view().apply(state);
  }

  /** The vendor log of all lives. */
  public List<Line> log() {
    return log;
  }

  /** Everything printed to its console. */
  public List<String> console() {
    return console;
  }

  Role<Object> role() {
    return role;
  }

  /** Begins a life; the role is told {@link Event.Started} when it has booted. */
  void launch(long bootMs) {
    alive = true;
    started = false;
    paused = false;
    wokenWhilePaused = false;
    incarnation++;
    pid = world.nextPid();
    mirror = world.mirror(this);
    tickAtMs = Long.MAX_VALUE;
    world.trace().note(world.nowMs(), endpoint, "launched");
    long life = incarnation;
    world.later(bootMs, () -> boot(life));
  }

  private void boot(long life) {
    if (!alive || life != incarnation) {
      return;
    }
    if (paused) {
      born = true;
      return;
    }
    started = true;
    if (role == null) {
      return;
    }
    try {
      state = world.boots().state(role, site());
    } catch (ConfigException e) {
      world.trace().note(world.nowMs(), endpoint, "refused to start: " + e.getMessage());
      end(halab.kernel.ExitCode.CONFIG, "configuration");
      return;
    }
    step(new Event.Started(incarnation, pid));
  }

  private Site site() {
    return new Site(endpoint, host.files(), host.saved(), world.plan().dialects(), Map.of());
  }

  void kill() {
    if (alive) {
      end(KILLED, "killed");
    }
  }

  void pause() {
    paused = alive;
  }

  /** What arrived meanwhile is handled now, in order, and a deadline that passed is due at once. */
  void resume() {
    if (!paused) {
      return;
    }
    paused = false;
    if (born) {
      born = false;
      boot(incarnation);
      return;
    }
    long life = incarnation;
    while (alive && life == incarnation && !backlog.isEmpty()) {
      hear(backlog.poll());
    }
    if (alive && life == incarnation && wokenWhilePaused) {
      wokenWhilePaused = false;
      scheduleTick();
    }
  }

  private void end(int code, String why) {
    world.trace().note(world.nowMs(), endpoint, "ended with " + code + ": " + why);
    alive = false;
    started = false;
    paused = false;
    born = false;
    state = null;
    backlog.clear();
    agent.crashed();
    if (engine != null) {
      engine.crashed();
      world.clients().lost(this);
    }
    exitCode = code;
    world.ended(this);
  }

  /** Brings an event to one life of this daemon; dead and later lives never hear of it. */
  void deliver(long life, Event event) {
    if (!started || life != incarnation || role == null) {
      return;
    }
    if (paused) {
      backlog.add(event);
    } else {
      hear(event);
    }
  }

  private void hear(Event event) {
    if (mirror != null && mirror.has(Mirror.diskOf(event))) {
      carryOut(mirror.answered(event, host.monoMs(world.nowMs())));
    } else {
      step(event);
    }
  }

  /** What the mirror asks of its disks, and what the role hears, never within a step of its own. */
  private void carryOut(Mirror.Turn turn) {
    for (Effect ask : turn.asks()) {
      world.submit(this, Mirror.diskOf(ask), Mirror.requestOf(ask), ask);
    }
    for (Event event : turn.told()) {
      answer(0, event);
    }
  }

  private void step(Event event) {
    if (!alive) {
      return;
    }
    long worldMs = world.nowMs();
    Now now = host.now(worldMs);
    Step<Object> step = core.step(state, event, now);
    state = step.state();
    List<Effect> effects = step.effects();
    world.trace().step(worldMs, this, event, step);
    for (int i = 0; i < effects.size(); i++) {
      Effect effect = effects.get(i);
      if (effect instanceof Effect.Halt halt) {
        world.verify(this, event, step);
        end(halt.exitCode(), halt.reason());
        return;
      }
      perform(effect, now);
    }
    world.verify(this, event, step);
    scheduleTick();
  }

  private void perform(Effect effect, Now now) {
    if (effect instanceof Effect.Fired fired) {
      world.fired(fired);
    } else if (mirror != null && mirror.holds(Mirror.diskOf(effect))) {
      carryOut(mirror.asked(effect, now.monoMs()));
    } else if (effect instanceof Effect.ReadBlocks read) {
      world.submit(this, read.disk(), read.request(), read);
    } else if (effect instanceof Effect.WriteBlock write) {
      world.submit(this, write.disk(), write.request(), write);
    } else if (effect instanceof Effect.Send send) {
      world.links().send(this, send.to(), send.message());
    } else if (effect instanceof Effect.Say say) {
      log.add(new Line(now.wallMs(), say.level(), pid, say.text()));
    } else if (effect instanceof Effect.Note) {
      return; // for machines that read logs; whoever wants it here watches the steps
    } else if (effect instanceof Effect.Connect connect) {
      world.links().connect(this, connect.peer());
    } else if (effect instanceof Effect.Fence fence) {
      world.submit(this, fence.disk(), fence.request(), fence);
    } else if (effect instanceof Effect.Print print) {
      console.add(print.text());
    } else if (effect instanceof Effect.Reply reply) {
      world.replied(this, reply);
    } else if (effect instanceof Effect.Probe probe) {
      world.links().probe(this, probe);
    } else if (!agent.perform(effect)) {
      performData(effect);
    }
  }

  private void performData(Effect effect) {
    if (effect instanceof Effect.Apply apply) {
      engine.apply(apply);
    } else if (effect instanceof Effect.WriteRedo write) {
      world.submit(this, write.disk(), write.request(), write);
    } else if (effect instanceof Effect.ReadRedo read) {
      world.submit(this, read.disk(), read.request(), read);
    } else if (effect instanceof Effect.Committed committed) {
      world.clients().answered(this, committed.tx(), committed);
    } else if (effect instanceof Effect.Refused refused) {
      world.clients().answered(this, refused.tx(), refused);
    } else if (effect instanceof Effect.StatementDone done) {
      world.statementDone(done);
    } else if (effect instanceof Effect.DropSessions) {
      return; // clients here go on to wait for their answers
    } else if (effect instanceof Effect.OpenEngine open) {
      engine.open(open);
    } else if (effect instanceof Effect.SaveImage save) {
      world.submit(this, save.disk(), save.request(), save);
    } else if (effect instanceof Effect.LoadImage load) {
      world.submit(this, load.disk(), load.request(), load);
    } else if (effect instanceof Effect.ReleaseRedo release) {
      world.submit(this, release.disk(), 0, release);
    } else if (effect instanceof Effect.Checkpoint checkpoint) {
      engine.checkpoint(checkpoint);
    } else {
      throw new Check.Failed("the simulator does not know " + effect);
    }
  }

  private void answer(long delayMs, Event event) {
    long life = incarnation;
    world.later(delayMs, () -> deliver(life, event));
  }

  private void scheduleTick() {
    long wake = core.wakeAtMs(state);
    if (wake == Long.MAX_VALUE) {
      return;
    }
    long due = host.worldMs(wake);
    long now = world.nowMs();
    long at = due <= now ? now : due + rng.below(world.rates().lateMs() + 1);
    if (at >= tickAtMs) {
      return;
    }
    tickAtMs = at;
    long life = incarnation;
    world.at(at, () -> tick(life, at));
  }

  private void tick(long life, long at) {
    if (!alive || life != incarnation || at != tickAtMs) {
      return;
    }
    tickAtMs = Long.MAX_VALUE;
    if (paused) {
      wokenWhilePaused = true;
    } else if (core.wakeAtMs(state) <= host.monoMs(world.nowMs())) {
      step(TICK);
    } else {
      scheduleTick();
    }
  }
}
