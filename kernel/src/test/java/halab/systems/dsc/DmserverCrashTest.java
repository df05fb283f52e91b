package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.MalFreeze;
import halab.dsc.proto.MalFrozen;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalThaw;
import halab.dsc.proto.MalThawed;
import halab.dsc.proto.MalWhere;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Event;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** dmserver while the crash of another EP is handled, leading or led (reference 3.6, 3.7, 4.2). */
@RowsOf("dmserver")
class DmserverCrashTest {
  private static EpBench open() {
    return EpBench.in("dmserver", EpPhase.OPEN).record(2, true, 9);
  }

  /** EP 0 leads, EP 2 is broken, EP 1 survives. */
  private static EpBench step1() {
    return open().ordered(Cmd.CMD_EP_CRASH_STEP1, 41, EpBench::victim);
  }

  private static EpBench step2() {
    EpBench bench = step1().diskAnswersAll().from(1, frozen(41));
    return bench.ordered(Cmd.CMD_EP_CRASH_STEP2, 44, EpBench::victim);
  }

  private static MalFrozen frozen(long seq) {
    return MalFrozen.newBuilder().setCmdSeq(seq).build();
  }

  private static MalThawed thawed(long seq) {
    return MalThawed.newBuilder().setCmdSeq(seq).build();
  }

  private static MalFreeze freeze(long seq) {
    return MalFreeze.newBuilder().setCmdSeq(seq).addBroken(2).build();
  }

  private static MalThaw thaw(long seq) {
    return MalThaw.newBuilder().setCmdSeq(seq).setEpoch(seq).setControl(1).addMember(1).build();
  }

  private static MalPosition position(long seq) {
    return MalPosition.newBuilder().setCmdSeq(seq).build();
  }

  @Test
  void phaseOneFencesTheDeadLifeAndFreezesTheSurvivors() {
    EpBench bench = step1();
    bench.fires(300);
    bench.comesTo(EpPhase.CRASH_RECV);
    assertThat(Told.of(Effect.Fence.class, bench.effects))
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.disk()).isEqualTo(EpBench.DATA);
              assertThat(f.victim()).isEqualTo(bench.peer(2));
              assertThat(f.incarnation()).isEqualTo(9);
            });
    assertThat(bench.sentTo(MalFreeze.class)).containsExactly(bench.peer(1));
  }

  @Test
  void phaseOneIsDoneWhenTheFenceStandsAndAllAreFrozen() {
    EpBench bench = step1().from(1, frozen(41));
    bench.fires(460);
    bench.diskAnswers().fires(430);
    bench.answers(41, 0).comesTo(EpPhase.CRASH_RECV);
  }

  @Test
  void theLastSurvivorToStandStillEndsPhaseOneToo() {
    EpBench bench = step1().diskAnswers();
    bench.fires(450);
    bench.from(1, frozen(41)).fires(440);
    bench.answers(41, 0);
  }

  @Test
  void anAnswerToAnotherFreezeDoesNotCount() {
    EpBench bench = step1().diskAnswers().from(1, frozen(40));
    bench.fires(460);
    assertThat(bench.state.job).isNotNull();
  }

  @Test
  void aloneItHasNobodyToFreeze() {
    EpBench bench =
        open()
            .ordered(Cmd.CMD_EP_CRASH_STEP1, 41, c -> EpBench.victim(c).clearMember().addMember(0));
    bench.diskAnswers().fires(430);
    assertThat(bench.sentTo(MalFreeze.class)).isEmpty();
  }

  @Test
  void phasesTwoAndThreeCloseTheDeadRecordThenThawTheSurvivors() {
    EpBench bench = step2();
    bench.fires(310);
    assertThat(bench.sentTo(MalWhere.class)).containsExactly(bench.peer(1));
    bench.from(1, position(44)).fires(450);
    bench.diskAnswers().fires(450);
    assertThat(Told.writes(EpRecord.class, bench.effects))
        .extracting(w -> ((EpRecord) w.payload()).getSeqno())
        .containsExactly(2);
    bench.diskAnswersAll();
    assertThat(bench.sentTo(MalThaw.class)).containsExactly(bench.peer(1));
    bench.from(1, thawed(44)).fires(415);
    bench.comesTo(EpPhase.OPEN).answers(44, 0).shows(EpPhase.OPEN, VtdStatus.VTD_WORKING);
  }

  @Test
  void withoutSurvivorsTheClosedRecordIsTheEnd() {
    EpBench bench =
        step2()
            .ordered(Cmd.CMD_EP_CRASH_STEP2, 47, c -> EpBench.victim(c).clearMember().addMember(0));
    bench.diskAnswersAll().fires(410);
    bench.comesTo(EpPhase.OPEN).answers(47, 0);
  }

  @Test
  void theThawOfOneSurvivorIsNotThatOfAll() {
    EpBench bench =
        step2().ordered(Cmd.CMD_EP_CRASH_STEP2, 47, c -> EpBench.victim(c).addMember(3));
    bench.from(1, position(47)).diskAnswersAll().from(1, thawed(44)).fires(470);
    bench.comesTo(EpPhase.CRASH_RECV);
  }

  /** Dialects B and C: EP 0 leads, EP 2 is broken, EP 1 survives. */
  private static EpBench crash() {
    return open().ordered(Cmd.CMD_EP_CRASH, 41, EpBench::victim);
  }

  @Test
  void oneEpCrashTakesAllThreePhases() {
    EpBench bench = crash();
    bench.fires(315);
    bench.comesTo(EpPhase.CRASH_RECV);
    assertThat(bench.sentTo(MalFreeze.class)).containsExactly(bench.peer(1));
    bench.diskAnswersAll().from(1, frozen(41)).fires(460);
    assertThat(bench.sentTo(MalWhere.class)).containsExactly(bench.peer(1));
    bench.from(1, position(41)).diskAnswersAll();
    assertThat(bench.sentTo(MalThaw.class)).containsExactly(bench.peer(1));
    bench.from(1, thawed(41)).fires(415);
    bench.comesTo(EpPhase.OPEN).answers(41, 0);
  }

  @Test
  void oneEpCrashWithoutSurvivorsEndsWithTheRecord() {
    EpBench bench =
        open().ordered(Cmd.CMD_EP_CRASH, 41, c -> EpBench.victim(c).clearMember().addMember(0));
    bench.diskAnswersAll().fires(410);
    bench.comesTo(EpPhase.OPEN).answers(41, 0);
  }

  @Test
  void anAnswerToTheFreezeIsNoneToTheThaw() {
    EpBench bench = crash().diskAnswersAll().from(1, frozen(41)).from(1, position(41));
    bench.diskAnswersAll().from(1, frozen(41)).fires(460);
    bench.comesTo(EpPhase.CRASH_RECV);
    EpBench early = crash().from(1, thawed(41));
    early.fires(470);
    assertThat(early.state.job.stage()).isZero();
  }

  @Test
  void freezeAndThawOfOneEpCrashCarryItsNumber() {
    EpBench bench = open().from(1, freeze(41)).from(1, thaw(41));
    bench.fires(530);
    bench.comesTo(EpPhase.OPEN);
    bench.from(1, freeze(41)).fires(500);
    bench.comesTo(EpPhase.OPEN);
  }

  @Test
  void cmdClearIsAnsweredAtOnce() {
    EpBench bench = open().ordered(Cmd.CMD_CMD_CLEAR, 44);
    bench.fires(317);
    bench.comesTo(EpPhase.OPEN).answers(44, 0);
  }

  @Test
  void crashRollbackMakesItAsIfNothingHadBegun() {
    EpBench bench = step1().ordered(Cmd.CMD_CRASH_ROLLBACK, 46);
    bench.fires(320);
    bench.comesTo(EpPhase.OPEN).answers(46, 0);
    assertThat(bench.state.job).isNull();
  }

  @Test
  void aSurvivorStandsStillWhenToldAndSaysSo() {
    EpBench bench = open().from(1, freeze(41));
    bench.fires(510);
    bench.comesTo(EpPhase.CRASH_RECV);
    assertThat(bench.sentTo(MalFrozen.class)).containsExactly(bench.peer(1));
    bench.area().shows(EpPhase.CRASH_RECV, VtdStatus.VTD_WORKING);
  }

  @Test
  void aRepeatedFreezeIsAnsweredAgain() {
    EpBench bench = open().from(1, freeze(41)).from(1, freeze(41));
    bench.fires(520);
    assertThat(bench.sentTo(MalFrozen.class)).containsExactly(bench.peer(1));
  }

  @Test
  void aSurvivorGoesOnWhenToldAndSaysSo() {
    EpBench bench = open().from(1, freeze(41)).from(1, thaw(44));
    bench.fires(530);
    bench.comesTo(EpPhase.OPEN);
    assertThat(bench.sentTo(MalThawed.class)).containsExactly(bench.peer(1));
    bench.from(1, thaw(44)).fires(540);
    assertThat(bench.sentTo(MalThawed.class)).containsExactly(bench.peer(1));
  }

  @Test
  void anOldFreezeThatComesLateFreezesNobody() {
    EpBench bench = open().from(1, freeze(41)).from(1, thaw(44)).from(1, freeze(41));
    bench.fires(500);
    bench.comesTo(EpPhase.OPEN);
  }

  @Test
  void aFreezeFromBeforeACommandThatIsDoneFreezesNobody() {
    EpBench bench = open().ordered(Cmd.CMD_CONFIG_VIP, 52).from(1, freeze(41));
    bench.fires(500);
    bench.comesTo(EpPhase.OPEN);
    assertThat(bench.sentTo(MalFrozen.class)).isEmpty();
  }

  @Test
  void aThawOfAnEarlierHandlingThawsNoControlEp() {
    EpBench bench = step1().from(1, thaw(38));
    bench.fires(932);
    bench.diskAnswersAll().from(1, frozen(41)).from(1, thaw(38)).fires(932);
    bench.comesTo(EpPhase.CRASH_RECV);
    bench.ordered(Cmd.CMD_EP_CRASH_STEP2, 44, EpBench::victim).fires(310);
  }

  @Test
  void anotherControlEpMayTakeTheHandlingOver() {
    EpBench bench = open().from(1, freeze(41));
    bench.ordered(Cmd.CMD_EP_CRASH_STEP1, 49, EpBench::victim).fires(300);
    bench.comesTo(EpPhase.CRASH_RECV);
  }

  // ---- DSC_CRASH_RECV_POLICY = 1, and survivors that cannot go on -------------------------------

  private static boolean serves(EpBench bench) {
    return Dmserver.ROLE.data().serving().apply(bench.state).mode()
        == halab.systems.Serving.Mode.OPEN;
  }

  @Test
  void byTheNewPolicyUsersGoOnAfterPhaseOne() {
    EpBench bench = open().change(s -> s.crashRecvPolicy = 1);
    bench.ordered(Cmd.CMD_EP_CRASH_STEP1, 41, EpBench::victim).diskAnswersAll();
    assertThat(serves(bench)).isFalse();
    bench.from(1, frozen(41)).fires(435);
    bench.comesTo(EpPhase.CRASH_RECV).answers(41, 0);
    assertThat(serves(bench)).isTrue();
    EpBench last = open().change(s -> s.crashRecvPolicy = 1);
    last.ordered(Cmd.CMD_EP_CRASH_STEP1, 41, EpBench::victim).from(1, frozen(41));
    last.diskAnswersAll().fires(425);
    assertThat(serves(last)).isTrue();
  }

  @Test
  void byDefaultTheyWaitUntilPhaseThreeIsOver() {
    EpBench bench = step1().diskAnswersAll().from(1, frozen(41));
    assertThat(serves(bench)).isFalse();
  }

  @Test
  void theLedOnesGoOnWhenPhaseTwoBegins() {
    EpBench bench = EpBench.member(EpPhase.OPEN).change(s -> s.crashRecvPolicy = 1);
    bench.from(1, freeze(41));
    assertThat(serves(bench)).isFalse();
    bench.from(1, MalWhere.newBuilder().setCmdSeq(44).build()).fires(779);
    assertThat(bench.sentTo(MalPosition.class)).containsExactly(bench.peer(1));
    assertThat(serves(bench)).isTrue();
    bench.from(1, freeze(45));
    assertThat(serves(bench)).as("another crash").isFalse();
  }

  @Test
  void aSurvivorThatIsNotOpenCannotGoOnAndHaltsItself() {
    for (EpPhase phase : SurvivorRows.NOT_OPEN) {
      EpBench bench = EpBench.in("dmserver", phase);
      bench.ordered(Cmd.CMD_EP_CRASH_STEP1, 41, EpBench::victim).fires(305);
      bench.comesTo(EpPhase.HALTING).shows(phase, VtdStatus.VTD_SYSHALT);
      EpBench led = EpBench.in("dmserver", phase).from(1, freeze(41));
      led.fires(505);
      led.comesTo(EpPhase.HALTING);
    }
  }

  @Test
  void anOldFreezeHarmsNobodyThatRejoins() {
    EpBench bench = EpBench.in("dmserver", EpPhase.OPENED);
    bench.change(s -> s.seat = s.seat.answered(60, 0)).from(1, freeze(41)).fires(930);
  }

  @Test
  void aStopThatComesWhileACrashIsHandledIsAHalt() {
    EpBench bench = EpBench.member(EpPhase.CRASH_RECV).event(new Event.StopRequested());
    bench.fires(345);
    bench.comesTo(EpPhase.HALTING).shows(EpPhase.CRASH_RECV, VtdStatus.VTD_SYSHALT);
    bench.says("sigterm_handler receive sigal 15", "[for dem]SYSTEM SHUTDOWN ABORT.");
  }

  private static EpBench fails(EpBench bench) {
    long request = bench.state.job.requests().get(0);
    return bench.event(new Event.DiskFailed(request, EpBench.DATA, "no path"));
  }

  private static EpBench asksAgain(EpBench bench) {
    bench.state = EpStages.ask(bench.state, bench.now(), new ArrayList<>());
    return bench;
  }

  @Test
  void aDataDiskThatFailsTheCommandThreeTimesInARowEndsIt() {
    EpBench bench = fails(step1()).fires(486);
    fails(bench).fires(486); // two answers of one round
    fails(asksAgain(bench)).fires(486);
    fails(asksAgain(bench)).fires(484);
    bench.comesTo(EpPhase.HALTING);
    assertThat(Told.says(bench.effects)).startsWith("/dev/raw/data0 fails (3 times): no path");
  }

  @Test
  void oneAnswerInBetweenAndItCountsAnew() {
    EpBench bench = asksAgain(fails(asksAgain(fails(step1()))));
    assertThat(bench.state.failedRounds).isEqualTo(2);
    long request = bench.state.job.requests().get(0);
    bench.event(new Event.Fenced(request, EpBench.DATA, bench.peer(2), 9));
    assertThat(bench.state.failedRounds).isZero();
  }
}
