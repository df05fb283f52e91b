package halab.node.pg;

import java.util.Locale;

/** The types that are spoken on the wire, with PostgreSQL's numbers. */
enum PgType {
  BOOL(16, 1, "bool", "boolean", 1000),
  BYTEA(17, -1, "bytea", "bytea", 1001),
  CHAR(18, 1, "char", "\"char\"", 1002),
  NAME(19, 64, "name", "name", 1003),
  INT8(20, 8, "int8", "bigint", 1016),
  INT2(21, 2, "int2", "smallint", 1005),
  INT4(23, 4, "int4", "integer", 1007),
  TEXT(25, -1, "text", "text", 1009),
  OID(26, 4, "oid", "oid", 1028),
  JSON(114, -1, "json", "json", 199),
  FLOAT4(700, 4, "float4", "real", 1021),
  FLOAT8(701, 8, "float8", "double precision", 1022),
  BPCHAR(1042, -1, "bpchar", "character", 1014),
  VARCHAR(1043, -1, "varchar", "character varying", 1015),
  DATE(1082, 4, "date", "date", 1182),
  TIME(1083, 8, "time", "time without time zone", 1183),
  TIMESTAMP(1114, 8, "timestamp", "timestamp without time zone", 1115),
  TIMESTAMPTZ(1184, 8, "timestamptz", "timestamp with time zone", 1185),
  INTERVAL(1186, 16, "interval", "interval", 1187),
  TIMETZ(1266, 12, "timetz", "time with time zone", 1270),
  NUMERIC(1700, -1, "numeric", "numeric", 1231),
  UUID(2950, 16, "uuid", "uuid", 2951),
  JSONB(3802, -1, "jsonb", "jsonb", 3807),
  UNKNOWN(705, -2, "unknown", "unknown", 0);

  final int oid;
  final int size;
  final String shortName;
  final String longName;

  /** Number of the type of arrays of it; 0 for none. */
  final int arrayOid;

  PgType(int oid, int size, String shortName, String longName, int arrayOid) {
    this.oid = oid;
    this.size = size;
    this.shortName = shortName;
    this.longName = longName;
    this.arrayOid = arrayOid;
  }

  /** The type of a number; UNKNOWN for 0 and for the number of no type here. */
  static PgType of(int oid) {
    for (PgType type : values()) {
      if (type.oid == oid) {
        return type;
      }
    }
    return UNKNOWN;
  }

  /** The type for one of the engine's, by its name there, whatever is in brackets. */
  static PgType ofEngine(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.startsWith("INTERVAL")) {
      return INTERVAL;
    }
    return switch (upper) {
      case "BOOLEAN" -> BOOL;
      case "TINYINT", "SMALLINT" -> INT2;
      case "INTEGER" -> INT4;
      case "BIGINT" -> INT8;
      case "REAL" -> FLOAT4;
      case "DOUBLE PRECISION", "FLOAT" -> FLOAT8;
      case "NUMERIC", "DECFLOAT", "DECIMAL" -> NUMERIC;
      case "CHARACTER" -> BPCHAR;
      case "CHARACTER VARYING", "VARCHAR_IGNORECASE", "ENUM" -> VARCHAR;
      case "BINARY", "BINARY VARYING", "BINARY LARGE OBJECT" -> BYTEA;
      case "DATE" -> DATE;
      case "TIME" -> TIME;
      case "TIME WITH TIME ZONE" -> TIMETZ;
      case "TIMESTAMP" -> TIMESTAMP;
      case "TIMESTAMP WITH TIME ZONE" -> TIMESTAMPTZ;
      case "UUID" -> UUID;
      case "JSON" -> JSON;
      default -> TEXT;
    };
  }
}
