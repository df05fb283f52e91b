package halab.cli.lab;

import com.google.protobuf.Message;
import halab.bricks.Slots;
import halab.kernel.Endpoint;
import halab.kernel.Writer;
import halab.systems.LabPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** The real files behind a new lab's disks: full size, sparse, first content framed. */
final class DiskFiles {
  /** Who stands in the frames of the first content. */
  private static final Endpoint MAKER = new Endpoint("lab", "init");

  private DiskFiles() {}

  /** Writes a new file, durably. */
  static void write(Path file, LabPlan.DiskPlan disk) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      // The last byte gives the file its size; what is never written reads as empty blocks.
      long bytes = (long) disk.blockCount() * Slots.BLOCK_BYTES + disk.rangeBytes();
      channel.write(ByteBuffer.wrap(new byte[1]), bytes - 1);
      long counter = 0;
      for (Map.Entry<Integer, Message> block : disk.blocks().entrySet()) {
        int number = block.getKey();
        byte[] frame = Slots.frame(number, new Writer(MAKER, 0, ++counter), block.getValue());
        channel.write(ByteBuffer.wrap(frame), (long) number * Slots.BLOCK_BYTES);
      }
      channel.force(true);
    }
  }
}
