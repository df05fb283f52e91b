package halab.systems.dsc.config;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrHeader;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.systems.Dialects;
import halab.systems.LabPlan;
import halab.systems.dm.config.DmKeys;
import halab.systems.dm.config.IniText;
import halab.systems.dm.config.LabFiles;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Problems;
import java.util.Map;

/**
 * The vendor files of a new lab, with the vendor's own defaults; {@code fast} means the shortest
 * disk check counts that keep the operators' rule CSS &gt; ASM &gt; DB above the vendor's minimum
 * of 5.
 */
final class DscFiles {
  static final String DCR_PATH = "/dev/raw/dcr";
  static final String VOTE_PATH = "/dev/raw/vote";
  static final String MON = "mon";
  static final long OGUID = 63635;

  /** Where virtual addresses lie that no real network carries: those of seed 001. */
  private static final String VIP_NET = "192.168.56";

  private static final int FIRST_VIP = 121;

  /**
   * Directories in the files are nominal: only the file's name counts, in the host's etc folder.
   */
  private static final String ETC = "/dm/etc/";

  /** What each daemon's port is within its host's ten. */
  private static final int CSS = 0;

  private static final int ASM = 1;
  private static final int DB_MAL = 2;
  private static final int DB_SQL = 3;
  private static final int ASM_MAL = 4;
  private static final int CHECK = 5;
  private static final int MONITOR = 9;

  private final LabPlan.Options options;
  private final LabFiles files;

  private DscFiles(LabPlan.Options options, Problems problems) {
    this.options = options;
    this.files = new LabFiles(DscKeys.ALL, "GRP_DSC.DCR_VIP_NIC=x", problems);
  }

  /** Name of the host that node n runs on. */
  static String host(int n) {
    return "n" + (n + 1);
  }

  /** Name of the host that monitor k runs on. */
  static String monitor(int k) {
    return k == 0 ? MON : MON + (k + 1);
  }

  /** Monitor k's port, which no vendor file knows. */
  static int monitorPort(int portBase, int k) {
    return portBase + 10 * (k % DscKeys.MAX_EP) + MONITOR - k / DscKeys.MAX_EP;
  }

  /** All files by host and name. */
  static Map<String, Map<String, String>> make(
      LabPlan.Options options, int monitors, Problems problems) {
    return new DscFiles(options, problems).make(monitors);
  }

  private Map<String, Map<String, String>> make(int monitors) {
    for (int n = 0; n < options.hosts(); n++) {
      files.put(host(n), DmdcrIni.FILE, dmdcr(n));
      files.put(host(n), MalIni.ASM_FILE, mal(GroupType.ASM, ASM_MAL));
      files.put(host(n), MalIni.DB_FILE, mal(GroupType.DB, DB_MAL));
      files.put(host(n), DmIni.FILE, dm(n));
    }
    files.put(host(0), DmdcrCfg.FILE, DmdcrCfg.text(image()));
    for (int k = 0; k < monitors; k++) {
      files.put(monitor(k), DmcssmIni.FILE, dmcssm());
    }
    files.take(options.files());
    files.override(options.overrides(), name -> DscPlan.isOwn(name) || Dialects.has(name));
    return files.texts();
  }

  private boolean mirrored() {
    return options.overrides().containsKey(DscPlan.DCRV_DISKS);
  }

  private int port(int node, int offset) {
    return options.portBase() + (options.oneMachine() ? 10 * node : 0) + offset;
  }

  private String vip(int node) {
    String net = options.oneMachine() ? VIP_NET : options.publicNet();
    return net + "." + (FIRST_VIP + node);
  }

  private DcrImage image() {
    DcrImage.Builder image =
        DcrImage.newBuilder()
            .setHeader(
                DcrHeader.newBuilder()
                    .setNGrp(3)
                    .setVtdPath(VOTE_PATH)
                    .setDiskLoadPath(mirrored() ? DscPlan.DCRV_FOLDER : "")
                    .setOguid(OGUID)
                    .build());
    addGroup(image, GroupType.CSS, "GRP_CSS");
    addGroup(image, GroupType.ASM, "GRP_ASM");
    addGroup(image, GroupType.DB, "GRP_DSC");
    for (int n = 0; n < options.hosts(); n++) {
      image.addEp(ep(GroupType.CSS, n, CSS));
    }
    for (int n = 0; n < options.hosts(); n++) {
      image.addEp(
          ep(GroupType.ASM, n, ASM).setShmKey(93360 + n).setShmSize(20).setAsmLoadPath("/dev/raw"));
    }
    for (int n = 0; n < options.hosts(); n++) {
      image.addEp(
          ep(GroupType.DB, n, DB_SQL)
              .setCheckPort(port(n, CHECK))
              .setVip(vip(n))
              .setVipMask("255.255.255.0")
              .setVipNic(DscPlan.NIC));
    }
    return image.build();
  }

  private void addGroup(DcrImage.Builder image, GroupType type, String name) {
    image.addGroup(
        DcrGroup.newBuilder()
            .setType(type)
            .setName(name)
            .setNEp(options.hosts())
            .setDskchkCnt(options.fast() ? 5 : 60));
  }

  private DcrEp.Builder ep(GroupType type, int node, int offset) {
    return DcrEp.newBuilder()
        .setType(type)
        .setName(name(type, node))
        .setSeqno(node)
        .setHost(host(node))
        .setPort(port(node, offset));
  }

  private static String name(GroupType type, int node) {
    return (type == GroupType.DB ? "DSC" : type.name()) + node;
  }

  private IniText dmdcr(int n) {
    int intervalS = options.fast() ? 5 : 60;
    IniText text = new IniText();
    text.block("", DscKeys.DMDCR)
        .put("DMDCR_PATH", mirrored() ? DscPlan.DCRV_FOLDER : DCR_PATH)
        .put("DMDCR_MAL_PATH", ETC + MalIni.ASM_FILE)
        .put("DMDCR_SEQNO", n)
        .put("DMDCR_ASM_RESTART_INTERVAL", intervalS)
        .put("DMDCR_ASM_STARTUP_CMD", "dmasmsvr DCR_INI=" + ETC + DmdcrIni.FILE)
        .put("DMDCR_DB_RESTART_INTERVAL", intervalS)
        .put("DMDCR_DB_STARTUP_CMD", "dmserver " + ETC + "dm.ini dcr_ini=" + ETC + "dmdcr.ini");
    return text;
  }

  private IniText mal(GroupType type, int offset) {
    IniText text = new IniText();
    text.block("", DmKeys.MAL_GLOBAL)
        .put("MAL_CHECK_INTERVAL", 30)
        .put("MAL_CONN_FAIL_INTERVAL", 10);
    for (int n = 0; n < options.hosts(); n++) {
      IniText.Block block =
          text.block("MAL_INST" + (n + 1), DmKeys.MAL_INST, name(type, n))
              .put("MAL_INST_NAME", name(type, n))
              .put("MAL_HOST", host(n))
              .put("MAL_PORT", port(n, offset));
      if (type == GroupType.DB) {
        block.put("MAL_INST_HOST", host(n)).put("MAL_INST_PORT", port(n, DB_SQL));
      }
    }
    return text;
  }

  private IniText dm(int n) {
    IniText text = new IniText();
    text.block("", DscKeys.DM)
        .put("INSTANCE_NAME", name(GroupType.DB, n))
        .put("PORT_NUM", port(n, DB_SQL))
        .put("MAL_INI", 1)
        .put("CONFIG_PATH", "/dm/etc");
    return text;
  }

  private IniText dmcssm() {
    IniText text = new IniText();
    IniText.Block block = text.block("", DscKeys.DMCSSM).put("CSSM_OGUID", OGUID);
    for (int n = 0; n < options.hosts(); n++) {
      block.put("CSSM_CSS_IP#" + n, host(n) + ":" + port(n, CSS));
    }
    block.put("CSSM_LOG_PATH", "/dm/log").put("CSSM_LOG_FILE_SIZE", 64);
    return text;
  }
}
