package halab.systems.dsc.monitor;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonConnection;
import halab.dsc.proto.MonEp;
import halab.dsc.proto.MonGroup;
import halab.dsc.proto.MonPush;
import halab.systems.dsc.EpTable;
import halab.systems.dsc.config.DmdcrCfg;
import java.time.ZoneId;
import java.util.Locale;

/**
 * The monitor's screens in the vendor's layout, in the dialect of its {@link MonStyle} (reference
 * 5.4, 5.5). Every screen ends without a line end.
 */
final class DmcssmShow {
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
      MonStyle style = state.style();
      text.append(EpTable.membership(group, style.sta(group.getSta()), style.crashFlag()));
    }
    text.append(state.style().head()).append(EpTable.titles(true, state.style().pid()));
    text.append('\n');
    String cssTime = DmcssmText.time(state.source().push().getWallS() * 1000, state.zone());
    for (MonEp ep : group.getEpList()) {
      text.append(state.style().indent())
          .append(EpTable.row(ep, cssTime, state.style().pid()))
          .append('\n');
    }
    text.append('\n');
  }

  private static void addRestarts(StringBuilder text, DmcssmState state) {
    for (CssSeat css : state.live()) {
      if (css.push() == null) {
        continue;
      }
      text.append(
          f(
              "[%s] auto check = %s, global info:\n",
              css.name(), EpTable.flag(css.push().getAutoCheck())));
      addRestart(text, css, GroupType.ASM);
      addRestart(text, css, GroupType.DB);
      css.push()
          .getDcrvList()
          .forEach(
              d ->
                  text.append(
                      EpTable.dcrv(
                          DmcssmText.clean(d.getName()), DmcssmText.clean(d.getStatus()))));
    }
    text.append('\n');
  }

  private static void addRestart(StringBuilder text, CssSeat css, GroupType type) {
    String ep = DmcssmState.dcrName(css.push(), type, css.seqno());
    if (!ep.isEmpty()) {
      text.append(f("[%s] auto restart = %s\n", ep, EpTable.flag(css.autoRestart(type) == 1)));
    }
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

  /**
   * {@code show monitor}: who watches; the CSS puts this connection first, CONN_TIME is the MID.
   */
  static String monitors(DmcssmState state) {
    CssSeat css = state.source();
    String rule = "=".repeat(50);
    StringBuilder text = new StringBuilder(rule).append("\n\n");
    text.append(
        f("Get monitor connect info from css(seqno:%d, name:%s).\n", css.seqno(), css.name()));
    text.append("The first line is self connect info.\n\n");
    text.append(f(CONNECTION, "CONN_TIME", "MID", "MON_IP", "FROM_NAME")).append('\n');
    css.push().getConnectionList().forEach(c -> add(text, c, state.zone()));
    return text.append('\n').append(rule).toString();
  }

  private static void add(StringBuilder text, MonConnection c, ZoneId zone) {
    String ip = c.getIp().matches("[0-9.]+") ? "::ffff:" + c.getIp() : DmcssmText.clean(c.getIp());
    text.append(
            f(
                CONNECTION,
                DmcssmText.time(c.getMid() * 1000, zone),
                c.getMid(),
                ip,
                DmcssmText.clean(c.getFromName())))
        .append('\n');
  }

  /** {@code help}: the commands of this dialect, numbered. */
  static String help(MonStyle style) {
    String rule = "-".repeat(93);
    StringBuilder text = new StringBuilder("DMCSSM使用说明:\n");
    text.append("SHOW命令中可以通过指定group_name获取指定组的信息，如果没有指定，则显示所有组的信息\n");
    text.append(rule).append('\n');
    int number = 0;
    for (Verb verb : Verb.values()) {
      if (verb.listed(style.dialect())) {
        text.append(f("%-50s--%s\n", ++number + "." + verb.usage(), verb.help()));
      }
    }
    return text.append('\n').append(rule).toString();
  }
}
