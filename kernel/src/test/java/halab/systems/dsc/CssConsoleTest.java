package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.systems.Dialect;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The terminal of a dmcss (reference 3.1, 5.3, 5.4). */
@RowsOf("dmcss")
class CssConsoleTest {
  private static CssBench types(CssBench bench, String words) {
    return bench.event(new Event.Command(7, List.of(words.split(" "))));
  }

  private static CssBench inC(CssBench bench) {
    return bench.change(s -> s.words = Wording.of(Dialect.C));
  }

  private static Effect.Reply reply(CssBench bench) {
    return Told.of(Effect.Reply.class, bench.effects).get(0);
  }

  @Test
  void theControlCssShowsAllGroupsInItsOwnForm() {
    CssBench bench = types(DmcssWorkTest.serving(2), "SHOW;");
    bench.fires(550);
    assertThat(reply(bench).text().lines())
        .startsWith(
            "======= group[name = GRP_CSS, seq = 0, type = CSS, Control Node = 0] "
                + "=".repeat(40),
            "",
            "self css info:",
            "[CSS0] auto check = TRUE",
            "[ASM0] auto restart = TRUE",
            "[DSC0] auto restart = TRUE",
            "",
            "ep:     inst_name     seqno     port    mode         inst_status        vtd_status  "
                + " is_ok        active       guid              ts              ")
        .anyMatch(line -> line.startsWith("        CSS1          1 "))
        .containsSubsequence(
            "======= group[name = GRP_DSC, seq = 2, type = DB, Control Node = 0] " + "=".repeat(40),
            "n_ok_ep = 2",
            "(1, 1)",
            "sta = OPEN, sub_sta = STARTUP");
  }

  @Test
  void aMirrorBuildShowsItsDcrvDisksAndSaysWhenOneFails() {
    CssBench bench = DmcssWorkTest.serving(2);
    bench.event(judged("OK", "UNKNOWN")).fires(170);
    assertThat(Told.of(Effect.Say.class, bench.effects)).isEmpty();
    bench.event(judged("OK", "FAILED")).fires(170);
    assertThat(Told.of(Effect.Say.class, bench.effects))
        .containsExactly(
            new Effect.Say(Level.WARNING, "DCRV disk /dev/raw/dcrv2: UNKNOWN -> FAILED"));
    assertThat(reply(types(bench, "show")).text())
        .contains(
            "[DSC0] auto restart = TRUE\n[dcrv1] DCRV_STATUS = OK\n[dcrv2] DCRV_STATUS = FAILED\n");
    bench.event(judged("OK", "OK")).fires(170);
    assertThat(Told.of(Effect.Say.class, bench.effects))
        .containsExactly(new Effect.Say(Level.INFO, "DCRV disk /dev/raw/dcrv2: FAILED -> OK"));
    assertThat(DscViews.css(bench.state).facts()).containsEntry("dcrv.dcrv2", "OK");
  }

  private static Event judged(String first, String second) {
    return new Event.DisksJudged(
        new TreeMap<>(Map.of("/dev/raw/dcrv1", first, "/dev/raw/dcrv2", second)));
  }

  @Test
  void membershipComesAfterTheTable() {
    String text = reply(types(DmcssWorkTest.serving(2), "show")).text();
    assertThat(text.indexOf("        ASM1 ")).isLessThan(text.indexOf("n_ok_ep"));
    assertThat(text).doesNotContain("css_time").doesNotContain("pid");
    assertThat(reply(types(inC(DmcssWorkTest.serving(2)), "show")).text()).contains("  pid   ");
  }

  @Test
  void aNormalCssShowsItsOwnGroup() {
    assertThat(reply(types(CssBench.normal(2), "show")).text())
        .contains("GRP_CSS")
        .doesNotContain("GRP_ASM");
  }

  @Test
  void beforeTheElectionThereIsNothingToShow() {
    types(CssBench.candidate(2, 0), "show").fires(552);
  }

  @Test
  void theYoungWordsAreThoseOfDialectC() {
    types(DmcssWorkTest.serving(2), "set master force").fires(940);
    types(DmcssWorkTest.serving(2), "halt css 1").fires(940);
  }

  @Test
  void theControlCssHaltsAnotherOne() {
    CssBench bench = types(inC(DmcssWorkTest.serving(2)), "halt css 1");
    bench.fires(557);
    assertThat(Told.kills(bench.effects)).containsExactly("CSS1 up to 11");
    types(bench, "halt css 5").fires(559);
    assertThat(reply(bench).exitCode()).isEqualTo(1);
  }

  @Test
  void aControlCssThatWasPausedLooksBeforeItHaltsAnotherOne() {
    CssBench bench = inC(DmcssWorkTest.serving(2)).look();
    bench.nowMs += bench.state.seat.diskCheckMs();
    types(bench, "halt css 1").fires(559);
    assertThat(Told.kills(bench.effects)).isEmpty();
    assertThat(reply(bench).text()).contains("looked at");
  }

  @Test
  void aNormalCssHaltsItselfOnly() {
    CssBench bench = types(inC(CssBench.normal(2)), "halt css 0");
    bench.fires(559);
    assertThat(Told.kills(bench.effects)).isEmpty();
    types(bench, "halt css 1").fires(555);
    bench.comesTo(CssPhase.HALTING);
  }

  @Test
  void aCssIsMadeControlNodeByItsConsole() {
    CssBench bench = types(inC(CssBench.normal(2)), "set master force");
    bench.fires(560);
    bench.looks(3).fires(310);
    assertThat(bench.beat().getCampaign().getForced()).isTrue();
    assertThat(bench.beat().getCampaign().getAge()).isEqualTo(3);
    bench.paper.beat(Paper.CSS, 0, b -> b.setCampaign(CssBench.campaign(2, 0)));
    bench.look().fires(295);
    assertThat(bench.state.seat.campaign.getTicket()).isEqualTo(1);
    bench.nowMs += CssElection.ELECTION_MS;
    bench.looks(2).comesTo(CssPhase.CLAIM);
    assertThat(bench.state.seat.campaign.getForced()).isFalse();
  }

  @Test
  void theControlCssHandsOverAndStandsBehind() {
    CssBench bench = DmcssWorkTest.serving(2);
    bench.paper.beat(
        Paper.CSS,
        1,
        b -> b.setCampaign(CssBench.campaign(1, 0).toBuilder().setForced(true).setAge(1)));
    bench.look().fires(410);
    bench.paper.beat(
        Paper.CSS,
        1,
        b -> b.setCampaign(CssBench.campaign(1, 0).toBuilder().setForced(true).setAge(2)));
    bench.change(
        s ->
            s.db =
                s.db.with(
                    g -> {
                      g.marking = 9;
                      g.markingLook = s.look;
                    }));
    bench.look().fires(410);
    bench.change(s -> s.db = s.db.with(g -> g.marking = 0));
    bench.look().fires(406);
    bench.comesTo(CssPhase.ELECTION);
    assertThat(bench.state.seat.campaign.getTicket()).isEqualTo(2);
  }

  @Test
  void nobodyIsForcedWhileAGroupIsNotAtRest() {
    types(inC(DmcssWorkTest.serving(2)), "set master force").fires(562);
    CssBench bench = inC(CssBench.normal(2));
    bench.paper.write(
        VoteLayout.groupRecord(2, 1),
        halab.dsc.proto.GroupRecord.newBuilder()
            .setGeneration(1)
            .setPhase(GroupPhase.CRASH_STEP1.name())
            .build());
    types(bench.look(), "set master force").fires(562);
    assertThat(reply(bench).text()).contains("in crash handling");
  }

  @Test
  void exitStopsThisOneInOrder() {
    CssBench bench = types(DmcssWorkTest.serving(2), "exit");
    bench.fires(564);
    bench.comesTo(CssPhase.HALTING).says("DMCSS shutdown successfully.");
    assertThat(reply(bench).exitCode()).isZero();
    types(bench, "exit").fires(566);
    assertThat(reply(bench).exitCode()).isEqualTo(1);
  }
}
