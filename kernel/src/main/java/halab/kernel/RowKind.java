package halab.kernel;

/** The four things a row can do with a trigger. */
public enum RowKind {
  MOVE,
  STAY,
  IGNORE,
  REFUSE
}
