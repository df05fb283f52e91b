package halab.runtime.faults;

import halab.admin.proto.FaultBite;
import halab.admin.proto.FaultReceipt;
import halab.admin.proto.FaultRule;
import halab.admin.proto.FaultSet;
import halab.admin.proto.OwnDiskFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * What this process's edge does to traffic on purpose, per network, peer host and direction, and
 * how often it did. Any thread may ask. Traffic inside one host ("local") is never touched.
 */
public final class FaultRules {
  public static final String LOCAL = "local";
  private static final int MAX_RULES = 1000;

  /** What becomes of one message. {@code delayMs} is lab time. */
  public record Judgement(Fate fate, long delayMs, boolean twice) {}

  /** The three ways of a message. */
  public enum Fate {
    DELIVER,
    /** Gone, and nobody is told. */
    SWALLOW,
    /** Gone, and the sender is told. */
    REFUSE
  }

  private static final Judgement DELIVER = new Judgement(Fate.DELIVER, 0, false);
  private static final Judgement SWALLOW = new Judgement(Fate.SWALLOW, 0, false);
  private static final Judgement REFUSED = new Judgement(Fate.REFUSE, 0, false);

  /** One rule with what it has bitten so far. */
  private record Armed(
      FaultRule rule,
      LongAdder swallowed,
      LongAdder delayed,
      LongAdder refused,
      LongAdder duplicated) {
    Armed(FaultRule rule) {
      this(rule, new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }

    boolean matches(String network, String peer) {
      return (rule.getNetwork().isEmpty() || rule.getNetwork().equals(network))
          && (rule.getPeerHost().isEmpty() || rule.getPeerHost().equals(peer));
    }

    FaultBite bite(String endpoint) {
      return FaultBite.newBuilder()
          .setEndpoint(endpoint)
          .setRule(rule.getId())
          .setSwallowed(swallowed.sum())
          .setDelayed(delayed.sum())
          .setRefused(refused.sum())
          .setDuplicated(duplicated.sum())
          .build();
    }
  }

  /** The fault of a host's own disk with how often it has bitten so far. */
  private record ArmedDisk(OwnDiskFault fault, LongAdder bitten) {}

  private final String endpoint;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile List<Armed> rules = List.of();
  private volatile Map<String, ArmedDisk> disks = Map.of();
  private long version;

  /** {@code endpoint}: whose rules these are, for receipts. */
  public FaultRules(String endpoint) {
    this.endpoint = endpoint;
  }

  /** Called after each change, on the thread that made it. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Replaces all rules; those kept by id go on counting. A wrong set changes nothing. */
  public FaultReceipt replace(FaultSet set) {
    String problem = problem(set);
    synchronized (this) {
      if (problem == null && set.getVersion() != 0 && set.getVersion() < version) {
        problem = "version " + set.getVersion() + " is older than " + version;
      }
      if (problem != null) {
        return FaultReceipt.newBuilder().setFailure(endpoint + ": " + problem).build();
      }
      version = set.getVersion();
      Map<FaultRule, Armed> old = new java.util.HashMap<>();
      rules.forEach(armed -> old.put(armed.rule(), armed));
      List<Armed> next = new ArrayList<>();
      set.getRuleList().forEach(r -> next.add(old.getOrDefault(r, new Armed(r))));
      rules = List.copyOf(next);
      disks = armed(set.getDiskList());
    }
    listeners.forEach(Runnable::run);
    return receipt();
  }

  private Map<String, ArmedDisk> armed(List<OwnDiskFault> faults) {
    Map<String, ArmedDisk> next = new TreeMap<>();
    for (OwnDiskFault fault : faults) {
      ArmedDisk before = disks.get(fault.getDisk());
      boolean same = before != null && before.fault().equals(fault);
      next.put(fault.getDisk(), same ? before : new ArmedDisk(fault, new LongAdder()));
    }
    return next;
  }

  /** What is wrong with a disk of this host; null: nothing. */
  public OwnDiskFault ownDisk(String disk) {
    ArmedDisk armed = disks.get(disk);
    return armed == null ? null : armed.fault();
  }

  /** The fault of that disk has met somebody. */
  public void bitten(String disk) {
    ArmedDisk armed = disks.get(disk);
    if (armed != null) {
      armed.bitten().increment();
    }
  }

  /** By which name receipts tell what the fault of a host's own disk has bitten. */
  public static String diskRule(String disk) {
    return "disk " + disk;
  }

  private static String problem(FaultSet set) {
    if (set.getRuleCount() > MAX_RULES) {
      return set.getRuleCount() + " rules; at most " + MAX_RULES;
    }
    Map<String, FaultRule> seen = new TreeMap<>();
    for (FaultRule rule : set.getRuleList()) {
      if (rule.getId().isEmpty() || seen.put(rule.getId(), rule) != null) {
        return "rule id '" + rule.getId() + "' is empty or used twice";
      }
      boolean known =
          switch (rule.getAction()) {
            case BLACK_HOLE, REFUSE, DELAY, LOSS, DUPLICATE -> true;
            default -> false;
          };
      boolean bounded =
          rule.getDelayMs() >= 0
              && rule.getDelayMs() <= 3_600_000
              && rule.getPercent() >= 0
              && rule.getPercent() <= 100;
      if (!known || !bounded || !(rule.getIn() || rule.getOut())) {
        return "rule "
            + rule.getId()
            + " has no known action, no direction or a value out of range";
      }
    }
    return null;
  }

  /** Judges a message about to be sent to a peer on that host, and counts the bite. */
  public Judgement onSend(String network, String peerHost) {
    return judge(network, peerHost, true, true, true);
  }

  /** Judges a message that came from a peer on that host, and counts the bite. */
  public Judgement onReceive(String network, String peerHost) {
    return judge(network, peerHost, false, true, true);
  }

  /** How that pair stands as a whole, uncounted: the worst of both directions, chance left out. */
  public Fate standing(String network, String peerHost) {
    Fate out = judge(network, peerHost, true, false, false).fate();
    Fate in = judge(network, peerHost, false, false, false).fate();
    return out.compareTo(in) >= 0 ? out : in;
  }

  /** Whether one probe passes, uncounted: probes are no traffic of the lab. */
  public boolean passes(String network, String peerHost, boolean sending) {
    return judge(network, peerHost, sending, false, true).fate() == Fate.DELIVER;
  }

  private Judgement judge(
      String network, String peerHost, boolean sending, boolean counted, boolean drawn) {
    List<Armed> now = rules;
    if (now.isEmpty() || network.equals(LOCAL)) {
      return DELIVER;
    }
    long delayMs = 0;
    boolean twice = false;
    for (Armed armed : now) {
      FaultRule rule = armed.rule();
      if (!(sending ? rule.getOut() : rule.getIn()) || !armed.matches(network, peerHost)) {
        continue;
      }
      switch (rule.getAction()) {
        case BLACK_HOLE -> {
          count(armed.swallowed(), counted);
          return SWALLOW;
        }
        case REFUSE -> {
          count(armed.refused(), counted);
          return REFUSED;
        }
        case LOSS -> {
          if (drawn && chance(rule)) {
            count(armed.swallowed(), counted);
            return SWALLOW;
          }
        }
        case DELAY -> {
          delayMs += rule.getDelayMs();
          count(armed.delayed(), counted);
        }
        case DUPLICATE -> {
          if (counted && chance(rule)) {
            twice = true;
            armed.duplicated().increment();
          }
        }
        default -> {}
      }
    }
    return delayMs == 0 && !twice ? DELIVER : new Judgement(Fate.DELIVER, delayMs, twice);
  }

  private static void count(LongAdder adder, boolean counted) {
    if (counted) {
      adder.increment();
    }
  }

  private static boolean chance(FaultRule rule) {
    return ThreadLocalRandom.current().nextInt(100) < rule.getPercent();
  }

  /** What the rules in force have bitten so far. */
  public FaultReceipt receipt() {
    FaultReceipt.Builder receipt = FaultReceipt.newBuilder();
    rules.forEach(armed -> receipt.addBite(armed.bite(endpoint)));
    disks.forEach(
        (name, armed) ->
            receipt.addBite(
                FaultBite.newBuilder()
                    .setEndpoint(endpoint)
                    .setRule(diskRule(name))
                    .setRefused(armed.bitten().sum())));
    return receipt.build();
  }
}
