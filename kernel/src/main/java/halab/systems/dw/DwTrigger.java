package halab.systems.dw;

import halab.dw.proto.DwState;
import halab.dw.proto.InstReport;
import halab.dw.proto.MonHello;
import halab.dw.proto.MonOp;
import halab.dw.proto.MonOrder;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import java.util.List;

/** What the rows of dmwatcher are written against, decoded from plain events. */
final class DwTrigger {
  static final List<Class<?>> ALL =
      List.of(
          Event.Started.class,
          Event.Tick.class,
          InstUp.class,
          InstDown.class,
          Report.class,
          Refused.class,
          Found.class,
          Ended.class,
          Event.Launched.class,
          PeerUp.class,
          PeerDown.class,
          Heard.class,
          Done.class,
          Event.FileSaved.class,
          Hello.class,
          MonDown.class,
          Asked.class,
          Event.Command.class,
          Event.StopRequested.class,
          Other.class);

  private DwTrigger() {}

  /** The link to the instance stands. */
  record InstUp() {}

  /** The link to the instance is broken, or cannot be made. */
  record InstDown(String reason) {}

  /** The instance says how it is. */
  record Report(InstReport message) {
    @Override
    public String toString() {
      return "Report[" + message.getMode() + " " + message.getStatus() + "]";
    }
  }

  /** The instance does not let this watcher in. */
  record Refused(String why) {}

  /** Whether the process of the instance is there. */
  record Found(boolean runs) {}

  /** The process of the instance was ended. */
  record Ended(String failure) {}

  /** The link to another watcher stands. */
  record PeerUp(String instance) {}

  /** The link to another watcher is broken. */
  record PeerDown(String instance) {}

  /** Another watcher says how it is. */
  record Heard(String instance, DwState message) {
    @Override
    public String toString() {
      return "Heard[" + instance + " " + message.getStatus() + "]";
    }
  }

  /** The instance has carried out the order that the present job waits for. */
  record Done(int code, String text) {}

  /** A monitor presents itself. */
  record Hello(Endpoint from, MonHello message) {
    @Override
    public String toString() {
      return "Hello[" + from + (message.getConfirm() ? ", confirm]" : "]");
    }
  }

  /** The link to a monitor is broken. */
  record MonDown(Endpoint from) {}

  /**
   * A monitor wants something.
   *
   * @param put it was put off and its time has come
   */
  record Asked(Endpoint from, MonOrder message, boolean put) {
    MonOp op() {
      return message.getOp();
    }

    Asked again() {
      return new Asked(from, message, true);
    }

    @Override
    public String toString() {
      String what =
          switch (op()) {
            case MON_SWITCH_STATUS -> " " + message.getStatus();
            case MON_LOGIN -> "";
            default -> message.getText().isEmpty() ? "" : " " + message.getText();
          };
      return "Asked[" + op() + what + " from " + from + "]";
    }
  }

  /** Nobody's business here, or an answer that nobody waits for. */
  record Other() {}
}
