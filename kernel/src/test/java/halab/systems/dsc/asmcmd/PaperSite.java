package halab.systems.dsc.asmcmd;

import com.google.protobuf.Message;
import halab.dsc.proto.DcrImage;
import halab.kernel.Block;
import halab.kernel.Endpoint;
import halab.kernel.Writer;
import halab.systems.LabPlan;
import halab.systems.ToolSite;
import halab.systems.dsc.DcrLayout;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Disks and files of paper, as a new lab of two hosts has them. */
final class PaperSite implements ToolSite {
  static final String DCR = "/dev/raw/dcr";
  static final String VOTE = "/dev/raw/vote";
  static final String DATA = "/dev/raw/data0";

  final Map<String, String> files = new TreeMap<>();
  final TreeSet<String> running = new TreeSet<>();
  final List<String> answer = new ArrayList<>();
  private final LabPlan plan;
  private final Map<String, TreeMap<Integer, Block>> content = new TreeMap<>();
  private String silent;
  private long written;

  PaperSite(int hosts) {
    this(hosts, Map.of());
  }

  PaperSite(int hosts, Map<String, String> sets) {
    plan = DscPlan.plan(new LabPlan.Options(hosts, true, 20000, sets, Map.of()));
    files.putAll(plan.host("n1").files());
    for (LabPlan.DiskPlan disk : plan.disks()) {
      TreeMap<Integer, Block> blocks = new TreeMap<>();
      content.put(disk.path(), blocks);
      disk.blocks().forEach((number, message) -> blocks.put(number, stamped(disk.path(), message)));
    }
  }

  /** On DCRV disks a block has its writer. */
  private Block stamped(String path, Message message) {
    boolean copy = path.contains("dcrv");
    return Block.of(message).by(copy ? new Writer(new Endpoint("n1", "toy"), 1, written) : null);
  }

  /** The disks as they are before anything was written on them. */
  PaperSite blank() {
    content.values().forEach(Map::clear);
    return this;
  }

  /** This disk fails whatever it is asked. */
  PaperSite silent(String path) {
    silent = path;
    return this;
  }

  PaperSite damage(String path, int block) {
    content.get(path).put(block, Block.damaged("checksum wrong"));
    return this;
  }

  /** A line is typed; its exit code. */
  int types(String line) {
    answer.clear();
    return new Dmasmcmd().run(line, this, answer::add);
  }

  String answer() {
    return String.join("\n", answer);
  }

  DcrImage dcr() {
    try {
      return DcrLayout.read(read(DCR, 0, DcrLayout.USED));
    } catch (DcrLayout.Unreadable | Failed e) {
      throw new AssertionError(e);
    }
  }

  /** The VOTE disk's header fits the DCR. */
  boolean voteFits() throws Failed {
    return DcrLayout.voteProblem(dcr(), read(VOTE, 0, 2)) == null;
  }

  @Override
  public List<Disk> disks() {
    return plan.disks().stream()
        .map(
            d ->
                new Disk(
                    d.path(), d.kind(), d.blockCount(), d.blockCount() * 512L + d.rangeBytes()))
        .toList();
  }

  @Override
  public List<Block> read(String path, int first, int count) throws Failed {
    if (path.equals(silent)) {
      throw new Failed("the disk daemon does not answer");
    }
    List<Block> blocks = new ArrayList<>();
    for (int number = first; number < first + count; number++) {
      blocks.add(content.get(path).getOrDefault(number, Block.EMPTY));
    }
    return blocks;
  }

  @Override
  public void write(String path, int block, Message message) {
    written++;
    content.get(path).put(block, message == null ? Block.EMPTY : stamped(path, message));
  }

  @Override
  public void create(String path) throws Failed {
    throw new Failed("the file of " + path + " exists");
  }

  @Override
  public String readFile(String name) throws Failed {
    if (!files.containsKey(name)) {
      throw new Failed("there is no file " + name);
    }
    return files.get(name);
  }

  @Override
  public void writeFile(String name, String text) {
    files.put(name, text);
  }

  @Override
  public boolean runs(String role) {
    return running.contains(role);
  }
}
