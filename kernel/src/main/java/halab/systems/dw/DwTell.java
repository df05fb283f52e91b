package halab.systems.dw;

import halab.dw.proto.DwBeat;
import halab.dw.proto.DwHello;
import halab.dw.proto.DwState;
import halab.dw.proto.Heard;
import halab.dw.proto.MonRecord;
import halab.dw.proto.Recovered;
import halab.kernel.Effect;
import halab.kernel.Now;
import java.util.List;

/** What a watcher says of itself, every second and when something has changed (reference 1.3). */
final class DwTell {
  static final long BEAT_MS = 1000;

  /** A report that is older makes one look for the process. */
  private static final long LATE_MS = 1500;

  private static final long GREET_AGAIN_MS = 2000;

  private DwTell() {}

  static boolean due(WatcherState s, Now now) {
    return s.tell || now.monoMs() >= s.beatAtMs;
  }

  static <T> WatcherState all(WatcherState s, T t, Now now, List<Effect> out) {
    DwState state = state(s, now);
    s.peers.values().forEach(peer -> out.add(new Effect.Send(peer, state)));
    s.monitors.keySet().forEach(monitor -> out.add(new Effect.Send(monitor, state)));
    out.add(new Effect.Send(s.instanceAt(), beat(s)));
    WatcherState next = greetAgain(findProcess(s, now, out), now, out);
    return next.with(
        x -> {
          x.tell = false;
          x.look = true;
          x.beatAtMs = now.monoMs() + BEAT_MS;
        });
  }

  private static WatcherState findProcess(WatcherState s, Now now, List<Effect> out) {
    boolean late = now.monoMs() - s.inst.heardMs() >= LATE_MS || !s.inst.linked();
    if (!s.inst.known() || s.inst.gone() || !late) {
      return s;
    }
    long request = s.number + 1;
    out.add(new Effect.FindProcess(request, s.inst.report().getPid()));
    return s.with(
        x -> {
          x.number = request;
          x.inst = s.inst.asking(request);
        });
  }

  /** A greeting, or its answer, may have been lost with the link. */
  private static WatcherState greetAgain(WatcherState s, Now now, List<Effect> out) {
    long since = s.inst.greetedMs();
    boolean silent = since != 0 && now.monoMs() - since >= GREET_AGAIN_MS;
    return s.inst.linked() && silent ? greet(s, now, out) : s;
  }

  static WatcherState greet(WatcherState s, Now now, List<Effect> out) {
    DwHello hello =
        DwHello.newBuilder()
            .setOguid(s.ini.oguid())
            .setGroup(s.ini.name())
            .setPid(s.pid)
            .setType(s.ini.type().name())
            .setMode(s.ini.mode().name())
            .build();
    out.add(new Effect.Send(s.instanceAt(), hello));
    return s.with(x -> x.inst = s.inst.greeted(now.monoMs()));
  }

  private static DwBeat beat(WatcherState s) {
    DwBeat.Builder beat =
        DwBeat.newBuilder()
            .setStatus(s.phase.status())
            .setGroup(s.ini.name())
            .setType(s.ini.type().name())
            .setMode(s.ini.mode().name())
            .setAutoRestart(s.ini.instAutoRestart())
            .setSwitchCount(s.change);
    s.monitors.values().forEach(m -> beat.addMonitor(record(m)));
    return beat.build();
  }

  private static MonRecord record(WatcherState.Mon m) {
    return MonRecord.newBuilder()
        .setConnectMs(m.connectWallMs())
        .setConfirm(m.hello().getConfirm())
        .setMonId(m.hello().getMonId())
        .setMid(m.hello().getMid())
        .setIp(m.hello().getIp())
        .setVersion(m.hello().getVersion())
        .build();
  }

  static DwState state(WatcherState s, Now now) {
    DwState.Builder state =
        DwState.newBuilder()
            .setGroup(s.ini.name())
            .setOguid(s.ini.oguid())
            .setInstance(s.instance)
            .setType(s.ini.type().name())
            .setMode(s.ini.mode().name())
            .setStatus(s.phase.status())
            .setCtl(s.ctl.status())
            .setCtlWhy(s.ctl.why())
            .setInstOk(s.inst.ok())
            .setWallMs(now.wallMs())
            .setIp(s.ip)
            .setPort(s.port)
            .setErrorTimeS(s.ini.dwErrorTimeS())
            .setInstErrorTimeS(s.ini.instErrorTimeS())
            .setRecoverTimeS(recoverTime(s))
            .setRecoverTimeIniS(s.ini.instRecoverTimeS())
            .setAutoRestart(s.ini.instAutoRestart())
            .setIncarnation(s.incarnation)
            .setChange(s.change)
            .addAllAsks(s.asks)
            .setAsksOpen(s.asksOpen)
            .setSetMid(s.held.mid())
            .setDetached(s.detached)
            .setIniText(DwParas.list(s));
    if (s.inst.known()) {
      state.setReport(s.inst.report());
    }
    s.monitors.values().forEach(m -> state.addMonitor(record(m)));
    s.members.forEach(
        (name, m) -> state.addHeard(Heard.newBuilder().setInstance(name).setOk(!m.error())));
    s.turns.forEach((dest, turn) -> addRecovered(state, dest, turn));
    return state.build();
  }

  private static void addRecovered(DwState.Builder state, String dest, DwTurn turn) {
    if (turn.code() != DwTurn.NOT_RUN) {
      state.addRecovered(
          Recovered.newBuilder()
              .setDest(dest)
              .setAtMs(turn.wallMs())
              .setCode(turn.code())
              .setWhy(turn.why()));
    }
  }

  /** The message has room for one: that of the first standby. */
  static int recoverTime(WatcherState s) {
    int first = s.targets.isEmpty() ? 0 : s.turn(s.targets.get(0)).intervalS();
    return first == 0 ? s.ini.instRecoverTimeS() : first;
  }
}
