package halab.cli.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON value as maps, lists, strings, whole numbers, booleans and nulls, of a bounded size, and
 * the questions a reader asks of it. A wrong answer is an {@link IllegalArgumentException} that
 * names the field.
 */
final class JsonTree {
  private static final int MOST_NODES = 1_000_000;
  private static final int DEEPEST = 8;

  private final JsonParser parser;
  private int nodes;

  private JsonTree(JsonParser parser) {
    this.parser = parser;
  }

  /** The object that the parser stands at. */
  static Map<String, Object> object(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("a line is not an object");
    }
    return new JsonTree(parser).map(0);
  }

  private Object value(int depth) throws IOException {
    if (++nodes > MOST_NODES || depth > DEEPEST) {
      throw new IllegalArgumentException("a line is too large");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> map(depth);
      case START_ARRAY -> list(depth);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalArgumentException("numbers must be whole");
    };
  }

  private Map<String, Object> map(int depth) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, value(depth + 1));
    }
    return map;
  }

  private List<Object> list(int depth) throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(depth + 1));
    }
    return list;
  }

  /** A whole number of a field, within bounds. */
  static long number(Map<String, Object> map, String name, long min, long max) {
    return number(map.get(name), name, min, max);
  }

  /** A whole number, within bounds. */
  static long number(Object value, String name, long min, long max) {
    if (value instanceof Long number && number >= min && number <= max) {
      return number;
    }
    throw new IllegalArgumentException(
        "'" + name + "' must be a whole number from " + min + " to " + max + ", not " + value);
  }

  /** A string of a field; null if it is not there. */
  static String text(Map<String, Object> map, String name) {
    Object value = map.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new IllegalArgumentException("'" + name + "' must be a string");
  }

  /** An array, of this many elements or, for -1, any. */
  static List<?> array(Object value, String name, int size) {
    if (value instanceof List<?> list && (size < 0 || list.size() == size)) {
      return list;
    }
    throw new IllegalArgumentException(
        "'" + name + "' must be an array" + (size < 0 ? "" : " of " + size));
  }

  /** An object. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value, String name) {
    if (value instanceof Map<?, ?>) {
      return (Map<String, Object>) value;
    }
    throw new IllegalArgumentException("'" + name + "' must be an object");
  }
}
