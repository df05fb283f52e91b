package halab.runtime.host;

import halab.admin.proto.FaultBite;
import halab.admin.proto.FaultReceipt;
import halab.admin.proto.FaultRule;
import halab.admin.proto.FaultSet;
import halab.runtime.faults.FaultRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each rule has bitten each daemon of a host, over all its lives: a daemon's own counts
 * start at zero with each life, and a count that falls means that a new life has begun.
 */
final class Bites {
  private final Map<String, FaultBite> ended = new TreeMap<>();
  private final Map<String, FaultBite> last = new TreeMap<>();
  private List<String> rules = List.of();

  synchronized boolean wanted() {
    return !rules.isEmpty();
  }

  /** These rules are in force now; what others have bitten is forgotten. */
  synchronized void keep(FaultSet inForce) {
    rules = new ArrayList<>(inForce.getRuleList().stream().map(FaultRule::getId).toList());
    inForce.getDiskList().forEach(d -> rules.add(FaultRules.diskRule(d.getDisk())));
    ended.values().removeIf(bite -> !rules.contains(bite.getRule()));
    last.values().removeIf(bite -> !rules.contains(bite.getRule()));
  }

  /** What one daemon says of its present life. */
  synchronized void add(FaultReceipt receipt) {
    for (FaultBite bite : receipt.getBiteList()) {
      if (!rules.contains(bite.getRule())) {
        continue;
      }
      String key = bite.getEndpoint() + " " + bite.getRule();
      FaultBite before = last.put(key, bite);
      if (before != null && total(before) > total(bite)) {
        ended.merge(key, before, Bites::sum);
      }
    }
  }

  synchronized List<FaultBite> all() {
    Map<String, FaultBite> all = new TreeMap<>(ended);
    last.forEach((key, bite) -> all.merge(key, bite, Bites::sum));
    return List.copyOf(all.values());
  }

  private static long total(FaultBite bite) {
    return bite.getSwallowed() + bite.getDelayed() + bite.getRefused() + bite.getDuplicated();
  }

  private static FaultBite sum(FaultBite a, FaultBite b) {
    return a.toBuilder()
        .setSwallowed(a.getSwallowed() + b.getSwallowed())
        .setDelayed(a.getDelayed() + b.getDelayed())
        .setRefused(a.getRefused() + b.getRefused())
        .setDuplicated(a.getDuplicated() + b.getDuplicated())
        .build();
  }
}
