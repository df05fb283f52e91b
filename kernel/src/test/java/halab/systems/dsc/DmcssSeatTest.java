package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.Kill;
import halab.dsc.proto.MalThaw;
import halab.dsc.proto.MonLogin;
import halab.dsc.proto.MonRequest;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Boot of dmcss, its seat at the VOTE disk, its end (reference 1.3, 4.1, 4.5). */
@RowsOf("dmcss")
class DmcssSeatTest {
  private static final String VOTE_IS_GONE =
      "[CSS0][!!!DSC INFO!!!]Unable to access VOTING DISK! disk may be not mounted, suggest to"
          + " check shared storage.";

  private static CssBench in(CssPhase phase) {
    return CssBench.control(2).change(s -> s.phase = phase);
  }

  private static CssBench killed(CssBench bench, long upTo) {
    bench.paper.write(
        VoteLayout.kill(Paper.CSS, bench.node), Kill.newBuilder().setIncarnation(upTo).build());
    return bench.look();
  }

  @Test
  void theDcrComesFirstThenTheOwnSlot() {
    CssBench bench = CssBench.born(2, 0).event(new Event.Started(CssBench.LIFE, 4711));
    bench.fires(10);
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects))
        .containsExactly(new Effect.ReadBlocks(1, Paper.DCR, 0, DcrLayout.USED));
    bench.dcrRead(CssBench.blocks(2)).fires(20);
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects))
        .containsExactly(
            new Effect.ReadBlocks(2, Paper.VOTE, 0, VoteLayout.heartbeat(Paper.CSS, 0) + 1));
  }

  @Test
  void aVoteDiskWithoutAGoodHeaderIsRefused() {
    CssBench bench = CssBench.born(2, 0).event(new Event.Started(CssBench.LIFE, 4711));
    bench.dcrRead(CssBench.blocks(2));
    Block bad = Block.damaged("checksum wrong");
    bench.slotRead(bad, bad, Block.EMPTY).fires(35);
    bench.comesTo(CssPhase.DOWN).halts(ExitCode.CONFIG);
    assertThat(Told.says(bench.effects))
        .singleElement()
        .asString()
        .startsWith("dmcss startup failed: VOTE disk /dev/raw/vote: no good copy of its header")
        .contains("block 1: checksum wrong", "halab init");
  }

  @Test
  void aDamagedDcrIsRefusedWithTheRemedy() {
    List<Block> blocks = new ArrayList<>(CssBench.blocks(2));
    int at = DcrLayout.group(1, 0);
    blocks.set(at, Block.damaged("checksum differs"));
    blocks.set(at + 1, Block.damaged("checksum differs"));
    CssBench bench = CssBench.born(2, 0).event(new Event.Started(CssBench.LIFE, 4711));
    bench.dcrRead(blocks).fires(30);
    bench.comesTo(CssPhase.DOWN).halts(ExitCode.CONFIG);
    assertThat(Told.says(bench.effects))
        .singleElement()
        .asString()
        .startsWith("dmcss startup failed: ")
        .contains("group ASM", "block " + at + ": checksum differs", "halab init");
  }

  @Test
  void aCssGivesItselfAGuidLargerThanAllBefore() {
    CssBench bench = CssBench.born(2, 0).event(new Event.Started(CssBench.LIFE, 4711));
    bench.dcrRead(CssBench.blocks(2));
    bench.slotRead(Block.of(Heartbeat.newBuilder().setGuid(500).setTs(777).build())).fires(40);
    bench.comesTo(CssPhase.ELECTION);
    assertThat(bench.state.seat.guid).isEqualTo(778);
    assertThat(bench.state.seat.ts).isEqualTo(778);
  }

  @Test
  void aDiskThatFailsOrIsSilentAtBootIsAskedAgain() {
    CssBench bench = CssBench.born(2, 0).event(new Event.Started(CssBench.LIFE, 4711));
    bench.failed().fires(50);
    bench.tick().fires(60);
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects))
        .singleElement()
        .matches(r -> r.disk().equals(Paper.DCR));
    bench.dcrRead(CssBench.blocks(2)).tick().fires(60);
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects))
        .singleElement()
        .matches(r -> r.disk().equals(Paper.VOTE));
  }

  @Test
  void stoppedBeforeItStartedItJustLeaves() {
    CssBench bench = CssBench.born(2, 0).event(new Event.Started(CssBench.LIFE, 4711));
    bench.event(new Event.StopRequested()).fires(70);
    bench.comesTo(CssPhase.DOWN).halts(ExitCode.OK);
  }

  @Test
  void aLookFromBeforeALongPauseDecidesNothing() {
    CssBench bench = CssBench.control(2).tick();
    bench.paper.diskCheck(Paper.CSS);
    bench.nowMs += bench.state.seat.diskCheckMs();
    bench.read().fires(100);
    assertThat(Told.beats(bench.effects)).isEmpty();
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"ELECTION", "CLAIM", "NORMAL", "CONTROL"})
  void killIsObeyedInEveryPhaseThatBeats(CssPhase phase) {
    CssBench bench = killed(in(phase), CssBench.LIFE);
    bench.fires(110);
    bench.comesTo(CssPhase.HALTING).says("VTD_CMD_SYS_HALT");
    assertThat(bench.beat().getVtdStatus()).isEqualTo(VtdStatus.VTD_SYSHALT);
    assertThat(bench.beat().getInstStatus()).isEqualTo(InstStatus.INST_OPEN);
    assertThat(bench.beat().getCampaign().getTerm()).as("no claim any more").isZero();
    bench.event(new Event.BlockWritten(bench.state.seat.beatRequest, Paper.VOTE, 0)).fires(900);
    bench.comesTo(CssPhase.DOWN).halts(ExitCode.KILLED_BY_PEER);
  }

  @Test
  void aKillForAnEarlierLifeHarmsNobody() {
    killed(CssBench.control(2), CssBench.LIFE - 1).fires(410).comesTo(CssPhase.CONTROL);
  }

  @Test
  void withAnUnreadableKillAreaItNeitherBeatsNorDecides() {
    CssBench bench = CssBench.normal(2);
    int kill = VoteLayout.kill(Paper.CSS, bench.state.seat.ep);
    bench.paper.damage(kill);
    bench.look().fires(120);
    assertThat(Told.says(bench.effects)).anyMatch(l -> l.contains("VOTE disk, block " + kill));
    assertThat(Told.beats(bench.effects)).isEmpty();
  }

  /** Only a successor kills a control CSS; while nobody claims to be one, its area is repaired. */
  @Test
  void aControlCssWithoutARivalWritesItsOwnDamagedKillAreaAnew() {
    CssBench bench = CssBench.control(2);
    int kill = VoteLayout.kill(Paper.CSS, 0);
    bench.paper.damage(kill);
    bench.look().fires(410);
    assertThat(Told.of(Effect.WriteBlock.class, bench.effects))
        .anyMatch(
            w -> w.block() == kill && w.payload() instanceof Kill k && k.getIncarnation() == 0);
  }

  @Test
  void aFailedLookIsSaidOnceAndTriedAgain() {
    CssBench bench = CssBench.control(2).tick().failed();
    bench.fires(130);
    bench.says(VOTE_IS_GONE);
    bench.tick().failed().fires(130);
    bench.says();
  }

  @Test
  void withoutVoteForTheDiskCheckCountItEnds() {
    CssBench bench = CssBench.control(2);
    long goodMs = bench.state.seat.lastGoodMs;
    while (bench.state.phase == CssPhase.CONTROL) {
      bench.nowMs = bench.state.wakeAtMs();
      bench.event(new Event.Tick());
    }
    bench.fires(140);
    assertThat(bench.nowMs - goodMs).isEqualTo(bench.state.seat.diskCheckMs());
    bench.comesTo(CssPhase.DOWN).halts(ExitCode.SELF_FENCED).says(VOTE_IS_GONE);
  }

  @Test
  void oneWhoseHeartbeatsCannotBeWrittenForTheDiskCheckCountEndsToo() {
    CssBench bench = CssBench.control(2);
    int beats = 0;
    while (bench.state.phase == CssPhase.CONTROL) {
      bench.nowMs += 1000;
      bench.event(new Event.Tick());
      if (bench.state.seat.asking) {
        bench.read();
        beats++;
      }
    }
    bench.fires(140);
    assertThat(beats).isEqualTo(bench.paper.dcr.getGroup(Paper.CSS).getDskchkCnt() - 1);
  }

  @Test
  void itLooksAtTheWholeDiskOnceASecond() {
    CssBench bench = CssBench.control(2).tick();
    bench.fires(150);
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects))
        .singleElement()
        .matches(r -> r.first() == 0 && r.count() == VoteLayout.USED);
  }

  @ParameterizedTest
  @EnumSource(names = {"ELECTION", "CLAIM", "NORMAL", "CONTROL"})
  void stoppedInOrderItShowsShutdown(CssPhase phase) {
    CssBench bench = in(phase).event(new Event.StopRequested());
    bench.fires(600);
    bench.comesTo(CssPhase.HALTING);
    assertThat(bench.beat().getVtdStatus()).isEqualTo(VtdStatus.VTD_SHUTDOWN);
    bench.tick().fires(910);
    bench.comesTo(CssPhase.DOWN).halts(ExitCode.OK);
  }

  @Test
  void oneThatEndsDoesNothingMore() {
    CssBench bench = in(CssPhase.HALTING);
    bench.trigger(new CssTrigger.DcrRead(List.of())).fires(922);
    bench.trigger(new CssTrigger.SlotRead(List.of())).fires(922);
    bench.trigger(new CssTrigger.Killed()).fires(924);
    bench.trigger(new CssTrigger.LookFailed("x")).fires(925);
    bench.trigger(new CssTrigger.MarkWritten(1)).fires(935);
    bench.trigger(new CssTrigger.Marked(1)).fires(935);
    bench.trigger(new CssTrigger.MarksRead(1, List.of(Block.EMPTY, Block.EMPTY))).fires(935);
    bench.event(new Event.Launched("dmserver", null)).fires(931);
    bench.event(new Event.AddressSet("enp0s3", "1.2.3.4", true, null)).fires(932);
    bench.event(new Event.StopRequested()).fires(950);
    assertThat(bench.effects).hasSize(1);
  }

  @Test
  void whatIsForSomebodyElseIsIgnored() {
    CssBench bench = CssBench.control(2).look();
    bench.event(new Event.BlockWritten(bench.state.seat.beatRequest, Paper.VOTE, 1)).fires(155);
    bench.event(new Event.DiskFailed(bench.state.seat.beatRequest, Paper.VOTE, "x")).fires(926);
    bench.from(1, MalThaw.getDefaultInstance()).fires(929);
    bench.event(new Event.BlockWritten(987654, Paper.VOTE, 1)).fires(929);
    bench.event(new Event.LinkUp(new Endpoint("mon", "dmcssm"), 1)).fires(930);
  }

  @Test
  void consoleWordsAreRefusedWithTheRemedy() {
    CssBench bench = CssBench.control(2).event(new Event.Command(7, List.of("stop")));
    bench.fires(940);
    assertThat(Told.of(Effect.Reply.class, bench.effects))
        .singleElement()
        .satisfies(r -> assertThat(r.text()).contains("n1/dmcss knows these words only: show"));
  }

  @Test
  void monitorsAreTurnedAwayByOneThatEnds() {
    CssBench bench = in(CssPhase.HALTING);
    bench.from(1, MonLogin.newBuilder().setOguid(CssBench.OGUID).build()).fires(510);
    bench.from(1, MonRequest.newBuilder().setId(5).build()).fires(540);
  }
}
