package halab.runtime.toy;

import com.google.protobuf.Int64Value;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import halab.kernel.Core;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.RowKind;
import halab.kernel.Step;
import halab.kernel.Table;
import halab.systems.EmulatedSystem;
import halab.systems.LabPlan;
import halab.systems.Role;
import halab.systems.Site;
import halab.systems.VendorLog;
import halab.systems.View;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A small system to run on real sockets: each member beats into its block ten times a second, says
 * hello to its peer, and does what its operator says.
 */
public final class Toy implements EmulatedSystem, Core<Toy.State> {
  public static final String ROLE = "member";
  public static final String DISK = "/toy/disk";

  /** What a member knows. */
  public record State(Endpoint self, long life, long beats, long heard, boolean linked, long next) {
    State with(long newBeats, long newHeard, boolean newLinked, long newNext) {
      return new State(self, life, newBeats, newHeard, newLinked, newNext);
    }
  }

  @Override
  public Step<State> step(State s, Event event, Now now) {
    List<Effect> out = new ArrayList<>();
    String before = s.life() == 0 ? "NEW" : "UP";
    State next = next(s, event, now, out);
    RowKind kind = event instanceof Event.Started ? RowKind.MOVE : RowKind.STAY;
    String on = event.getClass().getSimpleName();
    out.add(0, new Effect.Fired("toy", 10, kind, before, "UP", on, "a toy has one row"));
    return new Step<>(next, out, 10);
  }

  private static Endpoint peer(State s) {
    return new Endpoint(s.self().host().equals("n1") ? "n2" : "n1", ROLE);
  }

  private State next(State s, Event event, Now now, List<Effect> out) {
    if (event instanceof Event.Started started) {
      out.add(new Effect.Connect(peer(s)));
      out.add(new Effect.Say(Level.INFO, "life " + started.incarnation() + " begins"));
      return new State(s.self(), started.incarnation(), 0, s.heard(), false, now.monoMs());
    }
    if (event instanceof Event.Tick) {
      int block = s.self().host().equals("n1") ? 1 : 2;
      out.add(new Effect.WriteBlock(1, DISK, block, Int64Value.of(s.beats())));
      out.add(new Effect.Send(peer(s), StringValue.of("hello " + s.beats())));
      return s.with(s.beats() + 1, s.heard(), s.linked(), now.monoMs() + 100);
    }
    if (event instanceof Event.Received) {
      return s.with(s.beats(), s.heard() + 1, s.linked(), s.next());
    }
    if (event instanceof Event.LinkUp || event instanceof Event.LinkDown) {
      return s.with(s.beats(), s.heard(), event instanceof Event.LinkUp, s.next());
    }
    if (event instanceof Event.StopRequested) {
      out.add(new Effect.Halt(0, "asked to stop"));
    } else if (event instanceof Event.Command command) {
      obey(command, out);
    } else if (event instanceof Event.Launched launched) {
      out.add(new Effect.Print("launched " + launched.role() + ": " + launched.failure()));
    } else if (event instanceof Event.FileSaved saved) {
      out.add(new Effect.Print("saved " + saved.name() + ": " + saved.failure()));
    } else if (event instanceof Event.ProcessFound found) {
      out.add(new Effect.Print("pid " + found.pid() + ": " + found.runs()));
    } else if (event instanceof Event.RoleEnded ended) {
      out.add(new Effect.Print("ended " + ended.role() + ": " + ended.failure()));
    } else if (event instanceof Event.AddressSet set) {
      out.add(new Effect.Print("address " + set.address() + ": " + set.failure()));
    }
    return s;
  }

  private static Effect save(String name, String text) {
    return new Effect.SaveFile(6, Effect.Folder.SYSTEM, name, text);
  }

  private static void obey(Event.Command command, List<Effect> out) {
    List<String> words = command.words();
    switch (words.get(0)) {
      case "save" -> out.add(save(words.get(1), words.get(2)));
      case "remove" -> out.add(save(words.get(1), null));
      case "find" -> out.add(new Effect.FindProcess(7, Long.parseLong(words.get(1))));
      case "end" -> out.add(new Effect.EndRole(8, words.get(1)));
      case "launch" -> out.add(new Effect.Launch(words.get(1)));
      case "address" -> out.add(new Effect.SetAddress(words.get(1), words.get(2), "24", true));
      case "bug" -> throw new IllegalStateException("a planted mistake");
      case "die" -> out.add(new Effect.Halt(86, "told to"));
      default -> {
        out.add(new Effect.Reply(command.requestId(), 0, "first", false));
        out.add(new Effect.Reply(command.requestId(), 1, "no such word", true));
        return;
      }
    }
    out.add(new Effect.Reply(command.requestId(), 0, "ok", true));
  }

  @Override
  public long wakeAtMs(State s) {
    return s.life() == 0 ? Long.MAX_VALUE : s.next();
  }

  @Override
  public String phase(State s) {
    return s.life() == 0 ? "NEW" : "UP";
  }

  @Override
  public Table<?, ?> table() {
    return null;
  }

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public List<Role<?>> roles() {
    VendorLog log =
        new VendorLog() {
          @Override
          public String file(String instance, LocalDateTime at) {
            return instance + ".log";
          }

          @Override
          public String line(LocalDateTime at, Level level, long pid, String text) {
            return level + " " + text;
          }
        };
    return List.of(
        new Role<State>(ROLE, "toy-module", this, Toy::boot, Toy::view, s -> "TOY", log));
  }

  /** How often it was heard is what its file says. */
  private static State boot(Site site) {
    long heard = Long.parseLong(site.saved().getOrDefault("heard", "0"));
    return new State(site.self(), 0, 0, heard, false, 0);
  }

  private static View view(State s) {
    return new View(
        "UP",
        Map.of(
            "beats", Long.toString(s.beats()),
            "heard", Long.toString(s.heard()),
            "linked", Boolean.toString(s.linked())));
  }

  @Override
  public List<Table<?, ?>> tables() {
    return List.of();
  }

  @Override
  public List<Message> messages() {
    return List.of(StringValue.getDefaultInstance(), Int64Value.getDefaultInstance());
  }

  @Override
  public LabPlan plan(LabPlan.Options options) {
    throw new UnsupportedOperationException("tests make their labs themselves");
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
    throw new IllegalArgumentException(what);
  }
}
