package halab.node.pg;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.h2.api.Interval;

/** Values of results in the text and binary forms of the wire. */
final class Encoder {
  private final ZoneId zone;

  Encoder(ZoneId zone) {
    this.zone = zone;
  }

  /** The value of one column of the current row; null for null. */
  byte[] encode(ResultSet rows, int i, Column column, boolean binary) throws SQLException {
    Object value = column.array() ? rows.getArray(i) : value(rows, i, column.type());
    if (value == null) {
      return null;
    }
    if (column.array()) {
      Object[] elements = (Object[]) ((Array) value).getArray();
      return binary ? binary(elements, column.type()) : bytes(text(elements, column.type()));
    }
    return binary ? binary(value, column.type()) : bytes(text(value, column.type()));
  }

  private static Object value(ResultSet rows, int i, PgType type) throws SQLException {
    return switch (type) {
      case INT2, INT4, INT8, OID -> {
        long value = rows.getLong(i);
        yield rows.wasNull() ? null : (Object) value;
      }
      case DATE -> rows.getObject(i, LocalDate.class);
      case TIME -> rows.getObject(i, LocalTime.class);
      case TIMETZ -> rows.getObject(i, OffsetTime.class);
      case TIMESTAMP -> rows.getObject(i, LocalDateTime.class);
      case TIMESTAMPTZ -> rows.getObject(i, OffsetDateTime.class);
      case BYTEA -> rows.getBytes(i);
      case BOOL, FLOAT4, FLOAT8, NUMERIC, UUID, INTERVAL -> rows.getObject(i);
      default -> rows.getString(i);
    };
  }

  private String text(Object value, PgType type) {
    if (value instanceof Boolean b) {
      return b ? "t" : "f";
    } else if (value instanceof byte[] b) {
      return type == PgType.BYTEA ? "\\x" + HexFormat.of().formatHex(b) : utf8(b);
    } else if (value instanceof BigDecimal n) {
      return n.toPlainString();
    } else if (value instanceof Float n) {
      return Numbers.text(n.floatValue());
    } else if (value instanceof Double n) {
      return Numbers.text(n.doubleValue());
    } else if (value instanceof LocalDate d) {
      return Times.text(d);
    } else if (value instanceof LocalTime t) {
      return Times.text(t);
    } else if (value instanceof OffsetTime t) {
      return Times.text(t.toLocalTime()) + Times.text(t.getOffset());
    } else if (value instanceof LocalDateTime t) {
      return Times.text(t);
    } else if (value instanceof OffsetDateTime t) {
      return Times.text(t, zone);
    } else if (value instanceof Interval i) {
      return Times.text(i);
    }
    return value.toString();
  }

  private byte[] binary(Object value, PgType type) {
    return switch (type) {
      case BOOL -> new byte[] {(byte) ((Boolean) value ? 1 : 0)};
      case INT2 -> ByteBuffer.allocate(2).putShort(((Number) value).shortValue()).array();
      case INT4, OID -> int32(((Number) value).intValue());
      case INT8 -> int64(((Number) value).longValue());
      case FLOAT4 -> int32(Float.floatToIntBits(((Number) value).floatValue()));
      case FLOAT8 -> int64(Double.doubleToLongBits(((Number) value).doubleValue()));
      case NUMERIC -> Numbers.binary(new BigDecimal(value.toString()));
      case BYTEA -> (byte[]) value;
      case DATE -> int32(Times.days((LocalDate) value));
      case TIME -> int64(Times.micros((LocalTime) value));
      case TIMETZ -> {
        OffsetTime t = (OffsetTime) value;
        long micros = Times.micros(t.toLocalTime());
        int west = -t.getOffset().getTotalSeconds();
        yield ByteBuffer.allocate(12).putLong(micros).putInt(west).array();
      }
      case TIMESTAMP -> int64(Times.micros((LocalDateTime) value));
      case TIMESTAMPTZ -> {
        OffsetDateTime t = (OffsetDateTime) value;
        yield int64(Times.micros(t.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()));
      }
      case INTERVAL -> {
        Interval i = (Interval) value;
        int months = (int) (i.getYears() * 12 + i.getMonths());
        ByteBuffer bytes = ByteBuffer.allocate(16).putLong(Times.micros(i));
        yield bytes.putInt((int) i.getDays()).putInt(months).array();
      }
      case UUID -> {
        UUID id = (UUID) value;
        ByteBuffer bytes = ByteBuffer.allocate(16).putLong(id.getMostSignificantBits());
        yield bytes.putLong(id.getLeastSignificantBits()).array();
      }
      case JSONB -> bytes("\u0001" + text(value, type));
      default -> bytes(text(value, type));
    };
  }

  private String text(Object[] elements, PgType type) {
    StringBuilder text = new StringBuilder("{");
    for (Object element : elements) {
      text.append(text.length() > 1 ? "," : "");
      if (element == null) {
        text.append("NULL");
      } else {
        text.append(element instanceof Object[] inner ? text(inner, type) : quoted(element, type));
      }
    }
    return text.append('}').toString();
  }

  private String quoted(Object element, PgType type) {
    String text = text(element, type);
    boolean plain =
        !text.isEmpty() && !text.equalsIgnoreCase("null") && text.matches("[^\\s{},\"\\\\]*");
    return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Arrays of one dimension; what has more is not made by any type here. */
  private byte[] binary(Object[] elements, PgType type) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean nulls = Arrays.asList(elements).contains(null);
    bytes.writeBytes(int32(elements.length == 0 ? 0 : 1));
    bytes.writeBytes(int32(nulls ? 1 : 0));
    bytes.writeBytes(int32(type.oid));
    if (elements.length > 0) {
      bytes.writeBytes(int32(elements.length));
      bytes.writeBytes(int32(1));
    }
    for (Object element : elements) {
      byte[] value = element == null ? new byte[0] : binary(element, type);
      bytes.writeBytes(int32(element == null ? -1 : value.length));
      bytes.writeBytes(value);
    }
    return bytes.toByteArray();
  }

  private static byte[] int32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static byte[] int64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
