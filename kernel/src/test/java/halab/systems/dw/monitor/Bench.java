package halab.systems.dw.monitor;

import halab.dw.proto.Apply;
import halab.dw.proto.ArchTarget;
import halab.dw.proto.ArchType;
import halab.dw.proto.CtlStatus;
import halab.dw.proto.DwState;
import halab.dw.proto.DwStatus;
import halab.dw.proto.Heard;
import halab.dw.proto.InstReport;
import halab.dw.proto.MalLink;
import halab.dw.proto.Mode;
import halab.dw.proto.MonDone;
import halab.dw.proto.MonHello;
import halab.dw.proto.MonOp;
import halab.dw.proto.MonOrder;
import halab.dw.proto.MonRecord;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.redo.proto.Opening;
import halab.systems.LabPlan;
import halab.systems.Site;
import halab.systems.dw.config.DwPlan;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A monitor on the bench: watchers made of paper, a clock turned by hand. */
final class Bench {
  static final int MEMBERS = 3;
  static final LabPlan PLAN =
      DwPlan.plan(new LabPlan.Options(MEMBERS, false, 5200, Map.of(), Map.of()));

  /** 2025-01-01 08:00:00 UTC. */
  static final long WALL_MS = 1735718400000L;

  final List<Effect> effects = new ArrayList<>();
  MonState state;
  long nowMs = 1000;

  /** Rows that have fired since the last {@link #clear}. */
  final List<Integer> rows = new ArrayList<>();

  private long request;
  private int answered;

  /** What the watchers say; tests change it before they say it. */
  final DwState.Builder[] say = new DwState.Builder[MEMBERS];

  /** Order that is refused when it comes, by operation or statement, with which code. */
  private String refusedOrder = "none";

  private int refusedCode;

  Bench(boolean confirm) {
    Site site = new Site(Endpoint.parse("mon/dmmonitor"), PLAN.host("mon").files());
    MonState booted = Dmmonitor.ROLE.boot().apply(site);
    state = new MonState(site.self(), ZoneOffset.UTC, confirm, true, 1, booted.seats);
    for (int n = 0; n < MEMBERS; n++) {
      say[n] = member(n);
    }
  }

  static Endpoint watcher(int n) {
    return new Endpoint("n" + (n + 1), "dmwatcher");
  }

  static String name(int n) {
    return "GRP1_RT_0" + (n + 1);
  }

  private static DwState.Builder member(int n) {
    InstReport.Builder report =
        InstReport.newBuilder()
            .setPid(4000 + n)
            .setIncarnation(1)
            .setName(name(n))
            .setMode(n == 0 ? Mode.PRIMARY : Mode.STANDBY)
            .setStatus(Status.OPEN)
            .setFseq(3731)
            .setFlsn(45303)
            .setCseq(3731)
            .setClsn(45303)
            .setPermanentMagic(7)
            .setDbMagic(1000 + n)
            .setOguid(453331)
            .setSqlPort(5236)
            .setParallel(1)
            .setPrimary(n == 0 ? "" : name(0))
            .setApply(
                Apply.newBuilder()
                    .setRseq(3731)
                    .setRlsn(45303)
                    .setSseq(3731)
                    .setSlsn(45303)
                    .setKseq(3731)
                    .setKlsn(45303))
            .addOpening(
                Opening.newBuilder()
                    .setNumber(1)
                    .setAtMs(WALL_MS - 3_600_000)
                    .setPrimary(name(0))
                    .setMagic(1000)
                    .setSeq(3700)
                    .setLsn(45000));
    DwState.Builder state =
        DwState.newBuilder()
            .setGroup("GRP1")
            .setOguid(453331)
            .setInstance(name(n))
            .setType("GLOBAL")
            .setMode("AUTO")
            .setStatus(DwStatus.DW_OPEN)
            .setCtl(CtlStatus.CTL_VALID)
            .setInstOk(true)
            .setIp("10.0.0." + (n + 1))
            .setPort(5201 + 10 * n)
            .setErrorTimeS(10)
            .setInstErrorTimeS(10)
            .setRecoverTimeS(60)
            .setRecoverTimeIniS(60)
            .setIncarnation(1)
            .setChange(1)
            .setIniText("DW_TYPE = GLOBAL\nDW_MODE = AUTO\nINST_OGUID = 453331\n")
            .addMonitor(
                MonRecord.newBuilder()
                    .setConnectMs(WALL_MS)
                    .setConfirm(false)
                    .setMid(12)
                    .setIp("10.0.0.77")
                    .setVersion(MonText.VERSION));
    for (int other = 0; other < MEMBERS; other++) {
      if (other != n) {
        report.addMal(MalLink.newBuilder().setInstance(name(other)).setUp(true));
        report.addArch(
            ArchTarget.newBuilder()
                .setDest(name(other))
                .setType(ArchType.ARCH_REALTIME)
                .setValid(n == 0)
                .setMalUp(true));
        state.addHeard(Heard.newBuilder().setInstance(name(other)).setOk(true));
      }
    }
    return state.setReport(report);
  }

  Now now() {
    return new Now(nowMs, WALL_MS + nowMs - 1000);
  }

  /** One event, and the ticks that it makes due. */
  Bench event(Event event) {
    step(event);
    for (int i = 0; Dmmonitor.TABLE.wakeAtMs(state) <= nowMs; i++) {
      if (i > 20) {
        throw new AssertionError("the monitor does not come to rest: " + rows);
      }
      step(new Event.Tick());
    }
    return this;
  }

  private void step(Event event) {
    Step<MonState> step = Dmmonitor.TABLE.step(state, event, now());
    state = step.state();
    rows.add(step.row());
    effects.addAll(step.effects());
  }

  Bench started() {
    return event(new Event.Started(1, 42));
  }

  Bench linked(int n) {
    return event(new Event.LinkUp(watcher(n), 1));
  }

  /** These watchers tell their state. */
  Bench says(int... members) {
    for (int n : members) {
      say[n].setWallMs(now().wallMs());
      event(new Event.Received(watcher(n), say[n].build()));
    }
    return this;
  }

  /** A watcher's state changes, and it tells it. */
  Bench says(int n, Consumer<DwState.Builder> change) {
    change.accept(say[n]);
    return says(n);
  }

  /** An instance's report changes, and its watcher tells it. */
  Bench reports(int n, Consumer<InstReport.Builder> change) {
    change.accept(say[n].getReportBuilder());
    return says(n);
  }

  /** Time passes, these watchers speaking every second. */
  Bench passes(long ms, int... speakers) {
    for (long left = ms; left > 0; left -= 1000) {
      nowMs += Math.min(1000, left);
      says(speakers);
      event(new Event.Tick());
    }
    return this;
  }

  /** Started, all watchers linked and heard, nothing printed that is not looked for. */
  static Bench ready(boolean confirm) {
    Bench bench = new Bench(confirm).started();
    for (int n = 0; n < MEMBERS; n++) {
      bench.linked(n);
    }
    return bench.says(0, 1, 2, 0).clear();
  }

  static Bench confirm() {
    return ready(true);
  }

  /** A monitor that is logged in; the watchers are MANUAL. */
  static Bench manual() {
    Bench bench = ready(false);
    for (DwState.Builder state : bench.say) {
      state.setMode("MANUAL");
    }
    bench.says(0, 1, 2, 0);
    bench.state = bench.state.with(s -> s.loggedIn = true);
    return bench.clear();
  }

  Bench clear() {
    effects.clear();
    rows.clear();
    answered = 0;
    return this;
  }

  Bench types(String words) {
    clear();
    return event(new Event.Command(++request, List.of(words.split(" "))));
  }

  /** Types it, and the watchers do all they are asked for. */
  Bench does(String words) {
    return types(words).obeyed();
  }

  Bench refusing(String order, int code) {
    refusedOrder = order;
    refusedCode = code;
    return this;
  }

  /** The watchers carry out what they are asked for, until nothing is asked any more. */
  Bench obeyed() {
    while (answered < orders().size()) {
      Effect.Send send = orders().get(answered++);
      MonOrder order = (MonOrder) send.message();
      boolean refuses =
          order.getOp().name().equals(refusedOrder) || order.getText().equals(refusedOrder);
      MonDone done =
          MonDone.newBuilder()
              .setNumber(order.getNumber())
              .setCode(refuses ? refusedCode : 0)
              .setText(refuses ? "as the test wants it" : "")
              .build();
      if (!refuses) {
        obey(Integer.parseInt(send.to().host().substring(1)) - 1, order);
      }
      event(new Event.Received(send.to(), done));
    }
    return this;
  }

  /** What a watcher would do; it tells its state after the answer. */
  private void obey(int n, MonOrder order) {
    switch (order.getOp()) {
      case MON_SWITCH_STATUS -> say[n].setStatus(order.getStatus());
      case MON_STOP_WATCHER -> say[n].setStatus(DwStatus.DW_SHUTDOWN);
      case MON_STARTUP_WATCHER -> say[n].setStatus(DwStatus.DW_STARTUP);
      case MON_STOP_INSTANCE, MON_KILL_INSTANCE -> say[n].setInstOk(false);
      case MON_STARTUP_INSTANCE -> say[n].setInstOk(true);
      case MON_SQL -> sql(say[n].getReportBuilder(), order.getText());
      default -> {}
    }
    if (order.getOp() != MonOp.MON_CONFIRM) {
      says(n);
    }
  }

  private static void sql(InstReport.Builder report, String sql) {
    switch (sql) {
      case "ALTER DATABASE MOUNT" -> report.setStatus(Status.MOUNT);
      case "ALTER DATABASE PRIMARY" -> report.setMode(Mode.PRIMARY);
      case "ALTER DATABASE STANDBY" -> report.setMode(Mode.STANDBY);
      case "ALTER DATABASE OPEN FORCE" -> report.setStatus(Status.OPEN);
      default -> {}
    }
    if (sql.equals("ALTER DATABASE OPEN FORCE") && report.getMode() == Mode.PRIMARY) {
      int next = report.getOpeningCount() + 1;
      report.addOpening(
          Opening.newBuilder().setNumber(next).setPrimary(report.getName()).setLsn(45303));
    }
  }

  /** Everything sent to a watcher but greetings. */
  List<Effect.Send> orders() {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(Effect.Send.class::cast)
        .filter(s -> s.message() instanceof MonOrder)
        .toList();
  }

  /** What was asked of whom: "n2 MON_SQL ALTER DATABASE MOUNT". */
  List<String> asked() {
    return orders().stream().map(Bench::shown).toList();
  }

  private static String shown(Effect.Send send) {
    MonOrder order = (MonOrder) send.message();
    String status =
        order.getStatus() == DwStatus.DW_STATUS_UNSPECIFIED ? "" : order.getStatus().name();
    String value = order.getValue() == 0 ? "" : Long.toString(order.getValue());
    String answer =
        order.getOp() == MonOp.MON_CONFIRM ? order.getChange() + " " + order.getAgree() : "";
    return String.join(
            " ",
            send.to().host(),
            order.getOp().name(),
            status,
            order.getText(),
            order.getDest(),
            value,
            answer)
        .strip()
        .replaceAll(" +", " ");
  }

  List<MonHello> hellos() {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(e -> ((Effect.Send) e).message())
        .filter(MonHello.class::isInstance)
        .map(MonHello.class::cast)
        .toList();
  }

  /** What went to the log. */
  List<String> logged() {
    return effects.stream()
        .filter(Effect.Say.class::isInstance)
        .map(e -> ((Effect.Say) e).text())
        .toList();
  }

  /** Everything the console sees, in its order. */
  String transcript() {
    StringBuilder text = new StringBuilder();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Print print) {
        text.append(print.text()).append('\n');
      } else if (effect instanceof Effect.Reply reply) {
        text.append(reply.text()).append('\n');
      }
    }
    return text.toString();
  }

  /** Lines without what they begin with. */
  List<String> lines() {
    return transcript()
        .lines()
        .map(l -> l.replaceFirst("^\\[monitor] +[-0-9]+ [:0-9]+: ", ""))
        .toList();
  }

  /** The one reply that ends the request. */
  Effect.Reply last() {
    List<Effect.Reply> found =
        effects.stream()
            .filter(Effect.Reply.class::isInstance)
            .map(Effect.Reply.class::cast)
            .filter(Effect.Reply::last)
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " last replies: " + found);
    }
    return found.get(0);
  }

  boolean prints(String part) {
    return transcript().contains(part);
  }

  /** The primary's process is gone, and everybody notices but nobody acts yet. */
  Bench primaryKilled() {
    cutFrom(0);
    return says(0, s -> s.setInstOk(false)).says(1, 2);
  }

  /** The standbys lose their links to this instance; they have not told it yet. */
  Bench cutFrom(int lost) {
    for (int n = 0; n < MEMBERS; n++) {
      say[n].getReportBuilder().getMalBuilderList().stream()
          .filter(l -> l.getInstance().equals(name(lost)))
          .forEach(l -> l.setUp(false));
    }
    return this;
  }

  /** The standbys' watchers lose that watcher. */
  Bench unheard(int lost) {
    for (int n = 0; n < MEMBERS; n++) {
      say[n].getHeardBuilderList().stream()
          .filter(l -> l.getInstance().equals(name(lost)))
          .forEach(l -> l.setOk(false));
    }
    return this;
  }
}
