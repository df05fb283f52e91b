package halab.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.cli.Failure;
import halab.systems.LabPlan;
import halab.systems.Monitor;
import halab.systems.Systems;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a console makes of what is typed is what the system says of its monitor. */
class MonitorWordsTest {
  /** A monitor whose login asks for a name and, unseen, for a password. */
  private static final class Guarded implements Monitor {
    @Override
    public String name() {
      return "guard";
    }

    @Override
    public List<List<List<String>>> words(LabPlan plan) {
      return List.of(
          List.of(List.of("login")),
          List.of(List.of("choose"), List.of("switchover", "takeover"), List.of("GRP1")));
    }

    @Override
    public List<Question> asks(String line) {
      return line.strip().equals("login")
          ? List.of(new Question("name:", false), new Question("password:", true))
          : List.of();
    }
  }

  private static MonitorWords words() {
    return new MonitorWords(new Guarded().words(null));
  }

  @Test
  void completesWordAfterWord() {
    assertThat(words().after(List.of())).containsExactly("choose", "login");
    assertThat(words().after(List.of("CHOOSE"))).containsExactly("switchover", "takeover");
    assertThat(words().after(List.of("choose", "takeover"))).containsExactly("GRP1");
    assertThat(words().after(List.of("login"))).isEmpty();
    assertThat(words().after(List.of("choose", "lunch"))).isEmpty();
  }

  @Test
  void completesTheNamesOfALab() {
    LabPlan plan =
        Systems.named("dsc").plan(new LabPlan.Options(2, true, 20000, Map.of(), Map.of()));
    MonitorWords dmcssm = new MonitorWords(Systems.named("dsc").monitor().words(plan));
    assertThat(dmcssm.after(List.of("ep", "stop")))
        .containsExactly("GRP_ASM", "GRP_CSS", "GRP_DSC");
    assertThat(dmcssm.after(List.of("ep", "halt"))).contains("GRP_DSC.DSC0", "GRP_ASM.ASM1");
    assertThat(dmcssm.after(List.of("show"))).contains("GRP_DSC", "config", "monitor");
  }

  private static List<String> asked(String line, String... answers) throws IOException {
    Iterator<String> next = List.of(answers).iterator();
    return MonitorConsole.words(
        new Guarded(), line, question -> next.hasNext() ? next.next() : null);
  }

  @Test
  void answersBecomeWordsWhateverIsInThem() throws IOException {
    assertThat(asked("login", "SYSDBA", "two words"))
        .containsExactly("login", "SYSDBA", "two words");
    assertThat(asked("choose  switchover GRP1")).containsExactly("choose", "switchover", "GRP1");
  }

  @Test
  void whatIsNotAnsweredIsNotSent() {
    assertThatThrownBy(() -> asked("login", "SYSDBA"))
        .isInstanceOf(Failure.class)
        .hasMessage("'login' asks password: and got no answer");
  }
}
