package halab.sim;

import com.google.protobuf.Message;
import halab.bricks.Rng;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;

/**
 * All links of the world: one per pair of daemons, dialled by whoever asked, kept, dialled again
 * with backoff, messages in order. Rules lie on ordered pairs of hosts, per network; daemons of one
 * host always reach each other.
 */
final class SimLinks {
  private static final int FIRST_BACKOFF_MS = 100;
  private static final int LONGEST_BACKOFF_MS = 1000;
  private static final int PROBE_TRIES = 3;
  private static final long PROBE_TRY_MS = 300;

  private final World world;
  private final SimNets nets;
  private final Rng seed;
  private final Rng probes;
  private final Link[] links;
  private final int size;

  /** One pair; side 0 is the process with the lower index. */
  private static final class Link {
    final SimProcess[] side;
    final int network;
    final Rng rng;
    final boolean[] wanted = new boolean[2];

    /** Has been told that it is down and not yet that it is up. */
    final boolean[] toldDown = new boolean[2];

    /** The other end died unseen behind a cut: still believes that the link stands. */
    final boolean[] halfOpen = new boolean[2];

    final long[] lives = new long[2];
    final long[] lastArrivalMs = new long[2];
    boolean up;
    boolean dialling;
    int backoffMs = FIRST_BACKOFF_MS;
    long epoch;

    Link(SimProcess a, SimProcess b, int network, Rng rng) {
      this.side = new SimProcess[] {a, b};
      this.network = network;
      this.rng = rng;
    }
  }

  SimLinks(World world, SimNets nets, Rng seed, int size) {
    this.world = world;
    this.nets = nets;
    this.seed = seed;
    this.probes = seed.fork("probes");
    this.size = size;
    this.links = new Link[size * size];
  }

  private Link link(SimProcess a, SimProcess b) {
    SimProcess low = a.index() < b.index() ? a : b;
    SimProcess high = low == a ? b : a;
    int place = low.index() * size + high.index();
    if (links[place] == null) {
      int network = nets.network(world.system().network(low.endpoint(), high.endpoint()));
      links[place] = new Link(low, high, network, seed.fork(place));
    }
    return links[place];
  }

  void connect(SimProcess from, Endpoint peer) {
    SimProcess to = world.find(peer);
    if (to == null || to == from) {
      world.later(1, () -> tellDown(from, from.incarnation(), peer, "no such daemon in this lab"));
      return;
    }
    Link link = link(from, to);
    link.wanted[sideOf(link, from)] = true;
    if (!link.up) {
      dialIn(link, 1);
    }
  }

  private static void tellDown(SimProcess who, long life, Endpoint peer, String reason) {
    who.deliver(life, new Event.LinkDown(peer, reason));
  }

  private static int sideOf(Link link, SimProcess who) {
    return link.side[0] == who ? 0 : 1;
  }

  private void dialIn(Link link, long delayMs) {
    if (!link.dialling) {
      link.dialling = true;
      world.later(delayMs, () -> dial(link));
    }
  }

  private void dial(Link link) {
    link.dialling = false;
    if (link.up || !wantedByTheLiving(link)) {
      return;
    }
    String failure = obstacle(link);
    if (failure == null) {
      stand(link);
      return;
    }
    for (int i = 0; i < 2; i++) {
      if (link.wanted[i] && link.side[i].running() && !link.toldDown[i] && !link.halfOpen[i]) {
        down(link, i, failure, 1);
      }
    }
    link.backoffMs = Math.min(link.backoffMs * 2, LONGEST_BACKOFF_MS);
    dialIn(link, link.backoffMs + link.rng.below(50));
  }

  private static boolean wantedByTheLiving(Link link) {
    return (link.wanted[0] && link.side[0].running()) || (link.wanted[1] && link.side[1].running());
  }

  /** Why the link cannot be made now, or null. */
  private String obstacle(Link link) {
    SimProcess a = link.side[0];
    SimProcess b = link.side[1];
    if (nets.refused(link.network, a.host(), b.host())) {
      return "connection refused";
    }
    if (nets.cut(link.network, a.host(), b.host()) || nets.cut(link.network, b.host(), a.host())) {
      return "no answer";
    }
    if (!a.running() || !b.running()) {
      return "connection refused";
    }
    return a.paused() || b.paused() ? "no answer" : null;
  }

  private void stand(Link link) {
    link.up = true;
    link.epoch++;
    link.backoffMs = FIRST_BACKOFF_MS;
    for (int i = 0; i < 2; i++) {
      if (link.halfOpen[i]) { // a new life of the peer takes the place of the old stream
        down(link, i, "replaced by a new life of the peer", 0);
        link.halfOpen[i] = false;
      }
      link.lives[i] = link.side[i].incarnation();
    }
    for (int i = 0; i < 2; i++) {
      link.toldDown[i] = false;
      SimProcess who = link.side[i];
      SimProcess peer = link.side[1 - i];
      Event up = new Event.LinkUp(peer.endpoint(), peer.incarnation());
      arrive(link, 1 - i, delay(link), up, who);
    }
  }

  void send(SimProcess from, Endpoint to, Message message) {
    SimProcess peer = world.find(to);
    if (peer == null || peer == from) {
      return;
    }
    Link link = link(from, peer);
    int me = sideOf(link, from);
    if (!link.up || link.halfOpen[me]) {
      return;
    }
    Rates rates = world.rates();
    boolean local = from.host() == peer.host();
    if (nets.swallows(link.network, from.host(), peer.host(), link.rng)
        || (!local && link.rng.chance(rates.lossPerMille()))) {
      return;
    }
    Message carried = world.carried(message);
    long delayMs = delay(link) + nets.delayMs(link.network, from.host(), peer.host());
    Event received = new Event.Received(from.endpoint(), carried);
    arrive(link, me, delayMs, received, peer);
    if (!local
        && (link.rng.chance(rates.duplicatePerMille())
            || nets.duplicates(link.network, from.host(), peer.host(), link.rng))) {
      arrive(link, me, delayMs + 1, received, peer);
    }
  }

  private long delay(Link link) {
    boolean local = link.side[0].host() == link.side[1].host();
    return 1 + (local ? 0 : link.rng.below(Math.max(1, world.rates().linkMs())));
  }

  /** Brings something over the link, after all that was sent before it. */
  private void arrive(Link link, int sender, long delayMs, Event event, SimProcess receiver) {
    long at = Math.max(link.lastArrivalMs[sender], world.nowMs() + delayMs);
    link.lastArrivalMs[sender] = at;
    long epoch = link.epoch;
    long life = receiver.incarnation();
    world.at(
        at,
        () -> {
          SimHost from = link.side[sender].host();
          if (link.up && link.epoch == epoch && !nets.cut(link.network, from, receiver.host())) {
            receiver.deliver(life, event);
          }
        });
  }

  /** A few tries, each of which has to come and go within its time. */
  void probe(SimProcess from, Effect.Probe probe) {
    SimHost host = world.find(probe.host());
    String failure = host == null ? "no such host in this lab" : null;
    boolean reached = false;
    for (int i = 0; i < PROBE_TRIES; i++) {
      reached |= host != null && echo(from, host);
    }
    Event answer = new Event.Probed(probe.request(), probe.host(), reached, failure);
    long life = from.incarnation();
    long took = reached || failure != null ? 1 + probes.below(20) : PROBE_TRIES * PROBE_TRY_MS;
    world.later(took, () -> from.deliver(life, answer));
  }

  private boolean echo(SimProcess from, SimHost b) {
    SimHost a = from.host();
    Endpoint agent = new Endpoint(b.name, "hostd");
    int net = nets.network(world.system().network(from.endpoint(), agent));
    boolean comes = !nets.swallows(net, a, b, probes) && !nets.swallows(net, b, a, probes);
    long delayMs = nets.delayMs(net, a, b) + nets.delayMs(net, b, a);
    return b.on && comes && delayMs < PROBE_TRY_MS;
  }

  /** A process is gone: its peers learn it soon, unless a cut hides it from them. */
  void ended(SimProcess gone) {
    for (Link link : links) {
      if (link != null && (link.side[0] == gone || link.side[1] == gone)) {
        int dead = sideOf(link, gone);
        link.wanted[dead] = false;
        link.toldDown[dead] = false;
        link.halfOpen[dead] = false;
        if (link.up) {
          link.up = false;
          int other = 1 - dead;
          SimHost otherHost = link.side[other].host();
          if (nets.cut(link.network, gone.host(), otherHost)) {
            link.halfOpen[other] = true;
          } else {
            down(link, other, "connection reset", 1 + link.rng.below(20));
          }
        }
      }
    }
  }

  private void down(Link link, int side, String reason, long delayMs) {
    link.toldDown[side] = true;
    SimProcess who = link.side[side];
    Endpoint peer = link.side[1 - side].endpoint();
    long life = who.incarnation();
    world.later(delayMs, () -> tellDown(who, life, peer, reason));
    if (link.wanted[side]) {
      dialIn(link, delayMs + FIRST_BACKOFF_MS);
    }
  }

  /** After rules changed: refused links break, and cut ones that are whole again start afresh. */
  void rulesChanged(SimNets.Before before) {
    for (Link link : links) {
      if (link == null || link.network == SimNets.LOCAL) {
        continue;
      }
      SimHost a = link.side[0].host();
      SimHost b = link.side[1].host();
      boolean wasCut = before.cut(link.network, a, b) || before.cut(link.network, b, a);
      boolean isCut = nets.cut(link.network, a, b) || nets.cut(link.network, b, a);
      if (link.up && nets.refused(link.network, a, b)) {
        breakBoth(link, "connection refused");
      } else if (wasCut && !isCut) {
        afterCut(link);
      }
    }
  }

  private void afterCut(Link link) {
    if (link.up) {
      breakBoth(link, "connection reset");
    }
    for (int i = 0; i < 2; i++) {
      if (link.halfOpen[i]) {
        link.halfOpen[i] = false;
        down(link, i, "connection reset", 1);
      }
    }
  }

  private void breakBoth(Link link, String reason) {
    link.up = false;
    down(link, 0, reason, 1 + link.rng.below(5));
    down(link, 1, reason, 1 + link.rng.below(5));
  }
}
