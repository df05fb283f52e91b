package halab.systems.dsc.config;

import static halab.systems.dsc.config.Key.flag;
import static halab.systems.dsc.config.Key.number;
import static halab.systems.dsc.config.Key.of;
import static halab.systems.dsc.config.Key.port;

import halab.dsc.proto.GroupType;
import halab.systems.dsc.config.Key.Kind;
import java.util.List;
import java.util.Locale;

/**
 * Every key of Dameng's DSC files with range and default, as the DMDSC manual lists them (chapter
 * on configuration files). DCR_VIP, DCR_VIP_MASK and DCR_VIP_NIC are HALab's own: the vendor's
 * names for them are not public.
 */
final class DscKeys {
  static final int NAME_BYTES = 16;
  static final int MAX_EP = 8;
  private static final int PATH_BYTES = 255;
  private static final int HOST_BYTES = 64;
  private static final long INT = Integer.MAX_VALUE;

  static final Schema CFG_GLOBAL =
      Schema.closed(
          "the head of dmdcr_cfg.ini",
          number("DCR_N_GRP", 1, 16).must(),
          of(Kind.PATH, "DCR_VTD_PATH", PATH_BYTES),
          // Mirror builds: the folder of the DCRV disks, in place of DCR_VTD_PATH.
          of(Kind.PATH, "DCR_DISK_LOAD_PATH", PATH_BYTES),
          number("DCR_OGUID", 1, INT).must());

  static final Schema CFG_GROUP =
      Schema.closed(
          "a [GRP] block",
          of(Kind.NAME, "DCR_GRP_TYPE", 3).must(),
          of(Kind.NAME, "DCR_GRP_NAME", NAME_BYTES).must(),
          number("DCR_GRP_N_EP", 1, MAX_EP).must(),
          number("DCR_GRP_DSKCHK_CNT", 5, 600, 60),
          // Seen only as a column of V$DCR_GROUP; stored, without effect.
          number("DCR_GRP_NETCHK_TIME", 0, INT, 0),
          // The next three stand in exports; the fault marks are taken over on import.
          of(Kind.LIST, "DCR_GRP_EP_ARR", 64),
          number("DCR_GRP_N_ERR_EP", 0, MAX_EP),
          of(Kind.LIST, "DCR_GRP_ERR_EP_ARR", 64));

  static final Schema CFG_CSS =
      Schema.closed(
          "a CSS EP",
          of(Kind.NAME, "DCR_EP_NAME", NAME_BYTES).must(),
          of(Kind.HOST, "DCR_EP_HOST", HOST_BYTES),
          port("DCR_EP_PORT").must());

  static final Schema CFG_ASM =
      Schema.closed(
          "an ASM EP",
          of(Kind.NAME, "DCR_EP_NAME", NAME_BYTES).must(),
          number("DCR_EP_SHM_KEY", 1, INT).must(),
          number("DCR_EP_SHM_SIZE", 10, 40000).must(),
          of(Kind.HOST, "DCR_EP_HOST", HOST_BYTES).must(),
          port("DCR_EP_PORT").must(),
          of(Kind.TEXT, "DCR_EP_ASM_LOAD_PATH", PATH_BYTES).must());

  static final Schema CFG_DB =
      Schema.closed(
          "a DB EP",
          of(Kind.NAME, "DCR_EP_NAME", NAME_BYTES).must(),
          number("DCR_EP_SEQNO", 0, MAX_EP - 1),
          of(Kind.HOST, "DCR_EP_HOST", HOST_BYTES),
          port("DCR_EP_PORT"),
          port("DCR_CHECK_PORT"),
          of(Kind.IPV4, "DCR_VIP", 15),
          of(Kind.IPV4, "DCR_VIP_MASK", 15),
          of(Kind.HOST, "DCR_VIP_NIC", 15));

  static final Schema DMDCR =
      Schema.closed(
          "dmdcr.ini",
          of(Kind.PATH, "DMDCR_PATH", PATH_BYTES).must(),
          of(Kind.PATH, "DMDCR_MAL_PATH", PATH_BYTES).must(),
          number("DMDCR_SEQNO", 0, MAX_EP - 1).must(),
          number("DMDCR_AUTO_OPEN_CHECK", 30, INT),
          number("DMDCR_ASM_RESTART_INTERVAL", 0, 86400, 60),
          of(Kind.TEXT, "DMDCR_ASM_STARTUP_CMD", 256),
          number("DMDCR_DB_RESTART_INTERVAL", 0, 86400, 60),
          of(Kind.TEXT, "DMDCR_DB_STARTUP_CMD", 256),
          number("DMDCR_ASM_TRACE_LEVEL", 1, 5, 1),
          flag("DMDCR_MESSAGE_CHECK", 1),
          flag("DMDCR_IPC_CONTROL", 0),
          of(Kind.HOST, "DMDCR_LINK_CHECK_IP", HOST_BYTES),
          port("DMDCR_CSS_PORT"),
          port("DMDCR_ASM_PORT"),
          flag("DMDCR_CHECK_CSS_ACTIVE", 0),
          number("DMDCR_CRASH_CHECK_OPT_COUNT", 0, 30, 0),
          flag("DMDCR_NEED_PRE_LOAD", 0),
          number("DMDCR_AU_PRE_LOAD_NUM", 0, 1024, 0),
          number("DMDCR_ASM_MAX_FILE_OPEN", 0, 4294967294L, 4096));

  static final Schema MAL_GLOBAL =
      Schema.closed(
          "the head of a MAL file",
          number("MAL_CHECK_INTERVAL", 0, 1800, 30),
          number("MAL_CONN_FAIL_INTERVAL", 2, 1800, 10),
          number("MAL_CHECK_TIMEOUT", 0, 65535, 0),
          of(Kind.HOST, "MAL_CHECK_IP", HOST_BYTES),
          number("MAL_LOGIN_TIMEOUT", 3, 1800, 15),
          number("MAL_BUF_SIZE", 0, 500000, 100),
          number("MAL_SYS_BUF_SIZE", 0, 500000, 0),
          number("MAL_VPOOL_SIZE", 1, 500000, 128),
          number("MAL_COMPRESS_LEVEL", 0, 10, 0),
          flag("MAL_MESSAGE_CHECK", 1),
          flag("MAL_USE_RDMA", 0));

  static final Schema MAL_INST =
      Schema.closed(
          "an instance's section of a MAL file",
          of(Kind.NAME, "MAL_INST_NAME", NAME_BYTES).must(),
          of(Kind.HOST, "MAL_HOST", HOST_BYTES).must(),
          port("MAL_PORT").must(),
          of(Kind.HOST, "MAL_INST_HOST", HOST_BYTES),
          port("MAL_INST_PORT"),
          new Key("MAL_DW_PORT", Kind.NUMBER, 1024, 65534, true, "0", false, false),
          number("MAL_LINK_MAGIC", 0, 65534, 0));

  static final Schema DM =
      Schema.open(
          "dm.ini",
          of(Kind.NAME, "INSTANCE_NAME", NAME_BYTES).must(),
          new Key("PORT_NUM", Kind.NUMBER, 1024, 65534, false, "5236", false, false),
          flag("MAL_INI", 1),
          of(Kind.PATH, "CONFIG_PATH", PATH_BYTES),
          number("DSC_N_POOLS", 2, 1024, 19),
          flag("DSC_USE_SBT", 1),
          flag("DSC_CRASH_RECV_POLICY", 0),
          number("CKPT_INTERVAL", 0, INT / 1000, 300),
          number("DSC_N_CTLS", 1, INT, 60000),
          flag("DSC_HALT_SYNC", 0),
          flag("DSC_ENABLE_MONITOR", 1));

  static final Schema DMCSSM =
      Schema.closed(
          "dmcssm.ini",
          number("CSSM_OGUID", 1, INT).must(),
          of(Kind.TEXT, "CSSM_CSS_IP", 128).must().many(),
          of(Kind.PATH, "CSSM_LOG_PATH", PATH_BYTES),
          number("CSSM_LOG_FILE_SIZE", 16, 2048, 64),
          new Key("CSSM_LOG_SPACE_LIMIT", Kind.NUMBER, 256, 4096, true, "0", false, false),
          flag("CSSM_MESSAGE_CHECK", 1));

  private static final List<Schema> ALL =
      List.of(
          CFG_GLOBAL, CFG_GROUP, CFG_CSS, CFG_ASM, CFG_DB, DMDCR, MAL_GLOBAL, MAL_INST, DM, DMCSSM);

  private DscKeys() {}

  /** What an EP block of this group type may hold. */
  static Schema ep(GroupType type) {
    return type == GroupType.CSS ? CFG_CSS : type == GroupType.ASM ? CFG_ASM : CFG_DB;
  }

  /** Whether any of the files has a key of this name. */
  static boolean known(String name) {
    return ALL.stream().anyMatch(s -> s.find(name) != null);
  }

  /** The key of any file whose name is most like this one; null: none is like it. */
  static String nearest(String name) {
    List<Key> all = ALL.stream().flatMap(s -> s.keys().stream()).toList();
    return Schema.nearest(name.toUpperCase(Locale.ROOT), all);
  }
}
