package halab.systems.dm.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The keys that one kind of section may hold. A closed schema refuses every other key; the one of
 * dm.ini is open, because that file has hundreds of keys that membership does not depend on.
 *
 * @param place what messages call such a section ("dmdcr.ini", "a CSS EP")
 * @param elsewhere names that are no slips: keys that another section or file may hold
 */
public record Schema(String place, boolean closed, List<Key> keys, Predicate<String> elsewhere) {
  /** So many wrong letters are a slip even in a short name. */
  private static final int SLIPS = 2;

  /** A section with these keys and no others. */
  public static Schema closed(String place, Predicate<String> elsewhere, Key... keys) {
    return new Schema(place, true, List.of(keys), elsewhere);
  }

  /** A section whose other keys are accepted unread. */
  public static Schema open(String place, Key... keys) {
    return new Schema(place, false, List.of(keys), name -> true);
  }

  /** The key of this name, upper or lower case alike; null if there is none. */
  public Key find(String name) {
    String wanted = name.toUpperCase(Locale.ROOT);
    for (Key key : keys) {
      if (key.name().equals(wanted)) {
        return key;
      }
    }
    return null;
  }

  /** Checks a section's entries one by one and as a set. */
  public Values read(Ini ini, Ini.Section section, Problems problems) {
    Map<String, List<Ini.Entry>> good = new LinkedHashMap<>();
    for (Ini.Entry entry : section.entries()) {
      Key key = find(entry.key());
      if (key == null) {
        refuseUnknown(ini.file(), entry, problems);
      } else if (good.containsKey(key.name()) && !key.repeated()) {
        int first = good.get(key.name()).get(0).line();
        String what = key.name() + " stands here a second time, first on line " + first;
        problems.add(ini.file(), entry.line(), what, "keep one of them");
      } else {
        checkValue(ini.file(), key, entry, problems);
        good.computeIfAbsent(key.name(), k -> new ArrayList<>()).add(entry);
      }
    }
    for (Key key : keys) {
      problems.require(
          !key.required() || good.containsKey(key.name()),
          ini.file(),
          section.line(),
          key.name() + " is missing in " + place,
          "add it: " + key.kind().meaning + ", " + key.range());
    }
    return new Values(this, ini.file(), section.line(), good);
  }

  private void refuseUnknown(String file, Ini.Entry entry, Problems problems) {
    if (closed) {
      String what = Problems.quoted(entry.key()) + " is not a key of " + place;
      problems.add(file, entry.line(), what, remedyForUnknown(entry.key()));
    }
  }

  private String remedyForUnknown(String name) {
    return elsewhere.test(name)
        ? "remove it; it belongs elsewhere"
        : hint(nearest(name, keys), "the nearest key here is ");
  }

  private void checkValue(String file, Key key, Ini.Entry entry, Problems problems) {
    String complaint = key.complaint(entry.value());
    if (complaint != null) {
      String what = key.name() + " = " + Problems.quoted(entry.value()) + " " + complaint;
      problems.add(file, entry.line(), what, "give " + key.kind().meaning + ", " + key.range());
    }
  }

  /**
   * What to do about a key that is none.
   *
   * @param near a key that may be meant; null: none is like it
   */
  static String hint(String near, String words) {
    return near == null ? "look for keys in the files that halab init writes" : words + near;
  }

  /** The known name that takes the fewest letters to change into; null: none is near. */
  static String nearest(String name, List<Key> among) {
    String wanted = name.length() > 64 ? name.substring(0, 64) : name;
    String upper = wanted.toUpperCase(Locale.ROOT);
    return among.stream()
        .map(Key::name)
        .filter(k -> near(k, upper))
        .min(Comparator.comparingInt(k -> distance(k, upper)))
        .orElse(null);
  }

  /** Whether two thirds of the longer word may stay as they are. */
  private static boolean near(String key, String wanted) {
    int longer = Math.max(key.length(), wanted.length());
    return distance(key, wanted) <= Math.max(SLIPS, longer / 3);
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
