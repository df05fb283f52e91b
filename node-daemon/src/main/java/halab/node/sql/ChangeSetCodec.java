package halab.node.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.h2.message.DbException;
import org.h2.value.Value;

/**
 * Format 1: {@code 1}, then {@code 'D'} schema, statement; or {@code 'R'}, the tables (schema,
 * name), the changes (table's number, kind, number of values, values); or {@code 'C'} counter,
 * next.
 */
final class ChangeSetCodec {
  private static final int VERSION = 1;
  private static final ChangeSet.Kind[] KINDS = ChangeSet.Kind.values();

  private ChangeSetCodec() {}

  static byte[] encode(ChangeSet set) {
    Bytes.Out out = new Bytes.Out();
    out.one(VERSION);
    if (set instanceof ChangeSet.Definition definition) {
      out.one('D').text(definition.schema()).text(definition.sql());
    } else if (set instanceof ChangeSet.Counter counter) {
      out.one('C').text(counter.name()).number(counter.next());
    } else if (set instanceof ChangeSet.Rows rows) {
      out.one('R');
      encode(rows.changes(), out);
    }
    return out.toByteArray();
  }

  private static void encode(List<ChangeSet.Change> changes, Bytes.Out out) {
    Map<ChangeSet.TableName, Integer> tables = new LinkedHashMap<>();
    changes.forEach(c -> tables.putIfAbsent(c.table(), tables.size()));
    out.number(tables.size());
    for (ChangeSet.TableName table : tables.keySet()) {
      out.text(table.schema()).text(table.name());
    }
    out.number(changes.size());
    for (ChangeSet.Change change : changes) {
      out.number(tables.get(change.table())).one(change.kind().ordinal());
      out.number(change.values().length);
      for (Value value : change.values()) {
        ValueCodec.write(value, out);
      }
    }
  }

  static ChangeSet decode(byte[] bytes) {
    if (bytes.length > ChangeSet.BYTES_MOST) {
      throw new IllegalArgumentException("change set of " + bytes.length + " bytes is too large");
    }
    Bytes.In in = new Bytes.In(bytes);
    int version = in.one();
    if (version != VERSION) {
      throw new IllegalArgumentException("change set of unknown version " + version);
    }
    int form = in.one();
    ChangeSet set;
    if (form == 'D') {
      set = new ChangeSet.Definition(in.text(), in.text());
    } else if (form == 'C') {
      set = new ChangeSet.Counter(in.text(), in.number());
    } else if (form == 'R') {
      try {
        set = new ChangeSet.Rows(changes(in));
      } catch (DbException e) {
        throw new IllegalArgumentException("change set has a bad value: " + e.getMessage(), e);
      }
    } else {
      throw new IllegalArgumentException("change set of unknown form " + form);
    }
    in.end();
    return set;
  }

  private static List<ChangeSet.Change> changes(Bytes.In in) {
    int tableCount = in.count();
    List<ChangeSet.TableName> tables = new ArrayList<>();
    for (int i = 0; i < tableCount; i++) {
      tables.add(new ChangeSet.TableName(in.text(), in.text()));
    }
    int count = in.count();
    List<ChangeSet.Change> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long table = in.number();
      int kind = in.one();
      if (table < 0 || table >= tables.size() || kind >= KINDS.length) {
        throw new IllegalArgumentException("change set has a bad change, number " + i);
      }
      Value[] values = new Value[in.count()];
      for (int v = 0; v < values.length; v++) {
        values[v] = ValueCodec.read(in);
      }
      changes.add(new ChangeSet.Change(tables.get((int) table), KINDS[kind], values));
    }
    return List.copyOf(changes);
  }
}
