package halab.node.pg;

import halab.node.sql.SqlFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts the bytes of COPY into rows of fields, piece by piece; keeps no more than one row. */
final class CopyRows {
  /** Longest row, in bytes. */
  static final int ROW_MOST = 16 << 20;

  private final CopyFormat format;
  private final ByteArrayOutputStream row = new ByteArrayOutputStream();
  private boolean quoted;
  private boolean escaped;
  private boolean ended;
  private boolean headerPassed;

  /** Takes the fields of a row; null for null. */
  interface Sink {
    void row(List<String> fields) throws SqlFailure;
  }

  CopyRows(CopyFormat format) {
    this.format = format;
  }

  void feed(byte[] bytes, Sink sink) throws SqlFailure {
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xff);
      if (c == '\n' && !quoted && !escaped) {
        row.write(bytes, from, i - from);
        from = i + 1;
        emit(sink);
      }
      if (format.csv()) {
        // A doubled quote closes and opens again: only the end of a row is looked for here.
        boolean escape = quoted && !escaped && c == format.escape() && c != format.quote();
        quoted ^= c == format.quote() && !escaped;
        escaped = escape;
      } else {
        escaped = c == '\\' && !escaped;
      }
    }
    row.write(bytes, from, bytes.length - from);
    if (row.size() > ROW_MOST) {
      throw PgError.of("54000", "a row of COPY is longer than 16 MiB");
    }
  }

  /** The data ended; the last row may lack its newline. */
  void finish(Sink sink) throws SqlFailure {
    if (quoted) {
      throw PgError.of("22P04", "unterminated CSV quoted field");
    }
    if (row.size() > 0) {
      emit(sink);
    }
  }

  private void emit(Sink sink) throws SqlFailure {
    String text = Frame.utf8(row.toByteArray());
    row.reset();
    escaped = false;
    text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    if (ended || text.equals("\\.")) {
      ended = true;
    } else if (format.header() && !headerPassed) {
      headerPassed = true;
    } else {
      sink.row(format.csv() ? csv(text) : text(text));
    }
  }

  private List<String> text(String line) {
    List<String> fields = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= line.length(); i++) {
      if (i == line.length() || line.charAt(i) == format.delimiter()) {
        String raw = line.substring(from, i);
        fields.add(raw.equals(format.nullText()) ? null : unescaped(raw));
        from = i + 1;
      } else if (line.charAt(i) == '\\') {
        i = Math.min(i + 1, line.length() - 1);
      }
    }
    return fields;
  }

  /** Escapes by number are bytes, of which several may make one character. */
  private static String unescaped(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int plain = 0;
    int at = raw.indexOf('\\');
    while (at >= 0 && at + 1 < raw.length()) {
      bytes.writeBytes(raw.substring(plain, at).getBytes(StandardCharsets.UTF_8));
      char c = raw.charAt(at + 1);
      int radix = c == 'x' ? 16 : 8;
      int start = c == 'x' ? at + 2 : at + 1;
      int end = digits(raw, start, radix, c == 'x' ? 2 : 3);
      if (end > start) {
        bytes.write(Integer.parseInt(raw.substring(start, end), radix));
      } else if (letter(c) != c) {
        bytes.write(letter(c));
        end = at + 2;
      }
      plain = end > start ? end : at + 1;
      at = raw.indexOf('\\', Math.max(end, at + 2));
    }
    bytes.writeBytes(raw.substring(plain).getBytes(StandardCharsets.UTF_8));
    return Frame.utf8(bytes.toByteArray());
  }

  private static int digits(String text, int from, int radix, int most) {
    int end = from;
    while (end < text.length()
        && end - from < most
        && Character.digit(text.charAt(end), radix) >= 0) {
      end++;
    }
    return end;
  }

  private static char letter(char c) {
    return switch (c) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> '\u000b';
      default -> c;
    };
  }

  private List<String> csv(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean inside = false;
    boolean wasQuoted = false;
    for (int i = 0; i <= line.length(); i++) {
      char c = i < line.length() ? line.charAt(i) : format.delimiter();
      char next = i + 1 < line.length() ? line.charAt(i + 1) : '\0';
      if (inside && c == format.escape() && (next == format.quote() || next == format.escape())) {
        field.append(next);
        i++;
      } else if (c == format.quote()) {
        inside = !inside;
        wasQuoted = true;
      } else if (c == format.delimiter() && !inside) {
        String text = field.toString();
        fields.add(!wasQuoted && text.equals(format.nullText()) ? null : text);
        field.setLength(0);
        wasQuoted = false;
      } else {
        field.append(c);
      }
    }
    return fields;
  }
}
