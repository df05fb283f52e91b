package halab.bricks;

import halab.kernel.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** One of the disks of a {@link Mirror} as one life of one process finds it. */
final class MirrorDisk implements Comparable<MirrorDisk> {
  final String path;

  /** Number of a request to when it was made, the oldest first. */
  final Map<Long, Long> unanswered = new LinkedHashMap<>();

  /** Newest content that a look found missing here, and that the disk says it has since. */
  private final Map<Integer, Healed> offered = new TreeMap<>();

  boolean heard;

  /** It failed, was silent or behind, and no look over everything has found it whole since. */
  boolean doubted;

  int cleanParts;

  /** {@code order}: number of the last request when the disk said so. */
  private record Healed(Writer writer, long order) {}

  MirrorDisk(String path) {
    this.path = path;
  }

  boolean silent(long nowMs) {
    return !unanswered.isEmpty()
        && nowMs - unanswered.values().iterator().next() >= Mirror.SILENT_MS;
  }

  /** The disk says that it has what it lacked. */
  void healed(int block, Writer writer, long order) {
    offered.put(block, new Healed(writer, order));
  }

  /** What an earlier look wrote here, before that read began, is still not here. */
  boolean missed(int block, Writer there, long order) {
    Healed healed = offered.isEmpty() ? null : offered.get(block);
    return healed != null
        && healed.order <= order
        && (there == null || there.compareTo(healed.writer) < 0);
  }

  void whole(int block) {
    if (!offered.isEmpty()) {
      offered.remove(block);
    }
  }

  String state(long nowMs) {
    if (doubted || silent(nowMs)) {
      return Mirror.FAILED;
    }
    return heard ? Mirror.OK : Mirror.UNKNOWN;
  }

  @Override
  public int compareTo(MirrorDisk other) {
    return path.compareTo(other.path);
  }
}
