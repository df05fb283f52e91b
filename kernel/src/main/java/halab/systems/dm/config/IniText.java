package halab.systems.dm.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A vendor file in the making: blocks of keys in order, to be changed by key and then written. */
public final class IniText {
  private final List<Block> blocks = new ArrayList<>();

  /**
   * One section.
   *
   * @param header name in brackets, empty for the head of the file
   * @param schema which keys it may hold
   * @param scopes names under which an override can mean this block only: its group, its EP
   */
  public record Block(
      String header, Schema schema, List<String> scopes, Map<String, String> entries) {
    /** Sets a key; an empty value is none and leaves it out. */
    public Block put(String key, Object value) {
      if (!value.toString().isEmpty()) {
        entries.put(key, value.toString());
      }
      return this;
    }

    private boolean in(String scope) {
      return scope.isEmpty() || scopes.stream().anyMatch(s -> s.equalsIgnoreCase(scope));
    }
  }

  /** Opens the next section. */
  public Block block(String header, Schema schema, String... scopes) {
    Block block = new Block(header, schema, List.of(scopes), new LinkedHashMap<>());
    blocks.add(block);
    return block;
  }

  /** Its sections in order. */
  public List<Block> blocks() {
    return blocks;
  }

  /**
   * Sets a key in every block of that scope which may hold it; an empty value removes the key.
   *
   * @return whether there was such a block
   */
  boolean override(String scope, String key, String value) {
    String name = key.toUpperCase(Locale.ROOT);
    List<Block> meant =
        blocks.stream().filter(b -> b.in(scope) && b.schema().find(name) != null).toList();
    for (Block block : meant) {
      if (block.schema().find(name).repeated() || value.isEmpty()) {
        block.entries().keySet().removeIf(k -> k.replaceFirst("#.*", "").equals(name));
      }
      block.put(name, value);
    }
    return !meant.isEmpty();
  }

  /**
   * The file. A key that may repeat is kept under KEY#1, KEY#2 ... and written without the mark.
   */
  public String render() {
    StringBuilder text = new StringBuilder();
    for (Block block : blocks) {
      text.append(text.isEmpty() ? "" : "\n");
      text.append(block.header().isEmpty() ? "" : "[" + block.header() + "]\n");
      block
          .entries()
          .forEach(
              (key, value) ->
                  text.append(key.replaceFirst("#.*", ""))
                      .append(" = ")
                      .append(value)
                      .append('\n'));
    }
    return text.toString();
  }
}
