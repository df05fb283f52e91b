package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DMDCR_CHECK_CSS_ACTIVE, and a second process with one's DMDCR_SEQNO. */
@RowsOf({"dmasmsvr", "dmserver"})
class NodeKeysEpTest {
  private static Event link(EpBench bench, boolean up) {
    Endpoint css = bench.state.css();
    return up ? new Event.LinkUp(css, 1) : new Event.LinkDown(css, "gone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void whoseCssIsGoneHaltsItself(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN);
    bench.event(link(bench, true)).fires(172);
    bench.event(link(bench, false)).fires(170);
    bench.comesTo(EpPhase.HALTING).shows(EpPhase.OPEN, VtdStatus.VTD_SYSHALT);
    assertThat(Told.says(bench.effects))
        .startsWith("n1/dmcss is not active (DMDCR_CHECK_CSS_ACTIVE = 1)");
    bench.event(link(bench, true)).fires(943);
    bench.event(new Event.BlockWritten(bench.state.seat.beatRequest, Paper.VOTE, 0));
    bench.halts(ExitCode.SELF_FENCED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aCssThatWasNeverThereIsWaitedFor(String role) {
    EpBench bench = EpBench.in(role, EpPhase.OPEN);
    bench.event(link(bench, false)).fires(172);
    bench.comesTo(EpPhase.OPEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void onlyWithTheKeyItAsksForALink(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    bench.dcrRead(Paper.dcrBlocks(EpBench.PLAN)).slotRead(Block.EMPTY).fires(40);
    assertThat(bench.effects).doesNotContain(new Effect.Connect(bench.state.css()));
    bench = EpBench.born(role).change(s -> s.checkCss = true);
    bench.event(new Event.Started(EpBench.LIFE, 4711));
    bench.dcrRead(Paper.dcrBlocks(EpBench.PLAN)).slotRead(Block.EMPTY).fires(40);
    assertThat(bench.effects).contains(new Effect.Connect(bench.state.css()));
  }

  private static Block elsewhere(long ts, VtdStatus vtd) {
    return Block.of(
        Heartbeat.newBuilder().setHost("n9").setIncarnation(3).setTs(ts).setVtdStatus(vtd).build());
  }

  private static EpBench boot(String role) {
    EpBench bench = EpBench.born(role).event(new Event.Started(EpBench.LIFE, 4711));
    return bench.dcrRead(Paper.dcrBlocks(EpBench.PLAN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void theSecondOfANumberEndsWith12000(String role) {
    EpBench bench = boot(role).slotRead(elsewhere(7, VtdStatus.VTD_WORKING));
    bench.fires(38);
    assertThat(Told.beats(bench.effects)).isEmpty();
    bench.tick().slotRead(elsewhere(8, VtdStatus.VTD_WORKING)).fires(36);
    bench.comesTo(EpPhase.DOWN).halts(ExitCode.CONFIG);
    String name = bench.state.seat.name();
    bench.says("[code: 12000] instance " + name + " already started, on host n9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aSlotThatStandsStillForTheCountIsFree(String role) {
    EpBench bench = boot(role).slotRead(elsewhere(7, VtdStatus.VTD_WORKING));
    int count = bench.state.seat.dcr.getGroup(bench.group).getDskchkCnt();
    for (int look = 0; look < count; look++) {
      bench.tick().slotRead(elsewhere(7, VtdStatus.VTD_WORKING)).fires(38);
    }
    bench.tick().slotRead(elsewhere(7, VtdStatus.VTD_WORKING)).fires(40);
    boot(role).slotRead(elsewhere(7, VtdStatus.VTD_SHUTDOWN)).fires(40);
  }
}
