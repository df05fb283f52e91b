package halab.systems;

import java.util.List;

/**
 * The vendor's monitor as its user meets it: a console whose lines a daemon answers. What the lines
 * mean is that daemon's affair.
 */
public interface Monitor {
  /** The vendor's name of the program; also the role's, and the verb's of {@code halab}. */
  String name();

  /** What it prompts with; empty for nothing. */
  default String prompt() {
    return "";
  }

  /**
   * For completion, every command as what can stand at its first place, its second and so on.
   *
   * @param plan has the names that commands take
   */
  List<List<List<String>>> words(LabPlan plan);

  /**
   * What its console shows before it takes words.
   *
   * @param log what the daemon has written in this life
   */
  default List<String> startLines(List<String> log) {
    return List.of();
  }

  /**
   * What the console asks after this line; the answers become further words of it. So a password is
   * neither shown nor kept.
   */
  default List<Question> asks(String line) {
    return List.of();
  }

  /**
   * @param hidden the answer is not shown while it is typed
   */
  record Question(String text, boolean hidden) {}
}
