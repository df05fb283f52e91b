package halab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Effect;
import halab.kernel.Event;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a role asks of its own host. */
class SimAgentTest {
  private static Effect.SaveFile save(long request, String name, String text) {
    return new Effect.SaveFile(request, Effect.Folder.SYSTEM, name, text);
  }

  private static void restart(Errand lab) {
    lab.suffers("start n1/left");
    lab.runs(5_000);
  }

  @Test
  void theFirstLifeFindsWhatThePlanSavedAndALaterOneWhatWasSavedSince() {
    Errand lab = new Errand(1);
    assertThat(lab.site(Errand.LEFT).saved()).isEqualTo(Map.of("some.ctl", "first"));
    lab.does(Errand.LEFT, save(1, "some.ctl", "second"), save(2, "other.ctl", "new"));
    lab.runs(100);
    assertThat(lab.heard(Errand.LEFT, Event.FileSaved.class))
        .containsExactly(
            new Event.FileSaved(1, "some.ctl", null), new Event.FileSaved(2, "other.ctl", null));
    lab.suffers("poweroff n1");
    lab.suffers("poweron n1");
    lab.runs(5_000);
    assertThat(lab.site(Errand.LEFT).saved())
        .isEqualTo(Map.of("some.ctl", "second", "other.ctl", "new"));
    assertThat(lab.site(Errand.FAR).saved()).isEqualTo(Map.of("some.ctl", "first"));
  }

  @Test
  void aFileOfTheConfigurationIsSavedAndOneIsRemoved() {
    Errand lab = new Errand(1);
    lab.does(
        Errand.LEFT,
        new Effect.SaveFile(1, Effect.Folder.CONFIG, "some.ini", "KEY = 2\n"),
        save(2, "some.ctl", null));
    lab.runs(100);
    lab.suffers("kill n1/left");
    restart(lab);
    assertThat(lab.site(Errand.LEFT).files()).isEqualTo(Map.of("some.ini", "KEY = 2\n"));
    assertThat(lab.site(Errand.LEFT).saved()).isEmpty();
  }

  @Test
  void whatWasNotAnsweredWhenTheProcessEndedIsSavedOrNotAndOneAfterTheOther() {
    Map<String, Integer> seen = new TreeMap<>();
    for (long seed = 0; seed < 60; seed++) {
      Errand lab = new Errand(seed);
      lab.does(Errand.LEFT, save(1, "some.ctl", "second"), save(2, "other.ctl", "new"));
      lab.suffers("kill n1/left");
      restart(lab);
      assertThat(lab.heard(Errand.LEFT, Event.FileSaved.class)).isEmpty();
      seen.merge(new TreeMap<>(lab.site(Errand.LEFT).saved()).toString(), 1, Integer::sum);
    }
    assertThat(seen)
        .containsOnlyKeys(
            "{some.ctl=first}", "{some.ctl=second}", "{other.ctl=new, some.ctl=second}");
  }

  @Test
  void aRoleOfTheSameHostIsEndedAsByKill() {
    Errand lab = new Errand(1);
    lab.does(Errand.LEFT, new Effect.EndRole(7, "right"));
    lab.runs(100);
    assertThat(lab.world.process(Errand.RIGHT).exitCode()).isEqualTo(137);
    lab.does(Errand.LEFT, new Effect.EndRole(8, "right"), new Effect.EndRole(9, "nobody"));
    lab.runs(100);
    assertThat(lab.heard(Errand.LEFT, Event.RoleEnded.class))
        .containsExactlyInAnyOrder(
            new Event.RoleEnded(7, "right", null),
            new Event.RoleEnded(8, "right", null),
            new Event.RoleEnded(9, "nobody", "host n1 has no role nobody"));
    assertThat(lab.world.process(Errand.LEFT).running()).isTrue();
  }

  @Test
  void aProcessOfTheSameHostIsFoundWhileItLivesEvenPaused() {
    Errand lab = new Errand(1);
    long pid = lab.world.process(Errand.RIGHT).pid();
    lab.suffers("pause n1/right");
    lab.does(Errand.LEFT, new Effect.FindProcess(1, pid));
    lab.does(Errand.FAR, new Effect.FindProcess(2, pid));
    lab.runs(100);
    lab.suffers("kill n1/right");
    lab.does(Errand.LEFT, new Effect.FindProcess(3, pid));
    lab.runs(100);
    assertThat(lab.heard(Errand.LEFT, Event.ProcessFound.class))
        .containsExactly(
            new Event.ProcessFound(1, pid, true), new Event.ProcessFound(3, pid, false));
    assertThat(lab.heard(Errand.FAR, Event.ProcessFound.class))
        .containsExactly(new Event.ProcessFound(2, pid, false));
  }
}
