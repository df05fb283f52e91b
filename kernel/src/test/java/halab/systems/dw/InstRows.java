package halab.systems.dw;

import halab.dw.proto.DwBeat;
import halab.dw.proto.DwStatus;
import halab.dw.proto.MonRecord;
import halab.kernel.Event;
import halab.systems.SqlView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a dmserver on the bench shows in its views. */
final class InstRows {
  /** The bench's wall clock when it is born. */
  static final long STARTED_MS = 1_050_000;

  private InstRows() {}

  static SqlView<InstState> view(String name) {
    return InstSqlViews.ALL.stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
  }

  static List<List<Object>> rows(InstBench b, String name) {
    return view(name).rows().of(b.state, new SqlView.Scene(STARTED_MS, List.of()));
  }

  /** The only row, by column. */
  static Map<String, Object> row(InstBench b, String name) {
    List<List<Object>> rows = rows(b, name);
    if (rows.size() != 1) {
      throw new AssertionError(name + " has " + rows.size() + " rows");
    }
    return row(name, rows.get(0));
  }

  /** The row whose first columns begin with these values. */
  static Map<String, Object> row(InstBench b, String name, Object... first) {
    return rows(b, name).stream()
        .filter(r -> r.subList(0, first.length).equals(List.of(first)))
        .map(r -> row(name, r))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + ": no row of " + List.of(first)));
  }

  private static Map<String, Object> row(String name, List<Object> values) {
    Map<String, Object> row = new TreeMap<>();
    for (int i = 0; i < values.size(); i++) {
      row.put(view(name).columns().get(i).name(), values.get(i));
    }
    return row;
  }

  static InstBench beat(InstBench b) {
    DwBeat beat =
        DwBeat.newBuilder()
            .setStatus(DwStatus.DW_STANDBY_CHECK)
            .setGroup("GRP1")
            .setType("GLOBAL")
            .setMode("AUTO")
            .setAutoRestart(true)
            .setSwitchCount(3)
            .addMonitor(
                MonRecord.newBuilder()
                    .setConnectMs(5_000)
                    .setConfirm(true)
                    .setMonId(1)
                    .setMid(77)
                    .setIp("10.0.0.9")
                    .setVersion("V8"))
            .build();
    return b.event(new Event.Received(InstBench.WATCHER, beat));
  }

  /** OPEN, its watcher heard, redo under way. */
  static InstBench busy(DmMode mode) {
    InstBench b = mode == DmMode.NORMAL ? InstBench.mounted(mode) : InstBench.open(mode);
    beat(b);
    if (mode == DmMode.STANDBY) {
      b.engineHangs = true;
      b.from(InstBench.TWO, b.redo(1, 0, 2)).settle().from(InstBench.TWO, b.redo(2, 2, 1));
    } else {
      b.commit(1);
    }
    return b.settle();
  }
}
