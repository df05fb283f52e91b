package halab.cli.load;

import halab.bricks.Rng;
import halab.cli.Failure;
import halab.cli.load.check.Header;
import halab.cli.load.check.Workload;
import halab.cli.sql.SqlErrors;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Clients that write until they are told to stop, and what became of it. The tables are made by the
 * load, with names of its own ({@code load_RUN_...}), and stay for who wants to look.
 */
public final class Load implements AutoCloseable {
  private static final long CREATE_MS = 30_000;
  private static final long READ_BACK_MS = 30_000;
  private static final long AGAIN_MS = 200;
  private static final long STOP_MS = 3_000;

  private final LoadSettings settings;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Client> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Client reader;
  private final long zeroNs = System.nanoTime();
  private final OwnStalls stalls = new OwnStalls(zeroNs);
  private final Recorder recorder;
  private final Header header;

  private Load(LoadSettings settings, Where where, String run, Work work) {
    this.settings = settings;
    header =
        new Header(
            run,
            settings.workload(),
            settings.seed(),
            settings.clients(),
            settings.workload() == Workload.BANK ? BankWork.total() : 0,
            settings.oneSide(),
            settings.maxOutageMs(),
            System.currentTimeMillis(),
            where.place());
    recorder = new Recorder(header, settings.history());
    int slots = header.slots();
    Rng rng = new Rng(settings.seed());
    for (int slot = 0; slot < settings.clients(); slot++) {
      Client client = new Client(where, work, recorder, zeroNs, slot, slots);
      Rng its = rng.fork(slot);
      Thread thread = new Thread(() -> client.run(its, stop), "load-" + slot);
      thread.setDaemon(true);
      clients.add(client);
      threads.add(thread);
    }
    reader = new Client(where, work, recorder, zeroNs, settings.clients(), slots);
    threads.forEach(Thread::start);
  }

  /**
   * Makes the tables and starts the clients.
   *
   * @throws Failure if the tables cannot be made, the place is tried for 30 s, or the history
   *     cannot be written
   * @throws InterruptedException if interrupted before it began
   */
  public static Load start(LoadSettings settings, Where where) throws InterruptedException {
    return start(settings, where, CREATE_MS);
  }

  /** As {@link #start(LoadSettings, Where)}, but the place is tried for so long. */
  static Load start(LoadSettings settings, Where where, long createMs) throws InterruptedException {
    long giveUpNs = System.nanoTime() + createMs * 1_000_000;
    while (true) {
      // A new name every time: nobody knows what became of a try whose answer was lost.
      String run = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
      Work work = work(settings, run);
      try (Connection connection = where.connection()) {
        connection.setAutoCommit(true);
        work.create(connection);
        return new Load(settings, where, run, work);
      } catch (SQLException e) {
        if (SqlErrors.hopeless(e) || System.nanoTime() > giveUpNs) {
          throw Failure.no(
              "no tables can be made at "
                  + where.place()
                  + ": "
                  + SqlErrors.text(e)
                  + "; is the database open, and are name and password right?");
        }
      }
      Thread.sleep(AGAIN_MS);
    }
  }

  private static Work work(LoadSettings settings, String run) {
    return switch (settings.workload()) {
      case BANK -> new BankWork(run, settings.clients());
      case APPEND -> new AppendWork(run);
      case REGISTER -> new RegisterWork(run);
    };
  }

  /** What is run, with the name of this run. */
  public Header header() {
    return header;
  }

  /** Something is done to the cluster now; outages after it are counted as its own. */
  public void mark(String what) {
    recorder.mark(what, System.nanoTime() - zeroNs);
  }

  /** How it is doing; costs nothing. */
  public Progress progress() {
    return recorder.progress();
  }

  /** For how long no write has been acknowledged, in milliseconds. */
  public long failingForMs() {
    return (System.nanoTime() - zeroNs - progress().lastAckNs()) / 1_000_000;
  }

  /**
   * Stops the clients, reads back what is there, and judges. Takes as long as an answer may take,
   * and up to 30 s more when the database cannot be read.
   *
   * @throws IOException if the history is not judged within a minute
   */
  public Report stop() throws IOException, InterruptedException {
    stop.countDown();
    long stoppedNs = System.nanoTime() - zeroNs;
    long giveUpNs = System.nanoTime() + (settings.answerMs() + STOP_MS) * 1_000_000;
    for (int i = 0; i < threads.size(); i++) {
      threads.get(i).join(Math.max(1, (giveUpNs - System.nanoTime()) / 1_000_000));
      if (threads.get(i).isAlive()) {
        clients.get(i).abort();
        threads.get(i).join(AGAIN_MS);
      }
    }
    reader.readToTheEnd(READ_BACK_MS);
    stalls.close();
    return recorder.end(stalls, stoppedNs);
  }

  /** Lets the clients go without a verdict; does nothing after {@link #stop}. */
  @Override
  public void close() throws IOException {
    stop.countDown();
    stalls.close();
    recorder.close();
  }
}
