package halab.systems.dsc.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonRefused;
import halab.dsc.proto.MonRequest;
import halab.dsc.proto.MonWelcome;
import halab.kernel.Effect;
import halab.kernel.Event;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Any order of events: no row is missing, time never stands still, every command is answered. */
class MonStormTest {
  private static final List<String> WORDS =
      List.of(
          "show",
          "show grp_asm",
          "show config",
          "show monitor",
          "help",
          "exit",
          "ep stop grp_dsc",
          "ep stop grp_asm",
          "ep startup grp_dsc",
          "ep startup grp_asm",
          "ep halt grp_dsc.dsc1",
          "open force grp_asm",
          "set grp_dsc auto restart on",
          "set grp_dsc auto restart off",
          "nonsense");

  @Test
  void answersEveryCommandOnceWhateverTheCssDo() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Bench bench = new Bench().started();
      long commands = 0;
      for (int i = 0; i < 400; i++) {
        bench.nowMs += random.nextInt(1500);
        tickIfDue(bench);
        if (random.nextInt(6) == 0) {
          commands++;
          String words = WORDS.get(random.nextInt(WORDS.size()));
          bench.event(new Event.Command(commands, List.of(words.split(" "))));
        } else {
          anyEvent(bench, random);
        }
      }
      bench.down(1).down(2);
      for (int i = 0; i < 100; i++) {
        bench.nowMs += 5_000;
        tickIfDue(bench);
      }
      assertAnswered(bench, commands, seed);
    }
  }

  private static void tickIfDue(Bench bench) {
    if (Dmcssm.TABLE.wakeAtMs(bench.state) <= bench.nowMs) {
      bench.event(new Event.Tick());
      assertThat(Dmcssm.TABLE.wakeAtMs(bench.state)).isGreaterThan(bench.nowMs);
    }
  }

  private static void anyEvent(Bench bench, Random random) {
    int css = random.nextInt(2);
    switch (random.nextInt(12)) {
      case 0 -> bench.event(new Event.LinkUp(Bench.css(css), random.nextInt(3)));
      case 1 -> bench.event(new Event.LinkDown(Bench.css(css), "reset"));
      case 2, 3 ->
          bench.event(
              new Event.Received(
                  Bench.css(css),
                  MonWelcome.newBuilder().setSeqno(css).setCss("CSS" + css).build()));
      case 4 -> {
        bench.say[css].setControl(random.nextBoolean());
        bench.restart(random.nextInt(2), random.nextInt(2));
        bench.say[css].getGroupBuilder(2).getEpBuilder(css).setActive(random.nextBoolean());
      }
      case 5 ->
          bench.event(
              new Event.Received(Bench.css(css), MonRefused.newBuilder().setCode(-11).build()));
      case 6, 7, 8 -> bench.push(css);
      default -> answer(bench, random, css);
    }
  }

  private static void answer(Bench bench, Random random, int css) {
    List<MonRequest> asked = bench.asked();
    if (!asked.isEmpty()) {
      long id = asked.get(asked.size() - 1 - random.nextInt(Math.min(2, asked.size()))).getId();
      int code = random.nextInt(4) == 0 ? -1012 : 0;
      bench.event(
          new Event.Received(
              Bench.css(css), MonAnswer.newBuilder().setId(id).setCode(code).build()));
    }
  }

  private static void assertAnswered(Bench bench, long commands, int seed) {
    TreeMap<Long, Integer> lasts = new TreeMap<>();
    for (Effect effect : bench.effects) {
      if (effect instanceof Effect.Reply reply && reply.last()) {
        lasts.merge(reply.requestId(), 1, Integer::sum);
      }
    }
    assertThat(lasts.values()).as("seed " + seed).hasSize((int) commands).containsOnly(1);
  }
}
