package halab.runtime;

import halab.admin.proto.Counter;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.kernel.Now;
import halab.runtime.admin.AdminServer;
import halab.runtime.disk.DiskClient;
import halab.runtime.link.HostProbe;
import halab.runtime.link.MalLinks;
import halab.runtime.log.Happenings;
import halab.runtime.log.JsonLine;
import halab.runtime.log.RoleLogs;
import halab.systems.Serving;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Carries out what a role wants done, in order. Loop thread only; nothing here blocks. */
final class Edge implements Loop.Performer {
  private final MalLinks links;
  private final HostProbe probes;
  private final DiskClient disks;
  private final HostLink host;
  private final SmallFiles files;
  private final AdminServer admin;
  private final RoleLogs logs;
  private final Happenings happenings;
  private final Supplier<String> instance;
  private final Data data;
  private final Map<String, long[]> rows = new TreeMap<>();

  /** The rows of a role that holds some, and what it says after each step about answering users. */
  record Data(DataPlane plane, Supplier<Serving> serving) {}

  /**
   * @param instance the vendor's name for this process, once the role knows it
   * @param data null for a role that holds no rows
   */
  Edge(
      MalLinks links,
      HostProbe probes,
      DiskClient disks,
      HostLink host,
      SmallFiles files,
      AdminServer admin,
      RoleLogs logs,
      Supplier<String> instance,
      Data data) {
    this.links = links;
    this.probes = probes;
    this.disks = disks;
    this.host = host;
    this.files = files;
    this.admin = admin;
    this.logs = logs;
    this.happenings = new Happenings(logs);
    this.instance = instance;
    this.data = data;
  }

  @Override
  public Integer perform(List<Effect> effects, Now now) {
    Integer exit = null;
    for (Effect effect : effects) {
      if (effect instanceof Effect.Halt halt) {
        exit = halt(halt, now);
        break;
      }
      performOne(effect, now);
    }
    if (data != null) {
      data.plane().serving(data.serving().get());
    }
    logs.flush();
    return exit;
  }

  @Override
  public void noticed(Event event, Now now) {
    happenings.note(event, now);
  }

  private int halt(Effect.Halt halt, Now now) {
    JsonLine detail = new JsonLine().put("exit", halt.exitCode()).put("reason", halt.reason());
    if (data != null && halt.exitCode() == ExitCode.OK) {
      data.plane().close();
    }
    logs.event("halt", now, detail);
    logs.finish(now);
    return halt.exitCode();
  }

  private void performOne(Effect effect, Now now) {
    if (effect instanceof Effect.Fired fired) {
      rows.computeIfAbsent("row." + fired.table() + "." + fired.row(), k -> new long[1])[0]++;
      logs.fired(fired, now);
    } else if (effect instanceof Effect.Send send) {
      links.send(send.to(), send.message());
    } else if (effect instanceof Effect.ReadBlocks read) {
      disks.read(read);
    } else if (effect instanceof Effect.WriteBlock write) {
      disks.write(write);
    } else if (effect instanceof Effect.Fence fence) {
      disks.fence(fence);
    } else if (effect instanceof Effect.Say say) {
      logs.say(instance.get(), say.level(), say.text(), now);
    } else if (effect instanceof Effect.Note note) {
      JsonLine detail = new JsonLine();
      note.detail().forEach(detail::put);
      logs.event(note.kind(), now, detail);
    } else if (effect instanceof Effect.Print print) {
      admin.print(print.text());
    } else if (effect instanceof Effect.Reply reply) {
      admin.reply(reply.requestId(), reply.exitCode(), reply.text(), reply.last());
    } else {
      performRare(effect, now);
    }
  }

  private void performRare(Effect effect, Now now) {
    if (effect instanceof Effect.Connect connect) {
      links.connect(connect.peer());
    } else if (effect instanceof Effect.Probe probe) {
      probes.probe(probe);
    } else if (effect instanceof Effect.Launch launch) {
      logs.event("launch", now, new JsonLine().put("role", launch.role()));
      host.launch(launch);
    } else if (effect instanceof Effect.EndRole end) {
      logs.event("end-role", now, new JsonLine().put("role", end.role()));
      host.end(end);
    } else if (effect instanceof Effect.FindProcess find) {
      host.find(find);
    } else if (effect instanceof Effect.SaveFile save) {
      files.save(save);
    } else if (effect instanceof Effect.SetAddress set) {
      JsonLine detail = new JsonLine().put("nic", set.nic()).put("address", set.address());
      logs.event(set.up() ? "address-up" : "address-down", now, detail);
      host.setAddress(set);
    } else if (data != null) {
      data.plane().perform(effect);
    } else {
      throw new IllegalStateException("the edge does not know " + effect);
    }
  }

  /** Turns an operator's command away before the role hears of it. */
  void tooMuchWaits(long requestId) {
    String why = "too many events wait already; if it is held, step it or release it";
    admin.reply(requestId, ExitCode.NO, why, true);
  }

  /** How often each row fired, and what the disks were asked. Inside an inspection only. */
  List<Counter> counters() {
    List<Counter> all = new ArrayList<>(disks.counters());
    all.add(Counter.newBuilder().setName("log.lost").setValue(logs.lost()).build());
    rows.forEach((n, c) -> all.add(Counter.newBuilder().setName(n).setValue(c[0]).build()));
    return all;
  }
}
