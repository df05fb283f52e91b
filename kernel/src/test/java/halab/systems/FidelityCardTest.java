package halab.systems;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The fidelity card of each system's page claims only what a file of the project can prove. */
class FidelityCardTest {
  static final List<EmulatedSystem> SYSTEMS = Systems.ALL;

  private static final Path PAGES = Path.of("..", "docs", "systems");
  private static final Path SCENARIOS = Path.of("..", "scenarios");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Pattern PROOF = Pattern.compile("`([\\w-]+\\.scn|\\w+Test)`");

  /** One line of the card. */
  private record Claim(String behaviour, String state, String source, List<String> proofs) {}

  private static List<Claim> card(EmulatedSystem system) throws IOException {
    String page = Files.readString(PAGES.resolve(system.name() + ".md"));
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

  private static List<String> scenarios(EmulatedSystem system) throws IOException {
    return names(SCENARIOS.resolve(system.name()), ".scn");
  }

  @ParameterizedTest
  @FieldSource("SYSTEMS")
  void everyClaimIsEmulatedSimplifiedOrAbsent(EmulatedSystem system) throws IOException {
    assertThat(card(system)).hasSizeGreaterThan(20);
    assertThat(card(system))
        .allSatisfy(c -> assertThat(c.state()).isIn("emulated", "simplified", "absent"));
  }

  @ParameterizedTest
  @FieldSource("SYSTEMS")
  void whatIsEmulatedHasASourceAndAProofThatExists(EmulatedSystem system) throws IOException {
    TreeSet<String> proofs = new TreeSet<>(scenarios(system));
    names(TESTS, "Test.java").forEach(name -> proofs.add(name.replace(".java", "")));
    assertThat(card(system))
        .allSatisfy(c -> assertThat(proofs).as(c.behaviour()).containsAll(c.proofs()))
        .filteredOn(c -> c.state().equals("emulated"))
        .allSatisfy(c -> assertThat(c.proofs()).as(c.behaviour()).isNotEmpty())
        .allSatisfy(c -> assertThat(c.source()).as(c.behaviour()).isNotEmpty());
  }

  @ParameterizedTest
  @FieldSource("SYSTEMS")
  void everyScenarioIsOnTheCard(EmulatedSystem system) throws IOException {
    TreeSet<String> proofs = new TreeSet<>();
    for (Claim claim : card(system)) {
      proofs.addAll(claim.proofs());
    }
    assertThat(proofs).containsAll(scenarios(system));
  }
}
