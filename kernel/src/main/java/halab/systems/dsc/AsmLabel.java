package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.dsc.proto.DiskLabel;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code dmasmcmd create} writes on every disk, in two copies: that it is an ASM disk, and its
 * name. Nobody but dmasmcmd reads it.
 */
public final class AsmLabel {
  /** Block of the first copy; free on DCR, VOTE and data disks alike. */
  public static final int FIRST = 14;

  /** The vendor puts this before every name that is given (reference 2.5). */
  public static final String PREFIX = "DMASM";

  private AsmLabel() {}

  /** The label under the name that an operator gave. */
  public static DiskLabel of(String kind, String name) {
    return DiskLabel.newBuilder().setKind(kind).setName(PREFIX + name).build();
  }

  /** These blocks and the label. */
  public static SortedMap<Integer, Message> on(
      SortedMap<Integer, Message> blocks, String kind, String name) {
    SortedMap<Integer, Message> labelled = new TreeMap<>(blocks);
    labelled.put(FIRST, of(kind, name));
    labelled.put(FIRST + 1, of(kind, name));
    return labelled;
  }
}
