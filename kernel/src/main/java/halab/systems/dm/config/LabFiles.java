package halab.systems.dm.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a lab in the making, host by host: generated ones, whose keys can still be set, and
 * in the place of some the files that the user brought along, which are taken as they are.
 */
public final class LabFiles {
  private static final Pattern OVERRIDE =
      Pattern.compile("(?:([A-Za-z0-9_-]+)/)?(?:([A-Za-z0-9_]+)\\.)?([A-Za-z0-9_]+)");

  private final KeyBook keys;
  private final String example;
  private final Problems problems;
  private final Map<String, Map<String, IniText>> generated = new TreeMap<>();
  private final Map<String, Map<String, String>> brought = new TreeMap<>();

  /**
   * No files yet.
   *
   * @param keys what can be set
   * @param example a setting as it may look, for messages
   */
  public LabFiles(KeyBook keys, String example, Problems problems) {
    this.keys = keys;
    this.example = example;
    this.problems = problems;
  }

  /** Adds a generated file. */
  public void put(String host, String name, IniText text) {
    generated.computeIfAbsent(host, h -> new TreeMap<>()).put(name, text);
  }

  /**
   * Puts the user's files in the place of generated ones.
   *
   * @param files by {@code HOST/NAME}, or by {@code NAME} for every host that has such a file
   */
  public void take(Map<String, String> files) {
    new TreeMap<>(files)
        .forEach(
            (key, text) -> {
              String host = key.contains("/") ? key.substring(0, key.indexOf('/')) : "";
              String name = key.substring(key.indexOf('/') + 1);
              List<String> places =
                  generated.keySet().stream()
                      .filter(h -> host.isEmpty() || h.equals(host))
                      .filter(h -> generated.get(h).containsKey(name) || isBrought(h, name))
                      .toList();
              problems.require(
                  !places.isEmpty(), key, 0, "no host of this lab has such a file", knownFiles());
              for (String place : places) {
                brought.computeIfAbsent(place, p -> new TreeMap<>()).put(name, text);
                generated.get(place).remove(name);
              }
            });
  }

  private boolean isBrought(String host, String name) {
    return brought.getOrDefault(host, Map.of()).containsKey(name);
  }

  private String knownFiles() {
    List<String> known = new ArrayList<>();
    generated.forEach((host, files) -> files.keySet().forEach(f -> known.add(host + "/" + f)));
    return "known are " + String.join(", ", known);
  }

  /**
   * Sets keys of generated files, in every place that may hold them; an empty value removes a key.
   *
   * @param settings by {@code KEY}, {@code SECTION.KEY}, {@code HOST/KEY} or {@code
   *     HOST/SECTION.KEY}
   * @param own names that are no keys of files and not meant here
   */
  public void override(Map<String, String> settings, Predicate<String> own) {
    settings.forEach(
        (name, value) -> {
          if (!own.test(name)) {
            override(name, value);
          }
        });
  }

  private void override(String name, String value) {
    Matcher matcher = OVERRIDE.matcher(name);
    String place = "setting " + Problems.quoted(name);
    if (!matcher.matches() || value.chars().anyMatch(Character::isISOControl)) {
      problems.add(place, 0, "it is not [HOST/][GROUP.]KEY = value", "write it like " + example);
      return;
    }
    String host = matcher.group(1) == null ? "" : matcher.group(1);
    String scope = matcher.group(2) == null ? "" : matcher.group(2);
    String key = matcher.group(3);
    if (!keys.known(key)) {
      String remedy = Schema.hint(keys.nearest(key), "the nearest key is ");
      problems.add(place, 0, "there is no such key", remedy);
      return;
    }
    boolean applied = false;
    for (Map.Entry<String, Map<String, IniText>> files : generated.entrySet()) {
      if (host.isEmpty() || host.equals(files.getKey())) {
        for (IniText text : files.getValue().values()) {
          applied |= text.override(scope, key, value);
        }
      }
    }
    problems.require(
        applied,
        place,
        0,
        "no generated file has a place for it",
        "check host and group, and edit the files you brought along yourself");
  }

  /** The text of all files, by host and name. */
  public Map<String, Map<String, String>> texts() {
    Map<String, Map<String, String>> all = new TreeMap<>();
    generated.forEach(
        (host, files) -> {
          Map<String, String> texts = new TreeMap<>(brought.getOrDefault(host, Map.of()));
          files.forEach((name, text) -> texts.put(name, text.render()));
          all.put(host, texts);
        });
    return all;
  }
}
