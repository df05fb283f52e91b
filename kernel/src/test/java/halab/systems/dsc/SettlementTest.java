package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import halab.dsc.proto.Cmd;
import halab.dsc.proto.MalFrozen;
import halab.dsc.proto.MalPackage;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalShown;
import halab.dsc.proto.MalThaw;
import halab.dsc.proto.MalThawed;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.redo.proto.RlogPkg;
import halab.redo.proto.WriteKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Redo at the start of a dmserver, and what becomes of commits when an EP dies (reference 4.2). */
@RowsOf("dmserver")
class SettlementTest {
  private static RlogPkg pkg(int thread, long lsn) {
    return RlogPkg.newBuilder().setThread(thread).setLsn(lsn).setTx(lsn).build();
  }

  private static final WriteKey KEY =
      WriteKey.newBuilder().setKey(ByteString.copyFromUtf8("a")).setBase(40).build();

  private static List<Long> applied(EpBench bench) {
    return Told.of(Effect.Apply.class, bench.effects).stream().map(Effect.Apply::lsn).toList();
  }

  // ---- start ------------------------------------------------------------------------------------

  private static EpBench start2(int node) {
    EpBench bench = EpBench.startup("dmserver", node);
    bench.engineLsn = 40;
    bench.redo.addAll(List.of(pkg(0, 39), pkg(0, 41), pkg(1, 42), pkg(1, 44)));
    return bench.ordered(Cmd.CMD_EP_START2, 41);
  }

  @Test
  void anEpEndsWhenARedoThreadStaysDamaged() {
    EpBench bench = start2(0);
    while (!(bench.asked() instanceof Effect.ReadRedo)) {
      bench.diskAnswers();
    }
    long request = bench.state.job.requests().get(0);
    String reason = "redo log thread 1 of disk data0, segment 0, offset 4096: checksum differs";
    String other = "redo log thread 1 of disk data0, segment 0, offset 4608: checksum differs";
    bench.event(damage(request, reason)).fires(738);
    bench.says(reason);
    bench.event(damage(request, other)).fires(738);
    bench.says(other);
    bench.event(damage(request, other)).fires(738);
    bench.says();
    bench.event(damage(request + 1_000_000, "late"));
    bench.says();
    assertThat(bench.state.phase).isEqualTo(EpPhase.STARTUP);
    bench.event(damage(request, other)).fires(737);
    bench.says(other, "[for dem]SYSTEM SHUTDOWN ABORT.");
    assertThat(bench.state.phase).isEqualTo(EpPhase.HALTING);
  }

  /** The last write of a thread may be torn, but not below what an engine was handed. */
  @Test
  void redoThatEndsBelowTheEngineIsDamage() {
    EpBench bench = start2(0);
    bench.redo.clear();
    bench.lastLsn = 39;
    while (!(bench.asked() instanceof Effect.ReadRedo)) {
      bench.diskAnswers();
    }
    for (int i = 0; i < bench.state.seat.dcr.getGroup(bench.state.seat.group).getNEp(); i++) {
      bench.diskAnswers();
    }
    bench.fires(738);
    assertThat(Told.says(bench.effects))
        .singleElement()
        .asString()
        .startsWith("redo on /dev/raw/data0 ends at LSN 39, but this EP's engine holds LSN 40:");
    assertThat(bench.state.phase).isEqualTo(EpPhase.STARTUP);
  }

  private static Event damage(long request, String reason) {
    return new Event.RedoDamaged(request, "/dev/raw/data0", 1, reason);
  }

  @Test
  void theControlEpAppliesWhateverIsInAnyThreadAndHolesAreVoid() {
    EpBench bench = start2(0).diskAnswersAll();
    bench.fires(450);
    assertThat(applied(bench)).containsExactly(41L, 42L, 44L);
    bench.event(new Event.Applied(42)).event(new Event.Tick()).fires(921);
    bench.event(new Event.Applied(44)).event(new Event.Tick()).fires(405);
    bench.comesTo(EpPhase.AFTER_REDO).answers(41, 0);
    assertThat(bench.state.commits.epoch).isEqualTo(41);
    assertThat(bench.state.commits.position()).isEqualTo(44);
  }

  @Test
  void aNormalEpAppliesUpToTheEndThatItsControlEpKnows() {
    EpBench bench = start2(1).diskAnswersAll();
    assertThat(applied(bench)).isEmpty();
    MalPosition end = MalPosition.newBuilder().setCmdSeq(41).setEpoch(33).setPosition(46).build();
    bench.from(0, end).diskAnswersAll();
    assertThat(applied(bench)).containsExactly(41L, 42L, 44L);
    bench.event(new Event.Applied(44)).event(new Event.Tick()).fires(405);
    assertThat(bench.state.commits.epoch).isEqualTo(33);
    assertThat(bench.state.commits.position()).as("what lies behind is void").isEqualTo(46);
    assertThat(bench.sentTo(MalShown.class)).containsExactly(bench.peer(0), bench.peer(2));
  }

  @Test
  void anEngineThatHasItAllNeedsNoRedo() {
    EpBench bench = EpBench.startup("dmserver");
    bench.engineLsn = 40;
    bench.ordered(Cmd.CMD_EP_START2, 41).diskAnswersAll();
    bench.fires(450).event(new Event.Tick()).fires(405);
    bench.comesTo(EpPhase.AFTER_REDO);
  }

  @Test
  void aStartThatGoesOnUnderAnotherControlEpIsGivenUp() {
    EpBench bench = start2(1).ordered(Cmd.CMD_EP_START2, 47, c -> c.setControl(2));
    bench.fires(245);
    bench.comesTo(EpPhase.HALTING);
    bench.says(
        "EP START2, cmd_seq: 47 under control EP 2 does not go on from the start under 0: given up",
        "[for dem]SYSTEM SHUTDOWN ABORT.");
    bench.tick().halts(ExitCode.SELF_FENCED);
  }

  @Test
  void aStartThatBeginsAnewIsGoneThroughAgain() {
    EpBench bench = EpBench.member(EpPhase.AFTER_REDO);
    bench.change(
        s ->
            s.commits =
                s.commits.with(
                    c -> {
                      c.members = List.of(0);
                      c.engineOpen = true;
                    }));
    bench.redo.add(pkg(1, 41));
    bench.ordered(Cmd.CMD_EP_START2, 47).fires(240);
    bench.diskAnswersAll().event(new Event.Applied(41)).event(new Event.Tick()).fires(407);
    bench.comesTo(EpPhase.AFTER_REDO).answers(47, 0);
    assertThat(bench.state.commits.epoch)
        .as("the lives behind the numbers may differ")
        .isEqualTo(47);
    assertThat(bench.state.commits.members).containsExactly(0, 1, 2);
  }

  @Test
  void aStartThatBeginsAnewAlthoughUsersWereLetInIsGivenUp() {
    EpBench.member(EpPhase.OPEN).ordered(Cmd.CMD_EP_START2, 47).fires(245);
    EpBench hole = EpBench.member(EpPhase.AFTER_REDO);
    hole.change(s -> s.commits = s.commits.with(c -> c.known = 41));
    hole.ordered(Cmd.CMD_EP_START2, 47).fires(245);
  }

  // ---- crash ------------------------------------------------------------------------------------

  /** EP 0 leads, EP 2 is dead and had LSN 41 granted and written, 42 granted, and EP 1 had 43. */
  private static EpBench step2() {
    EpBench bench = EpBench.member(EpPhase.OPEN).record(2, true, 9);
    bench.redo.add(pkg(2, 41));
    bench.ordered(Cmd.CMD_EP_CRASH_STEP1, 41, EpBench::victim).diskAnswersAll();
    bench.from(1, MalFrozen.newBuilder().setCmdSeq(41).build());
    bench.ordered(Cmd.CMD_EP_CRASH_STEP2, 44, EpBench::victim);
    MalPosition survivor =
        MalPosition.newBuilder()
            .setCmdSeq(44)
            .setEpoch(7)
            .setPosition(40)
            .setHighestLsn(43)
            .addClaim(pkg(1, 43).toBuilder().addKey(KEY))
            .build();
    return bench.from(1, survivor);
  }

  private static MalThaw thaw() {
    return MalThaw.newBuilder()
        .setCmdSeq(44)
        .setEpoch(44)
        .setControl(1)
        .addMember(0)
        .addMember(1)
        .addVoid(42)
        .setSettledLsn(43)
        .build();
  }

  @Test
  void whatTheDeadWroteIsKeptWhatItDidNotWriteIsVoidWhatSurvivorsHaveIsTheirs() {
    EpBench bench = step2().diskAnswersAll();
    assertThat(applied(bench)).containsExactly(41L);
    MalThaw sent =
        (MalThaw)
            Told.of(Effect.Send.class, bench.effects).stream()
                .map(Effect.Send::message)
                .filter(m -> m instanceof MalThaw)
                .findFirst()
                .orElseThrow();
    assertThat(sent).isEqualTo(thaw().toBuilder().setControl(0).build());
    assertThat(bench.state.commits.certifier.conflict(0, 9, List.of(KEY)))
        .as("what the survivor is still to write counts already")
        .isNotNull();
    bench.from(1, MalThawed.newBuilder().setCmdSeq(44).build()).fires(415);
    assertThat(bench.state.commits.members).containsExactly(0, 1);
  }

  @Test
  void aSurvivorThatLacksAPackageOfTheDeadGetsItFromTheLeader() {
    EpBench bench = step2().diskAnswersAll();
    MalShown shown = MalShown.newBuilder().setEpoch(44).setPosition(40).setAsk(true).build();
    bench.from(1, shown).fires(760);
    assertThat(bench.sentTo(MalPackage.class)).containsExactly(bench.peer(1));
  }

  @Test
  void aSurvivorGoesOnInTheNewEpochAndAsksForWhatItLacks() {
    EpBench bench = EpBench.member(EpPhase.CRASH_RECV).from(1, thaw());
    bench.fires(530);
    assertThat(bench.state.commits.epoch).isEqualTo(44);
    assertThat(bench.state.commits.control).isEqualTo(1);
    assertThat(bench.sentTo(MalShown.class)).containsExactly(bench.peer(1));
    MalPackage packages =
        MalPackage.newBuilder().setEpoch(44).addPkg(pkg(2, 41)).addPkg(pkg(1, 43)).build();
    bench.from(1, packages).fires(740);
    assertThat(applied(bench)).containsExactly(41L, 43L);
  }

  @Test
  void aThawFromBeforeAFreezeThawsNobody() {
    EpBench bench = EpBench.member(EpPhase.CRASH_RECV).change(s -> s.frozenSeq = 60);
    bench.from(1, thaw()).fires(932);
    bench.comesTo(EpPhase.CRASH_RECV);
  }

  @Test
  void crashRollbackLetsCommitsGoOnAsBefore() {
    EpBench bench = EpBench.member(EpPhase.CRASH_RECV);
    bench.ordered(Cmd.CMD_CRASH_ROLLBACK, 46).fires(320);
    assertThat(bench.state.commits.frozen).isFalse();
    assertThat(bench.state.commits.epoch).isEqualTo(7);
  }
}
