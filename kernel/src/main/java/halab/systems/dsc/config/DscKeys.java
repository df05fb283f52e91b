package halab.systems.dsc.config;

import static halab.systems.dm.config.Key.flag;
import static halab.systems.dm.config.Key.number;
import static halab.systems.dm.config.Key.of;
import static halab.systems.dm.config.Key.port;

import halab.dsc.proto.GroupType;
import halab.systems.dm.config.DmKeys;
import halab.systems.dm.config.Key;
import halab.systems.dm.config.Key.Kind;
import halab.systems.dm.config.KeyBook;
import halab.systems.dm.config.Schema;

/**
 * Every key of Dameng's DSC files with range and default, as the DMDSC manual lists them (chapter
 * on configuration files). DCR_VIP, DCR_VIP_MASK and DCR_VIP_NIC are HALab's own: the vendor's
 * names for them are not public.
 */
final class DscKeys {
  static final int MAX_EP = 8;

  static final Schema CFG_GLOBAL =
      closed(
          "the head of dmdcr_cfg.ini",
          number("DCR_N_GRP", 1, 16).must(),
          of(Kind.PATH, "DCR_VTD_PATH", DmKeys.PATH_BYTES),
          // Mirror builds: the folder of the DCRV disks, in place of DCR_VTD_PATH.
          of(Kind.PATH, "DCR_DISK_LOAD_PATH", DmKeys.PATH_BYTES),
          number("DCR_OGUID", 1, DmKeys.INT).must());

  static final Schema CFG_GROUP =
      closed(
          "a [GRP] block",
          of(Kind.NAME, "DCR_GRP_TYPE", 3).must(),
          of(Kind.NAME, "DCR_GRP_NAME", DmKeys.NAME_BYTES).must(),
          number("DCR_GRP_N_EP", 1, MAX_EP).must(),
          number("DCR_GRP_DSKCHK_CNT", 5, 600, 60),
          // Seen only as a column of V$DCR_GROUP; stored, without effect.
          number("DCR_GRP_NETCHK_TIME", 0, DmKeys.INT, 0),
          // The next three stand in exports; the fault marks are taken over on import.
          of(Kind.LIST, "DCR_GRP_EP_ARR", 64),
          number("DCR_GRP_N_ERR_EP", 0, MAX_EP),
          of(Kind.LIST, "DCR_GRP_ERR_EP_ARR", 64));

  static final Schema CFG_CSS =
      closed(
          "a CSS EP",
          of(Kind.NAME, "DCR_EP_NAME", DmKeys.NAME_BYTES).must(),
          of(Kind.HOST, "DCR_EP_HOST", DmKeys.HOST_BYTES),
          port("DCR_EP_PORT").must());

  static final Schema CFG_ASM =
      closed(
          "an ASM EP",
          of(Kind.NAME, "DCR_EP_NAME", DmKeys.NAME_BYTES).must(),
          number("DCR_EP_SHM_KEY", 1, DmKeys.INT).must(),
          number("DCR_EP_SHM_SIZE", 10, 40000).must(),
          of(Kind.HOST, "DCR_EP_HOST", DmKeys.HOST_BYTES).must(),
          port("DCR_EP_PORT").must(),
          of(Kind.TEXT, "DCR_EP_ASM_LOAD_PATH", DmKeys.PATH_BYTES).must());

  static final Schema CFG_DB =
      closed(
          "a DB EP",
          of(Kind.NAME, "DCR_EP_NAME", DmKeys.NAME_BYTES).must(),
          number("DCR_EP_SEQNO", 0, MAX_EP - 1),
          of(Kind.HOST, "DCR_EP_HOST", DmKeys.HOST_BYTES),
          port("DCR_EP_PORT"),
          port("DCR_CHECK_PORT"),
          of(Kind.IPV4, "DCR_VIP", 15),
          of(Kind.IPV4, "DCR_VIP_MASK", 15),
          of(Kind.HOST, "DCR_VIP_NIC", 15));

  static final Schema DMDCR =
      closed(
          "dmdcr.ini",
          of(Kind.PATH, "DMDCR_PATH", DmKeys.PATH_BYTES).must(),
          of(Kind.PATH, "DMDCR_MAL_PATH", DmKeys.PATH_BYTES).must(),
          number("DMDCR_SEQNO", 0, MAX_EP - 1).must(),
          number("DMDCR_AUTO_OPEN_CHECK", 30, DmKeys.INT),
          number("DMDCR_ASM_RESTART_INTERVAL", 0, 86400, 60),
          of(Kind.TEXT, "DMDCR_ASM_STARTUP_CMD", 256),
          number("DMDCR_DB_RESTART_INTERVAL", 0, 86400, 60),
          of(Kind.TEXT, "DMDCR_DB_STARTUP_CMD", 256),
          number("DMDCR_ASM_TRACE_LEVEL", 1, 5, 1),
          flag("DMDCR_MESSAGE_CHECK", 1),
          flag("DMDCR_IPC_CONTROL", 0),
          of(Kind.HOST, "DMDCR_LINK_CHECK_IP", DmKeys.HOST_BYTES),
          port("DMDCR_CSS_PORT"),
          port("DMDCR_ASM_PORT"),
          flag("DMDCR_CHECK_CSS_ACTIVE", 0),
          number("DMDCR_CRASH_CHECK_OPT_COUNT", 0, 30, 0),
          flag("DMDCR_NEED_PRE_LOAD", 0),
          number("DMDCR_AU_PRE_LOAD_NUM", 0, 1024, 0),
          number("DMDCR_ASM_MAX_FILE_OPEN", 0, 4294967294L, 4096));

  static final Schema DM =
      Schema.open(
          "dm.ini",
          of(Kind.NAME, "INSTANCE_NAME", DmKeys.NAME_BYTES).must(),
          new Key("PORT_NUM", Kind.NUMBER, 1024, 65534, false, "5236", false, false),
          flag("MAL_INI", 1),
          of(Kind.PATH, "CONFIG_PATH", DmKeys.PATH_BYTES),
          number("DSC_N_POOLS", 2, 1024, 19),
          flag("DSC_USE_SBT", 1),
          flag("DSC_CRASH_RECV_POLICY", 0),
          number("CKPT_INTERVAL", 0, DmKeys.INT / 1000, 300),
          number("DSC_N_CTLS", 1, DmKeys.INT, 60000),
          flag("DSC_HALT_SYNC", 0),
          flag("DSC_ENABLE_MONITOR", 1));

  static final Schema DMCSSM =
      closed(
          "dmcssm.ini",
          number("CSSM_OGUID", 1, DmKeys.INT).must(),
          of(Kind.TEXT, "CSSM_CSS_IP", 128).must().many(),
          of(Kind.PATH, "CSSM_LOG_PATH", DmKeys.PATH_BYTES),
          number("CSSM_LOG_FILE_SIZE", 16, 2048, 64),
          new Key("CSSM_LOG_SPACE_LIMIT", Kind.NUMBER, 256, 4096, true, "0", false, false),
          flag("CSSM_MESSAGE_CHECK", 1));

  static final KeyBook ALL =
      KeyBook.of(
          CFG_GLOBAL,
          CFG_GROUP,
          CFG_CSS,
          CFG_ASM,
          CFG_DB,
          DMDCR,
          DmKeys.MAL_GLOBAL,
          DmKeys.MAL_INST,
          DM,
          DMCSSM);

  private DscKeys() {}

  private static Schema closed(String place, Key... keys) {
    return Schema.closed(place, name -> ALL.known(name), keys);
  }

  /** What an EP block of this group type may hold. */
  static Schema ep(GroupType type) {
    return type == GroupType.CSS ? CFG_CSS : type == GroupType.ASM ? CFG_ASM : CFG_DB;
  }
}
