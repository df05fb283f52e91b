package halab.systems.dw.monitor;

import static halab.systems.dw.monitor.MonText.f;

import halab.dw.proto.ApplyStat;
import halab.dw.proto.ArchTarget;
import halab.dw.proto.ArchType;
import halab.dw.proto.Recovered;
import halab.dw.proto.SendInfo;

/** {@code show arch send info} and {@code show apply stat}: the labels and blocks of the manual. */
final class MonStats {
  private static final String RULE = "#" + "=".repeat(80) + "#";

  /** Nothing was tried yet. */
  private static final int NOT_EXECUTED = 100;

  private MonStats() {}

  private static void add(StringBuilder text, String label, Object value) {
    text.append(f("%-42s: %s\n", label, value));
  }

  private static String time(MonState s, long wallMs) {
    return wallMs == 0 ? "NONE" : MonText.time(wallMs, s.zone);
  }

  /** From this source to that database. */
  static String send(MonState s, Seat source, Seat dest) {
    ArchTarget arch = source.arch(dest.instance());
    StringBuilder text = new StringBuilder(RULE).append('\n');
    text.append(f("ARCH SEND INFO: FROM %s TO %s\n\n", source.instance(), dest.instance()));
    Recovered tried = Recovered.newBuilder().setCode(NOT_EXECUTED).build();
    for (Recovered r : source.state.getRecoveredList()) {
      tried = r.getDest().equals(dest.instance()) ? r : tried;
    }
    add(text, "LAST RECOVER TIME", time(s, tried.getAtMs()));
    add(text, "LAST_RECOVER CODE", tried.getCode());
    add(text, "INST_RECOVER_TIME(IN DMWATCHER.INI)", source.state.getRecoverTimeIniS());
    add(text, "INST_RECOVER_TIME(IN DMWATCHER MEMORY)", source.state.getRecoverTimeS());
    text.append('\n');
    add(text, "MPP_FLAG", "FALSE");
    add(text, "ARCH TYPE", MonText.arch(arch.getType()));
    add(text, "MAL STATUS", arch.getMalUp() ? "CONNECTED" : "DISCONNECTED");
    add(text, "ARCH STATUS", arch.getValid() ? "VALID" : "INVALID");
    text.append('\n');
    addSend(text, s, arch);
    return text.append(RULE).toString();
  }

  private static String sendType(ArchTarget arch) {
    if (arch.getSend().getRecovering()) {
      return "FOR RECOVER SEND";
    }
    return arch.getType() == ArchType.ARCH_TYPE_UNSPECIFIED
        ? "NONE"
        : "FOR " + MonText.arch(arch.getType()) + " SEND";
  }

  private static void addSend(StringBuilder text, MonState s, ArchTarget arch) {
    SendInfo i = arch.getSend();
    text.append("THE LAST SEND INFO:\n");
    add(text, "SEND TYPE", sendType(arch));
    add(text, "SEND START TIME", time(s, i.getLastStartMs()));
    add(text, "SEND END TIME", time(s, i.getLastEndMs()));
    add(text, "SEND TIME USED", i.getLastUs() + " us");
    add(text, "SEND START LSN", i.getLastBeginLsn());
    add(text, "SEND END LSN", i.getLastEndLsn());
    add(text, "SEND LOG LEN", i.getLastBytes());
    add(text, "SEND PTX COUNT", i.getLastPtx());
    add(text, "SEND CODE", i.getLastCode());
    add(text, "SEND DESC INFO", MonText.clean(i.getLastWhy()));
    text.append(f("\nTHE LAST %d SEND INFO:\n", i.getRecentCount()));
    add(text, "SEND LOG LEN", i.getRecentBytes());
    add(text, "SEND TIME USED", i.getRecentUs() + " us");
    text.append("\nMAX SEND INFO:\n");
    add(text, "MAX SEND TIME USED", i.getMaxUs() + " us");
    add(text, "MAX END TIME", time(s, i.getMaxEndMs()));
    add(text, "MAX PTX COUNT", i.getMaxPtx());
    add(text, "MAX SEND LOG LEN", i.getMaxBytes());
    add(text, "MAX END LSN", i.getMaxEndLsn());
    text.append("\nTOTAL SEND INFO:\n");
    add(text, "TOTAL SEND COUNT", i.getCount());
    add(text, "TOTAL SEND LOG LEN", i.getTotalBytes());
    add(text, "TOTAL SEND PTX COUNT", i.getTotalPtx());
    add(text, "TOTAL SEND TIME USED", i.getTotalUs() + " us");
  }

  /** What this standby did with what it got. */
  static String apply(Seat seat) {
    ApplyStat a = seat.report().getApplyStat();
    StringBuilder text = new StringBuilder(RULE).append('\n');
    text.append(f("DATABASE(%s) APPLY STAT:\n\n", seat.instance()));
    text.append("THE LAST APPLY INFO:\n");
    add(text, "RECEIVED LOG LEN", a.getLastBytes());
    add(text, "RESPONSE TIME USED", a.getLastResponseUs() + " us");
    add(text, "WAIT TIME USED", a.getLastWaitUs() + " us");
    add(text, "APPLY LOG LEN", a.getLastApplyBytes());
    add(text, "APPLY TIME USED", a.getLastApplyUs() + " us");
    text.append(f("\nTHE LAST %d APPLY INFO:\n", a.getRecentCount()));
    add(text, "APPLY LOG LEN", a.getRecentBytes());
    add(text, "APPLY TIME USED", a.getRecentApplyUs() + " us");
    text.append("\nMAX APPLY INFO:\n");
    add(text, "MAX RESPONSE TIME", a.getMaxResponseUs() + " us");
    add(text, "MAX WAIT TIME", a.getMaxWaitUs() + " us");
    add(text, "MAX APPLY TIME", a.getMaxApplyUs() + " us");
    text.append("\nTOTAL APPLY INFO:\n");
    add(text, "TOTAL RECEIVED NUM", a.getReceived());
    add(text, "TOTAL RECEIVED LOG LEN", a.getTotalBytes());
    add(text, "TOTAL RESPONSE TIME", a.getTotalResponseUs() + " us");
    add(text, "TOTAL WAIT TIME", a.getTotalWaitUs() + " us");
    add(text, "TOTAL APPLY TIME", a.getTotalApplyUs() + " us");
    return text.append(RULE).toString();
  }
}
