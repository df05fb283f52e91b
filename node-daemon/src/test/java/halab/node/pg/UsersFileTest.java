package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.systems.ConfigException;
import halab.systems.ConfigException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of users: what is taken, what is refused, and how it is written. */
class UsersFileTest {
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String GOOD = "SCRAM-SHA-256$4096:c2FsdA==$" + KEY + ":" + KEY;

  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void begin() {
    file = dir.resolve("sql-users");
  }

  @Test
  void usersAreOnesWithAVerifierOnALine() throws IOException {
    Files.writeString(file, "# users\n\nann:" + GOOD + "\nbob.b@x: " + GOOD + "\n");
    Users users = UsersFile.read(file);
    assertThat(users.trusts()).isFalse();
    assertThat(users.names()).containsExactly("halab", "ann", "bob.b@x");
    assertThat(users.verifier("ann").orElseThrow().text()).isEqualTo(GOOD);
    assertThat(users.verifier("carl")).isEmpty();
  }

  /** Every problem with its line and a remedy, and no part of a password's form. */
  @Test
  void whatIsWrongIsToldLineByLine() throws IOException {
    Files.writeString(
        file,
        String.join(
            "\n",
            "ann:" + GOOD,
            "ann",
            "b b:" + GOOD,
            "carl:md5secret",
            "dora:" + GOOD.replace("4096", "0"),
            "eve:" + GOOD.replace(KEY + ":", "AAAA:"),
            "fay:" + GOOD.replace("c2FsdA==", "?"),
            "ann:" + GOOD));
    List<Problem> problems = problems();
    assertThat(problems).extracting(Problem::line).containsExactly(2, 3, 4, 5, 6, 7, 8);
    assertThat(problems.get(0).toString())
        .startsWith(file + ":2: ")
        .contains("does not begin with NAME:");
    assertThat(problems.get(2).toString())
        .contains("user carl", "halab sql user carl")
        .doesNotContain("md5secret");
    assertThat(problems.get(6).what()).isEqualTo("user ann stands on line 1 already");
  }

  @Test
  void aFileWithoutUsersOpensToNobodyAndIsRefused() throws IOException {
    assertThat(problems()).singleElement().asString().contains("halab sql user NAME");
    Files.writeString(file, "# none\n");
    assertThat(problems()).singleElement().asString().contains("there is no user");
    Files.write(file, new byte[] {(byte) 0xff, '\n'});
    assertThat(problems()).singleElement().asString().contains("UTF-8");
    Files.write(file, new byte[(1 << 20) + 1]);
    assertThat(problems()).singleElement().asString().contains("1 MiB");
  }

  private List<Problem> problems() {
    try {
      UsersFile.read(file);
      throw new AssertionError("it was taken");
    } catch (ConfigException e) {
      return e.problems();
    }
  }

  @Test
  void aNewPasswordReplacesTheOldOneAndNothingElse() throws IOException {
    Files.writeString(file, "# mine\nann:" + GOOD + "\nbob:" + GOOD + "\n");
    Verifier fresh = Verifier.of("new");
    UsersFile.put(file, "ann", fresh);
    assertThat(Files.readAllLines(file))
        .containsExactly("# mine", "bob:" + GOOD, "ann:" + fresh.text());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(UsersFile.named("a:b")).isFalse();
    assertThatThrownBy(() -> UsersFile.put(dir.resolve("no/such"), "ann", fresh))
        .isInstanceOf(IOException.class);
  }
}
