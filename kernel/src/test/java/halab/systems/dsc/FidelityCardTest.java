package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The fidelity card of the system's page claims only what a file of the project can prove. */
class FidelityCardTest {
  private static final Path PAGE = Path.of("..", "docs", "systems", "dsc.md");
  private static final Path SCENARIOS = Path.of("..", "scenarios", "dsc");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Pattern PROOF = Pattern.compile("`([\\w-]+\\.scn|\\w+Test)`");

  /** One line of the card. */
  private record Claim(String behaviour, String state, String source, List<String> proofs) {}

  private static List<Claim> card() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf("## What is emulated");
    int end = page.indexOf("\n## ", begin + 1);
    List<Claim> claims = new ArrayList<>();
    for (String line : page.substring(begin, end).lines().toList()) {
      String[] cells = line.split("\\|", -1);
      boolean isClaim =
          cells.length == 6 && !cells[1].startsWith("-") && !cells[2].contains("State");
      if (isClaim) {
        List<String> proofs =
            PROOF.matcher(cells[4]).results().map((MatchResult m) -> m.group(1)).toList();
        claims.add(new Claim(cells[1].strip(), cells[2].strip(), cells[3].strip(), proofs));
      }
    }
    return claims;
  }

  private static List<String> names(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyClaimIsEmulatedSimplifiedOrAbsent() throws IOException {
    assertThat(card()).hasSizeGreaterThan(20);
    assertThat(card())
        .allSatisfy(c -> assertThat(c.state()).isIn("emulated", "simplified", "absent"));
  }

  @Test
  void whatIsEmulatedHasASourceAndAProofThatExists() throws IOException {
    TreeSet<String> proofs = new TreeSet<>(names(SCENARIOS, ".scn"));
    names(TESTS, "Test.java").forEach(name -> proofs.add(name.replace(".java", "")));
    assertThat(card())
        .allSatisfy(c -> assertThat(proofs).as(c.behaviour()).containsAll(c.proofs()))
        .filteredOn(c -> c.state().equals("emulated"))
        .allSatisfy(c -> assertThat(c.proofs()).as(c.behaviour()).isNotEmpty())
        .allSatisfy(c -> assertThat(c.source()).as(c.behaviour()).isNotEmpty());
  }

  @Test
  void everyScenarioIsOnTheCard() throws IOException {
    TreeSet<String> proofs = new TreeSet<>();
    card().forEach(c -> proofs.addAll(c.proofs()));
    assertThat(proofs).containsAll(names(SCENARIOS, ".scn"));
  }
}
