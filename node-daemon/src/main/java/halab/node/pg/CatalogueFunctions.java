package halab.node.pg;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.StringJoiner;

/** PostgreSQL's catalogue functions, called by the catalogue's database and by nobody else. */
public final class CatalogueFunctions {
  private static final int MODIFIER_OFFSET = 4;

  private CatalogueFunctions() {}

  /** A type's name as SQL writes it. */
  public static String formatType(Long oid, Integer modifier) {
    if (oid == null) {
      return null;
    }
    for (PgType type : PgType.values()) {
      if (type.oid == oid) {
        return type.longName + bounds(type, modifier == null ? -1 : modifier);
      }
      if (type.arrayOid == oid && oid != 0) {
        return type.longName + "[]";
      }
    }
    return "???";
  }

  private static String bounds(PgType type, int modifier) {
    if (modifier < MODIFIER_OFFSET) {
      return "";
    }
    int value = modifier - MODIFIER_OFFSET;
    return switch (type) {
      case VARCHAR, BPCHAR -> "(" + value + ")";
      case NUMERIC -> "(" + (value >> 16) + "," + (value & 0xffff) + ")";
      default -> "";
    };
  }

  public static String userById(Connection db, Long oid) throws SQLException {
    return text(db, "select rolname from pg_catalog.pg_roles where oid = ?", oid);
  }

  public static boolean visible(Connection db, Long oid) throws SQLException {
    String schema =
        text(
            db,
            "select nspname from pg_catalog.pg_namespace n"
                + " join pg_catalog.pg_class c on n.oid = relnamespace where c.oid = ?",
            oid);
    return schema == null || schema.equals("public");
  }

  public static String expression(String text, Long oid) {
    return text;
  }

  public static String expression(String text, Long oid, Boolean pretty) {
    return text;
  }

  public static String definition(Connection db, Long oid) throws SQLException {
    return text(db, "select text from pg_catalog.definition where oid = ?", oid);
  }

  public static String definition(Connection db, Long oid, Boolean pretty) throws SQLException {
    return definition(db, oid);
  }

  public static String indexDefinition(Connection db, Long oid) throws SQLException {
    return definition(db, oid);
  }

  /** All of the definition, or the name of one column. */
  public static String indexDefinition(Connection db, Long oid, Integer column, Boolean pretty)
      throws SQLException {
    if (column == 0) {
      return definition(db, oid);
    }
    String sql =
        "select attname from pg_catalog.pg_attribute where attrelid = ? and attnum = " + column;
    return text(db, sql, oid);
  }

  public static String description(Connection db, Long oid, String catalogue) throws SQLException {
    return columnDescription(db, oid, 0);
  }

  public static String columnDescription(Connection db, Long oid, Integer column)
      throws SQLException {
    String sql =
        "select description from pg_catalog.pg_description where objoid = ? and objsubid = " + column;
    return text(db, sql, oid);
  }

  public static String encoding(Integer number) {
    return number != null && number == 6 ? "UTF8" : "";
  }

  public static String arrayToString(Array array, String between) throws SQLException {
    if (array == null) {
      return null;
    }
    StringJoiner text = new StringJoiner(between);
    for (Object element : (Object[]) array.getArray()) {
      if (element != null) {
        text.add(element.toString());
      }
    }
    return text.toString();
  }

  public static String[] arrayRemove(Array array, String what) throws SQLException {
    if (array == null) {
      return null;
    }
    Object[] elements = (Object[]) array.getArray();
    return Arrays.stream(elements)
        .filter(e -> !what.equals(e))
        .map(String::valueOf)
        .toArray(String[]::new);
  }

  public static Integer element(Array array, Integer index) throws SQLException {
    Object[] elements = array == null ? new Object[0] : (Object[]) array.getArray();
    boolean there = index != null && index > 0 && index <= elements.length;
    return there && elements[index - 1] != null ? ((Number) elements[index - 1]).intValue() : null;
  }

  public static Integer arrayUpper(Array array, Integer dimension) throws SQLException {
    int length = array == null ? 0 : ((Object[]) array.getArray()).length;
    return length == 0 ? null : length;
  }

  public static boolean publishable(Long oid) {
    return false;
  }

  public static String prettySize(Long bytes) {
    return bytes + " bytes";
  }

  /** Sizes are not known by table. */
  public static long size(String what) {
    return 0;
  }

  public static boolean allowed(String what, String privilege) {
    return true;
  }

  public static boolean allowed(String user, String what, String privilege) {
    return true;
  }

  public static boolean allowed(String user, String what, String column, String privilege) {
    return true;
  }

  public static String quoteName(String name) {
    boolean plain = name == null || name.matches("[a-z_][a-z0-9_$]*");
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** What {@code ::regclass} shows for a number. */
  public static String className(Connection db, String oid) throws SQLException {
    if (oid == null || !oid.matches("\\d{1,18}")) {
      return oid;
    }
    String sql = "select name from pg_catalog.definition where oid = ?";
    String name = text(db, sql, Long.valueOf(oid));
    return name == null ? oid : name;
  }

  /** What {@code ::regclass} means for a name. */
  public static Long classOid(Connection db, String name) throws SQLException {
    if (name.matches("\\d{1,18}")) {
      return Long.valueOf(name);
    }
    String plain = name.replace("pg_catalog.", "").replace("public.", "").replace("\"", "");
    try (PreparedStatement s =
        db.prepareStatement(
            "select oid from pg_catalog.pg_class where relname = ? order by relnamespace desc")) {
      s.setString(1, plain);
      ResultSet rows = s.executeQuery();
      if (!rows.next()) {
        throw new SQLException("relation \"" + name + "\" does not exist", "42P01");
      }
      return rows.getLong(1);
    }
  }

  public static String typeName(String oid) {
    return oid != null && oid.matches("\\d{1,18}") ? formatType(Long.valueOf(oid), null) : oid;
  }

  public static Long typeOid(String name) {
    String plain = name.replace("pg_catalog.", "").replace("\"", "");
    for (PgType type : PgType.values()) {
      if (type.shortName.equals(plain) || type.longName.equals(plain)) {
        return (long) type.oid;
      }
    }
    return plain.matches("\\d{1,18}") ? Long.valueOf(plain) : null;
  }

  public static String[] schemas(Boolean implicit) {
    return implicit ? new String[] {"pg_catalog", "public"} : new String[] {"public"};
  }

  public static Long itself(Long oid) {
    return oid;
  }

  public static String nothing(String a) {
    return null;
  }

  public static String nothing(String a, String b) {
    return null;
  }

  public static boolean no(Long oid) {
    return false;
  }

  public static int zero() {
    return 0;
  }

  private static String text(Connection db, String sql, Long oid) throws SQLException {
    if (oid == null) {
      return null;
    }
    try (PreparedStatement s = db.prepareStatement(sql)) {
      s.setLong(1, oid);
      ResultSet rows = s.executeQuery();
      return rows.next() ? rows.getString(1) : null;
    }
  }
}
