package halab.sim;

import halab.redo.proto.RlogPkg;
import java.util.List;

/**
 * What a system promises users about their data, watched from outside all through a run. A promise
 * that is broken is a {@link World.Violation}.
 */
public interface Ledger {
  /** An engine that stood at LSN {@code before} applies this; 0: it is empty. */
  void applied(SimProcess who, long before, RlogPkg pkg);

  /**
   * A client hears that its transaction is committed.
   *
   * @param pkg as the client asked for it, without LSN and thread
   */
  void committed(SimProcess who, long lsn, RlogPkg pkg);

  /** A statement of a transaction begins at an instance that serves writes. */
  void reads(SimProcess who);

  /**
   * At rest, with everything healed and healthy: in what the engines differ, and what they lack.
   *
   * @param engines all processes that hold data
   */
  List<String> differences(List<SimProcess> engines);
}
