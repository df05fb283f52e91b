package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Campaign;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.Life;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Block;
import halab.kernel.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Election of the control CSS (reference 3.1). */
@RowsOf("dmcss")
class DmcssElectionTest {
  /** CSS0 stands since long ago; the others do not live. */
  private static CssBench standing(int nodes, int node) {
    CssBench bench = CssBench.candidate(nodes, node).looks(3);
    bench.nowMs += CssElection.ELECTION_MS;
    return bench;
  }

  private static CssBench claiming() {
    return standing(2, 0).look();
  }

  private static CssBench rival(CssBench bench, int node, long ticket, long term, int age) {
    bench.paper.up(Paper.CSS, node);
    bench.paper.beat(
        Paper.CSS,
        node,
        b ->
            b.setCampaign(
                Campaign.newBuilder().setTicket(ticket).setTerm(term).setAge(age).build()));
    return bench;
  }

  @Test
  void whoFindsALiveControlCssBecomesNormal() {
    CssBench bench = rival(CssBench.candidate(2, 0), 1, 1, 5, 9).look();
    bench.fires(210);
    bench.look().fires(200);
    bench.comesTo(CssPhase.NORMAL).says("[CSS]: Set EP CSS1[1] as Control node");
    assertThat(bench.state.controlCss).isEqualTo(1);
    assertThat(bench.beat().getVtdStatus()).isEqualTo(VtdStatus.VTD_WORKING);
    assertThat(bench.beat().getCampaign()).isEqualTo(Campaign.getDefaultInstance());
  }

  @Test
  void aClaimThatADeadCssLeftOnTheDiskIsNoControlCss() {
    CssBench bench = rival(CssBench.candidate(2, 0), 1, 1, 5, 9);
    bench.paper.dies(Paper.CSS, 1);
    bench.looks(4).comesTo(CssPhase.ELECTION);
    bench.fires(230);
  }

  @Test
  void theFirstLookTakesATicket() {
    CssBench bench = CssBench.candidate(2, 0).look();
    bench.fires(210);
    assertThat(bench.beat().getCampaign().getTicket()).isEqualTo(1);
    assertThat(bench.beat().getInstStatus()).isEqualTo(InstStatus.INST_STARTUP);
  }

  @Test
  void whoComesLaterStandsBehind() {
    CssBench bench = rival(CssBench.candidate(2, 0), 1, 4, 0, 2).look();
    bench.change(s -> s.seat = s.seat.with(x -> x.campaign = Campaign.getDefaultInstance()));
    bench.look().fires(210);
    assertThat(bench.beat().getCampaign().getTicket()).isEqualTo(5);
  }

  @Test
  void whoBeginsTogetherStandsTogether() {
    CssBench bench = rival(CssBench.candidate(2, 0), 1, 4, 0, 1).look();
    bench.change(s -> s.seat = s.seat.with(x -> x.campaign = Campaign.getDefaultInstance()));
    bench.look().fires(210);
    assertThat(bench.beat().getCampaign().getTicket()).isEqualTo(4);
  }

  @Test
  void whoIsAloneClaimsAfterFiveSecondsWithATermAboveAllOnTheDisk() {
    CssBench bench = CssBench.candidate(2, 0);
    bench.paper.write(2, GroupRecord.newBuilder().setTerm(6).setGeneration(1).build());
    bench.looks(5).fires(230);
    bench.comesTo(CssPhase.ELECTION);
    long stoodMs = bench.state.ticketMs;
    while (bench.state.phase == CssPhase.ELECTION) {
      bench.look();
    }
    bench.fires(220);
    bench.comesTo(CssPhase.CLAIM);
    assertThat(bench.nowMs - stoodMs).isEqualTo(CssElection.ELECTION_MS);
    assertThat(bench.beat().getCampaign().getTerm()).isEqualTo(7);
  }

  @Test
  void ofThoseThatStandTogetherTheLowerSeqnoWins() {
    CssBench higher = rival(CssBench.candidate(2, 1), 0, 1, 0, 1).looks(3);
    higher.nowMs += CssElection.ELECTION_MS;
    higher.look().fires(230);
    CssBench lower = rival(CssBench.candidate(2, 0), 1, 1, 0, 1).looks(3);
    lower.nowMs += CssElection.ELECTION_MS;
    lower.look().fires(220);
  }

  @Test
  void whoStoodEarlierWinsWhateverItsSeqno() {
    CssBench bench = rival(CssBench.candidate(2, 1), 0, 2, 0, 0).looks(3);
    bench.nowMs += CssElection.ELECTION_MS;
    bench.look().fires(220);
  }

  @Test
  void whoseSlotCannotBeReadMayStandBeforeAllOthers() {
    CssBench bench = standing(2, 0);
    bench.paper.damage(VoteLayout.heartbeat(Paper.CSS, 1));
    bench.look().fires(230);
    bench.paper.beat(Paper.CSS, 1, b -> b);
    bench.look().fires(220);
    bench.paper.damage(VoteLayout.heartbeat(Paper.CSS, 1));
    bench.look().fires(255);
    bench.comesTo(CssPhase.CLAIM);
    bench.paper.beat(Paper.CSS, 1, b -> b);
    bench.look().fires(250);
  }

  @Test
  void whatADeadCssLeftUnreadableHoldsNobodyUp() {
    CssBench bench = CssBench.candidate(2, 0).look();
    bench.paper.damage(VoteLayout.heartbeat(Paper.CSS, 1));
    bench.nowMs += CssElection.ELECTION_MS;
    int count = bench.state.seat.dcr.getGroup(0).getDskchkCnt();
    for (int look = 1; look < count; look++) {
      bench.look().fires(230);
    }
    bench.look().fires(220);
    assertThat(bench.beat().getCampaign().getTerm()).as("above the claim it may hide").isEqualTo(2);
  }

  @Test
  void aControlCssWhoseSlotCannotBeReadIsNotGone() {
    CssBench bench = CssBench.normal(2);
    bench.paper.dies(Paper.CSS, bench.state.controlCss);
    bench.paper.damage(VoteLayout.heartbeat(Paper.CSS, bench.state.controlCss));
    bench.look().fires(310);
  }

  @Test
  void twoClaimsMeanToStandAgain() {
    CssBench bench = rival(claiming(), 1, 1, 8, 9).look();
    bench.fires(240);
    bench.comesTo(CssPhase.ELECTION);
    assertThat(bench.beat().getCampaign()).isEqualTo(Campaign.getDefaultInstance());
  }

  @Test
  void aClaimThatIsSeenAloneMakesItReadTheFaultMarks() {
    CssBench bench = claiming().look();
    bench.fires(250);
    assertThat(Told.of(halab.kernel.Effect.ReadBlocks.class, bench.effects))
        .extracting(halab.kernel.Effect.ReadBlocks::disk)
        .containsExactly(Paper.DCR);
  }

  @Test
  void aClaimThatIsNotOnTheDiskYetIsWaitedFor() {
    CssBench bench = claiming();
    bench.paper.beat(Paper.CSS, 0, b -> b.setCampaign(CssBench.campaign(1, 0)));
    bench.look().fires(255);
    bench.comesTo(CssPhase.CLAIM);
    bench.look().fires(250);
  }

  @Test
  void withTheMarksReadItIsControlNode() {
    CssBench bench = claiming().look().dcrRead(CssBench.blocks(2));
    bench.fires(260);
    bench.comesTo(CssPhase.CONTROL).says("[CSS]: Set EP CSS0[0] as Control node");
    assertThat(bench.state.controlCss).isZero();
    assertThat(bench.state.asm.phase).isEqualTo(GroupPhase.STARTUP);
    assertThat(bench.state.db.phase).isEqualTo(GroupPhase.STARTUP);
  }

  @Test
  void theGroupsGoOnFromTheirRecordsAndTheDcr() {
    CssBench bench = claiming();
    bench.paper.write(
        VoteLayout.groupRecord(Paper.DB, 8),
        GroupRecord.newBuilder()
            .setGeneration(8)
            .setPhase(GroupPhase.CRASH_WAIT_STEP2.name())
            .setControl(1)
            .addBreakEp(0)
            .addOkEp(1)
            .setLastSeq(52)
            .addOkLife(Life.newBuilder().setSeqno(1).setIncarnation(LIFE))
            .build());
    bench.paper.beat(Paper.DB, 1, b -> b.setDoneSeq(55));
    List<Block> dcr = new ArrayList<>(CssBench.blocks(2));
    DcrGroup db = (DcrGroup) dcr.get(DcrLayout.group(Paper.DB, 0)).payload();
    dcr.set(
        DcrLayout.group(Paper.DB, 1),
        Block.of(db.toBuilder().addErrEp(0).setGeneration(1).build()));
    bench.look().dcrRead(dcr).fires(260);
    assertThat(bench.state.db.phase).isEqualTo(GroupPhase.CRASH_STEP1);
    assertThat(bench.state.db.broken).containsExactly(0);
    assertThat(bench.state.db.dcr.getErrEpList()).containsExactly(0);
    assertThat(bench.state.db.lastSeq).as("above every number on the disk").isEqualTo(55);
  }

  private static final long LIFE = Paper.LIFE;

  @Test
  void aDamagedDcrIsReadAgainAndNobodyActsMeanwhile() {
    List<Block> dcr = new ArrayList<>(CssBench.blocks(2));
    dcr.set(0, Block.damaged("x"));
    dcr.set(1, Block.damaged("x"));
    CssBench bench = claiming().look().dcrRead(dcr);
    bench.fires(265);
    bench.comesTo(CssPhase.CLAIM);
    bench.look().fires(250);
    bench.dcrRead(CssBench.blocks(2)).fires(260);
  }

  @Test
  void anElectionBeginsWhenTheControlCssHasBeenSilentForTheDiskCheckCount() {
    CssBench bench = CssBench.normal(2).comesTo(CssPhase.NORMAL);
    bench.paper.dies(Paper.CSS, 0);
    int count = bench.paper.dcr.getGroup(Paper.CSS).getDskchkCnt();
    bench.looks(count - 1).fires(310);
    bench.look().fires(300);
    bench.comesTo(CssPhase.ELECTION);
    assertThat(bench.beat().getCampaign().getTicket()).isEqualTo(1);
    assertThat(bench.state.controlCss).isEqualTo(DscText.NONE);
  }

  @Test
  void aControlCssThatEndedIsReplacedAtOnce() {
    CssBench bench = CssBench.normal(2);
    bench.paper.ends(Paper.CSS, 0, VtdStatus.VTD_SHUTDOWN);
    bench.look().fires(300);
  }

  @Test
  void aControlCssThatLivesAgainWithoutAClaimIsReplacedToo() {
    CssBench bench = CssBench.normal(2);
    bench.paper.beat(
        Paper.CSS,
        0,
        b -> b.setIncarnation(b.getIncarnation() + 1).setCampaign(Campaign.getDefaultInstance()));
    bench.look().fires(300);
  }

  @Test
  void aReturningCssStaysNormalEvenAsNumberZero() {
    CssBench bench = rival(CssBench.candidate(2, 0), 1, 0, 5, 0).looks(2);
    bench.fires(200);
    bench.looks(20).fires(310);
  }

  @Test
  void aControlCssThatMeetsAHigherTermEndsItself() {
    CssBench bench = rival(CssBench.control(2), 1, 0, 99, 9).look();
    bench.fires(400);
    bench.comesTo(CssPhase.HALTING).says("another dmcss is control node, this one ends");
    assertThat(bench.beat().getVtdStatus()).isEqualTo(VtdStatus.VTD_SYSHALT);
    assertThat(Told.commands(bench.effects)).isEmpty();
    bench.tick().halts(ExitCode.SELF_FENCED);
  }

  @Test
  void aLowerTermElsewhereIsNoReason() {
    CssBench bench = CssBench.control(2);
    long own = bench.state.seat.campaign.getTerm();
    bench.change(s -> s.seat = s.seat.with(x -> x.campaign = CssBench.campaign(1, own + 9)));
    rival(bench, 1, 0, own, 9).look().fires(410);
  }
}
