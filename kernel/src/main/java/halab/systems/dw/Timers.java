package halab.systems.dw;

import halab.dw.proto.ArchType;
import halab.kernel.Now;
import halab.systems.dw.config.DmArchIni;

/** When asynchronous archives are sent (dmtimer.ini, reference 2.7). */
final class Timers {
  private Timers() {}

  /**
   * The next firing of any timer of this instance's asynchronous archives, monotonic; {@link
   * Long#MAX_VALUE}: none ever fires.
   */
  static long nextMs(InstState s, Now now) {
    long next = Long.MAX_VALUE;
    for (Target target : s.targets.values()) {
      if (target.type() == ArchType.ARCH_ASYNC) {
        DmArchIni.Arch archive = s.arch.to(target.dest());
        long wallMs = s.timers.timer(archive.timerName()).nextAfterMs(now.wallMs());
        next = wallMs < 0 ? next : Math.min(next, now.monoMs() + wallMs - now.wallMs());
      }
    }
    return next;
  }
}
