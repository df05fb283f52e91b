package halab.systems.dw;

import halab.dw.proto.CtlStatus;
import java.util.Map;

/**
 * dmwatcher.ctl: there while the database is split, and only then (reference 5.9). Whoever has
 * repaired the database removes it.
 *
 * @param status VALID without a file
 * @param why description of the split; empty without one
 */
record DwCtl(CtlStatus status, String why) {
  static final String FILE = "dmwatcher.ctl";
  static final DwCtl VALID = new DwCtl(CtlStatus.CTL_VALID, "");

  static DwCtl split(String why) {
    return new DwCtl(CtlStatus.CTL_SPLIT, why);
  }

  boolean isSplit() {
    return status == CtlStatus.CTL_SPLIT;
  }

  String text() {
    return "VERSION = 1\nSTATUS = SPLIT\nDESC = " + why + "\n";
  }

  /** Whatever stands in a file of this name, the database counts as split. */
  static DwCtl read(Map<String, String> saved) {
    String text = saved.get(FILE);
    if (text == null) {
      return VALID;
    }
    return split(
        text.lines()
            .filter(line -> line.startsWith("DESC = "))
            .map(line -> line.substring(7))
            .findFirst()
            .orElse(FILE + " is there"));
  }
}
