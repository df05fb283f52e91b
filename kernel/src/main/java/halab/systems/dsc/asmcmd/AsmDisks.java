package halab.systems.dsc.asmcmd;

import halab.dsc.proto.DcrHeader;
import halab.dsc.proto.DiskLabel;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.VoteHeader;
import halab.kernel.Block;
import halab.systems.ToolSite;
import halab.systems.dsc.AsmLabel;
import halab.systems.dsc.DataLayout;
import halab.systems.dsc.DcrvLayout;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/** Commands about disks as such: make, format, list (reference 2.5). */
final class AsmDisks {
  private static final List<String> DAEMONS = List.of("dmcss", "dmasmsvr", "dmserver");
  private static final int MIB = 1 << 20;

  private AsmDisks() {}

  /**
   * {@code create emptyfile}: a lab's disks and their sizes are given, so it brings back the file
   * of one that was lost.
   */
  static void emptyFile(AsmDesk desk, SortedMap<String, String> args)
      throws AsmRefusal, ToolSite.Failed {
    ToolSite.Disk disk = desk.disk(args.get("PATH"));
    long mib = mib(args.get("SIZE"));
    if (mib != disk.bytes() / MIB) {
      throw new AsmRefusal(
          disk.path() + " has " + disk.bytes() / MIB + "M in this lab, not " + mib + "M");
    }
    desk.site().create(disk.path());
    desk.trace("create emptyfile " + disk.path() + ", size " + mib + "M");
  }

  /** {@code create dcrdisk|votedisk|asmdisk}: all that stood there is gone. */
  static void format(AsmDesk desk, AsmKind kind, SortedMap<String, String> args)
      throws AsmRefusal, ToolSite.Failed {
    ToolSite.Disk disk = desk.disk(args.get("PATH"), kind);
    String name = args.get("NAME");
    if (!name.matches("[A-Za-z0-9_]{1,26}")) {
      throw new AsmRefusal("'" + name + "' is no name; use up to 26 letters, digits and _");
    }
    if (args.containsKey("SIZE")) {
      requireSize(disk, kind, mib(args.get("SIZE")));
    }
    desk.requireIdle(DAEMONS);
    if (kind == AsmKind.ASM && used(desk, disk)) {
      throw new AsmRefusal(
          disk.path()
              + " holds the redo of a database, which the files of its EPs belong to; a new"
              + " database wants a new lab: halab init");
    }
    if (kind == AsmKind.DCRV && !othersHold(desk, disk)) {
      throw new AsmRefusal(
          "more than half of the DCRV disks have to hold the DCR while another is made anew; all"
              + " of them anew want a new lab: halab init");
    }
    desk.wipe(disk.path(), 0, kind.used);
    DiskLabel label = AsmLabel.of(kind.word, name);
    desk.putLabel(disk.path(), label);
    desk.trace(
        "The ASM initialize " + kind.word + " " + disk.path() + " to name " + label.getName());
  }

  /** At least what the vendor wants of such a disk (reference 1.3), and no more than there is. */
  private static void requireSize(ToolSite.Disk disk, AsmKind kind, long mib) throws AsmRefusal {
    int least = kind == AsmKind.ASM ? 64 : 32;
    if (mib < least) {
      throw new AsmRefusal("a " + kind.word + " wants at least " + least + "M, not " + mib + "M");
    }
    if (mib > disk.bytes() / MIB) {
      throw new AsmRefusal(disk.path() + " has only " + disk.bytes() / MIB + "M");
    }
  }

  /** The processes bring a new DCRV disk up to what the others hold. */
  private static boolean othersHold(AsmDesk desk, ToolSite.Disk anew) {
    int all = 0;
    int hold = 0;
    for (ToolSite.Disk disk : desk.site().disks()) {
      if (disk.kind().equals(anew.kind())) {
        all++;
        hold += !disk.equals(anew) && holds(desk, disk) ? 1 : 0;
      }
    }
    return 2 * hold > all;
  }

  private static boolean holds(AsmDesk desk, ToolSite.Disk disk) {
    try {
      return used(desk, disk);
    } catch (ToolSite.Failed e) {
      return false;
    }
  }

  /** {@code 100} or {@code 100M}; 0 for what is no size. */
  private static long mib(String size) throws AsmRefusal {
    if (!size.matches("[0-9]{1,7}[mM]?")) {
      throw new AsmRefusal("'" + size + "' is no size in megabytes; write e.g. 100 or 100M");
    }
    return Long.parseLong(size.replaceAll("[mM]", ""));
  }

  /** {@code listdisks}: all disks, or those in one folder. */
  static void list(AsmDesk desk, SortedMap<String, String> args) throws AsmRefusal {
    String folder = args.getOrDefault("PATH", "").replaceAll("/+$", "");
    List<ToolSite.Disk> found =
        desk.site().disks().stream()
            .filter(d -> d.path().equals(folder) || d.path().startsWith(folder + "/"))
            .sorted(Comparator.comparing(ToolSite.Disk::path))
            .toList();
    if (found.isEmpty()) {
      throw new AsmRefusal(AsmRefusal.OPEN_FAILED, "there is no disk in " + args.get("PATH"));
    }
    for (ToolSite.Disk disk : found) {
      desk.say("[" + disk.path() + "]: " + described(desk, disk));
    }
  }

  private static String described(AsmDesk desk, ToolSite.Disk disk) {
    try {
      DiskLabel label = desk.label(disk.path());
      if (label == null) {
        boolean damaged = desk.labelDamaged(disk.path());
        return damaged ? "cannot be read: its label is damaged" : "normal disk";
      }
      String name = "ASM disk, name:[" + label.getName() + "], size:[" + disk.bytes() / MIB + "M]";
      return used(desk, disk)
          ? "used "
              + name
              + ", group_id:["
              + AsmKind.of(disk).groupId
              + "], disk_id:["
              + id(desk, disk)
              + "]"
          : "unused " + name;
    } catch (ToolSite.Failed e) {
      return "cannot be read: " + e.getMessage();
    }
  }

  /** Its place among the disks of its group. */
  private static int id(AsmDesk desk, ToolSite.Disk disk) {
    return desk.site().disks().stream()
        .filter(d -> d.kind().equals(disk.kind()))
        .map(ToolSite.Disk::path)
        .toList()
        .indexOf(disk.path());
  }

  /** Initialised, or written to by an EP. */
  private static boolean used(AsmDesk desk, ToolSite.Disk disk) throws ToolSite.Failed {
    AsmKind kind = AsmKind.of(disk);
    int first =
        switch (kind) {
          case ASM -> DataLayout.FIRST;
          case DCRV -> DcrvLayout.DCR;
          default -> 0;
        };
    int count = kind == AsmKind.ASM ? DataLayout.USED : 2;
    for (Block block : desk.site().read(disk.path(), first, count)) {
      if (block.payload() instanceof DcrHeader
          || block.payload() instanceof VoteHeader
          || block.payload() instanceof EpRecord) {
        return true;
      }
    }
    return false;
  }
}
