package halab.systems;

/**
 * A generation of a vendor's wording, layouts and step sequences, oldest first. What each one means
 * is the system's affair; a system with one generation ignores it.
 */
public enum Dialect {
  A,
  B,
  C;

  /** Whether it is this generation or a later one. */
  public boolean since(Dialect first) {
    return compareTo(first) >= 0;
  }
}
