package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.DcrGroup;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.kernel.Table;
import halab.systems.Dialect;
import halab.systems.Dialects;
import halab.systems.LabPlan;
import halab.systems.dsc.config.DmdcrIni;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One group on the bench: the control CSS's table for it, on a cluster of paper. What the table
 * writes to the VOTE disk stands there at the next look. CSS0 is control CSS unless told otherwise.
 */
final class GroupBench {
  static final long TERM = 3;
  static final long SEQ = 40;

  final Paper paper;
  final int group;
  final List<Effect> effects = new ArrayList<>();
  GroupState state;
  GroupState asm;

  /** The DB group, for an ASM group. */
  GroupState db;

  int css;
  Now now = new Now(1000, 1_000_000);
  DmdcrIni ini;
  final TreeMap<Integer, Long> heard = new TreeMap<>();

  /** The group's block of the DCR, where it is not what the control CSS wrote last. */
  DcrGroup onDcr;

  boolean auto = true;
  Dialect dialect = Dialect.A;

  /** Whether the older rule is on. */
  boolean adjusts;

  List<Endpoint> monitors = List.of();
  private int row;

  private GroupBench(int group, int nodes) {
    this.group = group;
    paper = new Paper(nodes).allUp(Paper.CSS);
    asm = new GroupState(Paper.ASM, paper.dcr.getGroup(Paper.ASM));
    db = new GroupState(Paper.DB, paper.dcr.getGroup(Paper.DB));
    state = new GroupState(group, paper.dcr.getGroup(group));
    ini = DmdcrIni.read(paper.plan.host("n1").files());
  }

  /** dmdcr.ini of the control CSS's node holds this too. */
  GroupBench ini(String key, String value) {
    LabPlan.Options options =
        new LabPlan.Options(paper.nodes, true, 20000, Map.of(key, value), Map.of());
    ini = DmdcrIni.read(DscPlan.plan(options).host("n1").files());
    return this;
  }

  /** Nothing but CSSs runs, nothing was ever started. ASM is OPEN for the DB group's sake. */
  static GroupBench fresh(int group, int nodes) {
    GroupBench bench = new GroupBench(group, nodes);
    if (group == Paper.DB) {
      bench.paper.allUp(Paper.ASM);
      bench.asm = bench.asm.with(g -> open(g, nodes));
    }
    return bench;
  }

  /** At rest and serving, all EPs in their first life, EP 0 control node. */
  static GroupBench open(int group, int nodes) {
    GroupBench bench = fresh(group, nodes);
    bench.paper.allUp(group);
    return bench.state(g -> open(g, nodes));
  }

  private static void open(GroupState g, int nodes) {
    g.phase = GroupPhase.OPEN;
    g.control = 0;
    g.crashOver = true;
    g.lastSeq = SEQ;
    g.lives = new TreeMap<>();
    for (int ep = 0; ep < nodes; ep++) {
      g.lives.put(ep, Paper.LIFE);
    }
  }

  /** EP {@code broken} is dead and killed, its mark durable, the group in this step of it. */
  static GroupBench crash(int group, int nodes, int broken, GroupPhase phase) {
    GroupBench bench = open(group, nodes);
    bench.paper.dies(group, broken).diskCheck(group);
    bench.state(
        g -> {
          g.phase = phase;
          g.broken = List.of(broken);
          g.ok = GroupActs.without(g.ok, g.broken);
          g.control = g.ok.get(0);
          g.crashOver = false;
          g.dcr = g.dcr.toBuilder().addErrEp(broken).setGeneration(1).build();
        });
    bench.paper.write(
        VoteLayout.kill(group, broken),
        halab.dsc.proto.Kill.newBuilder().setIncarnation(Paper.LIFE).build());
    return bench;
  }

  /** EP {@code back} was lost and asks to be started again; the group is in this step of it. */
  static GroupBench rejoin(int group, int nodes, int back, GroupPhase phase) {
    GroupBench bench = crash(group, nodes, back, phase);
    bench.paper.comesBack(group, back).passes(2);
    return bench.state(
        g -> {
          g.broken = List.of();
          g.recover = back;
          g.crashOver = true;
          g.lives = new TreeMap<>(g.lives);
          g.lives.put(back, Paper.LIFE + 1);
        });
  }

  GroupBench state(Consumer<GroupState> change) {
    state = state.with(change);
    return this;
  }

  /** These EPs have been given this command, which stands in their areas. */
  GroupBench ordered(Cmd cmd, int... eps) {
    List<Effect> out = new ArrayList<>();
    for (int ep : eps) {
      state = GroupActs.issue(new GroupScene(state, scene()), ep, cmd, out).g();
    }
    apply(out);
    return this;
  }

  /** A report that the next look shows has stood for long enough; ASM was tested for it. */
  GroupBench reportStands() {
    asm.testedFor = paper.look;
    return state(
        g -> {
          g.reportSince = paper.look + 1 - GroupLinks.STANDS_LOOKS;
          g.reportLook = paper.look;
        });
  }

  GroupBench answered(int... eps) {
    for (int ep : eps) {
      paper.answers(group, ep);
    }
    return this;
  }

  GroupBench dies(int ep) {
    paper.dies(group, ep).diskCheck(group);
    return this;
  }

  Scene scene() {
    return new Scene(
        paper.picture(),
        paper.seen,
        paper.dcr,
        paper.look,
        css,
        "CSS" + css,
        Paper.DCR,
        TERM,
        group == Paper.ASM ? state : asm,
        group == Paper.DB ? state : db,
        monitors,
        paper.look * 1000,
        ini,
        new NodeRule(ini.crashCheckOptCount(), css, heard, paper.look),
        auto,
        Wording.of(new Dialects(dialect, Dialect.B, adjusts)),
        new long[DmcssState.SEATS]);
  }

  /** One more look at the disk; until then it has heard what the DCR's block of the group holds. */
  GroupBench look() {
    paper.passes(1);
    state = GroupLinks.noted(new GroupScene(state, scene())).g();
    if (Told.asksMarks(effects)) {
      fire(new GroupTrigger.MarksSeen(onDcr == null ? state.dcr : onDcr));
    }
    return fire(new GroupTrigger.Look());
  }

  GroupBench fire(Object trigger) {
    Table<GroupScene, GroupPhase> table = group == Paper.ASM ? AsmGroup.TABLE : DbGroup.TABLE;
    Step<GroupScene> step = table.fire(new GroupScene(state, scene()), trigger, now);
    state = step.state().g();
    row = step.row();
    effects.clear();
    effects.addAll(step.effects());
    apply(step.effects());
    return this;
  }

  private void apply(List<Effect> out) {
    for (Effect effect : out) {
      if (effect instanceof Effect.WriteBlock write && write.disk().equals(Paper.VOTE)) {
        paper.write(write.block(), write.payload());
      }
    }
  }

  GroupBench fires(int expected) {
    assertThat(row).as("row fired in %s", state.phase).isEqualTo(expected);
    return this;
  }

  GroupBench comesTo(GroupPhase phase) {
    assertThat(state.phase).isEqualTo(phase);
    return this;
  }

  GroupBench says(String... lines) {
    assertThat(Told.says(effects)).containsExactly(lines);
    return this;
  }

  GroupBench commands(String... expected) {
    assertThat(Told.commands(effects)).containsExactly(expected);
    return this;
  }

  GroupBench kills(String... expected) {
    assertThat(Told.kills(effects)).containsExactly(expected);
    return this;
  }

  GroupBench marks(String... expected) {
    assertThat(Told.marks(effects)).containsExactly(expected);
    return this;
  }

  GroupBench addresses(String... expected) {
    assertThat(Told.addresses(effects)).containsExactly(expected);
    return this;
  }

  /** GRP name and EP name as the log prints them, for tests that run for both groups. */
  String type() {
    return VoteLayout.type(group).name();
  }

  String ep(int n) {
    return (group == Paper.ASM ? "ASM" : "DSC") + n;
  }
}
