package halab.systems.dw;

import halab.dw.proto.ArchTarget;
import halab.dw.proto.InstReport;
import halab.dw.proto.MalLink;
import halab.kernel.Now;

/** What an instance says of itself to its watcher (reference 1.3). */
final class Reports {
  private Reports() {}

  static InstReport of(InstState s, Now now) {
    InstReport.Builder report =
        InstReport.newBuilder()
            .setPid(s.pid)
            .setIncarnation(s.incarnation)
            .setName(s.name())
            .setMode(s.mode())
            .setStatus(s.phase.status())
            .setFseq(s.way.fseq)
            .setFlsn(s.way.flsn)
            .setCseq(Math.max(s.ship.cseq, s.kseq()))
            .setClsn(Math.max(s.ship.clsn, s.klsn()))
            .setPermanentMagic(s.ctl.permanentMagic())
            .setDbMagic(s.ctl.dbMagic())
            .setOguid(s.ctl.oguid())
            .setApply(MalActs.apply(s))
            .setApplyStat(s.replays.stat())
            .setDwStatus(s.dwStatus)
            .setSvrBuild(s.build)
            .setDbVersion(s.ctl.dbVersion())
            .setSqlPort(s.ini.portNum())
            .setWaitApply(s.arch.waitApply())
            .setArchHangs(s.way.archiveFails())
            .setPrimary(s.kept.primary())
            .setParallel(1);
    s.ctl.history().forEach(row -> report.addOpening(RedoActs.opening(row)));
    s.targets.values().forEach(t -> report.addArch(target(s, t, now)));
    s.peers.forEach(
        (name, peer) ->
            report.addMal(
                MalLink.newBuilder().setInstance(name).setUp(!MalActs.broken(s, name, now))));
    return report.build();
  }

  private static ArchTarget target(InstState s, Target t, Now now) {
    MalPeer peer = s.peers.get(t.dest());
    ArchTarget.Builder target =
        ArchTarget.newBuilder()
            .setDest(t.dest())
            .setType(t.type())
            .setValid(t.valid())
            .setFailing(s.ship.failing(t.dest()))
            .setMalUp(!MalActs.broken(s, t.dest(), now))
            .setSend(t.send());
    if (peer != null && peer.said() != null) {
      target.setApply(peer.said().getApply());
    }
    return target.build();
  }
}
