package halab.systems.dw.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dw.proto.CtlStatus;
import halab.dw.proto.DwStatus;
import halab.dw.proto.MonRecord;
import halab.dw.proto.Recovered;
import halab.dw.proto.SendInfo;
import halab.dw.proto.Status;
import halab.systems.dsc.Golden;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands that show something: Data Watch manual, chapter on the monitor; reference 6.3, 6.4. */
class ScreenTest {
  private static void golden(String name, Bench bench, String command) {
    bench.types(command);
    assertThat(bench.last().exitCode()).isZero();
    Golden.matches("dw", "dmmonitor-" + name + ".txt", bench.last().text() + "\n");
  }

  private static void refused(Bench bench, String command, String... parts) {
    bench.types(command);
    assertThat(bench.last().exitCode()).isEqualTo(1);
    assertThat(bench.last().text()).contains(parts);
  }

  @Test
  void helpListsTheCommands() {
    golden("help", Bench.confirm(), "help");
  }

  @Test
  void showsEveryGroup() {
    golden("show", Bench.confirm(), "show");
    golden("show", Bench.confirm(), "SHOW grp1;");
    assertThat(Bench.confirm().types("show version").last().text()).isEqualTo("DMMONITOR[4.0] V8");
  }

  @Test
  void showsTheGlobalPartAlone() {
    golden("show-global", Bench.confirm(), "show global info");
  }

  @Test
  void showsOneDatabase() {
    golden("show-database", Bench.confirm(), "show database GRP1.GRP1_RT_02");
  }

  @Test
  void aLocalStandbyHasNoControlFile() {
    Bench bench = Bench.confirm().says(2, s -> s.setType("LOCAL").setMode("MANUAL"));
    bench.reports(0, r -> r.getArchBuilder(1).setType(halab.dw.proto.ArchType.ARCH_ASYNC));
    assertThat(bench.types("show database GRP1_RT_03").last().text())
        .contains("LOCAL     NULL      OPEN ", "NONE      VALID");
  }

  @Test
  void showsOpenHistoryAndConfiguration() {
    golden("open-info", Bench.confirm(), "show open info GRP1_RT_02");
    golden("list", Bench.confirm(), "list GRP1_RT_01");
    assertThat(Bench.confirm().types("list").last().text())
        .contains("dmwatcher(GRP1_RT_01)", "dmwatcher(GRP1_RT_03)");
    assertThat(Bench.confirm().types("list GRP1").last().text()).contains("dmwatcher(GRP1_RT_03)");
  }

  @Test
  void showsWhatWasSent() {
    Bench bench =
        Bench.confirm()
            .says(
                0,
                s -> {
                  s.addRecovered(
                      Recovered.newBuilder().setDest("GRP1_RT_02").setAtMs(Bench.WALL_MS));
                  s.getReportBuilder()
                      .getArchBuilder(0)
                      .setSend(
                          SendInfo.newBuilder()
                              .setLastStartMs(Bench.WALL_MS)
                              .setLastEndMs(Bench.WALL_MS + 1)
                              .setLastUs(812)
                              .setLastBeginLsn(45302)
                              .setLastEndLsn(45303)
                              .setCount(9));
                });
    golden("send-info", bench, "show arch send info GRP1_RT_02");
    refused(bench, "show arch send info GRP1_RT_01", "[code:-8570]");
  }

  @Test
  void showsWhatWasApplied() {
    golden("apply-stat", Bench.confirm(), "show apply stat GRP1_RT_02");
    refused(Bench.confirm(), "show apply stat GRP1_RT_01", "[code:-8062]");
  }

  @Test
  void showsMonitorsItselfFirst() {
    Bench bench = Bench.confirm();
    bench.says(
        0,
        s ->
            s.addMonitor(
                MonRecord.newBuilder()
                    .setConnectMs(Bench.WALL_MS)
                    .setConfirm(true)
                    .setMid(bench.state.mid)
                    .setIp("10.0.0.99")
                    .setVersion(MonText.VERSION)));
    List<String> lines = bench.types("show monitor").last().text().lines().toList();
    assertThat(lines.get(1)).isEqualTo("Get monitor connect info from dmwatcher(GRP1_RT_01).");
    assertThat(lines.get(5)).contains("TRUE", "10.0.0.99");
    assertThat(lines.get(6)).contains("FALSE", "10.0.0.77");
    assertThat(bench.types("show monitor GRP1.GRP1_RT_02").last().text())
        .contains("dmwatcher(GRP1_RT_02)");
    assertThat(bench.types("show monitor GRP1").last().text()).contains("dmwatcher(GRP1_RT_01)");
    assertThat(bench.types("show monitor GRP1_RT_03").last().text())
        .contains("dmwatcher(GRP1_RT_03)");
  }

  @Test
  void repeatsTheScreenUntilQ() {
    Bench bench = Bench.confirm().types("show i 5");
    assertThat(bench.last().exitCode()).isZero();
    assertThat(bench.prints("<<DATABASE GLOBAL INFO:>>")).isTrue();
    assertThat(bench.clear().passes(4000, 0, 1, 2).transcript()).isEmpty();
    assertThat(bench.passes(1000, 0, 1, 2).transcript()).contains("GLOBAL INFO");
    bench.types("q").clear();
    assertThat(bench.passes(11_000, 0, 1, 2).transcript()).isEmpty();
    refused(bench, "show interval 4", "[code:-16]", "show i[nterval] n");
  }

  @Test
  void tipIsContentWithAHealthySystem() {
    golden("tip", Bench.confirm(), "tip");
  }

  @Test
  void tipTellsWhatIsWrong() {
    Bench bench = Bench.confirm().says(1, s -> s.setInstOk(false).setStatus(DwStatus.DW_STARTUP));
    refused(bench, "tip", "Instance GRP1_RT_02 is in error", "[code:-24]");
    bench = Bench.confirm();
    bench.says(2, s -> s.setCtl(CtlStatus.CTL_SPLIT).setCtlWhy("other branch"));
    refused(
        bench.reports(0, r -> r.getArchBuilder(1).setValid(false)),
        "tip",
        "[code:-23]",
        "Instance GRP1_RT_03 is split, the user has to intervene: other branch");
    refused(
        Bench.confirm().reports(1, r -> r.setMode(halab.dw.proto.Mode.PRIMARY)),
        "tip",
        "[code:-25]");
    refused(Bench.ready(false).primaryKilled(), "tip", "[code:-27]");
    bench = Bench.ready(false).primaryKilled().says(0, s -> s.setStatus(DwStatus.DW_STARTUP));
    refused(bench, "tip", "[code:-26]");
    refused(
        new Bench(false).started().linked(0).says(0),
        "tip",
        "No message has been received from dmwatcher(n2)");
  }

  @Test
  void checksWhyAStandbyIsNotRecovered() {
    refused(Bench.confirm(), "check recover GRP1_RT_01", "[code:-8571]");
    refused(Bench.confirm(), "check recover GRP1_RT_02", "[code:-8551]");
    Bench bench = Bench.confirm().reports(0, r -> r.getArchBuilder(0).setValid(false));
    assertThat(bench.types("check recover GRP1_RT_02").last().text())
        .endsWith("Instance GRP1_RT_02 meets the conditions to recover");
    bench.says(
        0,
        s ->
            s.addRecovered(
                Recovered.newBuilder().setDest("GRP1_RT_02").setCode(-10204).setWhy("redo gone")));
    refused(bench, "check recover GRP1_RT_02", "[code:-20]", "code -10204, redo gone");
    refused(
        bench.reports(1, r -> r.setStatus(Status.MOUNT)),
        "check recover GRP1_RT_02",
        "[code:-21]",
        "MOUNT");
    refused(
        bench.reports(0, r -> r.setStatus(Status.SUSPEND)),
        "check recover GRP1_RT_02",
        "[code:-8569]");
  }

  @Test
  void checksWhyADatabaseIsNotOpened() {
    refused(Bench.confirm(), "check open GRP1_RT_02", "[code:-8037]");
    Bench bench = Bench.confirm();
    bench.says(0, s -> s.setStatus(DwStatus.DW_STARTUP).getReportBuilder().setStatus(Status.MOUNT));
    assertThat(bench.types("check open GRP1_RT_01").last().exitCode()).isZero();
    bench.says(0, s -> s.addAsks("GRP1_RT_03"));
    refused(bench, "check open GRP1_RT_01", "[code:-22]", "it waits for GRP1_RT_03");
    bench.says(1, s -> s.setCtl(CtlStatus.CTL_SPLIT).setCtlWhy("other branch"));
    refused(bench, "check open GRP1_RT_02", "[code:-8389]", "other branch");
  }

  @Test
  void choosesForASwitchover() {
    assertThat(Bench.confirm().types("choose switchover").last().text())
        .isEqualTo(
            """
            Can choose one of the following instances to do switchover:
            1: GRP1_RT_02
            2: GRP1_RT_03""");
    Bench bench = Bench.confirm().says(0, s -> s.setStatus(DwStatus.DW_RECOVERY));
    refused(bench, "choose switchover", "[code:-8496]");
  }

  @Test
  void namesThatThereAreNotAreRefused() {
    refused(Bench.confirm(), "show GRP9", "[code:-8146]");
    refused(Bench.confirm(), "show database GRP9.GRP1_RT_01", "[code:-8146]");
    refused(Bench.confirm(), "show database NOBODY", "[code:-8045]");
    refused(Bench.confirm(), "list NOBODY", "[code:-8045]");
    refused(new Bench(true).started(), "show", "[code:-8457]");
  }

  @Test
  void wordsThatAreNoCommandPointToHelp() {
    refused(Bench.confirm(), "shutdown", "unknown command: shutdown (help lists the commands)");
    refused(Bench.confirm(), "show database", "[code:-16]", "show database [group_name.]db_name");
    refused(Bench.confirm(), "check recover", "[code:-16]", "check recover [group_name.]db_name");
    refused(Bench.confirm(), "switchover A B C D", "[code:-16]", "switchover [group_name[.]]");
    refused(
        Bench.confirm(), "set database X recover time", "[code:-16]", "recover time time_value");
    refused(Bench.confirm(), "choose", "[code:-16]", "choose takeover force [group_name]");
  }

  @Test
  void commandsOfOtherSystemsAreRefused() {
    for (String mpp :
        List.of("show mpp", "check mppctl", "stop group all", "startup dmwatcher all")) {
      refused(Bench.confirm(), mpp, "MPP");
    }
    refused(Bench.confirm(), "show state", "[code:-33]");
    refused(Bench.confirm(), "exit all", "[code:-33]");
    refused(Bench.confirm(), "set group auto restart on", "INST_AUTO_RESTART");
    refused(Bench.confirm(), "login /@service", "[code:-29]");
  }

  @Test
  void exitLeavesTheMonitorRunning() {
    Bench bench = Bench.confirm().types("exit");
    assertThat(bench.last().exitCode()).isZero();
    assertThat(bench.effects).noneMatch(halab.kernel.Effect.Halt.class::isInstance);
  }

  @Test
  void everyListedCommandIsUnderstood() {
    for (Verb verb : Verb.values()) {
      String words =
          verb.usage()
              .replaceAll(" \\[/@.*", "")
              .replace("[[group_name.]db_name]", "GRP1.GRP1_RT_02")
              .replace("[group_name.]db_name", "GRP1.GRP1_RT_02")
              .replace("[group_name[.]] [db_name]", "GRP1.GRP1_RT_02")
              .replace("[group_name]", "GRP1")
              .replace("i[nterval] n", "interval 5")
              .replace("para_name para_value", "DW_ERROR_TIME 20")
              .replace("time_value", "10");
      MonTrigger found = Words.parse(1, Arrays.asList(words.split(" ")));
      assertThat(found).as(words).isNotInstanceOf(MonTrigger.Unknown.class);
      if (found instanceof MonTrigger.Screen screen) {
        assertThat(screen.verb()).as(words).isEqualTo(verb);
      } else if (found instanceof MonTrigger.Change change) {
        assertThat(change.verb()).as(words).isEqualTo(verb);
      }
    }
  }

  @Test
  void completionHasPlainWords() {
    assertThat(Verb.words())
        .contains(
            List.of("show", "interval", "n"),
            List.of("switchover", "db"),
            List.of("set", "database", "db", "arch", "invalid"),
            List.of("clear", "group", "apply", "stat"),
            List.of("login"))
        .allSatisfy(words -> assertThat(String.join(" ", words)).doesNotContain("[", "]"));
  }
}
