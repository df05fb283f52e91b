package halab.systems.dw;

import com.google.protobuf.Message;
import halab.dw.proto.DwOrderDone;
import halab.dw.proto.DwRefused;
import halab.dw.proto.DwState;
import halab.dw.proto.InstReport;
import halab.dw.proto.MonHello;
import halab.dw.proto.MonOrder;
import halab.kernel.Endpoint;
import halab.kernel.Event;

/** Makes of an event what the rows of dmwatcher speak of. */
final class DwDecoder {
  private static final Object OTHER = new DwTrigger.Other();

  private DwDecoder() {}

  static Object decode(WatcherState s, Event event) {
    if (event instanceof Event.Tick) {
      return tick(s, event);
    } else if (event instanceof Event.Received received) {
      return message(s, received.from(), received.message());
    } else if (event instanceof Event.LinkUp up) {
      String peer = s.peerAt(up.peer());
      boolean own = up.peer().equals(s.instanceAt());
      return own ? new DwTrigger.InstUp() : peer != null ? new DwTrigger.PeerUp(peer) : OTHER;
    } else if (event instanceof Event.LinkDown down) {
      return down(s, down);
    } else if (event instanceof Event.ProcessFound found) {
      boolean asked = found.request() == s.inst.asked() && found.pid() == s.inst.report().getPid();
      return asked ? new DwTrigger.Found(found.runs()) : OTHER;
    } else if (event instanceof Event.RoleEnded ended) {
      boolean asked = s.starts.ending() != 0 && ended.request() == s.starts.ending();
      return asked ? new DwTrigger.Ended(ended.failure()) : OTHER;
    }
    return DwTrigger.ALL.contains(event.getClass()) ? event : OTHER;
  }

  /** What was decided in an earlier step comes first. */
  private static Object tick(WatcherState s, Event event) {
    if (s.job != null && !s.interrupt.isEmpty()) {
      return new DwTrigger.Done(s.interruptCode, s.interrupt);
    }
    return !s.tell && s.putOffDue() ? s.putOff.get(0).again() : event;
  }

  private static Object down(WatcherState s, Event.LinkDown down) {
    String peer = s.peerAt(down.peer());
    if (down.peer().equals(s.instanceAt())) {
      return new DwTrigger.InstDown(down.reason());
    } else if (peer != null) {
      return new DwTrigger.PeerDown(peer);
    }
    return s.monitors.containsKey(down.peer()) ? new DwTrigger.MonDown(down.peer()) : OTHER;
  }

  private static Object message(WatcherState s, Endpoint from, Message message) {
    if (from.equals(s.instanceAt())) {
      return ofInstance(s, message);
    }
    String peer = s.peerAt(from);
    if (peer != null) {
      return message instanceof DwState state ? new DwTrigger.Heard(peer, state) : OTHER;
    } else if (message instanceof MonHello hello) {
      return new DwTrigger.Hello(from, hello);
    }
    boolean known = s.monitors.containsKey(from);
    return known && message instanceof MonOrder order
        ? new DwTrigger.Asked(from, order, false)
        : OTHER;
  }

  private static Object ofInstance(WatcherState s, Message message) {
    if (message instanceof InstReport report) {
      return new DwTrigger.Report(report);
    } else if (message instanceof DwRefused refused) {
      return new DwTrigger.Refused(refused.getWhy());
    } else if (message instanceof DwOrderDone done
        && s.job != null
        && s.job.number() == done.getNumber()) {
      return new DwTrigger.Done(done.getCode(), done.getText());
    }
    return OTHER;
  }
}
