package halab.systems.dw.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.DwStatus;
import halab.dw.proto.Mode;
import halab.dw.proto.Status;
import halab.redo.proto.Opening;
import org.junit.jupiter.api.Test;

/** Answers of the confirm monitor: Data Watch manual 6.9; reference 3.8, 5.3, 7. */
class ConfirmTest {
  /** The primary has lost a standby and asks whether it may go on alone. */
  private static Bench asks(Bench bench) {
    return bench.says(
        0,
        s -> {
          s.setStatus(DwStatus.DW_CONFIRM).setChange(7).addAsks("GRP1_RT_02");
          s.getReportBuilder().setStatus(Status.SUSPEND).getArchBuilder(0).setFailing(true);
        });
  }

  /** The primary is at MOUNT and a member is missing. */
  private static Bench asksOpen(Bench bench) {
    return bench.says(
        0,
        s -> {
          s.setStatus(DwStatus.DW_STARTUP).setChange(3).addAsks("GRP1_RT_03").setAsksOpen(true);
          s.getReportBuilder().setStatus(Status.MOUNT);
        });
  }

  @Test
  void aLivingPrimaryMayGoOnWithoutAStandby() {
    Bench bench = asks(Bench.confirm());
    assertThat(bench.rows).contains(540);
    assertThat(bench.asked()).containsExactly("n1 MON_CONFIRM 7 true");
    assertThat(bench.prints("Confirm request of dmwatcher(GRP1_RT_01) is agreed")).isTrue();
  }

  @Test
  void anOrdinaryMonitorDoesNotAnswer() {
    assertThat(asks(Bench.ready(false)).asked()).isEmpty();
    assertThat(asksOpen(Bench.ready(false)).asked()).isEmpty();
  }

  @Test
  void anAnswerThatHasNoEffectIsGivenAgain() {
    Bench bench = asks(Bench.confirm()).clear().passes(2000, 0, 1, 2);
    assertThat(bench.asked()).isEmpty();
    assertThat(bench.passes(1000, 0, 1, 2).asked()).containsExactly("n1 MON_CONFIRM 7 true");
    assertThat(bench.prints("Confirm request")).isFalse();
  }

  @Test
  void aPrimaryThatWasTakenOverMustNotGoOn() {
    Bench bench = Bench.confirm();
    bench.says(
        1,
        s ->
            s.getReportBuilder()
                .setMode(Mode.PRIMARY)
                .addOpening(Opening.newBuilder().setNumber(2).setPrimary("GRP1_RT_02")));
    asks(bench);
    assertThat(bench.rows).contains(542);
    assertThat(bench.asked()).containsExactly("n1 MON_CONFIRM 7 false");
  }

  @Test
  void aStandbyThatWasOpenedMoreOftenForbidsItEvenWhenItIsSilent() {
    Bench bench = Bench.confirm();
    bench.reports(1, r -> r.addOpening(Opening.newBuilder().setNumber(2).setPrimary("x")));
    bench.passes(12_000, 0, 2);
    assertThat(asks(bench).asked()).containsExactly("n1 MON_CONFIRM 7 false");
  }

  @Test
  void nothingIsAgreedWhileTheMonitorTakesOver() {
    Bench bench = Bench.confirm().primaryKilled();
    assertThat(bench.rows).contains(530);
    bench.clear();
    bench.say[0].setInstOk(true);
    assertThat(asks(bench).asked()).containsExactly("n1 MON_CONFIRM 7 false");
  }

  @Test
  void aStandbyCountsAgainWhenThePrimarySaysSoLater() {
    Bench bench = asks(Bench.confirm());
    assertThat(bench.state.memory("GRP1").givenUp()).containsKey("GRP1_RT_02");
    bench.says(
        0,
        s -> {
          s.setStatus(DwStatus.DW_OPEN).setChange(8).clearAsks();
          s.getReportBuilder().setStatus(Status.OPEN).getArchBuilder(0).setValid(false);
        });
    assertThat(bench.state.memory("GRP1").givenUp()).containsKey("GRP1_RT_02");
    bench.reports(0, r -> r.getArchBuilder(0).setValid(true).setFailing(false));
    assertThat(bench.state.memory("GRP1").givenUp()).isEmpty();
  }

  @Test
  void aPrimaryIsOpenedWithoutAMissingMember() {
    Bench bench = asksOpen(Bench.confirm());
    assertThat(bench.rows).contains(544);
    assertThat(bench.asked()).containsExactly("n1 MON_CONFIRM 3 true");
  }

  @Test
  void aPrimaryIsNotOpenedBesideAnotherOrBehindOne() {
    Bench bench = Bench.confirm().reports(1, r -> r.setMode(Mode.PRIMARY));
    assertThat(asksOpen(bench).asked()).containsExactly("n1 MON_CONFIRM 3 false");
    bench = Bench.confirm().reports(2, r -> r.setFlsn(45999));
    assertThat(asksOpen(bench).asked()).containsExactly("n1 MON_CONFIRM 3 false");
    assertThat(bench.rows).contains(546);
  }

  @Test
  void aMemberThatTheMonitorKnowsNothingOfMayBeAhead() {
    Bench bench = new Bench(true).started().linked(0).linked(1).says(1);
    assertThat(asksOpen(bench).asked()).containsExactly("n1 MON_CONFIRM 3 false");
    bench = Bench.confirm().says(2, s -> s.clearReport().setInstOk(false));
    assertThat(asksOpen(bench).asked()).containsExactly("n1 MON_CONFIRM 3 false");
  }

  @Test
  void anInstanceOfSeveralWaitsUntilItActs() {
    Bench bench = Bench.confirm();
    bench.state = bench.state.with(s -> s.acts = false);
    assertThat(asks(bench).asked()).isEmpty();
    assertThat(Bench.confirm().state.acts).isTrue();
  }
}
