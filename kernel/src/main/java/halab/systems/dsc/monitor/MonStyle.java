package halab.systems.dsc.monitor;

import halab.dsc.proto.MonRelay;
import halab.systems.Dialect;
import halab.systems.dsc.Wording;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;

/**
 * One dialect of the monitor: which commands it has, how its lines begin and what its tables show.
 * All that tells the dialects apart is in the constants here (reference, head; 5.2 to 5.4). The
 * messages of commands are the same in all, since only one wording of them is known.
 *
 * @param dialect the generation
 * @param prefix how a line begins: who speaks, date and time to the second, milliseconds
 * @param indent what stands before the rows of a table
 * @param pid whether tables have a column for the process id
 * @param crashFlag whether {@code show} tells if the last crash handling is over
 * @param sta main states that have another name here than in the dialects of {@link Wording}
 * @param words how a CSS's lines are worded
 */
record MonStyle(
    Dialect dialect,
    String prefix,
    String indent,
    boolean pid,
    boolean crashFlag,
    Map<String, String> sta,
    Wording words) {
  private static final String BRACKETS = "%-19s[%s:%03d] %s";

  /** As in builds of 2023 and before. */
  private static final String BARE = "%-18s%s: %4$s";

  private static final String EIGHT = "        ";

  private static final MonStyle A =
      new MonStyle(
          Dialect.A,
          BARE,
          "\t",
          false,
          false,
          Map.of("PROCESS_CRASH", "PROCESS_EP_CRASH", "Normal Node STARTUP", "SLAVE STARTUP"),
          Wording.of(Dialect.A));

  private static final Map<String, String> STA_SINCE_B =
      Map.of("PROCESS_EP_CRASH", "PROCESS_CRASH");

  private static final MonStyle B =
      new MonStyle(Dialect.B, BRACKETS, EIGHT, false, true, STA_SINCE_B, Wording.of(Dialect.B));

  private static final MonStyle C =
      new MonStyle(Dialect.C, BRACKETS, EIGHT, true, true, STA_SINCE_B, Wording.of(Dialect.C));

  static MonStyle of(Dialect dialect) {
    return switch (dialect) {
      case A -> A;
      case B -> B;
      case C -> C;
    };
  }

  /** What the titles of a table of EPs begin with. */
  String head() {
    return "ep:" + (indent.equals(EIGHT) ? EIGHT.substring("ep:".length()) : indent);
  }

  /** A line with its prefix: who speaks, and when. */
  String line(String who, long wallMs, ZoneId zone, String text) {
    LocalDateTime at = DmcssmText.at(wallMs, zone);
    int millis = at.getNano() / 1_000_000;
    return String.format(
        Locale.ROOT, prefix, "[" + who + "]", DmcssmText.time(wallMs, zone), millis, text);
  }

  /** The main state that a CSS has told, by its name here. */
  String sta(String told) {
    return sta.getOrDefault(told, told);
  }

  /** A CSS's line in the monitor's own words; empty when this dialect has no such line. */
  String relay(MonRelay relay) {
    return switch (relay.getWhatCase()) {
      case CMD ->
          words.setCmd(
              relay.getType(),
              DmcssmText.clean(relay.getCmd().getCmd()),
              DmcssmText.clean(relay.getCmd().getEp()),
              relay.getCmd().getSeqno(),
              relay.getCmd().getCmdSeq());
      case CMD_OVER -> words.processOver(relay.getType(), DmcssmText.clean(relay.getCmdOver()));
      case CONTROL ->
          words.setControl(
              relay.getType(),
              DmcssmText.clean(relay.getControl().getEp()),
              relay.getControl().getSeqno());
      case CRASH_OVER -> words.crashOver(relay.getType(), relay.getCrashOver());
      case INFO -> DmcssmText.clean(relay.getInfo());
      case WHAT_NOT_SET -> "";
    };
  }
}
