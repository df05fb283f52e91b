package halab.systems.dsc.monitor;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonOp;
import halab.kernel.Endpoint;
import halab.systems.dsc.CssmCode;
import java.util.List;

/**
 * A changing command in progress: what is still to be done, the first task being under way.
 *
 * @param command what the operator asked for; answered when the list is empty
 * @param askedId number of the request that waits for its answer, 0 if none does
 * @param deadlineMs when the wait for an answer or a condition ends; MAX_VALUE: not waiting
 * @param failed code of the first failure, 0 if none
 * @param success the last line when nothing has failed
 */
record Running(
    MonTrigger.Change command,
    GroupType type,
    List<Task> tasks,
    long askedId,
    long deadlineMs,
    int failed,
    String success) {

  /**
   * Stages in their order. What follows a failed stage is left out, except for the clean-up: a
   * CSS's slot for monitor commands must be given back whatever happened. The control CSS's slot is
   * taken before anything is changed, so that the commands of two monitors exclude each other.
   */
  enum Stage {
    CLAIM,
    RESTART_OFF,
    RESTART_OFF_DONE,
    MAIN,
    MAIN_DONE,
    RESTART_ON,
    RESTART_ON_DONE,
    CLEANUP
  }

  /** One step of a command. */
  sealed interface Task {
    Stage stage();
  }

  /** Prints a line; an empty one where the text is empty. */
  record Tell(Stage stage, String text) implements Task {}

  /**
   * Asks one CSS and waits for its answer.
   *
   * @param ep seqno of the EP that is meant
   * @param before line before it is asked, empty for none
   * @param after line when it has agreed, empty for none
   */
  record Ask(Stage stage, Endpoint css, MonOp op, int ep, String before, String after)
      implements Task {}

  /**
   * Waits until one EP of the group is inactive in the eyes of the control CSS, or all of them in
   * the eyes of every CSS, so that each would start its own one again.
   *
   * @param css the control CSS that was asked; another one ends the wait
   * @param ep seqno of the one that is meant, -1 for all
   * @param withinMs how long at most
   */
  record Until(Stage stage, Endpoint css, int ep, long withinMs) implements Task {}

  Task head() {
    return tasks.get(0);
  }

  Running waiting(long id, long untilMs) {
    return new Running(command, type, tasks, id, untilMs, failed, success);
  }

  /** The head is done. */
  Running next() {
    return with(tasks.subList(1, tasks.size()), failed, success);
  }

  /**
   * The head has failed: goes on with its own stage, then with the clean-up. A CSS that is held by
   * another monitor's command ends the stage: the others are not changed beside that command, and
   * it has nothing to give back; when it is the control CSS, nobody has. Neither has a CSS that is
   * lost: it lets go of whoever is not linked.
   */
  Running failedWith(int code) {
    boolean busy = code == CssmCode.MONITOR_BUSY;
    boolean holds = !busy && code != CssmCode.CONNECTION_LOST;
    Stage stage = busy ? Stage.CLEANUP : head().stage();
    boolean unclaimed = busy && head().stage() == Stage.CLAIM;
    List<Task> left =
        tasks.stream()
            .skip(1)
            .filter(t -> t.stage() == stage || t.stage() == Stage.CLEANUP)
            .filter(t -> !unclaimed && (holds || !asksSame(t)))
            .toList();
    int first = failed == 0 && head().stage() != Stage.CLEANUP ? code : failed;
    return with(left, first, success);
  }

  private boolean asksSame(Task other) {
    return head() instanceof Ask ask && other instanceof Ask next && next.css().equals(ask.css());
  }

  /** The head and its stage are given up, and this is the last line; the command has not failed. */
  Running withoutStage(String line) {
    List<Task> left = tasks.stream().filter(t -> t.stage() == Stage.CLEANUP).toList();
    return with(left, failed, line);
  }

  private Running with(List<Task> left, int failure, String line) {
    return new Running(command, type, left, 0, Long.MAX_VALUE, failure, line);
  }
}
