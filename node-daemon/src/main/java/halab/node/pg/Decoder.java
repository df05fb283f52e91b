package halab.node.pg;

import java.math.BigDecimal;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Values of parameters from the text and binary forms of the wire, as the engine takes them. */
final class Decoder {
  private static final int ELEMENTS_MOST = 100_000;

  private Decoder() {}

  /**
   * @param oid number of the type that the client named or the engine inferred
   */
  static Object decode(byte[] bytes, int oid, boolean binary) {
    PgType type = PgType.of(oid);
    PgType element = elementOf(oid);
    try {
      if (element != null) {
        return binary ? array(ByteBuffer.wrap(bytes)) : array(Frame.utf8(bytes), element);
      }
      return binary ? binary(bytes, type) : text(Frame.utf8(bytes), type);
    } catch (BufferUnderflowException e) {
      throw PgError.of("22P03", "incorrect binary data format in bind parameter");
    } catch (NumberFormatException e) {
      throw invalid(type, Frame.utf8(bytes));
    }
  }

  private static PgType elementOf(int oid) {
    for (PgType type : PgType.values()) {
      if (type.arrayOid == oid && oid != 0) {
        return type;
      }
    }
    return null;
  }

  private static PgError invalid(PgType type, String text) {
    return PgError.of(
        "22P02", "invalid input syntax for type " + type.longName + ": \"" + text + "\"");
  }

  private static Object text(String text, PgType type) {
    return switch (type) {
      case BOOL -> bool(text.trim().toLowerCase(java.util.Locale.ROOT));
      case INT2, INT4, INT8, OID -> integer(text.trim(), type);
      case FLOAT4, FLOAT8 -> Double.valueOf(text.trim());
      case NUMERIC -> numeric(text.trim());
      case BYTEA -> bytea(text);
      case UUID -> uuid(text.trim());
      case DATE -> Times.dateText(text);
      case TIME, TIMESTAMP -> Times.withoutZone(text);
      case JSON, JSONB -> text.getBytes(StandardCharsets.UTF_8);
      default -> text;
    };
  }

  private static Boolean bool(String text) {
    return switch (text) {
      case "t", "true", "y", "yes", "on", "1" -> true;
      case "f", "false", "n", "no", "off", "0" -> false;
      default -> throw invalid(PgType.BOOL, text);
    };
  }

  private static Object integer(String text, PgType type) {
    BigDecimal number = new BigDecimal(text);
    if (number.scale() > 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
      throw new NumberFormatException();
    }
    if (number.precision() > 19) {
      throw outOfRange(text, type);
    }
    long value;
    try {
      value = number.longValueExact();
    } catch (ArithmeticException e) {
      throw outOfRange(text, type);
    }
    int bits = type == PgType.INT2 ? 16 : type == PgType.INT4 ? 32 : 64;
    if (value >> bits - 1 != value >> 63) {
      throw outOfRange(text, type);
    }
    return value;
  }

  private static PgError outOfRange(String text, PgType type) {
    return PgError.of(
        "22003", "value \"" + text + "\" is out of range for type " + type.longName);
  }

  private static BigDecimal numeric(String text) {
    BigDecimal number = new BigDecimal(text);
    // A short text may mean a number of a thousand million digits.
    if (Math.abs((long) number.scale()) > 20_000) {
      throw PgError.of("22003", "value overflows numeric format");
    }
    return number;
  }

  /** The bytes that a text in hex or escape form means. */
  static byte[] bytea(String text) {
    try {
      if (text.startsWith("\\x")) {
        return HexFormat.of().parseHex(text.substring(2).replaceAll("\\s", ""));
      }
    } catch (IllegalArgumentException e) {
      throw PgError.of("22023", "invalid hexadecimal data");
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '\\' && i + 1 < in.length && in[i + 1] == '\\') {
        out.put(in[++i]);
      } else if (in[i] == '\\') {
        if (i + 3 >= in.length) {
          throw invalid(PgType.BYTEA, text);
        }
        out.put((byte) Integer.parseInt(new String(in, i + 1, 3, StandardCharsets.UTF_8), 8));
        i += 3;
      } else {
        out.put(in[i]);
      }
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static UUID uuid(String text) {
    String digits = text.replaceAll("[{}-]", "");
    if (!digits.matches("[0-9a-fA-F]{32}")) {
      throw invalid(PgType.UUID, text);
    }
    return new UUID(
        Long.parseUnsignedLong(digits.substring(0, 16), 16),
        Long.parseUnsignedLong(digits.substring(16), 16));
  }

  private static Object binary(byte[] bytes, PgType type) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Object value =
        switch (type) {
          case BOOL -> in.get() != 0;
          case INT2 -> (long) in.getShort();
          case INT4 -> (long) in.getInt();
          case OID -> in.getInt() & 0xffffffffL;
          case INT8 -> in.getLong();
          case FLOAT4 -> in.getFloat();
          case FLOAT8 -> in.getDouble();
          case NUMERIC -> Numbers.numeric(in);
          case DATE -> Times.date(in.getInt());
          case TIME -> Times.time(in.getLong());
          case TIMETZ -> OffsetTime.of(Times.time(in.getLong()), offset(-in.getInt()));
          case TIMESTAMP -> Times.timestamp(in.getLong());
          case TIMESTAMPTZ -> Times.timestamp(in.getLong()).atOffset(ZoneOffset.UTC);
          case UUID -> new UUID(in.getLong(), in.getLong());
          case INTERVAL -> throw PgError.of("0A000", "binary intervals are not supported");
          default -> {
            in.position(bytes.length);
            yield whole(bytes, type);
          }
        };
    if (in.hasRemaining()) {
      throw PgError.of("22P03", "incorrect binary data format in bind parameter");
    }
    return value;
  }

  private static Object whole(byte[] bytes, PgType type) {
    return switch (type) {
      case BYTEA, JSON -> bytes;
      case JSONB -> {
        if (bytes.length == 0 || bytes[0] != 1) {
          throw PgError.of("22P03", "unsupported jsonb version number");
        }
        yield java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
      }
      default -> Frame.utf8(bytes);
    };
  }

  private static ZoneOffset offset(int seconds) {
    if (Math.abs(seconds) > 18 * 3600) {
      throw PgError.of("22009", "time zone displacement out of range");
    }
    return ZoneOffset.ofTotalSeconds(seconds);
  }

  private static Object[] array(ByteBuffer in) {
    int dimensions = in.getInt();
    in.getInt();
    PgType type = PgType.of(in.getInt());
    int count = dimensions == 0 ? 0 : in.getInt();
    if (dimensions < 0 || dimensions > 1 || count < 0 || count > ELEMENTS_MOST) {
      throw PgError.of("54000", "only arrays of one dimension and 100,000 elements are supported");
    }
    if (dimensions > 0) {
      in.getInt();
    }
    Object[] elements = new Object[count];
    for (int i = 0; i < count; i++) {
      int length = in.getInt();
      if (length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      if (length >= 0) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        elements[i] = binary(bytes, type);
      }
    }
    return elements;
  }

  private static Object[] array(String text, PgType type) {
    String all = text.trim();
    if (!all.startsWith("{") || !all.endsWith("}") || all.startsWith("{{")) {
      throw PgError.of("22P02", "malformed array literal: \"" + text + "\"");
    }
    List<Object> elements = new ArrayList<>();
    int i = 1;
    while (i < all.length() - 1) {
      StringBuilder element = new StringBuilder();
      boolean quoted = all.charAt(i) == '"';
      boolean inside = quoted;
      i += quoted ? 1 : 0;
      for (; i < all.length() - 1 && (inside || all.charAt(i) != ','); i++) {
        char c = all.charAt(i);
        if (c == '"') {
          inside = !inside;
        } else {
          element.append(c == '\\' && i + 2 < all.length() ? all.charAt(++i) : c);
        }
      }
      i++;
      boolean missing = !quoted && element.toString().equalsIgnoreCase("null");
      elements.add(missing ? null : text(element.toString(), type));
    }
    return elements.toArray();
  }
}
