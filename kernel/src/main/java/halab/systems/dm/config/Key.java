package halab.systems.dm.config;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * One key of a vendor file: its name, what values it takes and what holds when it is left out.
 *
 * @param min least number, or least length in bytes
 * @param max greatest number, or greatest length in bytes
 * @param orZero 0 is allowed too, though it lies outside the range
 * @param byDefault the vendor's default, null for none
 * @param required the file is wrong without it
 * @param repeated may stand several times in one section
 */
public record Key(
    String name,
    Kind kind,
    long min,
    long max,
    boolean orZero,
    String byDefault,
    boolean required,
    boolean repeated) {

  /** What the characters of a value must look like. */
  public enum Kind {
    NUMBER("[0-9]{1,18}", "a whole number"),
    TEXT("[^\\p{Cntrl}]*", "text"),
    /** Becomes part of log file names and messages, so it keeps to letters, digits and _ . */
    NAME("[A-Za-z0-9_]+", "letters, digits and _"),
    /** The vendor forbids anything but ASCII in paths. */
    PATH("/[!-~]*", "an absolute path in ASCII without blanks"),
    HOST("[A-Za-z0-9_.:%-]+", "a host name or address"),
    IPV4("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}", "an address like 192.168.56.121"),
    LIST("\\{\\s*([0-9]{1,3}(\\s*,\\s*[0-9]{1,3})*)?\\s*\\}", "a list like {0,1}");

    final Pattern pattern;
    final String meaning;

    Kind(String pattern, String meaning) {
      this.pattern = Pattern.compile(pattern);
      this.meaning = meaning;
    }
  }

  /** A number that has no default. */
  public static Key number(String name, long min, long max) {
    return new Key(name, Kind.NUMBER, min, max, false, null, false, false);
  }

  /** A number with a default. */
  public static Key number(String name, long min, long max, long byDefault) {
    return new Key(name, Kind.NUMBER, min, max, false, Long.toString(byDefault), false, false);
  }

  /** 0 or 1. */
  public static Key flag(String name, long byDefault) {
    return number(name, 0, 1, byDefault);
  }

  /** A TCP port as the vendor allows it. */
  public static Key port(String name) {
    return number(name, 1024, 65534);
  }

  /** A TCP port that is 0, for none, when it is left out. */
  public static Key portOrZero(String name) {
    return new Key(name, Kind.NUMBER, 1024, 65534, true, "0", false, false);
  }

  /** Anything but a number, without a default. */
  public static Key of(Kind kind, String name, int maxBytes) {
    return new Key(name, kind, 1, maxBytes, false, null, false, false);
  }

  /** The same key, without which the file is wrong. */
  public Key must() {
    return new Key(name, kind, min, max, orZero, byDefault, true, repeated);
  }

  /** The same key, which may stand several times in one section. */
  public Key many() {
    return new Key(name, kind, min, max, orZero, byDefault, required, true);
  }

  /** The same key, which takes 0 besides its range. */
  public Key orZeroToo() {
    return new Key(name, kind, min, max, true, byDefault, required, repeated);
  }

  /** What is wrong with this value, as "is not ..." text; null when nothing is. */
  public String complaint(String value) {
    if (!kind.pattern.matcher(value).matches()) {
      return "is not " + kind.meaning;
    }
    long size =
        kind == Kind.NUMBER ? Long.parseLong(value) : value.getBytes(StandardCharsets.UTF_8).length;
    if (size >= min && size <= max || orZero && size == 0) {
      return null;
    }
    return kind == Kind.NUMBER ? "is outside " + range() : "is not " + range() + " long";
  }

  /** The values it takes, for remedies: "5 to 600", "1 to 16 bytes". */
  String range() {
    String span = (orZero ? "0 or " : "") + min + " to " + max;
    return kind == Kind.NUMBER ? span : span + " bytes";
  }
}
