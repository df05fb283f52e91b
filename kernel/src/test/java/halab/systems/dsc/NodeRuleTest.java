package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.CssBeat;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.dsc.config.DmdcrIni;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DMDCR_CRASH_CHECK_OPT_COUNT: when a silent node counts as failed (reference 2.2). */
class NodeRuleTest {
  private static DmdcrIni ini(String key, String value) {
    LabPlan.Options options = new LabPlan.Options(2, true, 20000, Map.of(key, value), Map.of());
    return DmdcrIni.read(DscPlan.plan(options).host("n1").files());
  }

  private static GroupBench remote(int count) {
    GroupBench bench = GroupBench.open(Paper.DB, 2);
    return bench.ini("DMDCR_CRASH_CHECK_OPT_COUNT", String.valueOf(count));
  }

  private static boolean failed(GroupBench bench) {
    return bench.scene().silent(Paper.DB, 1);
  }

  @Test
  void aSilentNodeThatIsHeardOverTheNetworkIsSpared() {
    GroupBench bench = remote(3);
    for (int group : new int[] {Paper.CSS, Paper.ASM, Paper.DB}) {
      bench.paper.dies(group, 1);
    }
    bench.paper.passes(20);
    bench.heard.put(1, bench.paper.look - 2);
    assertThat(failed(bench)).isFalse();
    bench.heard.put(1, bench.paper.look - 3);
    assertThat(failed(bench)).as("silent there for 3 looks too").isTrue();
  }

  @Test
  void eachOfItsThreeMustHaveMissedMoreThanTheCount() {
    GroupBench bench = remote(30);
    for (int group : new int[] {Paper.CSS, Paper.ASM, Paper.DB}) {
      bench.paper.dies(group, 1);
    }
    bench.paper.passes(30);
    assertThat(failed(bench)).isFalse();
    bench.paper.passes(1);
    assertThat(failed(bench)).isTrue();
  }

  @Test
  void oneProcessAloneIsJudgedByTheDiskAndSoIsTheOwnNode() {
    GroupBench bench = remote(30);
    bench.paper.dies(Paper.DB, 1).diskCheck(Paper.DB);
    bench.heard.put(1, bench.paper.look);
    assertThat(failed(bench)).isTrue();
    GroupBench own = remote(30);
    own.css = 1;
    for (int group : new int[] {Paper.CSS, Paper.ASM, Paper.DB}) {
      own.paper.dies(group, 1);
    }
    own.paper.diskCheck(Paper.DB);
    assertThat(failed(own)).isTrue();
  }

  @Test
  void theNetworkIsSpokenToEveryTick() {
    CssBench bench = CssBench.born(2, 0);
    DmcssState told = bench.state.with(s -> s.seat = s.seat.with(x -> x.dcr = bench.paper.dcr));
    DmcssState on =
        new DmcssState(told.self, ini("DMDCR_CRASH_CHECK_OPT_COUNT", "5"), told.seat, told.words);
    ArrayList<Effect> out = new ArrayList<>();
    CssNet.dial(on, out);
    CssNet.tell(on, out);
    Endpoint other = new Endpoint("n2", "dmcss");
    CssBeat beat = CssBeat.newBuilder().setSeqno(0).build();
    assertThat(out).containsExactly(new Effect.Connect(other), new Effect.Send(other, beat));
  }
}
