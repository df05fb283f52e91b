package halab.runtime.admin;

import halab.admin.proto.DaemonStatus;
import java.util.List;
import java.util.function.Consumer;

/** What the admin service asks of the process behind it. None of these may block. */
public interface AdminTarget {
  /** Describes the process; the answer may come later and on any thread, or never. */
  void status(Consumer<DaemonStatus> answer);

  /** Takes an operator's words; answers come through {@link AdminServer#reply}. */
  void run(long requestId, List<String> words);
}
