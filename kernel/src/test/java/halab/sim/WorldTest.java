package halab.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.kernel.Endpoint;
import halab.kernel.Table;
import halab.systems.LabPlan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorldTest {
  private static final Endpoint N1 = new Endpoint("n1", "member");
  private static final Endpoint N2 = new Endpoint("n2", "member");
  private static final Endpoint JUDGE = new Endpoint("mon", "judge");

  private static World world(Rates rates, long seed) {
    return world(Toy.subject(), rates, seed);
  }

  private static World world(Subject toy, Rates rates, long seed) {
    LabPlan plan = toy.system().plan(new LabPlan.Options(3, true, 5000, Map.of(), Map.of()));
    World world = new World(toy.system(), plan, rates, toy.checks().invariants(), seed);
    world.up(List.of());
    world.runUntilMs(20_000);
    return world;
  }

  private static void all(World world, String text) {
    FaultText.plain("test", 1, text).applyTo(world.faults());
  }

  private static String beat(World world, Endpoint member) {
    return world.process(member).view().facts().get("beat");
  }

  @Test
  void everyDaemonOfThePlanComesUp() {
    World world = world(Rates.CALM, 1);
    assertThat(Toy.subject().checks().unhealthy(world.plan(), world.views())).isNull();
    assertThat(world.views()).hasSize(4);
  }

  @Test
  void aKilledMemberIsMarkedAndALaterLifeIsNotHarmed() {
    World world = world(Rates.CALM, 1);
    all(world, "kill n1/member");
    assertThat(world.process(N1).exitCode()).isEqualTo(137);
    world.runUntilMs(40_000);
    assertThat(world.process(JUDGE).log())
        .anySatisfy(line -> assertThat(line.text()).isEqualTo("member 0 stands still, life 1"));
    all(world, "start n1/member");
    world.runUntilMs(60_000);
    assertThat(world.process(N1).phase()).isEqualTo("UP");
    assertThat(world.process(N1).incarnation()).isEqualTo(2);
  }

  @Test
  void aPausedMemberObeysItsKillMarkWhenItWakes() {
    World world = world(Rates.CALM, 1);
    all(world, "pause n1/member");
    assertThat(world.process(N1).view()).isNull();
    world.runUntilMs(40_000);
    all(world, "resume n1/member");
    world.runUntilMs(42_000);
    assertThat(world.process(N1).running()).isFalse();
    assertThat(world.process(N1).exitCode()).isEqualTo(Toy.KILLED);
  }

  @Test
  void aShortPauseHarmsNobody() {
    World world = world(Rates.CALM, 1);
    all(world, "pause n1/member");
    world.runUntilMs(22_000);
    all(world, "resume n1/member");
    world.runUntilMs(40_000);
    assertThat(world.process(N1).phase()).isEqualTo("UP");
  }

  @Test
  void aHostWithoutStorageNetworkGivesUp() {
    World world = world(Rates.CALM, 1);
    all(world, "cut n2 | store on storage");
    world.runUntilMs(40_000);
    assertThat(world.process(N2).exitCode()).isEqualTo(Toy.SELF);
    assertThat(world.process(N1).phase()).isEqualTo("UP");
  }

  @Test
  void theDiskDaemonMayGoAndComeBackWithItsContent() {
    World world = world(Rates.CALM, 1);
    all(world, "kill store/diskd");
    world.runUntilMs(23_000);
    String before = beat(world, N1);
    all(world, "start store/diskd");
    world.runUntilMs(40_000);
    assertThat(world.process(N1).phase()).isEqualTo("UP");
    assertThat(Integer.parseInt(beat(world, N1))).isGreaterThan(Integer.parseInt(before) + 10);
    assertThat(world.disk("vote").block(0).payload()).isNotNull();
  }

  @Test
  void aHungDiskEndsItsCallersAndAnswersLate() {
    World world = world(Rates.CALM, 1);
    all(world, "disk vote hang for n1");
    world.runUntilMs(23_000);
    all(world, "disk vote ok for n1");
    world.runUntilMs(30_000);
    assertThat(world.process(N1).phase()).isEqualTo("UP");
    all(world, "disk vote hang");
    world.runUntilMs(40_000);
    assertThat(world.process(N1).exitCode()).isEqualTo(Toy.SELF);
    assertThat(world.process(N2).exitCode()).isEqualTo(Toy.SELF);
  }

  @Test
  void damagedBlocksAreSeenAsDamaged() {
    World world = world(Rates.CALM, 1);
    all(world, "disk vote torn for n1");
    world.runUntilMs(22_000);
    assertThat(world.disk("vote").block(0).damage()).contains("TORN");
    all(world, "disk vote ok for n1");
    world.runUntilMs(24_000);
    assertThat(world.disk("vote").block(0).damage()).isNull();
  }

  @Test
  void damageInTheBytesIsSeenAsDamage() {
    World world = world(new Rates(2, 3, 0, 0, 0, 1, true), 1);
    all(world, "disk vote flipped for n1");
    all(world, "disk vote torn for n2");
    world.runUntilMs(22_000);
    assertThat(world.disk("vote").block(0).damage()).isNotNull();
    assertThat(world.disk("vote").block(1).damage()).isNotNull();
    assertThat(world.disk("vote").block(2).damage()).isNull();
  }

  @Test
  void linksBreakWithTheProcessAndComeBack() {
    World world = world(Rates.CALM, 1);
    assertThat(world.process(N1).view().facts()).containsEntry("linked", "true");
    all(world, "kill mon/judge");
    world.runUntilMs(21_000);
    assertThat(world.process(N1).view().facts()).containsEntry("linked", "false");
    all(world, "start mon/judge");
    world.runUntilMs(30_000);
    assertThat(world.process(N1).view().facts()).containsEntry("linked", "true");
  }

  @Test
  void aRefusedLinkIsToldAndACutOneIsNot() {
    World world = world(Rates.CALM, 1);
    all(world, "cut n1 | mon on private");
    all(world, "refuse n2 | mon on private");
    world.runUntilMs(25_000);
    assertThat(world.process(N1).view().facts()).containsEntry("linked", "true");
    assertThat(world.process(N2).view().facts()).containsEntry("linked", "false");
    all(world, "heal all");
    world.runUntilMs(30_000);
    assertThat(world.process(N2).view().facts()).containsEntry("linked", "true");
  }

  @Test
  void poweringOffKillsAllAndPoweringOnStartsTheStartList() {
    World world = world(Rates.CALM, 1);
    all(world, "poweroff n1");
    all(world, "start n1/member");
    world.runUntilMs(24_000);
    assertThat(world.process(N1).phase()).isEqualTo("gone");
    all(world, "poweron n1");
    world.runUntilMs(40_000);
    assertThat(world.process(N1).phase()).isEqualTo("UP");
  }

  @Test
  void anOrderlyStopIsTheRolesOwnBusiness() {
    World world = world(Rates.CALM, 1);
    all(world, "stop n1/member");
    world.runUntilMs(24_000);
    assertThat(world.process(N1).exitCode()).isZero();
  }

  @Test
  void theSameSeedGivesTheSameRunAndAnotherSeedAnother() {
    Rates rough = new Rates(30, 20, 20, 10, 500, 5, false);
    long first = roughRun(rough, 7).trace().hash();
    assertThat(roughRun(rough, 7).trace().hash()).isEqualTo(first);
    assertThat(roughRun(rough, 8).trace().hash()).isNotEqualTo(first);
  }

  @Test
  void goingThroughTheBytesChangesNothing() {
    Rates bytes = new Rates(30, 20, 20, 10, 500, 5, true);
    Rates plain = new Rates(30, 20, 20, 10, 500, 5, false);
    assertThat(roughRun(bytes, 7).trace().hash()).isEqualTo(roughRun(plain, 7).trace().hash());
  }

  private static World roughRun(Rates rates, long seed) {
    World world = world(rates, seed);
    all(world, "cut n1 -> mon");
    all(world, "delay n2 | mon 40ms");
    world.runUntilMs(30_000);
    all(world, "kill n3/member");
    all(world, "clock n2 +90s");
    world.runUntilMs(60_000);
    return world;
  }

  @Test
  void theLastStepsCanBeRead() {
    World world = world(Rates.CALM, 1);
    assertThat(world.trace().last())
        .hasSize(200)
        .anySatisfy(line -> assertThat(line).contains("n1/member").contains("row 50 UP"));
    assertThat(world.rows().byTable().get("member")).containsKey(50);
  }

  @Test
  void timeThatStandsStillIsAFailureThatNamesWhoAndWhere() {
    Table<Toy.State, Toy.Phase> stuck = Toy.member().without(50).without(40);
    stuck.ignore(101, java.util.EnumSet.of(Toy.Phase.UP), halab.kernel.Event.Tick.class, "stuck");
    Subject toy = Toy.subject(stuck, Toy.judge());
    assertThatThrownBy(() -> world(toy, Rates.CALM, 1))
        .isInstanceOf(World.Violation.class)
        .hasMessageContaining("time stands still")
        .hasMessageContaining("/member in phase UP");
  }
}
