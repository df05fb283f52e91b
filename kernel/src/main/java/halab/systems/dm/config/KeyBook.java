package halab.systems.dm.config;

import java.util.List;

/** All keys of all files of one system: what an override may name. */
public record KeyBook(List<Schema> schemas) {
  /** The book of these sections. */
  public static KeyBook of(Schema... schemas) {
    return new KeyBook(List.of(schemas));
  }

  /** Whether any of the files has a key of this name. */
  public boolean known(String name) {
    return schemas.stream().anyMatch(s -> s.find(name) != null);
  }

  /** The key of any file whose name is most like this one; null: none is like it. */
  public String nearest(String name) {
    return Schema.nearest(name, schemas.stream().flatMap(s -> s.keys().stream()).toList());
  }
}
