package halab.runtime;

import halab.admin.proto.Counter;
import halab.admin.proto.DaemonStatus;
import halab.admin.proto.Fact;
import halab.admin.proto.HoldReply;
import halab.admin.proto.StepReply;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Wire;
import halab.runtime.admin.AdminServer;
import halab.runtime.admin.AdminTarget;
import halab.runtime.disk.DiskClient;
import halab.runtime.faults.FaultFile;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.runtime.link.HostProbe;
import halab.runtime.link.MalLinks;
import halab.runtime.log.JsonLine;
import halab.runtime.log.RoleLogs;
import halab.systems.ConfigException;
import halab.systems.EmulatedSystem;
import halab.systems.Role;
import halab.systems.Site;
import halab.systems.VendorLog;
import halab.systems.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A process that plays a role: everything put together around one loop. */
final class RoleProcess<S> implements AdminTarget {
  private static final int MAILBOX = 4096;

  private final Lab lab;
  private final Endpoint self;
  private final EmulatedSystem system;
  private final Role<S> role;
  private final DataPlane.Maker rows;
  private final Mailbox mailbox = new Mailbox(MAILBOX);
  private final long pid = ProcessHandle.current().pid();
  private final LabClock clock;
  private long incarnation;
  private volatile long firstBeatMs = -1;
  private Loop<S> loop;
  private Edge edge;
  private MalLinks links;
  private DiskClient disks;

  RoleProcess(Lab lab, Endpoint self, EmulatedSystem system, Role<S> role, DataPlane.Maker rows) {
    this.lab = lab;
    this.self = self;
    this.system = system;
    this.role = role;
    this.rows = rows;
    this.clock = new LabClock(lab.epochWallMs(), lab.timeScale());
  }

  int run() throws InterruptedException {
    Daemon.dieWithHostd();
    LabHost host = lab.host(self.host());
    int port = host.port(self.role());
    S first = boot();
    incarnation = Life.begin(lab, self);
    Wire wire = new Wire(system.messages());
    Net net =
        new Net(lab.secret(), role.data() == null ? Net.MAX_MESSAGE_BYTES : Net.MAX_PACKAGE_BYTES);
    FaultRules faults = new FaultRules(self.toString());
    faults.replace(FaultFile.read(lab, self.host()));
    AdminServer admin = new AdminServer(net, faults, this);
    links =
        new MalLinks(self, incarnation, lab, net, clock, wire, faults, mailbox, system::network);
    disks =
        new DiskClient(
            self,
            incarnation,
            lab,
            net,
            clock,
            wire,
            faults,
            mailbox,
            system.mirrored(lab.mirrorDisks()),
            this::firstBlockWritten);
    VendorLog.Limits limits = role.log().limits(files(lab.etc(self.host())));
    RoleLogs logs = new RoleLogs(lab, self, role.log(), limits, pid);
    HostLink hostLink = new HostLink(lab, self, net, mailbox);
    HostProbe probes = new HostProbe(self, lab, net, faults, mailbox::put, system::network);
    SmallFiles small = new SmallFiles(lab, self, mailbox::put);
    edge =
        new Edge(links, probes, disks, hostLink, small, admin, logs, this::instance, data(faults));
    loop = new Loop<>(role.core(), first, mailbox, clock, edge, System.err);
    List<Integer> ports = new ArrayList<>(List.of(port));
    ports.addAll(host.furtherPorts(self.role()));
    net.serve(lab, self.toString(), host.listenAddress(), ports, List.of(admin, links.service()));
    Signals.onStop(() -> mailbox.put(new Event.StopRequested()));
    JsonLine begun = new JsonLine().put("incarnation", incarnation).put("role", self.role());
    logs.event("started", clock.read(), begun);
    int exit = loop.run(new Event.Started(incarnation, pid));
    logs.finish(clock.read());
    net.flush();
    return exit;
  }

  private Edge.Data data(FaultRules faults) {
    if (role.data() == null || rows == null) {
      return null;
    }
    LiveViews<S> views = new LiveViews<>(() -> loop, disks, clock.wallMs());
    List<DataPlane.View> live = role.data().views().stream().map(views::live).toList();
    DataPlane.Place place =
        new DataPlane.Place(
            lab,
            self,
            mailbox::put,
            disks,
            faults,
            clock,
            role.data().oneEngine(),
            role.data().procedures(),
            role.data().archive().apply(site()),
            live);
    return new Edge.Data(rows.make(place), () -> role.data().serving().apply(loop.state()));
  }

  /** The vendor's name for this process as far as the role knows it by now. */
  private String instance() {
    return role.instance().apply(loop.state());
  }

  /** What is wrong with the files stands in the vendor's log, too, of a process without a name. */
  private S boot() {
    try {
      return role.boot().apply(site());
    } catch (ConfigException e) {
      RoleLogs logs = new RoleLogs(lab, self, role.log(), VendorLog.Limits.NONE, pid);
      e.problems().forEach(p -> logs.say("", Level.FATAL, p.toString(), clock.read()));
      logs.finish(clock.read());
      throw e;
    }
  }

  private Site site() {
    return new Site(
        self,
        files(lab.etc(self.host())),
        saved(lab.system(self.host())),
        lab.dialects(),
        addresses(lab));
  }

  /** Where monitors and clients come from: the public network. */
  private static Map<String, String> addresses(Lab lab) {
    Map<String, String> addresses = new TreeMap<>();
    for (LabHost host : lab.hosts()) {
      String address = host.addresses().get("public");
      if (address != null) {
        addresses.put(host.name(), address);
      }
    }
    return addresses;
  }

  /** The host's configuration files by name. */
  private static Map<String, String> files(Path etc) {
    try {
      return SmallFiles.read(etc);
    } catch (IOException | UncheckedIOException e) {
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  etc.toString(),
                  0,
                  "the configuration cannot be read (" + e.getMessage() + ")",
                  "restore the folder; its files are UTF-8 text")));
    }
  }

  /** What the database keeps about itself; the folder is there from the first such file on. */
  private static Map<String, String> saved(Path system) {
    return Files.isDirectory(system) ? files(system) : Map.of();
  }

  private void firstBlockWritten() {
    long started =
        ProcessHandle.current().info().startInstant().map(i -> i.toEpochMilli()).orElse(0L);
    firstBeatMs = Math.max(0, System.currentTimeMillis() - started);
  }

  @Override
  public void run(long requestId, List<String> words) {
    if (mailbox.full()) {
      edge.tooMuchWaits(requestId);
      return;
    }
    mailbox.put(new Event.Command(requestId, words));
  }

  @Override
  public void hold(boolean held, Consumer<HoldReply> answer) {
    loop.inspect(
        state -> {
          boolean changed = held ? loop.hold().hold() : loop.hold().release();
          answer.accept(
              HoldReply.newBuilder()
                  .setChanged(changed)
                  .setIncarnation(incarnation)
                  .setPhase(role.core().phase(state))
                  .setWaiting(Steps.waiting(loop.waiting()))
                  .build());
        });
  }

  @Override
  public void step(long waitMs, BooleanSupplier wanted, Consumer<StepReply> answer) {
    Steps<S> asker = new Steps<>(role, loop, answer);
    loop.inspect(
        state -> {
          String refusal = loop.hold().ask(waitMs * 1_000_000, wanted, asker);
          if (refusal != null) {
            answer.accept(StepReply.newBuilder().setFailure(refusal).build());
          }
        });
  }

  @Override
  public void status(Consumer<DaemonStatus> answer) {
    loop.inspect(
        state -> {
          DaemonStatus.Builder status = described(state);
          if (disks.used()) {
            disks.inspect(status::addLink);
          }
          links.inspect(
              status::addAllLink,
              counters -> answer.accept(status.addAllCounter(counters).build()));
        });
  }

  private DaemonStatus.Builder described(S state) {
    View view = role.view().apply(state);
    DaemonStatus.Builder status =
        DaemonStatus.newBuilder()
            .setEndpoint(self.toString())
            .setPid(pid)
            .setIncarnation(incarnation)
            .setInstance(role.instance().apply(state))
            .setPhase(view.phase())
            .setFirstBeatMs(firstBeatMs)
            .setHeld(loop.hold().held())
            .setLateness(loop.lateness());
    view.facts().forEach((n, v) -> status.addFact(Fact.newBuilder().setName(n).setValue(v)));
    status.addCounter(
        Counter.newBuilder().setName("mailbox.dropped").setValue(mailbox.dropped()).build());
    status.addCounter(
        Counter.newBuilder().setName("mailbox.waiting").setValue(loop.waiting().events()).build());
    return status.addAllCounter(edge.counters());
  }
}
