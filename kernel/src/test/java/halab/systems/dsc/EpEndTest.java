package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.MalAlter;
import halab.dsc.proto.MalAltered;
import halab.dsc.proto.MalFreeze;
import halab.dsc.proto.MalFrozen;
import halab.dsc.proto.MalShown;
import halab.dsc.proto.MalSync;
import halab.dsc.proto.MalThaw;
import halab.dsc.proto.MalThawed;
import halab.dsc.proto.MalWhere;
import halab.dsc.proto.MonLogin;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a life of dmasmsvr or dmserver, and what it does not need to hear (reference 3.4). */
@RowsOf({"dmasmsvr", "dmserver"})
class EpEndTest {
  private static EpBench halting(String role) {
    return EpBench.in(role, EpPhase.OPEN).killed(EpBench.LIFE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aCommandWhoseOutcomeIsThereIsAnsweredAgain(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).ordered(Cmd.CMD_EP_OPEN, 41);
    bench.fires(800);
    bench.answers(41, 0).comesTo(EpPhase.OPEN);
    bench.ordered(Cmd.CMD_START_NOTIFY, 42).fires(800);
    bench.answers(42, 0);
    bench.ordered(Cmd.CMD_RESUME_WORKER, 43).fires(800);
    bench.answers(43, 0);
    bench.ordered(Cmd.CMD_SUSPEND_WORKER, 44).ordered(Cmd.CMD_SUSPEND_WORKER, 45).fires(800);
    bench.answers(45, 0).comesTo(EpPhase.SUSPEND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aCommandThatDoesNotFitIsAnsweredWithAnErrorAndSaid(String role) {
    EpBench bench = EpBench.startup(role).ordered(Cmd.CMD_RESUME_WORKER, 41);
    bench.fires(810);
    bench.answers(41, 1).comesTo(EpPhase.STARTUP);
    bench.says("css cmd: RESUME EP WORKER THREAD, cmd_seq: 41 does not fit sys_status: STARTUP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void theStateOfDcrvDisksIsTheCssToShow(String role) {
    Event judged = new Event.DisksJudged(new TreeMap<>(Map.of("/dev/raw/dcrv1", "FAILED")));
    EpBench.in(role, EpPhase.OPEN).event(judged).fires(949);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void ordersComeTooLateForOneThatStops(String role) {
    EpBench bench = EpBench.in(role, EpPhase.STOPPING).ordered(Cmd.CMD_SUSPEND_WORKER, 41);
    bench.fires(805);
    bench.answers(0, 0).comesTo(EpPhase.STOPPING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aCommandIsCarriedOutOnce(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).ordered(Cmd.CMD_SUSPEND_WORKER, 41);
    bench.fires(270);
    bench.ordered(Cmd.CMD_SUSPEND_WORKER, 41).fires(160);
    bench.answers(41, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void itEndsWhenItsLastStatusIsOutOrCannotBeWritten(String role) {
    EpBench bench = halting(role);
    bench.event(new Event.DiskFailed(bench.state.seat.beatRequest, Paper.VOTE, "gone")).fires(900);
    bench.comesTo(EpPhase.DOWN).halts(ExitCode.KILLED_BY_PEER);
    assertThat(bench.state.wakeAtMs()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void itEndsAnywayWhenTheDiskIsSilent(String role) {
    EpBench bench = halting(role);
    assertThat(bench.state.wakeAtMs()).isEqualTo(bench.nowMs + EpRows.LAST_WORD_MS);
    bench.tick().fires(910);
    bench.comesTo(EpPhase.DOWN).halts(ExitCode.KILLED_BY_PEER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void anEarlyTickDoesNothing(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).area().event(new Event.Tick());
    bench.fires(921);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void readingsComeToNothingOnceItEnds(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).area().tick();
    bench.change(s -> s.phase = EpPhase.HALTING).killed(EpBench.LIFE).fires(924);
    bench.event(new Event.DiskFailed(bench.state.seat.areaRequest, Paper.VOTE, "x")).fires(925);
    bench.change(s -> s.seat = s.seat.with(x -> x.dcr = null));
    bench.dcrRead(Paper.dcrBlocks(EpBench.PLAN)).fires(922);
    assertThat(bench.effects).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void onlyABootingLifeTakesItsSlot(String role) {
    EpBench.in(role, EpPhase.OPEN).trigger(new EpTrigger.SlotRead(List.of())).fires(922);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aBeatThatFailedIsTriedAgainAndTooManyEndTheLife(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).area();
    bench.event(new Event.DiskFailed(bench.state.seat.beatRequest, Paper.VOTE, "full")).fires(926);
    bench.state = bench.state.withSeat(bench.state.seat.with(s -> s.unwritten = 60));
    bench.nowMs += 1000;
    bench.event(new Event.Tick()).fires(140).comesTo(EpPhase.DOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aHeartbeatCountsWhenItIsDurable(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).area();
    bench.event(new Event.BlockWritten(bench.state.seat.beatRequest, Paper.VOTE, 1)).fires(155);
    assertThat(bench.state.seat.unwritten).isZero();
    bench.event(new Event.DiskFailed(bench.state.seat.beatRequest, Paper.VOTE, "x")).fires(926);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void anAnswerToAJobIsLostOnOneThatEnds(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).ordered(Cmd.CMD_DCR_LOAD, 41);
    bench.fires(210);
    bench.change(s -> s.phase = EpPhase.HALTING).diskAnswers().fires(927);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void freezeAndThawMeanNothingToOneThatIsNotWorking(String role) {
    EpBench bench = EpBench.startup(role);
    bench.from(1, MalFreeze.newBuilder().setCmdSeq(41).build()).fires(930);
    bench.from(1, MalFrozen.newBuilder().setCmdSeq(41).build()).fires(931);
    bench.from(1, MalThaw.newBuilder().setCmdSeq(41).build()).fires(932);
    bench.from(1, MalThawed.newBuilder().setCmdSeq(41).build()).fires(933);
    assertThat(bench.effects).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aDiskThatFailsOneThatEndsIsNoMatter(String role) {
    halting(role).trigger(new EpTrigger.WorkFailed("x")).fires(945);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void oneThatEndsNeedsNoFiles(String role) {
    EpBench bench = halting(role).asmSays(true);
    bench.fires(934);
    bench.trigger(new EpTrigger.AsmLink(false)).fires(935);
    bench.comesTo(EpPhase.HALTING).says();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aLinkOfTheMalSystemMayComeAndGo(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).event(new Event.LinkDown(peer(role), "cut"));
    bench.fires(936);
    bench.event(new Event.LinkUp(peer(role), 2));
    boolean tells = role.equals("dmserver"); // what must be the same
    assertThat(bench.sentTo(MalSync.class)).hasSize(tells ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void commitsOfAnotherEpochOrBeforeItsTimeMeanNothing(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN);
    bench.from(1, MalShown.newBuilder().setEpoch(3).setPosition(9).build()).fires(941);
    bench.from(1, MalWhere.newBuilder().setCmdSeq(41).build()).fires(941);
    assertThat(bench.effects).hasSize(1);
  }

  private static Endpoint peer(String role) {
    return new Endpoint("n2", role);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void strangersAndLatecomersAreIgnored(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN);
    bench.from(1, MonLogin.getDefaultInstance()).fires(937);
    bench.event(new Event.BlockWritten(987654, EpBench.DATA, 1)).fires(938);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmserver", "dmasmsvr"})
  void exitOnItsConsoleAsksThatAllStop(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN);
    bench.event(new Event.Command(7, List.of("exit"))).fires(174);
    assertThat(Told.beats(bench.effects).get(0).getStopGroup()).isTrue();
    assertThat(bench.state.phase).as("it works on until it is ordered").isEqualTo(EpPhase.OPEN);
    assertThat(Told.of(Effect.Reply.class, bench.effects).get(0).text().contains("DB"))
        .as("ASM says that it waits")
        .isEqualTo(role.equals("dmasmsvr"));
    EpBench starting = EpBench.in(role, EpPhase.STARTUP);
    starting.event(new Event.Command(7, List.of("exit"))).fires(954);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void consoleWordsAreRefusedWithTheRemedy(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).event(new Event.Command(7, List.of("show")));
    bench.fires(950);
    assertThat(Told.of(Effect.Reply.class, bench.effects))
        .singleElement()
        .satisfies(
            reply -> {
              assertThat(reply.requestId()).isEqualTo(7);
              assertThat(reply.exitCode()).isEqualTo(ExitCode.NO);
              assertThat(reply.text()).contains("n1/" + role, "use dmcssm");
              assertThat(reply.last()).isTrue();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void oneThatIsNotAtWorkTakesNoPartInAlterDatabase(String role) {
    EpBench bench = EpBench.startup(role).from(1, MalAlter.newBuilder().setRequest(4).build());
    bench.fires(946);
    bench.from(1, MalAltered.newBuilder().setRequest(4).build()).fires(947);
    assertThat(bench.effects).hasSize(1);
    bench.event(new Event.Statement(7, List.of("alter", "database", "mount"))).fires(952);
    assertThat(Told.of(Effect.StatementDone.class, bench.effects))
        .singleElement()
        .satisfies(done -> assertThat(done.sqlState()).isEqualTo("57P03"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void oneThatEndsCannotBeStoppedAnyMore(String role) {
    halting(role).event(new Event.StopRequested()).fires(951);
  }
}
