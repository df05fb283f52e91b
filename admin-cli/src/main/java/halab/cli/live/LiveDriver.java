package halab.cli.live;

import halab.cli.Failure;
import halab.cli.fault.Faults;
import halab.cli.lab.LiveLab;
import halab.cli.lab.Starter;
import halab.cli.load.LabWhere;
import halab.cli.sql.ServiceNet;
import halab.cli.sql.SqlSession;
import halab.cli.sql.Standpoint;
import halab.cli.tool.ToolRun;
import halab.kernel.Endpoint;
import halab.runtime.lab.AtomicFiles;
import halab.sim.Fault;
import halab.sim.LabDriver;
import halab.sim.ServiceClients;
import halab.systems.LabPlan;
import halab.systems.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A lab of real processes as a scenario handles it. Time is lab time; how late its own loop came is
 * measured, because a starved driver can be the reason of a failure it sees.
 */
public final class LiveDriver implements LabDriver {
  private static final long TYPED_WITHIN_MS = 120_000;
  private static final long LOOK_EVERY_MS = 100;

  /** A stall of this length could cost a heartbeat or hide a state that was there. */
  private static final long DOUBTFUL_MS = 1_000;

  private final LiveLab lab;
  private final Starter starter;
  private final Faults faults;
  private final double scale;
  private final Map<Endpoint, VendorLogs> logs = new TreeMap<>();
  private final Map<String, ToolRun> tools = new TreeMap<>();
  private final Map<Endpoint, Long> worstLate = new TreeMap<>();
  private final ServiceClients<Connection> clients;
  private long startNanos;
  private long worstOwnMs;

  /**
   * @param receipts told what each fault has bitten
   */
  public LiveDriver(LiveLab lab, Consumer<String> receipts) {
    this.lab = lab;
    this.starter = new Starter(lab, line -> {});
    this.faults = Faults.ofScenario(lab, receipts);
    this.scale = lab.timeScale();
    this.clients =
        new ServiceClients<>(
            new ServiceNet(Standpoint.outside(lab), LabWhere.USER, "halab scenario", 0));
  }

  @Override
  public LabPlan plan() {
    return lab.plan();
  }

  @Override
  public void up(List<String> absent) {
    startNanos = System.nanoTime();
    starter.powerOn(absent);
  }

  @Override
  public long nowMs() {
    return (long) ((System.nanoTime() - startNanos) / 1e6 * scale);
  }

  @Override
  public boolean await(long atMostMs, BooleanSupplier condition) {
    long endMs = nowMs() + atMostMs;
    clients.tick(nowMs());
    while (!condition.getAsBoolean()) {
      if (nowMs() >= endMs) {
        return condition.getAsBoolean();
      }
      pause();
      clients.tick(nowMs());
    }
    return true;
  }

  private void pause() {
    long wantedMs = Math.max(10, (long) (LOOK_EVERY_MS / scale));
    long before = System.nanoTime();
    LiveLab.sleep(wantedMs);
    long lateMs = (System.nanoTime() - before) / 1_000_000 - wantedMs;
    worstOwnMs = Math.max(worstOwnMs, lateMs);
  }

  @Override
  public Map<Endpoint, View> views() {
    return lab.views();
  }

  @Override
  public ProcessStatus process(Endpoint daemon) {
    return lab.processStatus(daemon);
  }

  @Override
  public List<String> log(Endpoint daemon) {
    return logs.computeIfAbsent(daemon, d -> VendorLogs.of(lab, d)).lines();
  }

  @Override
  public Answer command(Endpoint daemon, List<String> words, long atMostMs) {
    StringBuilder text = new StringBuilder();
    long wallMs = (long) (atMostMs / scale);
    int exitCode = lab.client().run(daemon, words, wallMs, line -> text.append(line).append('\n'));
    return new Answer(exitCode, text.toString().strip());
  }

  @Override
  public Answer sql(Endpoint instance, String statement, long atMostMs) {
    try (Standpoint outside = Standpoint.outside(lab);
        SqlSession session = SqlSession.of(outside, instance.host(), LabWhere.USER)) {
      return session.once(statement, (long) (atMostMs / scale));
    }
  }

  @Override
  public ServiceClients<?> clients() {
    return clients;
  }

  @Override
  public Answer tool(String name, String line) {
    ToolRun run =
        tools.computeIfAbsent(name, n -> new ToolRun(lab, n, plan().hosts().get(0).name()));
    StringBuilder text = new StringBuilder();
    int exitCode = run.line(line, said -> text.append(said).append('\n'));
    return new Answer(exitCode, text.toString().strip());
  }

  @Override
  public boolean hasFile(String host, String name) {
    return Files.exists(saved(host, name));
  }

  /** Where a file of a host's system folder is. */
  private Path saved(String host, String name) {
    if (!lab.model().oneMachine()) {
      throw Failure.no(
          "the system folder of a container is out of reach; run this with --live or --sim");
    }
    return lab.model().system(host).resolve(name);
  }

  @Override
  public String doubt() {
    lab.lateness().forEach((daemon, ms) -> worstLate.merge(daemon, ms, Math::max));
    StringBuilder doubt = new StringBuilder();
    if (worstOwnMs >= DOUBTFUL_MS) {
      doubt.append("this driver was up to ").append(worstOwnMs).append(" ms late");
    }
    worstLate.forEach(
        (daemon, ms) -> {
          if (ms >= DOUBTFUL_MS) {
            doubt.append(doubt.isEmpty() ? "" : ", ");
            doubt.append(daemon).append(" was up to ").append(ms).append(" ms late");
          }
        });
    return doubt.isEmpty() ? null : doubt.toString();
  }

  @Override
  public void process(Fault.Process fault) {
    if (fault.op().ends() && lab.processOf(fault.target()) == null) {
      return; // nobody is there who could end, as in virtual time
    }
    faults.process(fault);
  }

  @Override
  public void type(Fault.Type fault) {
    Thread typing =
        new Thread(
            () -> lab.client().run(fault.target(), fault.words(), TYPED_WITHIN_MS, answer -> {}),
            "typing");
    typing.setDaemon(true);
    typing.start();
  }

  @Override
  public void edit(Fault.Edit fault) {
    Path file = lab.model().etc(fault.host()).resolve(fault.file());
    try {
      AtomicFiles.write(file, fault.changed(Files.readString(file)));
    } catch (IOException e) {
      throw Failure.no("cannot change " + file + ": " + e);
    }
  }

  @Override
  public void remove(Fault.Remove fault) {
    Path saved = saved(fault.host(), fault.file());
    Path file = Files.exists(saved) ? saved : lab.model().etc(fault.host()).resolve(fault.file());
    try {
      if (Files.deleteIfExists(file)) {
        AtomicFiles.forceDirectory(file.getParent());
      }
    } catch (IOException e) {
      throw Failure.no("cannot remove " + file + ": " + e);
    }
  }

  @Override
  public void power(Fault.Power fault) {
    faults.power(fault);
  }

  @Override
  public void link(Fault.Link fault) {
    faults.link(fault);
  }

  @Override
  public void heal(Fault.Heal fault) {
    faults.heal(fault);
  }

  @Override
  public void disk(Fault.Disk fault) {
    faults.disk(fault);
  }

  @Override
  public void clock(Fault.Clock fault) {
    throw Failure.no("a lab on processes cannot step one host's clock; run this with --sim");
  }
}
