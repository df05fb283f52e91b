package halab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import halab.systems.View;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private enum Phase {
    DOWN,
    UP
  }

  private record State(Phase phase, int heard) {}

  private static final Endpoint PEER = new Endpoint("n2", "dmcss");
  private static final Now NOW = new Now(1, 1);

  private static final Table<State, Phase> TABLE =
      new Table<State, Phase>(
              "toy",
              Phase.class,
              State::phase,
              (s, p) -> new State(p, s.heard()),
              s -> Long.MAX_VALUE,
              (s, e) -> e,
              s -> "toy",
              List.of(
                  Event.Started.class,
                  Event.Tick.class,
                  Event.Received.class,
                  Event.StopRequested.class))
          .move(
              10,
              Phase.DOWN,
              Event.Started.class,
              null,
              Phase.UP,
              (s, t, now, out) -> {
                out.add(new Effect.Send(PEER, StringValue.of("hello\nthere")));
                return s;
              },
              "a life begins with a greeting")
          .stay(
              20,
              Phase.UP,
              Event.Received.class,
              null,
              (s, t, now, out) -> new State(s.phase(), s.heard() + 1),
              "who is heard is counted")
          .ignore(30, EnumSet.of(Phase.UP), Event.Tick.class, "nothing is due while up");

  private static List<String> explained(State before, Event event) {
    return Explanation.lines(before, event, TABLE.step(before, event, NOW), List.of());
  }

  @Test
  void namesTheEventTheRowAndWhatFollows() {
    assertThat(explained(new State(Phase.DOWN, 0), new Event.Started(3, 42)))
        .containsExactly(
            "event  Started[incarnation=3, pid=42]",
            "row    toy row 10 (DOWN -> UP) on Started[incarnation=3, pid=42]: "
                + "a life begins with a greeting",
            "         Send StringValue{value: \"hello\\nthere\"} to n2/dmcss");
  }

  @Test
  void tellsWhatChangesNothingFromWhatIsNotedOnly() {
    State up = new State(Phase.UP, 0);
    assertThat(explained(up, new Event.Tick()))
        .contains("row    toy row 30 (UP, ignore) on Tick: nothing is due while up")
        .last()
        .asString()
        .contains("nothing changes");
    assertThat(explained(up, new Event.Received(PEER, StringValue.of("x"))))
        .contains("event  Received StringValue{value: \"x\"} from n2/dmcss")
        .last()
        .asString()
        .contains("noted");
  }

  @Test
  void showsWhichFactsChanged() {
    View before = new View("UP", Map.of("a", "1", "b", "2", "c", ""));
    View after = new View("UP", Map.of("a", "1", "b", "3", "d", "4"));
    assertThat(after.changesSince(before))
        .containsExactly("b: 2 -> 3", "c: \"\" -> not shown", "d: not shown -> 4");
    State up = new State(Phase.UP, 0);
    Step<State> step = TABLE.step(up, new Event.Tick(), NOW);
    assertThat(Explanation.lines(up, new Event.Tick(), step, after.changesSince(before)))
        .contains("shows  b: 2 -> 3")
        .noneMatch(line -> line.contains("nothing changes"));
  }

  /** What follows a command's first word may be a password; long content is cut. */
  @Test
  void keepsSecretsAndLengthsOut() {
    assertThat(OneLine.of(new Event.Command(1, List.of("login", "sysdba", "s3cret"))))
        .isEqualTo("Command login");
    assertThat(OneLine.of("x".repeat(1000))).hasSize(203).endsWith("...");
    assertThat(OneLine.of("a\n  b\tc")).isEqualTo("a b c");
  }
}
