package halab.cli.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import halab.cli.load.check.Header;
import halab.cli.load.check.Op;
import halab.cli.load.check.Stall;
import halab.cli.load.check.Value;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;

/** A history as JSON lines; the format is in {@code docs/operations/history.md}. */
final class HistoryWriter implements Closeable {
  /** Rises when a field goes or changes its meaning; new fields may come at any time. */
  static final int SCHEMA = 1;

  private final JsonGenerator json;
  private long index;

  HistoryWriter(Writer out) throws IOException {
    json = new JsonFactory().createGenerator(new BufferedWriter(out, 1 << 16));
    json.setRootValueSeparator(new SerializedString("\n"));
  }

  void header(Header header) throws IOException {
    json.writeStartObject();
    json.writeNumberField("halab_history", SCHEMA);
    json.writeStringField("run", header.run());
    json.writeStringField("workload", lower(header.workload()));
    json.writeNumberField("seed", header.seed());
    json.writeNumberField("clients", header.clients());
    json.writeNumberField("total", header.total());
    json.writeBooleanField("one_side", header.oneSide());
    json.writeNumberField("max_outage_ms", header.maxOutageMs());
    json.writeNumberField("wall_ms", header.wallMs());
    json.writeStringField("place", header.place());
    json.writeEndObject();
  }

  void mark(String what, long atNs) throws IOException {
    json.writeStartObject();
    json.writeStringField("mark", what);
    json.writeNumberField("time", atNs);
    json.writeEndObject();
  }

  /** The last lines: what stalled, when clients stopped, how many events could not be written. */
  void end(List<Stall> stalls, long stoppedNs, long dropped) throws IOException {
    for (Stall stall : stalls) {
      json.writeStartObject();
      json.writeNumberField("stall", stall.ns());
      json.writeNumberField("time", stall.fromNs());
      json.writeEndObject();
    }
    json.writeStartObject();
    json.writeBooleanField("end", true);
    json.writeNumberField("time", stoppedNs);
    json.writeNumberField("dropped", dropped);
    json.writeEndObject();
    json.writeRaw('\n');
  }

  void op(Op op) throws IOException {
    json.writeStartObject();
    json.writeNumberField("index", index++);
    json.writeStringField("type", lower(op.type()));
    json.writeNumberField("process", op.process());
    json.writeStringField("f", op.value().f());
    json.writeFieldName("value");
    value(op.value());
    json.writeNumberField("time", op.timeNs());
    if (op.address() != null) {
      json.writeStringField("address", op.address());
    }
    if (op.error() != null) {
      json.writeStringField("error", op.error());
    }
    if (op.last()) {
      json.writeBooleanField("final", true);
    }
    json.writeEndObject();
  }

  private void value(Value value) throws IOException {
    if (value instanceof Value.Transfer transfer) {
      json.writeStartObject();
      json.writeNumberField("client", transfer.client());
      json.writeNumberField("row", transfer.row());
      json.writeNumberField("from", transfer.from());
      json.writeNumberField("to", transfer.to());
      json.writeNumberField("amount", transfer.amount());
      json.writeEndObject();
    } else if (value instanceof Value.Balances read) {
      balances(read.balances());
    } else if (value instanceof Value.Ledger page) {
      ledger(page);
    } else if (value instanceof Value.Books books) {
      books(books);
    } else if (value instanceof Value.Txn txn) {
      txn(txn);
    } else if (value instanceof Value.Read read) {
      json.writeStartArray();
      json.writeNumber(read.key());
      number(read.value());
      json.writeEndArray();
    } else if (value instanceof Value.Write write) {
      json.writeArray(new int[] {write.key(), write.value()}, 0, 2);
    } else if (value instanceof Value.Cas cas) {
      json.writeStartArray();
      json.writeNumber(cas.key());
      json.writeArray(new int[] {cas.old(), cas.value()}, 0, 2);
      json.writeEndArray();
    }
  }

  private void balances(List<Long> balances) throws IOException {
    if (balances == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    for (int account = 0; account < balances.size(); account++) {
      json.writeNumberField(Integer.toString(account), balances.get(account));
    }
    json.writeEndObject();
  }

  private void ledger(Value.Ledger page) throws IOException {
    json.writeStartObject();
    json.writeNumberField("client", page.client());
    json.writeNumberField("above", page.above());
    if (page.found() != null) {
      if (page.upTo() != Long.MAX_VALUE) {
        json.writeNumberField("to", page.upTo());
      }
      json.writeArrayFieldStart("found");
      for (Value.Run run : page.found()) {
        json.writeArray(new long[] {run.first(), run.last()}, 0, 2);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void books(Value.Books books) throws IOException {
    if (books.balances() == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeFieldName("balances");
    longs(books.balances());
    json.writeFieldName("by_trail");
    longs(books.byTrail());
    json.writeEndObject();
  }

  private void longs(List<Long> numbers) throws IOException {
    json.writeArray(numbers.stream().mapToLong(Long::longValue).toArray(), 0, numbers.size());
  }

  private void txn(Value.Txn txn) throws IOException {
    json.writeStartArray();
    for (Value.Step step : txn.steps()) {
      json.writeStartArray();
      json.writeString(step.append() ? "append" : "r");
      json.writeNumber(step.key());
      if (step.append()) {
        json.writeNumber(step.appended());
      } else if (step.list() == null) {
        json.writeNull();
      } else {
        int[] list = step.list().stream().mapToInt(Integer::intValue).toArray();
        json.writeArray(list, 0, list.length);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void number(Integer number) throws IOException {
    if (number == null) {
      json.writeNull();
    } else {
      json.writeNumber(number);
    }
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }

  void flush() throws IOException {
    json.flush();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
