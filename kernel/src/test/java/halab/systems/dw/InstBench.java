package halab.systems.dw;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import halab.dw.proto.Apply;
import halab.dw.proto.ArchType;
import halab.dw.proto.DwHello;
import halab.dw.proto.DwOrder;
import halab.dw.proto.DwOrderDone;
import halab.dw.proto.InstReport;
import halab.dw.proto.MalAck;
import halab.dw.proto.MalHello;
import halab.dw.proto.MalRedo;
import halab.dw.proto.Mode;
import halab.dw.proto.OrderKind;
import halab.dw.proto.Status;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.redo.proto.RlogPkg;
import halab.systems.LabPlan;
import halab.systems.Site;
import halab.systems.dw.config.DwPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A dmserver on the bench: instance 1 of three, its disks and engine answer at once unless told
 * otherwise, its peers and its watcher are played by hand, its clock is turned by hand.
 */
final class InstBench {
  static final String ONE = "GRP1_RT_01";
  static final String TWO = "GRP1_RT_02";
  static final String THREE = "GRP1_RT_03";
  static final Endpoint WATCHER = new Endpoint("n1", "dmwatcher");

  final List<Effect> effects = new ArrayList<>();
  InstState state;
  long nowMs = 50_000;

  /** What is in the logs. */
  final TreeMap<Long, RlogPkg> online = new TreeMap<>();

  final TreeMap<Long, RlogPkg> archive = new TreeMap<>();
  long engineLsn;

  /** Answers are held back while these are set. */
  boolean onlineHangs;

  boolean archiveHangs;
  String archiveFails;

  /** A read of redo ends after so many packages. */
  int readMost = Integer.MAX_VALUE;

  boolean engineHangs;
  boolean saveHangs;
  DmCtl saved;
  int row;
  private long orders;

  private InstBench(LabPlan plan, DmCtl ctl) {
    saved = ctl;
    Map<String, String> system = Map.of(DmCtl.FILE, ctl.text());
    Site site =
        new Site(
            new Endpoint("n1", "dmserver"),
            plan.host("n1").files(),
            system,
            halab.systems.Dialects.DEFAULT,
            Map.of());
    state = Dmserver.ROLE.boot().apply(site);
  }

  static DmCtl ctl(DmMode mode) {
    OpenRow row = new OpenRow(1, 1_000, ONE, 101, 0, 0);
    return new DmCtl(mode, 453331, 7, 101, 218, true, List.of(row));
  }

  static InstBench born(DmCtl ctl, Map<String, String> sets) {
    return new InstBench(DwPlan.plan(new LabPlan.Options(3, true, 20000, sets, Map.of())), ctl);
  }

  static InstBench born(DmMode mode) {
    return born(ctl(mode), Map.of());
  }

  /** In MOUNT, its watcher linked, both peers heard. */
  static InstBench mounted(DmMode mode, Map<String, String> sets) {
    InstBench b = born(ctl(mode), sets);
    b.event(new Event.Started(11, 4711)).settle();
    b.watcher().linked(TWO).linked(THREE);
    return b.settle();
  }

  static InstBench mounted(DmMode mode) {
    return mounted(mode, Map.of());
  }

  static InstBench open(DmMode mode) {
    return open(mode, Map.of());
  }

  /** OPEN; of a primary both targets are VALID and have everything. */
  static InstBench open(DmMode mode, Map<String, String> sets) {
    InstBench b = mounted(mode, sets);
    b.sql("ALTER DATABASE OPEN FORCE");
    if (mode == DmMode.PRIMARY) {
      b.settle().ackAll();
    }
    b.settle();
    b.effects.clear();
    return b;
  }

  // ---- what happens -----------------------------------------------------------------------------

  InstBench event(Event event) {
    Step<InstState> step = Dmserver.TABLE.step(state, event, new Now(nowMs, 1_000_000 + nowMs));
    state = step.state();
    row = step.row();
    effects.addAll(step.effects());
    for (Effect effect : step.effects()) {
      answer(effect);
    }
    return this;
  }

  private final List<Event> due = new ArrayList<>();

  private void answer(Effect effect) {
    if (effect instanceof Effect.OpenEngine open) {
      due.add(new Event.EngineOpened(open.request(), engineLsn));
    } else if (effect instanceof Effect.ReadRedo read) {
      boolean own = read.disk().equals(Paths.ONLINE);
      TreeMap<Long, RlogPkg> log = own ? online : archive;
      List<RlogPkg> pkgs =
          log.tailMap(read.fromLsn()).values().stream()
              .limit(Math.min(read.most(), readMost))
              .toList();
      long oldest = log.isEmpty() ? 1 : log.firstKey();
      long last = log.isEmpty() ? 0 : log.lastKey();
      due.add(new Event.RedoRead(read.request(), read.disk(), 0, pkgs, oldest, last));
    } else if (effect instanceof Effect.WriteRedo write) {
      written(write);
    } else if (effect instanceof Effect.Apply apply && !engineHangs) {
      engineLsn = apply.lsn();
      due.add(new Event.Applied(apply.lsn()));
    } else if (effect instanceof Effect.Checkpoint checkpoint) {
      due.add(new Event.Checkpointed(checkpoint.request(), engineLsn));
    } else if (effect instanceof Effect.SaveFile save && !saveHangs) {
      saved = DmCtl.read(Map.of(DmCtl.FILE, save.text()));
      due.add(new Event.FileSaved(save.request(), save.name(), null));
    }
  }

  private void written(Effect.WriteRedo write) {
    boolean own = write.disk().equals(Paths.ONLINE);
    if (own ? onlineHangs : archiveHangs) {
      return;
    }
    if (!own && archiveFails != null) {
      due.add(new Event.DiskFailed(write.request(), write.disk(), archiveFails));
      return;
    }
    write.pkgs().forEach(p -> (own ? online : archive).put(p.getLsn(), p));
    due.add(new Event.RedoWritten(write.request(), write.disk(), 0));
  }

  /** Everything that is due at this moment. */
  InstBench settle() {
    for (int i = 0; i < 1000; i++) {
      if (!due.isEmpty()) {
        event(due.remove(0));
      } else if (Dmserver.TABLE.wakeAtMs(state) <= nowMs) {
        event(new Event.Tick());
      } else {
        return this;
      }
    }
    throw new AssertionError("never at rest: " + state.phase);
  }

  /** Time passes, peers and watcher being silent or not. */
  InstBench pass(long ms) {
    for (long until = nowMs + ms; nowMs < until; ) {
      long wake = Dmserver.TABLE.wakeAtMs(state);
      nowMs = Math.min(until, Math.max(nowMs + 1, wake));
      settle();
    }
    return this;
  }

  InstBench change(Consumer<InstState> change) {
    state = state.with(change);
    return this;
  }

  InstBench watcher() {
    Message hello = DwHello.newBuilder().setOguid(453331).setGroup("GRP1").build();
    return event(new Event.Received(WATCHER, hello));
  }

  static Endpoint at(String instance) {
    return new Endpoint("n" + instance.charAt(instance.length() - 1), "dmserver");
  }

  InstBench from(String instance, Message message) {
    return event(new Event.Received(at(instance), message));
  }

  /** The link stands and the peer says that it is a standby with all that there is. */
  InstBench linked(String instance) {
    event(new Event.LinkUp(at(instance), 1));
    return says(instance, Mode.STANDBY, state.way.flsn);
  }

  InstBench says(String instance, Mode mode, long lsn) {
    return says(instance, mode, Status.OPEN, lsn);
  }

  InstBench says(String instance, Mode mode, Status status, long lsn) {
    Apply apply = Apply.newBuilder().setRlsn(lsn).setSlsn(lsn).setKlsn(lsn).build();
    MalHello hello =
        MalHello.newBuilder()
            .setInstance(instance)
            .setMode(mode)
            .setStatus(status)
            .setFlsn(lsn)
            .setApply(apply)
            .setNOpen(state.ctl.nOpen())
            .build();
    return from(instance, hello);
  }

  /** A user's commit of one row. */
  InstBench commit(long tx) {
    RlogPkg pkg = RlogPkg.newBuilder().setPayload(ByteString.copyFromUtf8("t" + tx)).build();
    return event(new Event.CommitAsked(tx, pkg));
  }

  /** Both standbys acknowledge what they were sent last. */
  InstBench ackAll() {
    ack(TWO, 0);
    return ack(THREE, 0).settle();
  }

  InstBench ack(String instance, int code) {
    MalRedo sent = lastRedo(instance);
    long lsn = sent.getPtx(sent.getPtxCount() - 1).getLsn();
    Apply apply = Apply.newBuilder().setKlsn(lsn).setSlsn(sent.getBeforeLsn()).build();
    MalAck.Builder ack = MalAck.newBuilder().setNumber(sent.getNumber()).setCode(code);
    return from(instance, ack.setApply(apply).build()).settle();
  }

  /** The watcher's order, and its answer if there is one. */
  DwOrderDone order(OrderKind kind, String text, String dest) {
    DwOrder order =
        DwOrder.newBuilder().setNumber(++orders).setKind(kind).setText(text).setDest(dest).build();
    event(new Event.Received(WATCHER, order)).settle();
    return answered(orders);
  }

  DwOrderDone sql(String text) {
    return order(OrderKind.ORDER_SQL, text, "");
  }

  DwOrderDone answered(long number) {
    return sent(WATCHER, DwOrderDone.class).stream()
        .filter(d -> d.getNumber() == number)
        .findFirst()
        .orElse(null);
  }

  long lastOrder() {
    return orders;
  }

  /** Redo that another primary sends. */
  MalRedo redo(long number, long before, int count) {
    MalRedo.Builder redo =
        MalRedo.newBuilder()
            .setNumber(number)
            .setType(ArchType.ARCH_REALTIME)
            .setPermanentMagic(7)
            .setNOpen(state.ctl.nOpen())
            .setBeforeLsn(before);
    for (int i = 1; i <= count; i++) {
      redo.addPtx(
          RlogPkg.newBuilder()
              .setLsn(before + i)
              .setSeq(number)
              .setPayload(ByteString.copyFromUtf8("p" + (before + i))));
    }
    return redo.build();
  }

  // ---- what can be seen -------------------------------------------------------------------------

  <M extends Message> List<M> sent(Endpoint to, Class<M> what) {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(Effect.Send.class::cast)
        .filter(s -> s.to().equals(to) && what.isInstance(s.message()))
        .map(s -> what.cast(s.message()))
        .toList();
  }

  MalRedo lastRedo(String instance) {
    List<MalRedo> all = sent(at(instance), MalRedo.class);
    assertThat(all).as("redo for " + instance).isNotEmpty();
    return all.get(all.size() - 1);
  }

  MalAck lastAck(String instance) {
    List<MalAck> all = sent(at(instance), MalAck.class);
    assertThat(all).as("acknowledgement for " + instance).isNotEmpty();
    return all.get(all.size() - 1);
  }

  InstReport lastReport() {
    List<InstReport> all = sent(WATCHER, InstReport.class);
    return all.get(all.size() - 1);
  }

  <E extends Effect> List<E> all(Class<E> what) {
    return effects.stream().filter(what::isInstance).map(what::cast).toList();
  }

  List<Long> committed() {
    return all(Effect.Committed.class).stream().map(Effect.Committed::tx).toList();
  }

  List<String> log() {
    return all(Effect.Say.class).stream().map(Effect.Say::text).toList();
  }
}
