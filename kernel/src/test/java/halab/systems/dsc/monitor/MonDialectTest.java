package halab.systems.dsc.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonRelay;
import halab.dsc.proto.RelayCmd;
import halab.kernel.Event;
import halab.systems.Dialect;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The monitor's three dialects (reference, head; 5.2 to 5.4, 5.7). */
class MonDialectTest {
  private static final String HEAD =
      "css_time               inst_name     seqno     port    mode         inst_status       "
          + " vtd_status   is_ok        active       guid              ";
  private static final String ROW =
      "2025-01-01 08:00:00    DSC0          0         5202    Control Node OPEN              "
          + " WORKING      OK           TRUE         329285200         ";
  private static final String TS = "329286200       ";

  private static List<String> show(Dialect dialect) {
    Bench bench = Bench.ready(dialect);
    bench.say[0].getGroupBuilder(2).setSta("PROCESS_EP_CRASH").getEpBuilder(0).setPid(4711);
    return bench.push(0).types("show grp_dsc").last().text().lines().toList();
  }

  private static String relayed(Dialect dialect, MonRelay.Builder relay) {
    Bench bench = Bench.ready(dialect);
    relay.setCss("CSS0").setType(GroupType.DB).setWallMs(Bench.WALL_MS + 7);
    bench.event(new Event.Received(Bench.css(0), relay.build()));
    return String.join("\n", bench.prints());
  }

  @Test
  void tablesOfAHaveTabsAndNoFlag() {
    assertThat(show(Dialect.A))
        .contains("ep:\t" + HEAD + "ts              ", "\t" + ROW + TS)
        .contains("sta = PROCESS_EP_CRASH, sub_sta = STARTUP")
        .noneMatch(line -> line.contains("crash process over"));
  }

  @Test
  void tablesOfBHaveBlanksAndTheFlag() {
    assertThat(show(Dialect.B))
        .contains("ep:     " + HEAD + "ts              ", "        " + ROW + TS)
        .contains("sta = PROCESS_CRASH, sub_sta = STARTUP", "crash process over flag is TRUE");
  }

  @Test
  void tablesOfCHaveThePidBetweenGuidAndTs() {
    assertThat(show(Dialect.C))
        .contains("ep:     " + HEAD + "pid             ts              ")
        .contains("        " + ROW + "4711            " + TS)
        .contains("crash process over flag is TRUE");
  }

  @Test
  void linesOfABeginAsInBuildsBeforeB() {
    assertThat(new Bench(Dialect.A).started().prints().get(0))
        .isEqualTo("[monitor]         2025-01-01 08:00:00: CSS MONITOR V8");
    assertThat(new Bench(Dialect.C).started().prints().get(0))
        .isEqualTo("[monitor]          [2025-01-01 08:00:00:000] CSS MONITOR V8");
  }

  @Test
  void aCssIsRelayedInTheDialectOfTheMonitor() {
    RelayCmd.Builder cmd =
        RelayCmd.newBuilder().setCmd("EP START").setEp("DSC0").setSeqno(0).setCmdSeq(81);
    MonRelay.Builder relay = MonRelay.newBuilder().setCmd(cmd);
    assertThat(relayed(Dialect.A, relay))
        .isEqualTo(
            "[CSS0]            2025-01-01 08:00:00: [DB]: CSS set cmd EP START, dest_ep DSC0"
                + " seqno = 0, cmd_seq = 81");
    for (Dialect dialect : List.of(Dialect.B, Dialect.C)) {
      assertThat(relayed(dialect, relay))
          .isEqualTo(
              "[CSS0]             [2025-01-01 08:00:00:007] [DB]: 设置命令[EP START], 目标站点 DSC0[0],"
                  + " 命令序号[81]");
    }
  }

  @Test
  void theMessagesAboutRejoiningCameWithB() {
    MonRelay.Builder over = MonRelay.newBuilder().setCrashOver(true);
    assertThat(relayed(Dialect.A, over)).isEmpty();
    assertThat(relayed(Dialect.B, over)).endsWith(" [DB]: 上次故障处理已完成，允许故障ep重加入");
    assertThat(relayed(Dialect.C, over)).endsWith(" [DB]: 上次故障处理已完成，允许故障ep重加入");
  }

  @Test
  void theYoungerCommandsAreUnknownToA() {
    for (String words :
        List.of("ep crash GRP_DSC.DSC0", "check crash over GRP_DSC", "extend node")) {
      assertThat(Bench.ready(Dialect.A).types(words).row).as(words).isEqualTo(124);
      assertThat(Bench.ready(Dialect.C).types(words).row).as(words).isNotEqualTo(124);
    }
    assertThat(Bench.ready(Dialect.A).types("css stop").row).isEqualTo(400);
    assertThat(Bench.ready(Dialect.A).types("help").last().text())
        .contains("css stop")
        .doesNotContain("ep crash");
    assertThat(Verb.words(Dialect.A)).doesNotContain(List.of("extend", "node"));
    assertThat(Verb.words(Dialect.B)).contains(List.of("ep", "crash", "group.ep"));
  }

  @Test
  void everyCodeOfTheLibraryHasItsText() {
    for (int code :
        new int[] {-1, -11, -1005, -1039, -1065, -1070, -1076, -1089, -1092, -1105, -1521}) {
      assertThat(DmcssmErrors.text(code)).isNotEqualTo(DmcssmErrors.text(-9999));
    }
    assertThat(DmcssmErrors.text(-1089)).isEqualTo("监视器忙，请重试");
  }
}
