package halab.systems.dw.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.CtlStatus;
import halab.dw.proto.DwState;
import halab.dw.proto.DwStatus;
import halab.dw.proto.Mode;
import halab.dw.proto.MonOrder;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.systems.Monitor;
import halab.systems.dsc.Golden;
import halab.systems.dw.monitor.MonState.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changing commands: Data Watch manual, chapter on the monitor and appendix; reference 5.8, 6. */
class CommandTest {
  /** What was asked beside taking and giving back the watchers. */
  private static List<String> work(Bench bench) {
    return bench.asked().stream().filter(a -> !a.contains("_MID")).toList();
  }

  private static void refused(Bench bench, String command, int code, String... parts) {
    bench.types(command);
    assertThat(bench.last().text()).contains("[code:" + code + "]");
    assertThat(List.of(parts)).allSatisfy(part -> assertThat(bench.last().text()).contains(part));
    assertThat(bench.last().exitCode()).isEqualTo(1);
    assertThat(bench.orders()).isEmpty();
    assertThat(bench.state.job).isNull();
  }

  private static void done(Bench bench, String command, String... work) {
    bench.does(command);
    assertThat(work(bench)).containsExactly(work);
    assertThat(bench.last().exitCode()).isZero();
    assertThat(bench.state.phase).isEqualTo(Phase.WATCHING);
  }

  // ---- login
  // -------------------------------------------------------------------------------------

  @Test
  void logsInByOneLine() {
    Bench bench = Bench.confirm().types("login SYSDBA/SYSDBA");
    assertThat(bench.asked()).containsExactly("n1 MON_LOGIN SYSDBA");
    assertThat(((MonOrder) bench.orders().get(0).message()).getSecret()).isEqualTo("SYSDBA");
    bench.obeyed();
    assertThat(bench.lines()).containsExactly("Login dmmonitor success!");
    assertThat(bench.state.loggedIn).isTrue();
    bench.types("logout");
    assertThat(bench.last().text()).endsWith("Logout dmmonitor success!");
    refused(bench, "switchover GRP1_RT_02", -5);
    refused(bench, "logout", -5);
  }

  @Test
  void takesWhatTheConsoleHasAskedFor() {
    Bench bench = Bench.confirm().does("login SYSDBA se/cret@1");
    assertThat(((MonOrder) bench.orders().get(0).message()).getSecret()).isEqualTo("se/cret@1");
    assertThat(bench.state.loggedIn).isTrue();
    refused(Bench.confirm(), "login", -8197, "login user/password");
    refused(Bench.confirm(), "login SYSDBA", -16, "login [/@service_name | user/password]");
    DmmonitorConsole console = new DmmonitorConsole();
    assertThat(console.asks("LOGIN;"))
        .extracting(Monitor.Question::text)
        .containsExactly("Username:", "Password:");
    assertThat(console.asks("LOGIN;").get(1).hidden()).isTrue();
    assertThat(console.asks("login a/b")).isEmpty();
  }

  @Test
  void theConsoleCompletesNames() {
    List<List<List<String>>> words = new DmmonitorConsole().words(Bench.PLAN);
    assertThat(words)
        .contains(
            List.of(
                List.of("switchover"),
                List.of(
                    "GRP1_RT_01",
                    "GRP1.GRP1_RT_01",
                    "GRP1_RT_02",
                    "GRP1.GRP1_RT_02",
                    "GRP1_RT_03",
                    "GRP1.GRP1_RT_03")));
    assertThat(new DmmonitorConsole().startLines(new Bench(false).started().logged())).hasSize(2);
  }

  @Test
  void aPasswordIsWrittenNowhere() {
    Bench bench = Bench.confirm();
    bench.types("login SYSDBA/secret");
    bench.obeyed();
    assertThat(
            String.valueOf(
                bench.effects.stream().filter(e -> !(e instanceof Effect.Send)).toList()))
        .doesNotContain("secret");
  }

  @Test
  void theCheckOfALoginIsNothingToTellOf() {
    Bench bench = Bench.confirm().types("login SYSDBA/SYSDBA");
    bench.says(0, s -> s.setStatus(DwStatus.DW_LOGIN_CHECK));
    bench.says(0, s -> s.setStatus(DwStatus.DW_OPEN)).obeyed();
    assertThat(bench.lines()).containsExactly("Login dmmonitor success!");
  }

  @Test
  void aWrongPasswordIsRefused() {
    Bench bench = Bench.confirm().refusing("MON_LOGIN", -8206).does("login SYSDBA/wrong");
    assertThat(bench.last().exitCode()).isEqualTo(1);
    assertThat(bench.prints("[code:-8206]")).isTrue();
    assertThat(bench.state.loggedIn).isFalse();
  }

  @Test
  void withoutPrimaryAnOpenStandbyChecksTheLogin() {
    Bench bench = Bench.ready(false).primaryKilled().does("login with key SYSDBA/SYSDBA@n1:5236");
    assertThat(bench.asked()).containsExactly("n2 MON_LOGIN SYSDBA");
    bench = new Bench(false).started();
    refused(bench, "login SYSDBA/SYSDBA", -8204);
  }

  @Test
  void aLoginThatNobodyAnswersEnds() {
    Bench bench = Bench.confirm().types("login SYSDBA/SYSDBA").passes(10_000, 0, 1, 2);
    assertThat(bench.prints("[code:-8043]")).isTrue();
    assertThat(bench.last().exitCode()).isEqualTo(1);
  }

  // ---- switchover
  // --------------------------------------------------------------------------------

  @Test
  void switchesOverInTheManualsOrder() {
    Bench bench = Bench.manual().types("choose switchover");
    bench.does("switchover 1");
    assertThat(bench.asked())
        .containsExactly(
            "n1 MON_SET_MID",
            "n2 MON_SET_MID",
            "n3 MON_SET_MID",
            "n1 MON_SWITCH_STATUS DW_SWITCHOVER",
            "n2 MON_SWITCH_STATUS DW_SWITCHOVER",
            "n1 MON_SQL SP_SET_GLOBAL_DW_STATUS(0, 6)",
            "n2 MON_SQL SP_SET_GLOBAL_DW_STATUS(0, 6)",
            "n1 MON_SQL ALTER DATABASE MOUNT",
            "n2 MON_SQL SP_APPLY_KEEP_PKG()",
            "n2 MON_SQL ALTER DATABASE MOUNT",
            "n1 MON_SQL ALTER DATABASE STANDBY",
            "n2 MON_SQL ALTER DATABASE PRIMARY",
            "n2 MON_ARCH_INVALID",
            "n1 MON_SQL ALTER DATABASE OPEN FORCE",
            "n2 MON_SQL ALTER DATABASE OPEN FORCE",
            "n1 MON_SQL SP_SET_GLOBAL_DW_STATUS(6, 0)",
            "n2 MON_SQL SP_SET_GLOBAL_DW_STATUS(6, 0)",
            "n1 MON_SWITCH_STATUS DW_OPEN",
            "n2 MON_SWITCH_STATUS DW_OPEN",
            "n1 MON_CLEAR_MID",
            "n2 MON_CLEAR_MID",
            "n3 MON_CLEAR_MID");
    assertThat(bench.last().exitCode()).isZero();
    Golden.matches("dw", "dmmonitor-switchover.txt", bench.transcript());
  }

  @Test
  void everyOrderHasItsOwnNumberAndTheMid() {
    Bench bench = Bench.manual().does("switchover GRP1_RT_02");
    List<MonOrder> orders = bench.orders().stream().map(s -> (MonOrder) s.message()).toList();
    assertThat(orders).extracting(MonOrder::getNumber).doesNotHaveDuplicates();
    assertThat(orders).extracting(MonOrder::getMid).containsOnly(bench.state.mid);
  }

  @Test
  void noDatabaseNeedsToBeNamedWhereThereIsOneStandby() {
    refused(Bench.manual(), "switchover", -8455, "GRP1_RT_02");
    Bench bench = Bench.manual().says(2, s -> s.setType("LOCAL"));
    assertThat(bench.does("switchover").last().exitCode()).isZero();
    assertThat(bench.prints("Switchover instance GRP1_RT_02 success")).isTrue();
  }

  @Test
  void aSwitchoverThatFailsTakesBackItsMarksAndTheWatchers() {
    Bench bench = Bench.manual().refusing("ALTER DATABASE STANDBY", -718);
    bench.does("switchover GRP1_RT_02");
    assertThat(bench.last().exitCode()).isEqualTo(1);
    assertThat(bench.lines())
        .contains(
            "Instance GRP1_RT_01 execute sql ALTER DATABASE STANDBY failed: [code:-718] the"
                + " operation failed (as the test wants it)",
            "Switchover instance GRP1_RT_02 failed");
    assertThat(bench.asked())
        .containsSubsequence(
            "n1 MON_SQL ALTER DATABASE STANDBY",
            "n2 MON_SQL SP_SET_GLOBAL_DW_STATUS(6, 0)",
            "n1 MON_SQL SP_SET_GLOBAL_DW_STATUS(6, 0)",
            "n1 MON_CLEAR_MID",
            "n2 MON_CLEAR_MID",
            "n3 MON_CLEAR_MID");
  }

  @Test
  void anotherMonitorsCommandIsNotDisturbed() {
    Bench bench = Bench.manual();
    bench.types("switchover GRP1_RT_02");
    assertThat(bench.asked()).containsExactly("n1 MON_SET_MID");
    bench.refusing("MON_SET_MID", -8).obeyed();
    assertThat(bench.asked()).containsExactly("n1 MON_SET_MID");
    assertThat(bench.prints("[code:-8]")).isTrue();
    assertThat(bench.last().exitCode()).isEqualTo(1);
  }

  @Test
  void aCommandMeetsItsEndWhenAWatcherIsLost() {
    Bench bench = Bench.manual().types("switchover GRP1_RT_02");
    bench.event(new Event.LinkDown(Bench.watcher(0), "reset"));
    assertThat(bench.prints("[code:-8180]")).isTrue();
    assertThat(bench.last().exitCode()).isEqualTo(1);
    bench = Bench.manual().types("switchover GRP1_RT_02");
    bench.says(0, s -> s.setInstOk(false)); // no order to the instance yet
    assertThat(bench.state.phase).isEqualTo(Phase.COMMAND);
    bench.passes(11_000, 1, 2);
    assertThat(bench.prints("[code:-8042]")).isTrue();
    assertThat(bench.last().exitCode()).isEqualTo(1);
  }

  @Test
  void oneCommandAtATime() {
    Bench bench = Bench.manual().types("switchover GRP1_RT_02");
    bench.event(new Event.Command(99, List.of("stop", "group")));
    assertThat(bench.prints("[code:-8038]")).isTrue();
    bench.event(new Event.Command(100, List.of("login", "a/b")));
    assertThat(bench.state.loggedIn).isTrue();
    bench.event(new Event.Command(101, List.of("show", "version")));
    assertThat(bench.prints(MonText.VERSION)).isTrue();
  }

  @Test
  void unfitSwitchoversAreRefused() {
    refused(Bench.confirm(), "switchover GRP1_RT_02", -5);
    refused(Bench.manual(), "switchover GRP1_RT_01", -8106);
    refused(Bench.manual(), "switchover GRP1_RT_09", -8045, "GRP1_RT_01, GRP1_RT_02");
    refused(Bench.manual(), "switchover GRP9.GRP1_RT_02", -8146, "GRP1");
    refused(Bench.manual().primaryKilled(), "switchover GRP1_RT_02", -8079);
    refused(
        Bench.manual().says(0, s -> s.setStatus(DwStatus.DW_RECOVERY)),
        "switchover GRP1_RT_02",
        -8079);
    refused(
        Bench.manual().reports(2, r -> r.setMode(Mode.PRIMARY)), "switchover GRP1_RT_02", -8079);
    refused(
        Bench.manual().says(1, s -> s.setCtl(CtlStatus.CTL_SPLIT)), "switchover GRP1_RT_02", -8389);
    refused(
        Bench.manual().reports(1, r -> r.setStatus(Status.MOUNT)),
        "switchover GRP1_RT_02",
        -8344,
        "STANDBY, MOUNT");
    refused(
        Bench.manual().says(1, s -> s.setStatus(DwStatus.DW_STARTUP)),
        "switchover GRP1_RT_02",
        -8344);
    refused(
        Bench.manual().reports(0, r -> r.getArchBuilder(0).setValid(false)),
        "switchover GRP1_RT_02",
        -8111,
        "archive INVALID");
    refused(Bench.manual().reports(1, r -> r.clearOpening()), "switchover GRP1_RT_02", -8402);
    refused(Bench.manual().says(1, s -> s.setType("LOCAL")), "switchover GRP1_RT_02", -8497);
    refused(Bench.manual().passes(12_000, 0, 2), "switchover GRP1_RT_02", -8457);
  }

  // ---- life of instances
  // -------------------------------------------------------------------------

  @Test
  void stopsAGroupInTheRightOrder() {
    Bench bench = Bench.manual();
    done(
        bench,
        "stop group",
        "n1 MON_STOP_WATCHER",
        "n2 MON_STOP_WATCHER",
        "n3 MON_STOP_WATCHER",
        "n1 MON_STOP_INSTANCE",
        "n2 MON_STOP_INSTANCE",
        "n3 MON_STOP_INSTANCE");
    Golden.matches("dw", "dmmonitor-stop-group.txt", bench.transcript());
    refused(bench, "stop group", -8257);
  }

  @Test
  void waitsForThePrimaryToEndBeforeAStandbyIsStopped() {
    Bench bench = Bench.manual().types("stop group");
    bench.says(0); // keeps saying that it runs
    assertThat(bench.obeyed().asked()).contains("n2 MON_STOP_INSTANCE");
    Bench slow = Bench.manual().types("stop group");
    for (int i = 0; i < 7; i++) {
      List<Effect.Send> orders = slow.orders();
      MonOrder order = (MonOrder) orders.get(orders.size() - 1).message();
      slow.event(
          new Event.Received(
              orders.get(orders.size() - 1).to(),
              halab.dw.proto.MonDone.newBuilder().setNumber(order.getNumber()).build()));
    }
    assertThat(slow.asked()).endsWith("n1 MON_STOP_INSTANCE");
    slow.passes(119_000, 0, 1, 2);
    assertThat(slow.asked()).endsWith("n1 MON_STOP_INSTANCE");
    slow.passes(2000, 0, 1, 2);
    assertThat(slow.prints("Instance GRP1_RT_01 shutdown failed: [code:-8043]")).isTrue();
    assertThat(slow.asked()).endsWith("n1 MON_CLEAR_MID");
  }

  @Test
  void startsWhatDoesNotRunAndIsNotRestarted() {
    Bench bench = Bench.confirm().says(1, s -> s.setInstOk(false));
    done(bench, "startup group", "n2 MON_STARTUP_INSTANCE");
    refused(bench, "startup group", -8223);
    refused(bench, "startup database GRP1_RT_02", -8223);
    bench = Bench.confirm().says(1, s -> s.setInstOk(false).setAutoRestart(true));
    refused(bench, "startup database GRP1_RT_02", -8686);
    bench.says(1, s -> s.setStatus(DwStatus.DW_SHUTDOWN));
    done(bench, "startup database GRP1_RT_02", "n2 MON_STARTUP_INSTANCE");
  }

  @Test
  void stopsADetachedStandbyAlone() {
    refused(Bench.manual(), "stop database GRP1_RT_02", -8656, "archive VALID");
    Bench bench = Bench.manual().reports(0, r -> r.getArchBuilder(0).setValid(false));
    done(bench, "stop database GRP1_RT_02", "n2 MON_STOP_WATCHER", "n2 MON_STOP_INSTANCE");
    refused(bench, "stop database GRP1_RT_02", -8655);
  }

  @Test
  void stopsThePrimaryOfAManualGroupOnly() {
    done(Bench.manual(), "stop database GRP1_RT_01", "n1 MON_STOP_WATCHER", "n1 MON_STOP_INSTANCE");
    Bench bench = Bench.confirm();
    bench.state = bench.state.with(s -> s.loggedIn = true);
    refused(bench, "stop database GRP1_RT_01", -8656);
  }

  @Test
  void killsWithoutALogin() {
    done(
        Bench.confirm(), "kill database GRP1_RT_02", "n2 MON_STOP_WATCHER", "n2 MON_KILL_INSTANCE");
    Bench bench = Bench.confirm().says(1, s -> s.setInstOk(false));
    done(
        bench,
        "kill group GRP1",
        "n1 MON_STOP_WATCHER",
        "n1 MON_KILL_INSTANCE",
        "n2 MON_STOP_WATCHER",
        "n3 MON_STOP_WATCHER",
        "n3 MON_KILL_INSTANCE");
    refused(bench, "kill group", -8661);
    refused(bench, "kill database GRP1_RT_02", -8661);
  }

  @Test
  void startsAndStopsWatchers() {
    Bench bench = Bench.manual();
    done(
        bench,
        "stop dmwatcher",
        "n1 MON_STOP_WATCHER",
        "n2 MON_STOP_WATCHER",
        "n3 MON_STOP_WATCHER");
    done(bench, "startup dmwatcher database GRP1_RT_02", "n2 MON_STARTUP_WATCHER");
    done(bench, "startup dmwatcher GRP1", "n1 MON_STARTUP_WATCHER", "n3 MON_STARTUP_WATCHER");
    done(bench, "stop dmwatcher database GRP1.GRP1_RT_03", "n3 MON_STOP_WATCHER");
  }

  @Test
  void opensByForce() {
    Bench bench = Bench.manual();
    bench.says(0, s -> s.setStatus(DwStatus.DW_STARTUP).getReportBuilder().setStatus(Status.MOUNT));
    done(
        bench,
        "open database GRP1_RT_01",
        "n1 MON_SWITCH_STATUS DW_OPEN_FORCE",
        "n1 MON_ARCH_INVALID",
        "n1 MON_SQL ALTER DATABASE OPEN FORCE",
        "n1 MON_SWITCH_STATUS DW_OPEN");
    bench.says(1, s -> s.setStatus(DwStatus.DW_STARTUP).getReportBuilder().setStatus(Status.MOUNT));
    done(
        bench,
        "open database GRP1_RT_02",
        "n2 MON_SWITCH_STATUS DW_OPEN_FORCE",
        "n2 MON_SQL ALTER DATABASE OPEN FORCE",
        "n2 MON_SWITCH_STATUS DW_OPEN");
    refused(bench, "open database GRP1_RT_02", -8037);
    bench.reports(1, r -> r.setStatus(Status.MOUNT));
    refused(bench, "open database GRP1_RT_02", -8371);
    bench.says(1, s -> s.setStatus(DwStatus.DW_STARTUP).getReportBuilder().setMode(Mode.PRIMARY));
    refused(bench, "open database GRP1_RT_02", -8360);
    bench.says(1, s -> s.setCtl(CtlStatus.CTL_SPLIT));
    refused(bench, "open database GRP1_RT_02", -8389);
  }

  // ---- settings
  // ----------------------------------------------------------------------------------

  @Test
  void detachesAndAttaches() {
    Bench bench = Bench.manual();
    done(
        bench,
        "detach database GRP1_RT_02",
        "n1 MON_SET_RECOVER_TIME GRP1_RT_02 86400",
        "n1 MON_SWITCH_STATUS DW_CHANGE_ARCH",
        "n1 MON_ARCH_INVALID GRP1_RT_02",
        "n1 MON_SWITCH_STATUS DW_OPEN");
    refused(Bench.manual(), "attach database GRP1_RT_02", -8551);
    bench.reports(0, r -> r.getArchBuilder(0).setValid(false));
    done(bench, "attach database GRP1_RT_02", "n1 MON_SET_RECOVER_TIME GRP1_RT_02 3");
    bench.says(1, s -> s.setInstOk(false));
    refused(bench, "attach database GRP1_RT_02", -8552);
    refused(Bench.manual(), "detach database GRP1_RT_01", -8521);
    refused(Bench.manual().primaryKilled(), "detach database GRP1_RT_02", -8523);
    refused(
        Bench.manual().says(1, s -> s.setCtl(CtlStatus.CTL_SPLIT)),
        "detach database GRP1_RT_02",
        -8401);
    refused(
        Bench.manual().says(0, s -> s.setStatus(DwStatus.DW_CONFIRM)),
        "detach database GRP1_RT_02",
        -8508);
    refused(Bench.manual().reports(0, r -> r.clearArch()), "detach database GRP1_RT_02", -8570);
  }

  @Test
  void setsRecoverTimes() {
    done(
        Bench.manual(),
        "set database GRP1_RT_02 recover time 10",
        "n1 MON_SET_RECOVER_TIME GRP1_RT_02 10");
    done(Bench.manual(), "set group recover time 86400", "n1 MON_SET_RECOVER_TIME 86400");
    refused(Bench.manual(), "set group GRP1 recover time 2", -8515);
    refused(Bench.manual(), "set group recover time x", -8515);
  }

  @Test
  void setsArchivesInvalid() {
    done(
        Bench.manual(),
        "set database GRP1_RT_03 arch invalid",
        "n1 MON_SWITCH_STATUS DW_CHANGE_ARCH",
        "n1 MON_ARCH_INVALID GRP1_RT_03",
        "n1 MON_SWITCH_STATUS DW_OPEN");
    done(
        Bench.manual(),
        "set group arch invalid",
        "n1 MON_SWITCH_STATUS DW_CHANGE_ARCH",
        "n1 MON_ARCH_INVALID GRP1_RT_02",
        "n1 MON_ARCH_INVALID GRP1_RT_03",
        "n1 MON_SWITCH_STATUS DW_OPEN");
  }

  @Test
  void setsParametersOfEveryActiveWatcher() {
    done(
        Bench.manual(),
        "set group GRP1 dw_error_time = 20",
        "n1 MON_SET_PARA DW_ERROR_TIME 20",
        "n2 MON_SET_PARA DW_ERROR_TIME 20",
        "n3 MON_SET_PARA DW_ERROR_TIME 20");
    Bench bench = Bench.manual().passes(11_000, 0, 2);
    done(
        bench,
        "set group INST_AUTO_RESTART 1",
        "n1 MON_SET_PARA INST_AUTO_RESTART 1",
        "n3 MON_SET_PARA INST_AUTO_RESTART 1");
    refused(Bench.manual(), "set group DW_MODE 1", -8498);
    refused(Bench.manual(), "set group DW_ERROR_TIME 2", -8498);
    refused(
        Bench.manual().says(1, s -> s.setStatus(DwStatus.DW_RECOVERY)),
        "set group DW_ERROR_TIME 20",
        -8220);
  }

  @Test
  void clearsStatistics() {
    done(
        Bench.manual(), "clear database GRP1_RT_02 arch send info", "n1 MON_CLEAR_SEND GRP1_RT_02");
    done(Bench.manual(), "clear group arch send info", "n1 MON_CLEAR_SEND");
    done(Bench.manual(), "clear database GRP1_RT_02 rapply stat", "n2 MON_CLEAR_APPLY");
    done(Bench.manual(), "clear group GRP1 apply stat", "n2 MON_CLEAR_APPLY", "n3 MON_CLEAR_APPLY");
    Bench bench = new Bench(false).started().linked(0).says(0);
    bench.state = bench.state.with(s -> s.loggedIn = true);
    refused(bench, "clear group apply stat", -8496);
  }

  @Test
  void severalGroupsNeedAName() {
    Bench bench = Bench.manual();
    DwState async =
        bench.say[2].clone().setGroup("GRP2").setOguid(9).setInstance("GRP2_LOCAL_01").build();
    List<Seat> seats = new java.util.ArrayList<>(bench.state.seats);
    seats.add(new Seat("GRP2", 9, Bench.watcher(2)).with(x -> x.linked = true));
    bench.state = bench.state.with(s -> s.seats = List.copyOf(seats));
    bench.event(new Event.Received(Bench.watcher(2), async));
    refused(bench, "stop group", -8456, "GRP1, GRP2");
    bench.does("stop group GRP2");
    assertThat(work(bench)).containsExactly("n3 MON_STOP_WATCHER", "n3 MON_STOP_INSTANCE");
  }
}
