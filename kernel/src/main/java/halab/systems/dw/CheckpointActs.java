package halab.systems.dw;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import java.util.List;

/** Checkpoints: what the engine holds for good needs no redo in the online log. */
final class CheckpointActs {
  private CheckpointActs() {}

  static long nextMs(InstState s, Now now) {
    int interval = s.ini.ckptIntervalS();
    return interval == 0 ? Long.MAX_VALUE : now.monoMs() + 1000L * interval;
  }

  static boolean due(InstState s, Now now) {
    return s.way.checkpoint == 0 && s.way.checkpointAtMs <= now.monoMs();
  }

  static InstState begin(InstState s, Now now, List<Effect> out) {
    long request = s.lastRequest + 1;
    out.add(new Effect.Checkpoint(request));
    return s.with(x -> x.lastRequest = request)
        .withWay(
            w -> {
              w.checkpoint = request;
              w.checkpointAtMs = Long.MAX_VALUE;
            });
  }

  /** What is not in the archive stays in the online log. */
  static InstState done(InstState s, Event.Checkpointed t, Now now, List<Effect> out) {
    long upTo = Math.min(t.lsn(), s.way.archived);
    if (upTo > 0) {
      out.add(new Effect.ReleaseRedo(s.onlinePath(), RedoActs.THREAD, upTo));
    }
    return s.withWay(
        w -> {
          w.ckptLsn = t.lsn();
          w.checkpoint = 0;
          w.checkpointAtMs = nextMs(s, now);
        });
  }

  /** The online log is full: at once. */
  static InstState full(InstState s, Event.RedoFull t, Now now, List<Effect> out) {
    return s.way.checkpoint == 0 ? begin(s, now, out) : s;
  }
}
