package halab.node.data;

import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.ExitCode;
import halab.node.pg.PgConfig;
import halab.node.pg.PgServer;
import halab.node.pg.Users;
import halab.node.pg.UsersFile;
import halab.node.sql.Database;
import halab.node.sql.Gate;
import halab.node.sql.Options;
import halab.node.sql.Replay;
import halab.node.sql.SqlError;
import halab.node.sql.SqlFailure;
import halab.runtime.DataPlane;
import halab.runtime.lab.LabHost;
import halab.systems.Serving;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The rows of one instance: SQL sessions in front, the engine behind, redo on shared disks or on
 * the host's own. It carries out what the role decides and decides nothing.
 */
public final class InstanceData implements DataPlane {
  /** Sessions of one instance at a time, each with a slot of its own in the whole group. */
  private static final int SLOTS = 1 << 12;

  private static final int SESSIONS_MOST = 500;
  private static final long CHANGE_BYTES_MOST = 192L << 20;
  private static final long SUSPENDED_MOST_MS = 600_000;
  private static final long CLOSE_WITHIN_MS = 5_000;
  private static final long LOGIN_MS = 10_000;

  /** What clients see as the database's name. */
  private static final String DATABASE = "halab";

  private final Place place;
  private final Users users;
  private final Gate gate = new Gate(Gate.State.STARTING, SUSPENDED_MOST_MS);
  private final AskedCommits commits;
  private final AskedStatements statements;
  private final RedoThreads redo;
  private final LocalRedo local;
  private final Store store;
  private final Backlog backlog = new Backlog();
  private final ExecutorService checkpoints =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "checkpoint");
            thread.setDaemon(true);
            return thread;
          });
  private volatile long baseLsn;
  private volatile Opened opened;
  private Thread opening;

  private final ImageWork images;

  /** As the role said last. Loop thread only. */
  private Serving.Mode mode = Serving.Mode.STARTING;

  /** How often an image has replaced the engine's content. */
  private volatile int loads;

  /** There once the role has asked for it. */
  private record Opened(Database database, Applier applier, PgServer front) {}

  private InstanceData(Place place) {
    this.place = place;
    this.users = UsersFile.of(place.lab());
    this.commits =
        new AskedCommits(
            place.events(),
            RedoThreads.PACKAGE_BYTES_MOST,
            place.oneEngine(),
            InstanceData::broken);
    this.statements = new AskedStatements(place.events(), place.procedures());
    Path data = place.lab().data(place.self().host());
    this.store = new Store(data.resolve(place.self().role()));
    this.images = new ImageWork(place.events(), InstanceData::broken);
    this.local = new LocalRedo(place);
    this.redo = new RedoThreads(place.disks(), place.lab().epochWallMs(), place.events());
  }

  /**
   * An instance whose engine is closed and that listens to nobody yet.
   *
   * @throws halab.systems.ConfigException if the lab's file of SQL users has a problem
   */
  public static DataPlane open(Place place) {
    return new InstanceData(place);
  }

  @Override
  public void perform(Effect effect) {
    if (effect instanceof Effect.Apply apply) {
      opened.applier().apply(apply);
    } else if (effect instanceof Effect.WriteRedo write) {
      write(write);
    } else if (effect instanceof Effect.Committed committed) {
      commits.committed(committed.tx(), committed.lsn());
    } else if (effect instanceof Effect.Refused refused) {
      commits.refused(refused.tx(), refused.sqlState(), refused.why());
    } else if (effect instanceof Effect.StatementDone done) {
      statements.done(done);
    } else if (effect instanceof Effect.ReadRedo read) {
      read(read);
    } else if (effect instanceof Effect.ReleaseRedo release) {
      release(release);
    } else if (effect instanceof Effect.DropSessions drop) {
      dropSessions(drop);
    } else if (effect instanceof Effect.OpenEngine open) {
      openEngine(open.request());
    } else if (effect instanceof Effect.Checkpoint checkpoint) {
      opened.applier().then(() -> checkpoint(checkpoint.request()));
    } else if (effect instanceof Effect.SaveImage save) {
      opened.applier().then(() -> saveImage(save));
    } else if (effect instanceof Effect.LoadImage load) {
      loadImage(load);
    } else {
      throw new IllegalStateException("an instance does not know " + effect);
    }
  }

  // ---- redo: on disks of this host alone, or on shared ones -------------------------------------

  private void write(Effect.WriteRedo write) {
    if (local.has(write.disk())) {
      local.write(write);
    } else {
      redo.write(write);
    }
  }

  private void read(Effect.ReadRedo read) {
    if (local.has(read.disk())) {
      local.read(read);
    } else {
      redo.read(read);
    }
  }

  private void release(Effect.ReleaseRedo release) {
    if (local.has(release.disk())) {
      local.release(release);
    } else {
      redo.release(release);
    }
  }

  @Override
  public void serving(Serving serving) {
    long trustedUntilNs = System.nanoTime() + place.clock().realNsUntil(serving.trustedUntilMs());
    gate.set(state(serving.mode()), trustedUntilNs, serving.refusal());
    Opened now = opened;
    if (now != null) {
      now.front().readOnly(serving.mode() == Serving.Mode.READ_ONLY);
      if (serving.mode() != mode && !keepsTransactions(serving.mode())) {
        now.database().rollbackAll(away(serving.mode()));
      }
    }
    mode = serving.mode();
    if (serving.mode() == Serving.Mode.CLOSED) {
      commits.close();
      statements.close();
    }
  }

  /** Whether what sessions have changed and not committed can still be committed some day. */
  private static boolean keepsTransactions(Serving.Mode mode) {
    return mode == Serving.Mode.OPEN || mode == Serving.Mode.SUSPENDED;
  }

  private static SqlError away(Serving.Mode mode) {
    return mode == Serving.Mode.READ_ONLY
        ? Gate.standby()
        : SqlError.of("57P03", "the transaction was rolled back: the database is no longer open");
  }

  private void dropSessions(Effect.DropSessions drop) {
    Opened now = opened;
    if (now != null) {
      now.front().cut(SqlError.of(drop.sqlState(), drop.why()));
    }
  }

  private static Gate.State state(Serving.Mode mode) {
    return switch (mode) {
      case STARTING -> Gate.State.STARTING;
      case OPEN -> Gate.State.OPEN;
      case READ_ONLY -> Gate.State.READ_ONLY;
      case SUSPENDED -> Gate.State.SUSPENDED;
      case MOUNTED -> Gate.State.MOUNTED;
      case REFUSED -> Gate.State.REFUSED;
      case CLOSED -> Gate.State.CLOSED;
    };
  }

  // ---- the engine -------------------------------------------------------------------------------

  /** Opens engine and front once; asked again, it answers when they are open. */
  private void openEngine(long request) {
    if (opened != null) {
      opened.applier().then(() -> answerOpened(request));
    } else if (opening == null) {
      opening = new Thread(() -> open(request), "engine-open");
      opening.setDaemon(true);
      opening.start();
    }
  }

  private void open(long request) {
    try {
      store.prepare();
      place.events().accept(new Event.EngineOpened(request, open()));
    } catch (IOException | SqlFailure e) {
      System.err.println("halab: " + e.getMessage());
      Runtime.getRuntime().halt(ExitCode.CONFIG);
    } catch (RuntimeException | Error e) {
      broken(e);
    }
  }

  /** Opens what lies in the folder; the LSN up to which it is complete. */
  private long open() throws IOException, SqlFailure {
    Database database = Database.open(options(), commits, gate);
    long lsn = database.appliedPositions().values().stream().max(Long::compare).orElse(0L);
    commits.applied(lsn);
    baseLsn = lsn;
    place.views().forEach(view -> Shown.define(database, view));
    Applier applier = new Applier(database, commits, backlog, place.events(), InstanceData::broken);
    opened = new Opened(database, applier, PgServer.start(database, front()));
    return lsn;
  }

  private void answerOpened(long request) {
    place.events().accept(new Event.EngineOpened(request, commits.position()));
  }

  // ---- checkpoint and image: begun on the applier's thread, so between two packages -------------

  private void checkpoint(long request) {
    long lsn = commits.position();
    List<Replay> since = backlog.take(lsn);
    checkpoints.execute(
        () -> {
          try {
            store.advance(since);
            baseLsn = lsn;
            place.events().accept(new Event.Checkpointed(request, lsn));
          } catch (IOException | SqlFailure | RuntimeException | Error e) {
            broken(e);
          }
        });
  }

  /** The role asks for it after a checkpoint, whose base it is. */
  private void saveImage(Effect.SaveImage save) {
    images.begin(
        save.request(),
        save.disk(),
        () -> {
          long lsn = baseLsn;
          new SharedImage(place.disks(), save.disk()).save(store.base(), lsn);
          place.events().accept(new Event.ImageSaved(save.request(), lsn));
        });
  }

  /** Nobody has a session yet: the group opens this instance for users when it has caught up. */
  private void loadImage(Effect.LoadImage load) {
    int loadsBefore = loads;
    images.begin(
        load.request(),
        load.disk(),
        () -> {
          if (loads == loadsBefore) {
            SharedImage shared = new SharedImage(place.disks(), load.disk());
            SharedImage.Head newest = shared.newest();
            if (newest == null) {
              throw new IOException("there is no checkpoint image on disk " + load.disk());
            }
            shared.load(newest, store.fresh());
            images.wholly(this::takeImage);
          }
          // Else one that was asked for before has come through meanwhile.
          place.events().accept(new Event.ImageLoaded(load.request(), baseLsn));
        });
  }

  /** What was copied takes the place of the engine's content. */
  private void takeImage() throws Exception {
    opened.front().close();
    opened.applier().end();
    opened.database().close();
    backlog.clear();
    store.keep();
    store.reset();
    open();
    loads++;
  }

  /** Slots of all instances of the group are apart, so that a package names its session alone. */
  private Options options() {
    List<LabHost> instances =
        place.lab().hosts().stream().filter(host -> !host.sqlPorts().isEmpty()).toList();
    int number = instances.indexOf(host());
    return new Options(store.folder(), DATABASE, number * SLOTS, SESSIONS_MOST, CHANGE_BYTES_MOST);
  }

  private LabHost host() {
    return place.lab().host(place.self().host());
  }

  private PgConfig front() {
    int port = host().sqlPorts().get(place.self().role());
    return new PgConfig(host().listenAddress(), port, SESSIONS_MOST, LOGIN_MS, users, statements);
  }

  // ---- the end ----------------------------------------------------------------------------------

  @Override
  public void close() {
    Opened now = opened;
    if (now == null) {
      return;
    }
    CountDownLatch closed = new CountDownLatch(1);
    now.front().close();
    now.applier()
        .then(
            () -> {
              now.database().close();
              store.closed();
              closed.countDown();
            });
    try {
      if (!closed.await(CLOSE_WITHIN_MS, TimeUnit.MILLISECONDS)) {
        System.err.println("halab: the engine was not closed in time; redo covers what it lacks");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Engine and redo disagree: nothing more may be answered by this life. */
  private static void broken(Throwable cause) {
    System.err.println("halab: the engine cannot go on, the instance ends: " + cause);
    cause.printStackTrace();
    System.err.flush();
    Runtime.getRuntime().halt(ExitCode.BUG);
  }
}
