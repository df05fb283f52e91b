package halab.systems.dsc;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrImage;

/** Names of EPs and groups as the DCR gives them. */
final class DscNames {
  private DscNames() {}

  /** EP n of group g (CSS 0, ASM 1, DB 2); an empty one if the DCR knows none. */
  static DcrEp ep(DcrImage dcr, int group, int ep) {
    for (DcrEp candidate : dcr.getEpList()) {
      if (VoteLayout.seq(candidate.getType()) == group && candidate.getSeqno() == ep) {
        return candidate;
      }
    }
    return DcrEp.getDefaultInstance();
  }
}
