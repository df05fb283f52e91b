package halab.runtime;

import halab.admin.proto.Lateness;
import halab.kernel.Check;
import halab.kernel.Core;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.kernel.Step;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one thread that touches a role's state: takes an event, reads the clock once, asks the core,
 * hands the effects to the edge, and sleeps until the state wants to be woken. Decides nothing.
 */
public final class Loop<S> {
  /** Where effects go. */
  public interface Performer {
    /** Carries out one step's effects in order; an exit code when one of them ends the process. */
    Integer perform(List<Effect> effects, Now now);

    /** Told of each event before the role is; for logs alone. */
    default void noticed(Event event, Now now) {}
  }

  private static final int TICKS_AT_ONE_INSTANT = 10_000;
  private static final int MAIL_BEFORE_TICK = 64;
  private static final int REMEMBERED = 200;

  private final Core<S> core;
  private final Mailbox mailbox;
  private final LabClock clock;
  private final Performer performer;
  private final PrintStream trouble;
  private final LatenessMeter lateness = new LatenessMeter();
  private final ArrayDeque<Object[]> lastEvents = new ArrayDeque<>();
  private S state;
  private final Hold<S> hold = new Hold<>();
  private long heldUntilMs;
  private int ticksInARow;
  private int mailInARow;

  public Loop(
      Core<S> core,
      S first,
      Mailbox mailbox,
      LabClock clock,
      Performer performer,
      PrintStream trouble) {
    this.core = core;
    this.state = first;
    this.mailbox = mailbox;
    this.clock = clock;
    this.performer = performer;
    this.trouble = trouble;
  }

  /** The state as it is now; for the loop's own thread. */
  S state() {
    return state;
  }

  /** Shows the state to someone, on the loop's own thread, between two steps. */
  public void inspect(Consumer<S> look) {
    mailbox.put((Mailbox.Inspection) () -> look.accept(state));
  }

  /** Only meaningful inside an inspection. */
  public Lateness lateness() {
    return lateness.read();
  }

  /** Inside an inspection only. */
  public Hold<S> hold() {
    return hold;
  }

  /**
   * What the role has not seen yet.
   *
   * @param events how many, a deadline that is due among them
   * @param next the one that would come in now; null when there is none
   * @param dueInMs lab time until the role's own deadline, 0 when it is due; {@link Long#MAX_VALUE}
   *     when it has none
   */
  public record Waiting(int events, Event next, long dueInMs) {}

  /** Inside an inspection, or when told what a step did. */
  public Waiting waiting() {
    List<Event> mail = mailbox.waiting();
    long wakeAtMs = core.wakeAtMs(state);
    boolean due = wakeAtMs <= clock.monoMs();
    boolean tickNext = due && (mail.isEmpty() || mailInARow >= MAIL_BEFORE_TICK);
    Event next = tickNext ? new Event.Tick() : mail.isEmpty() ? null : mail.get(0);
    long dueInMs = wakeAtMs == Long.MAX_VALUE ? wakeAtMs : Math.max(0, wakeAtMs - clock.monoMs());
    return new Waiting(mail.size() + (due ? 1 : 0), next, dueInMs);
  }

  /** Runs the role until it ends; returns the process's exit code. */
  public int run(Event.Started first) throws InterruptedException {
    try {
      Integer exit = step(first);
      while (exit == null) {
        exit = turn();
      }
      return exit;
    } catch (RuntimeException e) {
      return bug(e);
    }
  }

  private Integer turn() throws InterruptedException {
    if (hold.held() && !letsIn()) {
      return null;
    }
    long wakeAtMs = core.wakeAtMs(state);
    boolean due = wakeAtMs <= clock.monoMs();
    if (due && mailInARow >= MAIL_BEFORE_TICK) {
      return tick(wakeAtMs);
    }
    Object item = mailbox.take(due ? 0 : hold.waitNs(waitNs(wakeAtMs)));
    if (item == null) {
      if (wakeAtMs <= clock.monoMs()) {
        return tick(wakeAtMs);
      }
      hold.nothing();
      return null;
    }
    mailInARow++;
    if (item instanceof Mailbox.Inspection inspection) {
      inspection.run();
      return null;
    }
    ticksInARow = 0;
    return step((Event) item);
  }

  /** Looks come first while the role is held; whether an event may come in after them. */
  private boolean letsIn() throws InterruptedException {
    boolean open = hold.open();
    Mailbox.Inspection look = mailbox.takeInspection(open ? 0 : Mailbox.FOREVER_NS);
    if (look != null) {
      look.run();
    }
    heldUntilMs = clock.monoMs();
    return open && look == null;
  }

  private long waitNs(long wakeAtMs) {
    return wakeAtMs == Long.MAX_VALUE
        ? Mailbox.FOREVER_NS
        : Math.max(1, Math.min(Mailbox.FOREVER_NS, clock.realNsUntil(wakeAtMs)));
  }

  private Integer tick(long wakeAtMs) {
    // A deadline that passed during a hold is late by the holder's will.
    if (ticksInARow == 0 && wakeAtMs > heldUntilMs) {
      lateness.woke(-clock.realNsUntil(wakeAtMs) / 1_000_000);
    }
    mailInARow = 0;
    ticksInARow++;
    Integer exit = step(new Event.Tick());
    if (core.wakeAtMs(state) > wakeAtMs) {
      ticksInARow = 0;
    }
    Check.that(
        ticksInARow < TICKS_AT_ONE_INSTANT,
        "time stands still: %d ticks in phase %s did not move the deadline %d",
        ticksInARow,
        core.phase(state),
        wakeAtMs);
    return exit;
  }

  private Integer step(Event event) {
    Now now = clock.read();
    if (lastEvents.size() == REMEMBERED) {
      lastEvents.poll();
    }
    lastEvents.add(new Object[] {now.monoMs(), event});
    performer.noticed(event, now);
    S before = state;
    Step<S> step = core.step(before, event, now);
    state = step.state();
    Integer exit = performer.perform(step.effects(), now);
    hold.stepped(new Hold.Stepped<>(before, event, step, exit));
    return exit;
  }

  private int bug(RuntimeException e) {
    trouble.println("halab: our bug, the role ends (exit " + ExitCode.BUG + "): " + e);
    trouble.println("phase " + core.phase(state) + "; last events, oldest first:");
    lastEvents.forEach(event -> trouble.println("  " + event[0] + " ms " + event[1]));
    e.printStackTrace(trouble);
    trouble.flush();
    return ExitCode.BUG;
  }
}
