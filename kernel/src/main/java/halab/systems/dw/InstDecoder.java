package halab.systems.dw;

import com.google.protobuf.Message;
import halab.dw.proto.DwBeat;
import halab.dw.proto.DwHello;
import halab.dw.proto.DwOrder;
import halab.dw.proto.MalAck;
import halab.dw.proto.MalHello;
import halab.dw.proto.MalRedo;
import halab.dw.proto.OrderKind;
import halab.kernel.Endpoint;
import halab.kernel.Event;

/** Makes of an event what the rows of dmserver speak of. */
final class InstDecoder {
  private static final Object OTHER = new InstTrigger.Other();

  private InstDecoder() {}

  static Object decode(InstState s, Event event) {
    if (event instanceof Event.Received received) {
      return message(s, received.from(), received.message());
    } else if (event instanceof Event.LinkUp up) {
      String instance = s.instanceAt(up.peer());
      return instance == null ? OTHER : new InstTrigger.MalUp(instance);
    } else if (event instanceof Event.LinkDown down) {
      String instance = s.instanceAt(down.peer());
      if (instance != null) {
        return new InstTrigger.MalDown(instance, down.reason());
      }
      return down.peer().equals(s.watcherAt()) ? new InstTrigger.WatcherDown() : OTHER;
    } else if (event instanceof Event.Statement statement) {
      InstTrigger.Asker asker = new InstTrigger.Asker(false, statement.requestId());
      return new InstTrigger.Sql(asker, InstSql.of(statement.words()));
    } else if (event instanceof Event.StopRequested) {
      return new InstTrigger.Stop(InstTrigger.Asker.NOBODY);
    }
    return disk(s, event);
  }

  private static Object disk(InstState s, Event event) {
    if (event instanceof Event.RedoRead read) {
      boolean online = read.disk().equals(s.onlinePath());
      return online ? new InstTrigger.OwnRedo(read) : new InstTrigger.ArchiveRead(read);
    } else if (event instanceof Event.RedoWritten written) {
      boolean online = written.disk().equals(s.onlinePath());
      return online
          ? new InstTrigger.OnlineWritten(written.request())
          : new InstTrigger.ArchiveWritten(written.request());
    } else if (event instanceof Event.DiskFailed failed) {
      boolean online = failed.disk().equals(s.onlinePath());
      return online
          ? new InstTrigger.OnlineFailed(failed.request(), failed.reason())
          : new InstTrigger.ArchiveFailed(failed.request(), failed.reason());
    } else if (event instanceof Event.RedoDamaged damaged) {
      return new InstTrigger.Damaged(damaged.reason());
    }
    return InstTrigger.ALL.contains(event.getClass()) ? event : OTHER;
  }

  private static Object message(InstState s, Endpoint from, Message message) {
    String instance = s.instanceAt(from);
    if (instance != null) {
      if (message instanceof MalRedo redo && redo.getPtxCount() > 0) {
        return new InstTrigger.Redo(instance, redo);
      } else if (message instanceof MalAck ack) {
        return new InstTrigger.Ack(instance, ack);
      } else if (message instanceof MalHello hello) {
        return new InstTrigger.Told(instance, hello);
      }
    } else if (from.equals(s.watcherAt())) {
      return ofWatcher(message);
    }
    return OTHER;
  }

  private static Object ofWatcher(Message message) {
    if (message instanceof DwHello hello) {
      return new InstTrigger.WatcherCame(hello);
    } else if (message instanceof DwBeat beat) {
      return new InstTrigger.Beat(beat);
    } else if (message instanceof DwOrder order) {
      InstTrigger.Asker asker = new InstTrigger.Asker(true, order.getNumber());
      if (order.getKind() == OrderKind.ORDER_SQL) {
        return new InstTrigger.Sql(asker, InstSql.of(order.getText()));
      } else if (order.getKind() == OrderKind.ORDER_SHUTDOWN) {
        return new InstTrigger.Stop(asker);
      }
      return new InstTrigger.Order(order);
    }
    return OTHER;
  }
}
