package halab.systems.dw;

import halab.dw.proto.ArchType;
import halab.systems.dw.config.DmArchIni;
import org.pcollections.TreePMap;

/** The archives of dmarch.ini that go to other instances. */
final class Targets {
  private Targets() {}

  /**
   * All of them; valid until somebody finds otherwise (manual, archive status after a start).
   *
   * @param most RLOG_SEND_APPLY_MON
   */
  static TreePMap<String, Target> of(DmArchIni arch, int most) {
    TreePMap<String, Target> targets = TreePMap.empty();
    for (DmArchIni.Arch a : arch.archives()) {
      ArchType type =
          switch (a.type()) {
            case REALTIME -> ArchType.ARCH_REALTIME;
            case TIMELY -> ArchType.ARCH_TIMELY;
            case ASYNC -> ArchType.ARCH_ASYNC;
            default -> null; // the local one, and what is not emulated
          };
      if (type != null) {
        targets = targets.plus(a.dest(), Target.of(a.dest(), type, most));
      }
    }
    return targets;
  }
}
