package halab.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import halab.bricks.Mirror;
import halab.bricks.Rng;
import halab.bricks.Slots;
import halab.kernel.Block;
import halab.kernel.Check;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.RowKind;
import halab.kernel.Step;
import halab.kernel.Wire;
import halab.kernel.Writer;
import halab.systems.EmulatedSystem;
import halab.systems.LabPlan;
import halab.systems.Role;
import halab.systems.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A whole lab in virtual time: the very roles that daemons run, on simulated hosts, links and
 * disks, out of one seed. Same plan, rates, faults and seed: same run.
 */
public final class World {
  private static final int MOST_STEPS_AT_ONE_INSTANT = 100_000;
  private static final long FIRST_HOST_MS = 600;
  private static final long OTHER_HOSTS_MS = 3_500;
  private static final LabPlan.HostPlan STORE =
      new LabPlan.HostPlan(
          Hosts.STORE, List.of(Hosts.DISK_DAEMON.role()), List.of(), Map.of(), Map.of());

  private final EmulatedSystem system;
  private final LabPlan plan;
  private final Boots boots;
  private final Rates rates;
  private final Wire wire;
  private final Rng rng;
  private final Agenda agenda = new Agenda();
  private final Map<String, SimHost> hosts = new TreeMap<>();
  private final Map<Endpoint, SimProcess> processes = new LinkedHashMap<>();

  /** The same in order of endpoints. */
  private final Map<Endpoint, SimProcess> inOrder = new TreeMap<>();

  private final List<SimDisk> disks = new ArrayList<>();
  private final List<SimOwnDisk> ownDisks = new ArrayList<>();

  /** Null in a lab that shares no disk. */
  private final SimProcess diskDaemon;

  /** Null in a lab that shares no disk. */
  private final SimHost store;

  private final SimNets nets;
  private final SimLinks links;
  private final Injector faults;
  private final Trace trace = new Trace();
  private final RowCounts rows = new RowCounts();
  private final Ledger ledger;
  private final SimClients clients;
  private final List<Invariant> invariants;
  private final List<String> mirrorDisks;
  private final List<Mirror.Part> mirrorParts;
  private final Map<Long, Consumer<Effect.Reply>> asked = new TreeMap<>();
  private final Map<Long, Consumer<Effect.StatementDone>> statements = new TreeMap<>();
  private long nowMs;
  private long nextPid = 700;
  private long nextCommand = 1;
  private long moves;
  private int stepsThisInstant;

  /** A promise is broken, or a role made a mistake that only a bug of ours can make. */
  public static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Violation(String message) {
      super(message);
    }
  }

  /** A world with everything powered off, and one order of commits for all its instances. */
  public World(
      EmulatedSystem system, LabPlan plan, Rates rates, List<Invariant> invariants, long seed) {
    this(system, system::role, plan, new Boots(), rates, invariants, OneOrderLedger::new, seed);
  }

  /**
   * A world with other roles than the system's own, for canaries.
   *
   * @param roles the role of each name
   * @param promised what users are promised about their data
   */
  World(
      EmulatedSystem system,
      Function<String, Role<?>> roles,
      LabPlan plan,
      Boots boots,
      Rates rates,
      List<Invariant> invariants,
      Function<World, Ledger> promised,
      long seed) {
    this.system = system;
    this.plan = plan;
    this.boots = boots;
    this.rates = rates;
    this.wire = new Wire(system.messages());
    this.rng = new Rng(seed);
    this.invariants = List.copyOf(invariants);
    this.mirrorDisks =
        plan.disks().stream()
            .filter(d -> d.kind().equals(LabPlan.DiskPlan.DCRV))
            .map(LabPlan.DiskPlan::path)
            .toList();
    this.mirrorParts = mirrorDisks.isEmpty() ? List.of() : system.mirrored(mirrorDisks);
    Rng clocks = rng.fork("clocks");
    for (LabPlan.HostPlan host : plan.hosts()) {
      addHost(host, clocks);
    }
    boolean shares = Hosts.hasStore(plan);
    this.store = shares ? addHost(STORE, clocks) : null;
    for (LabPlan.HostPlan host : plan.hosts()) {
      for (String role : host.startList()) {
        addProcess(new Endpoint(host.name(), role), roles.apply(role));
      }
    }
    this.diskDaemon = shares ? addProcess(Hosts.DISK_DAEMON, null) : null;
    Rng diskRng = rng.fork("disks");
    for (LabPlan.DiskPlan disk : plan.disks()) {
      Rng own = diskRng.fork(disk.name());
      if (disk.host() == null) {
        disks.add(new SimDisk(this, disk, own, processes.size(), hosts.size()));
      } else {
        ownDisks.add(new SimOwnDisk(this, disk, own));
      }
    }
    this.nets = new SimNets(hosts.size());
    this.links = new SimLinks(this, nets, rng.fork("links"), processes.size());
    this.faults = new Injector(this);
    this.ledger = promised.apply(this);
    this.clients = new SimClients(this, rng.fork("clients"));
  }

  private SimHost addHost(LabPlan.HostPlan plan, Rng rng) {
    SimHost host = new SimHost(plan, hosts.size(), rates.driftPpm(), rng.fork(hosts.size()));
    hosts.put(plan.name(), host);
    return host;
  }

  @SuppressWarnings("unchecked")
  private SimProcess addProcess(Endpoint endpoint, Role<?> role) {
    int index = processes.size();
    SimHost host = hosts.get(endpoint.host());
    Rng own = rng.fork("process").fork(index);
    SimProcess process = new SimProcess(this, endpoint, index, host, (Role<Object>) role, own);
    processes.put(endpoint, process);
    inOrder.put(endpoint, process);
    return process;
  }

  // ---- what runs ------------------------------------------------------------------------------

  /**
   * Powers the lab on as {@code halab up} does: storage, then the first host, and when that had the
   * time to show its first beats the others soon after each other.
   */
  public void up(List<String> absent) {
    if (store != null) {
      faults.powerOn(store);
    }
    long at = nowMs + FIRST_HOST_MS;
    for (LabPlan.HostPlan host : plan.hosts()) {
      if (!absent.contains(host.name())) {
        SimHost on = hosts.get(host.name());
        at(at, () -> faults.powerOn(on));
        at += at == nowMs + FIRST_HOST_MS ? OTHER_HOSTS_MS : 300;
      }
    }
  }

  /** Runs everything that is due up to and including this time. */
  public void runUntilMs(long untilMs) {
    while (!agenda.isEmpty() && agenda.nextAtMs() <= untilMs) {
      runOne();
    }
    nowMs = Math.max(nowMs, untilMs);
  }

  /**
   * Runs everything of the next instant at which something is due, if it is not later than this.
   */
  boolean runInstant(long untilMs) {
    if (agenda.isEmpty() || agenda.nextAtMs() > untilMs) {
      nowMs = Math.max(nowMs, untilMs);
      return false;
    }
    long instant = agenda.nextAtMs();
    while (!agenda.isEmpty() && agenda.nextAtMs() <= instant) {
      runOne();
    }
    return true;
  }

  private void runOne() {
    long at = agenda.nextAtMs();
    if (at > nowMs) {
      nowMs = at;
      stepsThisInstant = 0;
    }
    agenda.take().run();
  }

  void at(long atMs, Runnable what) {
    agenda.add(atMs, what);
  }

  void later(long delayMs, Runnable what) {
    agenda.add(nowMs + delayMs, what);
  }

  // ---- what processes and disks ask of it -----------------------------------------------------

  long nextPid() {
    nextPid += 1 + rng.below(40);
    return nextPid;
  }

  Boots boots() {
    return boots;
  }

  /** How long a launched process takes to boot. */
  long bootMs(SimProcess process) {
    return process == diskDaemon ? rng.between(100, 500) : rng.between(1000, 3000);
  }

  /** A new life's way to mirrored disks; null in a lab without. */
  Mirror mirror(SimProcess process) {
    return mirrorDisks.isEmpty()
        ? null
        : new Mirror(process.endpoint(), process.incarnation(), mirrorDisks, mirrorParts);
  }

  /** Whether this lab has mirrored disks. */
  public boolean mirrored() {
    return !mirrorDisks.isEmpty();
  }

  /**
   * What stands at this moment in a block of a disk, or of a part of mirrored disks: the newest of
   * its sound copies.
   *
   * @param path as roles name it
   */
  public Block standing(String path, int number) {
    for (Mirror.Part part : mirrorParts) {
      if (part.path().equals(path)) {
        return newest(part.first() + number);
      }
    }
    for (SimDisk disk : disks) {
      if (disk.path().equals(path)) {
        return disk.block(number);
      }
    }
    return Block.EMPTY;
  }

  private Block newest(int number) {
    Block newest = null;
    for (SimDisk disk : disks) {
      Block copy = disk.isCopy() ? disk.block(number) : null;
      if (copy != null && (newest == null || newer(copy, newest))) {
        newest = copy;
      }
    }
    return newest;
  }

  private static boolean newer(Block copy, Block than) {
    return copy.writer() != null
        && (than.writer() == null || copy.writer().compareTo(than.writer()) > 0);
  }

  void submit(SimProcess caller, String path, long number, Effect wanted) {
    for (int i = 0; i < ownDisks.size(); i++) {
      if (ownDisks.get(i).is(caller.host().name, path)) {
        ownDisks.get(i).submit(caller, number, wanted);
        return;
      }
    }
    for (int i = 0; i < disks.size(); i++) {
      if (disks.get(i).path().equals(path)) {
        disks.get(i).submit(caller, number, wanted);
        return;
      }
    }
    long life = caller.incarnation();
    Event failed = new Event.DiskFailed(number, path, "no such disk");
    later(1, () -> caller.deliver(life, failed));
  }

  void fired(Effect.Fired fired) {
    rows.count(fired.table(), fired.row());
    if (fired.kind() == RowKind.MOVE) {
      moves++;
    }
  }

  void replied(SimProcess who, Effect.Reply reply) {
    Consumer<Effect.Reply> asker = asked.get(reply.requestId());
    if (asker != null) {
      asker.accept(reply);
      if (reply.last()) {
        asked.remove(reply.requestId());
      }
    }
  }

  void statementDone(Effect.StatementDone done) {
    Consumer<Effect.StatementDone> asker = statements.remove(done.requestId());
    if (asker != null) {
      asker.accept(done);
    }
  }

  void ended(SimProcess process) {
    moves++;
    links.ended(process);
    ownDisks.forEach(disk -> disk.ended(process));
    if (process == diskDaemon) {
      disks.forEach(SimDisk::daemonEnded);
    }
  }

  /** After every step: promises, and time that stands still. */
  void verify(SimProcess who, Event event, Step<?> step) {
    for (int i = 0; i < invariants.size(); i++) {
      String broken = invariants.get(i).broken(this, who, event, step);
      if (broken != null) {
        throw new Violation(invariants.get(i).name() + ": " + broken);
      }
    }
    if (++stepsThisInstant > MOST_STEPS_AT_ONE_INSTANT) {
      throw new Violation(
          "time stands still: "
              + who.endpoint()
              + " in phase "
              + who.phase()
              + " keeps a deadline due that no row consumes");
    }
  }

  /** A message as the receiver will see it. */
  Message carried(Message message) {
    if (!rates.bytes()) {
      return message;
    }
    try {
      return wire.parse(Wire.nameOf(message), message.toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new Check.Failed("does not survive its bytes: " + message + ": " + e.getMessage());
    }
  }

  /** A block as readers will see it; {@code damage} is what the disk does to it, or null. */
  Block framed(int number, Writer writer, Message payload, Fault.DiskKind damage) {
    if (!rates.bytes()) {
      return damage == null ? Block.of(payload) : Block.damaged("checksum wrong (" + damage + ")");
    }
    byte[] frame = Slots.frame(number, writer, payload);
    if (damage == Fault.DiskKind.TORN) {
      Arrays.fill(frame, 0, Slots.BLOCK_BYTES / 2, (byte) 0);
    } else if (damage == Fault.DiskKind.FLIPPED) {
      frame[rng.below(Slots.BLOCK_BYTES)] ^= (byte) (1 << rng.below(8));
    }
    return Slots.read(number, frame, wire);
  }

  /** An operator's words for a daemon; each answer is handed over as it comes. */
  public void command(Endpoint daemon, List<String> words, Consumer<Effect.Reply> answers) {
    SimProcess target = process(daemon);
    long number = nextCommand++;
    asked.put(number, answers);
    long life = target.incarnation();
    later(1, () -> target.deliver(life, new Event.Command(number, words)));
  }

  /** A statement of SQL for an instance, as far as its role answers it. */
  public void statement(
      Endpoint instance, List<String> words, Consumer<Effect.StatementDone> answer) {
    SimProcess target = process(instance);
    long number = nextCommand++;
    statements.put(number, answer);
    long life = target.incarnation();
    later(1, () -> target.deliver(life, new Event.Statement(number, words)));
  }

  // ---- what can be seen -----------------------------------------------------------------------

  public long nowMs() {
    return nowMs;
  }

  public EmulatedSystem system() {
    return system;
  }

  public LabPlan plan() {
    return plan;
  }

  Rates rates() {
    return rates;
  }

  /** Every daemon of the lab, dead or alive, in order of endpoints; the disk daemon among them. */
  public Collection<SimProcess> processes() {
    return inOrder.values();
  }

  /** The daemon of this name; null when the lab has none. */
  public SimProcess find(Endpoint endpoint) {
    return processes.get(endpoint);
  }

  /** The daemon of this name, which must be one of the lab's. */
  public SimProcess process(Endpoint endpoint) {
    SimProcess process = processes.get(endpoint);
    Check.that(process != null, "the lab has no daemon %s", endpoint);
    return process;
  }

  SimHost host(String name) {
    SimHost host = hosts.get(name);
    Check.that(host != null, "the lab has no host %s", name);
    return host;
  }

  /** The host of this name; null when the lab has none. */
  SimHost find(String host) {
    return hosts.get(host);
  }

  /** Whether a host has power. */
  public boolean on(String host) {
    return host(host).on;
  }

  /** Addresses that are up on the cards of a host. */
  public Collection<String> addresses(String host) {
    return List.copyOf(host(host).addresses);
  }

  /** The shared disk of this name, which must be one of the lab's. */
  public SimDisk disk(String name) {
    for (SimDisk disk : disks) {
      if (disk.name().equals(name)) {
        return disk;
      }
    }
    throw new Check.Failed("the lab has no disk " + name);
  }

  /** Every shared disk of the lab. */
  List<SimDisk> disks() {
    return disks;
  }

  /** A host's own disk of this name; null when the lab has none. */
  public SimOwnDisk ownDisk(String name) {
    return ownDisks.stream().filter(d -> d.name().equals(name)).findFirst().orElse(null);
  }

  /** Every disk that only one host reaches. */
  List<SimOwnDisk> ownDisks() {
    return ownDisks;
  }

  /** Users of the instances; nobody when no role holds data. */
  public SimClients clients() {
    return clients;
  }

  /** The processes that hold data. */
  List<SimProcess> engines() {
    return inOrder.values().stream().filter(p -> p.engine() != null).toList();
  }

  boolean givenUp(SimProcess process) {
    return invariants.stream().anyMatch(i -> i.givenUp(process));
  }

  Ledger ledger() {
    return ledger;
  }

  /** Where faults go in. */
  public FaultPort faults() {
    return faults;
  }

  /** Null in a lab that shares no disk. */
  SimProcess diskDaemon() {
    return diskDaemon;
  }

  /** Null in a lab that shares no disk. */
  SimHost store() {
    return store;
  }

  SimNets nets() {
    return nets;
  }

  SimLinks links() {
    return links;
  }

  /** What every running daemon shows of itself, in order of endpoints. */
  public Map<Endpoint, View> views() {
    Map<Endpoint, View> views = new TreeMap<>();
    for (SimProcess process : inOrder.values()) {
      View view = process.view();
      if (view != null) {
        views.put(process.endpoint(), view);
      }
    }
    return views;
  }

  public Trace trace() {
    return trace;
  }

  public RowCounts rows() {
    return rows;
  }

  /** Number of changes of phase so far, ends of processes among them. */
  long moves() {
    return moves;
  }
}
