package halab.systems.dw;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import halab.dw.proto.Apply;
import halab.dw.proto.ArchTarget;
import halab.dw.proto.ArchType;
import halab.dw.proto.CtlStatus;
import halab.dw.proto.DwOrder;
import halab.dw.proto.DwOrderDone;
import halab.dw.proto.DwState;
import halab.dw.proto.DwStatus;
import halab.dw.proto.InstReport;
import halab.dw.proto.Mode;
import halab.dw.proto.MonDone;
import halab.dw.proto.MonHello;
import halab.dw.proto.MonOp;
import halab.dw.proto.MonOrder;
import halab.dw.proto.OrderKind;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.redo.proto.Opening;
import halab.systems.Dialects;
import halab.systems.LabPlan;
import halab.systems.Site;
import halab.systems.dw.config.DwPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A dmwatcher on the bench: that of instance 1 of two or three. Its instance is of paper and does
 * what it is ordered at once unless it is told to hang; the other watchers and the monitors are
 * played by hand, its clock is turned by hand.
 */
final class WatcherBench {
  static final String ONE = "GRP1_RT_01";
  static final String TWO = "GRP1_RT_02";
  static final String THREE = "GRP1_RT_03";
  static final Endpoint INSTANCE = new Endpoint("n1", "dmserver");
  static final Endpoint MON = new Endpoint("mon", "dmmonitor");
  static final long MID = 77;

  final List<Effect> effects = new ArrayList<>();
  final List<Integer> rows = new ArrayList<>();
  final TreeMap<String, DwState.Builder> others = new TreeMap<>();
  WatcherState state;
  long nowMs = 50_000;

  /** The instance; it answers orders while {@link #obeys}. */
  InstReport.Builder inst = InstReport.newBuilder();

  boolean runs;
  boolean linked;
  boolean obeys = true;

  /** Codes by which the instance refuses the next orders of a kind. */
  final TreeMap<OrderKind, Integer> refuses = new TreeMap<>();

  /** All orders that it got, once each. */
  final List<String> orders = new ArrayList<>();

  private final List<Event> due = new ArrayList<>();
  private long lastOrder;
  private long lastMonOrder;

  private WatcherBench(Map<String, String> files, Map<String, String> saved) {
    Site site = new Site(new Endpoint("n1", "dmwatcher"), files, saved, Dialects.DEFAULT, Map.of());
    state = Dmwatcher.ROLE.boot().apply(site);
  }

  static WatcherBench born(int members, Map<String, String> sets, Map<String, String> saved) {
    LabPlan.Options options = new LabPlan.Options(members, false, 20000, sets, Map.of());
    WatcherBench b = new WatcherBench(DwPlan.plan(options).host("n1").files(), saved);
    return b.event(new Event.Started(3, 4242));
  }

  /** Guarding an asynchronous standby. */
  static WatcherBench local() {
    LabPlan.Options options = new LabPlan.Options(2, false, 20000, Map.of(), Map.of());
    Map<String, String> files = new TreeMap<>(DwPlan.plan(options).host("n1").files());
    files.computeIfPresent("dmwatcher.ini", (name, text) -> text.replace("GLOBAL", "LOCAL"));
    return new WatcherBench(files, Map.of()).event(new Event.Started(3, 4242));
  }

  /** Two members; its own instance at MOUNT in this mode, the other one not heard. */
  static WatcherBench mounted(Mode mode, Map<String, String> sets) {
    return born(2, sets, Map.of()).instance(mode, Status.MOUNT).settle();
  }

  static WatcherBench mounted(Mode mode) {
    return mounted(mode, Map.of());
  }

  /** Two members; PRIMARY and OPEN here, a VALID standby there. */
  static WatcherBench primary(Map<String, String> sets) {
    WatcherBench b = born(2, sets, Map.of()).instance(Mode.PRIMARY, Status.OPEN);
    b.target(TWO, t -> t.setValid(true));
    b.other(TWO, Mode.STANDBY, Status.OPEN).settle().pass(1000);
    return b.comesTo(DwPhase.OPEN);
  }

  static WatcherBench primary() {
    return primary(Map.of());
  }

  /** Two members; STANDBY and OPEN here, the primary there. */
  static WatcherBench standby(Map<String, String> sets) {
    WatcherBench b = born(2, sets, Map.of()).instance(Mode.STANDBY, Status.OPEN);
    b.other(TWO, Mode.PRIMARY, Status.OPEN).settle().pass(1000);
    return b.comesTo(DwPhase.OPEN);
  }

  static WatcherBench standby() {
    return standby(Map.of());
  }

  static Map<String, String> manual() {
    return Map.of("DW_MODE", "MANUAL");
  }

  // ---- what happens -----------------------------------------------------------------------------

  Now now() {
    return new Now(nowMs, 1_600_000_000_000L + nowMs);
  }

  WatcherBench event(Event event) {
    Step<WatcherState> step = Dmwatcher.TABLE.step(state, event, now());
    state = step.state();
    rows.add(step.row());
    effects.addAll(step.effects());
    step.effects().forEach(this::answer);
    return this;
  }

  WatcherBench from(Endpoint peer, Message message) {
    return event(new Event.Received(peer, message));
  }

  private void answer(Effect effect) {
    if (effect instanceof Effect.FindProcess find) {
      boolean there = runs && inst.getPid() == find.pid();
      due.add(new Event.ProcessFound(find.request(), find.pid(), there));
    } else if (effect instanceof Effect.SaveFile save) {
      due.add(new Event.FileSaved(save.request(), save.name(), null));
    } else if (effect instanceof Effect.Send send
        && send.to().equals(INSTANCE)
        && send.message() instanceof DwOrder order
        && order.getNumber() != lastOrder
        && linked) {
      lastOrder = order.getNumber();
      orders.add(words(order));
      if (obeys) {
        carryOut(order);
      }
    }
  }

  private static String words(DwOrder order) {
    String what = order.getKind() == OrderKind.ORDER_SQL ? order.getText() : "" + order.getKind();
    return order.getDest().isEmpty() ? what : what + " " + order.getDest();
  }

  private void carryOut(DwOrder order) {
    int code = refuses.getOrDefault(order.getKind(), 0);
    if (code == 0) {
      change(order);
    }
    DwOrderDone.Builder done = DwOrderDone.newBuilder().setNumber(order.getNumber());
    due.add(
        new Event.Received(INSTANCE, done.setCode(code).setText(code == 0 ? "" : "no").build()));
    due.add(new Event.Received(INSTANCE, inst.build()));
  }

  private void change(DwOrder order) {
    switch (order.getKind()) {
      case ORDER_ARCH_VALID -> target(order.getDest(), t -> t.setValid(true));
      case ORDER_ARCH_INVALID -> {
        for (String dest : state.targets) {
          if (order.getDest().isEmpty() || order.getDest().equals(dest)) {
            target(dest, t -> t.setValid(false).setFailing(false));
          }
        }
      }
      case ORDER_SQL -> sql(order.getText());
      default -> {}
    }
  }

  private void sql(String text) {
    switch (text) {
      case "ALTER DATABASE OPEN FORCE" -> inst.setStatus(Status.OPEN);
      case "ALTER DATABASE MOUNT" -> inst.setStatus(Status.MOUNT);
      case "ALTER DATABASE SUSPEND" -> inst.setStatus(Status.SUSPEND);
      case "ALTER DATABASE STANDBY" -> inst.setMode(Mode.STANDBY);
      case "ALTER DATABASE PRIMARY" -> inst.setMode(Mode.PRIMARY);
      default -> {
        if (text.startsWith("SP_SET_GLOBAL_DW_STATUS")) {
          inst.setDwStatus(Integer.parseInt(text.replaceAll(".*, |\\)", "")));
        }
      }
    }
  }

  /** Everything that is due at this moment. */
  WatcherBench settle() {
    for (int i = 0; i < 1000; i++) {
      if (!due.isEmpty()) {
        event(due.remove(0));
      } else if (Dmwatcher.TABLE.wakeAtMs(state) <= nowMs) {
        event(new Event.Tick());
      } else {
        return this;
      }
    }
    throw new AssertionError("never at rest: " + state.phase + " " + rows.subList(980, 1000));
  }

  /** Time passes; everybody who is there reports every second. */
  WatcherBench pass(long ms) {
    for (long until = nowMs + ms; nowMs < until; ) {
      nowMs = Math.min(until, nowMs + 500);
      if (nowMs % 1000 == 0) {
        report();
        others.forEach((name, m) -> hear(name));
      }
      settle();
    }
    return this;
  }

  // ---- the instance
  // -------------------------------------------------------------------------------

  /** A new life of the instance is there and linked. */
  WatcherBench instance(Mode mode, Status status) {
    inst =
        InstReport.newBuilder()
            .setPid(inst.getPid() + 1000)
            .setIncarnation(inst.getIncarnation() + 1)
            .setName(ONE)
            .setMode(mode)
            .setStatus(status)
            .setFlsn(100)
            .setClsn(100)
            .addAllOpening(inst.getOpeningCount() > 0 ? inst.getOpeningList() : history(1));
    inst.setApply(Apply.newBuilder().setRlsn(100).setSlsn(100).setKlsn(100));
    for (String dest : state.targets) {
      inst.addArch(
          ArchTarget.newBuilder()
              .setDest(dest)
              .setType(ArchType.ARCH_REALTIME)
              .setValid(true)
              .setMalUp(true));
    }
    runs = true;
    return link().report();
  }

  /** An opening by instance 1 at LSN 0, the next ones by instance 2 at LSN 100, 200, ... */
  static List<Opening> history(int rows) {
    List<Opening> all = new ArrayList<>();
    for (int n = 1; n <= rows; n++) {
      all.add(opening(n, n == 1 ? ONE : TWO, 100 * (n - 1)));
    }
    return all;
  }

  static Opening opening(int number, String primary, long lsn) {
    return Opening.newBuilder()
        .setNumber(number)
        .setAtMs(number)
        .setPrimary(primary)
        .setMagic(primary.hashCode())
        .setLsn(lsn)
        .build();
  }

  WatcherBench link() {
    linked = true;
    return event(new Event.LinkUp(INSTANCE, inst.getIncarnation()));
  }

  WatcherBench report() {
    return runs && linked ? from(INSTANCE, inst.build()) : this;
  }

  WatcherBench tells(Consumer<InstReport.Builder> change) {
    change.accept(inst);
    return report().settle();
  }

  WatcherBench target(String dest, Consumer<ArchTarget.Builder> change) {
    for (ArchTarget.Builder t : inst.getArchBuilderList()) {
      if (t.getDest().equals(dest)) {
        change.accept(t);
      }
    }
    return this;
  }

  /** kill -9 of the instance. */
  WatcherBench dies() {
    runs = false;
    linked = false;
    return event(new Event.LinkDown(INSTANCE, "reset")).settle();
  }

  /** The primary here cannot deliver to that standby. */
  WatcherBench suspends(String dest) {
    target(dest, t -> t.setFailing(true));
    return tells(r -> r.setStatus(Status.SUSPEND));
  }

  // ---- the others
  // ---------------------------------------------------------------------------------

  /** Another member, heard from now on. */
  WatcherBench other(String name, Mode mode, Status status) {
    InstReport.Builder report =
        InstReport.newBuilder()
            .setPid(9)
            .setIncarnation(1)
            .setName(name)
            .setMode(mode)
            .setStatus(status)
            .setFlsn(100)
            .setApply(Apply.newBuilder().setRlsn(100).setSlsn(100).setKlsn(100))
            .addAllOpening(history(1));
    others.put(
        name,
        DwState.newBuilder()
            .setGroup("GRP1")
            .setOguid(453331)
            .setInstance(name)
            .setStatus(status == Status.MOUNT ? DwStatus.DW_STARTUP : DwStatus.DW_OPEN)
            .setCtl(CtlStatus.CTL_VALID)
            .setInstOk(true)
            .setReport(report));
    return hear(name);
  }

  WatcherBench hear(String name) {
    Endpoint at = new Endpoint("n" + name.charAt(name.length() - 1), "dmwatcher");
    return from(at, others.get(name).build());
  }

  WatcherBench says(String name, Consumer<DwState.Builder> change) {
    change.accept(others.get(name));
    return hear(name).settle();
  }

  WatcherBench silent(String name) {
    others.remove(name);
    return this;
  }

  // ---- monitors
  // -----------------------------------------------------------------------------------

  WatcherBench monitor(boolean confirm) {
    return hello(MON, confirm).settle();
  }

  WatcherBench hello(Endpoint at, boolean confirm) {
    return from(at, MonHello.newBuilder().setOguid(453331).setConfirm(confirm).setMid(MID).build());
  }

  WatcherBench asks(MonOrder.Builder order) {
    lastMonOrder++;
    from(MON, order.setNumber(lastMonOrder).build());
    return settle();
  }

  static MonOrder.Builder op(MonOp op) {
    return MonOrder.newBuilder().setOp(op).setMid(MID);
  }

  /** A monitor holds this watcher. */
  WatcherBench held() {
    return monitor(false).asks(op(MonOp.MON_SET_MID)).answered(0);
  }

  WatcherBench switches(DwStatus status) {
    return asks(op(MonOp.MON_SWITCH_STATUS).setStatus(status));
  }

  WatcherBench executes(String sql) {
    return asks(op(MonOp.MON_SQL).setText(sql));
  }

  WatcherBench confirms(boolean agree, long change) {
    return asks(op(MonOp.MON_CONFIRM).setAgree(agree).setChange(change));
  }

  // ---- what is expected
  // -----------------------------------------------------------------------------

  WatcherBench comesTo(DwPhase phase) {
    assertThat(state.phase).isEqualTo(phase);
    return this;
  }

  WatcherBench ordered(String... expected) {
    assertThat(orders).containsExactly(expected);
    orders.clear();
    return this;
  }

  WatcherBench fired(int... expected) {
    for (int row : expected) {
      assertThat(rows).as("rows that fired").contains(row);
    }
    return this;
  }

  /** The last order of the monitor was answered by this code. */
  WatcherBench answered(int code) {
    MonDone last = null;
    for (MonDone done : sent(MON, MonDone.class)) {
      last = done.getNumber() == lastMonOrder ? done : last;
    }
    assertThat(last).as("answer to order " + lastMonOrder).isNotNull();
    assertThat(last.getCode()).as(last.getText()).isEqualTo(code);
    return this;
  }

  WatcherBench unanswered() {
    assertThat(sent(MON, MonDone.class)).noneMatch(d -> d.getNumber() == lastMonOrder);
    return this;
  }

  <T extends Message> List<T> sent(Endpoint to, Class<T> type) {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(Effect.Send.class::cast)
        .filter(s -> s.to().equals(to) && type.isInstance(s.message()))
        .map(s -> type.cast(s.message()))
        .toList();
  }

  /** What this watcher said last to its peer. */
  DwState told() {
    List<DwState> all = sent(new Endpoint("n2", "dmwatcher"), DwState.class);
    return all.get(all.size() - 1);
  }

  <T extends Effect> List<T> did(Class<T> type) {
    return effects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  WatcherBench logged(String part) {
    assertThat(did(Effect.Say.class)).extracting(Effect.Say::text).anyMatch(t -> t.contains(part));
    return this;
  }

  WatcherBench forget() {
    effects.clear();
    rows.clear();
    orders.clear();
    return this;
  }

  String fact(String name) {
    return Dmwatcher.ROLE.view().apply(state).facts().get(name);
  }
}
