package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.dsc.proto.MalAsk;
import halab.dsc.proto.MalGranted;
import halab.dsc.proto.MalPackage;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalShown;
import halab.dsc.proto.MalWhere;
import halab.kernel.Event;
import halab.kernel.Wire;

/** Turns events about commits into what the rows are written against. */
final class CommitTriggers {
  private CommitTriggers() {}

  /** Null: the event is not about commits. */
  static Object decode(EpState s, Event event) {
    if (event instanceof Event.CommitAsked asked) {
      return new EpTrigger.Commit(asked.tx(), asked.pkg());
    }
    if (event instanceof Event.Applied applied) {
      return new EpTrigger.AppliedUpTo(applied.lsn());
    }
    if (event instanceof Event.RedoWritten written) {
      return writing(s, written.request()) ? new EpTrigger.RedoDone() : new EpTrigger.Late();
    }
    if (event instanceof Event.DiskFailed failed && writing(s, failed.request())) {
      return new EpTrigger.RedoFailed(failed.reason());
    }
    if (event instanceof Event.DiskFailed failed && imaging(s, failed.request())) {
      return new EpTrigger.ImageFailed(failed.reason());
    }
    if (event instanceof Event.BlockWritten written && recording(s, written.request())) {
      return new EpTrigger.RecordWritten();
    }
    if (event instanceof Event.DiskFailed failed && recording(s, failed.request())) {
      return new EpTrigger.RecordFailed(failed.reason());
    }
    if (event instanceof Event.RedoFull full) {
      return new EpTrigger.RedoFull(full.neededLsn());
    }
    if (event instanceof Event.Checkpointed done) {
      return done.request() == s.commits.checkpointRequest
          ? new EpTrigger.CheckpointDone(done.lsn())
          : new EpTrigger.Late();
    }
    if (event instanceof Event.ImageSaved saved) {
      return imaging(s, saved.request())
          ? new EpTrigger.ImageDone(saved.lsn())
          : new EpTrigger.Late();
    }
    return decodeStart(s, event);
  }

  private static Object decodeStart(EpState s, Event event) {
    if (event instanceof Event.ImageLoaded loaded) {
      return s.progress(loaded.request(), event);
    }
    if (event instanceof Event.EngineOpened opened) {
      return s.progress(opened.request(), event);
    }
    if (event instanceof Event.RedoRead read) {
      return Settlement.lacks(s, read)
          ? new EpTrigger.RedoDamaged(Settlement.lacking(s, read))
          : s.progress(read.request(), event);
    }
    if (event instanceof Event.RedoDamaged damaged) {
      boolean wanted = s.job != null && s.job.answeredBy(damaged.request());
      return wanted ? new EpTrigger.RedoDamaged(damaged.reason()) : new EpTrigger.Late();
    }
    return event instanceof Event.Received received ? decodeMessage(s, received) : null;
  }

  private static boolean writing(EpState s, long request) {
    return s.commits.writing != null && s.commits.writing.request() == request;
  }

  private static boolean imaging(EpState s, long request) {
    return s.commits.imageRequest != 0 && s.commits.imageRequest == request;
  }

  private static boolean recording(EpState s, long request) {
    return s.commits.recordRequest != 0 && s.commits.recordRequest == request;
  }

  private static Object decodeMessage(EpState s, Event.Received received) {
    Message message = received.message();
    Integer from = s.seqnoOf(received.from());
    if (message instanceof MalWhere where && from != null) {
      return new EpTrigger.Where(received.from(), where.getCmdSeq(), where.getAdjust());
    }
    if (message instanceof MalPosition position && from != null) {
      return position(s, from, position, received);
    }
    long epoch = epoch(message);
    if (epoch < 0) {
      return null;
    }
    if (from == null || epoch == 0 || epoch != s.commits.epoch) {
      return new EpTrigger.OtherEpoch(received.from(), Wire.nameOf(message));
    }
    if (message instanceof MalAsk ask) {
      return new EpTrigger.Ask(from, ask);
    }
    if (message instanceof MalGranted granted) {
      return new EpTrigger.Granted(from, granted);
    }
    return message instanceof MalPackage packages
        ? new EpTrigger.Packages(from, packages)
        : new EpTrigger.ShownBy(from, (MalShown) message);
  }

  /** Epoch of a message about commits; -1: it is about something else. */
  private static long epoch(Message message) {
    if (message instanceof MalAsk ask) {
      return ask.getEpoch();
    }
    if (message instanceof MalGranted granted) {
      return granted.getEpoch();
    }
    if (message instanceof MalPackage packages) {
      return packages.getEpoch();
    }
    return message instanceof MalShown shown ? shown.getEpoch() : -1;
  }

  private static Object position(EpState s, int from, MalPosition position, Event event) {
    boolean awaited =
        s.job != null
            && s.job.command().getCmdSeq() == position.getCmdSeq()
            && s.job.peers().contains(from)
            && EpStages.asksWhere(s.job);
    return awaited ? new EpTrigger.Progress(event) : new EpTrigger.Late();
  }
}
