package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonOp;
import halab.dsc.proto.MonRequest;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Event;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code extend node}, from the monitor's word to DCR_LOAD (reference 4.3, 5.3, drill 39). */
@RowsOf({"dmcss", "dmcss.ASM", "dmcss.DB"})
class ExtendNodeTest {
  private static final DcrImage THREE = new Paper(3).dcr;

  /** The DCR of two nodes as dmasmcmd has extended it to this many. */
  private static List<Block> extended(DcrImage old, DcrImage wanted) {
    var blocks = DcrLayout.blocks(DcrGrowth.grown(old, wanted));
    return IntStream.range(0, DcrLayout.USED)
        .mapToObj(n -> blocks.containsKey(n) ? Block.of(blocks.get(n)) : Block.EMPTY)
        .toList();
  }

  private static CssBench asked(CssBench bench) {
    bench.login(1, CssBench.OGUID);
    bench.asks(1, extend()).fires(530);
    assertThat(bench.sent(MonAnswer.class)).isEmpty();
    return bench;
  }

  private static MonRequest.Builder extend() {
    return MonRequest.newBuilder().setOp(MonOp.MON_EXTEND_NODE).setType(GroupType.CSS);
  }

  private static CssBench reads(CssBench bench, List<Block> blocks) {
    return bench.event(new Event.BlocksRead(bench.state.extension.request(), Paper.DCR, 0, blocks));
  }

  // ---- dmcss ------------------------------------------------------------------------------------

  @Test
  void theControlCssTakesTheDcrAndHasAllEpsLoadIt() {
    CssBench bench = asked(DmcssWorkTest.serving(2));
    List<Effect.ReadBlocks> read = Told.of(Effect.ReadBlocks.class, bench.effects);
    assertThat(read).hasSize(1);
    assertThat(read.get(0).disk()).isEqualTo(Paper.DCR);
    reads(bench, extended(bench.state.seat.dcr, THREE)).fires(570);
    assertThat(bench.answer()).isZero();
    assertThat(Told.says(bench.effects)).contains("extend node: CSS2, ASM2, DSC2");
    assertThat(Told.commands(bench.effects))
        .extracting(c -> c.substring(0, c.lastIndexOf(' ')))
        .containsExactly("ASM0 DCR_LOAD", "ASM1 DCR_LOAD", "DB0 DCR_LOAD", "DB1 DCR_LOAD");
    assertThat(bench.state.seat.dcr.getGroup(0).getNEp()).isEqualTo(3);
    for (int g = 1; g < VoteLayout.GROUPS; g++) {
      assertThat(bench.state.group(g).phase).isEqualTo(GroupPhase.EXTEND);
      assertThat(bench.state.group(g).dcr.getErrEpList()).containsExactly(2);
      assertThat(bench.state.group(g).ok).containsExactly(0, 1);
    }
    assertThat(CssMonitors.group(bench.state, 2).getEp(2).getOk()).isFalse();
    bench.asks(1, extend()).fires(540);
    assertThat(bench.answer()).isEqualTo(-1105);
  }

  @Test
  void aNormalCssTakesTheDcrAndOrdersNothing() {
    CssBench bench = asked(CssBench.normal(2));
    reads(bench, extended(bench.state.seat.dcr, THREE)).fires(570);
    assertThat(bench.answer()).isZero();
    assertThat(bench.state.seat.dcr.getGroup(2).getNEp()).isEqualTo(3);
    assertThat(Told.commands(bench.effects)).isEmpty();
  }

  @Test
  void aDcrThatHasNotGrownByOneNodeIsRefusedInTheLog() {
    CssBench same = asked(DmcssWorkTest.serving(2));
    reads(same, CssBench.blocks(2)).fires(572);
    assertThat(same.answer()).isEqualTo(-1105);
    assertThat(Told.says(same.effects))
        .containsExactly("extend node failed: it has no EP more than the DCR");
    CssBench two = asked(DmcssWorkTest.serving(2));
    reads(two, CssBench.blocks(4)).fires(572);
    assertThat(Told.says(two.effects).get(0)).contains("only one EP can be added at a time");
    assertThat(two.state.seat.dcr.getGroup(0).getNEp()).isEqualTo(2);
  }

  @Test
  void itCanBeRepeatedForACssThatFailed() {
    CssBench bench = asked(CssBench.normal(2));
    List<Block> grown = extended(bench.state.seat.dcr, THREE);
    reads(bench, grown).fires(570);
    reads(asked(bench), grown).fires(570);
    assertThat(bench.answer()).isZero();
    assertThat(Told.says(bench.effects)).contains("extend node: no EP more than before");
    assertThat(bench.state.seat.dcr.getGroup(0).getNEp()).isEqualTo(3);
  }

  @Test
  void aFaultMarkOfACssThatHasNotHeardOfItUndoesNoExtension() {
    CssBench bench = asked(DmcssWorkTest.serving(2));
    DcrImage old = bench.state.seat.dcr;
    DcrImage.Builder part = DcrGrowth.grown(old, THREE).toBuilder();
    part.setGroup(1, old.getGroup(1).toBuilder().addErrEp(1));
    var blocks = DcrLayout.blocks(part.build());
    List<Block> marked =
        IntStream.range(0, DcrLayout.USED)
            .mapToObj(n -> blocks.containsKey(n) ? Block.of(blocks.get(n)) : Block.EMPTY)
            .toList();
    assertThat(DcrLayout.group(marked, 1).getErrEpList()).containsExactly(1, 2);
    reads(bench, marked).fires(570);
    assertThat(bench.state.seat.dcr.getGroup(1).getNEp()).isEqualTo(3);
    assertThat(bench.state.asm.dcr.getErrEpList()).contains(2);
  }

  @Test
  void aGroupThatHasSomethingToHandleMeanwhileIsNotExtended() {
    CssBench bench = asked(DmcssWorkTest.serving(2));
    bench.change(s -> s.db = s.db.with(g -> g.phase = GroupPhase.CRASH_STEP1));
    reads(bench, extended(bench.state.seat.dcr, THREE)).fires(572);
    assertThat(Told.says(bench.effects))
        .containsExactly("extend node failed: a group is not at rest any more");
    assertThat(bench.state.asm.phase).isEqualTo(GroupPhase.OPEN);
  }

  @Test
  void aDcrThatCannotBeReadIsSaid() {
    CssBench bench = asked(DmcssWorkTest.serving(2));
    bench.event(new Event.DiskFailed(bench.state.extension.request(), Paper.DCR, "EIO")).fires(574);
    bench.says("extend node failed: DCR disk: EIO");
    assertThat(bench.answer()).isEqualTo(-1105);
    assertThat(bench.state.extension).isNull();
  }

  @Test
  void withMonitoringOffItIsRefused() {
    CssBench bench = DmcssWorkTest.serving(2).login(1, CssBench.OGUID);
    bench.change(s -> s.autoCheck = false).asks(1, extend()).fires(540);
    assertThat(bench.answer()).isEqualTo(-1052);
  }

  @Test
  void anAnswerThatComesAfterTheEndIsIgnored() {
    CssBench bench = DmcssWorkTest.serving(2).change(s -> s.phase = CssPhase.HALTING);
    bench.trigger(new CssTrigger.DcrAgain(List.of())).fires(918);
    bench.trigger(new CssTrigger.DcrUnread("EIO")).fires(918);
  }

  // ---- a group ----------------------------------------------------------------------------------

  private static GroupBench told(int group) {
    GroupBench bench = GroupBench.open(group, 2);
    DcrGroup more = bench.state.dcr.toBuilder().setNEp(3).addErrEp(2).setGeneration(7).build();
    bench.fire(new GroupTrigger.Extend(more)).fires(470);
    return bench.comesTo(GroupPhase.EXTEND);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void allLoadTheDcrAndTheGroupIsAtRestAgain(int group) {
    GroupBench bench = told(group);
    bench.commands(bench.type() + "0 DCR_LOAD 41", bench.type() + "1 DCR_LOAD 42");
    assertThat(bench.state.dcr.getGeneration()).isEqualTo(7);
    bench.answered(0).look().fires(900);
    bench.answered(1).look().fires(474);
    bench.comesTo(GroupPhase.OPEN).commands(bench.type() + "0 NONE", bench.type() + "1 NONE");
    assertThat(Told.says(bench.effects))
        .contains("[%s]: cmd[DCR_LOAD] process over!".formatted(bench.type()));
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void whoIsLostMeanwhileIsHandled(int group) {
    GroupBench bench = told(group).answered(0).dies(1).look();
    bench.fires(472);
    bench.comesTo(group == Paper.ASM ? GroupPhase.ASM_CRASH_SUSPEND : GroupPhase.CRASH_STEP1);
    bench.kills(bench.type() + "1 up to 11");
    assertThat(bench.state.dcr.getErrEpList()).containsExactly(1, 2);
    assertThat(Told.says(bench.effects).get(0))
        .startsWith("[%s]: extend node failed".formatted(bench.type()));
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void anotherControlCssOrdersItAgain(int group) {
    GroupBench bench = told(group).state(g -> g.issued = new TreeMap<>()).look();
    bench.fires(476);
    bench.commands(bench.type() + "0 DCR_LOAD 43", bench.type() + "1 DCR_LOAD 44");
    GroupState adopted =
        GroupState.adopt(
            group,
            bench.state.dcr,
            bench.state.with(g -> g.generation = 4).record(3, List.of(0, 1)).build(),
            50);
    assertThat(adopted.phase).isEqualTo(GroupPhase.EXTEND);
    assertThat(adopted.ok).containsExactly(0, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aGroupThatIsNotOpenIsNotExtended(int group) {
    GroupBench bench = GroupBench.open(group, 2).state(g -> g.phase = GroupPhase.SHUTDOWN);
    bench.fire(new GroupTrigger.Extend(bench.state.dcr)).fires(924);
    bench.comesTo(GroupPhase.SHUTDOWN).commands();
  }
}
