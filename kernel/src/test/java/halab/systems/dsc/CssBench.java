package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import halab.dsc.proto.Campaign;
import halab.dsc.proto.Command;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonLogin;
import halab.dsc.proto.MonRequest;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.systems.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A dmcss on the bench: what it writes to the VOTE disk stands there at the next look, the other
 * processes are of paper, its clock is turned by hand.
 */
final class CssBench {
  static final long LIFE = 11;
  static final long OGUID = 63635;

  final Paper paper;
  final int node;
  final List<Effect> effects = new ArrayList<>();
  DmcssState state;
  long nowMs = 50_000;
  private int row;

  private CssBench(Paper paper, int node) {
    this.paper = paper;
    this.node = node;
    Endpoint self = new Endpoint("n" + (node + 1), "dmcss");
    state = Dmcss.ROLE.boot().apply(new Site(self, paper.plan.host(self.host()).files()));
  }

  /** Before its first event. */
  static CssBench born(int nodes, int node) {
    return new CssBench(new Paper(nodes), node);
  }

  /** It beats and has not looked yet. */
  static CssBench candidate(int nodes, int node) {
    return candidate(born(nodes, node));
  }

  private static CssBench candidate(CssBench born) {
    return born.event(new Event.Started(LIFE, 4711))
        .dcrRead(blocks(born.paper.nodes))
        .slotRead(Block.EMPTY);
  }

  static List<Block> blocks(int nodes) {
    return Paper.dcrBlocks(new Paper(nodes).plan);
  }

  /** Node 0 of these, control node for good; the other CSSs are up, ASM and DB are not. */
  static CssBench control(int nodes) {
    return control(new Paper(nodes));
  }

  /** The same with these keys in its files. */
  static CssBench control(int nodes, Map<String, String> sets) {
    return control(new Paper(nodes, sets));
  }

  private static CssBench control(Paper paper) {
    CssBench bench = candidate(new CssBench(paper, 0)).looks(3);
    bench.nowMs += CssElection.ELECTION_MS;
    bench.looks(2).dcrRead(blocks(paper.nodes));
    for (int n = 1; n < paper.nodes; n++) {
      bench.paper.up(Paper.CSS, n);
    }
    return bench.looks(2);
  }

  /** Node 1 of these; CSS0 is control node with term 5. */
  static CssBench normal(int nodes) {
    CssBench bench = candidate(nodes, 1);
    bench.paper.up(Paper.CSS, 0).beat(Paper.CSS, 0, b -> b.setCampaign(campaign(0, 5)));
    return bench.looks(3);
  }

  static Campaign campaign(long ticket, long term) {
    return Campaign.newBuilder().setTicket(ticket).setTerm(term).setAge(9).build();
  }

  CssBench change(Consumer<DmcssState> change) {
    state = state.with(change);
    return this;
  }

  Now now() {
    return new Now(nowMs, 1_600_000_000_000L + nowMs);
  }

  CssBench event(Event event) {
    return take(Dmcss.TABLE.step(state, event, now()));
  }

  /** A trigger that no event decodes to in this phase; tables hear it all the same. */
  CssBench trigger(Object trigger) {
    return take(Dmcss.TABLE.fire(state, trigger, now()));
  }

  private CssBench take(Step<DmcssState> step) {
    state = step.state();
    row = step.row();
    effects.clear();
    effects.addAll(step.effects());
    for (Effect effect : effects) {
      if (effect instanceof Effect.WriteBlock write && write.disk().equals(Paper.VOTE)) {
        paper.write(write.block(), write.payload());
      }
    }
    return this;
  }

  /** A second later, its last heartbeat being durable, its loop turns. */
  CssBench tick() {
    if (state.phase != CssPhase.BOOT && state.phase != CssPhase.HALTING) {
      event(new Event.BlockWritten(state.seat.beatRequest, Paper.VOTE, 0));
    }
    nowMs += 1000;
    return event(new Event.Tick());
  }

  /** So many turns of its loop: a second passes, everybody beats, it looks. */
  CssBench looks(int times) {
    for (int i = 0; i < times; i++) {
      paper.passes(1);
      if (!state.seat.asking) {
        tick();
      }
      read();
    }
    return this;
  }

  CssBench look() {
    return looks(1);
  }

  /** Answers the look that is asked for. */
  CssBench read() {
    return event(new Event.BlocksRead(state.seat.areaRequest, Paper.VOTE, 0, paper.blocks()));
  }

  CssBench dcrRead(List<Block> blocks) {
    return event(new Event.BlocksRead(state.seat.areaRequest, Paper.DCR, 0, blocks));
  }

  CssBench slotRead(Block slot) {
    Block header = Block.of(DcrLayout.voteHeader(state.seat.dcr));
    return slotRead(header, header, slot);
  }

  /** The header of VOTE in its two copies, and the own slot, are read. */
  CssBench slotRead(Block header, Block copy, Block slot) {
    int at = VoteLayout.heartbeat(state.seat.group, state.seat.ep);
    List<Block> blocks = Paper.upTo(at, header, copy, slot);
    return event(new Event.BlocksRead(state.seat.areaRequest, Paper.VOTE, 0, blocks));
  }

  CssBench failed() {
    return event(new Event.DiskFailed(state.seat.areaRequest, Paper.VOTE, "no route"));
  }

  Endpoint monitor(int n) {
    return new Endpoint("mon" + n, "dmcssm");
  }

  CssBench login(int n, long oguid) {
    return from(
        n, MonLogin.newBuilder().setOguid(oguid).setMid(900 + n).setFromName("dmcssm").build());
  }

  CssBench asks(int n, MonRequest.Builder request) {
    return from(n, request.setId(77).build());
  }

  CssBench from(int monitor, Message message) {
    return event(new Event.Received(monitor(monitor), message));
  }

  CssBench fires(int expected) {
    assertThat(row).as("dmcss row fired in %s", state.phase).isEqualTo(expected);
    return this;
  }

  CssBench comesTo(CssPhase phase) {
    assertThat(state.phase).isEqualTo(phase);
    return this;
  }

  CssBench says(String... lines) {
    assertThat(Told.says(effects)).containsExactly(lines);
    return this;
  }

  CssBench halts(Integer... codes) {
    assertThat(Told.halts(effects)).containsExactly(codes);
    return this;
  }

  /** The heartbeat written in the last step. */
  Heartbeat beat() {
    return Told.beats(effects).get(0);
  }

  /** Code of the answer to a monitor's request. */
  int answer() {
    return sent(MonAnswer.class).get(0).getCode();
  }

  <T extends Message> List<T> sent(Class<T> type) {
    return Told.of(Effect.Send.class, effects).stream()
        .map(Effect.Send::message)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** The control CSS has written this into the area of this CSS. */
  CssBench ordered(Command.Builder command) {
    paper.write(VoteLayout.command(Paper.CSS, node), command.setIncarnation(LIFE).build());
    return this;
  }
}
