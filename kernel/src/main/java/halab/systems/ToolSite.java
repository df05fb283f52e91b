package halab.systems;

import com.google.protobuf.Message;
import halab.kernel.Block;
import java.util.List;

/**
 * What a vendor's tool reaches from the host it is started on: the lab's shared disks, the files of
 * that host, and whether the cluster runs. Carried out at once, in the order of the calls.
 */
public interface ToolSite {
  /**
   * A shared disk.
   *
   * @param path what the vendor's files call it
   * @param kind "voting", "config", "data" or "dcrv"
   * @param blocks how many blocks of 512 bytes it has
   * @param bytes its size
   */
  record Disk(String path, String kind, int blocks, long bytes) {}

  /** All disks of the lab, whether they can be read or not. */
  List<Disk> disks();

  /** Reads blocks of a disk; damage is in the blocks. */
  List<Block> read(String path, int first, int count) throws Failed;

  /**
   * Writes one block durably.
   *
   * @param content null makes the block empty
   */
  void write(String path, int block, Message content) throws Failed;

  /** Makes the missing file behind a disk of the lab, in its full size and empty. */
  void create(String path) throws Failed;

  /** Text of a file; a name without a folder is one of the host's vendor files. */
  String readFile(String name) throws Failed;

  /** Writes a file anew; names as for {@link #readFile}. */
  void writeFile(String name, String text) throws Failed;

  /** Whether a process of this role runs on any host. */
  boolean runs(String role) throws Failed;

  /** Something cannot be reached; the message names it and says why. */
  final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    public Failed(String message) {
      super(message);
    }
  }
}
