package halab.systems.dsc.config;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.IniText;
import halab.systems.dm.config.Problems;
import halab.systems.dsc.VoteLayout;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * dmdcr_cfg.ini, the input for the DCR disk, and its way back to text. The image is what the disk
 * holds: header, groups CSS, ASM, DB, and their EPs in order of seqno.
 */
public final class DmdcrCfg {
  public static final String FILE = "dmdcr_cfg.ini";

  private DmdcrCfg() {}

  /**
   * Reads and checks a file by itself; relations to other files are {@link DscRelations}'. The
   * image is complete only if no problem was added. The ASM password is not in the file: the caller
   * adds its digest to the header.
   *
   * @param file the name that problems carry
   */
  public static DcrImage read(String file, String text, Problems problems) {
    return new DmdcrCfgReader(file, problems).read(Ini.parse(file, text, problems));
  }

  /** The file in the vendor's form; {@code init dcrdisk} would take it. */
  public static String write(DcrImage image) {
    return text(image).render();
  }

  /** As {@link #write}, with EP lists and fault marks, as {@code export dcrdisk} gives it. */
  public static String export(DcrImage image) {
    IniText text = text(image);
    for (DcrGroup group : image.getGroupList()) {
      List<Integer> all = eps(image, group.getType()).stream().map(DcrEp::getSeqno).toList();
      text.blocks().stream()
          .filter(b -> b.header().equals("GRP") && b.scopes().contains(group.getName()))
          .forEach(
              b ->
                  b.put("DCR_GRP_EP_ARR", list(all))
                      .put("DCR_GRP_N_ERR_EP", group.getErrEpCount())
                      .put("DCR_GRP_ERR_EP_ARR", list(group.getErrEpList())));
    }
    return text.render();
  }

  /**
   * The body of {@code show config}: every line indented by 8, keys padded to 20, no blank after
   * the {@code =} of DCR_OGUID (sic), a blank line between groups (reference 5.5).
   */
  public static String show(DcrImage image) {
    StringBuilder shown = new StringBuilder();
    for (IniText.Block block : text(image).blocks()) {
      if (block.header().equals("GRP")) {
        shown.append('\n');
      }
      if (!block.header().isEmpty()) {
        shown.append("        [").append(block.header()).append("]\n");
      }
      for (Map.Entry<String, String> entry : block.entries().entrySet()) {
        shown.append("        ").append(padded(entry.getKey()));
        shown.append(entry.getKey().equals("DCR_OGUID") ? " =" : " = ");
        shown.append(entry.getValue()).append('\n');
      }
    }
    return shown.toString();
  }

  private static String padded(String key) {
    return key + " ".repeat(Math.max(0, 20 - key.length()));
  }

  /** EPs of one group in order of seqno. */
  public static List<DcrEp> eps(DcrImage image, GroupType type) {
    return image.getEpList().stream().filter(e -> e.getType() == type).toList();
  }

  /** The group of this type. */
  public static DcrGroup group(DcrImage image, GroupType type) {
    return image.getGroup(VoteLayout.seq(type));
  }

  static IniText text(DcrImage image) {
    IniText text = new IniText();
    String folder = image.getHeader().getDiskLoadPath();
    text.block("", DscKeys.CFG_GLOBAL)
        .put("DCR_N_GRP", image.getHeader().getNGrp())
        .put("DCR_VTD_PATH", folder.isEmpty() ? image.getHeader().getVtdPath() : "")
        .put("DCR_DISK_LOAD_PATH", folder)
        .put("DCR_OGUID", image.getHeader().getOguid());
    for (DcrGroup group : image.getGroupList()) {
      IniText.Block block =
          text.block("GRP", DscKeys.CFG_GROUP, group.getName())
              .put("DCR_GRP_TYPE", group.getType())
              .put("DCR_GRP_NAME", group.getName())
              .put("DCR_GRP_N_EP", group.getNEp())
              .put("DCR_GRP_DSKCHK_CNT", group.getDskchkCnt());
      if (group.getNetchkTime() > 0) {
        block.put("DCR_GRP_NETCHK_TIME", group.getNetchkTime());
      }
      eps(image, group.getType()).forEach(ep -> addEp(text, group.getName(), ep));
    }
    return text;
  }

  private static void addEp(IniText text, String group, DcrEp ep) {
    IniText.Block block =
        text.block(group, DscKeys.ep(ep.getType()), group, ep.getName())
            .put("DCR_EP_NAME", ep.getName());
    if (ep.getType() == GroupType.DB) {
      block.put("DCR_EP_SEQNO", ep.getSeqno());
    }
    block
        .put("DCR_EP_HOST", ep.getHost())
        .put("DCR_EP_PORT", unlessZero(ep.getPort()))
        .put("DCR_EP_SHM_KEY", unlessZero(ep.getShmKey()))
        .put("DCR_EP_SHM_SIZE", unlessZero(ep.getShmSize()))
        .put("DCR_EP_ASM_LOAD_PATH", ep.getAsmLoadPath())
        .put("DCR_CHECK_PORT", unlessZero(ep.getCheckPort()))
        .put("DCR_VIP", ep.getVip())
        .put("DCR_VIP_MASK", ep.getVipMask())
        .put("DCR_VIP_NIC", ep.getVipNic());
  }

  private static String unlessZero(long number) {
    return number == 0 ? "" : Long.toString(number);
  }

  private static String list(List<Integer> seqnos) {
    return seqnos.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }
}
