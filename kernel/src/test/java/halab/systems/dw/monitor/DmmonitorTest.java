package halab.systems.dw.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.DwStatus;
import halab.dw.proto.MonRefused;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Table;
import halab.kernel.TableCheck;
import halab.systems.dsc.Golden;
import halab.systems.dw.monitor.MonState.Phase;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

/** The monitor's links and notices: Data Watch manual, chapter on the monitor; reference 6. */
class DmmonitorTest {
  @Test
  void everyPhaseHearsEveryTrigger() {
    assertThat(TableCheck.problems(Dmmonitor.TABLE)).isEmpty();
  }

  @Test
  void rowsAreToldApartByNumber() {
    assertThat(Dmmonitor.TABLE.rows()).extracting(Table.Row::number).doesNotHaveDuplicates();
  }

  @Test
  void greetsAndDialsEveryWatcher() {
    Bench bench = new Bench(true).started();
    assertThat(bench.transcript())
        .isEqualTo(
            """
            [monitor]         2025-01-01 08:00:00: DMMONITOR[4.0] V8
            [monitor]         2025-01-01 08:00:00: DMMONITOR[4.0] IS READY.

            """);
    assertThat(bench.effects)
        .contains(
            new Effect.Connect(Bench.watcher(0)),
            new Effect.Connect(Bench.watcher(1)),
            new Effect.Connect(Bench.watcher(2)));
  }

  @Test
  void saysWhoItIsAndAgainWhenTheWatcherIsSilent() {
    Bench bench = new Bench(true).started().linked(0);
    assertThat(bench.hellos()).hasSize(1);
    assertThat(bench.hellos().get(0).getOguid()).isEqualTo(453331);
    assertThat(bench.hellos().get(0).getConfirm()).isTrue();
    assertThat(bench.hellos().get(0).getMid()).isEqualTo(bench.state.mid);
    bench.passes(4000);
    assertThat(bench.hellos()).hasSize(1);
    bench.passes(1000);
    assertThat(bench.hellos()).hasSize(2);
  }

  @Test
  void tellsOfEveryMemberWhenItIsFirstHeard() {
    Bench bench = new Bench(false).started().linked(0).clear().says(0);
    assertThat(bench.state.phase).isEqualTo(Phase.WATCHING);
    Golden.matches("dw", "dmmonitor-received.txt", bench.transcript());
  }

  @Test
  void isSilentWhileNothingChanges() {
    Bench bench = Bench.confirm().passes(5000, 0, 1, 2);
    assertThat(bench.transcript()).isEmpty();
  }

  @Test
  void growthOfTheLogIsNoChange() {
    Bench bench = Bench.confirm().reports(0, r -> r.setFlsn(50000).setClsn(50001));
    assertThat(bench.transcript()).isEmpty();
  }

  @Test
  void tellsWhenAWatcherChangesItsState() {
    Bench bench = Bench.confirm().says(0, s -> s.setStatus(DwStatus.DW_RECOVERY));
    assertThat(bench.lines())
        .contains("Dmwatcher process GRP1_RT_01 status switching [OPEN-->RECOVERY]");
    assertThat(bench.lines().get(1)).startsWith("                  WTIME");
  }

  @Test
  void anArchiveIsToldAtTheStandbyThatItLeadsTo() {
    Bench bench = Bench.confirm().reports(0, r -> r.getArchBuilder(1).setValid(false));
    assertThat(bench.lines().get(0)).isEqualTo("Received message from(GRP1_RT_03)");
    assertThat(bench.lines().get(2)).contains("INVALID");
    assertThat(bench.lines()).hasSize(4);
  }

  @Test
  void aBrokenLinkIsNoFaultBeforeDwErrorTime() {
    Bench bench = Bench.ready(false).event(new Event.LinkDown(Bench.watcher(0), "reset"));
    assertThat(bench.passes(9000, 1, 2).transcript()).isEmpty();
    bench.passes(1000, 1, 2);
    assertThat(bench.rows).contains(510);
    Golden.matches("dw", "dmmonitor-timeout.txt", bench.transcript());
  }

  @Test
  void aWatcherThatComesBackIsReceivedAgain() {
    Bench bench = Bench.ready(false).passes(10_000, 1, 2).clear().says(0);
    assertThat(bench.lines().get(0)).isEqualTo("Received message from(GRP1_RT_01)");
  }

  @Test
  void isAloneWhenTheLastWatcherIsSilent() {
    Bench bench = Bench.ready(false).passes(10_000);
    assertThat(bench.state.phase).isEqualTo(Phase.ALONE);
    assertThat(bench.rows).contains(550);
    assertThat(bench.types("tip").last().text()).contains("is in ERROR status");
    assertThat(bench.types("startup group").last().text()).contains("[code:-8457]");
  }

  @Test
  void aStateOfAnotherGroupIsNotHeard() {
    Bench bench = new Bench(false).started().linked(0);
    bench.says(0, s -> s.setOguid(99));
    assertThat(bench.state.phase).isEqualTo(Phase.ALONE);
    assertThat(bench.rows).endsWith(44);
  }

  @Test
  void aSecondConfirmMonitorEnds() {
    Bench bench = new Bench(true).started().linked(0);
    MonRefused refused = MonRefused.newBuilder().setCode(-14).setText("mon2 is there").build();
    bench.event(new Event.Received(Bench.watcher(0), refused));
    assertThat(bench.prints("[code:-14] another confirm monitor exists")).isTrue();
    assertThat(bench.effects).anyMatch(Effect.Halt.class::isInstance);
  }

  @Test
  void theEleventhMonitorIsToldOnceAndTriesAgain() {
    Bench bench = new Bench(false).started().linked(0).clear();
    MonRefused refused = MonRefused.newBuilder().setCode(-19).build();
    bench.event(new Event.Received(Bench.watcher(0), refused));
    bench.event(new Event.Received(Bench.watcher(0), refused));
    assertThat(bench.lines()).hasSize(1);
    assertThat(bench.lines().get(0)).startsWith("n1: [code:-19]");
    assertThat(bench.passes(5000).hellos()).hasSize(1);
  }

  @Test
  void theLogIsNamedAfterTheStart() {
    LocalDateTime at = LocalDateTime.of(2016, 4, 18, 23, 5, 23);
    assertThat(Dmmonitor.ROLE.log().file("", at)).isEqualTo("dmmonitor_20160418230523.log");
    Bench bench = new Bench(false).started();
    String instance = Dmmonitor.ROLE.instance().apply(bench.state);
    assertThat(Dmmonitor.ROLE.log().file(instance, at)).isEqualTo("dmmonitor_20250101080000.log");
    assertThat(Dmmonitor.ROLE.log().line(at, Level.INFO, 1, "text")).isEqualTo("text");
  }

  @Test
  void nothingIsLoggedWithLogIntervalZero() {
    Bench bench = new Bench(false);
    bench.state =
        new MonState(bench.state.self, bench.state.zone, false, true, 0, bench.state.seats);
    assertThat(bench.started().effects).noneMatch(Effect.Say.class::isInstance);
  }

  @Test
  void viewFactsAreForScenarios() {
    Bench bench = Bench.confirm();
    assertThat(Dmmonitor.ROLE.view().apply(bench.state).facts())
        .containsEntry("confirm", "1")
        .containsEntry("acts", "1")
        .containsEntry("logged_in", "0")
        .containsEntry("takeover", "none")
        .containsEntry("group.mode", "AUTO")
        .containsEntry("GRP1_RT_01.wstatus", "OPEN")
        .containsEntry("GRP1_RT_01.imode", "PRIMARY")
        .containsEntry("GRP1_RT_02.istatus", "OPEN")
        .containsEntry("GRP1_RT_02.rstat", "VALID")
        .containsEntry("GRP1_RT_01.ready", "0")
        .containsEntry("GRP1_RT_02.ready", "1")
        .containsEntry("GRP1_RT_02.n_open", "1");
  }

  @Test
  void endsWhenAskedTo() {
    Bench bench = Bench.confirm().event(new Event.StopRequested());
    assertThat(bench.effects).contains(new Effect.Halt(0, "asked to end"));
  }
}
