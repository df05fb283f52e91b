package halab.systems.dsc.asmcmd;

import halab.systems.LabPlan;
import halab.systems.ToolSite;
import halab.systems.dsc.DataLayout;
import halab.systems.dsc.DcrLayout;
import halab.systems.dsc.DcrvLayout;
import halab.systems.dsc.VoteLayout;

/** The kinds of disks that dmasmcmd formats; DCR and VOTE have fixed groups (reference 1.3). */
enum AsmKind {
  DCR("dcrdisk", "config", 126, DcrLayout.USED),
  VOTE("votedisk", "voting", 125, VoteLayout.USED),
  DCRV("dcrvdisk", LabPlan.DiskPlan.DCRV, 126, DcrvLayout.VTD + VoteLayout.USED),
  ASM("asmdisk", "data", 0, DataLayout.FIRST + DataLayout.USED);

  /** As commands call it. */
  final String word;

  /** As a lab calls it. */
  final String use;

  final int groupId;

  /** Blocks that mean something. */
  final int used;

  AsmKind(String word, String use, int groupId, int used) {
    this.word = word;
    this.use = use;
    this.groupId = groupId;
    this.used = used;
  }

  /** What a disk of the lab is for. */
  static AsmKind of(ToolSite.Disk disk) {
    for (AsmKind kind : values()) {
      if (kind.use.equals(disk.kind())) {
        return kind;
      }
    }
    throw new IllegalArgumentException("a disk of kind " + disk.kind());
  }
}
