package halab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is run once more on a host is the same command, without where it was to run. */
class FromTest {
  @Test
  void passesOnEverythingButThePlace() {
    assertThat(
            From.withoutPlace(
                List.of("sql", "n2", "--from", "n1", "-c", "select 1", "--lab=t", "--user", "u")))
        .containsExactly("sql", "n2", "-c", "select 1", "--user", "u");
    assertThat(From.withoutPlace(List.of("load", "--from=n1", "--lab", "t", "--seconds", "5")))
        .containsExactly("load", "--seconds", "5");
  }
}
