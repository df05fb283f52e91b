package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.Kill;
import halab.dsc.proto.Life;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.kernel.Table;
import halab.redo.proto.RlogPkg;
import halab.systems.LabPlan;
import halab.systems.Role;
import halab.systems.Site;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A dmserver or dmasmsvr on the bench: node 0 of three unless told otherwise, its disks answered by
 * hand, its clock turned by hand.
 */
final class EpBench {
  static final long LIFE = 11;
  static final String DATA = "/dev/raw/data0";
  static final LabPlan PLAN = new Paper(3).plan;

  final List<Effect> effects = new ArrayList<>();
  final String role;
  final int group;
  EpState state;
  long nowMs = 50_000;
  private final Table<EpState, EpPhase> table;
  private final Map<Integer, EpRecord> records = new TreeMap<>();
  private final Map<Long, Effect> requests = new TreeMap<>();

  /** What stands in the redo threads, and how far the engine is when it opens. */
  final List<RlogPkg> redo = new ArrayList<>();

  long engineLsn;
  long oldestLsn = 1;
  long lastLsn = Long.MAX_VALUE;
  long imageLsn;
  private int row;

  private EpBench(String roleName, int node) {
    this(roleName, node, PLAN);
  }

  private EpBench(String roleName, int node, LabPlan plan) {
    Role<EpState> role = roleName.equals("dmserver") ? Dmserver.ROLE : Dmasmsvr.ROLE;
    this.role = roleName;
    group = roleName.equals("dmserver") ? Paper.DB : Paper.ASM;
    table = roleName.equals("dmserver") ? Dmserver.TABLE : Dmasmsvr.TABLE;
    Endpoint self = new Endpoint("n" + (node + 1), roleName);
    state = role.boot().apply(new Site(self, plan.host(self.host()).files()));
  }

  /** Before its first event. */
  static EpBench born(String role) {
    return new EpBench(role, 0);
  }

  /** OPEN as in {@link #in}, with DMDCR_LINK_CHECK_IP, which it has tested at its start. */
  static EpBench withLinkCheckIp(String role, String ip) {
    return with(role, Map.of("DMDCR_LINK_CHECK_IP", ip));
  }

  /** OPEN as in {@link #in}, with these keys in its files. */
  static EpBench with(String role, Map<String, String> sets) {
    LabPlan plan = DscPlan.plan(new LabPlan.Options(3, true, 20000, sets, Map.of()));
    return in(startup(new EpBench(role, 0, plan)), EpPhase.OPEN);
  }

  /** It beats and waits to be started; its dmasmsvr, if it needs one, serves files. */
  static EpBench startup(String role, int node) {
    return startup(new EpBench(role, node));
  }

  private static EpBench startup(EpBench bench) {
    bench.event(new Event.Started(LIFE, 4711)).dcrRead(Paper.dcrBlocks(PLAN)).slotRead(Block.EMPTY);
    if (bench.role.equals("dmserver")) {
      bench.event(new Event.LinkUp(bench.state.asm(), 1)).asmSays(true);
    }
    return bench.tick().area().tick();
  }

  static EpBench startup(String role) {
    return startup(role, 0);
  }

  /** In this phase, all three EPs members, EP 0 control node, in the middle of a beat. */
  static EpBench in(String role, EpPhase phase) {
    return in(startup(role), phase);
  }

  private static EpBench in(EpBench bench, EpPhase phase) {
    return bench.change(
        s -> {
          s.phase = phase;
          s.shown = phase;
          s.members = List.of(0, 1, 2);
          s.control = 0;
          s.seat = s.seat.with(x -> x.vtd = VtdStatus.VTD_WORKING);
        });
  }

  /** In this phase as above, with a part in commits: epoch 7, everything up to LSN 40 is shown. */
  static EpBench member(EpPhase phase) {
    return in("dmserver", phase)
        .change(
            s ->
                s.commits =
                    s.commits.with(
                        c -> {
                          c.epoch = 7;
                          c.control = 0;
                          c.members = List.of(0, 1, 2);
                          c.applied = 40;
                          c.handed = 40;
                          c.lastHanded = 40;
                          c.known = 40;
                          c.frozen = phase == EpPhase.CRASH_RECV;
                        }));
  }

  EpBench change(Consumer<EpState> change) {
    state = state.with(change);
    return this;
  }

  Now now() {
    return new Now(nowMs, 1_600_000_000_000L + nowMs);
  }

  EpBench event(Event event) {
    Step<EpState> step = table.step(state, event, now());
    state = step.state();
    row = step.row();
    noteRequests(step.effects());
    return this;
  }

  /** A trigger that no event decodes to in this phase; tables hear it all the same. */
  EpBench trigger(Object trigger) {
    Step<EpState> step = table.fire(state, trigger, now());
    state = step.state();
    row = step.row();
    noteRequests(step.effects());
    return this;
  }

  /** A second later, its last heartbeat being durable, its loop turns. */
  EpBench tick() {
    if (EpRows.ALIVE.contains(state.phase)) {
      event(new Event.BlockWritten(state.seat.beatRequest, Paper.VOTE, 0));
    }
    nowMs += 1000;
    return event(new Event.Tick());
  }

  EpBench dcrRead(List<Block> blocks) {
    return event(new Event.BlocksRead(state.seat.areaRequest, Paper.DCR, 0, blocks));
  }

  EpBench slotRead(Block slot) {
    Block header = Block.of(DcrLayout.voteHeader(state.seat.dcr));
    return slotRead(header, header, slot);
  }

  /** The header of VOTE in its two copies, and the own slot, are read. */
  EpBench slotRead(Block header, Block copy, Block slot) {
    int at = VoteLayout.heartbeat(state.seat.group, state.seat.ep);
    List<Block> blocks = Paper.upTo(at, header, copy, slot);
    return event(new Event.BlocksRead(state.seat.areaRequest, Paper.VOTE, 0, blocks));
  }

  /** The own area is read and holds nothing. */
  EpBench area() {
    return area(Block.EMPTY, Block.EMPTY);
  }

  EpBench area(Block command, Block kill) {
    if (!state.seat.asking) {
      tick();
    }
    return event(
        new Event.BlocksRead(
            state.seat.areaRequest,
            Paper.VOTE,
            VoteLayout.command(state.seat.group, state.seat.ep),
            List.of(command, kill)));
  }

  EpBench killed(long upTo) {
    return area(Block.EMPTY, Block.of(Kill.newBuilder().setIncarnation(upTo).build()));
  }

  static Command.Builder command(Cmd cmd, long seq) {
    return Command.newBuilder()
        .setTerm(2)
        .setIncarnation(LIFE)
        .setCmd(cmd)
        .setCmdSeq(seq)
        .addMember(0)
        .addMember(1)
        .addMember(2)
        .setControl(0);
  }

  /** The control CSS has written this command, and it is read. */
  EpBench ordered(Cmd cmd, long seq, UnaryOperator<Command.Builder> more) {
    return area(Block.of(more.apply(command(cmd, seq)).build()), Block.EMPTY);
  }

  EpBench ordered(Cmd cmd, long seq) {
    return ordered(cmd, seq, c -> c);
  }

  /** EP 2 is broken. */
  static Command.Builder victim(Command.Builder command) {
    return command
        .clearMember()
        .addMember(0)
        .addMember(1)
        .addEp(2)
        .addVictim(Life.newBuilder().setSeqno(2).setHost("n3").setIncarnation(9));
  }

  EpBench asmSays(boolean open) {
    return from(state.asm(), halab.dsc.proto.AsmState.newBuilder().setOpen(open).build());
  }

  EpBench from(Endpoint peer, Message message) {
    return event(new Event.Received(peer, message));
  }

  EpBench from(int node, Message message) {
    return from(peer(node), message);
  }

  Endpoint peer(int node) {
    return new Endpoint("n" + (node + 1), role);
  }

  /** The EP's record on the data disk. */
  EpBench record(int ep, boolean open, long incarnation) {
    records.put(
        ep,
        EpRecord.newBuilder()
            .setSeqno(ep)
            .setOpen(open)
            .setIncarnation(incarnation)
            .setLsn(4)
            .build());
    return this;
  }

  /** The oldest request of the job in hand. */
  Effect asked() {
    return requests.get(state.job.requests().get(0));
  }

  /** Answers the oldest request of the job in hand, as a healthy disk would. */
  EpBench diskAnswers() {
    long request = state.job.requests().get(0);
    Effect asked = requests.get(request);
    if (asked instanceof Effect.ReadBlocks read) {
      return event(new Event.BlocksRead(request, read.disk(), read.first(), blocks(read)));
    }
    if (asked instanceof Effect.WriteBlock write) {
      return event(new Event.BlockWritten(request, write.disk(), write.block()));
    }
    if (asked instanceof Effect.OpenEngine) {
      return event(new Event.EngineOpened(request, engineLsn));
    }
    if (asked instanceof Effect.ReadRedo read) {
      List<RlogPkg> pkgs =
          redo.stream()
              .filter(p -> p.getThread() == read.thread() && p.getLsn() >= read.fromLsn())
              .toList();
      return event(
          new Event.RedoRead(request, read.disk(), read.thread(), pkgs, oldestLsn, lastLsn));
    }
    if (asked instanceof Effect.LoadImage) {
      return event(new Event.ImageLoaded(request, imageLsn));
    }
    Effect.Fence fence = (Effect.Fence) asked;
    return event(new Event.Fenced(request, fence.disk(), fence.victim(), fence.incarnation()));
  }

  /** Answers everything that the job in hand waits for of disks. */
  EpBench diskAnswersAll() {
    while (state.job != null && !state.job.requests().isEmpty()) {
      diskAnswers();
    }
    return this;
  }

  private void noteRequests(List<Effect> done) {
    effects.clear();
    effects.addAll(done);
    for (Effect effect : done) {
      if (effect instanceof Effect.ReadBlocks read) {
        requests.put(read.request(), read);
      } else if (effect instanceof Effect.WriteBlock write) {
        requests.put(write.request(), write);
      } else if (effect instanceof Effect.Fence fence) {
        requests.put(fence.request(), fence);
      } else if (effect instanceof Effect.OpenEngine open) {
        requests.put(open.request(), open);
      } else if (effect instanceof Effect.ReadRedo read) {
        requests.put(read.request(), read);
      } else if (effect instanceof Effect.LoadImage load) {
        requests.put(load.request(), load);
      }
    }
  }

  private List<Block> blocks(Effect.ReadBlocks read) {
    if (read.disk().equals(Paper.DCR)) {
      return Paper.dcrBlocks(PLAN);
    }
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < DataLayout.USED; i++) {
      EpRecord record = records.get(i / 2);
      blocks.add(record != null && i % 2 == 0 ? Block.of(record) : Block.EMPTY);
    }
    return blocks;
  }

  EpBench fires(int expected) {
    assertThat(row).as("%s row fired in %s", role, state.phase).isEqualTo(expected);
    return this;
  }

  EpBench comesTo(EpPhase phase) {
    assertThat(state.phase).isEqualTo(phase);
    return this;
  }

  EpBench says(String... lines) {
    assertThat(Told.says(effects)).containsExactly(lines);
    return this;
  }

  /** The heartbeat written in the last step carries this answer. */
  EpBench answers(long seq, int result) {
    assertThat(Told.beats(effects))
        .singleElement()
        .satisfies(
            beat -> {
              assertThat(beat.getDoneSeq()).isEqualTo(seq);
              assertThat(beat.getDoneResult()).isEqualTo(result);
            });
    return this;
  }

  /** The heartbeat written in the last step shows this. */
  EpBench shows(EpPhase phase, VtdStatus vtd) {
    assertThat(Told.beats(effects))
        .singleElement()
        .satisfies(
            beat -> {
              assertThat(beat.getInstStatus()).isEqualTo(phase.inst());
              assertThat(beat.getVtdStatus()).isEqualTo(vtd);
            });
    return this;
  }

  EpBench halts(Integer... codes) {
    assertThat(Told.halts(effects)).containsExactly(codes);
    return this;
  }

  /** Whom it has sent messages of this type. */
  List<Endpoint> sentTo(Class<? extends Message> type) {
    return Told.of(Effect.Send.class, effects).stream()
        .filter(s -> type.isInstance(s.message()))
        .map(Effect.Send::to)
        .toList();
  }
}
