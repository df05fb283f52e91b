package halab.cli.tool;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import halab.bricks.Slots;
import halab.cli.lab.LiveLab;
import halab.kernel.Block;
import halab.kernel.Endpoint;
import halab.kernel.Wire;
import halab.kernel.Writer;
import halab.link.proto.DiskReply;
import halab.link.proto.DiskRequest;
import halab.link.proto.ReadBlocks;
import halab.link.proto.WriteBlock;
import halab.runtime.host.ProcessId;
import halab.runtime.lab.LabDisk;
import halab.sim.Hosts;
import halab.systems.LabPlan;
import halab.systems.ToolSite.Failed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A tool's way to the blocks of a lab's disks: through the disk daemon while that runs, for nobody
 * may write behind its back; else straight to the files, where they lie on this machine.
 */
final class DiskAccess {
  /** A tool has one life; fences are for daemons. */
  private static final long LIFE = 1;

  private final LiveLab lab;
  private final Endpoint self;
  private final Wire wire;
  private long counter;

  /**
   * @param self whom the disk daemon and the frames of blocks are told
   */
  DiskAccess(LiveLab lab, Endpoint self) {
    this.lab = lab;
    this.self = self;
    this.wire = new Wire(lab.system().messages());
  }

  List<Block> read(LabDisk disk, int first, int count) throws Failed {
    List<byte[]> frames = daemonRuns() ? asked(disk, first, count) : fromFile(disk, first, count);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      blocks.add(
          isCopy(disk)
              ? Slots.copy(first + i, frames.get(i), wire)
              : Slots.read(first + i, frames.get(i), wire));
    }
    return blocks;
  }

  /** Durable when it returns; null empties the block. */
  void write(LabDisk disk, int block, Message content) throws Failed {
    Writer there = isCopy(disk) ? read(disk, block, 1).get(0).writer() : null;
    counter = Math.max(counter, there == null ? 0 : there.counter());
    byte[] frame =
        content == null
            ? new byte[Slots.BLOCK_BYTES]
            : Slots.frame(block, new Writer(self, LIFE, ++counter), content);
    if (!daemonRuns()) {
      toFile(disk, block, frame);
      return;
    }
    WriteBlock write =
        WriteBlock.newBuilder().setBlock(block).setFrame(ByteString.copyFrom(frame)).build();
    answer(disk, request(disk).setWrite(write));
  }

  /** One of several disks, where the greater writer's block counts. */
  private static boolean isCopy(LabDisk disk) {
    return disk.kind().equals(LabPlan.DiskPlan.DCRV);
  }

  /** Makes the file of a disk that has none. */
  void create(LabDisk disk) throws Failed {
    Path file = file(disk);
    if (Files.exists(file) || daemonRuns()) {
      throw new Failed("the file of disk " + disk.name() + " exists");
    }
    try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
      made.setLength(disk.bytes());
      made.getFD().sync();
    } catch (IOException e) {
      throw new Failed("the file of disk " + disk.name() + ": " + e.getMessage());
    }
  }

  /** By its host's agent, or by its pid file when that is silent. */
  private boolean daemonRuns() {
    Path pid = lab.model().run(Hosts.DISK_DAEMON.host()).resolve(Hosts.DISK_DAEMON.role() + ".pid");
    return lab.processOf(Hosts.DISK_DAEMON) != null
        || ProcessId.read(pid).filter(ProcessId::alive).isPresent();
  }

  // ---- through the daemon -----------------------------------------------------------------------

  private DiskRequest.Builder request(LabDisk disk) {
    return DiskRequest.newBuilder()
        .setRequest(1)
        .setDisk(disk.path())
        .setCaller(self.toString())
        .setIncarnation(LIFE);
  }

  private DiskReply answer(LabDisk disk, DiskRequest.Builder request) throws Failed {
    DiskReply reply = lab.client().disk(request.build());
    if (reply == null) {
      throw new Failed(
          "disk " + disk.name() + ": no answer from the disk daemon; see: halab status");
    }
    if (reply.hasFailed()) {
      throw new Failed("disk " + disk.name() + ": " + reply.getFailed());
    }
    return reply;
  }

  private List<byte[]> asked(LabDisk disk, int first, int count) throws Failed {
    ReadBlocks read = ReadBlocks.newBuilder().setFirst(first).setCount(count).build();
    DiskReply reply = answer(disk, request(disk).setRead(read));
    return reply.getRead().getFrameList().stream().map(ByteString::toByteArray).toList();
  }

  // ---- straight to the file ---------------------------------------------------------------------

  private Path file(LabDisk disk) throws Failed {
    if (!lab.model().oneMachine()) {
      throw new Failed(
          "disk " + disk.name() + ": the disk daemon does not run; halab start store/diskd");
    }
    return lab.model().diskFile(disk);
  }

  private List<byte[]> fromFile(LabDisk disk, int first, int count) throws Failed {
    try (FileChannel channel = FileChannel.open(file(disk), StandardOpenOption.READ)) {
      List<byte[]> frames = new ArrayList<>();
      for (int block = first; block < first + count; block++) {
        ByteBuffer frame = ByteBuffer.allocate(Slots.BLOCK_BYTES);
        while (frame.hasRemaining()) {
          long at = (long) block * Slots.BLOCK_BYTES + frame.position();
          if (channel.read(frame, at) < 0) {
            throw new Failed("disk " + disk.name() + " is truncated at block " + block);
          }
        }
        frames.add(frame.array());
      }
      return frames;
    } catch (IOException e) {
      throw unusable(disk, e);
    }
  }

  private void toFile(LabDisk disk, int block, byte[] frame) throws Failed {
    try (FileChannel channel = FileChannel.open(file(disk), StandardOpenOption.WRITE)) {
      long at = (long) block * Slots.BLOCK_BYTES;
      if (channel.size() < at + frame.length) {
        throw new Failed("disk " + disk.name() + " is truncated before block " + block);
      }
      ByteBuffer rest = ByteBuffer.wrap(frame);
      while (rest.hasRemaining()) {
        channel.write(rest, at + rest.position());
      }
      channel.force(false);
    } catch (IOException e) {
      throw unusable(disk, e);
    }
  }

  private static Failed unusable(LabDisk disk, IOException e) {
    return new Failed("disk " + disk.name() + ": " + e);
  }
}
