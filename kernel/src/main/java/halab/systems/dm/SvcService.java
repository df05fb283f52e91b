package halab.systems.dm;

import java.util.ArrayList;
import java.util.List;

/**
 * A service as dm_svc.conf describes it (reference 2.5; keys in the vendor's names).
 *
 * @param places the list, in the file's order; at least one
 * @param switchTimes SWITCH_TIMES: how often the whole list is gone through
 * @param switchIntervalMs SWITCH_INTERVAL: pause between two tries
 * @param loginMode LOGIN_MODE: 1 primary only, 2 standby only; 0, 3, 4 take any (which is preferred
 *     makes no difference among the EPs of one DSC, all of one mode)
 * @param loginDscCtrl LOGIN_DSC_CTRL: the control EP only
 * @param epSelector EP_SELECTOR: 0 round robin, N the Nth place first, then from the top
 * @param autoReconnect AUTO_RECONNECT: the sum of {@link #SWITCH}, {@link #RETURN}, {@link #LEVEL}
 * @param checkFreqMs CHECK_FREQ: how often RETURN and LEVEL look
 */
public record SvcService(
    String name,
    List<SvcPlace> places,
    long switchTimes,
    long switchIntervalMs,
    int loginMode,
    boolean loginDscCtrl,
    int epSelector,
    int autoReconnect,
    long checkFreqMs) {
  /** Connects to another EP when the connection is lost; the statement fails all the same. */
  public static final int SWITCH = 1;

  /** Goes back to a place before the present one in the order of EP_SELECTOR. */
  public static final int RETURN = 2;

  /** Spreads the client's sessions evenly over the EPs. */
  public static final int LEVEL = 4;

  public SvcService {
    places = List.copyOf(places);
  }

  /** Whether AUTO_RECONNECT holds this summand. */
  public boolean reconnects(int summand) {
    return (autoReconnect & summand) != 0;
  }

  /** Whether there is anything to look for each CHECK_FREQ. */
  public boolean checks() {
    return reconnects(RETURN) || reconnects(LEVEL);
  }

  /**
   * Numbers of the places in the order in which one round tries them.
   *
   * @param turn whose turn it is in round robin
   */
  List<Integer> order(int turn) {
    List<Integer> order = new ArrayList<>();
    if (epSelector > 0) {
      order.add(epSelector - 1);
    }
    for (int i = 0; i < places.size(); i++) {
      int place = epSelector > 0 ? i : (turn + i) % places.size();
      if (!order.contains(place)) {
        order.add(place);
      }
    }
    return order;
  }

  /** Whether a session may stay with this instance. */
  boolean accepts(SvcPeer peer) {
    boolean mode =
        switch (loginMode) {
          case 1 -> peer.mode().equals("PRIMARY");
          case 2 -> peer.mode().equals("STANDBY");
          default -> true;
        };
    return mode && (!loginDscCtrl || peer.isControl());
  }
}
