package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a normal and the control dmcss do in a tick (reference 2.2, 3.4, 3.5, 3.10, 8). */
@RowsOf("dmcss")
class DmcssWorkTest {
  /** Control CSS of a cluster at rest: ASM and DB are OPEN on all nodes. */
  static CssBench serving(int nodes) {
    CssBench bench = CssBench.control(nodes);
    bench.paper.allUp(Paper.ASM, Paper.DB);
    bench.change(
        s -> {
          s.asm = open(s.asm, nodes);
          s.db = open(s.db, nodes);
        });
    return bench.looks(2);
  }

  private static GroupState open(GroupState group, int nodes) {
    return group.with(
        g -> {
          g.phase = GroupPhase.OPEN;
          g.control = 0;
          g.crashOver = true;
          g.lastSeq = 40;
          g.lives = new TreeMap<>();
          for (int ep = 0; ep < nodes; ep++) {
            g.lives.put(ep, Paper.LIFE);
          }
        });
  }

  @Test
  void aGroupsMarksAreReadWhenItsFirstEpAsksToBeStarted() {
    CssBench bench = CssBench.control(2);
    bench.paper.asks(Paper.ASM, 1);
    bench.looks(2).fires(410);
    Effect.ReadBlocks asked =
        Told.of(Effect.ReadBlocks.class, bench.effects).stream()
            .filter(r -> r.disk().equals(Paper.DCR))
            .findFirst()
            .orElseThrow();
    bench.event(read(asked, Block.damaged("torn"), Block.damaged("torn"))).fires(425);
    assertThat(bench.state.asm.marksKnown).isFalse();
    bench.event(read(asked, Block.damaged("torn"), Block.of(bench.state.asm.dcr))).fires(425);
    assertThat(bench.state.asm.marksKnown).isTrue();
  }

  /** The DCR with these two blocks of the ASM group. */
  private static Event read(Effect.ReadBlocks asked, Block even, Block odd) {
    List<Block> blocks = new ArrayList<>(Paper.dcrBlocks(EpBench.PLAN));
    blocks.set(DcrLayout.group(Paper.ASM, 0), even);
    blocks.set(DcrLayout.group(Paper.ASM, 1), odd);
    return new Event.BlocksRead(asked.request(), asked.disk(), asked.first(), blocks);
  }

  @Test
  void aNormalCssBeatsAndWatches() {
    CssBench bench = CssBench.normal(2).look();
    bench.fires(310);
    bench.says();
    assertThat(bench.beat().getVtdStatus()).isEqualTo(VtdStatus.VTD_WORKING);
    assertThat(Told.commands(bench.effects)).isEmpty();
  }

  @Test
  void aNormalCssCarriesOutConfigVipOnce() {
    CssBench bench = CssBench.normal(3);
    Command.Builder vip =
        Command.newBuilder().setTerm(5).setCmd(Cmd.CMD_CONFIG_VIP).setCmdSeq(3).setVipUp(true);
    bench.ordered(vip.addEp(0).addEp(2)).look().fires(310);
    assertThat(Told.addresses(bench.effects))
        .containsExactly("192.168.56.121 UP", "192.168.56.123 UP");
    bench.look().fires(310);
    assertThat(Told.addresses(bench.effects)).isEmpty();
    assertThat(bench.beat().getDoneSeq()).isEqualTo(3);
    bench.ordered(vip.clone().setTerm(4).setCmdSeq(9)).look();
    assertThat(Told.addresses(bench.effects)).as("a lower term").isEmpty();
  }

  @Test
  void anAddressThatANormalCssCannotSetIsSaidAtError() {
    CssBench bench = CssBench.normal(2);
    bench.event(new Event.AddressSet("enp0s80", "192.168.56.121", true, "no such interface"));
    bench.fires(440);
    assertThat(bench.effects)
        .contains(
            new Effect.Say(
                Level.ERROR,
                "[CSS]: css_vip_config(enp0s80, 192.168.56.121, 255.255.255.0, UP) failed"));
    bench.event(new Event.AddressSet("enp0s3", "192.168.56.121", true, null)).fires(440);
    bench.says();
  }

  @Test
  void theNodesEpIsStartedAgainAfterItsInterval() {
    CssBench bench = CssBench.normal(2);
    int looks = 0;
    while (Told.of(Effect.Launch.class, bench.effects).isEmpty()) {
      bench.look().fires(310);
      looks++;
      assertThat(looks).isLessThan(10);
    }
    assertThat(Told.of(Effect.Launch.class, bench.effects))
        .containsExactly(new Effect.Launch("dmasmsvr"));
    bench.event(new Event.Launched("dmasmsvr", null)).fires(450);
    bench.says("css start dmasmsvr success");
    bench.event(new Event.Launched("dmasmsvr", "already running")).fires(450);
    bench.says("css start dmasmsvr failed: already running");
  }

  @Test
  void dmserverIsStartedOnlyWhenAsmIsOpen() {
    CssBench bench = serving(2);
    bench.paper.dies(Paper.DB, 0).dies(Paper.ASM, 0);
    bench.looks(12);
    bench.paper.up(Paper.ASM, 0);
    assertThat(CssRestart.asmOpen(bench.state)).isFalse();
  }

  @Test
  void theControlCssLetsAGroupTakeAStepAndSaysItInTheVendorsOrder() {
    CssBench bench = serving(2);
    bench.paper.dies(Paper.DB, 0);
    bench.looks(4);
    bench.look().fires(410);
    bench.says(
        "[DB]: Detected EP DSC0[0] break in PROCESS_OPEN",
        "[DB]: Set EP DSC0[0] as break EP",
        "[DB]: status change from (OPEN, STARTUP) to (PROCESS_EP_CRASH,"
            + " CSS_SUB_STATUS_EP_CRASH_STEP1)",
        "[DB]: Control Node[0], break ep[0], recover ep[255], n_ok_ep[2]");
    assertThat(bench.state.db.lastSeq).as("a status change counts one").isEqualTo(41);
  }

  @Test
  void theControlCssWritesTheRecordOfAGroupThatChanged() {
    CssBench bench = serving(2).look();
    assertThat(Told.writes(GroupRecord.class, bench.effects)).isEmpty();
    bench.paper.dies(Paper.DB, 0);
    bench.looks(4);
    bench.look();
    GroupRecord record = bench.paper.picture().record(Paper.DB);
    assertThat(record.getPhase()).isEqualTo("CRASH_STEP1");
    assertThat(record.getBreakEpList()).containsExactly(0);
    assertThat(record.getOkLifeList()).hasSize(2);
    assertThat(record.getTerm()).isEqualTo(bench.state.seat.campaign.getTerm());
  }

  @Test
  void aRecordThatIsFlippedIsWrittenAnew() {
    CssBench bench = serving(2).look();
    long generation = bench.paper.picture().record(Paper.DB).getGeneration();
    bench.paper.damage(VoteLayout.groupRecord(Paper.DB, generation));
    bench.look().fires(410);
    assertThat(bench.paper.picture().record(Paper.DB).getGeneration()).isEqualTo(generation);
  }

  @Test
  void aCommandThatIsLostOnTheDiskIsWrittenAgain() {
    CssBench bench = serving(2);
    bench.paper.dies(Paper.DB, 0);
    bench.looks(5);
    markStands(bench);
    bench.look();
    assertThat(Told.commands(bench.effects)).containsExactly("DB1 EP_CRASH_STEP1 42");
    bench.paper.damage(VoteLayout.command(Paper.DB, 1));
    bench.look();
    assertThat(Told.commands(bench.effects)).contains("DB1 EP_CRASH_STEP1 42");
  }

  /** Whatever marks a group waits for are written and read back. */
  static void marksStand(CssBench bench, int group) {
    GroupState g = bench.state.group(group);
    if (g.marking != 0) {
      long request = g.marking + GroupActs.VERIFY;
      bench.event(new Event.BlockWritten(g.marking, Paper.DCR, 7));
      bench.event(new Event.BlocksRead(request, Paper.DCR, 7, List.of(Block.of(g.dcr))));
    }
  }

  /** The mark is written, and read back as it was written. */
  private static void markStands(CssBench bench) {
    GroupState db = bench.state.db;
    bench.event(new Event.BlockWritten(db.marking, Paper.DCR, 7)).fires(415);
    bench.event(readBack(bench, Block.of(db.dcr))).fires(420);
  }

  private static Event readBack(CssBench bench, Block block) {
    long request = bench.state.db.marking + GroupActs.VERIFY;
    return new Event.BlocksRead(request, Paper.DCR, 7, List.of(block));
  }

  @Test
  void aMarkCountsOnlyWhenItIsReadBackAsItWasWritten() {
    CssBench bench = serving(2);
    bench.paper.dies(Paper.DB, 0);
    bench.looks(5);
    bench.event(new Event.BlockWritten(bench.state.db.marking, Paper.DCR, 7)).fires(415);
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects))
        .extracting(Effect.ReadBlocks::disk, Effect.ReadBlocks::count)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(Paper.DCR, 1));
    bench.event(readBack(bench, Block.EMPTY)).fires(929);
    assertThat(bench.state.db.marking).isPositive();
    bench.look();
    assertThat(Told.marks(bench.effects)).as("it is written again").containsExactly("DB [0]");
  }

  @Test
  void aMarkThatStandsIsCopiedSoThatAFlippedBitLosesNone() {
    CssBench bench = serving(2);
    bench.paper.dies(Paper.DB, 0);
    bench.looks(5);
    GroupState db = bench.state.db;
    markStands(bench);
    assertThat(Told.writes(halab.dsc.proto.DcrGroup.class, bench.effects))
        .singleElement()
        .satisfies(
            w -> {
              assertThat(w.payload()).isEqualTo(db.dcr);
              assertThat(w.block()).isNotEqualTo(DcrLayout.group(Paper.DB, db.dcr.getGeneration()));
            });
  }

  @Test
  void aDurableMarkLetsTheGroupGoOn() {
    CssBench bench = serving(2);
    bench.paper.dies(Paper.DB, 0);
    bench.looks(4);
    bench.look();
    assertThat(bench.state.db.marking).isPositive();
    markStands(bench);
    assertThat(bench.state.db.marking).isZero();
  }

  @Test
  void anAddressThatIsSettledTakesTheDbGroupAStepFurther() {
    CssBench bench = serving(2);
    bench.paper.dies(Paper.DB, 0);
    bench.change(
        s ->
            s.db =
                s.db.with(
                    g -> {
                      g.phase = GroupPhase.CRASH_SLAVE_VIP;
                      g.broken = List.of(0);
                      g.ok = List.of(1);
                      g.control = 1;
                    }));
    bench.look().fires(410);
    assertThat(Told.addresses(bench.effects)).containsExactly("192.168.56.121 DOWN");
    bench.event(new Event.AddressSet("enp0s80", "192.168.56.121", false, "no card")).fires(430);
    bench.says(
        "[CSS]: css_vip_config(enp0s80, 192.168.56.121, 255.255.255.0, DOWN) failed",
        "[DB]: status change from (PROCESS_EP_CRASH, SLAVE_CONFIG_VIP) to (PROCESS_EP_CRASH,"
            + " WAIT_SLAVE_CONFIG_VIP)",
        "[DB]: Control Node[1], break ep[0], recover ep[255], n_ok_ep[1]");
  }

  @Test
  void aDeadCssTakesItsHealthyAsmAndDbWithIt() {
    CssBench bench = serving(2);
    bench.paper.dies(Paper.CSS, 1);
    bench.looks(4);
    bench.look().fires(410);
    assertThat(Told.says(bench.effects))
        .containsExactly(
            "[!!!DSC INFO!!!][CSS]: dead instance detected, detect ep CSS1[1] broken.");
    assertThat(Told.kills(bench.effects))
        .containsExactly("CSS1 up to 11", "ASM1 up to 11", "DB1 up to 11");
    bench.look();
    bench.says();
  }

  @Test
  void aWholeSilentNodeIsOneLineInsteadOfThree() {
    CssBench bench = serving(2);
    bench.paper.dies(Paper.CSS, 1).dies(Paper.ASM, 1).dies(Paper.DB, 1);
    bench.looks(4);
    bench.look().fires(410);
    assertThat(Told.says(bench.effects))
        .contains(
            "[!!!DSC INFO!!!]All processers on EP[1] have detected disk heartbeat issues.",
            "[ASM]: Detected EP ASM1[1] break in PROCESS_OPEN")
        .doesNotContain("[DB]: Detected EP DSC1[1] break in PROCESS_OPEN");
    assertThat(bench.state.db.phase).as("ASM before DB").isEqualTo(GroupPhase.OPEN);
  }

  @Test
  void aCssThatStoppedInOrderIsDeadAtOnce() {
    CssBench bench = serving(2);
    bench.paper.ends(Paper.CSS, 1, VtdStatus.VTD_SHUTDOWN);
    bench.look();
    assertThat(Told.kills(bench.effects)).contains("ASM1 up to 11", "DB1 up to 11");
  }

  @Test
  void anEpThatComesUpBeforeItsCssHasTheCssCountToWaitForIt() {
    CssBench bench = CssBench.control(2);
    bench.paper.dies(Paper.CSS, 1);
    bench.looks(8);
    bench.paper.up(Paper.DB, 1);
    for (int look = 1; look < 5; look++) {
      assertThat(Told.kills(bench.look().effects)).as("look %d", look).isEmpty();
    }
    bench.paper.up(Paper.CSS, 1);
    for (int look = 1; look <= 8; look++) {
      assertThat(Told.kills(bench.look().effects)).as("its CSS came").isEmpty();
    }
  }

  @Test
  void anEpWhoseCssDoesNotComeIsKilled() {
    CssBench bench = CssBench.control(2);
    bench.paper.dies(Paper.CSS, 1);
    bench.looks(8);
    bench.paper.up(Paper.DB, 1);
    for (int look = 1; look < 5; look++) {
      assertThat(Told.kills(bench.look().effects)).as("look %d", look).isEmpty();
    }
    assertThat(Told.kills(bench.look().effects)).containsExactly("DB1 up to 11");
  }

  @Test
  void aFlippedCommandAreaIsWrittenAnew() {
    CssBench bench = serving(2);
    bench.paper.damage(VoteLayout.command(Paper.DB, 1)).damage(VoteLayout.kill(Paper.DB, 1));
    bench.look().fires(410);
    assertThat(Told.commands(bench.effects)).contains("DB1 NONE");
    assertThat(Told.kills(bench.effects)).as("it is a healthy member").contains("DB1 up to 0");
  }

  @Test
  void everyNewLifeThatAsksGetsALargerGuidOnce() {
    CssBench bench = CssBench.control(2);
    bench.paper.asks(Paper.ASM, 0);
    bench.look().fires(410);
    assertThat(bench.state.asm.guids.get(0)[1]).isGreaterThan(100);
    assertThat(Told.says(bench.effects))
        .startsWith(
            "css detect ASM [ASM0] startup2",
            "css set ASM [ASM0] guid [" + bench.state.asm.guids.get(0)[1] + "]");
    bench.look();
    assertThat(Told.says(bench.effects)).noneMatch(l -> l.contains("guid"));
  }
}
