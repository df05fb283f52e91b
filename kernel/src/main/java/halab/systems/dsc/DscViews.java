package halab.systems.dsc;

import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.GroupType;
import halab.systems.Serving;
import halab.systems.View;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
    facts.put("mal_down", list(s.seat.malDown));
    if (s.seat.group == VoteLayout.seq(GroupType.DB)) {
      boolean serves = Dmserver.serving(s).mode() == Serving.Mode.OPEN;
      facts.put("serves", String.valueOf(serves).toUpperCase(Locale.ROOT));
    }
    if (s.commits.epoch != 0) {
      facts.put("epoch", String.valueOf(s.commits.epoch));
      facts.put("position", String.valueOf(s.commits.position()));
    }
    return new View(s.phase.name(), facts);
  }

  static View css(DmcssState s) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("seqno", String.valueOf(s.seat.ep));
    facts.put("control.CSS", String.valueOf(s.controlCss));
    facts.put("term", String.valueOf(s.seat.campaign.getTerm()));
    facts.put("auto_check", String.valueOf(s.autoCheck).toUpperCase(Locale.ROOT));
    facts.put("monitors", String.valueOf(s.monitors.size()));
    s.dcrv.forEach((path, state) -> facts.put("dcrv." + DmcssState.dcrvName(path), state));
    if (s.picture != null) {
      facts.put("link_check", linkCheck(s));
      facts.put("silent.CSS", silent(s.scene(), 0, s.seat.ep));
      for (int g = 1; g < VoteLayout.GROUPS; g++) {
        group(facts, VoteLayout.type(g).name(), s.record(g));
        facts.put("active." + VoteLayout.type(g), list(s.scene().active(g)));
        facts.put("silent." + VoteLayout.type(g), silent(s.scene(), g, -1));
        facts.put("auto_restart." + VoteLayout.type(g), String.valueOf(CssRestart.shown(s, g)));
      }
    }
    return new View(s.phase.name(), facts);
  }

  /** Who missed looks and is judged by them, as {@code seqno:looks/disk check count}. */
  private static String silent(Scene c, int group, int self) {
    int count = c.dcr().getGroup(group).getDskchkCnt();
    return IntStream.range(0, c.dcr().getGroup(group).getNEp())
        .filter(ep -> ep != self && c.beats().everMoved(Scene.seat(group, ep)))
        .filter(ep -> c.beats().silent(Scene.seat(group, ep)) > 0 && !c.ended(group, ep))
        .mapToObj(
            ep -> ep + ":" + Math.min(c.beats().silent(Scene.seat(group, ep)), count) + "/" + count)
        .collect(Collectors.joining(","));
  }

  /** The groups whose links are being tested now. */
  private static String linkCheck(DmcssState s) {
    String groups =
        IntStream.range(1, VoteLayout.GROUPS)
            .filter(g -> s.record(g).getPhase().equals(GroupPhase.LINK_CHECK.name()))
            .mapToObj(g -> VoteLayout.type(g).name())
            .collect(Collectors.joining(","));
    return groups.isEmpty() ? "none" : groups;
  }

  private static void group(Map<String, String> facts, String type, GroupRecord record) {
    boolean written = record.getGeneration() > 0;
    GroupPhase phase = written ? GroupPhase.valueOf(record.getPhase()) : GroupPhase.STARTUP;
    facts.put("phase." + type, phase.name());
    facts.put("sta." + type, phase.sta());
    facts.put("sub." + type, phase.sub());
    facts.put("control." + type, String.valueOf(written ? record.getControl() : DscText.NONE));
    facts.put("ok." + type, list(record.getOkEpList()));
    facts.put("n_ok." + type, String.valueOf(record.getOkEpCount()));
    facts.put("break." + type, list(record.getBreakEpList()));
    facts.put("recover." + type, String.valueOf(written ? record.getRecoverEp() : DscText.NONE));
    facts.put("crash_over." + type, String.valueOf(record.getCrashOver()).toUpperCase(Locale.ROOT));
    facts.put("seq." + type, String.valueOf(record.getLastSeq()));
  }

  static String list(Iterable<Integer> seqnos) {
    return java.util.stream.StreamSupport.stream(seqnos.spliterator(), false)
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }
}
