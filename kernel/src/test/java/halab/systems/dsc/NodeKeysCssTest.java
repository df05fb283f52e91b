package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.CssBeat;
import halab.dsc.proto.Heartbeat;
import halab.kernel.Block;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import org.junit.jupiter.api.Test;

/** DMDCR_CRASH_CHECK_OPT_COUNT, -14006, 12000, a DCR that takes no marks. */
@RowsOf("dmcss")
class NodeKeysCssTest {
  private static CssBench boot() {
    CssBench bench = CssBench.born(2, 0).event(new Event.Started(CssBench.LIFE, 4711));
    return bench.dcrRead(CssBench.blocks(2));
  }

  private static Block elsewhere(long ts) {
    return Block.of(Heartbeat.newBuilder().setHost("n9").setIncarnation(3).setTs(ts).build());
  }

  @Test
  void withoutItsVoteDiskItEndsWith14006() {
    CssBench bench = boot().failed();
    bench.fires(45);
    bench.comesTo(CssPhase.DOWN).halts(ExitCode.CONFIG);
    bench.says("dmcss startup failed:[code:-14006] error info :VOTE DISK 不存在");
  }

  @Test
  void theSecondOfANumberEndsWith12000() {
    CssBench bench = boot().slotRead(elsewhere(7));
    bench.fires(38);
    bench.tick().slotRead(elsewhere(8)).fires(36);
    bench.comesTo(CssPhase.DOWN).halts(ExitCode.CONFIG);
    bench.says("[code: 12000] instance CSS0 already started, on host n9");
  }

  @Test
  void aNodeIsHeardOverTheNetwork() {
    CssBench bench = CssBench.control(2);
    Endpoint other = new Endpoint("n2", "dmcss");
    Event heard = new Event.Received(other, CssBeat.newBuilder().setSeqno(1).build());
    bench.event(heard).fires(160);
    assertThat(bench.state.heardLook).containsEntry(1, bench.state.look);
    bench.change(s -> s.phase = CssPhase.HALTING).event(heard).fires(934);
  }

  @Test
  void onlyWithTheKeyItSpeaksOverTheNetwork() {
    CssBench bench = CssBench.control(2).look();
    assertThat(bench.sent(CssBeat.class)).isEmpty();
  }

  @Test
  void marksThatCannotBeStoredForTheCountEndIt() {
    CssBench bench = DmcssWorkTest.serving(2);
    bench.change(
        s ->
            s.db =
                s.db.with(
                    g -> {
                      g.marking = GroupActs.REQUESTS;
                      g.markingLook = bench.state.look;
                    }));
    int count = bench.state.seat.dcr.getGroup(0).getDskchkCnt();
    for (int look = 0; look < count; look++) {
      bench.look().fires(410);
    }
    bench.look().fires(405);
    bench.comesTo(CssPhase.HALTING);
    assertThat(Told.says(bench.effects)).contains(DscText.noDcr("CSS0", Paper.DCR));
  }
}
