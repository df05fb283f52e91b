package halab.node.pg;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Numbers in PostgreSQL's forms. */
final class Numbers {
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xC000;
  private static final BigInteger BASE = BigInteger.valueOf(10_000);
  private static final int BASE_DIGITS = 4;
  private static final int SCALE_MOST = 16_383;

  private Numbers() {}

  static String text(double value) {
    return special(value) ? specialText(value) : text(Double.toString(value), 15);
  }

  static String text(float value) {
    return special(value) ? specialText(value) : text(Float.toString(value), 6);
  }

  private static boolean special(double value) {
    return Double.isNaN(value) || Double.isInfinite(value);
  }

  private static String specialText(double value) {
    return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }

  /** Plain digits unless the exponent is below -4 or at least this. */
  private static String text(String javaText, int plainBelow) {
    BigDecimal number = new BigDecimal(javaText).stripTrailingZeros();
    if (number.signum() == 0) {
      return javaText.startsWith("-") ? "-0" : "0";
    }
    int exponent = number.precision() - number.scale() - 1;
    if (exponent >= -4 && exponent < plainBelow) {
      return number.toPlainString();
    }
    String digits = number.unscaledValue().abs().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return String.format(
        "%s%s%se%s%02d",
        number.signum() < 0 ? "-" : "",
        digits.charAt(0),
        fraction,
        exponent < 0 ? "-" : "+",
        Math.abs(exponent));
  }

  /** The binary form of numeric: groups of four decimal digits. */
  static byte[] binary(BigDecimal value) {
    int scale = Math.max(value.scale(), 0);
    int fractionGroups = (scale + BASE_DIGITS - 1) / BASE_DIGITS;
    BigInteger whole = value.abs().setScale(fractionGroups * BASE_DIGITS).unscaledValue();
    List<Integer> groups = new ArrayList<>();
    while (whole.signum() > 0) {
      BigInteger[] parts = whole.divideAndRemainder(BASE);
      groups.add(0, parts[1].intValue());
      whole = parts[0];
    }
    int weight = groups.size() - fractionGroups - 1;
    while (!groups.isEmpty() && groups.get(groups.size() - 1) == 0) {
      groups.remove(groups.size() - 1);
    }
    ByteBuffer bytes = ByteBuffer.allocate(8 + groups.size() * 2);
    bytes.putShort((short) groups.size()).putShort((short) (groups.isEmpty() ? 0 : weight));
    bytes.putShort((short) (value.signum() < 0 ? NEGATIVE : 0)).putShort((short) scale);
    groups.forEach(g -> bytes.putShort(g.shortValue()));
    return bytes.array();
  }

  static BigDecimal numeric(ByteBuffer bytes) {
    int count = bytes.getShort();
    int weight = bytes.getShort();
    int sign = bytes.getShort() & 0xffff;
    int scale = bytes.getShort() & 0xffff;
    if (count < 0 || bytes.remaining() != count * 2 || scale > SCALE_MOST || sign == NAN) {
      throw PgError.of("22P03", "invalid value in external \"numeric\" value");
    }
    BigInteger digits = BigInteger.ZERO;
    for (int i = 0; i < count; i++) {
      int group = bytes.getShort();
      if (group < 0 || group >= BASE.intValue()) {
        throw PgError.of("22P03", "invalid digit in external \"numeric\" value");
      }
      digits = digits.multiply(BASE).add(BigInteger.valueOf(group));
    }
    BigDecimal value =
        new BigDecimal(digits)
            .scaleByPowerOfTen(BASE_DIGITS * (weight - count + 1))
            .setScale(scale, java.math.RoundingMode.HALF_UP);
    return sign == NEGATIVE ? value.negate() : value;
  }
}
