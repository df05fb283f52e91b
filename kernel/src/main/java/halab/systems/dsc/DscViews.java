package halab.systems.dsc;

import halab.systems.View;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the daemons show of themselves; the keys are listed in docs/systems/dsc.md. */
final class DscViews {
  private DscViews() {}

  static View ep(EpState s) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("seqno", String.valueOf(s.seat.ep));
    facts.put("inst", DscText.inst(s.shown.inst()));
    facts.put("vtd", DscText.vtd(s.seat.vtd));
    facts.put("guid", String.valueOf(s.seat.guid));
    facts.put("ts", String.valueOf(s.seat.ts));
    facts.put("control", String.valueOf(s.control));
    facts.put("members", list(s.members));
    facts.put("done_seq", String.valueOf(s.seat.doneSeq));
    facts.put("term", String.valueOf(s.seat.term));
    facts.put("vips", list(s.vips));
    return new View(s.phase.name(), facts);
  }

  static String list(Iterable<Integer> seqnos) {
    return java.util.stream.StreamSupport.stream(seqnos.spliterator(), false)
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }
}
