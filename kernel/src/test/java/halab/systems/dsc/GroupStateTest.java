package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.bricks.Rng;
import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the next control CSS takes over, and the numbers that only rise (reference 1.4, 3.1, 3.4).
 */
class GroupStateTest {
  private static final DcrGroup DCR = new Paper(3).dcr.getGroup(Paper.DB);

  private static GroupState some(int group, GroupPhase phase) {
    return new GroupState(group, DCR)
        .with(
            g -> {
              g.phase = phase;
              g.control = 1;
              g.broken = List.of(0);
              g.recover = 2;
              g.ok = List.of(1, 2);
              g.lastSeq = 52;
              g.generation = 9;
              g.crashOver = true;
              g.lives = new TreeMap<>();
              g.lives.put(1, 11L);
              g.lives.put(2, 12L);
            });
  }

  private static GroupState adopted(int group, GroupPhase phase) {
    GroupRecord record = some(group, phase).record(3, List.of(1, 2)).build();
    return GroupState.adopt(group, DCR, record, 60);
  }

  @ParameterizedTest
  @EnumSource(GroupPhase.class)
  void aFlowInProgressStartsOverFromItsFirstStep(GroupPhase phase) {
    GroupPhase entry = adopted(Paper.DB, phase).phase;
    if (phase.starting()) {
      assertThat(entry).isEqualTo(GroupPhase.STARTUP);
    } else if (phase.crashing()) {
      assertThat(entry).isEqualTo(GroupPhase.CRASH_STEP1);
      assertThat(adopted(Paper.ASM, phase).phase).isEqualTo(GroupPhase.ASM_CRASH_SUSPEND);
    } else if (phase.rejoining() || phase == GroupPhase.LINK_CHECK) {
      assertThat(entry).isEqualTo(GroupPhase.REJOIN_SUSPEND);
    } else {
      assertThat(entry).isEqualTo(phase);
    }
  }

  /** ADJUST_MASTER_EP: EP START2 and the like were done under the old control EP. */
  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void aRejoinWhoseEpIsControlNodeAlreadyGoesOnThere(int group) {
    for (GroupPhase phase :
        List.of(
            GroupPhase.REJOIN_ADJUST,
            GroupPhase.REJOIN_RESUME,
            GroupPhase.REJOIN_REAL_OPEN,
            GroupPhase.LINK_CHECK)) {
      GroupState adjusted = some(group, phase).with(g -> g.control = 2);
      GroupRecord record = adjusted.record(3, List.of(1, 2)).build();
      assertThat(GroupState.adopt(group, DCR, record, 60).phase)
          .isEqualTo(GroupPhase.REJOIN_ADJUST);
    }
  }

  @Test
  void aLinkCheckStartsOverWithWhatItInterrupted() {
    GroupState open = some(Paper.DB, GroupPhase.LINK_CHECK);
    GroupState crash = open.with(g -> g.recover = DscText.NONE);
    GroupState rest = crash.with(g -> g.broken = List.of());
    assertThat(GroupState.adopt(Paper.DB, DCR, crash.record(3, List.of(1, 2)).build(), 60).phase)
        .isEqualTo(GroupPhase.CRASH_STEP1);
    assertThat(GroupState.adopt(Paper.DB, DCR, rest.record(3, List.of(1, 2)).build(), 60).phase)
        .isEqualTo(GroupPhase.OPEN);
  }

  @ParameterizedTest
  @EnumSource(GroupPhase.class)
  void membershipAndLivesAreKept(GroupPhase phase) {
    GroupState g = adopted(Paper.DB, phase);
    assertThat(g.control).isEqualTo(1);
    assertThat(g.ok).containsExactly(1, 2);
    assertThat(g.broken).containsExactly(0);
    assertThat(g.lives).containsEntry(1, 11L).containsEntry(2, 12L).hasSize(2);
    assertThat(g.recover)
        .isEqualTo(phase.rejoining() || phase == GroupPhase.LINK_CHECK ? 2 : DscText.NONE);
    assertThat(g.lastSeq).isEqualTo(60);
    assertThat(g.issued).as("every command is given again").isEmpty();
    assertThat(g.doomed).hasSize(phase == GroupPhase.HALT ? 2 : 0);
  }

  @ParameterizedTest
  @EnumSource(GroupPhase.class)
  void aFlowEndsWhereItsPhasesSay(GroupPhase phase) {
    int flows =
        (phase.starting() ? 1 : 0) + (phase.crashing() ? 1 : 0) + (phase.rejoining() ? 1 : 0);
    boolean atRest =
        List.of(
                GroupPhase.STARTUP,
                GroupPhase.CLOSED,
                GroupPhase.OPEN,
                GroupPhase.EXTEND,
                GroupPhase.SHUTDOWN,
                GroupPhase.HALT,
                GroupPhase.LINK_CHECK)
            .contains(phase);
    assertThat(flows).isEqualTo(atRest ? 0 : 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void withoutARecordTheGroupBeginsWithWhatTheDcrMarks(int group) {
    DcrGroup marked = DCR.toBuilder().addErrEp(1).build();
    GroupState g = GroupState.adopt(group, marked, GroupRecord.getDefaultInstance(), 17);
    assertThat(g.phase).isEqualTo(GroupPhase.STARTUP);
    assertThat(g.ok).containsExactly(0, 2);
    assertThat(g.lastSeq).isEqualTo(17);
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void everyNewLifeGetsALargerGuidWhateverStandsInItsSlot(int group) {
    for (long seed = 0; seed < 100; seed++) {
      Rng rng = new Rng(seed);
      GroupBench bench = GroupBench.fresh(group, 2);
      bench.paper.asks(group, 0).passes(1);
      long last = 0;
      for (int life = 0; life < 20; life++) {
        long guid = greet(bench);
        assertThat(guid).as("seed %d life %d", seed, life).isGreaterThan(last);
        last = guid;
        long beats = rng.between(0, 500);
        boolean flipped = rng.chance(200);
        bench.paper.beat(group, 0, b -> b.setGuid(guid).setTs(guid + beats));
        bench.paper.comesBack(group, 0);
        if (flipped) {
          bench.paper.beat(group, 0, b -> b.setGuid(0).setTs(1));
        }
        bench.paper.passes(1);
      }
    }
  }

  private static long greet(GroupBench bench) {
    GroupScene scene = new GroupScene(bench.state, bench.scene());
    bench.state = GroupActs.giveGuids(scene, new ArrayList<>()).g();
    return bench.state.guids.get(0)[1];
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void everyCommandButNoneTakesTheNextNumber(int group) {
    for (long seed = 0; seed < 100; seed++) {
      Rng rng = new Rng(seed);
      GroupBench bench = GroupBench.open(group, 3);
      long expected = GroupBench.SEQ;
      for (int i = 0; i < 40; i++) {
        Cmd cmd = Cmd.forNumber(1 + rng.below(Cmd.values().length - 2));
        GroupScene scene = new GroupScene(bench.state, bench.scene());
        List<Effect> out = new ArrayList<>();
        if (cmd == Cmd.CMD_NONE) {
          bench.state = GroupActs.none(scene, rng.below(3), out).g();
          assertThat(written(out)).isZero();
        } else {
          bench.state = GroupActs.issue(scene, rng.below(3), cmd, out).g();
          assertThat(written(out)).isEqualTo(++expected);
        }
        assertThat(bench.state.lastSeq).isEqualTo(expected);
      }
    }
  }

  private static long written(List<Effect> out) {
    return ((Command) Told.writes(Command.class, out).get(0).payload()).getCmdSeq();
  }

  @ParameterizedTest
  @ValueSource(ints = {Paper.ASM, Paper.DB})
  void everyStatusChangeTakesANumberAndSaysTheSummary(int group) {
    CssBench bench = DmcssWorkTest.serving(3);
    bench.paper.ends(group, 1, VtdStatus.VTD_SYSHALT);
    long last = bench.state.group(group).lastSeq;
    for (int look = 0; look < 30; look++) {
      List<Effect> done = lookAndSettle(bench);
      String type = "[" + VoteLayout.type(group) + "]: ";
      long changes = lines(done, type + "status change");
      long orders =
          Told.commands(done).stream()
              .filter(c -> c.startsWith(VoteLayout.type(group).name()) && !c.endsWith("NONE"))
              .count();
      assertThat(lines(done, type + "Control Node[")).isEqualTo(changes);
      assertThat(bench.state.group(group).lastSeq).isEqualTo(last + changes + orders);
      last = bench.state.group(group).lastSeq;
      bench.paper.answers(group, 0).answers(group, 2);
      DmcssWorkTest.marksStand(bench, group);
    }
    assertThat(bench.state.group(group).phase).isEqualTo(GroupPhase.OPEN);
    assertThat(bench.state.group(group).ok).containsExactly(0, 2);
  }

  private static long lines(List<Effect> done, String start) {
    return Told.says(done).stream().filter(l -> l.startsWith(start)).count();
  }

  /** One look; an address that it wants set is set at once. */
  private static List<Effect> lookAndSettle(CssBench bench) {
    List<Effect> done = new ArrayList<>(bench.look().effects);
    for (Effect.SetAddress a : Told.of(Effect.SetAddress.class, done)) {
      bench.event(new Event.AddressSet(a.nic(), a.address(), a.up(), null));
      done.addAll(bench.effects);
    }
    return done;
  }
}
