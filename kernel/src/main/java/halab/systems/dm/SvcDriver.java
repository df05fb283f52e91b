package halab.systems.dm;

import halab.bricks.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * The vendor's driver in one client program, as far as it chooses instances: the sessions of one
 * service. It decides; connections and time are the {@link Net}'s. Driver and sessions are used by
 * one thread at a time, except that a net may let another one in while it is asked something.
 *
 * @param <C> a connection
 */
public final class SvcDriver<C> {
  /**
   * What the driver needs of the world.
   *
   * @param <C> a connection
   */
  public interface Net<C> {
    /** Connects within a bounded time; null when nobody answers there who is open for clients. */
    C connect(SvcPlace place);

    /** Who is at the other end; null when no answer comes. */
    SvcPeer peer(C connection);

    /** Lets go of a connection, whatever its state. */
    void close(C connection);

    /** Lets time pass. */
    void pause(long ms);
  }

  private final SvcService service;
  private final Net<C> net;

  /** Sessions by number of the place they are connected to. */
  private final int[] sessions;

  private int turn;

  /**
   * A driver without sessions.
   *
   * @param rng where round robin begins
   */
  public SvcDriver(SvcService service, Net<C> net, Rng rng) {
    this.service = service;
    this.net = net;
    this.sessions = new int[service.places().size()];
    this.turn = rng.below(service.places().size());
  }

  public SvcService service() {
    return service;
  }

  /** A session that is not connected yet. */
  public SvcSession<C> session() {
    return new SvcSession<>(this);
  }

  Net<C> net() {
    return net;
  }

  /** An order for one connecting; the next one begins a place further on. */
  List<Integer> order() {
    List<Integer> order = service.order(turn);
    turn = (turn + 1) % service.places().size();
    return order;
  }

  /** A connection to this place with somebody whom the service accepts; null: there is none. */
  C accepted(int place) {
    C connection = net.connect(service.places().get(place));
    if (connection == null) {
      return null;
    }
    SvcPeer peer = net.peer(connection);
    if (peer != null && service.accepts(peer)) {
      return connection;
    }
    net.close(connection);
    return null;
  }

  /** Places where a session would be better off than at this one, the best first. */
  List<Integer> better(int than) {
    List<Integer> better = new ArrayList<>();
    if (service.reconnects(SvcService.RETURN) && service.epSelector() > 0) {
      List<Integer> order = service.order(0);
      better.addAll(order.subList(0, order.indexOf(than)));
    }
    if (service.reconnects(SvcService.LEVEL)) {
      for (int fewer = 0; fewer < sessions[than] - 1; fewer++) {
        for (int place = 0; place < sessions.length; place++) {
          if (sessions[place] == fewer && !better.contains(place)) {
            better.add(place);
          }
        }
      }
    }
    return better;
  }

  void count(int place, int more) {
    sessions[place] += more;
  }
}
