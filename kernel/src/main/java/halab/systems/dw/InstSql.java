package halab.systems.dw;

import java.util.List;
import java.util.Locale;

/**
 * A statement that the instance itself answers (reference 9.2).
 *
 * @param a first number of a procedure
 * @param b second number of a procedure
 * @param text as it was typed, one blank between words
 */
record InstSql(What what, long a, long b, String text) {
  /** The procedures that there are. */
  static final List<String> PROCEDURES =
      List.of(
          "SP_SET_OGUID",
          "SP_SET_GLOBAL_DW_STATUS",
          "SP_SET_PARA_VALUE",
          "SP_APPLY_KEEP_PKG",
          "SP_CLEAR_ARCH_SEND_INFO",
          "SP_CLEAR_RAPPLY_STAT");

  enum What {
    MOUNT,
    OPEN,
    OPEN_FORCE,
    SUSPEND,
    NORMAL,
    PRIMARY,
    STANDBY,
    SET_OGUID,
    APPLY_KEEP_PKG,
    SET_GLOBAL_DW_STATUS,
    SET_ALTER_MODE_STATUS,
    CLEAR_ARCH_SEND_INFO,
    CLEAR_RAPPLY_STAT,
    /** Nothing that there is. */
    UNKNOWN
  }

  /** Reads words as a statement has them, procedures with their values behind their name. */
  static InstSql of(List<String> words) {
    String text = String.join(" ", words);
    List<String> upper = words.stream().map(w -> w.toUpperCase(Locale.ROOT)).toList();
    if (upper.size() >= 3 && upper.subList(0, 2).equals(List.of("ALTER", "DATABASE"))) {
      return new InstSql(altered(upper.subList(2, upper.size())), 0, 0, text);
    }
    return procedure(upper, text);
  }

  /** Reads a statement as watchers and monitors send it: {@code SP_NAME(1, 2)}. */
  static InstSql of(String text) {
    String[] words = text.trim().replaceAll("[(),';]", " ").trim().split("\\s+");
    return of(List.of(words)).as(text.trim());
  }

  private InstSql as(String typed) {
    return new InstSql(what, a, b, typed);
  }

  private static What altered(List<String> words) {
    return switch (String.join(" ", words)) {
      case "MOUNT" -> What.MOUNT;
      case "OPEN" -> What.OPEN;
      case "OPEN FORCE" -> What.OPEN_FORCE;
      case "SUSPEND" -> What.SUSPEND;
      case "NORMAL" -> What.NORMAL;
      case "PRIMARY" -> What.PRIMARY;
      case "STANDBY", "STANDBY FORCE" -> What.STANDBY;
      default -> What.UNKNOWN;
    };
  }

  private static InstSql procedure(List<String> words, String text) {
    String name = words.isEmpty() ? "" : words.get(0);
    int values = words.size() - 1;
    try {
      if (name.equals("SP_SET_OGUID") && values == 1) {
        return new InstSql(What.SET_OGUID, number(words, 1), 0, text);
      } else if (name.equals("SP_SET_GLOBAL_DW_STATUS") && values == 2) {
        return new InstSql(What.SET_GLOBAL_DW_STATUS, number(words, 1), number(words, 2), text);
      } else if (name.equals("SP_SET_PARA_VALUE")
          && values == 3
          && words.get(2).equals("ALTER_MODE_STATUS")) {
        return new InstSql(What.SET_ALTER_MODE_STATUS, number(words, 1), number(words, 3), text);
      } else if (name.equals("SP_APPLY_KEEP_PKG") && values == 0) {
        return new InstSql(What.APPLY_KEEP_PKG, 0, 0, text);
      } else if (name.equals("SP_CLEAR_ARCH_SEND_INFO") && values == 0) {
        return new InstSql(What.CLEAR_ARCH_SEND_INFO, 0, 0, text);
      } else if (name.equals("SP_CLEAR_RAPPLY_STAT") && values == 0) {
        return new InstSql(What.CLEAR_RAPPLY_STAT, 0, 0, text);
      }
    } catch (NumberFormatException e) {
      return new InstSql(What.UNKNOWN, 0, 0, text);
    }
    return new InstSql(What.UNKNOWN, 0, 0, text);
  }

  private static long number(List<String> words, int index) {
    return Integer.parseInt(words.get(index));
  }
}
