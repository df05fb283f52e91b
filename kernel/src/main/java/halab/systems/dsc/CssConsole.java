package halab.systems.dsc;

import halab.dsc.proto.Campaign;
import halab.dsc.proto.DcrEp;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonEp;
import halab.dsc.proto.MonGroup;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.systems.dsc.CssTrigger.ConsoleExit;
import halab.systems.dsc.CssTrigger.ConsoleHalt;
import halab.systems.dsc.CssTrigger.ConsoleMaster;
import halab.systems.dsc.CssTrigger.ConsoleShow;
import halab.systems.dsc.CssTrigger.Look;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The terminal of a dmcss (reference 3.1, 5.3, 5.4): {@code show}, {@code exit}, and in dialect C
 * {@code set master force} and {@code halt css SEQNO}.
 */
final class CssConsole {
  private static final Pattern HALT = Pattern.compile("halt css ([0-9]{1,2})");

  private CssConsole() {}

  /** What these words mean in this dialect; the command itself when they mean nothing. */
  static Object parse(Wording dialect, Event.Command command) {
    String line = String.join(" ", command.words()).strip().replaceAll("\\s+", " ");
    String text = line.replaceFirst(" ?;$", "").toLowerCase(Locale.ROOT);
    if (text.equals("show")) {
      return new ConsoleShow(command.requestId());
    }
    if (dialect.youngConsole() && text.equals("set master force")) {
      return new ConsoleMaster(command.requestId());
    }
    if (text.equals("exit")) {
      return new ConsoleExit(command.requestId());
    }
    Matcher halt = HALT.matcher(text);
    return dialect.youngConsole() && halt.matches()
        ? new ConsoleHalt(command.requestId(), Integer.parseInt(halt.group(1)))
        : command;
  }

  private static DmcssState reply(
      DmcssState s, long request, int code, String text, List<Effect> out) {
    out.add(new Effect.Reply(request, code, text, true));
    return s;
  }

  static DmcssState unknown(DmcssState s, Event.Command t, Now now, List<Effect> out) {
    String words =
        s.words.youngConsole() ? "show, set master force, halt css SEQNO, exit" : "show, exit";
    return reply(s, t.requestId(), ExitCode.NO, s.self + " knows these words only: " + words, out);
  }

  static DmcssState notNow(DmcssState s, long request, List<Effect> out) {
    return reply(s, request, ExitCode.NO, s.self + " is starting or ending", out);
  }

  // ---- show -------------------------------------------------------------------------------------

  /** A normal CSS shows its own group only. */
  static DmcssState show(DmcssState s, ConsoleShow t, Now now, List<Effect> out) {
    StringBuilder text = new StringBuilder();
    int groups = s.phase == CssPhase.CONTROL ? VoteLayout.GROUPS : 1;
    for (int g = 0; g < groups; g++) {
      addGroup(text, s, CssMonitors.group(s, g));
    }
    return reply(s, t.request(), ExitCode.OK, text.toString().stripTrailing(), out);
  }

  private static void addGroup(StringBuilder text, DmcssState s, MonGroup group) {
    text.append("=".repeat(7))
        .append(
            String.format(
                Locale.ROOT,
                " group[name = %s, seq = %d, type = %s, Control Node = %d] ",
                group.getName(),
                group.getSeq(),
                group.getType(),
                group.getControl()))
        .append("=".repeat(40))
        .append("\n\n");
    if (group.getType() == GroupType.CSS) {
      addSelf(text, s);
    }
    boolean pid = s.words.youngConsole();
    text.append("ep:     ").append(EpTable.titles(false, pid)).append('\n');
    for (MonEp ep : group.getEpList()) {
      text.append("        ").append(EpTable.row(ep, null, pid)).append('\n');
    }
    text.append('\n');
    if (group.getType() != GroupType.CSS) {
      text.append(EpTable.membership(group, group.getSta(), s.words.tellsCrashOver()));
      text.append('\n');
    }
  }

  private static void addSelf(StringBuilder text, DmcssState s) {
    text.append("self css info:\n");
    text.append("[" + s.seat.name() + "] auto check = " + EpTable.flag(s.autoCheck)).append('\n');
    for (int g = 1; g < VoteLayout.GROUPS; g++) {
      DcrEp ep = DscNames.ep(s.seat.dcr, g, s.seat.ep);
      boolean on = CssRestart.shown(s, g) == CssRestart.ON;
      text.append("[" + ep.getName() + "] auto restart = " + EpTable.flag(on)).append('\n');
    }
    s.dcrv.forEach((path, status) -> text.append(EpTable.dcrv(DmcssState.dcrvName(path), status)));
    text.append('\n');
  }

  static DmcssState nothingToShow(DmcssState s, ConsoleShow t, Now now, List<Effect> out) {
    return reply(s, t.request(), ExitCode.NO, "the control CSS is not elected yet", out);
  }

  // ---- halt css ---------------------------------------------------------------------------------

  static boolean self(DmcssState s, ConsoleHalt t, Now now) {
    return t.seqno() == s.seat.ep;
  }

  /** Not after a long pause: by now another one may be control node. */
  static boolean other(DmcssState s, ConsoleHalt t, Now now) {
    return !s.seat.stale(now)
        && t.seqno() < s.seat.dcr.getGroup(0).getNEp()
        && s.scene().active(0, t.seqno());
  }

  static DmcssState haltOther(DmcssState s, ConsoleHalt t, Now now, List<Effect> out) {
    Scene c = s.scene();
    GroupActs.kill(c, 0, t.seqno(), c.beat(0, t.seqno()).getIncarnation(), out);
    return reply(s, t.request(), ExitCode.OK, "halt css " + t.seqno() + " success", out);
  }

  static DmcssState saysHalt(DmcssState s, ConsoleHalt t, List<Effect> out) {
    return reply(s, t.request(), ExitCode.OK, "halt css " + t.seqno() + " success", out);
  }

  static DmcssState refuseHalt(DmcssState s, ConsoleHalt t, Now now, List<Effect> out) {
    String why =
        s.phase == CssPhase.CONTROL
            ? s.seat.stale(now)
                ? "the VOTE disk was not looked at for too long, try again"
                : "there is no active CSS with seqno " + t.seqno()
            : "a normal CSS can halt itself only, its seqno is " + s.seat.ep;
    return reply(s, t.request(), ExitCode.NO, why, out);
  }

  // ---- set master force -------------------------------------------------------------------------

  /** Nothing is starting, handled, rejoining or ending, as the groups' records say. */
  static boolean atRest(DmcssState s) {
    return IntStream.range(1, VoteLayout.GROUPS)
        .mapToObj(s::record)
        .allMatch(r -> r.getPhase().isEmpty() || resting(GroupPhase.valueOf(r.getPhase())));
  }

  private static boolean resting(GroupPhase phase) {
    return phase == GroupPhase.OPEN || phase == GroupPhase.CLOSED || phase == GroupPhase.STARTUP;
  }

  static boolean mayForce(DmcssState s, ConsoleMaster t, Now now) {
    return atRest(s);
  }

  /** Stands for election with the first ticket; the control CSS sees that it is to hand over. */
  static DmcssState force(DmcssState s, ConsoleMaster t, Now now, List<Effect> out) {
    Campaign forced = Campaign.newBuilder().setTicket(1).setForced(true).build();
    reply(s, t.request(), ExitCode.OK, "set master force success, wait for the election", out);
    return s.withSeat(s.seat.with(x -> x.campaign = forced));
  }

  /** The part of a normal CSS in elections: none, or that of one that is to become control node. */
  static Campaign older(DmcssState s) {
    Campaign mine = s.seat.campaign;
    return mine.getForced() ? mine.toBuilder().setAge(mine.getAge() + 1).build() : mine;
  }

  static DmcssState refuseForce(DmcssState s, ConsoleMaster t, Now now, List<Effect> out) {
    String why =
        s.phase == CssPhase.CONTROL
            ? "this CSS is control node already"
            : s.phase == CssPhase.NORMAL
                ? "a group is starting, in crash handling or in rejoin"
                : "the control CSS is not elected yet";
    return reply(s, t.request(), ExitCode.NO, why, out);
  }

  /**
   * A live CSS has asked for long enough that whoever stands now stands behind it, and nothing
   * would be left half done.
   */
  static boolean handsOver(DmcssState s, Look t, Now now) {
    boolean written = s.asm.marking == 0 && s.db.marking == 0 && s.db.vipOpen == 0;
    return written && atRest(s) && CssElection.forced(s, t);
  }

  /** The control CSS has handed over to this one, or has died in the meantime. */
  static boolean takesOver(DmcssState s, Look t, Now now) {
    return s.seat.campaign.getForced() && CssElection.controlGone(s, t, now);
  }
}
