package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.MalWhere;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** dmserver's own rows: start, rejoin, stop, files (reference 3.8, 3.9, 3.11, 3.12). */
@RowsOf("dmserver")
class DmserverTest {
  private static EpBench in(EpPhase phase) {
    return EpBench.in("dmserver", phase);
  }

  private static List<EpRecord> recordsWritten(EpBench bench) {
    return Told.writes(EpRecord.class, bench.effects).stream()
        .map(w -> (EpRecord) w.payload())
        .toList();
  }

  @Test
  void startNotifyTellsWhoBelongsToTheGroup() {
    EpBench bench = EpBench.startup("dmserver").ordered(Cmd.CMD_START_NOTIFY, 41);
    bench.fires(200);
    bench.answers(41, 0).shows(EpPhase.STARTUP, VtdStatus.VTD_STARTUP2);
    assertThat(bench.state.members).containsExactly(0, 1, 2);
    assertThat(bench.state.control).isZero();
  }

  @Test
  void dcrLoadReadsTheDcrAndAnswersBetweenTwoBeats() {
    EpBench bench = in(EpPhase.OPEN).ordered(Cmd.CMD_DCR_LOAD, 41);
    bench.fires(210);
    bench.answers(0, 0);
    long ts = bench.state.seat.ts;
    bench.diskAnswers().fires(430);
    bench.answers(41, 0);
    assertThat(bench.state.seat.ts).as("an answer is no beat").isEqualTo(ts);
    assertThat(bench.state.job).isNull();
  }

  @Test
  void errorEpAddNeedsNothingMore() {
    in(EpPhase.SUSPEND).ordered(Cmd.CMD_ERROR_EP_ADD, 41).fires(220).answers(41, 0);
  }

  @Test
  void epStartMakesItAWorkingMember() {
    EpBench bench = EpBench.startup("dmserver").ordered(Cmd.CMD_EP_START, 41);
    bench.fires(230);
    bench.shows(EpPhase.STARTUP, VtdStatus.VTD_WORKING);
    bench.diskAnswersAll().fires(430);
    bench.answers(41, 0).comesTo(EpPhase.STARTUP);
  }

  @Test
  void epStart2OpensTheRecordAndAsControlEpClosesThoseOfTheDead() {
    EpBench bench = EpBench.startup("dmserver").record(0, true, 8).record(1, false, 7);
    bench.record(2, true, 9).change(s -> s.control = 0).ordered(Cmd.CMD_EP_START2, 41);
    bench.fires(240);
    assertThat(Told.of(Effect.OpenEngine.class, bench.effects)).hasSize(1);
    bench.diskAnswers().diskAnswers().fires(450);
    assertThat(recordsWritten(bench))
        .extracting(EpRecord::getSeqno, EpRecord::getOpen, EpRecord::getIncarnation)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(2, false, 9L),
            org.assertj.core.groups.Tuple.tuple(0, true, EpBench.LIFE));
    assertThat(Told.of(Effect.Fence.class, bench.effects))
        .as("every life that may have a write in a disk's queue, its own earlier one too")
        .extracting(Effect.Fence::victim, Effect.Fence::incarnation)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(bench.peer(0), 8L),
            org.assertj.core.groups.Tuple.tuple(bench.peer(1), 7L),
            org.assertj.core.groups.Tuple.tuple(bench.peer(2), 9L));
    bench.diskAnswersAll().event(new Event.Tick()).fires(405);
    bench.comesTo(EpPhase.AFTER_REDO).answers(41, 0);
    bench.shows(EpPhase.AFTER_REDO, VtdStatus.VTD_STARTUP2);
  }

  @Test
  void aNormalEpOpensItsOwnRecordOnly() {
    EpBench bench = EpBench.startup("dmserver", 1).record(2, true, 9);
    bench.ordered(Cmd.CMD_EP_START2, 41).diskAnswers().diskAnswers().fires(450);
    assertThat(recordsWritten(bench)).extracting(EpRecord::getSeqno).containsExactly(1);
    assertThat(bench.sentTo(MalWhere.class)).containsExactly(bench.peer(0));
  }

  @Test
  void epOpenIsInsideEpRealOpenIsForUsers() {
    EpBench bench = in(EpPhase.AFTER_REDO).ordered(Cmd.CMD_EP_OPEN, 41);
    bench.fires(250);
    bench.comesTo(EpPhase.OPENED).answers(41, 0).shows(EpPhase.OPEN, VtdStatus.VTD_WORKING);
    bench.ordered(Cmd.CMD_EP_REAL_OPEN, 42).fires(260);
    bench.comesTo(EpPhase.OPEN).answers(42, 0);
  }

  @Test
  void workersStandStillAndGoOn() {
    EpBench bench = in(EpPhase.OPEN).ordered(Cmd.CMD_SUSPEND_WORKER, 41);
    bench.fires(270);
    bench.comesTo(EpPhase.SUSPEND).shows(EpPhase.SUSPEND, VtdStatus.VTD_WORKING);
    bench.ordered(Cmd.CMD_RESUME_WORKER, 42).fires(280);
    bench.comesTo(EpPhase.OPEN).answers(42, 0);
  }

  @Test
  void epRecvClosesTheRecordOfTheOneThatReturns() {
    EpBench bench = in(EpPhase.SUSPEND).record(2, true, 9);
    bench.ordered(Cmd.CMD_EP_RECV, 41, c -> c.addEp(2)).fires(290);
    bench.diskAnswers().fires(450);
    assertThat(recordsWritten(bench))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.getSeqno()).isEqualTo(2);
              assertThat(r.getOpen()).isFalse();
              assertThat(r.getClosedBy()).isZero();
              assertThat(r.getLsn()).isEqualTo(5);
            });
    bench.diskAnswersAll().fires(430);
    bench.answers(41, 0).comesTo(EpPhase.SUSPEND);
  }

  @Test
  void epRecvOfARecordThatIsClosedAlreadyIsDoneWithTheReading() {
    EpBench bench = in(EpPhase.SUSPEND).record(2, false, 9);
    bench.ordered(Cmd.CMD_EP_RECV, 41, c -> c.addEp(2)).diskAnswers().fires(430);
    bench.answers(41, 0);
  }

  @Test
  void configVipListensOnTheAddressesOfTheBroken() {
    EpBench bench = in(EpPhase.OPEN);
    bench.ordered(Cmd.CMD_CONFIG_VIP, 41, c -> c.addEp(2).setVipUp(true)).fires(330);
    assertThat(bench.state.vips).containsExactly(2);
    bench.ordered(Cmd.CMD_CONFIG_VIP, 42, c -> c.addEp(2).setVipUp(true)).fires(330);
    assertThat(bench.state.vips).containsExactly(2);
    bench.ordered(Cmd.CMD_CONFIG_VIP, 43, c -> c.addEp(2)).fires(330);
    assertThat(bench.state.vips).isEmpty();
    bench.answers(43, 0);
  }

  @Test
  void epStopClosesTheRecordAndEndsInShutdown() {
    EpBench bench = in(EpPhase.OPEN).record(0, true, EpBench.LIFE);
    bench.ordered(Cmd.CMD_EP_STOP, 41).fires(340);
    bench.comesTo(EpPhase.STOPPING).shows(EpPhase.OPEN, VtdStatus.VTD_TO_SHUTDOWN);
    bench.diskAnswers().fires(450);
    assertThat(recordsWritten(bench)).singleElement().matches(r -> !r.getOpen());
    bench.diskAnswers().fires(420);
    bench.comesTo(EpPhase.HALTING).shows(EpPhase.STOPPING, VtdStatus.VTD_SHUTDOWN).answers(41, 0);
    bench.says(
        "nsvr_shutdown->utl_stub_sys_close 100.",
        "[for dem]SYSTEM SHUTDOWN SUCCESS.",
        "DM Database Server shutdown successfully.",
        "nsvr_notify_exit wakeup main thread to exit");
    bench.tick().halts(ExitCode.OK);
  }

  @Test
  void oneThatStopsWhileOthersLiveShowsStop() {
    EpBench bench = in(EpPhase.OPEN).event(new Event.StopRequested());
    bench.fires(350);
    bench.comesTo(EpPhase.STOPPING).diskAnswersAll().fires(420);
    bench.shows(EpPhase.STOPPING, VtdStatus.VTD_STOP);
  }

  @Test
  void theLastOneThatStopsShowsShutdown() {
    EpBench bench = in(EpPhase.OPEN).change(s -> s.members = List.of(0));
    bench.event(new Event.StopRequested()).fires(350);
    bench.diskAnswersAll().fires(420);
    bench.shows(EpPhase.STOPPING, VtdStatus.VTD_SHUTDOWN);
  }

  @Test
  void aCommandThatComesWhileItStopsDoesNotHoldTheStopUp() {
    EpBench bench = in(EpPhase.OPEN).event(new Event.StopRequested());
    bench.ordered(Cmd.CMD_EP_STOP, 41).fires(805);
    bench.answers(0, 0).diskAnswersAll().fires(420);
    bench.comesTo(EpPhase.HALTING);
  }

  @Test
  void whatADiskDoesNotAnswerIsAskedAgain() {
    EpBench bench = in(EpPhase.OPEN).ordered(Cmd.CMD_DCR_LOAD, 41);
    long first = bench.state.job.requests().get(0);
    bench.nowMs = bench.state.job.askedMs() + EpJobs.ASK_AGAIN_MS;
    bench.area().event(new Event.Tick()).fires(480);
    assertThat(bench.state.job.requests().get(0)).isGreaterThan(first);
    bench.diskAnswers().fires(430);
  }

  @Test
  void afterALongPauseNothingIsAskedBeforeTheAreaIsRead() {
    EpBench bench = in(EpPhase.OPEN);
    bench.ordered(Cmd.CMD_EP_CRASH_STEP1, 41, EpBench::victim).fires(300);
    bench.nowMs += 60_000;
    bench.event(new Event.Tick()).fires(150);
    assertThat(bench.state.wakeAtMs()).isGreaterThan(bench.nowMs);
    bench.event(new Event.Tick()).fires(921);
    bench.killed(EpBench.LIFE).fires(110);
  }

  @Test
  void itLearnsWhetherFilesCanBeUsed() {
    EpBench bench = in(EpPhase.OPEN).asmSays(false);
    bench.fires(600);
    assertThat(bench.state.asmOpen).isFalse();
  }

  @Test
  void withoutItsDmasmsvrItEndsByItself() {
    EpBench bench = in(EpPhase.OPEN).event(new Event.LinkDown(in(EpPhase.OPEN).state.asm(), "x"));
    bench.fires(610);
    bench.comesTo(EpPhase.HALTING).shows(EpPhase.OPEN, VtdStatus.VTD_SYSHALT);
    bench.says(
        "[code: -11041] ASM connection broken (n1/dmasmsvr)", "[for dem]SYSTEM SHUTDOWN ABORT.");
    bench.tick().halts(ExitCode.SELF_FENCED);
  }

  @Test
  void aDmasmsvrThatComesOrNeverServedIsNoReasonToEnd() {
    EpBench bench = EpBench.startup("dmserver").change(s -> s.asmOpen = false);
    bench.event(new Event.LinkDown(bench.state.asm(), "refused")).fires(620);
    bench.event(new Event.LinkUp(bench.state.asm(), 3)).fires(620);
    bench.comesTo(EpPhase.STARTUP);
  }
}
