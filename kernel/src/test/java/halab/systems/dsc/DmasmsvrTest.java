package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.AsmState;
import halab.dsc.proto.Cmd;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** dmasmsvr's own rows (reference 3.9, 3.11, 3.12, 7.4). */
@RowsOf("dmasmsvr")
class DmasmsvrTest {
  private static final Endpoint CLIENT = new Endpoint("n1", "dmserver");

  private static EpBench in(EpPhase phase) {
    return EpBench.in("dmasmsvr", phase);
  }

  private static List<Boolean> told(EpBench bench) {
    return Told.of(Effect.Send.class, bench.effects).stream()
        .filter(s -> s.to().equals(CLIENT))
        .map(s -> ((AsmState) s.message()).getOpen())
        .toList();
  }

  @Test
  void everyCommandIsSaid() {
    EpBench bench = EpBench.startup("dmasmsvr").ordered(Cmd.CMD_START_NOTIFY, 41);
    bench.fires(200);
    bench.says("check css cmd: START NOTIFY, cmd_seq: 41").answers(41, 0);
  }

  @Test
  void dcrLoadReadsTheDcr() {
    EpBench bench = in(EpPhase.SUSPEND).ordered(Cmd.CMD_DCR_LOAD, 41);
    bench.fires(210);
    bench.diskAnswers().fires(430);
    bench.answers(41, 0).comesTo(EpPhase.SUSPEND);
  }

  @Test
  void errorEpAddNeedsNothingMore() {
    in(EpPhase.SUSPEND).ordered(Cmd.CMD_ERROR_EP_ADD, 41).fires(220).answers(41, 0);
  }

  @Test
  void epStartTellsWhoIsControlNode() {
    EpBench bench = EpBench.startup("dmasmsvr");
    bench.ordered(Cmd.CMD_EP_START, 41, c -> c.setControl(1)).fires(230);
    bench.says("check css cmd: EP START, cmd_seq: 41", "ASM Control Node EPNO:1");
    bench.shows(EpPhase.STARTUP, VtdStatus.VTD_WORKING).answers(41, 0);
  }

  @Test
  void openInsideThenForTheDmserversOfItsNode() {
    EpBench bench = EpBench.startup("dmasmsvr").event(new Event.LinkUp(CLIENT, 1));
    assertThat(told(bench)).containsExactly(false);
    bench.ordered(Cmd.CMD_EP_OPEN, 41).fires(250);
    bench.comesTo(EpPhase.OPENED);
    assertThat(told(bench)).isEmpty();
    bench.ordered(Cmd.CMD_EP_REAL_OPEN, 42).fires(260);
    bench.comesTo(EpPhase.OPEN).answers(42, 0);
    bench.says("check css cmd: EP REAL OPEN, cmd_seq: 42", "the ASM server is Ready.");
    assertThat(told(bench)).containsExactly(true);
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
  void epRecvIsDoneAtOnce() {
    in(EpPhase.SUSPEND).ordered(Cmd.CMD_EP_RECV, 41, c -> c.addEp(2)).fires(290).answers(41, 0);
  }

  @Test
  void adjustMasterEpNamesTheNewControlEp() {
    EpBench bench = in(EpPhase.SUSPEND);
    bench.ordered(Cmd.CMD_ADJUST_MASTER_EP, 41, c -> c.setControl(1)).fires(292);
    bench.says("check css cmd: ADJUST_MASTER_EP, cmd_seq: 41", "ASM Control Node EPNO:1");
    bench.comesTo(EpPhase.SUSPEND).answers(41, 0);
    assertThat(bench.state.control).isEqualTo(1);
    in(EpPhase.OPENED).ordered(Cmd.CMD_ADJUST_MASTER_EP, 41).fires(292).answers(41, 0);
  }

  @Test
  void epCrashFencesTheDeadServerAtTheDataDisk() {
    EpBench bench = in(EpPhase.SUSPEND).ordered(Cmd.CMD_EP_CRASH, 41, EpBench::victim);
    bench.fires(300);
    assertThat(Told.of(Effect.Fence.class, bench.effects))
        .singleElement()
        .satisfies(f -> assertThat(f.victim()).isEqualTo(bench.peer(2)));
    bench.diskAnswers().fires(430);
    bench.answers(41, 0);
  }

  @Test
  void ofTwoDeadServersTheFirstFenceIsOneAnswerOnly() {
    EpBench bench = in(EpPhase.SUSPEND);
    bench.ordered(
        Cmd.CMD_EP_CRASH, 41, c -> EpBench.victim(c).addVictim(EpBench.victim(c).getVictim(0)));
    bench.diskAnswers().fires(450);
    bench.diskAnswersAll().fires(430);
  }

  @Test
  void epStopEndsInShutdown() {
    EpBench bench = in(EpPhase.OPEN).ordered(Cmd.CMD_EP_STOP, 41);
    bench.fires(340);
    bench.comesTo(EpPhase.HALTING).shows(EpPhase.STOPPING, VtdStatus.VTD_SHUTDOWN).answers(41, 0);
    bench.tick().halts(ExitCode.OK);
  }

  @Test
  void oneThatStopsWhileOthersLiveShowsStop() {
    EpBench bench = in(EpPhase.OPEN).event(new Event.StopRequested());
    bench.fires(350);
    bench.shows(EpPhase.STOPPING, VtdStatus.VTD_STOP);
  }

  @Test
  void theLastOneThatStopsShowsShutdown() {
    EpBench bench = in(EpPhase.OPEN).change(s -> s.members = List.of(0));
    bench.event(new Event.StopRequested()).fires(350);
    bench.shows(EpPhase.STOPPING, VtdStatus.VTD_SHUTDOWN);
  }

  @Test
  void whatADiskDoesNotAnswerIsAskedAgain() {
    EpBench bench = in(EpPhase.OPEN).ordered(Cmd.CMD_DCR_LOAD, 41).area();
    bench.nowMs = bench.state.job.askedMs() + EpJobs.ASK_AGAIN_MS;
    bench.area().event(new Event.Tick()).fires(480);
    bench.diskAnswers().fires(430);
  }

  @Test
  void aDmserverThatComesIsToldWhetherFilesCanBeUsed() {
    EpBench bench = in(EpPhase.OPEN).event(new Event.LinkUp(CLIENT, 1));
    bench.fires(600);
    assertThat(told(bench)).containsExactly(true);
    bench.event(new Event.LinkDown(CLIENT, "gone")).fires(600);
    assertThat(bench.state.clients).isEmpty();
    assertThat(told(bench)).isEmpty();
  }
}
