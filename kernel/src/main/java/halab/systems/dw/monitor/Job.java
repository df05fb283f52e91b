package halab.systems.dw.monitor;

import halab.dw.proto.DwStatus;
import halab.dw.proto.MonOp;
import halab.dw.proto.MonOrder;
import halab.kernel.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A command in progress: what is still to be done, the first step being under way. Frozen once
 * made.
 */
final class Job implements Cloneable {
  /** How long a watcher may take to answer; its instance may be at work meanwhile. */
  /** Taking and clearing the MID is asked for again so soon: the message may have been lost. */
  private static final long AGAIN_MS = 2_000;

  static final long ANSWER_MS = 60_000;

  /** A login is checked at once, or not at all. */
  static final long LOGIN_MS = 10_000;

  /** What a database may take to stop in order, or to come up. */
  static final long LIFE_MS = 120_000;

  final String group;

  /** Request that is owed an answer; 0: the monitor does it of its own accord. */
  final long request;

  /** The last line when nothing has failed. */
  final String success;

  /** The last line when something has. */
  final String failure;

  /** Instance that an automatic takeover makes the primary; empty: this is none. */
  final String takes;

  /** The last answer ends with the group's screen. */
  final boolean screen;

  List<Step> steps;

  /** Watchers that hold this monitor's MID; they are to be released whatever happens. */
  List<Endpoint> held = List.of();

  /** What undoes marks that the instances hold, newest first; for when a step fails. */
  List<Ask> undo = List.of();

  /** Number of the order that waits for its answer, 0 if none does. */
  long asked;

  /** When the wait for an answer or a condition ends; MAX_VALUE: not waiting. */
  long deadlineMs = Long.MAX_VALUE;

  /** When the head is asked for once more, if that does no harm; MAX_VALUE: never. */
  long againMs = Long.MAX_VALUE;

  /** Code of the first failure, 0 if none. */
  int failed;

  private Job(
      String group,
      long request,
      String success,
      String failure,
      String takes,
      boolean screen,
      List<Step> steps) {
    this.group = group;
    this.request = request;
    this.success = success;
    this.failure = failure;
    this.takes = takes;
    this.screen = screen;
    this.steps = List.copyOf(steps);
  }

  /**
   * A user's command.
   *
   * @param title what the last line says before "success" or "failed"
   */
  static Job of(String group, long request, String title, boolean screen, List<Step> steps) {
    String failure = MonText.failed(title);
    return new Job(group, request, MonText.success(title), failure, "", screen, steps);
  }

  /** A login: one question to one watcher. */
  static Job login(String group, long request, Ask ask) {
    String failure = MonText.failed("Login dmmonitor");
    return new Job(group, request, MonText.LOGGED_IN, failure, "", false, List.of(ask));
  }

  /** What the confirm monitor does of its own accord. */
  static Job takeover(String group, String instance, List<Step> steps) {
    String title = MonText.f("Group(%s) auto takeover use instance %s", group, instance);
    String success = MonText.success(title);
    return new Job(group, 0, success, MonText.failed(title), instance, false, steps);
  }

  Job with(Consumer<Job> change) {
    try {
      Job copy = (Job) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The confirm monitor does it by itself. */
  boolean auto() {
    return request == 0;
  }

  /** Its lines tell what happens to the members meanwhile. */
  boolean quiet() {
    return screen || auto();
  }

  /** One step of a command. */
  sealed interface Step {}

  /** Prints a line. */
  record Tell(String text) implements Step {}

  /**
   * Asks one watcher and waits for its answer.
   *
   * @param order without number and MID
   * @param before line before it is asked, empty for none
   * @param after line when it is done, empty for none
   * @param failed line when it is not done
   * @param optional its failure, or the loss of its watcher, does not fail the command
   */
  record Ask(
      Endpoint at, MonOrder order, String before, String after, String failed, boolean optional)
      implements Step {
    Ask(Endpoint at, MonOrder order, String before, String after, String failed) {
      this(at, order, before, after, failed, false);
    }

    boolean does(MonOp op) {
      return order.getOp() == op;
    }

    /** It brings the watcher into this state. */
    DwStatus to() {
      return switch (order.getOp()) {
        case MON_SWITCH_STATUS -> order.getStatus();
        case MON_STOP_WATCHER -> DwStatus.DW_SHUTDOWN;
        case MON_STARTUP_WATCHER -> DwStatus.DW_STARTUP;
        default -> DwStatus.DW_STATUS_UNSPECIFIED;
      };
    }
  }

  /** Waits until this watcher says that its instance runs, or that it does not. */
  record Until(Endpoint at, boolean runs, String after, String failed) implements Step {}

  /**
   * Goes on only while no primary serves: it may have come back until the watchers were held.
   *
   * @param force that it runs again does not matter
   */
  record StillLost(boolean force) implements Step {}

  /** Gives back the watchers that hold the MID. */
  record Release() implements Step {}

  Step head() {
    return steps.get(0);
  }

  /** The head is done. */
  Job next() {
    return with(
        j -> {
          j.steps = steps.subList(1, steps.size());
          j.asked = 0;
          j.deadlineMs = Long.MAX_VALUE;
          j.againMs = Long.MAX_VALUE;
        });
  }

  Job askedUntil(long nowMs) {
    return with(j -> j.againMs = nowMs + AGAIN_MS);
  }

  Job waiting(long number, long untilMs) {
    return with(
        j -> {
          j.asked = number;
          j.deadlineMs = untilMs;
        });
  }

  /** The head has failed: what it left behind is cleaned up, and nothing else is done. */
  Job failedWith(int code) {
    List<Step> left = new ArrayList<>(undo);
    left.add(new Release());
    return with(
        j -> {
          j.steps = List.copyOf(left);
          j.undo = List.of();
          j.asked = 0;
          j.deadlineMs = Long.MAX_VALUE;
          j.againMs = Long.MAX_VALUE;
          j.failed = failed == 0 ? code : failed;
        });
  }

  /** This watcher holds the MID. */
  Job holding(Endpoint at) {
    List<Endpoint> more = new ArrayList<>(held);
    more.add(at);
    return with(j -> j.held = List.copyOf(more));
  }

  /** What the head has marked, or has taken the mark from. */
  Job marked(Ask ask) {
    String old = ask.order().getText();
    if (!ask.does(MonOp.MON_SQL) || !old.startsWith(MonOrders.MARK)) {
      return this;
    }
    List<Ask> left = new ArrayList<>(undo);
    if (old.endsWith(", 0)")) {
      left.removeIf(u -> u.at().equals(ask.at()));
    } else {
      left.add(0, MonOrders.unmark(ask));
    }
    return with(j -> j.undo = List.copyOf(left));
  }
}
