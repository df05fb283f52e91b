package halab.sim;

import com.google.protobuf.ByteString;
import halab.bricks.Rng;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.redo.proto.RlogPkg;
import halab.redo.proto.WriteKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Users of the instances: each reads, thinks, writes a few of few keys and waits for the answer, in
 * bursts, at an instance that serves writes when the transaction begins. Whether it still does when
 * the commit is asked for is for the role to judge. Whoever hears nothing because the instance died
 * goes on with its next life.
 */
public final class SimClients {
  private static final int PER_INSTANCE = 2;
  private static final int KEYS = 8;
  private static final int LONGEST_BURST = 8;

  private final World world;
  private final long longestPauseMs;
  private final List<Client> clients = new ArrayList<>();
  private boolean stopped;
  private long lastTx;
  private long lastCommitMs;

  private static final class Client {
    final SimProcess instance;
    final Rng rng;
    int burst;

    /** What is asked and not answered; null: nothing is. */
    RlogPkg asked;

    long tx;
    long life;

    Client(SimProcess instance, Rng rng) {
      this.instance = instance;
      this.rng = rng;
    }
  }

  SimClients(World world, Rng rng) {
    this.world = world;
    this.longestPauseMs = rng.chance(50) ? 1_000 : 20_000; // some runs are busy
    for (SimProcess process : world.processes()) {
      for (int i = 0; process.engine() != null && i < PER_INSTANCE; i++) {
        clients.add(new Client(process, rng.fork(clients.size())));
      }
    }
    clients.forEach(this::later);
  }

  private void later(Client client) {
    boolean goesOn = client.burst > 0;
    client.burst = goesOn ? client.burst - 1 : client.rng.below(LONGEST_BURST);
    long pause =
        goesOn ? client.rng.below(200) : client.rng.between(longestPauseMs / 10, longestPauseMs);
    world.later(pause, () -> begin(client));
  }

  private void begin(Client client) {
    if (stopped) {
      return;
    }
    if (!client.instance.servesWrites()) {
      client.burst = 0;
      later(client);
      return;
    }
    world.ledger().reads(client.instance);
    long base = client.instance.engine().lsn();
    client.life = client.instance.incarnation();
    world.later(client.rng.below(60), () -> commit(client, base));
  }

  private void commit(Client client, long base) {
    SimProcess instance = client.instance;
    if (!instance.running() || instance.incarnation() != client.life) {
      later(client);
      return;
    }
    client.tx = ++lastTx;
    RlogPkg.Builder pkg = RlogPkg.newBuilder().setPayload(ByteString.copyFromUtf8("t" + client.tx));
    int keys = 1 + client.rng.below(3);
    for (int i = 0; i < keys; i++) {
      String name = "k" + (i * KEYS + client.rng.below(KEYS));
      pkg.addKey(
          WriteKey.newBuilder()
              .setKey(ByteString.copyFromUtf8(name))
              .setBase(base)
              .setShared(client.rng.chance(200)));
    }
    client.asked = pkg.build();
    instance.deliver(client.life, new Event.CommitAsked(client.tx, client.asked));
  }

  void answered(SimProcess instance, long tx, Effect answer) {
    for (Client client : clients) {
      if (client.asked != null && client.tx == tx && client.instance == instance) {
        if (answer instanceof Effect.Committed committed) {
          world.ledger().committed(instance, committed.lsn(), client.asked);
          lastCommitMs = world.nowMs();
        }
        client.asked = null;
        later(client);
        return;
      }
    }
    throw new World.Violation("answered once: " + instance.endpoint() + " answers " + answer);
  }

  /** The instance is gone, and with it the answers that it owed. */
  void lost(SimProcess instance) {
    for (Client client : clients) {
      if (client.instance == instance && client.asked != null) {
        client.asked = null;
        client.burst = 0;
        later(client);
      }
    }
  }

  /** No more new transactions. */
  void stop() {
    stopped = true;
  }

  /** When a client last heard that its transaction is committed; 0: never. */
  public long lastCommitMs() {
    return lastCommitMs;
  }

  /** Instances that owe a client an answer. */
  public List<String> unanswered() {
    return clients.stream()
        .filter(c -> c.asked != null)
        .map(c -> c.instance.endpoint() + " tx " + c.tx)
        .toList();
  }
}
