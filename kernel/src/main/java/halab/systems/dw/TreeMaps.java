package halab.systems.dw;

import java.util.List;
import org.pcollections.TreePMap;

/** Parts of maps by LSN. */
final class TreeMaps {
  private TreeMaps() {}

  /** What lies above this LSN. */
  static <V> TreePMap<Long, V> above(TreePMap<Long, V> map, long lsn) {
    return map.minusAll(List.copyOf(map.headMap(lsn, true).keySet()));
  }
}
