package halab.node.sql;

import halab.node.sql.Layouts.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.h2.value.Value;
import org.h2.value.ValueNull;

/** The row changes of one session's open transaction, in order, with the keys they claim. */
final class Capture {
  /** Guess of what one change costs beside its values, in bytes. */
  private static final int CHANGE_BYTES = 64;

  /** From more changed rows on, a transaction claims the whole table. */
  private static final int ROW_CLAIMS_MOST = 2_000;

  /** One row change as the trigger saw it: before or after is null. */
  private record Row(
      Layout layout,
      Value[] before,
      Value[] after,
      List<Claim> claims,
      long bytes,
      int statement) {}

  /**
   * A row over the whole transaction.
   *
   * @param was whether it was there before
   * @param after what it is now; null: gone
   * @param movedIn the statement that put it at this key, or -1; one statement may move a row to a
   *     key before the trigger tells that the row that was there has left it
   * @param fresh whether that was the first time that this key was heard of
   */
  private record Net(
      Layout layout, boolean was, Value[] key, Value[] after, int movedIn, boolean fresh) {}

  /** A row that refers to a parent. */
  record Child(Layouts.Parent parent, Value[] values) {}

  private final Database database;
  private final List<Row> rows = new ArrayList<>();

  private long bytes;
  private long statementBase;
  private int statement;

  Capture(Database database) {
    this.database = database;
  }

  /** Everything up to here is visible to the statement that begins. */
  void statementBegins() {
    statementBase = database.committer().position();
    statement++;
  }

  int size() {
    return rows.size();
  }

  void clear() {
    rows.clear();
    bytes = 0;
  }

  /** Forgets all but the first {@code size} changes: the others were rolled back. */
  void cut(int size) {
    while (rows.size() > size) {
      bytes -= rows.remove(rows.size() - 1).bytes();
    }
  }

  /** A row was changed; its lock is held. */
  void add(Layout layout, Value[] before, Value[] after) throws Errors.Carried {
    long size = CHANGE_BYTES + memory(before) + memory(after);
    long most = database.options().changeBytesMost();
    if (bytes + size > most) {
      throw new Errors.Carried(
          new SqlError(
              "54000",
              "the transaction changes more than " + most + " bytes",
              "It is one redo package.",
              "Commit in smaller portions."));
    }
    bytes += size;
    rows.add(new Row(layout, before, after, claimsOf(layout, before, after), size, statement));
  }

  private static long memory(Value[] values) {
    long sum = 0;
    if (values != null) {
      for (Value value : values) {
        sum += value.getMemory();
      }
    }
    return sum;
  }

  private List<Claim> claimsOf(Layout layout, Value[] before, Value[] after) {
    List<Claim> claims = new ArrayList<>(2);
    if (before != null) {
      claim(claims, key(layout.rowLabel(), layout.key(), before));
    }
    for (Layouts.Unique unique : layout.uniques()) {
      if (before != null && after != null && same(before, after, unique.columns())) {
        continue;
      }
      if (before != null && counts(unique, before)) {
        WriteKey key = key(unique.label(), unique.columns(), before);
        if (unique.referenced()) {
          // Rows that refer to a value that goes are looked for in what the statement sees.
          claims.add(new Claim(key, false, statementBase));
        } else {
          claim(claims, key);
        }
      }
      if (after != null && counts(unique, after)) {
        claim(claims, key(unique.label(), unique.columns(), after));
      }
    }
    if (after != null) {
      for (Layouts.Parent parent : layout.parents()) {
        if (refers(parent, before, after)) {
          claims.add(new Claim(parentKey(parent, after), true, statementBase));
          WriteKey parents = Definitions.parentsKey(parent.reference().getRefTable().getName());
          claims.add(new Claim(parents, true, statementBase));
        }
      }
    }
    claims.add(new Claim(Definitions.tableKey(layout.table().name()), true, statementBase));
    return claims;
  }

  /** Whether this change made the row refer to that parent. */
  private static boolean refers(Layouts.Parent parent, Value[] before, Value[] after) {
    boolean kept = before != null && same(before, after, parent.columns());
    return !kept && !anyNull(after, parent.columns());
  }

  /**
   * The rows that came to refer to a parent that cascades, since the first {@code size} changes.
   */
  List<Child> unchecked(int size) {
    Map<WriteKey, List<Child>> children = new LinkedHashMap<>();
    for (Row row : rows.subList(size, rows.size())) {
      Layout layout = row.layout();
      if (layout.parents().stream().noneMatch(Layouts.Parent::cascades)) {
        continue;
      }
      List<Child> earlier =
          row.before() == null ? null : children.remove(rowKey(layout, row.before()));
      if (row.after() == null) {
        continue;
      }
      List<Child> now = new ArrayList<>();
      for (Layouts.Parent parent : layout.parents()) {
        boolean did = earlier != null && earlier.stream().anyMatch(c -> c.parent() == parent);
        if (parent.cascades()
            && (did
                ? !anyNull(row.after(), parent.columns())
                : refers(parent, row.before(), row.after()))) {
          now.add(new Child(parent, row.after()));
        }
      }
      if (!now.isEmpty()) {
        children.put(rowKey(layout, row.after()), now);
      }
    }
    return children.values().stream().flatMap(List::stream).toList();
  }

  private static boolean counts(Layouts.Unique unique, Value[] values) {
    return !unique.nullsDistinct() || !anyNull(values, unique.columns());
  }

  private void claim(List<Claim> claims, WriteKey key) {
    claims.add(new Claim(key, false, database.localCommits().base(key)));
  }

  private static WriteKey key(String label, int[] columns, Value[] values) {
    Bytes.Out out = new Bytes.Out();
    out.text(label);
    for (int column : columns) {
      ValueCodec.writeKey(values[column], out);
    }
    return new WriteKey(out.toByteArray());
  }

  private WriteKey parentKey(Layouts.Parent parent, Value[] values) {
    Bytes.Out out = new Bytes.Out();
    out.text(parent.label());
    for (int i = 0; i < parent.columns().length; i++) {
      Value own = values[parent.columns()[i]];
      ValueCodec.writeKey(
          own.convertTo(parent.parentColumns()[i].getType(), database.store().provider()), out);
    }
    return new WriteKey(out.toByteArray());
  }

  private static boolean same(Value[] before, Value[] after, int[] columns) {
    return Arrays.stream(columns).allMatch(c -> before[c].equals(after[c]));
  }

  private static boolean anyNull(Value[] values, int[] columns) {
    return Arrays.stream(columns).anyMatch(c -> values[c] == ValueNull.INSTANCE);
  }

  /**
   * All claims, each key once, with the oldest base. Who changes very many rows of a table claims
   * it as a whole, or its keys would outweigh its rows: alone among those who refer to its rows,
   * and, where the others have engines of their own, among those who change them.
   */
  List<Claim> claims() {
    Map<ChangeSet.TableName, Integer> changed = new HashMap<>();
    rows.forEach(row -> changed.merge(row.layout().table(), 1, Integer::sum));
    Map<WriteKey, Claim> claims = new LinkedHashMap<>();
    for (Row row : rows) {
      String table = row.layout().table().name();
      boolean whole = changed.get(row.layout().table()) > ROW_CLAIMS_MOST;
      for (Claim claim : row.claims()) {
        if (!whole || claim.shared()) {
          merge(claims, claim);
          continue;
        }
        merge(claims, new Claim(Definitions.parentsKey(table), false, claim.base()));
        if (!database.committer().oneEngine()) {
          merge(claims, new Claim(Definitions.tableKey(table), false, claim.base()));
        }
      }
    }
    return List.copyOf(claims.values());
  }

  private static void merge(Map<WriteKey, Claim> claims, Claim claim) {
    claims.merge(
        claim.key(),
        claim,
        (a, b) -> new Claim(a.key(), a.shared() && b.shared(), Math.min(a.base(), b.base())));
  }

  /** The net changes: each row once, however often it was touched. */
  ChangeSet changes() {
    Map<WriteKey, Net> nets = new LinkedHashMap<>();
    for (Row row : rows) {
      Layout layout = row.layout();
      WriteKey old = row.before() == null ? null : rowKey(layout, row.before());
      WriteKey now = row.after() == null ? null : rowKey(layout, row.after());
      if (old != null && !old.equals(now)) {
        leave(nets, old, row);
      }
      if (now != null) {
        arrive(nets, now, row, now.equals(old));
      }
    }
    List<ChangeSet.Change> changes = new ArrayList<>();
    nets.values().forEach(net -> add(changes, net));
    return new ChangeSet.Rows(List.copyOf(changes));
  }

  private static WriteKey rowKey(Layout layout, Value[] values) {
    return key(layout.rowLabel(), layout.key(), values);
  }

  private static Value[] keyOf(Layout layout, Value[] values) {
    return Arrays.stream(layout.key()).mapToObj(c -> values[c]).toArray(Value[]::new);
  }

  private static void leave(Map<WriteKey, Net> nets, WriteKey key, Row row) {
    Net now = nets.get(key);
    boolean replaced = now != null && now.after() != null && now.movedIn() == row.statement();
    boolean was = now == null || now.was() || replaced && now.fresh();
    Value[] after = replaced ? now.after() : null;
    nets.put(key, new Net(row.layout(), was, keyOf(row.layout(), row.before()), after, -1, false));
  }

  private static void arrive(Map<WriteKey, Net> nets, WriteKey key, Row row, boolean stays) {
    Net now = nets.get(key);
    boolean was = now == null ? stays : now.was();
    int movedIn = stays ? -1 : row.statement();
    Value[] id = keyOf(row.layout(), row.after());
    nets.put(key, new Net(row.layout(), was, id, row.after(), movedIn, now == null && !stays));
  }

  private static void add(List<ChangeSet.Change> changes, Net net) {
    ChangeSet.TableName table = net.layout().table();
    if (net.after() != null) {
      ChangeSet.Kind kind = net.was() ? ChangeSet.Kind.UPDATE : ChangeSet.Kind.INSERT;
      changes.add(new ChangeSet.Change(table, kind, net.after()));
    } else if (net.was()) {
      changes.add(new ChangeSet.Change(table, ChangeSet.Kind.DELETE, net.key()));
    }
  }
}
