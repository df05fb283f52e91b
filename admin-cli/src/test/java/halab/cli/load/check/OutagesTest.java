package halab.cli.load.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutagesTest {
  private static final long MS = 1_000_000;
  private final Findings findings = new Findings();
  private final Outages outages = new Outages(3, 2_000, findings);

  private void ack(int process, long atMs) {
    Op invoke = Op.invoke(process, Told.write(1, 1), (atMs - 1) * MS);
    outages.done(invoke, invoke.ok(invoke.value(), atMs * MS, "n1"));
  }

  @BeforeEach
  void twoClientsBegin() {
    ack(0, 10);
    ack(1, 20);
  }

  @Test
  void measuresFromTheLastAcknowledgementBeforeToTheFirstAfter() {
    outages.mark("kill n1", 50 * MS);
    ack(0, 60);
    ack(1, 1_060);
    ack(0, 1_560);
    outages.end(1_570 * MS);
    Outages.AfterMark kill = outages.marks().get(0);
    assertThat(kill.all()).isEqualTo(new Outages.Outage(60 * MS, 1_060 * MS, true));
    assertThat(kill.client()).isEqualTo(new Outages.Outage(60 * MS, 1_560 * MS, true));
    assertThat(kill.who()).isZero();
    assertThat(outages.longest().ms()).isEqualTo(1_000);
    assertThat(findings.all()).isEmpty();
  }

  @Test
  void countsAClientForOneUnderAllItsProcessNumbers() {
    outages.mark("kill n1", 50 * MS);
    ack(3, 500);
    assertThat(outages.marks().get(0).client().ms()).isEqualTo(490);
  }

  @Test
  void countsAnOutageForEveryMarkThatItSpans() {
    outages.mark("kill n1", 50 * MS);
    outages.mark("cut n2", 100 * MS);
    ack(1, 1_000);
    outages.mark("heal", 1_100 * MS);
    ack(0, 1_200);
    outages.end(1_210 * MS);
    assertThat(outages.marks()).extracting(m -> m.all().ms()).containsExactly(980L, 980L, 200L);
  }

  @Test
  void aFaultBeforeAnybodyCouldWriteCounts() {
    Outages early = new Outages(3, 2_000, findings);
    early.mark("kill n1", 100 * MS);
    Op invoke = Op.invoke(0, Told.write(1, 1), 200 * MS);
    early.done(invoke, invoke.ok(invoke.value(), 2_600 * MS, "n1"));
    early.end(2_700 * MS);
    assertThat(early.longest()).isEqualTo(new Outages.Outage(100 * MS, 2_600 * MS, true));
    assertThat(early.marks().get(0).all().ms()).isEqualTo(2_500);
    assertThat(findings.all()).hasSize(1);
    Outages never = new Outages(3, 0, findings);
    never.mark("kill n1", 100 * MS);
    never.end(900 * MS);
    assertThat(never.longest()).isEqualTo(new Outages.Outage(100 * MS, 900 * MS, false));
  }

  @Test
  void saysThatAnOutageIsNotOver() {
    outages.mark("kill n1", 50 * MS);
    outages.end(1_020 * MS);
    assertThat(outages.marks().get(0).all())
        .isEqualTo(new Outages.Outage(20 * MS, 1_020 * MS, false));
  }

  @Test
  void findsAnOutageBeyondTheBound() {
    ack(0, 2_520);
    outages.end(2_530 * MS);
    assertThat(findings.of(Finding.Kind.TIMED))
        .containsExactly(
            Finding.timed(
                "an outage of 2500 ms, at most 2000 are allowed", 20 * MS, 2_520 * MS, 500 * MS));
  }
}
