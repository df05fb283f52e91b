package halab.systems.dsc;

import halab.dsc.proto.MonEp;
import halab.dsc.proto.MonGroup;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What screens of the monitor and of a CSS's console have in common (reference 5.4). */
public final class EpTable {
  private static final String TIME = "%-23s";
  private static final String ROW = "%-14s%-10s%-8s%-13s%-19s%-13s%-13s%-13s%-18s";
  private static final String LAST = "%-16s";

  private EpTable() {}

  private static String f(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  /** A DCRV disk of a mirror build; its name before the title is inferred from the other lines. */
  public static String dcrv(String name, String status) {
    return f("[%s] DCRV_STATUS = %s\n", name, status);
  }

  /** Titles of the columns; {@code pid} stands between guid and ts where there is one. */
  public static String titles(boolean time, boolean pid) {
    return (time ? f(TIME, "css_time") : "")
        + f(
            ROW,
            "inst_name",
            "seqno",
            "port",
            "mode",
            "inst_status",
            "vtd_status",
            "is_ok",
            "active",
            "guid")
        + (pid ? f(LAST, "pid") : "")
        + f(LAST, "ts");
  }

  /** One EP; {@code time} is null in tables without that column. */
  public static String row(MonEp ep, String time, boolean pid) {
    return (time == null ? "" : f(TIME, time))
        + f(
            ROW,
            ep.getName(),
            ep.getSeqno(),
            ep.getPort(),
            ep.getControl() ? "Control Node" : "Normal Node",
            DscText.inst(ep.getInstStatus()),
            DscText.vtd(ep.getVtdStatus()),
            ep.getOk() ? "OK" : "ERROR",
            flag(ep.getActive()),
            ep.getGuid())
        + (pid ? f(LAST, ep.getPid()) : "")
        + f(LAST, ep.getTs());
  }

  /**
   * Who belongs to an ASM or DB group and what is being done to it.
   *
   * @param sta the main state as it is to be called
   * @param crashFlag whether to tell if the last crash handling is over
   */
  public static String membership(MonGroup group, String sta, boolean crashFlag) {
    StringBuilder text = new StringBuilder();
    text.append(f("n_ok_ep = %d\nok_ep_arr(index, seqno):\n", group.getOkEpCount()));
    for (int i = 0; i < group.getOkEpCount(); i++) {
      text.append(f("(%d, %d)\n", i, group.getOkEp(i)));
    }
    text.append(f("\nsta = %s, sub_sta = %s\n", sta, group.getSubSta()));
    text.append(f("break ep = %s\n", names(group, group.getBreakEpList())));
    List<Integer> recover =
        group.getRecoverEp() == DscText.NONE ? List.of() : List.of(group.getRecoverEp());
    text.append(f("recover ep = %s\n", names(group, recover))).append('\n');
    if (crashFlag) {
      text.append(f("crash process over flag is %s\n", flag(group.getCrashOver())));
    }
    return text.toString();
  }

  private static String names(MonGroup group, List<Integer> seqnos) {
    return seqnos.isEmpty()
        ? "NULL"
        : group.getEpList().stream()
            .filter(e -> seqnos.contains(e.getSeqno()))
            .map(MonEp::getName)
            .collect(Collectors.joining(","));
  }

  /** A flag as the vendor prints it. */
  public static String flag(boolean flag) {
    return flag ? "TRUE" : "FALSE";
  }
}
