package halab.cli.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.cli.Failure;
import halab.kernel.Endpoint;
import halab.sim.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path lab;

  @Test
  void holdsWhatWasBegunUntilItIsHealed() throws IOException {
    try (Journal journal = Journal.open(lab)) {
      Journal.Entry cut = journal.begin("cut n1 | n2 on private", true);
      journal.begin("kill n1/dmserver", false);
      assertThat(journal.held()).containsExactly(cut);
      journal.healed(cut, "rules gone");
      assertThat(journal.held()).isEmpty();
      assertThat(Journal.all(lab))
          .extracting(Journal.Entry::text)
          .containsExactly("cut n1 | n2 on private", "kill n1/dmserver");
    }
  }

  @Test
  void tellsOfWhatIsHeldInPartsAsItWasAskedFor() throws IOException {
    try (Journal journal = Journal.open(lab)) {
      for (int i = 0; i < 2; i++) {
        journal.beginPart("cut n1 | n2 on private", "cut n1 | {n2 n3} on private");
        journal.beginPart("cut n1 | n3 on private", "cut n1 | {n2 n3} on private");
        journal.begin("heal all", false);
      }
      journal.beginPart("cut n1 | n2", "cut n1 | n2");
      assertThat(journal.held()).hasSize(5);
    }
    assertThat(Journal.all(lab))
        .extracting(e -> e.id() + " " + e.text())
        .containsExactly(
            "f1 cut n1 | {n2 n3} on private",
            "f3 heal all",
            "f4 cut n1 | {n2 n3} on private",
            "f6 heal all",
            "f7 cut n1 | n2");
  }

  @Test
  void remembersHeldFaultsAfterTheToolWasKilled() throws IOException {
    try (Journal journal = Journal.open(lab)) {
      journal.begin("pause n1/dmserver", true);
    }
    assertThat(Journal.heldIn(lab))
        .extracting(Journal.Entry::text)
        .containsExactly("pause n1/dmserver");
  }

  @Test
  void readsBackWhoIsHeld() throws IOException {
    Fault.Hold hold = new Fault.Hold(new Endpoint("n1", "dmcss"), true);
    try (Journal journal = Journal.open(lab)) {
      journal.begin(hold.text(), true);
      assertThat(journal.held().get(0).fault()).isEqualTo(hold);
    }
  }

  @Test
  void dropsTheHalfLineOfAKilledToolAndNumbersOn() throws IOException {
    try (Journal journal = Journal.open(lab)) {
      journal.begin("cut n1 | n2", true);
    }
    Files.writeString(
        lab.resolve("faults.jsonl"), "{\"id\":\"f2\",\"ver", StandardOpenOption.APPEND);
    try (Journal journal = Journal.open(lab)) {
      Journal.Entry next = journal.begin("kill n1/dmcss", false);
      assertThat(next.id()).isEqualTo("f2");
      assertThat(journal.held()).hasSize(1);
    }
  }

  @Test
  void namesTheLineThatIsNotItsOwn() throws IOException {
    Files.writeString(lab.resolve("faults.jsonl"), "hello\n");
    assertThatThrownBy(() -> Journal.heldIn(lab))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("faults.jsonl:1");
  }
}
