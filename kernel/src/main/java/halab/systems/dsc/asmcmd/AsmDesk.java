package halab.systems.dsc.asmcmd;

import com.google.protobuf.Message;
import halab.dsc.proto.DcrHeader;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.DiskLabel;
import halab.dsc.proto.VoteHeader;
import halab.kernel.Block;
import halab.systems.ConfigException;
import halab.systems.LabPlan;
import halab.systems.ToolSite;
import halab.systems.dm.config.Problems;
import halab.systems.dsc.AsmLabel;
import halab.systems.dsc.DcrLayout;
import halab.systems.dsc.VoteLayout;
import halab.systems.dsc.config.DmdcrCfg;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/** What the commands of dmasmcmd share: finding and reading disks and files, and the refusals. */
final class AsmDesk {
  private final ToolSite site;
  private final Consumer<String> out;

  AsmDesk(ToolSite site, Consumer<String> out) {
    this.site = site;
    this.out = out;
  }

  ToolSite site() {
    return site;
  }

  void say(String line) {
    out.accept(line);
  }

  void trace(String line) {
    out.accept("[TRACE]" + line);
  }

  /** The disk of this path. */
  ToolSite.Disk disk(String path) throws AsmRefusal {
    for (ToolSite.Disk disk : site.disks()) {
      if (disk.path().equals(path)) {
        return disk;
      }
    }
    throw new AsmRefusal(
        AsmRefusal.OPEN_FAILED,
        "open "
            + path
            + " failed; the disks are "
            + String.join(", ", site.disks().stream().map(ToolSite.Disk::path).toList()));
  }

  /** The disk of this path, which must be of the kind that the command is for. */
  ToolSite.Disk disk(String path, AsmKind kind) throws AsmRefusal {
    ToolSite.Disk disk = disk(path);
    if (!disk.kind().equals(kind.use) && disk.kind().equals(LabPlan.DiskPlan.DCRV)) {
      throw new AsmRefusal(
          path
              + " is a dcrvdisk, which is "
              + kind.word
              + " and more; say dcrvdisk in the command");
    }
    if (!disk.kind().equals(kind.use)) {
      throw new AsmRefusal(
          path
              + " is this lab's "
              + AsmKind.of(disk).word
              + " and stays that; name its "
              + kind.word
              + ": "
              + String.join(
                  ", ",
                  site.disks().stream()
                      .filter(d -> d.kind().equals(kind.use))
                      .map(ToolSite.Disk::path)
                      .toList()));
    }
    return disk;
  }

  /** Refuses while processes of these roles run. */
  void requireIdle(List<String> roles) throws AsmRefusal, ToolSite.Failed {
    for (String role : roles) {
      if (site.runs(role)) {
        throw new AsmRefusal(
            AsmRefusal.IN_USE, "disk is in use: a " + role + " runs; stop all of them first");
      }
    }
  }

  /** What {@code create} has written on a disk; null: nothing. */
  DiskLabel label(String path) throws ToolSite.Failed {
    List<Block> blocks = site.read(path, AsmLabel.FIRST, 2);
    DiskLabel first = blocks.get(0).as(DiskLabel.class);
    return first == null ? blocks.get(1).as(DiskLabel.class) : first;
  }

  /** Neither copy of the label is sound, and one at least was written. */
  boolean labelDamaged(String path) throws ToolSite.Failed {
    return label(path) == null
        && site.read(path, AsmLabel.FIRST, 2).stream().anyMatch(block -> block.damage() != null);
  }

  /** The label of a disk that was created for this. */
  DiskLabel requireLabel(String path, AsmKind kind) throws AsmRefusal, ToolSite.Failed {
    DiskLabel label = label(disk(path, kind).path());
    if (label == null) {
      throw new AsmRefusal(
          path + " is no ASM disk; first: create " + kind.word + " '" + path + "'");
    }
    return label;
  }

  void putLabel(String path, DiskLabel label) throws ToolSite.Failed {
    put(path, AsmLabel.FIRST, label);
  }

  /** Writes something that stands on a disk twice. */
  void put(String path, int block, Message content) throws ToolSite.Failed {
    site.write(path, block, content);
    site.write(path, block + 1, content);
  }

  void putAll(String path, SortedMap<Integer, Message> blocks) throws ToolSite.Failed {
    for (int block : blocks.keySet()) {
      site.write(path, block, blocks.get(block));
    }
  }

  /** Empties blocks, first to last but one. */
  void wipe(String path, int from, int to) throws ToolSite.Failed {
    for (int block = from; block < to; block++) {
      site.write(path, block, null);
    }
  }

  /** A dmdcr_cfg.ini that {@code init} would take (reference 2.1). */
  DcrImage config(String file) throws AsmRefusal, ToolSite.Failed {
    Problems problems = new Problems();
    DcrImage image = DmdcrCfg.read(file, site.readFile(file), problems);
    try {
      problems.throwIfAny();
    } catch (ConfigException e) {
      throw new AsmRefusal(e.getMessage());
    }
    return image;
  }

  /** The content of the DCR disk. */
  DcrImage dcr(String path) throws AsmRefusal, ToolSite.Failed {
    try {
      return DcrLayout.read(site.read(disk(path, AsmKind.DCR).path(), 0, DcrLayout.USED));
    } catch (DcrLayout.Unreadable e) {
      throw new AsmRefusal(e.getMessage());
    }
  }

  /** The VOTE disk's header follows the DCR; a VOTE disk that was never initialised is left so. */
  void alignVote(DcrImage image) throws AsmRefusal, ToolSite.Failed {
    String path = image.getHeader().getVtdPath();
    List<Block> blocks = site.read(disk(path, AsmKind.VOTE).path(), VoteLayout.HEADER, 2);
    boolean initialised = blocks.stream().anyMatch(b -> b.as(VoteHeader.class) != null);
    if (initialised && DcrLayout.voteProblem(image, blocks) != null) {
      put(path, VoteLayout.HEADER, DcrLayout.voteHeader(image));
      trace("the header of votedisk " + path + " follows");
    }
  }

  /** The image under the password digest of another one. */
  static DcrImage withDigest(DcrImage image, String digest) {
    DcrHeader header = image.getHeader().toBuilder().setAsmPasswordSha256(digest).build();
    return image.toBuilder().setHeader(header).build();
  }
}
