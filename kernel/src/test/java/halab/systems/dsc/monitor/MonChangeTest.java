package halab.systems.dsc.monitor;

import static halab.dsc.proto.MonOp.MON_AUTO_RESTART_OFF;
import static halab.dsc.proto.MonOp.MON_AUTO_RESTART_ON;
import static halab.dsc.proto.MonOp.MON_CLEANUP;
import static halab.dsc.proto.MonOp.MON_CRASH_OVER;
import static halab.dsc.proto.MonOp.MON_CSS_STARTUP;
import static halab.dsc.proto.MonOp.MON_CSS_STOP;
import static halab.dsc.proto.MonOp.MON_EP_BREAK;
import static halab.dsc.proto.MonOp.MON_EP_CRASH;
import static halab.dsc.proto.MonOp.MON_EP_HALT;
import static halab.dsc.proto.MonOp.MON_EP_RECOVER;
import static halab.dsc.proto.MonOp.MON_EP_STARTUP;
import static halab.dsc.proto.MonOp.MON_EP_STOP;
import static halab.dsc.proto.MonOp.MON_EXTEND_NODE;
import static halab.dsc.proto.MonOp.MON_OPEN_FORCE;
import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonLogin;
import halab.kernel.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changing commands: conditions and order of reference 5.3, 5.6, refusals of 4.7 and 5.7. */
class MonChangeTest {
  private static final String CLEANUP = "通知当前活动的CSS执行清理操作";

  private static void refused(Bench bench, String words, int row, int code) {
    bench.types(words);
    assertThat(bench.row).isEqualTo(row);
    assertThat(bench.last().exitCode()).isEqualTo(1);
    assertThat(bench.replies()).singleElement().asString().startsWith("[code:" + code + "] ");
    assertThat(bench.asked()).isEmpty();
  }

  @Test
  void stopsAGroupInTheVendorsOrder() {
    Bench bench = Bench.ready().types("ep stop grp_dsc");
    assertThat(bench.row).isEqualTo(400);
    bench.answers(0, 0).answers(1, 0).answers(0, 0);
    bench.push(0, 1).passes(1000).down(2).push(1);
    assertThat(bench.ops())
        .containsExactly(MON_AUTO_RESTART_OFF, MON_AUTO_RESTART_OFF, MON_EP_STOP);
    bench.push(0).answers(0, 0).answers(1, 0);
    assertThat(bench.replies())
        .containsExactly(
            "通知CSS(seqno:0)关闭节点(DSC0)的自动拉起功能",
            "通知CSS(seqno:0)关闭节点(DSC0)的自动拉起功能成功",
            "通知CSS(seqno:1)关闭节点(DSC1)的自动拉起功能",
            "通知CSS(seqno:1)关闭节点(DSC1)的自动拉起功能成功",
            "关闭CSS自动拉起功能成功",
            "通知CSS(seqno:0)执行EP STOP(GRP_DSC)",
            CLEANUP,
            "清理CSS(0)请求成功",
            "清理CSS(1)请求成功",
            "命令EP STOP GRP_DSC执行成功");
    assertThat(bench.last().exitCode()).isZero();
    assertThat(bench.state.running()).isNull();
  }

  @Test
  void stopsWithoutTouchingAutoRestartThatIsOff() {
    Bench bench = Bench.ready().restart(1, 0).push(0, 1).types("EP STOP GRP_DSC");
    assertThat(bench.ops()).containsExactly(MON_EP_STOP);
    assertThat(bench.replies())
        .containsExactly(
            "组(GRP_DSC)中节点对应的CSS自动拉起标记已经处于关闭状态", "", "通知CSS(seqno:0)执行EP STOP(GRP_DSC)");
  }

  @Test
  void startsAGroupOneCssAfterTheOtherAndThenSwitchesAutoRestartOn() {
    Bench bench = Bench.ready().restart(1, 0).down(2).push(0, 1).types("ep startup GRP_DSC");
    bench.answers(0, 0).answers(1, 0).answers(0, 0).answers(1, 0).answers(0, 0).answers(1, 0);
    assertThat(bench.ops())
        .containsExactly(
            MON_EP_STARTUP,
            MON_EP_STARTUP,
            MON_AUTO_RESTART_ON,
            MON_AUTO_RESTART_ON,
            MON_CLEANUP,
            MON_CLEANUP);
    assertThat(bench.replies())
        .startsWith(
            "通知CSS(seqno:0)执行EP STARTUP(DSC0)",
            "通知CSS(seqno:0)执行EP STARTUP(DSC0)成功",
            "通知CSS(seqno:1)执行EP STARTUP(DSC1)",
            "通知CSS(seqno:1)执行EP STARTUP(DSC1)成功",
            "通知CSS(seqno:0)打开节点(DSC0)的自动拉起功能")
        .contains("打开CSS自动拉起功能成功")
        .endsWith("命令EP STARTUP GRP_DSC执行成功");
  }

  @Test
  void startsOnlyWhereTheEpIsDown() {
    Bench bench = Bench.ready().restart(1, 0);
    bench.say[0].getGroupBuilder(2).getEpBuilder(0).setActive(false);
    bench.push(0, 1).types("ep startup GRP_DSC").answers(0, 0);
    assertThat(bench.ops()).startsWith(MON_EP_STARTUP, MON_AUTO_RESTART_ON);
  }

  @Test
  void aStartSucceedsEvenIfAutoRestartCannotBeSwitchedOn() {
    Bench bench = Bench.ready().restart(1, 0xFE).down(2).push(0, 1).types("ep startup GRP_DSC");
    bench.answers(0, 0).answers(1, 0).answers(0, 0).answers(1, 0);
    assertThat(bench.replies())
        .endsWith(
            "当前不存在活动的CSS或者活动CSS不符合执行条件",
            CLEANUP,
            "清理CSS(0)请求成功",
            "清理CSS(1)请求成功",
            "组(GRP_DSC)中的节点启动成功，但打开CSS的自动拉起功能失败");
    assertThat(bench.last().exitCode()).isZero();

    Bench late = Bench.ready().restart(1, 0).down(2).push(0, 1).types("ep startup GRP_DSC");
    late.answers(0, 0).answers(1, 0).answers(0, -1090).answers(0, 0).answers(1, 0);
    assertThat(late.replies())
        .endsWith("组(GRP_DSC)中的节点启动成功，但打开CSS的自动拉起功能失败")
        .doesNotContain("打开CSS自动拉起功能成功");
    assertThat(late.last().exitCode()).isZero();
  }

  @Test
  void haltsOneEp() {
    Bench bench = Bench.ready().types("ep halt grp_dsc.dsc1").answers(0, 0);
    assertThat(bench.asked().get(1).getOp()).isEqualTo(MON_EP_HALT);
    assertThat(bench.asked().get(1).getSeqno()).isEqualTo(1);
    bench.say[0].getGroupBuilder(2).getEpBuilder(1).setActive(false);
    bench.push(0).answers(0, 0).answers(1, 0);
    assertThat(bench.replies())
        .containsExactly(
            "通知CSS(CSS0, seqno:0)执行EP HALT GRP_DSC.DSC1",
            CLEANUP,
            "清理CSS(0)请求成功",
            "清理CSS(1)请求成功",
            "命令EP HALT GRP_DSC.DSC1执行成功");
  }

  @Test
  void forcesAGroupOpen() {
    Bench bench = Bench.ready().types("open force GRP_DSC").answers(0, 0);
    assertThat(bench.ops()).containsExactly(MON_OPEN_FORCE, MON_CLEANUP);
    bench.answers(0, 0).answers(1, 0);
    assertThat(bench.replies()).endsWith("命令OPEN FORCE GRP_DSC执行成功");
  }

  @Test
  void switchesAutoRestart() {
    Bench bench = Bench.ready().types("set grp_asm auto restart off");
    bench.answers(0, 0).answers(1, 0).answers(0, 0).answers(1, 0);
    assertThat(bench.replies())
        .startsWith("通知CSS(seqno:0)关闭节点(ASM0)的自动拉起功能")
        .containsOnlyOnce("关闭CSS自动拉起功能成功")
        .endsWith(CLEANUP, "清理CSS(0)请求成功", "清理CSS(1)请求成功", "关闭CSS自动拉起功能成功");
    bench.restart(0, 1).push(0, 1).types("set grp_asm auto restart on");
    bench.answers(0, 0).answers(1, 0).answers(0, 0).answers(1, 0);
    assertThat(bench.replies()).endsWith(CLEANUP, "清理CSS(0)请求成功", "清理CSS(1)请求成功", "打开CSS自动拉起功能成功");
  }

  @Test
  void saysSoWhenAutoRestartIsAlreadyAsAskedFor() {
    Bench bench = Bench.ready().restart(1, 0).push(0, 1).types("set GRP_DSC auto restart off");
    assertThat(bench.row).isEqualTo(370);
    assertThat(bench.replies()).containsExactly("组(GRP_DSC)中节点对应的CSS自动拉起标记已经处于关闭状态");
    assertThat(bench.last().exitCode()).isZero();
    bench.types("set GRP_ASM auto restart on");
    assertThat(bench.replies()).containsExactly("组(GRP_ASM)中节点对应的CSS自动拉起标记已经处于打开状态");
  }

  @Test
  void refusesAutoRestartWithoutIntervalOrCommand() {
    Bench bench = Bench.ready().restart(1, 0xFF).push(0, 1).types("set GRP_DSC auto restart on");
    assertThat(bench.row).isEqualTo(375);
    assertThat(bench.replies()).containsExactly("当前不存在活动的CSS或者活动CSS不符合执行条件");
    assertThat(bench.last().exitCode()).isEqualTo(1);
  }

  @Test
  void refusesASecondCommandWhileOneRuns() {
    Bench bench = Bench.ready().types("ep stop GRP_DSC");
    refused(bench, "ep stop GRP_DSC", 300, -1005);
    assertThat(bench.types("show").row).isEqualTo(104);
    assertThat(bench.state.running().command().title()).isEqualTo("EP STOP GRP_DSC");
  }

  @Test
  void refusesEverythingWhileNoCssIsLive() {
    refused(new Bench().started(), "set GRP_DSC auto restart off", 305, -1029);
  }

  @Test
  void refusesWhatNeedsTheControlNodeWhileThereIsNone() {
    Bench bench = Bench.ready().event(new Event.LinkDown(Bench.css(0), "x"));
    refused(bench, "ep stop GRP_DSC", 310, -1080);
    refused(bench, "ep halt GRP_DSC.DSC0", 310, -1080);
    refused(bench, "open force GRP_DSC", 310, -1080);
    bench.types("set GRP_DSC auto restart off");
    assertThat(bench.ops()).containsExactly(MON_AUTO_RESTART_OFF);
  }

  @Test
  void refusesGroupsAndEpsThatThereAreNot() {
    refused(Bench.ready(), "ep stop GRP_X", 315, -1024);
    refused(Bench.ready(), "ep halt GRP_DSC.DSC7", 325, -1026);
  }

  @Test
  void refusesTheCssGroup() {
    refused(Bench.ready(), "ep stop GRP_CSS", 320, -1053);
    refused(Bench.ready(), "ep halt GRP_CSS.CSS1", 320, -1053);
  }

  @Test
  void refusesToForceAGroupOpenWithMonitoringOff() {
    Bench bench = Bench.ready();
    bench.say[0].setAutoCheck(false);
    refused(bench.push(0), "open force GRP_DSC", 330, -1052);
  }

  @Test
  void refusesToEndWhatIsDown() {
    Bench bench = Bench.ready().down(2).push(0, 1);
    refused(bench, "ep halt GRP_DSC.DSC0", 335, -1036);
    refused(bench, "ep stop GRP_DSC", 340, -1050);
  }

  @Test
  void refusesToStopAsmBeforeDb() {
    refused(Bench.ready(), "ep stop GRP_ASM", 345, -1037);
    Bench bench = Bench.ready().down(2).push(0, 1).types("ep stop GRP_ASM");
    assertThat(bench.row).isEqualTo(400);
  }

  @Test
  void refusesToStartWhatTheCssStartsByItself() {
    refused(Bench.ready().down(2).push(0, 1), "ep startup GRP_DSC", 350, -1046);
  }

  @Test
  void refusesToStartWhatIsUp() {
    refused(Bench.ready().restart(0, 0).push(0, 1), "ep startup GRP_DSC", 355, -1047);
  }

  @Test
  void refusesToStartDbBeforeAsmIsOpen() {
    Bench down = Bench.ready().restart(0, 0).down(1).down(2).push(0, 1);
    refused(down, "ep startup GRP_DSC", 360, -1058);
    Bench half = Bench.ready().restart(0, 0).down(2);
    half.say[0].getGroupBuilder(1).getEpBuilder(1).setInstStatus(InstStatus.INST_STARTUP);
    refused(half.push(0, 1), "ep startup GRP_DSC", 360, -1058);
  }

  @Test
  void refusesToStartWhereNoCssIsLive() {
    Bench bench = Bench.ready().restart(0, 0);
    bench.say[0].getGroupBuilder(2).getEpBuilder(1).setActive(false);
    bench.push(0, 1).event(new Event.LinkDown(Bench.css(1), "x"));
    refused(bench, "ep startup GRP_DSC", 365, -1042);
  }

  @Test
  void aRefusalByTheCssEndsInTheCleanUp() {
    Bench bench = Bench.ready().types("open force GRP_DSC").answers(0, -1069);
    bench.answers(0, 0).answers(1, 0);
    assertThat(bench.ops()).containsExactly(MON_OPEN_FORCE, MON_CLEANUP, MON_CLEANUP);
    assertThat(bench.replies().get(1)).startsWith("[code:-1069] ");
    assertThat(bench.replies()).endsWith("命令OPEN FORCE GRP_DSC执行失败");
    assertThat(bench.last().exitCode()).isEqualTo(1);
  }

  @Test
  void aStopIsNotAskedForWhenAutoRestartStaysOn() {
    Bench bench = Bench.ready().types("ep stop GRP_DSC").answers(0, -1012).answers(1, 0);
    assertThat(bench.ops())
        .containsExactly(MON_AUTO_RESTART_OFF, MON_AUTO_RESTART_OFF, MON_CLEANUP);
    assertThat(bench.answers(0, 0).answers(1, 0).last().exitCode()).isEqualTo(1);
  }

  @Test
  void changesNoOtherCssBesideTheCommandOfAnotherMonitor() {
    Bench stop = Bench.ready().types("ep stop GRP_DSC").answers(0, -1089);
    assertThat(stop.ops()).containsExactly(MON_AUTO_RESTART_OFF, MON_CLEANUP);
    stop.answers(1, 0);
    assertThat(stop.ops()).as("CSS0 has nothing to give back").hasSize(2);
    assertThat(stop.replies()).endsWith("清理CSS(1)请求成功", "命令EP STOP GRP_DSC执行失败");
    assertThat(stop.replies()).filteredOn(line -> line.startsWith("[code:-1089] ")).hasSize(1);
    Bench off = Bench.ready().types("css stop").answers(0, -1089);
    assertThat(off.ops()).containsExactly(MON_CSS_STOP, MON_CLEANUP);
  }

  @Test
  void everyChangeTakesTheControlCssFirstAndIsRefusedWhereAnotherMonitorHoldsIt() {
    List<String> changes =
        List.of(
            "set GRP_DSC auto restart off",
            "ep stop GRP_DSC",
            "ep halt GRP_DSC.DSC1",
            "open force GRP_DSC",
            "css stop",
            "extend node",
            "ep crash GRP_DSC.DSC1");
    for (String words : changes) {
      for (int control = 0; control < 2; control++) {
        Bench bench = Bench.ready();
        for (int css = 0; css < 2; css++) {
          bench.say[css].setControl(css == control).setControlCss(control);
        }
        bench.push(0, 1).claims(words);
        assertThat(bench.claiming(control)).as(words).isTrue();
        assertThat(bench.claiming(1 - control)).as(words).isFalse();
        assertThat(bench.ops()).as(words).isEmpty();
        bench.answers(control, -1089);
        assertThat(bench.ops()).as("nothing is changed, nothing given back").isEmpty();
        assertThat(bench.replies()).as(words).hasSize(2);
        assertThat(bench.replies().get(0)).startsWith("[code:-1089] ");
        assertThat(bench.last().exitCode()).isEqualTo(1);
      }
    }
    Bench silent = Bench.ready().claims("css stop");
    silent.nowMs += 9_000;
    silent.push(0, 1).passes(1000);
    assertThat(silent.ops()).as("it may hold the CSS all the same").containsExactly(MON_CLEANUP);
    Bench none = Bench.ready();
    none.say[0].setControl(false);
    none.push(0, 1).claims("css stop");
    assertThat(none.claiming(0) || none.claiming(1)).isFalse();
    assertThat(none.ops()).containsExactly(MON_CSS_STOP);
  }

  @Test
  void givesUpWaitingForAnAnswer() {
    Bench bench = Bench.ready().types("open force GRP_DSC");
    bench.nowMs += 9_000;
    bench.push(0, 1);
    assertThat(Dmcssm.TABLE.wakeAtMs(bench.state)).isEqualTo(11_000);
    bench.passes(1000);
    assertThat(bench.replies().get(1)).startsWith("[code:-1020] ");
    assertThat(bench.lastAsked().getOp()).isEqualTo(MON_CLEANUP);
  }

  @Test
  void logsInOnceMoreWhereTheCleanUpWasNotAnswered() {
    Bench bench = Bench.ready().types("open force GRP_DSC").answers(0, 0);
    bench.nowMs += 9_000;
    bench.push(0, 1).passes(1000);
    assertThat(bench.ops()).endsWith(MON_CLEANUP, MON_CLEANUP);
    assertThat(bench.state.live()).extracting(CssSeat::seqno).containsExactly(1);
    long mid = bench.state.css(Bench.css(0)).mid();
    assertThat(bench.passes(1).logins()).extracting(MonLogin::getMid).containsExactly(mid);
  }

  @Test
  void givesUpWaitingForAGroupToStop() {
    Bench bench = Bench.ready().restart(1, 0).push(0, 1).types("ep stop GRP_DSC").answers(0, 0);
    for (int i = 0; i < 20; i++) {
      bench.nowMs += 6_000;
      bench.push(0, 1);
    }
    assertThat(bench.replies()).anyMatch(line -> line.startsWith("[code:-1078] "));
    assertThat(bench.lastAsked().getOp()).isEqualTo(MON_CLEANUP);
  }

  @Test
  void isInterruptedWhenTheControlNodeChanges() {
    Bench waiting = Bench.ready().restart(1, 0).push(0, 1).types("ep stop GRP_DSC").answers(0, 0);
    waiting.event(new Event.LinkDown(Bench.css(0), "x"));
    assertThat(waiting.replies()).anyMatch(line -> line.startsWith("[code:-1059] "));
    Bench asking = Bench.ready().types("open force GRP_DSC");
    asking.event(new Event.LinkDown(Bench.css(0), "x"));
    assertThat(asking.replies()).anyMatch(line -> line.startsWith("[code:-1004] "));
    asking.answers(1, 0);
    assertThat(asking.last().exitCode()).isEqualTo(1);
  }

  @Test
  void ignoresAnswersThatComeLateOrTwiceOrFromAnotherCss() {
    Bench bench = Bench.ready().types("open force GRP_DSC");
    long id = bench.lastAsked().getId();
    assertThat(bench.answers(1, 0).row).isEqualTo(82);
    bench.answers(0, 0);
    MonAnswer again = MonAnswer.newBuilder().setId(id).setCode(-1).build();
    bench.event(new Event.Received(Bench.css(0), again));
    assertThat(bench.row).isEqualTo(82);
    assertThat(bench.answers(0, 0).row).isEqualTo(80);
  }

  @Test
  void declaresAnEpFailed() {
    Bench bench = Bench.ready().types("ep crash grp_dsc.dsc1").answers(0, 0);
    assertThat(bench.asked().get(1).getOp()).isEqualTo(MON_EP_CRASH);
    assertThat(bench.asked().get(1).getSeqno()).isEqualTo(1);
    bench.answers(0, 0).answers(1, 0);
    assertThat(bench.replies())
        .containsExactly(
            "通知CSS(CSS0, seqno:0)执行EP CRASH GRP_DSC DSC1",
            CLEANUP,
            "清理CSS(0)请求成功",
            "清理CSS(1)请求成功",
            "通知CSS(CSS0, seqno:0)执行EP CRASH GRP_DSC DSC1成功，请等待CSS处理完成");
  }

  @Test
  void asksTheControlCssWhetherACrashIsOver() {
    Bench bench = Bench.ready().types("check crash over grp_asm");
    assertThat(bench.lastAsked().getOp()).isEqualTo(MON_CRASH_OVER);
    assertThat(bench.lastAsked().getType()).isEqualTo(GroupType.ASM);
    bench.event(
        new Event.Received(
            Bench.css(0),
            MonAnswer.newBuilder().setId(bench.lastAsked().getId()).setCrashOver(true).build()));
    bench.answers(0, 0).answers(1, 0);
    assertThat(bench.replies())
        .containsExactly(
            "检查故障处理是否结束",
            "",
            "[CSS0]             [2025-01-01 08:00:00:000] Group crash process over flag: TRUE",
            CLEANUP,
            "清理CSS(0)请求成功",
            "清理CSS(1)请求成功",
            "命令CHECK CRASH OVER grp_asm执行成功");
  }

  @Test
  void switchesMonitoringAtEveryLiveCss() {
    Bench bench = Bench.ready().types("css stop");
    bench.answers(0, 0).answers(1, 0).answers(0, 0).answers(1, 0);
    assertThat(bench.ops()).containsExactly(MON_CSS_STOP, MON_CSS_STOP, MON_CLEANUP, MON_CLEANUP);
    assertThat(bench.replies())
        .startsWith(
            "通知CSS(seqno:0)执行CSS STOP", "通知CSS(seqno:0)执行CSS STOP成功", "通知CSS(seqno:1)执行CSS STOP")
        .endsWith("命令CSS STOP执行成功");
    refused(Bench.ready(), "css startup", 333, -1039);
    Bench off = unwatched();
    refused(off, "css stop", 334, -1040);
    off.types("css startup");
    assertThat(off.ops()).containsExactly(MON_CSS_STARTUP);
  }

  private static Bench unwatched() {
    Bench bench = Bench.ready();
    bench.say[0].setAutoCheck(false);
    bench.say[1].setAutoCheck(false);
    return bench.push(0, 1);
  }

  @Test
  void handlesByHandOnlyWithMonitoringOff() {
    refused(Bench.ready(), "ep break GRP_DSC", 331, -1070);
    refused(Bench.ready(), "ep recover GRP_DSC", 332, -1072);
    Bench broken = unwatched().types("ep break grp_dsc");
    broken.answers(0, 0).answers(0, 0).answers(1, 0);
    assertThat(broken.ops()).containsExactly(MON_EP_BREAK, MON_CLEANUP, MON_CLEANUP);
    assertThat(broken.replies())
        .startsWith("通知CSS(seqno:0)执行EP BREAK(GRP_DSC)", CLEANUP)
        .endsWith("通知CSS(seqno:0)执行EP BREAK(GRP_DSC)成功，请等待CSS处理完成");
    assertThat(unwatched().types("ep recover grp_dsc").ops()).containsExactly(MON_EP_RECOVER);
  }

  @Test
  void refusesToDeclareAnEpFailedWithMonitoringOff() {
    refused(unwatched(), "ep crash GRP_DSC.DSC1", 330, -1052);
  }

  @Test
  void extendNodeAsksTheControlCssFirstAndThenTheOthers() {
    Bench bench = Bench.ready().types("extend node");
    bench.answers(0, 0).answers(1, 0).answers(0, 0).answers(1, 0);
    assertThat(bench.ops())
        .containsExactly(MON_EXTEND_NODE, MON_EXTEND_NODE, MON_CLEANUP, MON_CLEANUP);
    assertThat(bench.replies())
        .startsWith(
            "通知CSS(seqno:0)执行EXTEND NODE",
            "通知CSS(seqno:0)执行EXTEND NODE成功",
            "通知CSS(seqno:1)执行EXTEND NODE")
        .endsWith("命令EXTEND NODE执行成功");
    Bench refused = Bench.ready().types("extend node").answers(0, -1105);
    assertThat(refused.ops()).doesNotHaveDuplicates().contains(MON_EXTEND_NODE);
    assertThat(refused.replies()).anyMatch(line -> line.contains("-1105"));
  }
}
