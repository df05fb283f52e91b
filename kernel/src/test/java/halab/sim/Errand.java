package halab.sim;

import com.google.protobuf.Message;
import halab.kernel.Core;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.kernel.Table;
import halab.systems.EmulatedSystem;
import halab.systems.LabPlan;
import halab.systems.Role;
import halab.systems.Serving;
import halab.systems.Site;
import halab.systems.VendorLog;
import halab.systems.View;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A lab without shared disks whose daemons do nothing of their own: tests hand them effects and see
 * what they hear. Hosts n1 and n2 with roles {@code left}, which holds data, and {@code right}, and
 * a disk for each kind of redo.
 */
final class Errand {
  static final Endpoint LEFT = new Endpoint("n1", "left");
  static final Endpoint RIGHT = new Endpoint("n1", "right");
  static final Endpoint FAR = new Endpoint("n2", "left");
  static final String ONLINE = "/online.log";
  static final String ARCHIVE = "/arch";

  final World world;

  /** What each daemon heard, over all its lives. */
  final Map<Endpoint, List<Event>> heard = new TreeMap<>();

  private final Map<Endpoint, List<Effect>> todo = new TreeMap<>();
  private final Map<Endpoint, Serving.Mode> modes = new TreeMap<>();

  /** A life: whose, and the files that it was born with. */
  record State(Site site) {}

  /** The lab, up, with the promises that most systems make. */
  Errand(long seed) {
    this(seed, null);
  }

  /**
   * The lab, up.
   *
   * @param ledger null: one order of commits
   */
  Errand(long seed, Ledger ledger) {
    EmulatedSystem system = system();
    world =
        new World(
            system,
            system::role,
            system.plan(new LabPlan.Options(2, true, 5000, Map.of(), Map.of())),
            new Boots(),
            Rates.CALM,
            List.of(),
            w -> ledger == null ? new OneOrderLedger(w) : ledger,
            seed);
    world.up(List.of());
    world.runUntilMs(10_000);
  }

  /** Has a daemon do this, at once. */
  void does(Endpoint who, Effect... effects) {
    todo.put(who, List.of(effects));
    SimProcess process = world.process(who);
    process.deliver(process.incarnation(), new Event.StopRequested());
  }

  /** What a daemon heard of this kind, over all its lives. */
  <E extends Event> List<E> heard(Endpoint who, Class<E> kind) {
    return heard.getOrDefault(who, List.of()).stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  void runs(long ms) {
    world.runUntilMs(world.nowMs() + ms);
  }

  void suffers(String fault) {
    FaultText.plain("test", 1, fault).applyTo(world.faults());
  }

  /** From now on this instance serves so. */
  void serves(Endpoint who, Serving.Mode mode) {
    modes.put(who, mode);
  }

  /** The files that the present life was born with. */
  Site site(Endpoint who) {
    return ((State) world.process(who).state()).site();
  }

  private final class Doer implements Core<State> {
    @Override
    public Step<State> step(State state, Event event, Now now) {
      Endpoint self = state.site().self();
      heard.computeIfAbsent(self, s -> new ArrayList<>()).add(event);
      boolean asked = event instanceof Event.StopRequested;
      return new Step<>(state, asked ? todo.remove(self) : List.of(), 1);
    }

    @Override
    public long wakeAtMs(State state) {
      return Long.MAX_VALUE;
    }

    @Override
    public String phase(State state) {
      return "UP";
    }

    @Override
    public Table<?, ?> table() {
      return null;
    }
  }

  private Role<State> role(String name, boolean data) {
    return new Role<>(
        name,
        "node-daemon",
        new Doer(),
        State::new,
        s -> new View("UP", Map.of()),
        s -> s.site().self().toString(),
        LOG,
        data ? new Role.Data<>(this::serving, List.of()) : null);
  }

  private Serving serving(State state) {
    return new Serving(
        modes.getOrDefault(state.site().self(), Serving.Mode.STARTING), Long.MAX_VALUE);
  }

  EmulatedSystem system() {
    List<Role<?>> roles = List.of(role("left", true), role("right", false));
    return new ErrandSystem(roles);
  }

  private static final VendorLog LOG =
      new VendorLog() {
        @Override
        public String file(String instance, LocalDateTime at) {
          return instance + ".log";
        }

        @Override
        public String line(LocalDateTime at, Level level, long pid, String text) {
          return text;
        }
      };

  private record ErrandSystem(List<Role<?>> roles) implements EmulatedSystem {
    @Override
    public String name() {
      return "errand";
    }

    @Override
    public List<Table<?, ?>> tables() {
      return List.of();
    }

    @Override
    public List<Message> messages() {
      return List.of();
    }

    @Override
    public LabPlan plan(LabPlan.Options options) {
      List<LabPlan.HostPlan> hosts = new ArrayList<>();
      List<LabPlan.DiskPlan> disks = new ArrayList<>();
      for (int i = 1; i <= options.hosts(); i++) {
        String name = "n" + i;
        hosts.add(
            new LabPlan.HostPlan(
                    name,
                    List.of("left", "right"),
                    List.of(),
                    Map.of(),
                    Map.of("some.ini", "KEY = 1\n"))
                .withSaved(Map.of("some.ctl", "first")));
        disks.add(LabPlan.DiskPlan.local(name + ".online", ONLINE, LabPlan.DiskPlan.ONLINE, name));
        disks.add(LabPlan.DiskPlan.local(name + ".arch", ARCHIVE, LabPlan.DiskPlan.ARCHIVE, name));
      }
      return new LabPlan("errand", hosts, disks);
    }

    @Override
    public LabPlan concluded(LabPlan edited) {
      return edited;
    }

    @Override
    public String network(Endpoint a, Endpoint b) {
      return a.host().equals(b.host()) ? "local" : "private";
    }

    @Override
    public long boundMs(String what, LabPlan plan) {
      return 10_000;
    }
  }
}
