package halab.node.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.engine.CastDataProvider;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.h2.value.VersionedValue;

/**
 * H2 as it is opened here, and what lies in its store beside the tables: the applied position of
 * every slot and the state of sequences. These are maps of the same store, written in the same
 * transactions, but no tables: no user can name them.
 */
final class Store {
  /** The schema of the engine's own objects; users cannot name it. */
  static final String SCHEMA = "halab";

  /** Users' sessions are no administrators: H2 itself refuses them files, Java and settings. */
  static final String CLIENT = "halab_client";

  static final String ADMIN = "halab_admin";

  /** H2's own lock timeout: short, because only between two waits can a waiting session be told. */
  private static final int H2_LOCK_MS = 250;

  /** Of the database; only an administrator may name them, and the first to connect must. */
  private static final String DATABASE_SETTINGS =
      ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
          + ";DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1;TRACE_LEVEL_FILE=0";

  private static final String SESSION_SETTINGS =
      ";NON_KEYWORDS=VALUE,KEY,DAY,MONTH,YEAR,HOUR,MINUTE,SECOND;LOCK_TIMEOUT=" + H2_LOCK_MS;

  private final String url;
  private final Connection admin;
  private final SessionLocal adminSession;
  private final MVMap<Long, VersionedValue<Long>> appliedMap;
  private final MVMap<String, VersionedValue<String>> stateMap;
  private final Map<Integer, Long> applied = new ConcurrentHashMap<>();

  Store(String place) throws SQLException {
    url = "jdbc:h2:" + place;
    admin = connect(ADMIN);
    try (Statement statement = admin.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + SCHEMA);
      statement.execute(
          "CREATE SEQUENCE IF NOT EXISTS " + SCHEMA + ".rowid START WITH 1 INCREMENT BY 1");
      statement.execute("CREATE USER IF NOT EXISTS " + CLIENT + " PASSWORD ''");
      statement.execute("GRANT ALTER ANY SCHEMA TO " + CLIENT);
    }
    adminSession = (SessionLocal) ((JdbcConnection) admin).getSession();
    adminSession.lock();
    try {
      TransactionMap<Long, Long> positions =
          adminSession
              .getTransaction()
              .openMap("halab.applied", LongDataType.INSTANCE, LongDataType.INSTANCE);
      appliedMap = positions.map;
      positions.forEach((slot, lsn) -> applied.put(slot.intValue(), lsn));
      TransactionMap<String, String> state =
          adminSession
              .getTransaction()
              .openMap("halab.state", StringDataType.INSTANCE, StringDataType.INSTANCE);
      stateMap = state.map;
      adminSession.commit(false);
    } finally {
      adminSession.unlock();
    }
  }

  Connection connect(String h2User) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", h2User);
    properties.setProperty("password", "");
    String settings =
        h2User.equals(ADMIN) ? DATABASE_SETTINGS + SESSION_SETTINGS : SESSION_SETTINGS;
    return DriverManager.getConnection(url + settings, properties);
  }

  Connection admin() {
    return admin;
  }

  SessionLocal adminSession() {
    return adminSession;
  }

  CastDataProvider provider() {
    return adminSession;
  }

  /** Commits what the session has open, without a position. */
  void commit(SessionLocal session) {
    session.lock();
    try {
      session.commit(false);
    } finally {
      session.unlock();
    }
  }

  /** Commits what the session has open together with the position of the slot. */
  void commit(SessionLocal session, int slot, long lsn) {
    session.lock();
    try {
      putPosition(session, slot, lsn);
      session.commit(false);
    } finally {
      session.unlock();
    }
    committed(slot, lsn);
  }

  void rollback(SessionLocal session) {
    session.lock();
    try {
      session.rollback();
    } finally {
      session.unlock();
    }
  }

  /** Where the session's open transaction is; H2's own, without a name. */
  SessionLocal.Savepoint savepoint(SessionLocal session) {
    session.lock();
    try {
      return session.setSavepoint();
    } finally {
      session.unlock();
    }
  }

  void rollbackTo(SessionLocal session, SessionLocal.Savepoint savepoint) {
    session.lock();
    try {
      session.rollbackTo(savepoint);
      PartialRollback.unmark(session.getTransaction());
    } finally {
      session.unlock();
    }
  }

  /** A statement failed or a savepoint was gone back to: the rest of the transaction stays. */
  void rolledBackInPart(SessionLocal session) {
    session.lock();
    try {
      PartialRollback.unmark(session.getTransaction());
    } catch (DbException | MVStoreException e) {
      // The store is closed or broken: nobody waits for locks there, and the statement says why.
    } finally {
      session.unlock();
    }
  }

  /** Rolls back a transaction that H2 may have let go of half-way. */
  void abandon(SessionLocal session, Transaction transaction) {
    session.lock();
    try {
      session.rollback();
    } finally {
      try {
        if (transaction.getStatus() != Transaction.STATUS_CLOSED) {
          transaction.rollback();
        }
      } finally {
        session.unlock();
      }
    }
  }

  /** Writes the position in the open transaction of the session, whose lock the caller holds. */
  void putPosition(SessionLocal session, int slot, long lsn) {
    session.getTransaction().openMapX(appliedMap).put((long) slot, lsn);
  }

  /** The transaction with this position was committed. */
  void committed(int slot, long lsn) {
    applied.merge(slot, lsn, Math::max);
  }

  /** The position of the slot; -1 when nothing of it was ever applied. */
  long applied(int slot) {
    return applied.getOrDefault(slot, -1L);
  }

  Map<Integer, Long> applied() {
    return new TreeMap<>(applied);
  }

  /** A state of the engine by its name, or null; in the open transaction, as below. */
  String stateIn(SessionLocal session, String name) {
    return session.getTransaction().openMapX(stateMap).get(name);
  }

  /** Writes a state in the open transaction of the session, whose lock the caller holds. */
  void putState(SessionLocal session, String name, String value) {
    TransactionMap<String, String> map = session.getTransaction().openMapX(stateMap);
    if (value == null) {
      map.remove(name);
    } else {
      map.put(name, value);
    }
  }

  /** Writes everything that is committed to the disk and forces it. */
  void sync() throws SQLException {
    try (Statement statement = admin.createStatement()) {
      statement.execute("CHECKPOINT SYNC");
    }
  }

  void close() throws SQLException {
    try (Statement statement = admin.createStatement()) {
      statement.execute("SHUTDOWN");
    } finally {
      admin.close();
    }
  }
}
