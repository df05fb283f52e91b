package halab.systems.dsc;

import static halab.systems.SqlView.Type.BIGINT;
import static halab.systems.SqlView.Type.INTEGER;
import static halab.systems.SqlView.Type.TEXT;
import static halab.systems.SqlView.Type.TIMESTAMP;
import static halab.systems.dm.SqlViewParts.c;
import static halab.systems.dm.SqlViewParts.columns;
import static halab.systems.dm.SqlViewParts.each;
import static halab.systems.dm.SqlViewParts.row;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.Heartbeat;
import halab.kernel.Block;
import halab.systems.SqlView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The vendor's views of a DSC instance (reference 6; values of V$INSTANCE as seed 001 has them).
 */
final class DscSqlViews {
  private static final String SERVER = "DM Database Server x64 V8";
  private static final String DB_VERSION = "DB Version: 0x7000a";

  private static final List<SqlView.Column> INSTANCE =
      columns(
          c("NAME", TEXT),
          c("INSTANCE_NAME", TEXT),
          c("INSTANCE_NUMBER", INTEGER),
          c("HOST_NAME", TEXT),
          c("SVR_VERSION", TEXT),
          c("DB_VERSION", TEXT),
          c("START_TIME", TIMESTAMP),
          c("STATUS$", TEXT),
          c("MODE$", TEXT),
          c("OGUID", BIGINT),
          c("DSC_SEQNO", INTEGER),
          c("DSC_ROLE", TEXT));

  private static final List<SqlView<EpState>> MEMBERSHIP =
      List.of(
          SqlView.of("V$INSTANCE", INSTANCE, (s, x) -> List.of(instance(s, x.startedWallMs()))),
          new SqlView<>("GV$INSTANCE", INSTANCE, DscSqlViews::heartbeats, DscSqlViews::instances),
          new SqlView<>(
              "V$DSC_EP_INFO",
              columns(
                  c("EP_NAME", TEXT),
                  c("EP_SEQNO", INTEGER),
                  c("EP_GUID", BIGINT),
                  c("EP_TIMESTAMP", BIGINT),
                  c("EP_MODE", TEXT),
                  c("EP_STATUS", TEXT)),
              DscSqlViews::heartbeats,
              DscSqlViews::eps),
          SqlView.of(
              "V$DCR_INFO",
              columns(
                  c("VERSION", INTEGER),
                  c("N_GROUP", INTEGER),
                  c("VTD_PATH", TEXT),
                  c("UDP_FLAG", INTEGER),
                  c("UDP_OGUID", BIGINT),
                  c("DCR_PATH", TEXT)),
              DscSqlViews::dcr),
          SqlView.of(
              "V$DCR_GROUP",
              columns(
                  c("GROUP_TYPE", TEXT),
                  c("GROUP_NAME", TEXT),
                  c("N_EP", INTEGER),
                  c("DSKCHK_CNT", INTEGER),
                  c("NETCHK_TIME", INTEGER)),
              (s, x) -> each(s.seat.dcr.getGroupList(), DscSqlViews::group)),
          SqlView.of(
              "V$DCR_EP",
              columns(
                  c("GROUP_NAME", TEXT),
                  c("EP_NAME", TEXT),
                  c("EP_SEQNO", INTEGER),
                  c("EP_HOST", TEXT),
                  c("EP_PORT", INTEGER),
                  c("UDP_PORT", INTEGER),
                  c("SHM_KEY", BIGINT),
                  c("SHM_SIZE", INTEGER),
                  c("ASM_LOAD_PATH", TEXT)),
              (s, x) -> each(s.seat.dcr.getEpList(), ep -> ep(s.seat.dcr, ep))));

  static final List<SqlView<EpState>> ALL =
      Stream.of(MEMBERSHIP, DscRedoViews.ALL, DscIniViews.ALL, DscEmptyViews.ALL)
          .flatMap(List::stream)
          .toList();

  private DscSqlViews() {}

  private static List<Object> instance(EpState s, long startedWallMs) {
    String status = DscText.inst(s.phase.inst());
    return instance(s, s.seat.ep, s.self.host(), startedWallMs, status);
  }

  /** A row of V$INSTANCE; what is not known of an instance is null. */
  private static List<Object> instance(
      EpState s, int ep, String host, Long startedWallMs, String status) {
    String name = s.seat.name(ep);
    return row(
        name,
        name,
        ep + 1,
        host,
        SERVER,
        DB_VERSION,
        startedWallMs,
        status,
        "NORMAL",
        0L, // of a Data Watch group, not of the DCR
        ep,
        ep == s.control ? "Control node" : "Normal node");
  }

  /** The instances that are OK: this one by its own state, the others by their heartbeats. */
  private static List<List<Object>> instances(EpState s, SqlView.Scene scene) {
    List<List<Object>> rows = new ArrayList<>();
    for (int ep : s.members) {
      if (ep == s.seat.ep) {
        rows.add(instance(s, scene.startedWallMs()));
        continue;
      }
      Block slot = scene.blocks().get(VoteLayout.AREA_BLOCKS * ep);
      Heartbeat beat = slot.as(Heartbeat.class);
      String host = s.mal.hostOf(s.seat.name(ep));
      rows.add(
          beat == null
              ? instance(s, ep, host, null, null)
              : instance(s, ep, host, beat.getStartWallMs(), DscText.inst(beat.getInstStatus())));
    }
    return rows;
  }

  /** The slots of all EPs of the group on the VOTE disk. */
  private static SqlView.Look heartbeats(EpState s) {
    int first = VoteLayout.heartbeat(s.seat.group, 0);
    return new SqlView.Look(s.seat.votePath(), first, VoteLayout.AREA_BLOCKS * VoteLayout.EPS_MAX);
  }

  private static List<List<Object>> eps(EpState s, SqlView.Scene scene) {
    List<List<Object>> rows = new ArrayList<>();
    IntStream.range(0, s.seat.dcr.getGroup(s.seat.group).getNEp())
        .forEach(n -> rows.add(epInfo(s, n, scene.blocks().get(VoteLayout.AREA_BLOCKS * n))));
    return rows;
  }

  private static List<Object> epInfo(EpState s, int ep, Block slot) {
    Heartbeat beat = slot.as(Heartbeat.class);
    return row(
        s.seat.name(ep),
        ep,
        beat == null ? null : (Object) beat.getGuid(),
        beat == null ? null : (Object) beat.getTs(),
        ep == s.control ? "Control Node" : "Normal Node",
        s.members.contains(ep) ? "OK" : "ERROR");
  }

  private static List<List<Object>> dcr(EpState s, SqlView.Scene scene) {
    DcrImage dcr = s.seat.dcr;
    return List.of(
        row(
            dcr.getHeader().getVersion(),
            dcr.getGroupCount(),
            dcr.getHeader().getVtdPath(),
            0, // void since the UDP heartbeat is gone
            dcr.getHeader().getOguid(),
            s.seat.dcrPath));
  }

  private static List<Object> group(DcrGroup group) {
    return row(
        group.getType().name(),
        group.getName(),
        group.getNEp(),
        group.getDskchkCnt(),
        group.getNetchkTime());
  }

  private static List<Object> ep(DcrImage dcr, DcrEp ep) {
    boolean asm = ep.getType() == GroupType.ASM;
    return row(
        dcr.getGroup(VoteLayout.seq(ep.getType())).getName(),
        ep.getName(),
        ep.getSeqno(),
        ep.getHost(),
        ep.getPort(),
        0, // void since the UDP heartbeat is gone
        asm ? (Object) ep.getShmKey() : null,
        asm ? (Object) ep.getShmSize() : null,
        asm ? ep.getAsmLoadPath() : null);
  }
}
