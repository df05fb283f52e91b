package halab.sim;

import com.google.protobuf.Int64Value;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import halab.kernel.Block;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.ConfigException;
import halab.systems.EmulatedSystem;
import halab.systems.LabPlan;
import halab.systems.Role;
import halab.systems.Site;
import halab.systems.VendorLog;
import halab.systems.View;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A small system for the simulator's own tests. Members beat into a block each second and obey a
 * kill mark beside it; the judge on host mon reads all beats and marks whoever stands still for
 * {@code SILENCE_S} seconds.
 */
final class Toy {
  static final int KILLED = 87;
  static final int SELF = 86;
  static final int PASSED_AWAY = 3;

  private Toy() {}

  enum Phase {
    NEW,
    UP,
    SILENT
  }

  /** State of both roles; unused fields stay as they are. */
  record State(
      Phase phase,
      Endpoint self,
      int number,
      int members,
      long silenceMs,
      long life,
      long beat,
      long nextMs,
      long heardBeat,
      Map<Integer, long[]> seen,
      boolean linked) {
    State withPhase(Phase to) {
      return new State(
          to, self, number, members, silenceMs, life, beat, nextMs, heardBeat, seen, linked);
    }

    State alive(long newLife, long mono) {
      return new State(phase, self, number, members, silenceMs, newLife, 0, mono, 0, seen, linked);
    }

    State beaten(long next) {
      return new State(
          phase, self, number, members, silenceMs, life, beat + 1, next, heardBeat, seen, linked);
    }

    State heard(long atBeat) {
      return new State(
          phase, self, number, members, silenceMs, life, beat, nextMs, atBeat, seen, linked);
    }

    State saw(Map<Integer, long[]> now) {
      return new State(
          phase, self, number, members, silenceMs, life, beat, nextMs, heardBeat, now, linked);
    }

    State linked(boolean up) {
      return new State(
          phase, self, number, members, silenceMs, life, beat, nextMs, heardBeat, seen, up);
    }
  }

  private static final Set<Phase> ALIVE = EnumSet.of(Phase.UP, Phase.SILENT);
  private static final List<Class<?>> TRIGGERS =
      List.of(
          Event.Started.class,
          Event.Tick.class,
          Event.Received.class,
          Event.LinkUp.class,
          Event.LinkDown.class,
          Event.BlocksRead.class,
          Event.BlockWritten.class,
          Event.DiskFailed.class,
          Event.Launched.class,
          Event.Command.class,
          Event.StopRequested.class);

  private static Table<State, Phase> empty(String name) {
    return new Table<>(
        name,
        Phase.class,
        State::phase,
        State::withPhase,
        s -> s.phase() == Phase.NEW ? Long.MAX_VALUE : s.nextMs(),
        (s, event) -> event,
        s -> name,
        TRIGGERS);
  }

  static Table<State, Phase> member() {
    return empty("member")
        .move(10, Phase.NEW, Event.Started.class, null, Phase.UP, Toy::begin, "a life begins")
        .stay(20, ALIVE, Event.BlocksRead.class, Toy::killed, Toy::die, "a kill mark is obeyed")
        .stay(30, ALIVE, Event.BlocksRead.class, null, Toy::heard, "the disk answers")
        .stay(40, ALIVE, Event.Tick.class, Toy::deaf, Toy::giveUp, "no disk, no life")
        .stay(50, ALIVE, Event.Tick.class, null, Toy::beat, "a beat each second")
        .move(60, Phase.UP, Event.StopRequested.class, null, Phase.SILENT, Toy::leave, "stop")
        .stay(70, ALIVE, Event.Command.class, null, Toy::answer, "says how it is")
        .stay(80, ALIVE, Event.LinkUp.class, null, (s, t, n, o) -> s.linked(true), "link")
        .stay(81, ALIVE, Event.LinkDown.class, null, (s, t, n, o) -> s.linked(false), "no link")
        .ignore(90, EnumSet.allOf(Phase.class), Event.DiskFailed.class, "time will tell")
        .ignore(91, EnumSet.allOf(Phase.class), Event.BlockWritten.class, "durable")
        .ignore(92, EnumSet.allOf(Phase.class), Event.Received.class, "nobody speaks to members")
        .ignore(93, EnumSet.of(Phase.NEW), Event.Tick.class, "not yet")
        .ignore(94, EnumSet.of(Phase.NEW), Event.BlocksRead.class, "not yet")
        .ignore(95, EnumSet.of(Phase.NEW), Event.LinkUp.class, "not yet")
        .ignore(96, EnumSet.of(Phase.NEW), Event.LinkDown.class, "not yet")
        .ignore(97, EnumSet.of(Phase.NEW), Event.Command.class, "not yet")
        .ignore(98, EnumSet.of(Phase.NEW, Phase.SILENT), Event.StopRequested.class, "stopping")
        .ignore(100, EnumSet.allOf(Phase.class), Event.Launched.class, "only the judge launches");
  }

  static Table<State, Phase> judge() {
    return empty("judge")
        .move(10, Phase.NEW, Event.Started.class, null, Phase.UP, Toy::begin, "a life begins")
        .stay(20, ALIVE, Event.BlocksRead.class, null, Toy::judge, "who stands still is marked")
        .stay(30, ALIVE, Event.Tick.class, null, Toy::look, "a look each second")
        .stay(40, ALIVE, Event.Received.class, null, Toy::greeted, "members say hello")
        .ignore(90, EnumSet.allOf(Phase.class), Event.DiskFailed.class, "another look will come")
        .ignore(91, EnumSet.allOf(Phase.class), Event.BlockWritten.class, "durable")
        .ignore(92, EnumSet.allOf(Phase.class), Event.LinkUp.class, "they dial")
        .ignore(93, EnumSet.allOf(Phase.class), Event.LinkDown.class, "they dial")
        .ignore(94, EnumSet.allOf(Phase.class), Event.Command.class, "says nothing")
        .stay(95, EnumSet.allOf(Phase.class), Event.StopRequested.class, null, Toy::leave, "stop")
        .ignore(96, EnumSet.of(Phase.NEW), Event.Tick.class, "not yet")
        .ignore(97, EnumSet.of(Phase.NEW), Event.BlocksRead.class, "not yet")
        .ignore(98, EnumSet.of(Phase.NEW), Event.Received.class, "not yet")
        .ignore(100, EnumSet.allOf(Phase.class), Event.Launched.class, "only the judge launches");
  }

  private static State begin(State s, Event.Started e, Now now, List<Effect> out) {
    out.add(new Effect.Connect(new Endpoint("mon", "judge")));
    out.add(new Effect.Say(Level.INFO, s.self() + " begins life " + e.incarnation()));
    return s.alive(e.incarnation(), now.monoMs());
  }

  private static boolean deaf(State s, Event.Tick e, Now now) {
    return s.beat() - s.heardBeat() > s.silenceMs() / 1000;
  }

  private static State giveUp(State s, Event.Tick e, Now now, List<Effect> out) {
    out.add(new Effect.Halt(SELF, "the disk is silent"));
    return s;
  }

  private static State beat(State s, Event.Tick e, Now now, List<Effect> out) {
    if (s.phase() == Phase.SILENT) {
      out.add(new Effect.Halt(0, "stopped"));
      return s;
    }
    out.add(new Effect.ReadBlocks(1, "/toy", 32 + s.number(), 1));
    long beat = s.life() * 1_000_000 + s.beat();
    out.add(new Effect.WriteBlock(2, "/toy", s.number(), Int64Value.of(beat)));
    out.add(new Effect.Send(new Endpoint("mon", "judge"), StringValue.of("hello " + s.beat())));
    return s.beaten(now.monoMs() + 1000);
  }

  private static boolean killed(State s, Event.BlocksRead e, Now now) {
    Int64Value mark = e.blocks().get(0).as(Int64Value.class);
    return mark != null && mark.getValue() >= s.life();
  }

  private static State die(State s, Event.BlocksRead e, Now now, List<Effect> out) {
    out.add(new Effect.Halt(KILLED, "marked"));
    return s;
  }

  private static State heard(State s, Event.BlocksRead e, Now now, List<Effect> out) {
    return s.heard(s.beat());
  }

  private static State leave(State s, Event.StopRequested e, Now now, List<Effect> out) {
    if (s.number() < 0) {
      out.add(new Effect.Halt(0, "stopped"));
    }
    return s;
  }

  private static State answer(State s, Event.Command e, Now now, List<Effect> out) {
    boolean known = e.words().get(0).equals("show");
    out.add(new Effect.Reply(e.requestId(), 0, "first", false));
    String text = known ? "beat " + s.beat() : "unknown " + e.words();
    out.add(new Effect.Reply(e.requestId(), known ? 0 : 1, text, true));
    return s;
  }

  private static State look(State s, Event.Tick e, Now now, List<Effect> out) {
    out.add(new Effect.ReadBlocks(1, "/toy", 0, s.members()));
    return s.beaten(now.monoMs() + 1000);
  }

  private static State greeted(State s, Event.Received e, Now now, List<Effect> out) {
    return s;
  }

  /** {@code seen} holds per member: last value, when it changed, life that was marked. */
  private static State judge(State s, Event.BlocksRead e, Now now, List<Effect> out) {
    Map<Integer, long[]> seen = new TreeMap<>(s.seen());
    for (int i = 0; i < e.blocks().size(); i++) {
      Block block = e.blocks().get(i);
      Int64Value value = block.as(Int64Value.class);
      if (value == null) {
        continue;
      }
      long[] old = seen.get(i);
      long life = value.getValue() / 1_000_000;
      if (old == null || old[0] != value.getValue()) {
        seen.put(i, new long[] {value.getValue(), now.monoMs(), old == null ? 0 : old[2]});
      } else if (now.monoMs() - old[1] > s.silenceMs() && old[2] < life) {
        out.add(new Effect.Say(Level.WARNING, "member " + i + " stands still, life " + life));
        out.add(new Effect.WriteBlock(3, "/toy", 32 + i, Int64Value.of(life)));
        out.add(new Effect.Launch("nothing"));
        seen.put(i, new long[] {old[0], old[1], life});
      }
    }
    return s.saw(seen);
  }

  private static final VendorLog LOG =
      new VendorLog() {
        @Override
        public String file(String instance, LocalDateTime at) {
          return instance + ".log";
        }

        @Override
        public String line(LocalDateTime at, Level level, long pid, String text) {
          return at.toLocalDate()
              + String.format(
                  java.util.Locale.ROOT,
                  " %02d:%02d:%02d.%03d [%s] P%d %s",
                  at.getHour(),
                  at.getMinute(),
                  at.getSecond(),
                  at.getNano() / 1_000_000,
                  level,
                  pid,
                  text);
        }
      };

  private static Role<State> role(String name, Table<State, Phase> table) {
    return new Role<>(
        name,
        "node-daemon",
        table,
        Toy::boot,
        s -> new View(s.phase().name(), facts(s)),
        s -> s.self().toString(),
        LOG);
  }

  private static Map<String, String> facts(State s) {
    return Map.of("beat", String.valueOf(s.beat()), "linked", String.valueOf(s.linked()));
  }

  private static State boot(Site site) {
    String[] words = site.files().get("toy.ini").split(" ");
    if (!words[0].matches("-?\\d+")) {
      String what = "'" + words[0] + "' is no number";
      throw new ConfigException(List.of(new ConfigException.Problem("toy.ini", 1, what, "write")));
    }
    return new State(
        Phase.NEW,
        site.self(),
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Long.parseLong(words[2]) * 1000,
        0,
        0,
        0,
        0,
        Map.of(),
        false);
  }

  /** The toy with these tables. */
  static Subject subject(Table<State, Phase> member, Table<State, Phase> judge) {
    return new Subject(
        new ToySystem(List.of(role("member", member), role("judge", judge))), new ToyChecks());
  }

  static Subject subject() {
    return subject(member(), judge());
  }

  private record ToySystem(List<Role<?>> roles) implements EmulatedSystem {
    @Override
    public String name() {
      return "toy";
    }

    @Override
    public List<halab.kernel.Table<?, ?>> tables() {
      return roles().stream().<halab.kernel.Table<?, ?>>map(r -> r.core().table()).toList();
    }

    @Override
    public List<Message> messages() {
      return List.of(Int64Value.getDefaultInstance(), StringValue.getDefaultInstance());
    }

    @Override
    public LabPlan plan(LabPlan.Options options) {
      List<LabPlan.HostPlan> hosts = new ArrayList<>();
      String silence = options.overrides().getOrDefault("SILENCE_S", options.fast() ? "5" : "20");
      for (int i = 0; i <= options.hosts(); i++) {
        boolean judge = i == options.hosts();
        String ini = (judge ? -1 : i) + " " + options.hosts() + " " + silence;
        hosts.add(
            new LabPlan.HostPlan(
                judge ? "mon" : "n" + (i + 1),
                List.of(judge ? "judge" : "member"),
                List.of("eth0"),
                Map.of(),
                Map.of("toy.ini", ini)));
      }
      return new LabPlan(
          "toy",
          hosts,
          List.of(new LabPlan.DiskPlan("vote", "/toy", "voting", 64, new TreeMap<>())));
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
      switch (what) {
        case "start":
          return 20_000;
        case "kill":
        case "heal":
          return 1000 * Long.parseLong(plan.hosts().get(0).files().get("toy.ini").split(" ")[2])
              + 20_000;
        default:
          throw new IllegalArgumentException("no bound '" + what + "'; known: heal, kill, start");
      }
    }
  }

  private record ToyChecks() implements SystemChecks {
    @Override
    public List<String> groups() {
      return List.of("A", "B");
    }

    @Override
    public TreeMap<String, Boolean> selectors() {
      return new TreeMap<>(Map.of("first", true, "members", false));
    }

    @Override
    public List<Endpoint> select(String selector, String group, Map<Endpoint, View> views) {
      List<Endpoint> all = views.keySet().stream().filter(e -> e.role().equals("member")).toList();
      return selector.equals("members") || all.isEmpty() ? all : all.subList(0, 1);
    }

    @Override
    public Endpoint monitor(LabPlan plan) {
      return new Endpoint("n1", "member");
    }

    @Override
    public String unhealthy(LabPlan plan, Map<Endpoint, View> views) {
      for (Endpoint daemon : plan.daemons()) {
        View view = views.get(daemon);
        if (view == null || !view.phase().equals("UP")) {
          return daemon + " is not UP";
        }
      }
      return null;
    }

    @Override
    public String unsafe(Map<Endpoint, View> views) {
      return null;
    }

    @Override
    public List<Invariant> invariants() {
      return List.of(new MarkedIsDead());
    }
  }

  /** A life that could read its kill mark for long does nothing more. */
  private static final class MarkedIsDead implements Invariant {
    private final long[] markedAtMs = new long[64];
    private final long[] markedLife = new long[64];

    @Override
    public String name() {
      return "a marked life ends";
    }

    @Override
    public String broken(World world, SimProcess who, Event event, halab.kernel.Step<?> step) {
      if (!who.endpoint().role().equals("member") || !(event instanceof Event.BlocksRead read)) {
        return null;
      }
      Int64Value mark = read.blocks().get(0).as(Int64Value.class);
      boolean halts = step.effects().stream().anyMatch(e -> e instanceof Effect.Halt);
      return mark != null && mark.getValue() >= who.incarnation() && !halts
          ? who.endpoint() + " life " + who.incarnation() + " read mark " + mark.getValue()
          : null;
    }
  }
}
