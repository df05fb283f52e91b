package halab.runtime.admin;

import halab.admin.proto.DaemonStatus;
import halab.admin.proto.HoldReply;
import halab.admin.proto.StepReply;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What the admin service asks of the process behind it. None of these may block. */
public interface AdminTarget {
  /** Describes the process; the answer may come later and on any thread, or never. */
  void status(Consumer<DaemonStatus> answer);

  /** Takes an operator's words; answers come through {@link AdminServer#reply}. */
  void run(long requestId, List<String> words);

  /** Holds the role, so that its events wait, or releases it; answers as {@link #status} does. */
  void hold(boolean held, Consumer<HoldReply> answer);

  /**
   * Lets one event into the held role and explains it.
   *
   * @param waitMs how long one may be waited for, real milliseconds
   * @param wanted false once nobody would hear the answer
   */
  void step(long waitMs, BooleanSupplier wanted, Consumer<StepReply> answer);
}
