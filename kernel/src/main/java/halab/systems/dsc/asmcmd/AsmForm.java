package halab.systems.dsc.asmcmd;

import halab.systems.ToolSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One form that a command of dmasmcmd may have.
 *
 * @param template words in small letters stand for themselves, whatever case they are typed in;
 *     words in capitals name arguments, with or without quotes
 */
record AsmForm(String template, Act act) {
  private static final int LONGEST = 4096;
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+))");

  /** Carries a command out. */
  interface Act {
    void run(AsmDesk desk, SortedMap<String, String> args) throws AsmRefusal, ToolSite.Failed;
  }

  /** A word of the line; quoted ones are never keywords. */
  record Word(String text, boolean quoted) {
    private boolean is(String keyword) {
      return !quoted && text.equalsIgnoreCase(keyword);
    }
  }

  /** The words of a line; a semicolon at its end is the vendor's habit and means nothing. */
  static List<Word> words(String line) throws AsmRefusal {
    String text = line.strip().replaceAll("\\s*;$", "");
    if (text.length() > LONGEST || text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
      throw new AsmRefusal(
          "the line is longer than " + LONGEST + " characters or holds control characters");
    }
    List<Word> words = new ArrayList<>();
    Matcher m = TOKEN.matcher(text);
    int end = 0;
    while (end < text.length() && m.find(end) && m.start() == end) {
      boolean quoted = m.group(3) == null;
      String inner = m.group(1) != null ? m.group(1) : m.group(2);
      words.add(new Word(quoted ? inner : m.group(3), quoted));
      end = m.end();
    }
    if (end < text.length()) {
      throw new AsmRefusal("a quote is not closed: " + text.substring(end).strip());
    }
    return words;
  }

  /** The arguments by name when the words have this form; null when they have not. */
  SortedMap<String, String> match(List<Word> words) {
    String[] wanted = template.split(" ");
    if (wanted.length != words.size()) {
      return null;
    }
    SortedMap<String, String> args = new TreeMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (isArgument(wanted[i])) {
        args.put(wanted[i], words.get(i).text());
      } else if (!words.get(i).is(wanted[i])) {
        return null;
      }
    }
    return args;
  }

  /** How many keywords at the beginning are those of this form. */
  int likeness(List<Word> words) {
    String[] wanted = template.split(" ");
    int same = 0;
    while (same < Math.min(wanted.length, words.size())
        && !isArgument(wanted[same])
        && words.get(same).is(wanted[same])) {
      same++;
    }
    return same;
  }

  private static boolean isArgument(String word) {
    return word.equals(word.toUpperCase(Locale.ROOT));
  }

  /** The form as help shows it: arguments in quotes. */
  String shown() {
    return template.replaceAll("\\b(PATH|FILE|NAME|PASSWORD|GROUP)\\b", "'$1'");
  }
}
