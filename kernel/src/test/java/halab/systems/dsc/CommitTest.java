package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import halab.dsc.proto.Cmd;
import halab.dsc.proto.MalAsk;
import halab.dsc.proto.MalGranted;
import halab.dsc.proto.MalPackage;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalShown;
import halab.dsc.proto.MalWhere;
import halab.dsc.proto.TxAsk;
import halab.dsc.proto.TxGrant;
import halab.dsc.proto.TxRefusal;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.redo.proto.RlogPkg;
import halab.redo.proto.WriteKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way of a commit through dmserver: asked, granted, written, sent, shown, acknowledged. */
@RowsOf("dmserver")
class CommitTest {
  private static WriteKey key(String name, long base) {
    return WriteKey.newBuilder().setKey(ByteString.copyFromUtf8(name)).setBase(base).build();
  }

  private static Event commit(long tx, String name, long base) {
    return new Event.CommitAsked(tx, RlogPkg.newBuilder().addKey(key(name, base)).build());
  }

  private static MalAsk ask(long tx, String name, long base) {
    TxAsk one = TxAsk.newBuilder().setTx(tx).addKey(key(name, base)).build();
    return MalAsk.newBuilder().setEpoch(7).addAsk(one).build();
  }

  private static MalGranted granted(long tx, long lsn) {
    TxGrant one = TxGrant.newBuilder().setTx(tx).setLsn(lsn).build();
    return MalGranted.newBuilder().setEpoch(7).addGrant(one).build();
  }

  private static MalPackage packages(long... lsns) {
    MalPackage.Builder message = MalPackage.newBuilder().setEpoch(7);
    for (long lsn : lsns) {
      message.addPkg(RlogPkg.newBuilder().setLsn(lsn).setThread(1).setTx(lsn));
    }
    return message.build();
  }

  private static MalShown shown(long position) {
    return MalShown.newBuilder().setEpoch(7).setPosition(position).build();
  }

  /** EP 0 is a normal EP here, led by EP 1. */
  private static EpBench normal(EpPhase phase) {
    return EpBench.member(phase).change(s -> s.commits = s.commits.with(c -> c.control = 1));
  }

  private static List<Long> written(EpBench bench) {
    return Told.of(Effect.WriteRedo.class, bench.effects).stream()
        .flatMap(w -> w.pkgs().stream())
        .map(RlogPkg::getLsn)
        .toList();
  }

  private static EpBench redoDurable(EpBench bench) {
    long request = bench.state.commits.writing.request();
    return bench.event(new Event.RedoWritten(request, EpBench.DATA, 0));
  }

  private static EpBench redoFails(EpBench bench, String why) {
    long request = bench.state.commits.writing.request();
    return bench.event(new Event.DiskFailed(request, EpBench.DATA, why));
  }

  /** The control EP's own transaction 5 with LSN 41 is being written. */
  private static EpBench writing() {
    return EpBench.member(EpPhase.OPEN).event(commit(5, "a", 40));
  }

  @Test
  void aNormalEpAsksItsControlEp() {
    EpBench bench = normal(EpPhase.OPEN).event(commit(5, "a", 40));
    bench.fires(700);
    assertThat(bench.sentTo(MalAsk.class)).containsExactly(bench.peer(1));
  }

  @Test
  void theControlEpGrantsItselfAndWritesAtOnce() {
    EpBench bench = writing();
    bench.fires(700);
    assertThat(written(bench)).containsExactly(41L);
  }

  @Test
  void commitsWaitWhileWorkersStandStillAndAreAskedAfterwards() {
    EpBench bench = EpBench.member(EpPhase.SUSPEND).event(commit(5, "a", 40));
    bench.fires(701);
    assertThat(bench.effects).hasSize(1);
    bench.ordered(Cmd.CMD_RESUME_WORKER, 41).fires(280);
    assertThat(written(bench)).containsExactly(41L);
  }

  @Test
  void oneThatStopsOrStartsCommitsNothing() {
    EpBench bench = EpBench.member(EpPhase.STOPPING).event(commit(5, "a", 40));
    bench.fires(702);
    assertThat(Told.of(Effect.Refused.class, bench.effects))
        .singleElement()
        .matches(r -> r.tx() == 5 && r.sqlState().equals("57P01"));
    EpBench starting = EpBench.startup("dmserver").event(commit(5, "a", 40));
    starting.fires(703);
    assertThat(Told.of(Effect.Refused.class, starting.effects))
        .singleElement()
        .matches(r -> r.sqlState().equals("57P03"));
  }

  @Test
  void theFirstCommitterWins() {
    EpBench bench = EpBench.member(EpPhase.OPEN).from(1, ask(5, "a", 40));
    bench.fires(710);
    assertThat(lastGranted(bench)).isEqualTo(granted(5, 41));
    bench.from(2, ask(6, "a", 40)).fires(710);
    assertThat(lastGranted(bench).getRefusal(0).getTx()).isEqualTo(6);
    bench.from(2, ask(7, "b", 40)).fires(710);
    assertThat(lastGranted(bench)).isEqualTo(granted(7, 42));
  }

  @Test
  void theSameQuestionGetsTheSameGrant() {
    EpBench bench = EpBench.member(EpPhase.OPEN).from(1, ask(5, "a", 40));
    bench.from(1, ask(5, "a", 40)).fires(710);
    assertThat(lastGranted(bench)).isEqualTo(granted(5, 41));
  }

  private static MalGranted lastGranted(EpBench bench) {
    return Told.of(Effect.Send.class, bench.effects).stream()
        .filter(s -> s.message() instanceof MalGranted)
        .map(s -> (MalGranted) s.message())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whileACrashIsHandledNothingIsGranted() {
    EpBench bench = EpBench.member(EpPhase.CRASH_RECV).from(1, ask(5, "a", 40));
    bench.fires(941);
    normal(EpPhase.CRASH_RECV).from(1, granted(5, 41)).fires(941);
  }

  @Test
  void whatIsGrantedIsWrittenOneBatchAtATime() {
    EpBench bench = normal(EpPhase.OPEN).event(commit(5, "a", 40)).event(commit(6, "b", 40));
    bench.event(commit(7, "c", 40)).from(1, granted(5, 41)).fires(720);
    assertThat(written(bench)).containsExactly(41L);
    bench.from(1, granted(6, 43)).from(1, granted(7, 44)).fires(720);
    assertThat(written(bench)).isEmpty();
    redoDurable(bench).fires(730);
    assertThat(written(bench)).containsExactly(43L, 44L);
    assertThat(bench.sentTo(MalPackage.class)).containsExactly(bench.peer(1), bench.peer(2));
  }

  @Test
  void whatIsRefusedIsRolledBack() {
    EpBench bench = normal(EpPhase.OPEN).event(commit(5, "a", 40));
    TxRefusal one = TxRefusal.newBuilder().setTx(5).setWhy("concurrent update").build();
    bench.from(1, MalGranted.newBuilder().setEpoch(7).addRefusal(one).build()).fires(720);
    assertThat(Told.of(Effect.Refused.class, bench.effects))
        .containsExactly(new Effect.Refused(5, "40001", "concurrent update"));
  }

  @Test
  void aPlaceThatNobodyWantsIsFilled() {
    EpBench bench = normal(EpPhase.OPEN).from(1, granted(5, 41));
    bench.fires(720);
    assertThat(Told.of(Effect.WriteRedo.class, bench.effects).get(0).pkgs().get(0).getTx())
        .isZero();
  }

  @Test
  void committedIsWhatIsDurableAppliedAndShownByAll() {
    EpBench bench = redoDurable(writing());
    bench.fires(730);
    assertThat(Told.of(Effect.Apply.class, bench.effects))
        .singleElement()
        .matches(a -> a.lsn() == 41 && a.tx() == 5);
    bench.from(1, shown(41)).fires(760);
    bench.from(2, shown(41)).fires(760);
    assertThat(Told.of(Effect.Committed.class, bench.effects)).isEmpty();
    bench.event(new Event.Applied(41)).fires(750);
    assertThat(Told.of(Effect.Committed.class, bench.effects))
        .containsExactly(new Effect.Committed(5, 41));
    assertThat(bench.sentTo(MalShown.class)).containsExactly(bench.peer(1), bench.peer(2));
  }

  @Test
  void theLastMemberToShowItCommitsIt() {
    EpBench bench = redoDurable(writing()).event(new Event.Applied(41)).from(1, shown(41));
    bench.fires(760);
    assertThat(Told.of(Effect.Committed.class, bench.effects)).isEmpty();
    bench.from(2, shown(41)).fires(760);
    assertThat(Told.of(Effect.Committed.class, bench.effects)).hasSize(1);
  }

  @Test
  void afterALongPauseNothingIsAcknowledgedBeforeALook() {
    EpBench bench = redoDurable(writing()).event(new Event.Applied(41)).from(1, shown(41));
    bench.nowMs += bench.state.seat.diskCheckMs();
    bench.from(2, shown(41)).fires(760);
    assertThat(Told.of(Effect.Committed.class, bench.effects)).isEmpty();
    bench.area().tick().area().event(new Event.Tick()).fires(770);
    assertThat(Told.of(Effect.Committed.class, bench.effects)).hasSize(1);
  }

  @Test
  void aFencedLifeEndsAtOnce() {
    EpBench bench = redoFails(writing(), "fenced");
    bench.fires(732);
    bench.comesTo(EpPhase.HALTING).tick().halts(ExitCode.SELF_FENCED);
  }

  @Test
  void aWriteThatFailsIsTriedAgainAndTheThirdTimeEndsTheLife() {
    EpBench bench = redoFails(writing(), "input/output error");
    bench.fires(736);
    bench.area();
    bench.nowMs += CommitAgain.AGAIN_MS;
    bench.event(new Event.Tick()).area().event(new Event.Tick()).fires(770);
    assertThat(written(bench)).containsExactly(41L);
    redoFails(bench, "input/output error").fires(736);
    redoFails(bench, "input/output error").fires(734);
    bench.comesTo(EpPhase.HALTING);
    bench.says(
        "redo of DSC0 cannot be written to /dev/raw/data0 (3 times): input/output error",
        "[for dem]SYSTEM SHUTDOWN ABORT.");
  }

  @Test
  void packagesAreAppliedInOrderWithoutHoles() {
    EpBench bench = normal(EpPhase.OPEN).from(1, packages(42));
    bench.fires(740);
    assertThat(Told.of(Effect.Apply.class, bench.effects)).isEmpty();
    bench.from(1, packages(41)).fires(740);
    assertThat(Told.of(Effect.Apply.class, bench.effects))
        .extracting(Effect.Apply::lsn)
        .containsExactly(41L, 42L);
    bench.from(1, packages(41)).fires(740);
    assertThat(bench.sentTo(MalShown.class)).as("it waits for that").containsExactly(bench.peer(1));
  }

  @Test
  void whatAMemberHasNotShownIsSentAgain() {
    EpBench bench = redoDurable(writing()).event(new Event.Applied(41)).from(1, shown(41));
    bench.nowMs += CommitAgain.AGAIN_MS;
    bench.event(new Event.Tick()).area().event(new Event.Tick()).fires(770);
    assertThat(bench.sentTo(MalPackage.class)).containsExactly(bench.peer(2));
  }

  @Test
  void whoAsksIsToldAndGetsWhatItLacks() {
    EpBench bench = redoDurable(writing());
    bench.from(1, shown(40).toBuilder().setAsk(true).build()).fires(760);
    assertThat(bench.sentTo(MalShown.class)).containsExactly(bench.peer(1));
    assertThat(bench.sentTo(MalPackage.class)).containsExactly(bench.peer(1));
  }

  @Test
  void aSurvivorThatStandsStillTellsWhatItHas() {
    EpBench bench = redoDurable(writing()).change(s -> s.phase = EpPhase.CRASH_RECV);
    bench.change(s -> s.commits = s.commits.with(c -> c.frozen = true));
    bench.from(1, MalWhere.newBuilder().setCmdSeq(44).build()).fires(780);
    assertThat(position(bench).getClaimList())
        .singleElement()
        .matches(p -> p.getLsn() == 41 && p.getKeyCount() == 1);
  }

  @Test
  void theControlEpTellsWhereTheOrderEndsOnceItHasAllOfIt() {
    MalWhere where = MalWhere.newBuilder().setCmdSeq(44).build();
    EpBench bench = EpBench.member(EpPhase.SUSPEND).from(1, where);
    bench.fires(782);
    assertThat(position(bench).getPosition()).isEqualTo(40);
    writing().from(1, where).fires(941);
  }

  private static MalPosition position(EpBench bench) {
    return (MalPosition) Told.of(Effect.Send.class, bench.effects).get(0).message();
  }

  @Test
  void workersStandStillOnceNothingIsOnItsWay() {
    EpBench bench = writing().ordered(Cmd.CMD_SUSPEND_WORKER, 41);
    bench.fires(272);
    bench.comesTo(EpPhase.SUSPEND).answers(0, 0);
    bench.ordered(Cmd.CMD_SUSPEND_WORKER, 41).fires(274);
    bench.answers(0, 0);
    redoDurable(bench).event(new Event.Applied(41)).from(1, shown(41)).from(2, shown(41));
    bench.ordered(Cmd.CMD_SUSPEND_WORKER, 41).fires(800);
    bench.answers(41, 0);
  }

  @Test
  void anOrderlyStopWaitsForWhatIsOnItsWayButNotForEver() {
    EpBench bench = writing().record(0, true, EpBench.LIFE).event(new Event.StopRequested());
    bench.fires(350);
    bench.event(new Event.Tick()).area();
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects)).isEmpty();
    bench.nowMs = bench.state.job.sinceMs() + EpJobs.DRAIN_MS;
    bench.event(new Event.Tick()).area().event(new Event.Tick());
    bench.fires(475);
    bench.diskAnswersAll().fires(420);
  }

  @Test
  void anOrderlyStopEndsTheWaitingOfThoseNotAskedFor() {
    EpBench bench = EpBench.member(EpPhase.SUSPEND).event(commit(5, "a", 40));
    bench.event(new Event.StopRequested()).fires(350);
    assertThat(Told.of(Effect.Refused.class, bench.effects))
        .singleElement()
        .matches(r -> r.sqlState().equals("57P01"));
  }
}
