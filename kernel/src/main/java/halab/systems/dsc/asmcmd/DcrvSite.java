package halab.systems.dsc.asmcmd;

import com.google.protobuf.Message;
import halab.bricks.Mirror;
import halab.dsc.proto.DiskLabel;
import halab.kernel.Block;
import halab.systems.LabPlan;
import halab.systems.ToolSite;
import halab.systems.dsc.AsmLabel;
import halab.systems.dsc.DcrLayout;
import halab.systems.dsc.DcrvLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * DCRV disks as one DCR and one VOTE disk, as every process of a mirror build sees them: a write
 * has to reach more than half of the disks, and what more than half of them answer is read.
 */
final class DcrvSite implements ToolSite {
  private static final String DCRV = LabPlan.DiskPlan.DCRV;

  private final ToolSite real;
  private final List<Disk> copies;
  private final List<Mirror.Part> parts;

  private DcrvSite(ToolSite real, List<Disk> copies) {
    this.real = real;
    this.copies = copies;
    this.parts = DcrvLayout.parts(DcrvLayout.folder(copies.get(0).path()));
  }

  /** The act for the form of a command that names a DCRV disk to read, or the folder of them. */
  static AsmForm.Act reading(AsmForm.Act act) {
    return (desk, args) -> run(desk, args, site -> act, true);
  }

  /** The act for the form of a command that changes all DCRV disks; it names their folder. */
  static AsmForm.Act changing(AsmForm.Act act) {
    return (desk, args) -> run(desk, args, site -> act, false);
  }

  /** {@code check dcrvdisk}: the DCR that counts, and what every disk that is named holds. */
  static void check(AsmDesk desk, SortedMap<String, String> args)
      throws AsmRefusal, ToolSite.Failed {
    run(desk, args, site -> (all, given) -> DcrCommands.check(all, given, site.wrong()), true);
  }

  private List<String> wrong() {
    List<Disk> all = real.disks().stream().filter(d -> DCRV.equals(d.kind())).toList();
    List<String> wrong = new ArrayList<>();
    for (Disk copy : copies) {
      try {
        wrong(copy.path(), all.size() > 1, wrong);
      } catch (Failed e) {
        wrong.add(copy.path() + " cannot be read: " + e.getMessage());
      }
    }
    return wrong;
  }

  private void wrong(String disk, boolean mirrored, List<String> wrong) throws Failed {
    List<Block> label = real.read(disk, AsmLabel.FIRST, 2);
    boolean labelled = label.stream().allMatch(block -> block.as(DiskLabel.class) != null);
    if (!labelled) {
      wrong.add(disk + ": its label is damaged or missing; create dcrvdisk makes the disk anew");
    }
    for (Mirror.Part part : parts) {
      List<Block> blocks = real.read(disk, part.first(), part.blocks());
      String mends = mirrored ? "; processes that run mend it" : "";
      DcrLayout.damages(blocks, 0, blocks.size())
          .forEach(damage -> wrong.add(disk + ", from " + part.first() + ", " + damage + mends));
    }
  }

  private static void run(
      AsmDesk desk,
      SortedMap<String, String> args,
      Function<DcrvSite, AsmForm.Act> act,
      boolean one)
      throws AsmRefusal, ToolSite.Failed {
    String path = args.get("PATH").replaceAll("/+$", "");
    List<Disk> all = desk.site().disks().stream().filter(d -> d.kind().equals(DCRV)).toList();
    if (all.isEmpty()) {
      throw new AsmRefusal("this lab has no dcrvdisk, but a dcrdisk and a votedisk");
    }
    String folder = DcrvLayout.folder(all.get(0).path());
    List<Disk> named = all.stream().filter(d -> one && d.path().equals(path)).toList();
    if (!path.equals(folder) && named.isEmpty()) {
      throw new AsmRefusal(
          "name the folder of the DCRV disks, '" + folder + "'" + (one ? ", or one of them" : ""));
    }
    DcrvSite site = new DcrvSite(desk.site(), named.isEmpty() ? all : named);
    SortedMap<String, String> given = new TreeMap<>(args);
    given.put("PATH", folder);
    try {
      act.apply(site).run(new AsmDesk(site, line -> desk.say(worded(line))), given);
    } catch (AsmRefusal e) {
      throw new AsmRefusal(worded(e.getMessage()));
    }
  }

  private static String worded(String line) {
    return line.replace("dcrdisk", "dcrvdisk");
  }

  @Override
  public List<Disk> disks() {
    List<Disk> disks = new ArrayList<>(real.disks());
    Disk first = copies.get(0);
    disks.removeIf(d -> d.kind().equals(DCRV));
    disks.add(new Disk(parts.get(0).path(), "config", first.blocks(), first.bytes()));
    disks.add(new Disk(parts.get(1).path(), "voting", first.blocks(), first.bytes()));
    return disks;
  }

  private Mirror.Part part(String path) {
    return parts.stream().filter(p -> p.path().equals(path)).findFirst().orElse(null);
  }

  private void requireMajority(int good, Failed last) throws Failed {
    if (2 * good <= copies.size()) {
      throw last;
    }
  }

  @Override
  public List<Block> read(String path, int first, int count) throws Failed {
    Mirror.Part part = part(path);
    if (part == null) {
      return real.read(path, first, count);
    }
    List<List<Block>> answers = new ArrayList<>();
    Failed last = null;
    for (Disk copy : copies) {
      try {
        answers.add(real.read(copy.path(), part.first() + first, count));
      } catch (Failed e) {
        last = e;
      }
    }
    requireMajority(answers.size(), last);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = i;
      List<Block> all = answers.stream().map(a -> a.get(at)).toList();
      blocks.add(Mirror.newest(all, copies.size() / 2 + 1).by(null));
    }
    return blocks;
  }

  @Override
  public void write(String path, int block, Message content) throws Failed {
    Mirror.Part part = part(path);
    if (part == null) {
      real.write(path, block, content);
      return;
    }
    int good = 0;
    Failed last = null;
    for (Disk copy : copies) {
      try {
        real.write(copy.path(), part.first() + block, content);
        good++;
      } catch (Failed e) {
        last = e;
      }
    }
    requireMajority(good, last);
  }

  @Override
  public void create(String path) throws Failed {
    real.create(path);
  }

  @Override
  public String readFile(String name) throws Failed {
    return real.readFile(name);
  }

  @Override
  public void writeFile(String name, String text) throws Failed {
    real.writeFile(name, text);
  }

  @Override
  public boolean runs(String role) throws Failed {
    return real.runs(role);
  }
}
