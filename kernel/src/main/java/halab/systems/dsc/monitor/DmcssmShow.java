package halab.systems.dsc.monitor;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonConnection;
import halab.dsc.proto.MonEp;
import halab.dsc.proto.MonGroup;
import halab.dsc.proto.MonPush;
import halab.systems.dsc.DscText;
import halab.systems.dsc.config.DmdcrCfg;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The monitor's screens in the vendor's layout, dialect B (reference 5.4, 5.5). Every screen ends
 * without a line end.
 */
final class DmcssmShow {
  private static final String ROW = "%-23s%-14s%-10s%-8s%-13s%-19s%-13s%-13s%-13s%-18s%-16s";
  private static final String CONNECTION = "%-21s%-15s%-25s%-25s";

  private DmcssmShow() {}

  private static String f(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  /** {@code show}: every group, under its name in the DCR. */
  static String all(DmcssmState state, long wallMs) {
    MonPush push = state.source().push();
    StringBuilder text = new StringBuilder(head(state, wallMs));
    text.append(", n_group:").append(push.getGroupCount()).append('\n');
    for (MonGroup group : push.getGroupList()) {
      addGroup(text, state, group, group.getName());
    }
    return text.append("=".repeat(114)).toString();
  }

  /** {@code show G}: its head has the name in lower case, however it was typed. */
  static String one(DmcssmState state, MonGroup group, long wallMs) {
    StringBuilder text = new StringBuilder(head(state, wallMs)).append('\n');
    addGroup(text, state, group, group.getName().toLowerCase(Locale.ROOT));
    return text.append("=".repeat(114)).toString();
  }

  private static String head(DmcssmState state, long wallMs) {
    return "monitor current time:" + DmcssmText.time(wallMs, state.zone());
  }

  private static void addGroup(StringBuilder text, DmcssmState state, MonGroup group, String name) {
    text.append("=".repeat(19))
        .append(
            f(
                " group[name = %s, seq = %d, type = %s, Control Node = %d] ",
                name, group.getSeq(), group.getType(), group.getControl()))
        .append("=".repeat(40))
        .append("\n\n");
    if (group.getType() == GroupType.CSS) {
      addRestarts(text, state);
    } else {
      addMembership(text, group);
    }
    text.append("ep:     ").append(titles()).append('\n');
    for (MonEp ep : group.getEpList()) {
      text.append("        ").append(row(ep, state.zone())).append('\n');
    }
    text.append('\n');
  }

  private static void addRestarts(StringBuilder text, DmcssmState state) {
    for (CssSeat css : state.live()) {
      if (css.push() == null) {
        continue;
      }
      text.append(
          f("[%s] auto check = %s, global info:\n", css.name(), flag(css.push().getAutoCheck())));
      addRestart(text, css, GroupType.ASM);
      addRestart(text, css, GroupType.DB);
    }
    text.append('\n');
  }

  private static void addRestart(StringBuilder text, CssSeat css, GroupType type) {
    String ep = DmcssmState.dcrName(css.push(), type, css.seqno());
    if (!ep.isEmpty()) {
      text.append(f("[%s] auto restart = %s\n", ep, flag(css.autoRestart(type) == 1)));
    }
  }

  private static void addMembership(StringBuilder text, MonGroup group) {
    text.append(f("n_ok_ep = %d\nok_ep_arr(index, seqno):\n", group.getOkEpCount()));
    for (int i = 0; i < group.getOkEpCount(); i++) {
      text.append(f("(%d, %d)\n", i, group.getOkEp(i)));
    }
    text.append(f("\nsta = %s, sub_sta = %s\n", group.getSta(), group.getSubSta()));
    text.append(f("break ep = %s\n", names(group, group.getBreakEpList())));
    List<Integer> recover =
        group.getRecoverEp() == DscText.NONE ? List.of() : List.of(group.getRecoverEp());
    text.append(f("recover ep = %s\n", names(group, recover)));
    text.append(f("\ncrash process over flag is %s\n", flag(group.getCrashOver())));
  }

  private static String names(MonGroup group, List<Integer> seqnos) {
    return seqnos.isEmpty()
        ? "NULL"
        : group.getEpList().stream()
            .filter(e -> seqnos.contains(e.getSeqno()))
            .map(MonEp::getName)
            .collect(Collectors.joining(","));
  }

  private static String titles() {
    return f(
        ROW,
        "css_time",
        "inst_name",
        "seqno",
        "port",
        "mode",
        "inst_status",
        "vtd_status",
        "is_ok",
        "active",
        "guid",
        "ts");
  }

  private static String row(MonEp ep, ZoneId zone) {
    return f(
        ROW,
        DmcssmText.time(ep.getCssWallS() * 1000, zone),
        ep.getName(),
        ep.getSeqno(),
        ep.getPort(),
        ep.getControl() ? "Control Node" : "Normal Node",
        DscText.inst(ep.getInstStatus()),
        DscText.vtd(ep.getVtdStatus()),
        ep.getOk() ? "OK" : "ERROR",
        flag(ep.getActive()),
        ep.getGuid(),
        ep.getTs());
  }

  private static String flag(boolean flag) {
    return flag ? "TRUE" : "FALSE";
  }

  /** {@code show config}: the DCR in the form of dmdcr_cfg.ini. */
  static String config(DmcssmState state, long wallMs) {
    String rule = "=".repeat(114);
    return head(state, wallMs)
        + "\n"
        + rule
        + "\n"
        + DmdcrCfg.show(state.source().push().getDcr())
        + rule;
  }

  /** {@code show monitor}: who else watches, the own connection first. */
  static String monitors(DmcssmState state) {
    CssSeat css = state.source();
    String rule = "=".repeat(50);
    StringBuilder text = new StringBuilder(rule).append("\n\n");
    text.append(
        f("Get monitor connect info from css(seqno:%d, name:%s).\n", css.seqno(), css.name()));
    text.append("The first line is self connect info.\n\n");
    text.append(f(CONNECTION, "CONN_TIME", "MID", "MON_IP", "FROM_NAME")).append('\n');
    List<MonConnection> all = css.push().getConnectionList();
    all.stream().filter(c -> c.getMid() == css.mid()).forEach(c -> add(text, c, state.zone()));
    all.stream().filter(c -> c.getMid() != css.mid()).forEach(c -> add(text, c, state.zone()));
    return text.append('\n').append(rule).toString();
  }

  private static void add(StringBuilder text, MonConnection c, ZoneId zone) {
    String ip = c.getIp().matches("[0-9.]+") ? "::ffff:" + c.getIp() : DmcssmText.clean(c.getIp());
    text.append(
            f(
                CONNECTION,
                DmcssmText.time(c.getConnWallS() * 1000, zone),
                c.getMid(),
                ip,
                DmcssmText.clean(c.getFromName())))
        .append('\n');
  }

  /** {@code help}: the commands, numbered. */
  static String help() {
    List<String[]> commands =
        List.of(
            new String[] {"help", "显示帮助信息"},
            new String[] {"show [group_name]", "显示所有组或指定组的信息"},
            new String[] {"show config", "显示DCR配置信息"},
            new String[] {"show monitor", "显示连接到CSS的监视器信息"},
            new String[] {"set group_name auto restart on", "打开指定组的自动拉起功能"},
            new String[] {"set group_name auto restart off", "关闭指定组的自动拉起功能"},
            new String[] {"open force group_name", "强制OPEN指定的ASM或DB组"},
            new String[] {"ep startup group_name", "启动指定的ASM或DB组"},
            new String[] {"ep stop group_name", "正常停止指定的ASM或DB组"},
            new String[] {"ep halt group_name.ep_name", "强制停止指定组中的指定EP"},
            new String[] {"exit", "退出监视器"});
    String rule = "-".repeat(93);
    StringBuilder text = new StringBuilder(rule).append('\n');
    for (int i = 0; i < commands.size(); i++) {
      text.append(f("%-4s%-36s%s\n", (i + 1) + ".", commands.get(i)[0], commands.get(i)[1]));
    }
    return text.append(rule).toString();
  }
}
