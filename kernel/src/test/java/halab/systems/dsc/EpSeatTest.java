package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Boot of dmasmsvr and dmserver and their seat at the VOTE disk (reference 1.3, 1.4, 4.1, 4.5). */
@RowsOf({"dmasmsvr", "dmserver"})
class EpSeatTest {
  private static final String VOTE_IS_GONE =
      "][!!!DSC INFO!!!]Unable to access VOTING DISK! disk may be not mounted, suggest to check"
          + " shared storage.";

  private static List<Block> damagedDcr() {
    List<Block> blocks = new ArrayList<>(Paper.dcrBlocks(EpBench.PLAN));
    blocks.set(0, Block.damaged("checksum differs"));
    blocks.set(1, Block.damaged("checksum differs"));
    return blocks;
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void theFirstThingReadIsTheDcr(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    bench.fires(10);
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects))
        .containsExactly(new Effect.ReadBlocks(1, Paper.DCR, 0, DcrLayout.USED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void withTheDcrItReadsItsOwnSlot(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    bench.dcrRead(Paper.dcrBlocks(EpBench.PLAN)).fires(20);
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects))
        .containsExactly(
            new Effect.ReadBlocks(2, Paper.VOTE, 0, VoteLayout.heartbeat(bench.group, 0) + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aVoteDiskOfAnotherClusterIsRefused(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    bench.dcrRead(Paper.dcrBlocks(new Paper(2).plan));
    Block other =
        Block.of(DcrLayout.voteHeader(bench.state.seat.dcr).toBuilder().setOguid(1).build());
    bench.slotRead(other, other, Block.EMPTY).fires(35);
    bench.comesTo(EpPhase.DOWN).halts(ExitCode.CONFIG);
    assertThat(Told.says(bench.effects))
        .singleElement()
        .asString()
        .contains("OGUID 1", "halab init");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void oneDamagedCopyOfTheVoteHeaderIsSaidAndSurvived(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    bench.dcrRead(Paper.dcrBlocks(new Paper(2).plan));
    Block good = Block.of(DcrLayout.voteHeader(bench.state.seat.dcr));
    bench.slotRead(Block.damaged("checksum wrong"), good, Block.EMPTY).fires(40);
    assertThat(Told.says(bench.effects)).anyMatch(l -> l.contains("block 0: checksum wrong"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aDamagedDcrIsRefusedWithTheRemedy(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    bench.dcrRead(damagedDcr()).fires(30);
    bench.comesTo(EpPhase.DOWN).halts(ExitCode.CONFIG);
    assertThat(Told.says(bench.effects))
        .singleElement()
        .asString()
        .contains("block 0: checksum differs", "halab init");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aSeqnoThatTheDcrDoesNotKnowIsRefused(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    bench.dcrRead(withOneEp()).fires(20);
    bench = EpBench.startup(role, 2);
    assertThat(EpRows.dcrProblem(bench.state.seat, withOneEp()))
        .contains("DMDCR_SEQNO = 2", "knows only 1 EPs", "correct DMDCR_SEQNO");
  }

  private static List<Block> withOneEp() {
    return Paper.dcrBlocks(EpBench.PLAN).stream()
        .map(
            b ->
                b.payload() instanceof halab.dsc.proto.DcrGroup g
                    ? Block.of(g.toBuilder().setNEp(1).build())
                    : b)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void countersGoOnWhereTheLastLifeLeftThem(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    bench.dcrRead(Paper.dcrBlocks(EpBench.PLAN));
    bench.slotRead(Block.of(Heartbeat.newBuilder().setGuid(500).setTs(777).build())).fires(40);
    bench.comesTo(EpPhase.STARTUP);
    assertThat(bench.state.seat.guid).isEqualTo(500);
    assertThat(bench.state.seat.ts).isEqualTo(777);
    assertThat(Told.of(Effect.Connect.class, bench.effects))
        .extracting(Effect.Connect::peer)
        .as("the lower seqno dials")
        .contains(bench.peer(1), bench.peer(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aDiskThatFailsAtBootIsTriedAgain(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    bench.event(new Event.DiskFailed(1, Paper.DCR, "gone")).fires(50);
    bench.tick().fires(60);
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void stoppedBeforeItStartedItJustLeaves(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    bench.event(new Event.StopRequested()).fires(70);
    bench.comesTo(EpPhase.DOWN).halts(ExitCode.OK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aLookFromBeforeALongPauseIsTakenAnew(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).area().tick();
    bench.nowMs += bench.state.seat.diskCheckMs();
    bench.ordered(Cmd.CMD_EP_STOP, 9).fires(100);
    bench.comesTo(EpPhase.OPEN);
    assertThat(Told.beats(bench.effects)).isEmpty();
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects)).hasSize(1);
    bench.killed(EpBench.LIFE).fires(110);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void killIsObeyedInEveryPhaseThatBeats(String role) {
    for (EpPhase phase : EpRows.ALIVE) {
      EpBench bench = EpBench.in(role, phase).killed(EpBench.LIFE);
      bench.fires(110);
      bench.comesTo(EpPhase.HALTING).shows(phase, VtdStatus.VTD_SYSHALT);
      assertThat(Told.says(bench.effects)).startsWith("VTD_CMD_SYS_HALT");
      assertThat(Told.says(bench.effects).contains("[for dem]SYSTEM SHUTDOWN ABORT."))
          .isEqualTo(role.equals("dmserver"));
      bench.event(new Event.BlockWritten(bench.state.seat.beatRequest, Paper.VOTE, 0)).fires(900);
      bench.comesTo(EpPhase.DOWN).halts(ExitCode.KILLED_BY_PEER);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aKillForAnEarlierLifeHarmsNobody(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).killed(EpBench.LIFE - 1);
    bench.fires(160);
    bench.comesTo(EpPhase.OPEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void withAnUnreadableKillAreaItDoesNotBeat(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN);
    bench.area(Block.EMPTY, Block.damaged("checksum differs")).fires(120);
    bench.comesTo(EpPhase.OPEN);
    String block = "VOTE disk, block " + VoteLayout.kill(bench.state.seat.group, 0);
    assertThat(Told.says(bench.effects))
        .anyMatch(l -> l.startsWith(block) && l.contains("checksum differs"));
    assertThat(Told.beats(bench.effects)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aFailedLookIsSaidOnceAndTriedAgain(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).area().tick();
    bench.event(failed(bench)).fires(130);
    bench.says("[" + bench.state.seat.name() + VOTE_IS_GONE);
    bench.tick().event(failed(bench)).fires(130);
    bench.says();
  }

  private static Event failed(EpBench bench) {
    return new Event.DiskFailed(bench.state.seat.areaRequest, Paper.VOTE, "no route");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void withoutItsAreaForTheDiskCheckCountItGivesUp(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).area();
    long goodMs = bench.state.seat.lastGoodMs;
    while (bench.state.phase == EpPhase.OPEN) {
      bench.tick();
      if (bench.state.seat.asking) {
        bench.event(failed(bench));
      }
    }
    bench.fires(140);
    assertThat(bench.nowMs - goodMs).isEqualTo(bench.state.seat.diskCheckMs());
    bench.comesTo(EpPhase.DOWN).halts(ExitCode.SELF_FENCED);
    bench.says(
        "[" + bench.state.seat.name() + VOTE_IS_GONE,
        "hpc_heart_beat_dsk_thread halt, sys_status: OPEN, vtd_status: WORKING");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aHungDiskIsJudgedByItsOwnDeadline(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).area();
    while (bench.state.phase == EpPhase.OPEN) {
      bench.nowMs = bench.state.wakeAtMs();
      bench.event(new Event.Tick());
    }
    bench.fires(140);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void afterALongPauseItReadsItsAreaBeforeItJudges(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).area();
    bench.nowMs += 10 * bench.state.seat.diskCheckMs();
    bench.event(new Event.Tick()).fires(150);
    assertThat(Told.of(Effect.ReadBlocks.class, bench.effects))
        .singleElement()
        .satisfies(r -> assertThat(r.first()).isEqualTo(VoteLayout.command(bench.group, 0)));
    bench.killed(EpBench.LIFE).fires(110);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aQuietAreaMeansOneMoreBeat(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN).area();
    long ts = bench.state.seat.ts;
    bench.area().fires(160);
    assertThat(bench.state.seat.ts).isEqualTo(ts + 1);
    assertThat(bench.state.seat.nextTickMs).isEqualTo(bench.nowMs + 1000);
    bench.shows(EpPhase.OPEN, VtdStatus.VTD_WORKING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void whatItSaysFirstIsThatItWantsToBeStarted(String role) {
    EpBench bench = EpBench.startup(role).area();
    bench.shows(EpPhase.STARTUP, VtdStatus.VTD_STARTUP2);
  }

  @Test
  void aDmserverAsksOnlyOnceItsDmasmsvrServesFiles() {
    EpBench bench = EpBench.startup("dmserver").change(s -> s.asmOpen = false);
    bench.change(s -> s.seat = s.seat.with(x -> x.vtd = VtdStatus.VTD_STARTUP)).area();
    bench.shows(EpPhase.STARTUP, VtdStatus.VTD_STARTUP);
    bench.asmSays(true).area().shows(EpPhase.STARTUP, VtdStatus.VTD_STARTUP2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aGuidThatCssSetsIsTakenWithItsTs(String role) {
    EpBench bench = EpBench.startup(role);
    bench.ordered(Cmd.CMD_NONE, 0, c -> c.setGuid(9000)).fires(160);
    assertThat(Told.beats(bench.effects).get(0).getGuid()).isEqualTo(9000);
    assertThat(Told.beats(bench.effects).get(0).getTs()).isEqualTo(9001);
    bench.ordered(Cmd.CMD_NONE, 0, c -> c.setGuid(9000)).fires(160);
    assertThat(Told.beats(bench.effects).get(0).getTs()).isEqualTo(9002);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void noLowerTermAndNoOtherLifeIsObeyed(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN);
    bench.ordered(Cmd.CMD_SUSPEND_WORKER, 41, c -> c.setIncarnation(EpBench.LIFE - 1)).fires(160);
    bench.ordered(Cmd.CMD_NONE, 0, c -> c.setTerm(7)).fires(160);
    bench.ordered(Cmd.CMD_SUSPEND_WORKER, 41, c -> c.setTerm(6)).fires(160);
    bench.comesTo(EpPhase.OPEN);
  }
}
