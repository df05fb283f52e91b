package halab.node.pg;

import java.util.List;

/** Writes rows as COPY TO sends them. */
final class CopyWriter {
  private final CopyFormat format;

  CopyWriter(CopyFormat format) {
    this.format = format;
  }

  String line(List<String> fields) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.get(i);
      line.append(i > 0 ? String.valueOf(format.delimiter()) : "");
      if (field == null) {
        line.append(format.nullText());
      } else {
        line.append(format.csv() ? csv(field) : text(field));
      }
    }
    return line.append('\n').toString();
  }

  private String csv(String field) {
    String q = String.valueOf(format.quote());
    boolean plain =
        !field.equals(format.nullText())
            && field.indexOf(format.delimiter()) < 0
            && field.indexOf(format.quote()) < 0
            && field.indexOf('\n') < 0
            && field.indexOf('\r') < 0
            && !field.equals("\\.");
    return plain ? field : q + field.replace(q, format.escape() + q) + q;
  }

  private String text(String field) {
    StringBuilder text = new StringBuilder(field.length() + 8);
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        case '\u000b' -> text.append("\\v");
        default -> text.append(c == format.delimiter() ? "\\" : "").append(c);
      }
    }
    return text.toString();
  }
}
