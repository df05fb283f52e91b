package halab.sim;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.ExitCode;
import halab.systems.LabPlan;
import halab.systems.Role;
import halab.systems.Systems;
import halab.systems.View;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** A simulated lab for scenarios. */
public final class SimDriver implements LabDriver {
  private static final long LOOK_EVERY_MS = 100;

  private final World world;
  private final Map<Endpoint, List<String>> lines = new TreeMap<>();
  private final ServiceClients<SimWire.Line> clients = new ServiceClients<>(new SimWire(this));
  private SimToolSite toolSite;

  public SimDriver(World world) {
    this.world = world;
  }

  /** A lab for this scenario with the promises of its system watched after every step. */
  public static SimDriver of(Scenario scenario, long seed) {
    return of(scenario, seed, Map.of());
  }

  /**
   * The same with other roles, for canaries and row deletion.
   *
   * @param changed role name to the role that takes its place
   */
  public static SimDriver of(Scenario scenario, long seed, Map<String, Role<?>> changed) {
    Subject subject = scenario.subject();
    return new SimDriver(
        new World(
            subject.system(),
            name -> changed.getOrDefault(name, subject.system().role(name)),
            scenario.plan(5200),
            new Boots(),
            scenario.rates(),
            subject.checks().invariants(),
            subject.checks()::ledger,
            seed));
  }

  public World world() {
    return world;
  }

  @Override
  public LabPlan plan() {
    return world.plan();
  }

  @Override
  public void up(List<String> absent) {
    world.up(absent);
  }

  @Override
  public long nowMs() {
    return world.nowMs();
  }

  @Override
  public boolean await(long atMostMs, BooleanSupplier condition) {
    long end = world.nowMs() + atMostMs;
    boolean held = condition.getAsBoolean();
    long looked = world.nowMs();
    long moves = world.moves();
    while (!held && world.nowMs() < end) {
      world.runInstant(Math.min(end, looked + LOOK_EVERY_MS));
      if (world.moves() != moves || world.nowMs() >= looked + LOOK_EVERY_MS) {
        moves = world.moves();
        looked = world.nowMs();
        clients.tick(looked);
        held = condition.getAsBoolean();
      }
    }
    return held || condition.getAsBoolean();
  }

  @Override
  public Map<Endpoint, View> views() {
    return world.views();
  }

  @Override
  public ProcessStatus process(Endpoint daemon) {
    SimProcess process = world.process(daemon);
    if (!process.alive()) {
      return new ProcessStatus(ProcessState.GONE, process.exitCode());
    }
    return new ProcessStatus(process.paused() ? ProcessState.PAUSED : ProcessState.RUNNING, 0);
  }

  @Override
  public List<String> log(Endpoint daemon) {
    SimProcess process = world.process(daemon);
    List<String> known = lines.computeIfAbsent(daemon, d -> new ArrayList<>());
    for (int i = known.size(); i < process.log().size(); i++) {
      known.add(text(process.role(), process.log().get(i)));
    }
    return known;
  }

  private static String text(Role<Object> role, SimProcess.Line line) {
    LocalDateTime at =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(line.wallMs(), 1000L),
            (int) Math.floorMod(line.wallMs(), 1000L) * 1_000_000,
            ZoneOffset.UTC);
    return role.log().line(at, line.level(), line.pid(), line.text());
  }

  @Override
  public Answer command(Endpoint daemon, List<String> words, long atMostMs) {
    List<Effect.Reply> replies = new ArrayList<>();
    world.command(daemon, words, replies::add);
    boolean whole = await(atMostMs, () -> !replies.isEmpty() && last(replies).last());
    String text = String.join("\n", replies.stream().map(Effect.Reply::text).toList());
    return new Answer(whole ? last(replies).exitCode() : -1, text);
  }

  @Override
  public Answer sql(Endpoint instance, String statement, long atMostMs) {
    List<Effect.StatementDone> done = new ArrayList<>();
    world.statement(instance, List.of(statement.split("\\s+")), done::add);
    if (!await(atMostMs, () -> !done.isEmpty())) {
      return new Answer(-1, "");
    }
    Effect.StatementDone answer = done.get(0);
    return answer.sqlState() == null
        ? new Answer(ExitCode.OK, answer.text())
        : new Answer(ExitCode.NO, answer.sqlState() + ": " + answer.text());
  }

  @Override
  public ServiceClients<?> clients() {
    return clients;
  }

  private static Effect.Reply last(List<Effect.Reply> replies) {
    return replies.get(replies.size() - 1);
  }

  @Override
  public Answer tool(String name, String line) {
    if (toolSite == null) {
      toolSite = new SimToolSite(world, plan().hosts().get(0).name());
    }
    List<String> answer = new ArrayList<>();
    int exitCode = Systems.named(plan().system()).tool(name).run(line, toolSite, answer::add);
    return new Answer(exitCode, String.join("\n", answer));
  }

  @Override
  public boolean hasFile(String host, String name) {
    return world.host(host).saved().containsKey(name);
  }

  @Override
  public String doubt() {
    return null;
  }

  @Override
  public void process(Fault.Process fault) {
    world.faults().process(fault);
  }

  @Override
  public void type(Fault.Type fault) {
    world.faults().type(fault);
  }

  @Override
  public void edit(Fault.Edit fault) {
    world.faults().edit(fault);
  }

  @Override
  public void remove(Fault.Remove fault) {
    world.faults().remove(fault);
  }

  @Override
  public void power(Fault.Power fault) {
    world.faults().power(fault);
  }

  @Override
  public void link(Fault.Link fault) {
    world.faults().link(fault);
  }

  @Override
  public void heal(Fault.Heal fault) {
    world.faults().heal(fault);
  }

  @Override
  public void disk(Fault.Disk fault) {
    world.faults().disk(fault);
  }

  @Override
  public void clock(Fault.Clock fault) {
    world.faults().clock(fault);
  }
}
