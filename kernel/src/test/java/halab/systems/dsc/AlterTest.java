package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.MalAlter;
import halab.dsc.proto.MalAltered;
import halab.dsc.proto.MalFreeze;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalThaw;
import halab.dsc.proto.MalThawed;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.redo.proto.RlogPkg;
import halab.systems.Serving;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ALTER DATABASE and what an EP in MOUNT or SUSPEND does (reference 3.3, 4.3, 6; drill 44). */
@RowsOf("dmserver")
class AlterTest {
  private static final long STATEMENT = 77;

  private static EpBench said(EpBench bench, String what) {
    List<String> words = new ArrayList<>(List.of("alter", "Database"));
    words.addAll(List.of(what.split(" ")));
    return bench.event(new Event.Statement(STATEMENT, words));
  }

  private static EpBench open() {
    return EpBench.member(EpPhase.OPEN);
  }

  private static EpBench mounted() {
    return said(open(), "mount");
  }

  /** As after ALTER DATABASE SUSPEND of EP 1. */
  private static EpBench suspended() {
    return open().from(1, ask(4, true));
  }

  private static EpBench alone(EpBench bench) {
    return bench.change(s -> s.members = List.of(0));
  }

  private static MalAlter ask(long request, boolean suspend) {
    return MalAlter.newBuilder().setRequest(request).setSuspend(suspend).build();
  }

  private static MalAltered told(EpBench bench, InstStatus status) {
    return MalAltered.newBuilder()
        .setRequest(bench.state.alter.request())
        .setInstStatus(status)
        .build();
  }

  private static EpBench allTell(EpBench bench, InstStatus status) {
    MalAltered told = told(bench, status);
    return bench.from(1, told).from(2, told);
  }

  private static void done(EpBench bench) {
    assertThat(Told.of(Effect.StatementDone.class, bench.effects))
        .containsExactly(new Effect.StatementDone(STATEMENT, null, "ALTER DATABASE"));
  }

  private static void refused(EpBench bench, String sqlState, String... texts) {
    assertThat(Told.of(Effect.StatementDone.class, bench.effects))
        .singleElement()
        .satisfies(
            answer -> {
              assertThat(answer.requestId()).isEqualTo(STATEMENT);
              assertThat(answer.sqlState()).isEqualTo(sqlState);
              assertThat(answer.text()).contains(texts);
            });
  }

  private static InstStatus toldStatus(EpBench bench) {
    return Told.of(Effect.Send.class, bench.effects).stream()
        .filter(s -> s.message() instanceof MalAltered)
        .map(s -> ((MalAltered) s.message()).getInstStatus())
        .findFirst()
        .orElseThrow();
  }

  private static Serving.Mode mode(EpBench bench) {
    return Dmserver.serving(bench.state).mode();
  }

  // ---- this EP alone ----------------------------------------------------------------------------

  @Test
  void mountIsShownAtOnceAndServesNobody() {
    EpBench bench = mounted();
    bench.fires(366);
    bench.comesTo(EpPhase.MOUNT).shows(EpPhase.MOUNT, VtdStatus.VTD_WORKING);
    bench.says("sys_status: OPEN -> MOUNT (ALTER DATABASE)");
    done(bench);
    assertThat(mode(bench)).isEqualTo(Serving.Mode.MOUNTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "OPEN FORCE"})
  void openServesAgainFromMountAndFromSuspend(String words) {
    EpBench bench = said(mounted(), words);
    bench.fires(368);
    bench.comesTo(EpPhase.OPEN).shows(EpPhase.OPEN, VtdStatus.VTD_WORKING);
    done(bench);
    EpBench other = said(suspended(), words);
    other.fires(368);
    other.comesTo(EpPhase.OPEN);
    assertThat(mode(other)).isEqualTo(Serving.Mode.OPEN);
  }

  @Test
  void whatIsSoAlreadyIsDone() {
    done(said(open(), "open").fires(370));
    done(said(mounted(), "mount").fires(370).comesTo(EpPhase.MOUNT));
    done(said(alone(suspended()), "suspend").fires(370).comesTo(EpPhase.SUSPENDED));
    done(said(alone(mounted()), "normal").fires(370).comesTo(EpPhase.MOUNT));
  }

  @Test
  void oneThatIsTheWholeGroupIsSuspendedAtOnce() {
    EpBench bench = said(alone(open()), "suspend");
    bench.fires(372);
    bench.comesTo(EpPhase.SUSPENDED).shows(EpPhase.SUSPENDED, VtdStatus.VTD_WORKING);
    done(bench);
  }

  @ParameterizedTest
  @ValueSource(strings = {"primary", "STANDBY"})
  void primaryAndStandbyBelongToDataWatch(String words) {
    EpBench bench = said(open(), words);
    bench.fires(360);
    refused(bench, "0A000", "Data Watch");
    refused(said(mounted(), words).fires(360), "0A000", "Data Watch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "close", "open now", "add node logfile 'x'", "halab set a = 1"})
  void otherWordsAreRefusedInOneSentence(String words) {
    EpBench bench = said(open(), words);
    bench.fires(362);
    refused(bench, "0A000", "ALTER DATABASE: write MOUNT, OPEN, OPEN FORCE, SUSPEND or NORMAL");
    bench.comesTo(EpPhase.OPEN);
  }

  @Test
  void itsOwnStatusMayNotAllowIt() {
    EpBench mounted = said(mounted(), "suspend");
    mounted.fires(378);
    refused(mounted, "55000", "no EP may be in MOUNT, and DSC0 is in MOUNT");
    refused(said(open(), "normal").fires(378), "55000", "all EPs must be", "DSC0 is in OPEN");
    refused(said(suspended(), "mount").fires(378), "55000", "DSC0 is in SUSPEND", "only ALTER");
  }

  @ParameterizedTest
  @EnumSource(names = {"STARTUP", "AFTER_REDO", "OPENED", "SUSPEND", "CRASH_RECV", "STOPPING"})
  void inTheMiddleOfSomethingElseItIsRefused(EpPhase phase) {
    EpBench bench = said(EpBench.member(phase), "mount");
    bench.fires(952);
    refused(bench, "57P03", "DSC0 is in " + DscText.inst(phase.inst()));
    bench.comesTo(phase);
  }

  // ---- all EPs ----------------------------------------------------------------------------------

  @Test
  void suspendFirstAsksThenOrdersThenFollows() {
    EpBench bench = said(open(), "suspend");
    bench.fires(374);
    assertThat(bench.sentTo(MalAlter.class)).containsExactly(bench.peer(1), bench.peer(2));
    bench.from(1, told(bench, InstStatus.INST_OPEN)).fires(384);
    bench.from(2, told(bench, InstStatus.INST_SUSPEND)).fires(386);
    assertThat(bench.sentTo(MalAlter.class)).containsExactly(bench.peer(1), bench.peer(2));
    assertThat(bench.state.alter.orders()).isTrue();
    bench.comesTo(EpPhase.OPEN);
    bench.from(2, told(bench, InstStatus.INST_SUSPEND)).fires(384);
    bench.from(1, told(bench, InstStatus.INST_SUSPEND)).fires(388);
    bench.comesTo(EpPhase.SUSPENDED).shows(EpPhase.SUSPENDED, VtdStatus.VTD_WORKING);
    done(bench);
    assertThat(bench.state.alter).isNull();
  }

  @Test
  void oneInSuspendMayHaveTheOthersFollow() {
    EpBench bench = allTell(said(suspended(), "suspend"), InstStatus.INST_OPEN);
    allTell(bench, InstStatus.INST_SUSPEND).fires(390);
    bench.comesTo(EpPhase.SUSPENDED);
    done(bench);
  }

  @Test
  void oneInMountForbidsSuspend() {
    EpBench bench = said(open(), "suspend");
    bench.from(1, told(bench, InstStatus.INST_OPEN));
    bench.from(2, told(bench, InstStatus.INST_MOUNT)).fires(392);
    refused(bench, "55000", "no EP may be in MOUNT, and these are: DSC2");
    bench.comesTo(EpPhase.OPEN);
    assertThat(bench.state.alter).isNull();
    assertThat(bench.sentTo(MalAlter.class)).isEmpty();
  }

  @Test
  void oneThatWentToMountMeanwhileIsNamedAndWhatItMeansIsSaid() {
    EpBench bench = allTell(said(open(), "suspend"), InstStatus.INST_OPEN);
    bench.from(1, told(bench, InstStatus.INST_SUSPEND));
    bench.from(2, told(bench, InstStatus.INST_MOUNT)).fires(392);
    refused(bench, "55000", "these are: DSC2", "need ALTER DATABASE OPEN");
  }

  @Test
  void oneThatWasOpenedMeanwhileIsNamed() {
    EpBench bench = allTell(said(open(), "suspend"), InstStatus.INST_OPEN);
    bench.from(1, told(bench, InstStatus.INST_SUSPEND));
    bench.from(2, told(bench, InstStatus.INST_OPEN)).fires(392);
    refused(bench, "55000", "opened meanwhile: DSC2", "need ALTER DATABASE OPEN");
  }

  @Test
  void normalNeedsAllInMount() {
    EpBench bench = said(mounted(), "normal");
    bench.fires(376);
    bench.from(1, told(bench, InstStatus.INST_MOUNT)).fires(384);
    bench.from(2, told(bench, InstStatus.INST_OPEN)).fires(392);
    refused(bench, "55000", "all EPs must be in MOUNT, and these are not: DSC2");
    allTell(said(bench, "normal"), InstStatus.INST_MOUNT).fires(390);
    done(bench);
    bench.comesTo(EpPhase.MOUNT);
  }

  @Test
  void anAnswerToAnotherQuestionCountsForNothing() {
    EpBench bench = said(open(), "suspend");
    MalAltered old = MalAltered.newBuilder().setRequest(1).build();
    bench.from(1, old).from(2, old).fires(384);
    assertThat(bench.state.alter.told()).isEmpty();
  }

  @Test
  void onlyOneAtATime() {
    EpBench bench = said(said(open(), "suspend"), "mount");
    bench.fires(364);
    refused(bench, "55006", "another ALTER DATABASE");
    bench.comesTo(EpPhase.OPEN);
  }

  @Test
  void whoHasNotAnsweredIsAskedAgainAndNamedInTheEnd() {
    EpBench bench = said(open(), "suspend");
    bench.from(1, told(bench, InstStatus.INST_OPEN)).area();
    bench.nowMs = bench.state.alter.askedMs() + AlterRows.ASK_AGAIN_MS;
    assertThat(bench.state.wakeAtMs()).isLessThanOrEqualTo(bench.nowMs);
    bench.change(s -> s.seat = s.seat.with(x -> x.nextTickMs = bench.nowMs + 500));
    bench.event(new Event.Tick()).fires(398);
    assertThat(bench.sentTo(MalAlter.class)).containsExactly(bench.peer(2));
    bench.nowMs = bench.state.alter.sinceMs() + AlterRows.WITHIN_MS;
    bench.change(s -> s.seat = s.seat.with(x -> x.nextTickMs = bench.nowMs + 500));
    bench.event(new Event.Tick()).fires(396);
    refused(bench, "57P03", "no answer from DSC2");
  }

  @Test
  void aRejoinInterruptsIt() {
    EpBench bench = said(open(), "suspend").ordered(Cmd.CMD_SUSPEND_WORKER, 41);
    bench.comesTo(EpPhase.SUSPEND);
    assertThat(bench.state.wakeAtMs()).isZero();
    bench.event(new Event.Tick()).fires(394);
    refused(bench, "57P03", "interrupted by a rejoin");
    assertThat(bench.state.alter).isNull();
  }

  @Test
  void anotherEpIsToldAndObeyed() {
    EpBench bench = open().from(1, ask(4, false));
    bench.fires(382);
    assertThat(toldStatus(bench)).isEqualTo(InstStatus.INST_OPEN);
    bench.from(1, ask(5, true)).fires(380);
    bench.comesTo(EpPhase.SUSPENDED).shows(EpPhase.SUSPENDED, VtdStatus.VTD_WORKING);
    assertThat(toldStatus(bench)).isEqualTo(InstStatus.INST_SUSPEND);
    bench.from(1, ask(5, true)).fires(382);
    assertThat(toldStatus(bench)).isEqualTo(InstStatus.INST_SUSPEND);
    said(bench, "open").fires(368);
    bench.from(1, ask(5, true)).fires(382);
    assertThat(toldStatus(bench)).isEqualTo(InstStatus.INST_OPEN);
    bench.comesTo(EpPhase.OPEN).from(1, ask(6, true)).fires(380);
    EpBench mounted = mounted().from(1, ask(5, true));
    mounted.fires(382);
    mounted.comesTo(EpPhase.MOUNT);
    assertThat(toldStatus(mounted)).isEqualTo(InstStatus.INST_MOUNT);
  }

  // ---- commits ----------------------------------------------------------------------------------

  private static Event commit(long tx) {
    return new Event.CommitAsked(tx, RlogPkg.getDefaultInstance());
  }

  @Test
  void inMountNothingIsCommitted() {
    EpBench bench = mounted().event(commit(5));
    bench.fires(704);
    assertThat(Told.of(Effect.Refused.class, bench.effects))
        .containsExactly(new Effect.Refused(5, "57P03", "the database is in MOUNT"));
  }

  @Test
  void inSuspendCommitsWaitForOpen() {
    EpBench bench = suspended().event(commit(5));
    bench.fires(701);
    assertThat(mode(bench)).isEqualTo(Serving.Mode.OPEN);
    assertThat(Told.of(Effect.WriteRedo.class, bench.effects)).isEmpty();
    assertThat(bench.state.commits.known).isEqualTo(40);
    said(bench, "open").fires(368);
    assertThat(Told.of(Effect.WriteRedo.class, bench.effects)).hasSize(1);
    assertThat(bench.state.commits.known).isEqualTo(41);
  }

  // ---- a rejoin ---------------------------------------------------------------------------------

  @Test
  void afterARejoinItIsBackInMount() {
    EpBench bench = mounted().ordered(Cmd.CMD_SUSPEND_WORKER, 41);
    bench.fires(270);
    bench.comesTo(EpPhase.SUSPEND).ordered(Cmd.CMD_RESUME_WORKER, 42).fires(276);
    bench.comesTo(EpPhase.MOUNT).shows(EpPhase.MOUNT, VtdStatus.VTD_WORKING).answers(42, 0);
    bench.ordered(Cmd.CMD_RESUME_WORKER, 43).fires(800);
    bench.comesTo(EpPhase.MOUNT);
  }

  @Test
  void afterARejoinItIsBackInSuspendAndCommitsStillWait() {
    EpBench bench = suspended().event(commit(5)).ordered(Cmd.CMD_SUSPEND_WORKER, 41);
    bench.comesTo(EpPhase.SUSPEND).ordered(Cmd.CMD_RESUME_WORKER, 42).fires(278);
    bench.comesTo(EpPhase.SUSPENDED).answers(42, 0);
    assertThat(Told.of(Effect.WriteRedo.class, bench.effects)).isEmpty();
  }

  // ---- a crash ----------------------------------------------------------------------------------

  @Test
  void inMountItCannotLeadNorBeLedThroughACrash() {
    EpBench leads = mounted().ordered(Cmd.CMD_EP_CRASH_STEP1, 41, EpBench::victim);
    leads.fires(305);
    leads.comesTo(EpPhase.HALTING).shows(EpPhase.MOUNT, VtdStatus.VTD_SYSHALT);
    leads.says(
        "crash handling cannot go on with this EP in MOUNT", "[for dem]SYSTEM SHUTDOWN ABORT.");
    EpBench led = mounted().from(1, MalFreeze.newBuilder().setCmdSeq(41).build());
    led.fires(505);
    led.comesTo(EpPhase.HALTING);
  }

  @Test
  void norWhenARejoinHasInterruptedItsMount() {
    EpBench bench = mounted().ordered(Cmd.CMD_SUSPEND_WORKER, 41);
    bench.ordered(Cmd.CMD_EP_CRASH_STEP1, 42, EpBench::victim).fires(305);
    bench.comesTo(EpPhase.HALTING);
    EpBench led = mounted().ordered(Cmd.CMD_SUSPEND_WORKER, 41);
    led.from(1, MalFreeze.newBuilder().setCmdSeq(43).build()).fires(505);
    EpBench b = mounted().ordered(Cmd.CMD_SUSPEND_WORKER, 41);
    b.ordered(Cmd.CMD_EP_CRASH, 42, EpBench::victim).fires(305);
  }

  private static EpBench leadsSuspended() {
    EpBench bench = suspended().record(2, true, 9);
    bench.ordered(Cmd.CMD_EP_CRASH_STEP1, 41, EpBench::victim).fires(300);
    return bench;
  }

  @Test
  void inSuspendItLeadsAndIsBackInSuspend() {
    EpBench bench = leadsSuspended().ordered(Cmd.CMD_EP_CRASH_STEP2, 44, EpBench::victim);
    bench.from(1, MalPosition.newBuilder().setCmdSeq(44).build()).diskAnswersAll();
    bench.from(1, MalThawed.newBuilder().setCmdSeq(44).build()).fires(412);
    bench.comesTo(EpPhase.SUSPENDED).shows(EpPhase.SUSPENDED, VtdStatus.VTD_WORKING);
  }

  @Test
  void aloneItIsBackInSuspendWithTheLastAnswerOfTheDisk() {
    EpBench bench =
        leadsSuspended()
            .ordered(Cmd.CMD_EP_CRASH_STEP2, 47, c -> EpBench.victim(c).clearMember().addMember(0));
    bench.diskAnswersAll().fires(408);
    bench.comesTo(EpPhase.SUSPENDED);
  }

  @Test
  void aRollbackLeadsBackToSuspend() {
    EpBench bench = leadsSuspended().ordered(Cmd.CMD_CRASH_ROLLBACK, 43);
    bench.fires(319);
    bench.comesTo(EpPhase.SUSPENDED).answers(43, 0);
  }

  @Test
  void inSuspendItIsLedAndIsBackInSuspend() {
    EpBench bench = suspended().from(1, MalFreeze.newBuilder().setCmdSeq(41).build());
    bench.fires(510);
    MalThaw thaw =
        MalThaw.newBuilder().setCmdSeq(44).setEpoch(44).setControl(1).addMember(0).build();
    bench.from(1, thaw).fires(525);
    bench.comesTo(EpPhase.SUSPENDED);
  }

  /** The answer to the thaw was lost, and somebody was quick. */
  @Test
  void inMountAThawIsAnsweredAgain() {
    EpBench bench = mounted().from(1, MalThaw.newBuilder().setCmdSeq(44).build());
    bench.fires(540);
    assertThat(bench.sentTo(MalThawed.class)).containsExactly(bench.peer(1));
    bench.ordered(Cmd.CMD_CONFIG_VIP, 47).fires(330);
    bench.answers(47, 0);
    bench.ordered(Cmd.CMD_CMD_CLEAR, 48).fires(317);
    bench.answers(48, 0);
  }

  /** Shows what the views and the monitor make of it. */
  @Test
  void viewsShowIt() {
    assertThat(status(mounted())).isEqualTo("MOUNT");
    assertThat(status(suspended())).isEqualTo("SUSPEND");
    assertThat(new TreeMap<>(DscViews.ep(mounted().state).facts()))
        .containsEntry("inst", "MOUNT")
        .containsEntry("serves", "FALSE");
  }

  private static Object status(EpBench bench) {
    var view =
        DscSqlViews.ALL.stream().filter(v -> v.name().equals("V$INSTANCE")).findFirst().get();
    var scene = new halab.systems.SqlView.Scene(1000, List.of());
    int column = view.columns().stream().map(c -> c.name()).toList().indexOf("STATUS$");
    return view.rows().of(bench.state, scene).get(0).get(column);
  }
}
