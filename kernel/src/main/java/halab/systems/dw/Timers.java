package halab.systems.dw;

import halab.dw.proto.ArchType;
import halab.systems.dw.config.DmArchIni;

/** When asynchronous archives are sent (dmtimer.ini, reference 2.7). */
final class Timers {
  private Timers() {}

  /** The next firing of any timer of this instance's asynchronous archives, wall clock. */
  static long next(InstState s, long wallMs) {
    long next = Long.MAX_VALUE;
    for (Target target : s.targets.values()) {
      if (target.type() == ArchType.ARCH_ASYNC) {
        DmArchIni.Arch archive = s.arch.to(target.dest());
        next = Math.min(next, s.timers.timer(archive.timerName()).nextAfterMs(wallMs));
      }
    }
    return next;
  }
}
