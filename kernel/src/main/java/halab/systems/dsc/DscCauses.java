package halab.systems.dsc;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Endpoint;
import halab.sim.Fault;
import halab.sim.FaultText;
import halab.systems.Happened;
import halab.systems.LabPlan;
import halab.systems.Term;
import halab.systems.dsc.config.DmdcrIni;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which fault or act led to what, by the journal and the launches that CSSs made by themselves. */
final class DscCauses {
  private static final long SAME_LOSS_MS = 5_000;

  /** A CSS does at once what a monitor asks; a count may have to run before it shows. */
  private static final long ASKED_MS = 30_000;

  /** As long as this a CSS tries to start an EP for a monitor. */
  private static final long ASKED_START_MS = 60_000;

  /** The last status of an EP that was not killed. */
  private static final List<String> IN_ORDER =
      List.of(DscText.vtd(VtdStatus.VTD_STOP), DscText.vtd(VtdStatus.VTD_SHUTDOWN));

  /** What a monitor says before it asks a CSS: the command, then whom it is about. */
  private static final Pattern ASKED =
      Pattern.compile("执行EP (HALT|CRASH|STARTUP)[ (](?:\\S+[. ])?(\\w+)\\)?$");

  /**
   * A fault and what it was.
   *
   * @param freshMs for how long after it what follows may be put down to it
   */
  private record Injected(Happened happened, Fault fault, long freshMs) {
    boolean fresh(long atMs) {
      return happened.atMs() <= atMs && atMs - happened.atMs() <= freshMs;
    }
  }

  private final Map<Integer, String> hosts = new TreeMap<>();
  private final List<Injected> faults = new ArrayList<>();
  private final List<Happened> log;

  /** Looks that the slowest count takes. */
  private final int looks;

  /** What befalls a control CSS is told once more when another one judges the EPs of its node. */
  private final long electedMs;

  /** When a loss was put down to a fault, by its place, and by group where it lasts. */
  private final Map<String, Long> explained = new TreeMap<>();

  DscCauses(LabPlan plan, List<Happened> log) {
    this.log = log;
    for (LabPlan.HostPlan host : plan.hosts()) {
      if (host.files().containsKey(DmdcrIni.FILE)) {
        hosts.put(DmdcrIni.read(host.files()).seqno(), host.name());
      }
    }
    DscTerms terms = DscBounds.terms(plan);
    looks = terms.count(terms.slowest());
    electedMs = Term.sum(terms.otherControl(), Term::mostMs);
    Map<String, Endpoint> eps = eps(plan);
    for (Happened h : log) {
      if (h.kind().equals(Happened.FAULT)) {
        Fault fault = FaultText.plain("the journal of faults", 0, h.get("text"));
        faults.add(new Injected(h, fault, Long.MAX_VALUE));
      } else if (h.kind().equals("say") && h.who().role().equals(DscPlan.MONITOR_ROLE)) {
        asked(h, eps);
      }
    }
  }

  private Map<String, Endpoint> eps(LabPlan plan) {
    Map<String, Endpoint> eps = new TreeMap<>();
    for (DcrEp ep : DscBounds.dcr(plan).getEpList()) {
      eps.put(ep.getName(), endpoint(ep.getSeqno(), ep.getType()));
    }
    return eps;
  }

  /** An operator has an EP halted, called failed or started. */
  private void asked(Happened h, Map<String, Endpoint> eps) {
    Matcher asked = ASKED.matcher(h.get("text").strip());
    Endpoint ep = asked.find() ? eps.get(asked.group(2)) : null;
    if (ep != null) {
      boolean starts = asked.group(1).equals("STARTUP");
      Fault.ProcessOp op = starts ? Fault.ProcessOp.START : Fault.ProcessOp.KILL;
      String text = "EP " + asked.group(1) + " " + asked.group(2) + " of a monitor";
      long freshMs = starts ? ASKED_START_MS : ASKED_MS + looks * DscTerms.TICK_MS;
      Happened happened = Happened.fault(h.atMs(), text);
      faults.add(new Injected(happened, new Fault.Process(op, ep), freshMs));
    }
  }

  /**
   * The last fault before this that touches the node; null: none. A fault explains one loss, of
   * which several CSSs may tell at about the same time. What ended a process or a host ended lives
   * that ran then, never the one that began after it. An EP that stopped in order and that no fault
   * of a process or host explains was stopped by STOP INSTANCE, its console or its service.
   *
   * @param lost a {@link LossNote}
   */
  Happened ofLoss(Happened lost) {
    int node = Integer.parseInt(lost.get("seqno"));
    GroupType type = GroupType.valueOf(lost.get("group"));
    boolean followed = lost.get("why").equals(LossNote.FOLLOWED);
    boolean stopped =
        lost.get("why").equals(LossNote.ENDED) && IN_ORDER.contains(lost.get("vtd_status"));
    List<Long> beats = beats(node, type, lost.atMs());
    int lives = beats.size() - (followed ? 1 : 0);
    long bornMs = lives < 1 ? 0 : beats.get(lives - 1);
    Happened found =
        last(
            lost.atMs(),
            type,
            i ->
                breaks(i.fault(), hosts.getOrDefault(node, ""))
                    && (lasts(i.fault()) ? !stopped : i.happened().atMs() >= bornMs));
    return found == null && stopped ? byItself(node, type, lost.atMs()) : found;
  }

  /** The EP's own way down, as it noted it. */
  private Happened byItself(int node, GroupType type, long atMs) {
    Endpoint ep = endpoint(node, type);
    long beganMs =
        log.stream()
            .filter(h -> h.kind().equals("moved") && ep.equals(h.who()) && h.atMs() <= atMs)
            .filter(h -> h.get("to").equals(EpPhase.STOPPING.name()))
            .mapToLong(Happened::atMs)
            .max()
            .orElse(atMs);
    return Happened.fault(beganMs, "orderly stop of " + ep);
  }

  /** Goes on until somebody takes it away, also for a life that begins later. */
  private static boolean lasts(Fault fault) {
    return fault instanceof Fault.Link || fault instanceof Fault.Disk;
  }

  /** The last fault before this that breaks the network between EPs; null: none. */
  Happened ofLinks(GroupType type, long atMs) {
    return last(atMs, type, i -> breaksLinks(i.fault()));
  }

  private static boolean breaksLinks(Fault fault) {
    return fault instanceof Fault.Link link
        && link.kind() != Fault.LinkKind.DUPLICATE
        && (link.network().equals("private") || link.network().equals("all"));
  }

  private Happened last(long atMs, GroupType type, Predicate<Injected> may) {
    int found = -1;
    String key = "";
    for (int i = 0; i < faults.size(); i++) {
      // A cut that ASM and DB find at their own time takes an EP of each.
      String place = i + (lasts(faults.get(i).fault()) ? " " + type : "");
      long explainedMs = explained.getOrDefault(place, atMs);
      boolean free =
          faults.get(i).fresh(atMs)
              && atMs - explainedMs <= sameLossMs(faults.get(i).fault())
              && !healed(i, atMs);
      if (free && may.test(faults.get(i))) {
        found = i;
        key = place;
      }
    }
    if (found < 0) {
      return null;
    }
    explained.putIfAbsent(key, atMs);
    return faults.get(found).happened();
  }

  private long sameLossMs(Fault fault) {
    boolean ofCss =
        fault instanceof Fault.Power
            || fault instanceof Fault.Process process && isCss(process.target())
            || fault instanceof Fault.Hold hold && isCss(hold.target());
    return ofCss ? SAME_LOSS_MS + electedMs : SAME_LOSS_MS;
  }

  private static boolean isCss(Endpoint daemon) {
    return daemon.role().equals(Dmcss.ROLE.name());
  }

  /** It was made whole after it, longer ago than a count may run on. */
  private boolean healed(int i, long atMs) {
    Fault fault = faults.get(i).fault();
    return lasts(fault)
        && faults.subList(i, faults.size()).stream()
            .filter(f -> f.happened().atMs() <= atMs - ASKED_MS - looks * DscTerms.TICK_MS)
            .anyMatch(f -> mends(f.fault(), fault));
  }

  private static boolean mends(Fault later, Fault fault) {
    if (later instanceof Fault.Heal heal && fault instanceof Fault.Link link) {
      return link.from().stream()
          .allMatch(a -> link.to().stream().allMatch(b -> heal.between(a, b)));
    }
    if (later instanceof Fault.Disk now && fault instanceof Fault.Disk disk) {
      return now.kind() == Fault.DiskKind.OK
          && now.disk().equals(disk.disk())
          && Objects.equals(now.host(), disk.host());
    }
    return later instanceof Fault.Heal heal && heal.all();
  }

  private static boolean breaks(Fault fault, String host) {
    if (fault instanceof Fault.Process process) {
      boolean harms = process.op().ends() || process.op() == Fault.ProcessOp.PAUSE;
      return harms && process.target().host().equals(host);
    }
    if (fault instanceof Fault.Hold hold) {
      return hold.held() && hold.target().host().equals(host);
    }
    if (fault instanceof Fault.Power power) {
      return !power.on() && power.host().equals(host);
    }
    if (fault instanceof Fault.Link link) {
      return link.from().contains(host) || link.to().contains(host);
    }
    if (fault instanceof Fault.Disk disk) {
      return disk.kind() != Fault.DiskKind.OK && (disk.host() == null || disk.host().equals(host));
    }
    return false;
  }

  /**
   * What started the EP that rejoins since it was lost: an operator's last start or power on, else
   * its CSS's first launch, for a CSS repeats it while a process takes long to beat. An act is
   * spent with the life that it began. Null: nothing is known.
   *
   * @param beatMs when the EP began to beat
   */
  Happened ofRejoin(int node, GroupType type, long beatMs) {
    Endpoint ep = endpoint(node, type);
    long lostMs = Math.max(lostMs(node, type, beatMs), lifeBefore(node, type, beatMs));
    Happened found = null;
    for (Injected i : faults) {
      long at = i.happened().atMs();
      found = lostMs <= at && i.fresh(beatMs) && starts(i.fault(), ep) ? i.happened() : found;
    }
    for (Happened h : log) {
      boolean launched =
          h.kind().equals("launched")
              && h.get("role").equals(ep.role())
              && h.get("failure").isEmpty()
              && h.who().host().equals(ep.host());
      if (found == null && launched && lostMs <= h.atMs() && h.atMs() <= beatMs) {
        found = Happened.fault(h.atMs(), "automatic restart of " + ep);
      }
    }
    return found;
  }

  /** What started the EPs of a group that starts again, the oldest first. */
  List<Happened> ofStart(GroupType type, long atMs) {
    return hosts.keySet().stream()
        .filter(node -> !beats(node, type, atMs).isEmpty())
        .map(node -> ofRejoin(node, type, firstBeatMs(node, type, atMs)))
        .filter(h -> h != null)
        .sorted(Comparator.comparingLong(Happened::atMs))
        .toList();
  }

  /** When the first of these EPs began to beat that does now. */
  long firstBeatMs(GroupType type, long sinceMs, long atMs) {
    return hosts.keySet().stream()
        .map(node -> firstBeatMs(node, type, atMs))
        .filter(beat -> beat >= sinceMs)
        .min(Comparator.naturalOrder())
        .orElse(atMs);
  }

  /** When this EP was last taken for lost; 0: never. */
  private long lostMs(int node, GroupType type, long beforeMs) {
    long lost = 0;
    for (Happened h : log) {
      boolean same =
          h.kind().equals(LossNote.KIND)
              && h.get("group").equals(type.name())
              && h.get("seqno").equals(String.valueOf(node));
      lost = same && h.atMs() <= beforeMs ? h.atMs() : lost;
    }
    return lost;
  }

  private static boolean starts(Fault fault, Endpoint ep) {
    if (fault instanceof Fault.Process process) {
      return process.op() == Fault.ProcessOp.START && process.target().equals(ep);
    }
    return fault instanceof Fault.Power power && power.on() && power.host().equals(ep.host());
  }

  private Endpoint endpoint(int node, GroupType type) {
    return new Endpoint(hosts.getOrDefault(node, ""), DscChecks.role(type.name()));
  }

  /** When the life before the one that began to beat then began to; 0: there was none. */
  private long lifeBefore(int node, GroupType type, long beatMs) {
    List<Long> before = beats(node, type, beatMs - 1);
    return before.isEmpty() ? 0 : before.get(before.size() - 1);
  }

  /** When the last life of this EP before then began to beat; {@code atMs} if that is not known. */
  long firstBeatMs(int node, GroupType type, long atMs) {
    List<Long> beats = beats(node, type, atMs);
    return beats.isEmpty() ? atMs : beats.get(beats.size() - 1);
  }

  /** When lives of this EP began to beat until then, in the order of time. */
  private List<Long> beats(int node, GroupType type, long atMs) {
    Endpoint ep = endpoint(node, type);
    return log.stream()
        .filter(h -> h.kind().equals("moved") && h.get("from").equals(EpPhase.BOOT.name()))
        .filter(h -> ep.equals(h.who()) && h.atMs() <= atMs)
        .map(Happened::atMs)
        .toList();
  }
}
