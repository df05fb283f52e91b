package halab.node.redo;

import java.nio.charset.StandardCharsets;

/**
 * Whose redo a log holds; stands in every segment header.
 *
 * @param name of the instance ("DSC0"), 1 to 64 bytes in UTF-8
 * @param thread number of the redo thread, from 0
 * @param group what all instances of one database share and no other database has
 */
public record RedoOwner(String name, int thread, long group) {
  /** Bound of a name, in bytes. */
  public static final int NAME_BYTES_MAX = 64;

  public RedoOwner {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > NAME_BYTES_MAX || thread < 0) {
      throw new IllegalArgumentException(
          "'" + name + "' thread " + thread + ": take a name of 1 to 64 bytes, a thread from 0");
    }
  }

  @Override
  public String toString() {
    return name + " thread " + thread + " of group " + group;
  }
}
