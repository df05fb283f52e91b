package halab.systems.dsc;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.systems.dsc.config.DmdcrCfg;
import java.util.List;

/** What a DCR may grow to while the cluster runs: one node more, all else as it is (4.7). */
public final class DcrGrowth {
  private DcrGrowth() {}

  /** Why this is no extension of that DCR; null: it is one. */
  public static String problem(DcrImage old, DcrImage wanted) {
    if (!old.getHeader().getVtdPath().equals(wanted.getHeader().getVtdPath())
        || old.getHeader().getOguid() != wanted.getHeader().getOguid()) {
      return "DCR_VTD_PATH and DCR_OGUID cannot be changed by extend";
    }
    for (DcrGroup group : old.getGroupList()) {
      String problem = problem(old, wanted, group.getType());
      if (problem != null) {
        return group.getName() + ": " + problem;
      }
    }
    boolean grows =
        old.getGroupList().stream()
            .anyMatch(g -> DmdcrCfg.group(wanted, g.getType()).getNEp() > g.getNEp());
    return grows ? null : "it has no EP more than the DCR";
  }

  private static String problem(DcrImage old, DcrImage wanted, GroupType type) {
    DcrGroup before = DmdcrCfg.group(old, type);
    DcrGroup after = DmdcrCfg.group(wanted, type);
    List<DcrEp> known = DmdcrCfg.eps(old, type);
    List<DcrEp> all = DmdcrCfg.eps(wanted, type);
    if (!before.getName().equals(after.getName())
        || before.getDskchkCnt() != after.getDskchkCnt()) {
      return "DCR_GRP_NAME and DCR_GRP_DSKCHK_CNT cannot be changed by extend";
    }
    if (all.size() < known.size()) {
      return "EPs cannot be taken out of a DCR";
    }
    if (all.size() > known.size() + 1) {
      return "only one EP can be added at a time";
    }
    return all.subList(0, known.size()).equals(known)
        ? null
        : "the EPs that are there already must stay as they are, in front";
  }

  /** The DCR with the new EPs, in ERROR; the marks of the others as they stand. */
  public static DcrImage grown(DcrImage old, DcrImage wanted) {
    DcrImage.Builder grown = wanted.toBuilder().setHeader(old.getHeader()).clearGroup();
    for (DcrGroup group : old.getGroupList()) {
      int count = DmdcrCfg.group(wanted, group.getType()).getNEp();
      DcrGroup.Builder next = group.toBuilder().setNEp(count);
      // The CSS group has no marks: who stands for election is a member.
      if (group.getType() != GroupType.CSS && count > group.getNEp()) {
        next.addErrEp(count - 1);
      }
      grown.addGroup(next);
    }
    return grown.build();
  }
}
