package halab.node.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.h2.command.Prepared;
import org.h2.command.query.Query;
import org.h2.engine.Database;
import org.h2.engine.DbObject;
import org.h2.engine.SessionLocal;
import org.h2.expression.ExpressionVisitor;
import org.h2.message.DbException;
import org.h2.result.ResultInterface;
import org.h2.result.SimpleResult;
import org.h2.schema.Schema;
import org.h2.schema.Sequence;
import org.h2.table.Table;
import org.h2.table.TableType;
import org.h2.table.VirtualConstructedTable;
import org.h2.value.DataType;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueToObjectConverter;

/** Tables of H2 that are computed at every scan; in memory only, found by every session's path. */
final class StateViews implements Views {
  private final Store store;

  StateViews(Store store) {
    this.store = store;
  }

  /** Makes the views visible to the session without a schema's name. */
  void show(SessionLocal session) {
    session.setSchemaSearchPath(new String[] {Store.SCHEMA});
  }

  /** Whether a statement reads no other tables than such views, and changes nothing. */
  static boolean alone(SessionLocal session, String sql) {
    Prepared prepared = session.prepare(sql);
    if (!(prepared instanceof Query query) || !query.isReadOnly()) {
      return false;
    }
    HashSet<DbObject> used = new HashSet<>();
    query.isEverything(ExpressionVisitor.getDependenciesVisitor(used));
    return used.stream().noneMatch(o -> o instanceof Table && !(o instanceof StateTable))
        && used.stream().noneMatch(Sequence.class::isInstance);
  }

  @Override
  public void define(String name, List<Column> columns, Supplier<List<Object[]>> rows) {
    Database database = store.adminSession().getDatabase();
    Schema schema = database.getSchema(Store.SCHEMA);
    String stored = name.toLowerCase(Locale.ROOT);
    synchronized (this) {
      Table old = schema.findTableOrView(null, stored);
      if (old != null) {
        schema.remove(old);
      }
      schema.add(new StateTable(schema, database.allocateObjectId(), stored, columns, rows));
      database.getNextModificationMetaId();
    }
  }

  private static final class StateTable extends VirtualConstructedTable {
    private final Supplier<List<Object[]>> rows;

    StateTable(
        Schema schema,
        int id,
        String name,
        List<Views.Column> columns,
        Supplier<List<Object[]>> rows) {
      super(schema, id, name);
      this.rows = rows;
      setColumns(
          columns.stream()
              .map(c -> new org.h2.table.Column(c.name().toLowerCase(Locale.ROOT), type(c.type())))
              .toArray(org.h2.table.Column[]::new));
    }

    private TypeInfo type(String name) {
      DataType type = DataType.getTypeByName(name.toUpperCase(Locale.ROOT), database.getMode());
      if (type == null) {
        throw new IllegalArgumentException("a view's column of unknown type " + name);
      }
      return TypeInfo.getTypeInfo(type.type);
    }

    @Override
    public ResultInterface getResult(SessionLocal session) {
      SimpleResult result = new SimpleResult(getSchema().getName(), getName());
      for (org.h2.table.Column column : columns) {
        result.addColumn(column.getName(), column.getType());
      }
      for (Object[] row : rows.get()) {
        Value[] values = new Value[columns.length];
        for (int i = 0; i < values.length; i++) {
          values[i] =
              ValueToObjectConverter.objectToValue(session, row[i], Value.UNKNOWN)
                  .convertTo(columns[i].getType(), session);
        }
        result.addRow(values);
      }
      return result;
    }

    @Override
    public TableType getTableType() {
      return TableType.SYSTEM_TABLE;
    }

    @Override
    public boolean isDeterministic() {
      return false;
    }

    @Override
    public boolean canGetRowCount(SessionLocal session) {
      return false;
    }

    @Override
    public long getRowCount(SessionLocal session) {
      throw DbException.getUnsupportedException("row count of a state view");
    }

    @Override
    public long getRowCountApproximation(SessionLocal session) {
      return 10;
    }

    @Override
    public boolean canDrop() {
      return false;
    }
  }
}
