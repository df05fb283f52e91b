package halab.systems.dw;

import halab.dw.proto.SendInfo;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import java.util.List;

/** Keeps the statistics of what is sent to a target (reference 1.3d). */
final class Sent {
  private Sent() {}

  static Target begins(Target t, List<RlogPkg> ptx, boolean recovering, Now now) {
    long bytes = ptx.stream().mapToLong(RlogPkg::getSerializedSize).sum();
    return t.with(
        t.send().toBuilder()
            .setRecovering(recovering)
            .setLastStartMs(now.wallMs())
            .setLastBeginLsn(ptx.get(0).getLsn())
            .setLastEndLsn(ptx.get(ptx.size() - 1).getLsn())
            .setLastBytes(bytes)
            .setLastPtx(ptx.size())
            .build());
  }

  static Target ends(Target t, int code, String why, Now now) {
    SendInfo was = t.send();
    long us = 1000 * Math.max(0, now.wallMs() - was.getLastStartMs());
    SendInfo.Builder next =
        was.toBuilder().setLastEndMs(now.wallMs()).setLastUs(us).setLastCode(code).setLastWhy(why);
    if (code == 0) {
      next.setCount(was.getCount() + 1)
          .setTotalUs(was.getTotalUs() + us)
          .setTotalBytes(was.getTotalBytes() + was.getLastBytes())
          .setTotalPtx(was.getTotalPtx() + was.getLastPtx())
          .setMaxPtx(Math.max(was.getMaxPtx(), was.getLastPtx()))
          .setMaxBytes(Math.max(was.getMaxBytes(), was.getLastBytes()));
      if (us >= was.getMaxUs()) {
        next.setMaxUs(us).setMaxEndMs(now.wallMs()).setMaxEndLsn(was.getLastEndLsn());
      }
    }
    return t.with(next.build());
  }
}
