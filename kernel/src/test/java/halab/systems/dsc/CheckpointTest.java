package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.MalShown;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checkpoints of dmserver: what frees redo, and the image for whoever is behind all redo. */
@RowsOf("dmserver")
class CheckpointTest {
  /** EP 0 of three, its checkpoint begun; only EPs 0 and 1 are members unless all are. */
  private static EpBench begun(Integer... members) {
    EpBench bench = EpBench.member(EpPhase.OPEN);
    bench.change(
        s ->
            s.commits =
                s.commits.with(
                    c -> {
                      c.members = List.of(members);
                      c.checkpointAtMs = bench.nowMs + 500;
                      c.record = EpRecord.newBuilder().setOpen(true).setLsn(4).build();
                    }));
    bench.area();
    bench.nowMs += 500;
    return bench.event(new Event.Tick());
  }

  private static EpBench done(Integer... members) {
    EpBench bench = begun(members);
    long request = Told.of(Effect.Checkpoint.class, bench.effects).get(0).request();
    return bench.event(new Event.Checkpointed(request, 40));
  }

  private static MalShown durable(long lsn) {
    return MalShown.newBuilder().setEpoch(7).setPosition(40).setDurableLsn(lsn).build();
  }

  private static List<Long> released(EpBench bench) {
    return Told.of(Effect.ReleaseRedo.class, bench.effects).stream()
        .map(Effect.ReleaseRedo::lsn)
        .toList();
  }

  @Test
  void theIntervalOfDmIniTellsWhen() {
    EpBench bench = begun(0, 1, 2);
    bench.fires(790);
    assertThat(bench.state.commits.checkpointAtMs).as("one at a time").isEqualTo(Long.MAX_VALUE);
    bench = done(0, 1, 2);
    assertThat(bench.state.commits.checkpointAtMs).isEqualTo(bench.nowMs + 300_000);
    assertThat(bench.state.wakeAtMs()).isLessThan(bench.nowMs + 300_000);
  }

  @Test
  void aSegmentOfRedoDoesNotWaitForTheInterval() {
    EpBench bench = done(0, 1, 2);
    EpState full = bench.state.commit(c -> c.handedBytes = DataLayout.SEGMENT_BYTES);
    Now now = new Now(bench.nowMs, bench.nowMs);
    long never = Long.MAX_VALUE;
    assertThat(CheckpointActs.sooner(bench.state, now).commits.checkpointAtMs)
        .isEqualTo(bench.nowMs + 300_000);
    assertThat(CheckpointActs.sooner(full, now).commits.checkpointAtMs).isEqualTo(bench.nowMs);
    EpState byRedoAlone = full.with(x -> x.checkpointMs = 0).commit(c -> c.checkpointAtMs = never);
    assertThat(CheckpointActs.sooner(byRedoAlone, now).commits.checkpointAtMs)
        .isEqualTo(bench.nowMs);
    EpState underWay = full.commit(c -> c.checkpointRequest = 9);
    assertThat(CheckpointActs.sooner(underWay, now)).isSameAs(underWay);
  }

  @Test
  void redoThatCameDuringACheckpointIsNotForgotten() {
    EpBench bench = begun(0, 1, 2);
    long request = Told.of(Effect.Checkpoint.class, bench.effects).get(0).request();
    bench.change(s -> s.commits = s.commits.with(c -> c.handedBytes = DataLayout.SEGMENT_BYTES));
    bench.event(new Event.Checkpointed(request, 40)).fires(792);
    assertThat(bench.state.commits.checkpointAtMs).isEqualTo(bench.nowMs);
  }

  @Test
  void whatItHoldsForGoodStandsInItsRecordAndIsTold() {
    EpBench bench = done(0, 1, 2);
    bench.fires(792);
    assertThat(Told.writes(EpRecord.class, bench.effects))
        .singleElement()
        .satisfies(
            w -> {
              assertThat(w.block()).isEqualTo(DataLayout.record(0, 5));
              assertThat(((EpRecord) w.payload()).getDurableLsn()).isEqualTo(40);
              assertThat(((EpRecord) w.payload()).getOpen()).isTrue();
            });
    assertThat(bench.sentTo(MalShown.class)).containsExactly(bench.peer(1), bench.peer(2));
    assertThat(Told.of(Effect.SaveImage.class, bench.effects)).isEmpty();
  }

  @Test
  void redoIsFreeOnceAllHoldItForGood() {
    EpBench bench = done(0, 1, 2).from(1, durable(30));
    bench.fires(760);
    assertThat(released(bench)).isEmpty();
    bench.from(2, durable(20)).fires(760);
    assertThat(released(bench)).containsExactly(20L);
    bench.from(2, durable(35)).fires(760);
    assertThat(released(bench)).containsExactly(30L);
  }

  @Test
  void forAnAbsentEpTheControlEpSavesAnImage() {
    EpBench bench = done(0, 1).from(1, durable(40));
    assertThat(released(bench)).as("EP 2 would find a hole").isEmpty();
    EpBench saving = done(0, 1);
    long request = Told.of(Effect.SaveImage.class, saving.effects).get(0).request();
    saving.from(1, durable(40)).event(new Event.ImageSaved(request, 38)).fires(794);
    assertThat(released(saving)).containsExactly(38L);
    assertThat(saving.sentTo(MalShown.class)).containsExactly(saving.peer(1));
  }

  @Test
  void anImageThatCannotBeSavedIsSaidAndTriedAgain() {
    EpBench bench = done(0, 1);
    long request = Told.of(Effect.SaveImage.class, bench.effects).get(0).request();
    assertThat(saves(checkpointed(bench))).as("one is under way").isZero();
    bench.event(new Event.DiskFailed(request, "/dev/raw/data0", "too large")).fires(796);
    bench.says("checkpoint image not saved: too large");
    assertThat(saves(checkpointed(bench))).isEqualTo(1);
    assertThat(saves(checkpointed(bench))).isZero();
    bench.nowMs += 60_000;
    assertThat(saves(checkpointed(bench))).as("nobody has heard of it").isEqualTo(1);
  }

  private static int saves(EpBench bench) {
    return Told.of(Effect.SaveImage.class, bench.effects).size();
  }

  private static EpBench checkpointed(EpBench bench) {
    long request = 1_000_000;
    bench.change(s -> s.commits = s.commits.with(c -> c.checkpointRequest = request));
    return bench.event(new Event.Checkpointed(request, 40)).fires(792);
  }

  @Test
  void whomAFullThreadWaitsForIsSaid() {
    EpBench bench = done(0, 1).from(1, durable(30));
    bench.event(new Event.RedoFull("/dev/raw/data0", 0, 35)).fires(799);
    bench.says(
        "redo thread of EP[0] is full, commits wait for LSN 35 to be held by the checkpoint of"
            + " EP[1], an image for EP[2], which is not there");
    bench.event(new Event.RedoFull("/dev/raw/data0", 0, 41)).fires(799);
    assertThat(Told.says(bench.effects).get(0)).contains("held by the checkpoint of this EP, the");
  }

  @Test
  void nothingIsReleasedWhileWorkersStandStill() {
    EpBench bench = done(0, 1, 2).change(s -> s.phase = EpPhase.SUSPEND);
    bench.from(1, durable(40)).from(2, durable(40)).fires(760);
    assertThat(released(bench)).isEmpty();
  }

  @Test
  void anEngineBehindAllRedoTakesTheImage() {
    EpBench bench = EpBench.startup("dmserver");
    bench.engineLsn = 40;
    bench.oldestLsn = 51;
    bench.ordered(Cmd.CMD_EP_START2, 41).diskAnswers();
    while (Told.of(Effect.LoadImage.class, bench.effects).isEmpty()) {
      bench.diskAnswers();
    }
    assertThat(bench.state.phase).isEqualTo(EpPhase.STARTUP);
    bench.imageLsn = 49;
    bench.diskAnswers().fires(450);
    assertThat(bench.state.phase)
        .as("an image that is too old does not do")
        .isEqualTo(EpPhase.STARTUP);
    bench.nowMs = bench.state.job.askedMs() + EpJobs.ASK_AGAIN_MS;
    bench.event(new Event.Tick()).area().event(new Event.Tick()).fires(480);
    long again = EpJobs.askAgainMs(bench.state.job);
    assertThat(again - bench.state.job.askedMs())
        .as("long work gets twice the time")
        .isEqualTo(2 * EpJobs.ASK_AGAIN_MS);
    bench.imageLsn = 50;
    bench.diskAnswers().event(new Event.Tick()).fires(405);
    assertThat(bench.state.commits.position()).isEqualTo(50);
  }

  private static EpBench recordFails(EpBench bench) {
    long request = bench.state.commits.recordRequest;
    return bench.event(new Event.DiskFailed(request, "/dev/raw/data0", "input/output error"));
  }

  private static EpBench nextCheckpoint(EpBench bench) {
    bench.nowMs = bench.state.commits.checkpointAtMs;
    bench.area().event(new Event.Tick());
    long request = Told.of(Effect.Checkpoint.class, bench.effects).get(0).request();
    return bench.event(new Event.Checkpointed(request, 40));
  }

  @Test
  void aRecordThatCannotBeWrittenIsTriedAgainSoonAndThreeTimesEndTheInstance() {
    EpBench bench = recordFails(done(0, 1, 2));
    bench.fires(798);
    assertThat(Told.says(bench.effects))
        .containsExactly("checkpoint not written: input/output error");
    assertThat(bench.state.commits.checkpointAtMs).isEqualTo(bench.nowMs + 2000);
    recordFails(nextCheckpoint(bench)).fires(798);
    recordFails(nextCheckpoint(bench)).fires(797);
    bench.comesTo(EpPhase.HALTING);
    assertThat(Told.says(bench.effects).get(0))
        .contains("checkpoint of DSC0 cannot be written to", "(3 times): input/output error");
  }

  @Test
  void aRecordThatStandsEndsTheCountOfFailures() {
    EpBench bench = nextCheckpoint(recordFails(done(0, 1, 2)));
    long request = bench.state.commits.recordRequest;
    bench.event(new Event.BlockWritten(request, "/dev/raw/data0", 16)).fires(793);
    assertThat(bench.state.commits.recordFailures).isZero();
    assertThat(bench.state.commits.recordRequest).isZero();
  }
}
