package halab.node.sql;

import java.util.ArrayList;
import java.util.List;
import org.h2.constraint.ConstraintReferential;
import org.h2.engine.SessionLocal;
import org.h2.index.Index;
import org.h2.result.SearchRow;
import org.h2.table.Column;
import org.h2.table.Table;

/**
 * Looks for parents as H2 does, because H2 does not always: a session that cascades switches off
 * the check of that foreign key for all sessions, until it has changed the children.
 */
final class ParentCheck {
  private ParentCheck() {}

  /** Throws 23503 unless every parent is there now, seen by this session's open transaction. */
  static void check(SessionLocal session, List<Capture.Child> children) throws SqlFailure {
    session.lock();
    try {
      // A statement of its own without tables sees what is committed now, and all of its own.
      session.startStatementWithinTransaction(null);
      try {
        for (Capture.Child child : children) {
          if (!exists(session, child)) {
            throw new SqlFailure(missing(child));
          }
        }
      } finally {
        session.endStatement();
      }
    } finally {
      session.unlock();
    }
  }

  private static boolean exists(SessionLocal session, Capture.Child child) {
    Layouts.Parent parent = child.parent();
    Table table = parent.reference().getRefTable();
    SearchRow wanted = table.getRowFactory().createRow();
    for (int i = 0; i < parent.columns().length; i++) {
      Column column = parent.parentColumns()[i];
      wanted.setValue(
          column.getColumnId(), column.convert(session, child.values()[parent.columns()[i]]));
    }
    Index index = parent.reference().getReferencedConstraint().getIndex();
    return index.find(session, wanted, wanted, false).next();
  }

  private static SqlError missing(Capture.Child child) {
    ConstraintReferential reference = child.parent().reference();
    Table table = reference.getTable();
    List<String> columns = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int column : child.parent().columns()) {
      columns.add(table.getColumn(column).getName());
      values.add(child.values()[column].getString());
    }
    String names = String.join(", ", columns);
    return Violations.missingParent(
        table.getName(),
        Violations.foreignKey(reference.getName(), table.getName(), names),
        names,
        String.join(", ", values),
        reference.getRefTable().getName());
  }
}
