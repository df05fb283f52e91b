package halab.systems.dw;

import halab.redo.proto.RlogPkg;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * What a standby has received and not begun to replay: the KEEP_PKG (reference 3.3), and who waits
 * for an answer after the replay.
 *
 * @param ptx the kept package; empty: none
 * @param primary instance that sent last; empty: nobody yet
 * @param linked the link over which the kept package came has stood ever since, so that its sender
 *     is in the same life
 * @param owed acknowledgements by the LSN that has to be shown first
 */
record Kept(List<RlogPkg> ptx, String primary, boolean linked, TreePMap<Long, Owed> owed) {
  static final Kept NONE = new Kept(List.of(), "", false, TreePMap.empty());

  /** An acknowledgement that waits for the replay. */
  record Owed(String to, long number, long receivedMs) {}

  boolean keeps() {
    return !ptx.isEmpty();
  }

  long lastLsn() {
    return ptx.get(ptx.size() - 1).getLsn();
  }

  long lastSeq() {
    return ptx.get(ptx.size() - 1).getSeq();
  }

  Kept with(List<RlogPkg> next) {
    return new Kept(next, primary, linked, owed);
  }

  Kept from(String sender) {
    return new Kept(ptx, sender, true, owed);
  }

  /** The sender's link is broken: what it says next may be of another life. */
  Kept unlinked() {
    return new Kept(ptx, primary, false, owed);
  }

  Kept with(TreePMap<Long, Owed> next) {
    return new Kept(ptx, primary, linked, next);
  }
}
