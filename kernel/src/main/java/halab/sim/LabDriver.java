package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.View;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A lab as a scenario handles it, whoever runs it: the simulator in virtual time, processes, or
 * containers. Time is lab time throughout. Used by one thread.
 */
public interface LabDriver extends FaultPort {
  /** The plan that the lab was made from, its files as they stand. */
  LabPlan plan();

  /**
   * Powers on every host but the absent ones, the disk daemon first. Called once; does not wait for
   * anything.
   *
   * @param absent hosts that stay off until a {@code poweron}
   */
  void up(List<String> absent);

  /** Milliseconds of lab time since {@link #up}. */
  long nowMs();

  /**
   * Lets the lab run until the condition holds or this much lab time has gone by. The condition is
   * asked at least every 200 ms of lab time and once more at the end.
   *
   * @return what the condition said last
   */
  boolean await(long atMostMs, BooleanSupplier condition);

  /** What every live daemon that answers shows of itself now; a paused one does not answer. */
  Map<Endpoint, View> views();

  /** State of one process; an endpoint that never ran is GONE with exit code 0. */
  ProcessStatus process(Endpoint daemon);

  /** All complete lines of a daemon's vendor log so far, all files, oldest first. */
  List<String> log(Endpoint daemon);

  /** An operator's words for a daemon; waits for the last line of the answer. */
  Answer command(Endpoint daemon, List<String> words, long atMostMs);

  /**
   * A statement of SQL to one instance by a client beside all hosts, and what came of it; a refusal
   * begins with its SQLSTATE. The simulator has no SQL: there only a statement that the instance's
   * role answers is done, any other is refused.
   */
  Answer sql(Endpoint instance, String statement, long atMostMs);

  /** Clients that find instances by the vendor's file of services. */
  ServiceClients<?> clients();

  /** A line typed into a tool of the vendor's on the first host of the lab. */
  Answer tool(String name, String line);

  /** Whether a host's system folder has a file of this name now. */
  boolean hasFile(String host, String name);

  /**
   * Why a failure seen now may be the harness's own doing (measured lateness of its loops, a
   * starved machine), in a few words; null when nothing of the kind was measured. Always null in
   * virtual time.
   */
  String doubt();

  /** Whether a process runs. */
  enum ProcessState {
    RUNNING,
    PAUSED,
    GONE
  }

  /**
   * @param exitCode of a GONE process, 128 + signal if one killed it
   */
  record ProcessStatus(ProcessState state, int exitCode) {}

  /**
   * @param exitCode of the command; -1 when no (complete) answer came in time
   * @param text all lines of the answer
   */
  record Answer(int exitCode, String text) {}
}
