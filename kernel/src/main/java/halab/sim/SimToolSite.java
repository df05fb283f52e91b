package halab.sim;

import com.google.protobuf.Message;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.systems.LabPlan;
import halab.systems.ToolSite;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a vendor's tool works in the simulator. It takes no virtual time: between two of its reads
 * and writes nothing else happens.
 */
final class SimToolSite implements ToolSite {
  private final World world;
  private final SimHost host;

  /** A tool on this host of the lab. */
  SimToolSite(World world, String host) {
    this.world = world;
    this.host = world.host(host);
  }

  @Override
  public List<Disk> disks() {
    return world.plan().disks().stream()
        .filter(d -> d.host() == null)
        .map(d -> new Disk(d.path(), d.kind(), d.blockCount(), bytes(d)))
        .toList();
  }

  private static long bytes(LabPlan.DiskPlan disk) {
    return disk.blockCount() * 512L + disk.rangeBytes();
  }

  private SimDisk disk(String path) throws Failed {
    if (world.diskDaemon() != null && world.diskDaemon().paused()) {
      throw new Failed("the disk daemon does not answer");
    }
    return world.disks().stream()
        .filter(d -> d.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new Failed("there is no disk " + path));
  }

  @Override
  public List<Block> read(String path, int first, int count) throws Failed {
    SimDisk disk = disk(path);
    List<Block> blocks = new ArrayList<>();
    for (int number = first; number < first + count; number++) {
      blocks.add(disk.block(number));
    }
    return blocks;
  }

  @Override
  public void write(String path, int block, Message content) throws Failed {
    String refused = disk(path).put(block, content == null ? Block.EMPTY : Block.of(content));
    if (refused != null) {
      throw new Failed(refused);
    }
  }

  @Override
  public void create(String path) throws Failed {
    throw new Failed("the file of disk " + disk(path).name() + " exists");
  }

  @Override
  public String readFile(String name) throws Failed {
    String text = host.file(name);
    if (text == null) {
      throw new Failed("there is no file " + name);
    }
    return text;
  }

  @Override
  public void writeFile(String name, String text) {
    host.write(Effect.Folder.CONFIG, name, text);
  }

  @Override
  public boolean runs(String role) {
    return world.plan().daemons().stream()
        .anyMatch(d -> d.role().equals(role) && world.process(d).alive());
  }
}
