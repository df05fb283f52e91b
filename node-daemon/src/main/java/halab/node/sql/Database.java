package halab.node.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.message.DbException;

/**
 * The SQL database of one instance: H2, with every change of a transaction captured for redo and
 * committed only when the {@link Committer} says so.
 */
public final class Database implements AutoCloseable {
  private static final long CLOSE_WAIT_MS = 10_000;

  private final Options options;
  private final Committer committer;
  private final Gate gate;
  private final Store store;
  private final LocalCommits localCommits;
  private final Sequences sequences;
  private final LockBreaker breaker;
  private final DefinitionLock definitionLock = new DefinitionLock();
  private final Definitions definitions;
  private final RowApplier applier;
  private final StateViews views;
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private final BitSet slots = new BitSet();
  private final AtomicBoolean closed = new AtomicBoolean();

  private final CommittedCounters counters;

  private Database(Options options, Committer committer, SequenceSource source, Gate gate)
      throws SQLException {
    this.options = options;
    this.committer = committer;
    this.gate = gate;
    this.store = new Store(place(options));
    this.localCommits = new LocalCommits(committer);
    int slot = options.slotBase() + options.sessionsMost();
    this.counters = new CommittedCounters(this, store, slot);
    this.sequences = new Sequences(store, source == null ? counters : source);
    this.breaker = new LockBreaker(sessions);
    this.definitions = new Definitions(this, breaker);
    this.applier = new RowApplier(this, breaker);
    this.views = new StateViews(store);
  }

  /**
   * Opens the database, makes it when there is none. Numbers of sequences are granted by packages
   * of their own.
   *
   * @throws SqlFailure when the store cannot be opened or is damaged, with the remedy
   */
  public static Database open(Options options, Committer committer, Gate gate) throws SqlFailure {
    return open(options, committer, null, gate);
  }

  /**
   * Opens the database, makes it when there is none.
   *
   * @throws SqlFailure when the store cannot be opened or is damaged, with the remedy
   */
  public static Database open(
      Options options, Committer committer, SequenceSource source, Gate gate) throws SqlFailure {
    try {
      if (options.folder() != null) {
        Files.createDirectories(options.folder());
      }
      return new Database(options, committer, source, gate);
    } catch (SQLException | DbException | IOException | IllegalStateException e) {
      throw new SqlFailure(
          new SqlError(
              "58030",
              "database store " + place(options) + " cannot be opened: " + e.getMessage(),
              "",
              "If another process has it open, end that process. If the file is damaged, remove"
                  + " the folder and load the last checkpoint image or let redo rebuild it."),
          e);
    }
  }

  private static String place(Options options) {
    return options.folder() == null
        ? "mem:" + options.name()
        : options.folder().toAbsolutePath().resolve(Images.FILE).toString();
  }

  /** A new session for this user's name. 53300 when there are too many. */
  public Session session(String user) throws SqlFailure {
    if (gate.state() == Gate.State.STARTING || gate.state() == Gate.State.CLOSED) {
      gate.pass();
    }
    int slot;
    synchronized (slots) {
      slot = slots.nextClearBit(0);
      if (slot >= options.sessionsMost()) {
        throw new SqlFailure(SqlError.of("53300", "sorry, too many clients already"));
      }
      slots.set(slot);
    }
    try {
      Session session =
          new Session(this, options.slotBase() + slot, user, store.connect(Store.CLIENT));
      views.show(session.h2());
      sessions.add(session);
      return session;
    } catch (SQLException e) {
      synchronized (slots) {
        slots.clear(slot);
      }
      throw Errors.failure(e);
    }
  }

  /** The session has freed all it had. */
  void forget(Session session) {
    synchronized (slots) {
      sessions.remove(session);
      slots.clear(session.slot() - options.slotBase());
      slots.notifyAll();
    }
  }

  /** What clients see as the database's name. */
  public String name() {
    return options.name();
  }

  /** Grows whenever something is defined, changed or dropped. */
  public long definitionsVersion() {
    return store.adminSession().getDatabase().getModificationMetaId();
  }

  /** How many sessions are open. */
  public int sessions() {
    return sessions.size();
  }

  /** Ends all sessions: what runs and what comes fails with this. */
  public void endSessions(SqlError why) {
    sessions.forEach(session -> session.end(why));
  }

  /**
   * Rolls back whatever sessions have changed and not committed: now, or as soon as the statement
   * that runs has ended. What is being committed goes as the committer decides, but without its
   * locks. Sessions that have only read go on.
   *
   * @param why each is told with its next word
   */
  public void rollbackAll(SqlError why) {
    sessions.forEach(session -> session.rollbackIfChanged(why));
  }

  /**
   * Applies packages in this order, in as few transactions as can be; those that are applied
   * already, by their slot's position, are skipped. Local sessions whose locks stand in the way are
   * rolled back with 40001. One thread at a time.
   *
   * @throws SqlFailure when a row is not what its package says: this database has diverged or is
   *     damaged, and the instance must not go on
   */
  public void applyAll(List<Replay> packages) throws SqlFailure {
    applier.applyAll(packages);
  }

  /** Applies one package. */
  public void apply(ChangeSet changes, int slot, long lsn) throws SqlFailure {
    applyAll(List.of(new Replay(changes, slot, lsn)));
  }

  /** The LSN up to which each slot's packages are applied. */
  public Map<Integer, Long> appliedPositions() {
    return store.applied();
  }

  /** Forces the store to the disk; gives the positions that are durable with it. */
  public Map<Integer, Long> checkpoint() throws SqlFailure {
    Map<Integer, Long> positions = store.applied();
    try {
      store.sync();
    } catch (SQLException e) {
      throw Errors.failure(e);
    }
    return positions;
  }

  /**
   * Writes an image of the whole database, positions included, while sessions go on. Only of a
   * database in a folder, which needs room for a second copy meanwhile.
   */
  public void export(OutputStream out) throws SqlFailure, IOException {
    Images.export(store, options.folder(), out);
  }

  /**
   * Replaces the database in the folder, which must not be open, by an image of at most {@code
   * bytesMost} bytes. The old one stays until the new one is complete.
   */
  public static void load(InputStream in, Path folder, long bytesMost) throws IOException {
    Images.load(in, folder, bytesMost);
  }

  /** Where views over the instance's state are defined. */
  public Views views() {
    return views;
  }

  Options options() {
    return options;
  }

  Committer committer() {
    return committer;
  }

  Gate gate() {
    return gate;
  }

  Store store() {
    return store;
  }

  LocalCommits localCommits() {
    return localCommits;
  }

  CommittedCounters counters() {
    return counters;
  }

  Sequences sequences() {
    return sequences;
  }

  DefinitionLock definitionLock() {
    return definitionLock;
  }

  Definitions definitions() {
    return definitions;
  }

  /** Ends the sessions, writes everything to the disk and closes the store. Again: nothing. */
  @Override
  public void close() throws SqlFailure {
    if (closed.getAndSet(true)) {
      return;
    }
    endSessions(Gate.closing().error());
    sessions.forEach(Session::close);
    awaitCommits();
    breaker.close();
    try {
      store.close();
    } catch (SQLException e) {
      throw Errors.failure(e);
    }
  }

  /** What the committer has decided is committed here, too, unless it takes too long. */
  private void awaitCommits() {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_WAIT_MS);
    synchronized (slots) {
      try {
        while (!sessions.isEmpty() && System.nanoTime() < deadlineNs) {
          slots.wait(100);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
