package halab.systems.dw;

import halab.dw.proto.SendInfo;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.List;

/**
 * Keeps the statistics of what is sent to a target (reference 1.3d). A sending lasts until it is
 * acknowledged; one that fails counts as the last one alone. Maxima are those of the sending that
 * took longest (manual, V$ARCH_SEND_INFO).
 */
final class Sent {
  private Sent() {}

  static Target begins(Target t, List<RlogPkg> ptx, boolean recovering, Now now) {
    SendInfo info =
        t.send().toBuilder()
            .setRecovering(recovering)
            .setLastStartMs(now.wallMs())
            .setLastBeginLsn(ptx.get(0).getLsn())
            .setLastEndLsn(ptx.get(ptx.size() - 1).getLsn())
            .setLastBytes(Replays.bytes(ptx))
            .setLastPtx(ptx.size())
            .build();
    return t.begun(info, now.monoMs());
  }

  static Target ends(Target t, int code, String why, Now now) {
    SendInfo was = t.send();
    long us = 1000 * (now.monoMs() - t.begunMs());
    SendInfo.Builder next =
        was.toBuilder().setLastEndMs(now.wallMs()).setLastUs(us).setLastCode(code).setLastWhy(why);
    if (code != 0) {
      return t.ended(next.build(), t.sends());
    }
    Series all = t.sends().plus(was.getLastBytes(), us, was.getLastPtx());
    if (us >= was.getMaxUs()) {
      next.setMaxEndMs(now.wallMs()).setMaxEndLsn(was.getLastEndLsn());
    }
    next.setCount(all.count())
        .setTotalUs(all.total().us())
        .setTotalBytes(all.total().bytes())
        .setTotalPtx(all.total().ptx())
        .setMaxUs(all.longest().us())
        .setMaxBytes(all.longest().bytes())
        .setMaxPtx(all.longest().ptx())
        .setRecentCount(all.window().size())
        .setRecentUs(all.recent().us())
        .setRecentBytes(all.recent().bytes());
    return t.ended(next.build(), all);
  }

  /** A sending of history begins: what it brings is counted anew. */
  static Target history(Target t) {
    return t.with(Target.Brought.NOTHING);
  }

  /** A part of the history has ended; ptx: what it was. */
  static Target historyEnds(Target t, List<RlogPkg> ptx, int code, String why, Now now) {
    Target ended = ends(t, code, why, now);
    if (code != 0) {
      return ended;
    }
    long pkgs = ptx.stream().mapToLong(RlogPkg::getSeq).distinct().count();
    Target.Brought was = t.history();
    return ended.with(new Target.Brought(was.pkgs() + pkgs, was.us() + ended.send().getLastUs()));
  }
}
