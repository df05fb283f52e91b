package halab.node.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.h2.value.ValueBigint;
import org.h2.value.ValueBoolean;
import org.h2.value.ValueDate;
import org.h2.value.ValueDouble;
import org.h2.value.ValueInteger;
import org.h2.value.ValueJson;
import org.h2.value.ValueNull;
import org.h2.value.ValueNumeric;
import org.h2.value.ValueReal;
import org.h2.value.ValueSmallint;
import org.h2.value.ValueTime;
import org.h2.value.ValueTimeTimeZone;
import org.h2.value.ValueTimestamp;
import org.h2.value.ValueTimestampTimeZone;
import org.h2.value.ValueTinyint;
import org.h2.value.ValueUuid;
import org.h2.value.ValueVarbinary;
import org.h2.value.ValueVarchar;

/**
 * Column values as bytes. Types that H2 writes as text without loss travel as text; whoever stores
 * a decoded value converts it to the column's type. The tags are part of the redo format.
 */
final class ValueCodec {
  private static final int NULL = 0;
  private static final int BOOLEAN = 1;
  private static final int TINYINT = 2;
  private static final int SMALLINT = 3;
  private static final int INTEGER = 4;
  private static final int BIGINT = 5;
  private static final int NUMERIC = 6;
  private static final int REAL = 7;
  private static final int DOUBLE = 8;
  private static final int TEXT = 9;
  private static final int BINARY = 10;
  private static final int DATE = 11;
  private static final int TIME = 12;
  private static final int TIME_TZ = 13;
  private static final int TIMESTAMP = 14;
  private static final int TIMESTAMP_TZ = 15;
  private static final int UUID = 16;
  private static final int JSON = 17;
  private static final int ARRAY = 18;
  private static final int NESTING_MOST = 16;

  private ValueCodec() {}

  static void write(Value value, Bytes.Out out) {
    switch (value.getValueType()) {
      case Value.NULL -> out.one(NULL);
      case Value.BOOLEAN -> out.one(BOOLEAN).one(value.getBoolean() ? 1 : 0);
      case Value.TINYINT -> out.one(TINYINT).number(value.getInt());
      case Value.SMALLINT -> out.one(SMALLINT).number(value.getInt());
      case Value.INTEGER -> out.one(INTEGER).number(value.getInt());
      case Value.BIGINT -> out.one(BIGINT).number(value.getLong());
      case Value.NUMERIC -> decimal(value.getBigDecimal(), out);
      case Value.REAL -> out.one(REAL).number(Float.floatToRawIntBits(value.getFloat()));
      case Value.DOUBLE -> out.one(DOUBLE).number(Double.doubleToRawLongBits(value.getDouble()));
      case Value.BINARY, Value.VARBINARY, Value.BLOB -> out.one(BINARY).block(value.getBytes());
      case Value.DATE -> out.one(DATE).number(((ValueDate) value).getDateValue());
      case Value.TIME -> out.one(TIME).number(((ValueTime) value).getNanos());
      case Value.TIME_TZ -> {
        ValueTimeTimeZone time = (ValueTimeTimeZone) value;
        out.one(TIME_TZ).number(time.getNanos()).number(time.getTimeZoneOffsetSeconds());
      }
      case Value.TIMESTAMP -> {
        ValueTimestamp stamp = (ValueTimestamp) value;
        out.one(TIMESTAMP).number(stamp.getDateValue()).number(stamp.getTimeNanos());
      }
      case Value.TIMESTAMP_TZ -> {
        ValueTimestampTimeZone stamp = (ValueTimestampTimeZone) value;
        out.one(TIMESTAMP_TZ).number(stamp.getDateValue()).number(stamp.getTimeNanos());
        out.number(stamp.getTimeZoneOffsetSeconds());
      }
      case Value.UUID -> out.one(UUID).block(value.getBytes());
      case Value.JSON -> out.one(JSON).block(value.getBytes());
      case Value.ARRAY -> {
        Value[] list = ((ValueArray) value).getList();
        out.one(ARRAY).number(list.length);
        for (Value element : list) {
          write(element, out);
        }
      }
      default -> out.one(TEXT).text(value.getString());
    }
  }

  private static void decimal(BigDecimal value, Bytes.Out out) {
    out.one(NUMERIC).number(value.scale()).block(value.unscaledValue().toByteArray());
  }

  /** As bytes that are equal exactly when the values are equal as keys. */
  static void writeKey(Value value, Bytes.Out out) {
    switch (value.getValueType()) {
      case Value.TINYINT, Value.SMALLINT, Value.INTEGER, Value.BIGINT ->
          out.one(BIGINT).number(value.getLong());
      case Value.NUMERIC -> decimal(value.getBigDecimal().stripTrailingZeros(), out);
      case Value.REAL, Value.DOUBLE ->
          // Adding 0.0 makes one zero of two.
          out.one(DOUBLE).number(Double.doubleToLongBits(value.getDouble() + 0.0));
      case Value.VARCHAR_IGNORECASE ->
          out.one(TEXT).text(value.getString().toUpperCase(java.util.Locale.ROOT));
      case Value.CHAR -> out.one(TEXT).text(value.getString().stripTrailing());
      case Value.TIMESTAMP_TZ -> {
        ValueTimestampTimeZone stamp = (ValueTimestampTimeZone) value;
        java.time.OffsetDateTime time = org.h2.util.JSR310Utils.valueToOffsetDateTime(stamp, null);
        out.one(TIMESTAMP_TZ).number(time.toEpochSecond()).number(time.getNano());
      }
      default -> write(value, out);
    }
  }

  static Value read(Bytes.In in) {
    return read(in, 0);
  }

  private static Value read(Bytes.In in, int depth) {
    int tag = in.one();
    return switch (tag) {
      case NULL -> ValueNull.INSTANCE;
      case BOOLEAN -> ValueBoolean.get(in.one() != 0);
      case TINYINT -> ValueTinyint.get((byte) in.number());
      case SMALLINT -> ValueSmallint.get((short) in.number());
      case INTEGER -> ValueInteger.get((int) in.number());
      case BIGINT -> ValueBigint.get(in.number());
      case NUMERIC -> numeric(in);
      case REAL -> ValueReal.get(Float.intBitsToFloat((int) in.number()));
      case DOUBLE -> ValueDouble.get(Double.longBitsToDouble(in.number()));
      case TEXT -> ValueVarchar.get(in.text());
      case BINARY -> ValueVarbinary.get(in.block());
      case DATE -> ValueDate.fromDateValue(in.number());
      case TIME -> ValueTime.fromNanos(in.number());
      case TIME_TZ -> ValueTimeTimeZone.fromNanos(in.number(), (int) in.number());
      case TIMESTAMP -> ValueTimestamp.fromDateValueAndNanos(in.number(), in.number());
      case TIMESTAMP_TZ ->
          ValueTimestampTimeZone.fromDateValueAndNanos(in.number(), in.number(), (int) in.number());
      case UUID -> ValueUuid.get(in.block());
      case JSON -> ValueJson.getInternal(in.block());
      case ARRAY -> array(in, depth);
      default -> throw new IllegalArgumentException("change set has a value of unknown tag " + tag);
    };
  }

  private static Value numeric(Bytes.In in) {
    long scale = in.number();
    byte[] unscaled = in.block();
    if (scale < -100_000 || scale > 100_000 || unscaled.length == 0) {
      throw new IllegalArgumentException("change set has a bad number of scale " + scale);
    }
    return ValueNumeric.get(new BigDecimal(new BigInteger(unscaled), (int) scale));
  }

  private static Value array(Bytes.In in, int depth) {
    if (depth >= NESTING_MOST) {
      throw new IllegalArgumentException("change set has arrays nested too deep");
    }
    Value[] list = new Value[in.count()];
    for (int i = 0; i < list.length; i++) {
      list[i] = read(in, depth + 1);
    }
    return ValueArray.get(list, null);
  }
}
