package halab.runtime.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.runtime.toy.ToyLab;
import halab.systems.ConfigException;
import halab.systems.Dialect;
import halab.systems.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabTest {
  @TempDir Path dir;

  @Test
  void whatWasWrittenIsReadAgain() throws IOException {
    try (ToyLab toy = new ToyLab(dir)) {
      assertThat(Lab.read(dir)).isEqualTo(toy.lab);
    }
  }

  @Test
  void allProblemsAreListedTogether() throws IOException {
    try (ToyLab toy = new ToyLab(dir)) {
      Path file = dir.resolve(Lab.FILE);
      String text =
          Files.readString(file)
              .replace("time_scale = 1.0", "time_scale = fast")
              .replace("log_dialect = A", "log_dialect = D")
              .replace("kind = voting", "colour = red")
              .replace("port.hostd = " + toy.lab.host("n1").port("hostd"), "port.hostd = x");
      Files.writeString(file, text + "\n[nonsense]\na = b\n");
      assertThatThrownBy(() -> Lab.read(dir))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("time_scale = 'fast' is no number")
          .hasMessageContaining("log_dialect = 'D' is not spoken; write one of A, B, C")
          .hasMessageContaining("unknown key colour")
          .hasMessageContaining("[disk toy] has no kind")
          .hasMessageContaining("port.hostd = 'x' is no number")
          .hasMessageContaining("[nonsense] is unknown");
    }
  }

  @Test
  void dialectsAreTwoSettings() throws IOException {
    try (ToyLab toy = new ToyLab(dir)) {
      Path file = dir.resolve(Lab.FILE);
      String text = Files.readString(file);
      assertThat(toy.lab.dialects()).isEqualTo(Dialects.DEFAULT);
      Files.writeString(
          file, text.replace("log_dialect = A\n", "").replace("_dialect = B", "_dialect = C"));
      assertThat(Lab.read(dir).dialects()).isEqualTo(new Dialects(Dialect.A, Dialect.C));
      Files.writeString(file, text.replace("log_dialect = A", "log_dialect = B"));
      assertThat(Lab.read(dir).dialects()).isEqualTo(new Dialects(Dialect.B, Dialect.B));
    }
  }

  @Test
  void theOlderRuleIsOffUnlessTheLabSaysOtherwise() throws IOException {
    try (ToyLab toy = new ToyLab(dir)) {
      Path file = dir.resolve(Lab.FILE);
      String text = Files.readString(file);
      assertThat(text).contains("adjust_master_ep = 0\n");
      assertThat(toy.lab.dialects().adjustMaster()).isFalse();
      Files.writeString(file, text.replace("adjust_master_ep = 0\n", ""));
      assertThat(Lab.read(dir).dialects()).isEqualTo(Dialects.DEFAULT);
      Files.writeString(file, text.replace("adjust_master_ep = 0", "adjust_master_ep = 1"));
      assertThat(Lab.read(dir).dialects()).isEqualTo(new Dialects(Dialect.A, Dialect.B, true));
      Files.writeString(file, text.replace("adjust_master_ep = 0", "adjust_master_ep = yes"));
      assertThatThrownBy(() -> Lab.read(dir))
          .hasMessageContaining("adjust_master_ep = 'yes' is neither 0 nor 1; write 0 or 1");
    }
  }

  /** Without the key everybody is trusted, as before there was one. */
  @Test
  void sqlClientsAreTrustedUnlessTheLabSaysOtherwise() throws IOException {
    try (ToyLab toy = new ToyLab(dir)) {
      Path file = dir.resolve(Lab.FILE);
      String text = Files.readString(file);
      assertThat(toy.lab.sqlAuth()).isEqualTo(Lab.TRUST);
      assertThat(text).contains("sql_auth = trust\n");
      Files.writeString(file, text.replace("sql_auth = trust\n", ""));
      assertThat(Lab.read(dir).sqlAuth()).isEqualTo(Lab.TRUST);
      Files.writeString(file, text.replace("sql_auth = trust", "sql_auth = scram-sha-256"));
      assertThat(Lab.read(dir).sqlAuth()).isEqualTo(Lab.SCRAM);
      Files.writeString(file, text.replace("sql_auth = trust", "sql_auth = md5"));
      assertThatThrownBy(() -> Lab.read(dir))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("lab.ini:10: sql_auth = 'md5' is unknown; write trust or scram");
    }
  }

  @Test
  void relationsAreChecked() throws IOException {
    try (ToyLab toy = new ToyLab(dir)) {
      Path file = dir.resolve(Lab.FILE);
      int taken = toy.lab.host("n1").port("member");
      String text =
          Files.readString(file)
              .replace(
                  "port.member = " + toy.lab.host("n2").port("member"), "port.member = " + taken)
              .replace("range_bytes = 4194304", "range_bytes = -1")
              .replace("startlist = diskd", "startlist =");
      Files.writeString(file, text);
      assertThatThrownBy(() -> Lab.read(dir))
          .hasMessageContaining("port " + taken + " is given to n1/member and n2/member")
          .hasMessageContaining("disk toy has range_bytes = -1")
          .hasMessageContaining("0 hosts start diskd");
    }
  }

  /** A lab in which every host has disks of its own needs no disk daemon. */
  @Test
  void hostsMayHaveDisksOfTheirOwn() throws IOException {
    try (ToyLab toy = new ToyLab(dir)) {
      Path file = toy.lab.dir().resolve(Lab.FILE);
      String text = Files.readString(file);
      String own =
          text.substring(0, text.indexOf("[disk toy]")).replace("startlist = diskd", "startlist =")
              + "[disk n1.online]\npath = /dm/data/DAMENG01.log\nkind = online\nhost = n1\n"
              + "[disk n1.arch]\npath = /dm/arch\nkind = archive\nhost = n1\n"
              + "[disk n2.arch]\npath = /dm/arch\nkind = archive\nhost = n2\n"
              + text.substring(text.indexOf("[switch]"));
      Files.writeString(file, own);
      Lab lab = Lab.read(dir);
      assertThat(lab.sharedDisks()).isEmpty();
      assertThat(lab.ownDisk("n2", "/dm/arch").name()).isEqualTo("n2.arch");
      assertThat(lab.ownDisk("n2", "/dm/data/DAMENG01.log")).isNull();
      assertThat(lab.diskFile(lab.disk("n1.arch")))
          .isEqualTo(lab.data("n1").resolve("n1.arch.disk"));
      lab.write();
      assertThat(Lab.read(dir)).isEqualTo(lab);
      Files.writeString(
          file, own.replace("kind = online", "kind = data").replace("host = n2\n", "host = n9\n"));
      assertThatThrownBy(() -> Lab.read(dir))
          .hasMessageContaining("disk n1.online of host n1 is of kind 'data'; take online or arch")
          .hasMessageContaining("disk n2.arch is of host n9, which there is not");
    }
  }

  @Test
  void aFolderWithoutALabSaysSo() {
    assertThatThrownBy(() -> Lab.read(dir))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no lab here")
        .hasMessageContaining("halab init");
  }

  @Test
  void unknownNamesListTheKnownOnes() throws IOException {
    try (ToyLab toy = new ToyLab(dir)) {
      assertThatThrownBy(() -> toy.lab.host("n9")).hasMessageContaining("known: n1, n2, store");
      assertThatThrownBy(() -> toy.lab.disk("x")).hasMessageContaining("known: toy");
      assertThatThrownBy(() -> toy.lab.host("n1").port("y"))
          .hasMessageContaining("known: hostd, member");
    }
  }

  @Test
  void theSecretIsReadableByItsOwnerAloneAndNeverPrinted() throws IOException {
    Secret secret = Secret.create(dir.resolve("secret"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("secret"))))
        .isEqualTo("rw-------");
    assertThat(secret).hasToString("(secret)");
    assertThat(Secret.read(dir.resolve("secret")).matches(secret.reveal())).isTrue();
    assertThat(secret.matches("guess")).isFalse();
    assertThat(secret.matches(null)).isFalse();
  }

  @Test
  void atomicFilesLeaveNothingBesideThem() throws IOException {
    Path file = dir.resolve("f");
    AtomicFiles.write(file, "one");
    AtomicFiles.write(file, "two");
    assertThat(file).hasContent("two");
    try (var all = Files.list(dir)) {
      assertThat(all).containsExactly(file);
    }
  }
}
