package halab.systems.dsc.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonRefused;
import halab.dsc.proto.MonRelay;
import halab.dsc.proto.RelayCmd;
import halab.dsc.proto.RelayEp;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Table;
import halab.kernel.TableCheck;
import halab.systems.VendorLog;
import halab.systems.dsc.Golden;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The monitor's links, screens and lines: DMDSC manual, chapter on the monitor; reference 5. */
class DmcssmTest {
  private static final String AT = "[2025-01-01 08:00:00:000] ";

  private static MonRelay.Builder relay() {
    return MonRelay.newBuilder().setCss("CSS0").setType(GroupType.DB).setWallMs(Bench.WALL_MS + 7);
  }

  private static Event from(int css, com.google.protobuf.Message message) {
    return new Event.Received(Bench.css(css), message);
  }

  @Test
  void everyPhaseHearsEveryTrigger() {
    assertThat(TableCheck.problems(Dmcssm.TABLE)).isEmpty();
  }

  @Test
  void rowsAreToldApartByNumber() {
    assertThat(Dmcssm.TABLE.rows()).extracting(Table.Row::number).doesNotHaveDuplicates();
  }

  @Test
  void greetsAndDialsEveryCss() {
    Bench bench = new Bench().started();
    assertThat(bench.row).isEqualTo(10);
    assertThat(bench.prints())
        .containsExactly(
            "[monitor]          " + AT + "CSS MONITOR V8",
            "[monitor]          " + AT + "CSS MONITOR SYSTEM IS READY.",
            "",
            "[monitor]          " + AT + "Wait CSS Control Node choosed...");
    assertThat(bench.effects)
        .contains(new Effect.Connect(Bench.css(0)), new Effect.Connect(Bench.css(1)));
  }

  @Test
  void logsInWithOguidAndTheSecondOfTheConnect() {
    Bench bench = new Bench().started().event(new Event.LinkUp(Bench.css(0), 3));
    assertThat(bench.row).isEqualTo(24);
    assertThat(bench.logins()).hasSize(1);
    assertThat(bench.logins().get(0).getOguid()).isEqualTo(63635);
    assertThat(bench.logins().get(0).getMid()).isEqualTo(Bench.WALL_MS / 1000);
    assertThat(bench.logins().get(0).getFromName()).isEqualTo("dmcssm");
  }

  @Test
  void repeatsALoginThatIsNotAnswered() {
    Bench bench = new Bench().started().event(new Event.LinkUp(Bench.css(0), 3));
    assertThat(Dmcssm.TABLE.wakeAtMs(bench.state)).isEqualTo(6000);
    bench.passes(5000);
    assertThat(bench.row).isEqualTo(44);
    assertThat(bench.logins()).hasSize(2);
    assertThat(bench.logins().get(1)).isEqualTo(bench.logins().get(0));
  }

  @Test
  void waitsForTheControlNodeOnceACssLetsItIn() {
    Bench bench = new Bench().started().welcome(1);
    assertThat(bench.row).isEqualTo(50);
    assertThat(bench.state.phase()).isEqualTo(DmcssmState.Phase.ELECTING);
    bench.welcome(0);
    assertThat(bench.row).isEqualTo(52);
  }

  @Test
  void tellsWhenTheControlNodeIsKnown() {
    Bench bench = new Bench().started().welcome(0);
    bench.effects.clear();
    bench.push(0);
    assertThat(bench.row).isEqualTo(60);
    assertThat(bench.state.phase()).isEqualTo(DmcssmState.Phase.READY);
    assertThat(bench.prints())
        .containsExactly("[monitor]          " + AT + "Wait CSS Control Node choosed succeed.");
    bench.effects.clear();
    assertThat(bench.push(0).row).isEqualTo(64);
    assertThat(bench.prints()).isEmpty();
  }

  @Test
  void losesTheControlNodeWithItsLink() {
    Bench bench = Bench.ready().event(new Event.LinkDown(Bench.css(0), "reset"));
    assertThat(bench.row).isEqualTo(32);
    assertThat(bench.state.phase()).isEqualTo(DmcssmState.Phase.ELECTING);
  }

  @Test
  void losesTheControlNodeWhenItStepsDown() {
    Bench bench = Bench.ready();
    bench.say[0].setControl(false);
    bench.push(0);
    assertThat(bench.row).isEqualTo(62);
    bench.say[1].setControl(true);
    bench.push(1);
    assertThat(bench.row).isEqualTo(60);
    assertThat(bench.state.control().name()).isEqualTo("CSS1");
  }

  @Test
  void losesTheControlNodeWhenItsLifeIsANewOne() {
    Bench bench = Bench.ready().event(new Event.LinkUp(Bench.css(0), 2));
    assertThat(bench.row).isEqualTo(22);
  }

  @Test
  void losesTheControlNodeWhenItIsSilent() {
    Bench bench = Bench.ready();
    bench.nowMs += 9000;
    bench.push(1).passes(999);
    assertThat(bench.row).isEqualTo(44);
    bench.passes(1);
    assertThat(bench.row).isEqualTo(42);
    assertThat(bench.state.live()).extracting(CssSeat::name).containsExactly("CSS1");
  }

  @Test
  void isAloneWhenTheLastCssLeavesOrFallsSilentOrComesAnew() {
    Bench left = Bench.ready().event(new Event.LinkDown(Bench.css(1), "reset"));
    assertThat(left.row).isEqualTo(34);
    left.event(new Event.LinkDown(Bench.css(0), "reset"));
    assertThat(left.row).isEqualTo(30);
    assertThat(Bench.ready().passes(10_000).row).isEqualTo(40);
    Bench only = new Bench().started().welcome(0).event(new Event.LinkUp(Bench.css(0), 2));
    assertThat(only.row).isEqualTo(20);
  }

  @Test
  void complainsOnceWhenNobodyIsLeft() {
    Bench bench = Bench.ready();
    bench.event(new Event.LinkDown(Bench.css(0), "x")).event(new Event.LinkDown(Bench.css(1), "x"));
    assertThat(Dmcssm.TABLE.wakeAtMs(bench.state)).isEqualTo(6000);
    bench.passes(5000).passes(5000);
    assertThat(bench.prints())
        .containsExactly(
            "[monitor]          [2025-01-01 08:00:05:000] [!!!DSC INFO!!!]CSSM detected all EP"
                + " inactive, the entire cluster may be faulty or the entire cluster has already"
                + " exited");
    bench.effects.clear();
    bench.welcome(1);
    assertThat(bench.prints()).singleElement().asString().endsWith("Control Node choosed...");
  }

  @Test
  void tellsOnceWhyItMayNotWatchAndTriesAgain() {
    Bench bench = new Bench().started().event(new Event.LinkUp(Bench.css(0), 1));
    bench.effects.clear();
    bench.event(from(0, MonRefused.newBuilder().setCode(-11).build()));
    assertThat(bench.row).isEqualTo(58);
    assertThat(bench.prints()).singleElement().asString().contains("n1: [code:-11] ");
    bench.passes(5000);
    assertThat(bench.logins()).hasSize(1);
    bench.event(from(0, MonRefused.newBuilder().setCode(-11).build()));
    assertThat(bench.prints()).hasSize(1);
  }

  @Test
  void isShutOutByACssThatRefusesALaterLogin() {
    Event refused = from(0, MonRefused.newBuilder().setCode(-11).build());
    assertThat(Bench.ready().event(refused).row).isEqualTo(56);
    Bench alone = Bench.ready().event(new Event.LinkDown(Bench.css(1), "x")).event(refused);
    assertThat(alone.row).isEqualTo(54);
  }

  @Test
  void relaysEveryKindOfLineUnderTheTimeOfItsCss() {
    Bench bench = Bench.ready();
    RelayCmd cmd =
        RelayCmd.newBuilder().setCmd("EP START").setEp("DSC0").setSeqno(0).setCmdSeq(81).build();
    RelayEp ep = RelayEp.newBuilder().setEp("DSC1").setSeqno(1).build();
    bench
        .event(from(0, relay().setCmd(cmd).build()))
        .event(from(0, relay().setCmdOver("CONFIG VIP").build()))
        .event(from(0, relay().setControl(ep).build()))
        .event(from(0, relay().setCrashOver(true).build()))
        .event(from(0, relay().setCrashOver(false).build()))
        .event(from(0, relay().setInfo("[!!!DSC INFO!!!]x\u001b[31m").build()));
    assertThat(bench.row).isEqualTo(70);
    Golden.matches("dmcssm-relayed.txt", String.join("\n", bench.prints()) + "\n");
  }

  @Test
  void showsEveryGroup() {
    Bench bench = Bench.ready().types("show");
    assertThat(bench.row).isEqualTo(104);
    assertThat(bench.last().exitCode()).isZero();
    Golden.matches("dmcssm-show.txt", bench.last().text() + "\n");
  }

  @Test
  void showsAGroupInTheMiddleOfACrash() {
    Bench bench = Bench.ready();
    bench
        .say[0]
        .getGroupBuilder(2)
        .setSta("PROCESS_CRASH")
        .setSubSta("WAIT_EP_CRASH")
        .setControl(1)
        .clearOkEp()
        .addOkEp(1)
        .addBreakEp(0)
        .setCrashOver(false)
        .getEpBuilder(0)
        .setOk(false)
        .setControl(false)
        .setActive(false);
    bench.say[0].getGroupBuilder(2).getEpBuilder(1).setControl(true);
    bench.push(0).types("SHOW Grp_Dsc;");
    Golden.matches("dmcssm-show-group.txt", bench.last().text() + "\n");
  }

  @Test
  void showsTheConfiguration() {
    Bench bench = Bench.ready().types("show config");
    assertThat(bench.row).isEqualTo(112);
    Golden.matches("dmcssm-show-config.txt", bench.last().text() + "\n");
  }

  @Test
  void showsTheMonitorsItselfFirst() {
    Bench bench = Bench.ready().types("show monitor");
    assertThat(bench.row).isEqualTo(116);
    Golden.matches("dmcssm-show-monitor.txt", bench.last().text() + "\n");
  }

  @Test
  void helpListsTheCommands() {
    Bench bench = new Bench().started().types("help");
    assertThat(bench.row).isEqualTo(120);
    Golden.matches("dmcssm-help.txt", bench.last().text() + "\n");
  }

  @Test
  void showsWhatAnyCssSaysWhileThereIsNoControlNode() {
    Bench bench = Bench.ready().event(new Event.LinkDown(Bench.css(0), "x"));
    bench.say[1].getGroupBuilder(0).setControl(255);
    bench.push(1).types("show grp_css");
    assertThat(bench.last().text())
        .contains("name = grp_css, seq = 0, type = CSS, Control Node = 255] ")
        .contains("[CSS1] auto check = TRUE")
        .doesNotContain("[CSS0]");
  }

  @Test
  void refusesScreensWhileNothingIsKnown() {
    Bench bench = new Bench().started();
    assertThat(bench.types("show").row).isEqualTo(100);
    assertThat(bench.types("show config").row).isEqualTo(110);
    assertThat(bench.types("show monitor").row).isEqualTo(114);
    assertThat(bench.last().exitCode()).isEqualTo(1);
    assertThat(bench.last().text()).contains("[code:-1029] ");
  }

  @Test
  void refusesToShowAGroupThatThereIsNot() {
    Bench bench = Bench.ready().types("show GRP_X");
    assertThat(bench.row).isEqualTo(102);
    assertThat(bench.last().text()).contains("[code:-1019] ");
  }

  @Test
  void refusesWordsThatAreNoCommandAndPointsToHelp() {
    for (String words : List.of("ep crush G.E", "css", "", "a\u001b[1mb")) {
      Bench bench = Bench.ready().types(words);
      assertThat(bench.row).isEqualTo(124);
      assertThat(bench.last().exitCode()).isEqualTo(1);
      assertThat(bench.last().text())
          .contains("unknown command, help lists them")
          .doesNotContain("\u001b");
    }
  }

  @Test
  void aCommandWithoutItsArgumentsIsRefusedWithItsCode() {
    for (String words : List.of("ep halt GRP_DSC", "EP STOP", "ep stop GRP_DSC now", "set x")) {
      Bench bench = Bench.ready().types(words);
      assertThat(bench.row).isEqualTo(124);
      assertThat(bench.last().text()).contains("[code:-8] ").contains("group_name");
    }
    assertThat(Bench.ready().types("ep halt GRP_DSC").last().text())
        .endsWith(": ep halt group_name.ep_name");
  }

  @Test
  void theMonitorGoesOnWhenAConsoleCloses() {
    Bench bench = Bench.ready().types("exit");
    assertThat(bench.row).isEqualTo(122);
    assertThat(bench.effects).doesNotHaveAnyElementsOfTypes(Effect.Halt.class);
  }

  @Test
  void endsWhenAskedTo() {
    Bench bench = Bench.ready().event(new Event.StopRequested());
    assertThat(bench.row).isEqualTo(900);
    assertThat(bench.effects).contains(new Effect.Halt(0, "asked to end"));
  }

  @Test
  void hearsNobodyItDoesNotWatch() {
    Bench bench = Bench.ready();
    Event push = new Event.Received(Endpoint.parse("n9/dmcss"), bench.say[0].build());
    assertThat(bench.event(push).row).isEqualTo(990);
    assertThat(bench.event(new Event.Launched("dmcss", null)).row).isEqualTo(990);
    assertThat(bench.event(new Event.LinkUp(Endpoint.parse("n9/dmcss"), 1)).row).isEqualTo(24);
  }

  @Test
  void tellsWhatItKnows() {
    assertThat(Dmcssm.ROLE.view().apply(Bench.ready().state).facts())
        .containsEntry("control", "CSS0")
        .containsEntry("css", "CSS0,CSS1")
        .containsEntry("command", "");
  }

  @Test
  void namesItsLogAfterItsStart() {
    String instance = Dmcssm.ROLE.instance().apply(Bench.ready().state);
    LocalDateTime later = LocalDateTime.of(2026, 2, 3, 4, 5, 6);
    assertThat(Dmcssm.ROLE.log().file(instance, later)).isEqualTo("dmcssm_20250101080000.log");
    assertThat(Dmcssm.ROLE.log().file("", later)).isEqualTo("dmcssm_20260203040506.log");
    assertThat(Dmcssm.ROLE.log().line(later, halab.kernel.Level.INFO, 1, "text")).isEqualTo("text");
  }

  @Test
  void itsLogHasTheLimitsOfTheFile() {
    Map<String, String> files =
        Map.of(
            "dmcssm.ini",
            "CSSM_OGUID=1\nCSSM_CSS_IP=n1:5200\nCSSM_LOG_FILE_SIZE=16\nCSSM_LOG_SPACE_LIMIT=256\n");
    assertThat(Dmcssm.ROLE.log().limits(files))
        .isEqualTo(new VendorLog.Limits(16L << 20, 256L << 20));
    assertThat(Dmcssm.ROLE.log().limits(Bench.PLAN.host("mon").files()))
        .isEqualTo(new VendorLog.Limits(64L << 20, 0));
    assertThat(Dmcssm.ROLE.log().owns("dmcssm_20250101080000.log")).isTrue();
    assertThat(Dmcssm.ROLE.log().owns("dm_CSS0_202501.log")).isFalse();
  }

  @Test
  void everythingItPrintsIsInTheLog() {
    Bench bench = new Bench().started().welcome(0).push(0);
    List<String> said =
        bench.effects.stream()
            .filter(Effect.Say.class::isInstance)
            .map(e -> ((Effect.Say) e).text())
            .toList();
    assertThat(said).isEqualTo(bench.prints());
    assertThat(EnumSet.allOf(DmcssmState.Phase.class)).contains(bench.state.phase());
  }

  @Test
  void itsStartIsFoundInItsLog() {
    String at = "[monitor]          [2026-01-01 08:00:00:000] ";
    List<String> log =
        new ArrayList<>(
            List.of(
                at + "CSS MONITOR V8",
                at + "CSS MONITOR SYSTEM IS READY.",
                at + "Wait CSS Control Node choosed..."));
    assertThat(Dmcssm.startLines(log)).containsExactly(log.get(0), log.get(1), "", log.get(2));
    log.add("[CSS0]             [2026-01-01 08:00:01:000] [CSS]: a line between");
    log.add(at + "Wait CSS Control Node choosed succeed.");
    log.add(at + "Wait CSS Control Node choosed succeed.");
    assertThat(Dmcssm.startLines(log))
        .containsExactly(log.get(0), log.get(1), "", log.get(2), log.get(4));
    assertThat(Dmcssm.startLines(List.of("", "the log went on in this file"))).isEmpty();
  }
}
