package halab.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.ExitCode;
import halab.systems.LabPlan;
import halab.systems.Monitor;
import halab.systems.Systems;
import java.io.IOException;
import java.util.ArrayList;
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
    public boolean asks(String line) {
      return line.endsWith(":");
    }

    @Override
    public boolean hides(String question) {
      return question.equals("password:");
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

  /** A daemon that asks for two things, and what it hears and what its console shows. */
  private static List<String> dialog(String... answers) throws IOException {
    Iterator<String> questions = List.of("name:", "password:").iterator();
    Iterator<String> typed = List.of(answers).iterator();
    List<String> told = new ArrayList<>();
    int exitCode =
        MonitorConsole.talk(
            new Guarded(),
            (words, lines) -> {
              told.add("heard " + words);
              boolean asks = questions.hasNext() && !words.contains("");
              lines.accept(asks ? questions.next() : "over\n");
              return asks ? ExitCode.OK : ExitCode.NO;
            },
            "login  now",
            question -> typed.hasNext() ? typed.next() : null,
            line -> told.add("shown " + line));
    assertThat(exitCode).isEqualTo(ExitCode.NO);
    return told;
  }

  @Test
  void whatIsAskedForGoesToTheDaemonAsItIsTyped() throws IOException {
    assertThat(dialog("SYSDBA", "two  words"))
        .containsExactly(
            "heard [login, now]", "heard [SYSDBA]", "heard [two  words]", "shown over\n");
  }

  @Test
  void whoDoesNotAnswerHasSaidNothing() throws IOException {
    assertThat(dialog("SYSDBA"))
        .containsExactly("heard [login, now]", "heard [SYSDBA]", "heard []", "shown over\n");
  }
}
