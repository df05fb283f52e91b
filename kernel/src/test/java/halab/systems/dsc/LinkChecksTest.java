package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.LinkIp;
import halab.dsc.proto.MalCheck;
import halab.dsc.proto.MalChecked;
import halab.kernel.Effect;
import halab.kernel.Event;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MAL links and LINK_CHECK at an EP (reference 2.3, 4.4); MAL_CHECK_INTERVAL 30 s, fail 10 s. */
@RowsOf({"dmasmsvr", "dmserver"})
class LinkChecksTest {
  private static final MalChecked ANSWER = MalChecked.getDefaultInstance();
  private static final String STORE = "store";

  private static EpBench open(String role) {
    return EpBench.in(role, EpPhase.OPEN);
  }

  /** Beats so long that both links, which have just answered, have been silent for 39 s. */
  private static EpBench silent(String role) {
    EpBench bench = open(role).area().tick().area();
    bench.from(1, ANSWER).from(2, ANSWER);
    for (int s = 0; s < 39; s++) {
      bench.tick().area();
    }
    return bench;
  }

  private static EpBench checking(String role) {
    EpBench bench = open(role).area().tick().area().from(1, ANSWER).from(2, ANSWER);
    return bench.ordered(Cmd.CMD_LINK_CHECK, 7);
  }

  private static Effect.Probe probe(EpBench bench) {
    return Told.of(Effect.Probe.class, bench.effects).get(0);
  }

  private static Event.Probed probed(Effect.Probe asked, boolean reached, String failure) {
    return new Event.Probed(asked.request(), asked.host(), reached, failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aPeerThatTestsTheLinkIsAnswered(String role) {
    EpBench bench = open(role).from(2, MalCheck.getDefaultInstance());
    bench.fires(182);
    assertThat(bench.sentTo(MalChecked.class)).containsExactly(bench.peer(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void whoWantsToBeStartedShowsWhomItHasNotHeard(String role) {
    EpBench bench = EpBench.startup(role).area();
    assertThat(Told.beats(bench.effects).get(0).getMalDownList()).containsExactly(1, 2);
    bench.from(1, ANSWER).fires(186);
    bench.tick().area();
    assertThat(Told.beats(bench.effects).get(0).getMalDownList()).containsExactly(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aLinkThatGivesNoAnswerIsReportedOnce(String role) {
    EpBench bench = silent(role);
    assertThat(bench.state.seat.malDown).isEmpty();
    bench.tick().fires(145);
    assertThat(Told.says(bench.effects))
        .containsExactly(
            "[!!!DSC INFO!!!]Network connect to IP address n2 has been disconnected.",
            "[!!!DSC INFO!!!]Network connect to IP address n3 has been disconnected.");
    bench.area();
    assertThat(Told.beats(bench.effects).get(0).getMalDownList()).containsExactly(1, 2);
    bench.tick().fires(150);
    assertThat(bench.sentTo(MalCheck.class)).as("it is asked again all the time").hasSize(2);
    bench.from(1, ANSWER).fires(186);
    assertThat(bench.state.seat.malDown).containsExactly(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aPauseOfItsOwnIsNoSilenceOfOthers(String role) {
    EpBench bench = open(role).area().tick().area().from(1, ANSWER).from(2, ANSWER);
    bench.nowMs += 4_000;
    bench.tick().fires(150);
    assertThat(bench.state.links.waiting()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void linkCheckAsksEveryMemberAndAnswersWithTheLastOne(String role) {
    EpBench bench = checking(role);
    bench.fires(180);
    assertThat(bench.sentTo(MalCheck.class)).containsExactly(bench.peer(1), bench.peer(2));
    bench.from(1, ANSWER).fires(186);
    bench.from(2, ANSWER).fires(184);
    bench.answers(7, 0);
    assertThat(Told.beats(bench.effects).get(0).getMalDownList()).isEmpty();
    assertThat(Told.beats(bench.effects).get(0).getLinkIp()).isEqualTo(LinkIp.LINK_IP_UNSPECIFIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void whoDoesNotAnswerLinkCheckForTheFailIntervalIsDown(String role) {
    EpBench bench = checking(role).from(1, ANSWER);
    for (int s = 0; s < 9; s++) {
      bench.tick().area();
    }
    assertThat(bench.state.job).isNotNull();
    bench.tick().fires(143);
    bench.area().answers(7, 0);
    assertThat(Told.beats(bench.effects).get(0).getMalDownList()).containsExactly(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aLinkThatWasDownAlreadyIsAskedOnceMore(String role) {
    EpBench bench = silent(role).tick().area().ordered(Cmd.CMD_LINK_CHECK, 7);
    bench.fires(180);
    for (long ms = 1000; ms < LinkChecks.ONCE_MORE_MS; ms += 1000) {
      bench.tick().fires(150);
      bench.area();
    }
    bench.tick().fires(143);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void theLinkCheckIpIsTestedAlong(String role) {
    EpBench bench = EpBench.withLinkCheckIp(role, STORE);
    bench.ordered(Cmd.CMD_LINK_CHECK, 7).fires(180);
    Effect.Probe asked = probe(bench);
    bench.from(1, ANSWER).event(probed(asked, false, null)).fires(190);
    bench.says("[!!!DSC INFO!!!]Network connect to IP address store has been disconnected.");
    bench.from(2, ANSWER).fires(184);
    assertThat(Told.beats(bench.effects).get(0).getLinkIp()).isEqualTo(LinkIp.LINK_IP_SILENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void itsAnswerMayBeTheLast(String role) {
    EpBench bench = EpBench.withLinkCheckIp(role, STORE);
    bench.ordered(Cmd.CMD_LINK_CHECK, 7);
    Effect.Probe asked = probe(bench);
    bench.from(1, ANSWER).from(2, ANSWER).event(probed(asked, true, null)).fires(188);
    bench.answers(7, 0);
    assertThat(Told.beats(bench.effects).get(0).getLinkIp()).isEqualTo(LinkIp.LINK_IP_REACHED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void withoutTheRightToTestItIsNotReached(String role) {
    EpBench bench = EpBench.withLinkCheckIp(role, STORE);
    bench.ordered(Cmd.CMD_LINK_CHECK, 7);
    bench.event(probed(probe(bench), false, "not permitted")).fires(190);
    bench.says("comm_self_link_check create socket failed, not permitted");
    assertThat(bench.state.seat.linkIp).isEqualTo(LinkIp.LINK_IP_SILENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void itIsTestedAtTheStartToo(String role) {
    EpBench bench = open(role);
    bench.event(new Event.Probed(3, STORE, true, null)).fires(192);
    bench.says("comm_self_link_check success");
    bench.event(new Event.Probed(3, STORE, false, "no route")).fires(192);
    bench.says("comm_self_link_check create socket failed, no route");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dmasmsvr", "dmserver"})
  void aLifeThatEndsTestsNothing(String role) {
    EpBench bench = EpBench.in(role, EpPhase.HALTING);
    bench.from(1, MalCheck.getDefaultInstance()).fires(928);
    bench.from(1, ANSWER).fires(929);
    bench.event(new Event.Probed(3, STORE, true, null)).fires(942);
    assertThat(List.copyOf(Told.of(Effect.Send.class, bench.effects))).isEmpty();
  }
}
