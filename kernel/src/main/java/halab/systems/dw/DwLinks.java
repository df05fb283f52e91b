package halab.systems.dw;

import static halab.systems.dw.Dmwatcher.ALIVE;

import halab.dw.proto.ArchTarget;
import halab.dw.proto.InstReport;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Table;
import java.util.EnumSet;
import java.util.List;

/** Rows 100 to 190 of dmwatcher: its life, its links and what it hears over them. */
final class DwLinks {
  private DwLinks() {}

  static void add(Table<WatcherState, DwPhase> t) {
    t.stay(
            100,
            DwPhase.STARTUP,
            Event.Started.class,
            null,
            DwLinks::start,
            "dials the instance and the other watchers")
        .move(
            105,
            ALIVE,
            Event.StopRequested.class,
            null,
            DwPhase.DOWN,
            DwLinks::stop,
            "asked to end; the instance goes on without a watcher")
        .stay(
            110,
            ALIVE,
            Event.Tick.class,
            (s, x, now) -> DwTell.due(s, now),
            DwTell::all,
            "says how it is to watchers, monitors and the instance")
        .stay(
            120,
            ALIVE,
            DwTrigger.InstUp.class,
            null,
            DwLinks::instUp,
            "the link to the instance stands: OGUID first")
        .stay(
            122,
            ALIVE,
            DwTrigger.InstDown.class,
            null,
            DwLinks::instDown,
            "the link to the instance is broken: its process and the time decide")
        .stay(
            124,
            ALIVE,
            DwTrigger.Refused.class,
            null,
            DwLinks::refused,
            "another OGUID: no connection is built, INST_OK is Error")
        .move(
            130,
            EnumSet.complementOf(EnumSet.of(DwPhase.STARTUP, DwPhase.SHUTDOWN, DwPhase.DOWN)),
            DwTrigger.Report.class,
            (s, x, now) -> s.inst.known() && !s.inst.sameLife(x.message()),
            DwPhase.STARTUP,
            DwRows.to(DwPhase.STARTUP, DwLinks::reborn),
            "another life of the instance: it has to be brought up")
        .stay(
            132,
            ALIVE,
            DwTrigger.Report.class,
            null,
            DwLinks::report,
            "the instance says how it is")
        .stay(
            140,
            ALIVE,
            DwTrigger.PeerUp.class,
            null,
            (s, x, now, out) -> s.tell(),
            "another watcher is there: it is told at once")
        .stay(150, ALIVE, DwTrigger.Heard.class, null, DwLinks::heard, "another watcher is heard")
        .stay(
            160,
            ALIVE,
            Event.Tick.class,
            (s, x, now) -> silent(s, now) != null,
            DwLinks::silence,
            "a watcher is silent for DW_ERROR_TIME: ERROR");
  }

  private static WatcherState start(WatcherState s, Event.Started t, Now now, List<Effect> out) {
    DwText.info(out, "%s", DwText.VERSION);
    DwText.info(out, "%s", DwText.READY);
    if (s.ctl.isSplit()) {
      String what = "%s is there, %s is split: %s; rebuild it, then remove the file";
      DwText.error(out, "%s", DwText.marked(Texts.f(what, DwCtl.FILE, s.instance, s.ctl.why())));
    }
    out.add(new Effect.Connect(s.instanceAt()));
    for (var peer : s.peers.values()) {
      if (s.self.compareTo(peer) < 0) {
        out.add(new Effect.Connect(peer));
      }
    }
    return s.with(
            x -> {
              x.incarnation = t.incarnation();
              x.pid = t.pid();
              x.number = t.incarnation() << 24; // answers to an earlier life fit none of this one's
              x.sinceMs = now.monoMs();
              x.beatAtMs = now.monoMs();
              x.inst = s.inst.waitingSince(now.monoMs());
            })
        .tell();
  }

  private static WatcherState stop(
      WatcherState s, Event.StopRequested t, Now now, List<Effect> out) {
    DwText.info(out, "dmwatcher is shut down");
    out.add(new Effect.Halt(0, "stopped"));
    return s;
  }

  private static WatcherState instUp(
      WatcherState s, DwTrigger.InstUp t, Now now, List<Effect> out) {
    WatcherState up = s.withInst(s.inst.linked(true, now.monoMs()));
    return DwTell.greet(up, now, out).tell();
  }

  private static WatcherState instDown(
      WatcherState s, DwTrigger.InstDown t, Now now, List<Effect> out) {
    if (s.inst.linked() || !s.inst.known()) {
      DwText.warn(out, "%s", DwText.cannotConnect(s));
    }
    return s.withInst(s.inst.linked(false, now.monoMs())).tell();
  }

  private static WatcherState refused(
      WatcherState s, DwTrigger.Refused t, Now now, List<Effect> out) {
    if (s.inst.refused().isEmpty()) {
      DwText.error(out, "%s", t.why());
    }
    return s.withInst(s.inst.refusing(t.why())).tell();
  }

  private static WatcherState reborn(
      WatcherState s, DwTrigger.Report t, Now now, List<Effect> out) {
    String why = "instance " + s.instance + " was started anew";
    return report(DwJobs.abandon(s, DwJobs.INSTANCE_LOST, why, out), t, now, out);
  }

  private static WatcherState report(
      WatcherState s, DwTrigger.Report t, Now now, List<Effect> out) {
    InstReport was = s.inst.report();
    InstReport is = t.message();
    boolean changed = was.getStatus() != is.getStatus() || was.getMode() != is.getMode();
    if (changed || !s.inst.ok()) {
      DwText.info(
          out,
          "instance %s[%s, %s] pid:%d, FLSN:%d, CLSN:%d",
          s.instance,
          is.getMode(),
          is.getStatus().name().replace('_', ' '),
          is.getPid(),
          is.getFlsn(),
          is.getClsn());
    }
    boolean up = is.getStatus().getNumber() >= halab.dw.proto.Status.MOUNT_VALUE;
    boolean news = changed || !s.inst.ok() || !archives(was).equals(archives(is));
    WatcherState lived =
        s.inst.sameLife(is)
            ? s
            : DwJobs.abandon(s, DwJobs.INSTANCE_LOST, "the instance was started anew", out);
    return lived
        .withInst(lived.inst.told(is, now.monoMs()))
        .with(
            x -> {
              x.seen = true;
              x.tell |= news;
              x.starts = x.starts.reported(up);
            });
  }

  /** What others act on. */
  private static String archives(InstReport report) {
    StringBuilder text = new StringBuilder();
    for (ArchTarget a : report.getArchList()) {
      text.append(a.getDest()).append(a.getValid()).append(a.getFailing()).append(' ');
    }
    return text.toString();
  }

  private static WatcherState heard(WatcherState s, DwTrigger.Heard t, Now now, List<Effect> out) {
    if (t.message().getOguid() != s.ini.oguid()) {
      return s;
    }
    if (DwGroup.member(s, t.instance()).error()) {
      DwText.info(out, "Received message from(%s)", t.instance());
    }
    return s.withMember(t.instance(), new DwMember(t.message(), now.monoMs(), false));
  }

  private static String silent(WatcherState s, Now now) {
    for (var m : s.members.entrySet()) {
      long silentMs = now.monoMs() - m.getValue().heardMs();
      if (!m.getValue().error() && silentMs >= s.errorMs()) {
        return m.getKey();
      }
    }
    return null;
  }

  private static WatcherState silence(WatcherState s, Event.Tick t, Now now, List<Effect> out) {
    String name = silent(s, now);
    DwText.warn(out, "Received message timeout from(%s)", name);
    return s.withMember(name, DwGroup.member(s, name).silent()).tell();
  }
}
