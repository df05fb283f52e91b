package halab.sim;

import halab.bricks.Rng;
import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Draws schedules from seeds. Parameters first (how many hosts, how rough, which kinds of faults at
 * all and how often), then the faults, so that some runs are calm with one odd fault and others are
 * storms.
 */
public final class Chaos {
  /** Kinds of faults, with what a system may say about them in {@link SystemChecks#weight}. */
  public enum Kind {
    KILL,
    KILL_DISK_DAEMON,
    PAUSE,
    PAUSE_DISK_DAEMON,
    STOP,
    POWER,
    CUT,
    CUT_STORAGE,
    REFUSE,
    DELAY,
    LOSS,
    DISK_FAIL,
    DISK_HANG,
    DISK_SLOW,
    DISK_TORN,
    DISK_STALE,
    DISK_FLIPPED,
    DISK_FULL,
    CLOCK
  }

  private static final String DISK = "DISK_";
  private static final long LONGEST_DAMAGE_MS = 900;

  /** Between two lines of an operator. */
  private static final long LONGEST_THOUGHT_MS = 20_000;

  private final Rng rng;
  private final LabPlan plan;
  private final SystemChecks checks;
  private final Map<Kind, Integer> weights = new EnumMap<>(Kind.class);
  private final List<Schedule.Timed> faults = new ArrayList<>();
  private final long beginMs;
  private final long chaosMs;

  private Chaos(Subject subject, Plans.Made made, Rng rng) {
    this.rng = rng;
    this.checks = subject.checks();
    this.plan = made.plan();
    boolean storm = rng.chance(300);
    for (Kind kind : Kind.values()) {
      int weight = known(kind) ? subject.checks().weight(kind) : 0;
      if (weight > 0 && (storm || rng.chance(400))) {
        weights.put(kind, weight * (1 + rng.below(4)));
      }
    }
    if (weights.isEmpty()) {
      weights.put(Kind.KILL, 1);
    }
    beginMs = made.startMs();
    chaosMs = rng.between(10_000, storm ? 180_000 : 120_000);
    int count = storm ? 4 + rng.below(12) : 1 + rng.below(4);
    for (int i = 0; i < count; i++) {
      draw();
    }
    operators(rng.fork("operators"));
    faults.sort(Comparator.comparingLong(Schedule.Timed::atMs));
  }

  /** What is done to shared disks needs some. */
  private boolean known(Kind kind) {
    switch (kind) {
      case KILL_DISK_DAEMON:
      case PAUSE_DISK_DAEMON:
      case CUT_STORAGE:
        return Hosts.hasStore(plan);
      default:
        return true;
    }
  }

  static Schedule schedule(long seed, Subject subject, Plans plans) {
    Rng rng = new Rng(seed).fork("schedule");
    int dice = rng.below(10);
    int hosts = dice < 5 ? 2 : dice < 9 ? 3 : 4;
    SortedMap<String, String> sets = subject.checks().drawSets(rng);
    Rates rates = rates(rng);
    Schedule empty = new Schedule(subject, hosts, true, sets, seed, rates, List.of(), 0);
    Chaos chaos = new Chaos(subject, plans.of(empty), rng);
    return empty.with(chaos.faults, chaos.beginMs + chaos.chaosMs);
  }

  private static Rates rates(Rng rng) {
    boolean rough = rng.chance(400);
    boolean bytes = rng.chance(100);
    if (!rough) {
      return new Rates(2, 3, 0, 0, 50, 2, bytes);
    }
    return new Rates(
        1 + rng.below(100),
        rng.below(40),
        rng.chance(500) ? rng.below(30) : 0,
        rng.chance(500) ? rng.below(30) : 0,
        rng.below(2000),
        rng.below(30),
        bytes);
  }

  private Kind kind() {
    int total = weights.values().stream().mapToInt(Integer::intValue).sum();
    int left = rng.below(total);
    for (Map.Entry<Kind, Integer> entry : weights.entrySet()) {
      left -= entry.getValue();
      if (left < 0) {
        return entry.getKey();
      }
    }
    return Kind.KILL;
  }

  /** In some runs operators type meanwhile, each one several lines after another. */
  private void operators(Rng typing) {
    if (!typing.chance(400)) {
      return;
    }
    for (int i = 1 + typing.below(4); i > 0; i--) {
      long at = beginMs + typing.between(0, chaosMs - 1);
      long patience = typing.chance(500) ? 3_000 : LONGEST_THOUGHT_MS;
      for (Fault.Type line : checks.operator(typing, plan)) {
        add(at, line);
        at += typing.between(50, patience);
      }
    }
  }

  /** One fault and, mostly, its end. */
  private void draw() {
    long at = beginMs + rng.between(0, chaosMs - 1);
    long lasts = lasts();
    Kind kind = kind();
    switch (kind) {
      case KILL:
        process(at, lasts, Fault.ProcessOp.KILL, daemon());
        break;
      case KILL_DISK_DAEMON:
        process(at, lasts, Fault.ProcessOp.KILL, Hosts.DISK_DAEMON);
        break;
      case PAUSE:
        process(at, lasts, Fault.ProcessOp.PAUSE, daemon());
        break;
      case PAUSE_DISK_DAEMON:
        process(at, lasts, Fault.ProcessOp.PAUSE, Hosts.DISK_DAEMON);
        break;
      case STOP:
        process(at, lasts, Fault.ProcessOp.STOP, daemon());
        break;
      case POWER:
        String host = host();
        add(at, new Fault.Power(host, false));
        add(at + lasts, new Fault.Power(host, true));
        break;
      case CLOCK:
        add(at, new Fault.Clock(host(), rng.between(-120, 120) * 1000));
        break;
      case CUT:
      case CUT_STORAGE:
      case REFUSE:
      case DELAY:
      case LOSS:
        link(at, lasts, kind);
        break;
      default:
        disk(at, lasts, kind);
        break;
    }
  }

  /** Short, middling, long, or until everything is healed. */
  private long lasts() {
    switch (rng.below(4)) {
      case 0:
        return rng.between(100, 3000);
      case 1:
        return rng.between(3000, 12_000);
      case 2:
        return rng.between(12_000, 60_000);
      default:
        return chaosMs;
    }
  }

  private void add(long at, Fault fault) {
    if (at < beginMs + chaosMs) {
      faults.add(new Schedule.Timed(at, fault));
    }
  }

  private Endpoint daemon() {
    List<Endpoint> all = plan.daemons();
    return all.get(rng.below(all.size()));
  }

  private String host() {
    return plan.hosts().get(rng.below(plan.hosts().size())).name();
  }

  private void process(long at, long lasts, Fault.ProcessOp op, Endpoint target) {
    add(at, new Fault.Process(op, target));
    Fault.ProcessOp end =
        op == Fault.ProcessOp.PAUSE ? Fault.ProcessOp.RESUME : Fault.ProcessOp.START;
    add(at + lasts, new Fault.Process(end, target));
  }

  private void link(long at, long lasts, Kind kind) {
    List<String> all = Hosts.of(plan);
    String one = host();
    List<String> from = List.of(one);
    List<String> to = new ArrayList<>();
    String network = "all";
    if (kind == Kind.CUT_STORAGE) {
      to.add(Hosts.STORE);
      network = "storage";
    } else if (rng.chance(500)) { // one host against all others
      all.stream().filter(h -> !h.equals(one)).forEach(to::add);
      network = rng.chance(700) ? "private" : "all";
    } else {
      List<String> others = all.stream().filter(h -> !h.equals(one)).toList();
      to.add(others.get(rng.below(others.size())));
      network = rng.chance(700) ? "private" : "all";
    }
    Fault.LinkKind what =
        kind == Kind.CUT_STORAGE ? storageKind() : Fault.LinkKind.valueOf(kind.name());
    int amount =
        what == Fault.LinkKind.DELAY
            ? 50 + rng.below(2000)
            : what == Fault.LinkKind.LOSS ? 5 + rng.below(60) : 0;
    boolean bothWays = rng.chance(600);
    add(at, new Fault.Link(what, from, to, bothWays, network, amount));
    add(at + lasts, new Fault.Heal(from, to));
  }

  private Fault.LinkKind storageKind() {
    return rng.chance(700) ? Fault.LinkKind.CUT : Fault.LinkKind.REFUSE;
  }

  private void disk(long at, long lasts, Kind kind) {
    boolean damages = kind == Kind.DISK_TORN || kind == Kind.DISK_FLIPPED;
    List<LabPlan.DiskPlan> disks =
        plan.disks().stream()
            .filter(d -> d.host() == null ? !damages || checks.damageable(d) : suffers(d, kind))
            .toList();
    if (disks.isEmpty()) {
      return;
    }
    LabPlan.DiskPlan hit = disks.get(rng.below(disks.size()));
    String disk = hit.name();
    String host = hit.host() == null && rng.chance(600) ? host() : null;
    String name = kind.name().substring(DISK.length());
    int delay = kind == Kind.DISK_SLOW ? 100 + rng.below(4000) : 0;
    // Damage hits a moment's writes: of two copies written a second apart one stays good.
    long span = damages ? rng.between(50, LONGEST_DAMAGE_MS) : lasts;
    add(at, new Fault.Disk(disk, Fault.DiskKind.valueOf(name), delay, host));
    add(at + span, new Fault.Disk(disk, Fault.DiskKind.OK, 0, host));
  }

  /** Nobody promises anything about an online log that fails. */
  private static boolean suffers(LabPlan.DiskPlan own, Kind kind) {
    return own.kind().equals(LabPlan.DiskPlan.ARCHIVE)
        && Fault.DiskKind.valueOf(kind.name().substring(DISK.length())).ofOwn();
  }
}
