package halab.systems.dw;

import halab.dw.proto.DwBeat;
import halab.dw.proto.DwHello;
import halab.dw.proto.DwOrder;
import halab.dw.proto.MalAck;
import halab.dw.proto.MalHello;
import halab.dw.proto.MalRedo;
import halab.dw.proto.OrderKind;
import halab.kernel.Event;
import java.util.List;
import java.util.Locale;

/** What the rows of dmserver are written against, decoded from plain events. */
final class InstTrigger {
  static final List<Class<?>> ALL =
      List.of(
          Event.Started.class,
          Event.Tick.class,
          Event.EngineOpened.class,
          OwnRedo.class,
          ArchiveRead.class,
          OnlineWritten.class,
          ArchiveWritten.class,
          OnlineFailed.class,
          ArchiveFailed.class,
          Damaged.class,
          Event.RedoFull.class,
          Event.Applied.class,
          Event.Checkpointed.class,
          Event.FileSaved.class,
          Event.CommitAsked.class,
          Event.Command.class,
          MalUp.class,
          MalDown.class,
          WatcherDown.class,
          Redo.class,
          Ack.class,
          Told.class,
          WatcherCame.class,
          Beat.class,
          Order.class,
          Sql.class,
          Stop.class,
          Other.class);

  private InstTrigger() {}

  /** The online log was read from where the engine is. */
  record OwnRedo(Event.RedoRead read) {
    @Override
    public String toString() {
      return "OwnRedo[" + read.pkgs().size() + " up to " + read.lastLsn() + "]";
    }
  }

  /** The local archive was read. */
  record ArchiveRead(Event.RedoRead read) {
    @Override
    public String toString() {
      return "ArchiveRead[" + read.pkgs().size() + " up to " + read.lastLsn() + "]";
    }
  }

  record OnlineWritten(long request) {}

  record ArchiveWritten(long request) {}

  record OnlineFailed(long request, String reason) {}

  record ArchiveFailed(long request, String reason) {}

  /** One of the logs cannot be right. */
  record Damaged(String reason) {}

  /** A MAL link stands. */
  record MalUp(String instance) {}

  /** A MAL link is broken. */
  record MalDown(String instance, String reason) {}

  /** The link to the watcher is broken. */
  record WatcherDown() {}

  /** Redo from another instance. */
  record Redo(String from, MalRedo message) {
    long firstLsn() {
      return message.getPtx(0).getLsn();
    }

    long lastLsn() {
      return message.getPtx(message.getPtxCount() - 1).getLsn();
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "Redo[%s, LSN %d to %d%s]",
          from,
          firstLsn(),
          lastLsn(),
          message.getRecovery() ? ", history" : "");
    }
  }

  /** The answer to redo that was sent. */
  record Ack(String from, MalAck message) {
    @Override
    public String toString() {
      return "Ack[" + from + ", code " + message.getCode() + "]";
    }
  }

  /** Another instance says how it is. */
  record Told(String from, MalHello message) {
    @Override
    public String toString() {
      return "Told[" + from + "]";
    }
  }

  /** The watcher presents itself. */
  record WatcherCame(DwHello message) {
    @Override
    public String toString() {
      return "WatcherCame[" + message.getOguid() + "]";
    }
  }

  record Beat(DwBeat message) {
    @Override
    public String toString() {
      return "Beat";
    }
  }

  /** An order of the watcher that is no statement. */
  record Order(DwOrder message) {
    OrderKind kind() {
      return message.getKind();
    }

    @Override
    public String toString() {
      return "Order[" + kind() + " " + message.getDest() + "]";
    }
  }

  /** A statement, of a user or of the watcher. */
  record Sql(Asker asker, InstSql sql) {
    InstSql.What what() {
      return sql.what();
    }

    @Override
    public String toString() {
      return "Sql[" + sql.text() + (asker.watcher() ? ", watcher]" : "]");
    }
  }

  /** An orderly stop is wanted, by a service or by the watcher. */
  record Stop(Asker asker) {
    @Override
    public String toString() {
      return "Stop";
    }
  }

  /** Nobody's business here. */
  record Other() {}

  /**
   * Who waits for an answer.
   *
   * @param number of the session's request or of the watcher's order
   */
  record Asker(boolean watcher, long number) {
    /** Nobody. */
    static final Asker NOBODY = new Asker(false, -1);
  }
}
