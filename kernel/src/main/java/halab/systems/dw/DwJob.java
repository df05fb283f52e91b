package halab.systems.dw;

import halab.dw.proto.DwOrder;
import halab.dw.proto.OrderKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Orders that the instance gets one after the other, each when the one before is carried out. One
 * runs at a time, and it ends with the life of the instance it was begun for.
 *
 * @param steps what is left; the first one is with the instance
 * @param dest of RECOVERY: the standby; else empty
 * @param asked whose order it is; null: nobody's
 * @param number of the first step, as the instance knows it
 * @param sentMs when that was sent last
 * @param beganMs when that was sent first
 * @param held RECOVERY has put the primary into SUSPEND
 * @param code of the failure that ends or shortens it; 0: none
 * @param why text of that failure
 */
record DwJob(
    Kind kind,
    List<Step> steps,
    String dest,
    DwTrigger.Asked asked,
    long number,
    long sentMs,
    long beganMs,
    boolean held,
    int code,
    String why) {
  static final String OPEN = "ALTER DATABASE OPEN FORCE";
  static final String SUSPEND = "ALTER DATABASE SUSPEND";
  static final String STANDBY = "ALTER DATABASE STANDBY";

  /** What it is done for. */
  enum Kind {
    /** A half-done command's mark is taken back. */
    UNMARK,
    /** The instance is opened at start-up. */
    OPENING,
    /** A primary becomes a standby and is opened. */
    DEMOTION,
    /** A primary that stands in SUSPEND without a cause is opened again. */
    REOPENING,
    FAILOVER,
    RECOVERY,
    STANDBY_CHECK,
    /** One order of a monitor. */
    ORDER
  }

  /** One order. */
  record Step(OrderKind kind, String text, String dest, String secret) {
    static Step sql(String text) {
      return new Step(OrderKind.ORDER_SQL, text, "", "");
    }

    static Step to(OrderKind kind, String dest) {
      return new Step(kind, "", dest, "");
    }

    DwOrder order(long number) {
      return DwOrder.newBuilder()
          .setNumber(number)
          .setKind(kind)
          .setText(text)
          .setDest(dest)
          .setSecret(secret)
          .build();
    }

    /** For logs; never a password. */
    String words() {
      String what = kind == OrderKind.ORDER_SQL ? text : kind.name().substring("ORDER_".length());
      return dest.isEmpty() ? what : what + " " + dest;
    }
  }

  static DwJob of(Kind kind, List<Step> steps) {
    return of(kind, steps, "", null);
  }

  static DwJob of(Kind kind, List<Step> steps, String dest, DwTrigger.Asked asked) {
    return new DwJob(kind, List.copyOf(steps), dest, asked, 0, 0, 0, false, 0, "");
  }

  Step head() {
    return steps.get(0);
  }

  boolean over() {
    return steps.isEmpty();
  }

  boolean failed() {
    return code != 0;
  }

  boolean heads(OrderKind kind) {
    return !over() && head().kind() == kind;
  }

  /** It has not stopped the primary, so that it may be dropped where it is. */
  boolean droppable() {
    return kind == Kind.RECOVERY && heads(OrderKind.ORDER_RECOVER);
  }

  /** With its head sent under this number. */
  DwJob sent(long as, long nowMs) {
    long began = as == number ? beganMs : nowMs;
    return new DwJob(kind, steps, dest, asked, as, nowMs, began, held, code, why);
  }

  /** What is left after this answer to its head. */
  DwJob after(int answer, String text) {
    List<Step> rest = steps.subList(1, steps.size());
    if (answer == 0) {
      boolean suspended = held || head().text().equals(SUSPEND);
      return new DwJob(kind, rest, dest, asked, 0, 0, 0, suspended, code, why);
    }
    if (kind == Kind.OPENING && heads(OrderKind.ORDER_ARCH_VALID)) {
      List<Step> other = new ArrayList<>(rest);
      other.add(0, Step.to(OrderKind.ORDER_ARCH_INVALID, head().dest()));
      return with(other, 0, "");
    }
    boolean reopen = kind == Kind.RECOVERY && held && !head().text().equals(OPEN);
    return with(reopen ? List.of(Step.sql(OPEN)) : List.of(), answer, text);
  }

  private DwJob with(List<Step> next, int failure, String text) {
    return new DwJob(kind, next, dest, asked, 0, 0, 0, held, failure, text);
  }

  /** Given up as a whole. */
  DwJob broken(int failure, String text) {
    return with(List.of(), failure, text);
  }
}
