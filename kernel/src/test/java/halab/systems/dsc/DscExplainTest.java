package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.GroupType;
import halab.kernel.Endpoint;
import halab.systems.Happened;
import halab.systems.LabPlan;
import halab.systems.Term;
import halab.systems.Waterfall;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Waterfalls of event lists that are written by hand, in the words of seed 001. */
class DscExplainTest {
  private static final LabPlan PLAN =
      DscPlan.plan(new LabPlan.Options(2, true, 5200, Map.of(), Map.of()));

  private final List<Happened> log = new ArrayList<>();

  private DscExplainTest at(long ms, String who, String kind, String... fields) {
    TreeMap<String, String> detail = new TreeMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      detail.put(fields[i], fields[i + 1]);
    }
    log.add(new Happened(ms, Endpoint.parse(who), kind, detail));
    return this;
  }

  private DscExplainTest moved(long ms, String table, String from, String to) {
    return at(ms, "n1/dmcss", "moved", "table", table, "from", from, "to", to);
  }

  private DscExplainTest says(long ms, String text) {
    return at(ms, "n1/dmcss", "say", "text", text);
  }

  private DscExplainTest lost(long ms, String group, String ep, int n, String why, long changed) {
    return at(
        ms,
        "n1/dmcss",
        "lost",
        "group",
        group,
        "ep",
        ep,
        "seqno",
        String.valueOf(n),
        "by",
        "control",
        "why",
        why,
        "looks",
        "5",
        "vtd_status",
        "SYSHALT",
        "changed_ms",
        String.valueOf(changed));
  }

  private DscExplainTest fault(long ms, String text) {
    log.add(Happened.fault(ms, text));
    return this;
  }

  private List<Waterfall> explained() {
    return DscExplain.of(PLAN, log);
  }

  private Waterfall only() {
    List<Waterfall> all = explained();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static List<String> parts(Waterfall w) {
    return w.rows().stream().map(r -> r.term().step() + " " + r.tookMs()).toList();
  }

  /** The first half of seed 001, shortened. */
  private DscExplainTest crashBegins() {
    return fault(10_000, "kill n1/dmserver")
        .moved(15_400, "dmcss.DB", "OPEN", "CRASH_STEP1")
        .lost(15_400, "DB", "DSC0", 0, "silent", 10_300)
        .moved(16_410, "dmcss.DB", "CRASH_STEP1", "CRASH_WAIT_STEP1")
        .says(16_410, "[DB]: CSS set cmd EP_CRASH_STEP1, dest_ep DSC1 seqno = 1, cmd_seq = 49");
  }

  @Test
  void aCrashBeginsWithItsFaultAndItsLastHeartbeat() {
    Waterfall w = crashBegins().only();
    assertThat(w.title()).isEqualTo("loss of DSC0[0]");
    assertThat(w.cause()).isEqualTo("kill n1/dmserver");
    assertThat(w.beginMs()).isEqualTo(10_000);
    assertThat(parts(w))
        .containsExactly("DB heartbeat 300", "DB silence 5100", "DB CRASH_STEP1 1010");
    assertThat(w.rows().get(1).term().parameter()).isEqualTo("DCR_GRP_DSKCHK_CNT of GRP_DSC = 5");
    assertThat(w.rows().get(1).notes()).containsExactly("DSC0[0] unchanged at 5 looks");
    assertThat(w.over()).isFalse();
  }

  @Test
  void aStepCarriesItsStatusAndTheCommandsThatItWaitedFor() {
    Waterfall w =
        crashBegins()
            .moved(19_430, "dmcss.DB", "CRASH_WAIT_STEP1", "CRASH_STEP2")
            .says(19_430, "[DB]: CSS set cmd NONE, dest_ep DSC1 seqno = 1, cmd_seq = 0")
            .moved(20_435, "dmcss.DB", "CRASH_STEP2", "CLOSED")
            .only();
    Waterfall.Row step = w.rows().get(3);
    assertThat(step.status()).isEqualTo("(PROCESS_EP_CRASH, EP_CRASH_WAIT_STEP1)");
    assertThat(step.notes()).containsExactly("EP_CRASH_STEP1 -> DSC1 (49)");
    assertThat(step.within()).as("three ticks for a command").isFalse();
    assertThat(w.rows().get(4).notes()).as("NONE is no command").isEmpty();
    assertThat(w.over()).isTrue();
  }

  @Test
  void theDifferenceIsMadeUpOfItsLargePartsAndOfAllOthers() {
    Waterfall w = crashBegins().moved(19_430, "dmcss.DB", "CRASH_WAIT_STEP1", "CRASH_STEP2").only();
    assertThat(w.differences().stream().map(r -> r.term().step()))
        .containsExactly("DB CRASH_WAIT_STEP1", "DB heartbeat");
    assertThat(w.differences().stream().mapToLong(Waterfall.Row::differenceMs).sum())
        .isEqualTo(w.tookMs() - w.expectedMs() - w.smallDifferencesMs());
    assertThat(w.smallDifferencesMs()).isBetween(0L, 100L);
  }

  @Test
  void asmAndDbOfOneNodeAreOneLoss() {
    Waterfall w =
        fault(1_000, "kill n2/dmasmsvr")
            .moved(6_000, "dmcss.ASM", "OPEN", "ASM_CRASH_SUSPEND")
            .lost(6_000, "ASM", "ASM1", 1, "silent", 1_000)
            .moved(7_000, "dmcss.ASM", "ASM_CRASH_SUSPEND", "ASM_CRASH_WAIT_SUSPEND")
            .moved(8_000, "dmcss.ASM", "ASM_CRASH_WAIT_SUSPEND", "OPEN")
            .moved(8_000, "dmcss.DB", "OPEN", "CRASH_STEP1")
            .lost(8_000, "DB", "DSC1", 1, "ended", 7_000)
            .moved(9_000, "dmcss.DB", "CRASH_STEP1", "OPEN")
            .only();
    assertThat(w.title()).isEqualTo("loss of ASM1[1], DSC1[1]");
    assertThat(parts(w).subList(4, 6)).containsExactly("DB ended 0", "DB CRASH_STEP1 1000");
    assertThat(w.rows().get(4).notes()).containsExactly("DSC1[1] shows SYSHALT");
  }

  @Test
  void lossesOfOtherNodesAreLossesOfTheirOwn() {
    crashBegins()
        .moved(17_000, "dmcss.DB", "CRASH_WAIT_STEP1", "CLOSED")
        .moved(18_000, "dmcss.DB", "OPEN", "CRASH_STEP1")
        .lost(18_000, "DB", "DSC1", 1, "followed", 0);
    assertThat(explained()).extracting(Waterfall::title).contains("loss of DSC1[1]");
    assertThat(explained().get(1).cause()).as("the kill was of another node").isEmpty();
    assertThat(explained().get(1).rows().get(0).notes())
        .containsExactly("DSC1[1] lives again, as another process");
  }

  @Test
  void aSecondLossIsNotBlamedOnTheFaultOfTheFirst() {
    crashBegins()
        .moved(17_000, "dmcss.DB", "CRASH_WAIT_STEP1", "OPEN")
        .moved(90_000, "dmcss.DB", "OPEN", "CRASH_STEP1")
        .lost(90_000, "DB", "DSC0", 0, "silent", 85_000);
    Waterfall second = explained().get(1);
    assertThat(second.cause()).isEmpty();
    assertThat(second.beginMs()).as("from the last sign of life").isEqualTo(85_000);
  }

  @Test
  void aRejoinBeginsWithTheLaunchOfTheEp() {
    Waterfall w =
        at(30_000, "n1/dmcss", "launched", "role", "dmserver", "failure", "")
            .at(31_000, "n1/dmcss", "launched", "role", "dmserver", "failure", "")
            .at(
                31_500,
                "n1/dmserver",
                "moved",
                "table",
                "dmserver",
                "from",
                "BOOT",
                "to",
                "STARTUP")
            .says(32_000, "css detect DB [DSC0] startup2")
            .moved(32_000, "dmcss.DB", "OPEN", "REJOIN_SUSPEND")
            .says(32_000, "[DB]: Set EP DSC0[0] as recover EP")
            .moved(32_000, "dmcss.DB", "REJOIN_SUSPEND", "REJOIN_WAIT_SUSPEND")
            .moved(34_100, "dmcss.DB", "REJOIN_WAIT_SUSPEND", "OPEN")
            .only();
    assertThat(w.title()).isEqualTo("rejoin of DSC0[0]");
    assertThat(w.cause()).isEqualTo("automatic restart of n1/dmserver");
    assertThat(parts(w))
        .containsExactly(
            "DB boot 1500",
            "DB STARTUP2 500",
            "DB gate 0",
            "DB REJOIN_SUSPEND 0",
            "DB REJOIN_WAIT_SUSPEND 2100");
  }

  private DscExplainTest beats(long ms, String who, String role) {
    return at(ms, who + "/" + role, "moved", "table", role, "from", "BOOT", "to", "STARTUP");
  }

  private DscExplainTest asked(long ms, String text) {
    return at(ms, "mon/dmcssm", "say", "text", text);
  }

  private DscExplainTest rejoins(long ms, String ep, int n) {
    return says(ms, "css detect DB [" + ep + "] startup2")
        .moved(ms, "dmcss.DB", "OPEN", "REJOIN_SUSPEND")
        .says(ms, "[DB]: Set EP " + ep + "[" + n + "] as recover EP")
        .moved(ms, "dmcss.DB", "REJOIN_SUSPEND", "REJOIN_WAIT_SUSPEND");
  }

  @Test
  void aStartOfAMonitorIsSpentWithTheLifeThatItBegan() {
    Waterfall w =
        asked(10_000, "通知CSS(seqno:1)执行EP STARTUP(DSC1)")
            .beats(12_000, "n2", "dmserver")
            .at(40_000, "n2/dmcss", "launched", "role", "dmserver", "failure", "")
            .beats(41_000, "n2", "dmserver")
            .rejoins(42_000, "DSC1", 1)
            .moved(44_000, "dmcss.DB", "REJOIN_WAIT_SUSPEND", "OPEN")
            .only();
    assertThat(w.cause()).isEqualTo("automatic restart of n2/dmserver");
    assertThat(w.beginMs()).isEqualTo(40_000);
  }

  @Test
  void aStartOfAMonitorThatCameToNothingIsNoCauseOfALaterOne() {
    Waterfall w =
        asked(10_000, "通知CSS(seqno:1)执行EP STARTUP(DSC1)")
            .at(204_000, "n2/dmcss", "launched", "role", "dmserver", "failure", "")
            .beats(205_000, "n2", "dmserver")
            .rejoins(206_000, "DSC1", 1)
            .only();
    assertThat(w.cause()).isEqualTo("automatic restart of n2/dmserver");
  }

  @Test
  void aHaltOfAMonitorIsSpentWithTheLifeThatItEnded() {
    Waterfall w =
        asked(10_000, "通知CSS(CSS0, seqno:0)执行EP HALT GRP_DSC.DSC1")
            .beats(14_000, "n2", "dmserver")
            .moved(24_000, "dmcss.DB", "OPEN", "CRASH_STEP1")
            .lost(24_000, "DB", "DSC1", 1, "ended", 0)
            .only();
    assertThat(w.cause()).isEmpty();
    assertThat(w.beginMs()).isEqualTo(24_000);
  }

  @Test
  void aHaltOfAMonitorIsNoCauseOfALossMuchLater() {
    Waterfall w =
        beats(1_000, "n2", "dmserver")
            .asked(10_000, "通知CSS(CSS0, seqno:0)执行EP HALT GRP_DSC.DSC1")
            .moved(116_000, "dmcss.DB", "OPEN", "CRASH_STEP1")
            .lost(116_000, "DB", "DSC1", 1, "ended", 0)
            .only();
    assertThat(w.cause()).isEmpty();
  }

  @Test
  void whoeverIsFollowedIsLostByWhatEndedTheLifeBefore() {
    Waterfall w =
        beats(1_000, "n2", "dmserver")
            .fault(10_000, "kill n2/dmserver")
            .beats(12_000, "n2", "dmserver")
            .moved(13_000, "dmcss.DB", "OPEN", "CRASH_STEP1")
            .lost(13_000, "DB", "DSC1", 1, "followed", 0)
            .only();
    assertThat(w.cause()).isEqualTo("kill n2/dmserver");
  }

  @Test
  void anElectionBelongsToTheLossOfTheControlCss() {
    fault(1_000, "kill n1/dmcss")
        .at(
            6_000,
            "n2/dmcss",
            "lost",
            "group",
            "CSS",
            "ep",
            "CSS0",
            "seqno",
            "0",
            "by",
            "normal",
            "why",
            "silent",
            "looks",
            "5",
            "changed_ms",
            "1000")
        .at(11_100, "n2/dmcss", "moved", "table", "dmcss", "from", "ELECTION", "to", "CLAIM")
        .at(12_100, "n2/dmcss", "moved", "table", "dmcss", "from", "CLAIM", "to", "CONTROL")
        .lost(13_100, "CSS", "CSS0", 0, "silent", 1_000);
    assertThat(parts(only()))
        .containsExactly(
            "CSS heartbeat 0",
            "CSS silence 5000",
            "CSS ELECTION 5100",
            "CSS CLAIM 1000",
            "CSS CONTROL 1000");
  }

  @Test
  void aCandidateThatFollowsAnotherTellsNothing() {
    fault(1_000, "kill n1/dmcss")
        .at(
            6_000,
            "n2/dmcss",
            "lost",
            "group",
            "CSS",
            "ep",
            "CSS0",
            "seqno",
            "0",
            "by",
            "normal",
            "why",
            "silent",
            "looks",
            "5",
            "changed_ms",
            "1000")
        .at(12_000, "n2/dmcss", "moved", "table", "dmcss", "from", "ELECTION", "to", "NORMAL");
    assertThat(explained()).isEmpty();
  }

  @Test
  void dbAndAsmThatAMonitorStopsAreOneStop() {
    Waterfall w =
        moved(1_000, "dmcss.DB", "OPEN", "SHUTDOWN")
            .moved(2_100, "dmcss.DB", "SHUTDOWN", "CLOSED")
            .moved(2_400, "dmcss.ASM", "OPEN", "SHUTDOWN")
            .moved(3_400, "dmcss.ASM", "SHUTDOWN", "CLOSED")
            .only();
    assertThat(w.title()).isEqualTo("orderly stop");
    assertThat(w.cause()).isEqualTo("EP STOP of a monitor");
    assertThat(parts(w)).containsExactly("DB SHUTDOWN 1100", "ASM SHUTDOWN 1300");
    assertThat(w.over()).isTrue();
  }

  @Test
  void aStartBeginsWhenTheGroupLeavesClosed() {
    Waterfall w =
        moved(501_513, "dmcss.DB", "CLOSED", "STARTUP")
            .moved(503_518, "dmcss.DB", "STARTUP", "START_NOTIFY")
            .moved(504_520, "dmcss.DB", "START_NOTIFY", "START_LOAD")
            .only();
    assertThat(w.title()).isEqualTo("start of the cluster");
    assertThat(parts(w)).containsExactly("DB STARTUP 2005", "DB START_NOTIFY 1002");
    assertThat(w.beginMs()).isEqualTo(501_513);
    assertThat(w.rows().get(0).within()).isTrue();
  }

  @Test
  void aStartAfterOneThatFailedIsAnotherOne() {
    moved(1_000, "dmcss.DB", "CLOSED", "STARTUP")
        .moved(3_000, "dmcss.DB", "STARTUP", "START_NOTIFY")
        .moved(9_000, "dmcss.DB", "START_NOTIFY", "HALT")
        .lost(9_000, "DB", "DSC1", 1, "silent", 4_000)
        .moved(10_000, "dmcss.DB", "HALT", "CLOSED")
        .moved(90_000, "dmcss.DB", "CLOSED", "STARTUP")
        .moved(92_000, "dmcss.DB", "STARTUP", "START_NOTIFY");
    assertThat(explained())
        .extracting(Waterfall::title)
        .containsExactly(
            "start of the cluster failed, DSC1[1] lost: all EPs halted", "start of the cluster");
    assertThat(explained().get(1).beginMs()).isEqualTo(90_000);
  }

  @Test
  void aStartThatAMonitorAskedForNamesWhatItSaid() {
    Waterfall w =
        beats(100, "n1", "dmserver")
            .beats(100, "n2", "dmserver")
            .asked(10_000, "通知CSS(seqno:0)执行EP STARTUP(DSC0)")
            .asked(10_100, "通知CSS(seqno:1)执行EP STARTUP(DSC1)")
            .beats(11_000, "n1", "dmserver")
            .beats(11_200, "n2", "dmserver")
            .moved(12_000, "dmcss.DB", "CLOSED", "STARTUP")
            .moved(14_000, "dmcss.DB", "STARTUP", "START_NOTIFY")
            .only();
    assertThat(w.cause()).isEqualTo("EP STARTUP DSC0 of a monitor; EP STARTUP DSC1 of a monitor");
    assertThat(parts(w)).containsExactly("DB boot 1000", "DB STARTUP2 1000", "DB STARTUP 2000");
  }

  @Test
  void aStartAfterAHaltOfAllNamesTheRestart() {
    Waterfall w =
        beats(100, "n1", "dmserver")
            .at(40_000, "n1/dmcss", "launched", "role", "dmserver", "failure", "")
            .beats(41_500, "n1", "dmserver")
            .moved(42_000, "dmcss.DB", "CLOSED", "STARTUP")
            .moved(44_000, "dmcss.DB", "STARTUP", "START_NOTIFY")
            .only();
    assertThat(w.cause()).isEqualTo("automatic restart of n1/dmserver");
    assertThat(w.beginMs()).isEqualTo(40_000);
  }

  @Test
  void aCutTakesAnEpOfEachGroup() {
    fault(1_000, "cut n1 | n2 on private")
        .moved(20_000, "dmcss.DB", "OPEN", "LINK_CHECK")
        .moved(22_000, "dmcss.DB", "LINK_CHECK", "CRASH_STEP1")
        .lost(22_000, "DB", "DSC1", 1, "ended", 0)
        .moved(24_000, "dmcss.DB", "CRASH_STEP1", "OPEN")
        .moved(40_000, "dmcss.ASM", "OPEN", "ASM_CRASH_SUSPEND")
        .lost(40_000, "ASM", "ASM1", 1, "ended", 0)
        .moved(42_000, "dmcss.ASM", "ASM_CRASH_SUSPEND", "OPEN")
        .fault(50_000, "heal all")
        .moved(190_000, "dmcss.DB", "OPEN", "CRASH_STEP1")
        .lost(190_000, "DB", "DSC1", 1, "ended", 0);
    assertThat(explained())
        .extracting(Waterfall::cause)
        .containsExactly("cut n1 | n2 on private", "cut n1 | n2 on private", "");
  }

  private DscExplainTest bothTest() {
    return fault(1_000, "cut n1 | n2 on private")
        .moved(10_000, "dmcss.ASM", "OPEN", "LINK_CHECK")
        .moved(10_000, "dmcss.DB", "OPEN", "LINK_CHECK");
  }

  @Test
  void aLinkCheckOfDbThatAsmDecidesIsNoPartOfItsOwn() {
    Waterfall w =
        bothTest()
            .moved(17_000, "dmcss.ASM", "LINK_CHECK", "ASM_CRASH_SUSPEND")
            .lost(17_000, "ASM", "ASM1", 1, "ended", 0)
            .moved(20_000, "dmcss.ASM", "ASM_CRASH_SUSPEND", "OPEN")
            .moved(20_000, "dmcss.DB", "LINK_CHECK", "CRASH_STEP1")
            .lost(20_000, "DB", "DSC1", 1, "ended", 0)
            .only();
    assertThat(parts(w))
        .containsExactly(
            "ASM link silence 9000",
            "ASM LINK_CHECK 7000",
            "ASM ASM_CRASH_SUSPEND 3000",
            "DB ended 0");
    assertThat(w.rows().get(3).notes())
        .containsExactly("DB in LINK_CHECK for 10.0 s beside ASM, whose verdict decided");
    assertThat(w.rows().get(3).within()).isTrue();
  }

  @Test
  void aLinkCheckThatEndsWithTheOtherGroupsIsANoteOfThat() {
    Waterfall w =
        bothTest()
            .moved(17_000, "dmcss.ASM", "LINK_CHECK", "OPEN")
            .moved(17_000, "dmcss.DB", "LINK_CHECK", "OPEN")
            .only();
    assertThat(parts(w)).containsExactly("ASM link silence 9000", "ASM LINK_CHECK 7000");
    assertThat(w.rows().get(1).notes()).containsExactly("DB in LINK_CHECK for 7.0 s beside ASM");
    assertThat(w.over()).isTrue();
  }

  @Test
  void aLinkCheckThatGoesOnAfterTheOtherGroupsHasOnlyTheRestExpected() {
    Waterfall w =
        bothTest()
            .moved(13_000, "dmcss.ASM", "LINK_CHECK", "OPEN")
            .moved(15_000, "dmcss.DB", "LINK_CHECK", "OPEN")
            .only();
    assertThat(parts(w)).endsWith("ASM LINK_CHECK 3000", "DB LINK_CHECK 2000");
    Waterfall.Row db = w.rows().get(2);
    assertThat(db.notes()).containsExactly("DB in LINK_CHECK for 5.0 s beside ASM");
    long whole = DscBounds.terms(PLAN).links().verdict(GroupType.DB).expectedMs();
    assertThat(db.term().expectedMs()).isEqualTo(Math.max(0, whole - 3_000));
  }

  @Test
  void whatMendsACutOrADiskEndsItAsACause() {
    for (List<String> pair :
        List.of(
            List.of("cut n1 | n2 on private", "heal {n2 store} | n1", ""),
            List.of("cut n1 | {n2 store}", "heal n1 | n2", "cut n1 | {n2 store}"),
            List.of("disk vote fail for n1", "disk vote ok for n1", ""),
            List.of("disk vote fail for n1", "disk vote ok", "disk vote fail for n1"),
            List.of("disk vote fail for n1", "heal all", ""))) {
      log.clear();
      fault(1_000, pair.get(0))
          .fault(50_000, pair.get(1))
          .moved(190_000, "dmcss.DB", "OPEN", "CRASH_STEP1")
          .lost(190_000, "DB", "DSC0", 0, "ended", 0);
      assertThat(explained().get(0).cause()).as(pair.toString()).isEqualTo(pair.get(2));
    }
  }

  @Test
  void whoStopsInOrderIsItsOwnCauseUnlessAFaultStoppedIt() {
    fault(1_000, "cut n1 | n2")
        .at(9_500, "n1/dmserver", "moved", "table", "dmserver", "from", "OPEN", "to", "STOPPING")
        .moved(10_000, "dmcss.DB", "OPEN", "STOP_EP")
        .lost(10_000, "DB", "DSC0", 0, "ended", 0)
        .moved(11_000, "dmcss.DB", "STOP_EP", "CRASH_STEP1");
    assertThat(only().cause()).as("it was killed").isEqualTo("cut n1 | n2");
    TreeMap<String, String> detail = new TreeMap<>(log.get(3).detail());
    detail.put("vtd_status", "STOP");
    log.set(3, new Happened(10_000, Endpoint.parse("n1/dmcss"), "lost", detail));
    assertThat(only().cause()).isEqualTo("orderly stop of n1/dmserver");
    assertThat(only().beginMs()).isEqualTo(9_500);
    log.add(1, Happened.fault(9_400, "stop n1/dmserver"));
    assertThat(only().cause()).isEqualTo("stop n1/dmserver");
  }

  @Test
  void aHeldDaemonIsTheCauseOfItsLoss() {
    fault(10_000, "hold n1/dmserver")
        .moved(15_400, "dmcss.DB", "OPEN", "CRASH_STEP1")
        .lost(15_400, "DB", "DSC0", 0, "silent", 10_300)
        .moved(16_410, "dmcss.DB", "CRASH_STEP1", "CRASH_WAIT_STEP1");
    assertThat(only().cause()).isEqualTo("hold n1/dmserver");
    log.set(0, Happened.fault(10_000, "release n1/dmserver"));
    assertThat(only().cause()).isEmpty();
  }

  @Test
  void theGateTellsOfTheHandlingAndTheRejoinThatWentFirst() {
    crashBegins()
        .beats(16_500, "n2", "dmserver")
        .says(17_000, "css detect DB [DSC1] startup2")
        .moved(18_000, "dmcss.DB", "CRASH_WAIT_STEP1", "OPEN")
        .rejoins(19_000, "DSC0", 0)
        .moved(26_000, "dmcss.DB", "REJOIN_WAIT_SUSPEND", "OPEN")
        .moved(27_000, "dmcss.DB", "OPEN", "REJOIN_SUSPEND")
        .says(27_000, "[DB]: Set EP DSC1[1] as recover EP")
        .moved(27_000, "dmcss.DB", "REJOIN_SUSPEND", "REJOIN_WAIT_SUSPEND");
    Waterfall w = explained().get(2);
    assertThat(parts(w))
        .startsWith("DB STARTUP2 500", "DB queue 1000", "DB queue 8000", "DB gate 1000");
    assertThat(w.differences().get(0).term().why())
        .isEqualTo("rejoin of DSC0[0] goes first: one EP at a time");
    assertThat(w.rows().get(1).term().why()).isEqualTo("loss of DSC0[0] goes first");
    // Of the loss the rest of its last step, of the rejoin all of it.
    DscTerms terms = DscBounds.terms(PLAN);
    long step = terms.phase(GroupType.DB, GroupPhase.CRASH_WAIT_STEP1).expectedMs();
    long passedMs = 17_000 - 16_410;
    assertThat(w.rows().get(1).term().expectedMs()).isEqualTo(step - passedMs);
    assertThat(w.rows().get(2).term().expectedMs())
        .isEqualTo(Term.sum(explained().get(1).terms(), Term::expectedMs));
  }

  @Test
  void aGateThatStaysShutLongerThanCheckpointsTakeSaysThatNoFormulaTells() {
    for (boolean longer : List.of(false, true)) {
      log.clear();
      long atMs = longer ? 40_000 : 19_000;
      beats(16_500, "n2", "dmserver")
          .says(17_000, "css detect DB [DSC1] startup2")
          .moved(atMs, "dmcss.DB", "OPEN", "REJOIN_SUSPEND")
          .says(atMs, "[DB]: Set EP DSC1[1] as recover EP")
          .moved(atMs, "dmcss.DB", "REJOIN_SUSPEND", "REJOIN_WAIT_SUSPEND");
      Waterfall.Row gate =
          only().rows().stream()
              .filter(r -> r.term().step().equals("DB gate"))
              .findFirst()
              .orElseThrow();
      assertThat(gate.within()).isEqualTo(!longer);
      assertThat(gate.term().why().contains("there is no formula")).isEqualTo(longer);
    }
  }

  @Test
  void aLogThatBeginsInTheMiddleIsTakenAsItIs() {
    Waterfall w = moved(5_000, "dmcss.DB", "CRASH_STEP2", "CRASH_WAIT_STEP2").only();
    assertThat(parts(w)).containsExactly("DB CRASH_STEP2 0");
    assertThat(w.over()).isFalse();
  }
}
