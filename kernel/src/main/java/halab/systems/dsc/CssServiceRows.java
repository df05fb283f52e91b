package halab.systems.dsc;

import static halab.systems.dsc.CssPhase.CONTROL;
import static halab.systems.dsc.CssPhase.HALTING;
import static halab.systems.dsc.CssPhase.NORMAL;
import static halab.systems.dsc.Dmcss.ALIVE;
import static halab.systems.dsc.Dmcss.ALL;
import static halab.systems.dsc.Dmcss.WORKING;

import halab.dsc.proto.VtdStatus;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.List;

/** Whom a dmcss serves: monitors and its own terminal. Rows 500 to 599. */
final class CssServiceRows {
  private CssServiceRows() {}

  static Table<DmcssState, CssPhase> add(Table<DmcssState, CssPhase> t) {
    return t.stay(
            500,
            ALIVE,
            CssTrigger.Login.class,
            CssMonitors::welcome,
            CssMonitors::logIn,
            "a monitor logs in")
        .refuse(
            510,
            ALL,
            CssTrigger.Login.class,
            null,
            CssMonitors::turnAway,
            "wrong OGUID, ten monitors already, or ending")
        .stay(520, ALL, Event.LinkDown.class, null, CssMonitors::gone, "a monitor has left")
        .stay(
            530,
            ALIVE,
            CssTrigger.Asked.class,
            CssMonitors::allowed,
            CssMonitors::carryOut,
            "a monitor's command")
        .refuse(
            540,
            ALL,
            CssTrigger.Asked.class,
            null,
            CssMonitors::refuse,
            "not now, not here, or not for this group")
        .stay(550, WORKING, CssTrigger.ConsoleShow.class, null, CssConsole::show, "what it sees")
        .refuse(
            552,
            ALL,
            CssTrigger.ConsoleShow.class,
            null,
            CssConsole::nothingToShow,
            "knows no control CSS")
        .move(
            555,
            WORKING,
            CssTrigger.ConsoleHalt.class,
            CssConsole::self,
            HALTING,
            CssServiceRows::haltSelf,
            "halt css: this one")
        .stay(
            557,
            CONTROL,
            CssTrigger.ConsoleHalt.class,
            CssConsole::other,
            CssConsole::haltOther,
            "halt css: Kill for another one")
        .refuse(
            559,
            ALL,
            CssTrigger.ConsoleHalt.class,
            null,
            CssConsole::refuseHalt,
            "nobody there, or a normal CSS that names another one")
        .stay(
            560,
            NORMAL,
            CssTrigger.ConsoleMaster.class,
            CssConsole::mayForce,
            CssConsole::force,
            "set master force: the control CSS is asked to hand over")
        .refuse(
            562,
            ALL,
            CssTrigger.ConsoleMaster.class,
            null,
            CssConsole::refuseForce,
            "control already, or a group is not at rest")
        .move(
            564,
            ALIVE,
            CssTrigger.ConsoleExit.class,
            null,
            HALTING,
            CssServiceRows::exit,
            "exit: this one stops in order")
        .refuse(
            566,
            ALL,
            CssTrigger.ConsoleExit.class,
            null,
            (s, x, now, out) -> CssConsole.notNow(s, x.request(), out),
            "is starting or ending");
  }

  private static DmcssState exit(
      DmcssState s, CssTrigger.ConsoleExit t, Now now, List<Effect> out) {
    out.add(new Effect.Reply(t.request(), ExitCode.OK, "", true));
    return Dmcss.stop(s, t, now, out);
  }

  private static DmcssState haltSelf(
      DmcssState s, CssTrigger.ConsoleHalt t, Now now, List<Effect> out) {
    CssConsole.saysHalt(s, t, out);
    out.add(new Effect.Say(Level.FATAL, "VTD_CMD_SYS_HALT"));
    return Dmcss.lastWord(s, VtdStatus.VTD_SYSHALT, ExitCode.KILLED_BY_PEER, now, out);
  }
}
