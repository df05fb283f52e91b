package halab.sim;

/**
 * How the world behaves when nothing is injected, drawn first for every seeded run so that some
 * runs are calm and others are rough all along.
 *
 * @param linkMs longest delay of a message
 * @param diskMs longest way of a request to a disk, and of its answer back
 * @param lossPerMille messages lost
 * @param duplicatePerMille messages that arrive twice
 * @param driftPpm largest drift of a host's clock, either way
 * @param lateMs longest lateness of a timer
 * @param bytes every message and block is serialised and parsed again on its way
 */
public record Rates(
    int linkMs,
    int diskMs,
    int lossPerMille,
    int duplicatePerMille,
    int driftPpm,
    int lateMs,
    boolean bytes) {
  /** A healthy network and healthy disks. */
  public static final Rates CALM = new Rates(2, 3, 0, 0, 0, 1, false);

  String text() {
    return "link "
        + linkMs
        + "ms disk "
        + diskMs
        + "ms loss "
        + lossPerMille
        + " duplicate "
        + duplicatePerMille
        + " drift "
        + driftPpm
        + " late "
        + lateMs
        + "ms"
        + (bytes ? " bytes" : "");
  }

  static Rates read(Words words) {
    int link = ms(words, "link");
    int disk = ms(words, "disk");
    int loss = number(words, "loss");
    int duplicate = number(words, "duplicate");
    int drift = number(words, "drift");
    int late = ms(words, "late");
    return new Rates(link, disk, loss, duplicate, drift, late, words.takeIf("bytes"));
  }

  private static int ms(Words words, String name) {
    words.must(name);
    return (int) words.durationMs("a span such as 5ms");
  }

  private static int number(Words words, String name) {
    words.must(name);
    String word = words.take("a number");
    if (!word.matches("\\d{1,6}")) {
      throw words.problem("'" + word + "' is no number", "write digits");
    }
    return Integer.parseInt(word);
  }
}
