package halab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The style guide as far as a machine can check it: the kernel is pure, files stay small. */
class TidyTest {
  private static final int LONGEST_FILE = 600;
  private static final int LONGEST_LINE = 100;
  private static final int LONGEST_METHOD = 75;

  /** What makes a run depend on the machine, and what to use instead. */
  private static final Map<String, String> FORBIDDEN = new TreeMap<>();

  static {
    FORBIDDEN.put("System\\.(currentTimeMillis|nanoTime)", "time comes in Now");
    FORBIDDEN.put("Instant\\.now|LocalDateTime\\.now|Clock\\.system", "time comes in Now");
    FORBIDDEN.put("new Random\\(|Math\\.random|ThreadLocalRandom|UUID\\.random", "use Rng");
    FORBIDDEN.put("SecureRandom", "use Rng");
    FORBIDDEN.put("\\b(HashMap|HashSet|IdentityHashMap|WeakHashMap)\\b", "use TreeMap, EnumMap");
    FORBIDDEN.put("\\bSet\\.(of|copyOf)\\(", "use List.of, EnumSet or TreeSet: the order varies");
    FORBIDDEN.put("parallelStream|CompletableFuture|ExecutorService|new Thread\\(", "no threads");
    FORBIDDEN.put("\\bsynchronized\\b|java\\.util\\.concurrent", "no threads");
    FORBIDDEN.put("java\\.io\\.|java\\.nio\\.file|java\\.net\\.", "I/O is the edge's business");
    FORBIDDEN.put("System\\.(out|err|getenv|getProperty|exit)", "the edge talks to the machine");
    FORBIDDEN.put("String\\.format\\((?!\\s*Locale\\.ROOT)", "say Locale.ROOT");
    FORBIDDEN.put("\\.formatted\\(", "use String.format with Locale.ROOT");
    FORBIDDEN.put("\\.to(Upper|Lower)Case\\(\\)", "say Locale.ROOT");
    FORBIDDEN.put("\\.getBytes\\(\\)|lineSeparator", "say the charset; lines end with \\n");
    FORBIDDEN.put("\\b(float|double)\\b", "integers and one rounding");
    FORBIDDEN.put("\\b(TODO|FIXME|XXX)\\b", "do it or leave it");
  }

  private static List<Path> sources(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
    }
  }

  /** The line without what stands in comments and strings. */
  private static String code(String line) {
    String text = line.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\"");
    String stripped = text.strip();
    if (stripped.startsWith("*") || stripped.startsWith("/*")) {
      return "";
    }
    return text.replaceAll("//.*", "");
  }

  @Test
  void theKernelIsPureAndDeterministic() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources("src/main/java")) {
      String joined = joined(Files.readAllLines(file));
      FORBIDDEN.forEach(
          (pattern, remedy) ->
              Pattern.compile(pattern)
                  .matcher(joined)
                  .results()
                  .forEach(m -> found.add(file + ": " + m.group() + "; " + remedy)));
    }
    assertThat(found).isEmpty();
  }

  private static String joined(List<String> lines) {
    return String.join("\n", lines.stream().map(TidyTest::code).toList());
  }

  @Test
  void mapsOfSeveralEntriesDoNotDecideAnOrder() throws IOException {
    List<String> found = new ArrayList<>();
    Pattern walked =
        Pattern.compile("Map\\.(of|ofEntries|copyOf)\\([^)]+\\)\\s*\\.(forEach|entry|key|val)");
    for (Path file : sources("src/main/java")) {
      walked
          .matcher(joined(Files.readAllLines(file)))
          .results()
          .forEach(m -> found.add(file + ": " + m.group()));
    }
    assertThat(found).isEmpty();
  }

  @Test
  void filesLinesAndMethodsStaySmall() throws IOException {
    List<String> found = new ArrayList<>();
    for (String folder : List.of("src/main/java", "src/test/java")) {
      for (Path file : sources(folder)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() > LONGEST_FILE) {
          found.add(file + ": " + lines.size() + " lines; split it by idea");
        }
        for (int i = 0; i < lines.size(); i++) {
          if (lines.get(i).length() > LONGEST_LINE && !lines.get(i).startsWith("import")) {
            found.add(file + ":" + (i + 1) + ": longer than " + LONGEST_LINE + " characters");
          }
        }
        longMethods(file, lines, found);
      }
    }
    assertThat(found).isEmpty();
  }

  /** A role's table is one expression, however long. */
  private static boolean isTable(List<String> method) {
    return method.stream()
            .filter(l -> l.strip().matches("\\.(move|stay|ignore|refuse)\\(.*"))
            .count()
        > 5;
  }

  /** A method of a formatted class begins two blanks in and ends with a brace two blanks in. */
  private static void longMethods(Path file, List<String> lines, List<String> found) {
    int begin = -1;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean whole = line.endsWith("{}") || line.endsWith(";");
      boolean begins = line.matches(" {2}[A-Za-z<@].*\\(.*") && !line.contains(" class ");
      if (begins && !whole && begin < 0) {
        begin = i;
      } else if (line.equals("  }") || line.endsWith(";") && line.matches(" {2}\\S.*")) {
        if (begin >= 0 && i - begin > LONGEST_METHOD && !isTable(lines.subList(begin, i))) {
          found.add(file + ":" + (begin + 1) + ": a method of " + (i - begin) + " lines");
        }
        begin = -1;
      }
    }
  }

  @Test
  void everyPublicTypeSaysWhatItIs() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources("src/main/java")) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).matches("public .*\\b(class|record|interface|enum)\\b.*")) {
          int above = i - 1;
          while (above > 0 && lines.get(above).startsWith("@")) {
            above--;
          }
          if (!lines.get(above).endsWith("*/")) {
            found.add(file + ":" + (i + 1) + ": no docstring");
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }
}
