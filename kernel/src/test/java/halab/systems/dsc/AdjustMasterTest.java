package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.MalAsk;
import halab.dsc.proto.MalGranted;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalThaw;
import halab.dsc.proto.MalThawed;
import halab.dsc.proto.MalWhere;
import halab.dsc.proto.TxAsk;
import halab.dsc.proto.TxGrant;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.redo.proto.RlogPkg;
import org.junit.jupiter.api.Test;

/** ADJUST_MASTER_EP: the control role goes over while all workers stand still. */
@RowsOf("dmserver")
class AdjustMasterTest {
  private static final MalWhere WHERE = MalWhere.newBuilder().setCmdSeq(41).setAdjust(true).build();

  /** EP 0 has come back and is open inside; EP 1 is control node and EP 2 a member. */
  private static EpBench back() {
    return EpBench.member(EpPhase.OPENED)
        .change(
            s -> {
              s.control = 1;
              s.commits = s.commits.with(c -> c.control = 1);
            });
  }

  private static MalPosition position(long epoch) {
    return MalPosition.newBuilder()
        .setCmdSeq(41)
        .setEpoch(epoch)
        .setPosition(40)
        .setHighestLsn(40)
        .build();
  }

  private static MalThawed thawed() {
    return MalThawed.newBuilder().setCmdSeq(41).build();
  }

  /** All others have told where they are. */
  private static EpBench decided() {
    EpBench bench = back().ordered(Cmd.CMD_ADJUST_MASTER_EP, 41);
    return bench.from(1, position(7)).from(2, position(7));
  }

  private static MalThaw thaw() {
    return MalThaw.newBuilder()
        .setCmdSeq(41)
        .setEpoch(41)
        .setControl(1)
        .addMember(0)
        .addMember(1)
        .addMember(2)
        .setSettledLsn(40)
        .build();
  }

  /** EP 0 was control node and stands still; a transaction waits for its place. EP 1 takes over. */
  private static EpBench handing() {
    RlogPkg pkg = RlogPkg.newBuilder().setTx(5).build();
    EpBench bench = EpBench.member(EpPhase.SUSPEND).event(new Event.CommitAsked(5, pkg));
    return bench.fires(701);
  }

  private static EpBench orderedToHandOver(EpBench bench) {
    return bench.ordered(Cmd.CMD_ADJUST_MASTER_EP, 42, c -> c.setControl(1));
  }

  // ---- the EP that takes the role back

  @Test
  void itAsksAllOthersAndBeginsANewEpochWhereTheOrderEnds() {
    EpBench bench = back().ordered(Cmd.CMD_ADJUST_MASTER_EP, 41);
    bench.fires(294);
    assertThat(bench.sentTo(MalWhere.class)).containsExactly(bench.peer(1), bench.peer(2));
    bench.from(1, position(7)).fires(450);
    bench.from(2, position(9));
    assertThat(bench.sentTo(MalThaw.class)).containsExactly(bench.peer(1), bench.peer(2));
    assertThat(bench.state.commits.control).isZero();
    assertThat(bench.state.commits.epoch).isEqualTo(41);
    assertThat(bench.state.commits.known).isEqualTo(40);
    assertThat(bench.state.commits.members).containsExactly(0, 1, 2);
  }

  @Test
  void itIsDoneWhenAllHaveHandedOver() {
    EpBench bench = decided().from(1, thawed());
    bench.fires(472);
    bench.from(2, thawed()).fires(445);
    bench.comesTo(EpPhase.OPENED).answers(41, 0);
    bench.ordered(Cmd.CMD_ADJUST_MASTER_EP, 47).fires(292);
    bench.answers(47, 0);
    MalAsk ask = MalAsk.newBuilder().setEpoch(41).addAsk(TxAsk.newBuilder().setTx(3)).build();
    bench.from(1, ask).fires(710);
    assertThat(bench.state.commits.grants).as("the next place").containsOnlyKeys(41L);
  }

  /** A new control CSS: some may have handed over already. */
  @Test
  void askedAgainBeforeAllHaveHandedOverItBeginsAnew() {
    EpBench bench = decided().from(1, thawed()).ordered(Cmd.CMD_ADJUST_MASTER_EP, 47);
    bench.fires(294);
    assertThat(bench.sentTo(MalWhere.class)).containsExactly(bench.peer(1), bench.peer(2));
  }

  @Test
  void itSavesNoImageWhileTheOldControlEpSavesOne() {
    EpBench bench = back().ordered(Cmd.CMD_ADJUST_MASTER_EP, 41);
    bench.from(1, position(7).toBuilder().setImaging(true).build()).from(2, position(7));
    bench.change(
        s -> {
          s.phase = EpPhase.OPEN;
          s.commits =
              s.commits.with(
                  c -> {
                    c.members = java.util.List.of(0, 1);
                    c.checkpointRequest = 900;
                  });
        });
    bench.event(new Event.Checkpointed(900, 40)).fires(792);
    assertThat(Told.of(Effect.SaveImage.class, bench.effects)).isEmpty();
    bench.nowMs += 60_000;
    bench.change(s -> s.commits = s.commits.with(c -> c.checkpointRequest = 901));
    bench.event(new Event.Checkpointed(901, 40));
    assertThat(Told.of(Effect.SaveImage.class, bench.effects)).hasSize(1);
  }

  // ---- the others

  @Test
  void fromTheQuestionOnAnotherOneGrantsNothing() {
    EpBench bench = handing().from(1, WHERE);
    bench.fires(781);
    assertThat(bench.sentTo(MalPosition.class)).containsExactly(bench.peer(1));
    MalAsk ask = MalAsk.newBuilder().setEpoch(7).addAsk(TxAsk.newBuilder().setTx(3)).build();
    bench.from(2, ask).fires(941);
    MalGranted late =
        MalGranted.newBuilder()
            .setEpoch(7)
            .addGrant(TxGrant.newBuilder().setTx(5).setLsn(41))
            .build();
    bench.from(1, late).fires(941);
  }

  @Test
  void itHandsOverStandingStillAndWhatWaitsIsAskedAfterResume() {
    EpBench bench = orderedToHandOver(handing().from(1, WHERE));
    bench.fires(294).answers(0, 0);
    bench.from(1, thaw()).fires(535);
    bench.comesTo(EpPhase.SUSPEND).answers(42, 0);
    assertThat(bench.sentTo(MalThawed.class)).containsExactly(bench.peer(1));
    assertThat(bench.sentTo(MalAsk.class)).isEmpty();
    bench.ordered(Cmd.CMD_RESUME_WORKER, 44, c -> c.setControl(1)).fires(280);
    assertThat(bench.sentTo(MalAsk.class)).containsExactly(bench.peer(1));
  }

  @Test
  void whoHandedOverBeforeItsOwnOrderCameIsDoneAtOnce() {
    EpBench bench = handing().from(1, WHERE).from(1, thaw());
    bench.fires(535);
    orderedToHandOver(bench).fires(292).answers(42, 0);
    bench.from(1, thaw()).fires(540);
    assertThat(bench.sentTo(MalThawed.class)).containsExactly(bench.peer(1));
  }

  @Test
  void aQuestionFromAnEarlierHandoverFreezesNobody() {
    EpBench bench = handing().from(1, WHERE).from(1, thaw()).from(1, WHERE);
    bench.fires(941);
    assertThat(bench.state.commits.frozen).isFalse();
  }

  /** A new control CSS or a link check: the one that leads begins anew, this one was done. */
  @Test
  void whoHasHandedOverTakesPartOnceMore() {
    EpBench bench = orderedToHandOver(handing().from(1, WHERE).from(1, thaw()));
    bench.ordered(Cmd.CMD_ADJUST_MASTER_EP, 48, c -> c.setControl(1)).fires(292);
    bench.from(1, WHERE.toBuilder().setCmdSeq(47).build()).fires(781);
    bench.from(1, thaw().toBuilder().setCmdSeq(47).setEpoch(47).build()).fires(535);
    assertThat(bench.state.commits.epoch).isEqualTo(47);
    assertThat(bench.state.commits.frozen).isFalse();
  }

  @Test
  void aHandoverThatIsGivenUpKeepsNobodyFromGoingOn() {
    EpBench bench = handing().from(1, WHERE).ordered(Cmd.CMD_RESUME_WORKER, 44);
    bench.fires(280);
    assertThat(bench.state.commits.grants).as("it still is control EP").containsOnlyKeys(41L);
  }
}
