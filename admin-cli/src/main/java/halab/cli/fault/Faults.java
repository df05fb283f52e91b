package halab.cli.fault;

import halab.admin.proto.DiskStatus;
import halab.admin.proto.Sig;
import halab.admin.proto.SignalReply;
import halab.cli.Failure;
import halab.cli.lab.LabClient;
import halab.cli.lab.LiveLab;
import halab.kernel.Endpoint;
import halab.sim.Fault;
import halab.sim.FaultPort;
import halab.sim.Hosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Puts faults into a running lab. Each is journalled before it acts and proven afterwards: a killed
 * process is seen to be gone, a paused one to be stopped, a rule to stand at the daemons it names.
 * The proof is the receipt. What cannot be proven is a {@link Failure}.
 */
public final class Faults implements FaultPort {
  private static final long PROOF_WITHIN_MS = 5_000;
  private static final long STOP_WITHIN_MS = 30_000;

  private final LiveLab lab;
  private final Consumer<String> receipts;
  private final Holds holds;
  private final long stopWithinMs;

  /**
   * @param receipts told what each fault has bitten, one line each
   */
  public Faults(LiveLab lab, Consumer<String> receipts) {
    this(lab, receipts, STOP_WITHIN_MS);
  }

  /** Goes on as soon as a stop was asked for, as virtual time does: a scenario waits by itself. */
  public static Faults ofScenario(LiveLab lab, Consumer<String> receipts) {
    return new Faults(lab, receipts, 0);
  }

  private Faults(LiveLab lab, Consumer<String> receipts, long stopWithinMs) {
    this.lab = lab;
    this.receipts = receipts;
    this.stopWithinMs = stopWithinMs;
    this.holds = new Holds(lab.client(), receipts);
  }

  private interface Act {
    String receipt() throws IOException;
  }

  /** Journals, acts, journals the proof and tells it. */
  private void journalled(Journal journal, Fault fault, boolean held, Act act) throws IOException {
    Journal.Entry entry = journal.begin(fault.text(), held);
    String receipt = act.receipt();
    journal.receipt(entry, receipt);
    receipts.accept(receipt);
  }

  private void once(Fault fault, boolean held, Act act) {
    open(journal -> journalled(journal, fault, held, act));
  }

  private interface Entries {
    void write(Journal journal) throws IOException;
  }

  private void open(Entries entries) {
    try (Journal journal = Journal.open(lab.dir())) {
      entries.write(journal);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void process(Fault.Process fault) {
    switch (fault.op()) {
      case KILL -> kill(fault);
      case STOP -> once(fault, false, () -> stop(fault.target(), Sig.SIG_TERM));
      case TSTP -> once(fault, false, () -> stop(fault.target(), Sig.SIG_TSTP));
      case PAUSE -> once(fault, true, () -> pause(fault.target()));
      case RESUME -> resume(fault);
      case START -> once(fault, false, () -> start(fault.target()));
    }
  }

  private void kill(Fault.Process fault) {
    once(fault, false, () -> killed(fault.target()));
    endedHeld(fault.target());
  }

  private String killed(Endpoint target) {
    LiveLab.Running process = signalled(target, Sig.SIG_KILL);
    prove(target + " (pid " + process.pid() + ") to be gone", () -> gone(target, process));
    return "killed " + target + ": pid " + process.pid() + " is gone (SIGKILL)";
  }

  @Override
  public void hold(Fault.Hold fault) {
    if (fault.held()) {
      open(journal -> holds.hold(journal, fault));
    } else {
      open(journal -> holds.release(journal, fault));
    }
  }

  private String stop(Endpoint target, Sig signal) {
    LiveLab.Running process = signalled(target, signal);
    String by = "pid " + process.pid() + " %s (" + signal.name().replace("_", "") + ")";
    return LiveLab.await(stopWithinMs, () -> gone(target, process))
        ? "stopped " + target + ": " + String.format(by, "has ended in order")
        : "asked " + target + " to stop: " + String.format(by, "is still at it");
  }

  private String pause(Endpoint target) {
    LiveLab.Running process = signalled(target, Sig.SIG_STOP);
    prove(target + " (pid " + process.pid() + ") to stand still", () -> paused(target, process));
    return "paused " + target + ": pid " + process.pid() + " stands still (SIGSTOP)";
  }

  private void resume(Fault.Process fault) {
    try (Journal journal = Journal.open(lab.dir())) {
      journalled(journal, fault, false, () -> resumed(fault.target()));
      String pause = new Fault.Process(Fault.ProcessOp.PAUSE, fault.target()).text();
      for (Journal.Entry entry : journal.held()) {
        if (entry.text().equals(pause)) {
          journal.healed(entry, "resumed");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String resumed(Endpoint target) {
    LiveLab.Running process = signalled(target, Sig.SIG_CONT);
    prove(target + " (pid " + process.pid() + ") to run on", () -> !paused(target, process));
    return "resumed " + target + ": pid " + process.pid() + " goes on (SIGCONT)";
  }

  private String start(Endpoint target) {
    return lab.power().launched(target);
  }

  /** Sends a signal through the daemon's host agent; the process as it was before. */
  private LiveLab.Running signalled(Endpoint target, Sig signal) {
    LiveLab.Running before = lab.processOf(target);
    if (before == null) {
      throw Failure.no(target + " does not run; see: halab status --lab " + lab.name());
    }
    SignalReply reply = lab.client().signal(target, signal);
    if (!reply.getFailure().isEmpty()) {
      throw Failure.no("no signal to " + target + ": " + reply.getFailure());
    }
    return before;
  }

  private boolean gone(Endpoint target, LiveLab.Running process) {
    LiveLab.Running now = lab.processOf(target);
    return now == null || now.pid() != process.pid();
  }

  private boolean paused(Endpoint target, LiveLab.Running process) {
    LiveLab.Running now = lab.processOf(target);
    return now != null && now.pid() == process.pid() && now.paused();
  }

  private static void prove(String what, BooleanSupplier condition) {
    if (!LiveLab.await(PROOF_WITHIN_MS, condition)) {
      throw Failure.no("waited 5 s in vain for " + what);
    }
  }

  @Override
  public void power(Fault.Power fault) {
    String host = fault.host();
    once(fault, false, () -> fault.on() ? lab.power().on(host) : lab.backend().off(host));
    if (fault.on()) {
      pushRules();
    }
  }

  @Override
  public void link(Fault.Link fault) {
    try (Journal journal = Journal.open(lab.dir())) {
      List<Fault.Link> pairs = Rules.pairs(fault, this::networks);
      if (pairs.isEmpty()) {
        throw Failure.usage(
            fault.text() + ": no two of these hosts share that network; see: halab status");
      }
      List<Journal.Entry> fresh = new ArrayList<>();
      for (Fault.Link pair : pairs) {
        fresh.add(journal.beginPart(pair.text(), fault.text()));
      }
      String receipt = apply(journal, fresh, List.of(), false);
      for (Journal.Entry entry : fresh) {
        journal.receipt(entry, receipt);
      }
      receipts.accept(fault.text() + ": " + receipt);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> networks(String host) {
    return lab.model().host(host).addresses().keySet();
  }

  @Override
  public void heal(Fault.Heal fault) {
    try (Journal journal = Journal.open(lab.dir())) {
      Journal.Entry heal = journal.begin(fault.text(), false);
      List<Journal.Entry> lifted = new ArrayList<>();
      for (Journal.Entry entry : journal.held()) {
        if (lifts(fault, entry.fault())) {
          lifted.add(entry);
        }
      }
      String receipt = fault.text() + ": " + healed(journal, lifted, fault.all());
      journal.receipt(heal, receipt);
      receipts.accept(receipt);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean lifts(Fault.Heal heal, Fault held) {
    return held instanceof Fault.Link link
        ? Rules.healedBy(link, heal)
        : held instanceof Fault.Disk && heal.all();
  }

  /** Links and disks apart: what cannot be healed here does not keep the rest from it. */
  private String healed(Journal journal, List<Journal.Entry> lifted, boolean all)
      throws IOException {
    List<String> problems = new ArrayList<>();
    String links = "";
    try {
      links = apply(journal, List.of(), lifted, all);
      for (Journal.Entry entry : lifted) {
        if (!(entry.fault() instanceof Fault.Disk)) {
          journal.healed(entry, "healed");
        }
      }
    } catch (Failure e) {
      problems.add(e.getMessage());
    }
    for (Journal.Entry entry : lifted) {
      if (entry.fault() instanceof Fault.Disk disk) {
        try {
          setDisk(new Fault.Disk(disk.disk(), Fault.DiskKind.OK, 0, disk.host()));
          journal.healed(entry, "healed");
        } catch (Failure e) {
          problems.add(e.getMessage());
        }
      }
    }
    if (!problems.isEmpty()) {
      throw Failure.no("not all is healed: " + String.join("; ", problems));
    }
    return lifted.size() + (lifted.size() == 1 ? " fault" : " faults") + " lifted; " + links;
  }

  /** Releases whatever is held, by whose hand it may be. */
  public void releaseAll() {
    open(journal -> holds.releaseAll(journal, lab.views().keySet()));
  }

  /** Notes that the process of a held daemon has ended, and the hold with it. */
  public void endedHeld(Endpoint daemon) {
    open(journal -> holds.ended(journal, daemon));
  }

  /** Resumes whatever stands still, by whose hand it may be. */
  public void resumeAll() {
    for (Endpoint daemon : lab.daemons()) {
      LiveLab.Running process = lab.processOf(daemon);
      if (process != null && process.paused()) {
        process(new Fault.Process(Fault.ProcessOp.RESUME, daemon));
      }
    }
    open(
        journal -> {
          for (Journal.Entry entry : journal.held()) {
            if (entry.fault() instanceof Fault.Process) {
              journal.healed(entry, "nothing stands still any more");
            }
          }
        });
  }

  /** Puts the held link faults into force again; called after a host came up. */
  public void pushRules() {
    open(journal -> apply(journal, List.of(), List.of(), false));
  }

  private String apply(
      Journal journal, List<Journal.Entry> fresh, List<Journal.Entry> lifted, boolean sweep)
      throws IOException {
    List<Journal.Entry> held = new ArrayList<>(journal.held());
    held.removeAll(lifted);
    Links.Change change =
        new Links.Change(Links.in(held), Links.in(fresh), Links.in(lifted), sweep);
    return lab.backend().links().apply(change);
  }

  @Override
  public void disk(Fault.Disk fault) {
    try (Journal journal = Journal.open(lab.dir())) {
      for (Journal.Entry entry : journal.held()) {
        if (entry.fault() instanceof Fault.Disk held && same(held, fault)) {
          journal.healed(entry, "replaced by: " + fault.text());
        }
      }
      boolean held = fault.kind() != Fault.DiskKind.OK;
      journalled(journal, fault, held, () -> setDisk(fault));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean same(Fault.Disk a, Fault.Disk b) {
    return a.disk().equals(b.disk()) && java.util.Objects.equals(a.host(), b.host());
  }

  private String setDisk(Fault.Disk fault) {
    LabClient client = lab.client();
    String problem =
        client.diskFault(
            fault.disk(),
            fault.kind().name().toLowerCase(Locale.ROOT),
            fault.host() == null ? "" : fault.host(),
            fault.delayMs());
    if (problem == null) {
      throw Failure.no(
          client.keeper(fault.disk()).equals(Hosts.DISK_DAEMON)
              ? "the disk daemon does not answer; start it: halab start store/diskd --lab "
                  + lab.name()
              : client.keeper(fault.disk())
                  + " does not answer; is its host on? see: halab status");
    }
    if (!problem.isEmpty()) {
      throw Failure.no("disk " + fault.disk() + ": " + problem);
    }
    String seen =
        client.disks().getDiskList().stream()
            .filter(d -> d.getName().equals(fault.disk()))
            .map(DiskStatus::getFault)
            .findFirst()
            .orElse("unknown");
    Endpoint keeper = client.keeper(fault.disk());
    String who = keeper.equals(Hosts.DISK_DAEMON) ? "the disk daemon" : keeper.toString();
    return fault.text() + ": " + who + " shows " + seen;
  }

  @Override
  public void clock(Fault.Clock fault) {
    throw Failure.no("all hosts of a lab share this machine's clock; run it with --sim");
  }
}
