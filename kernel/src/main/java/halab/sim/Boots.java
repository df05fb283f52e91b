package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.Role;
import halab.systems.Site;
import java.util.Map;
import java.util.TreeMap;

/**
 * First states of the daemons of one plan, each made once: reading the files is the costly part.
 */
final class Boots {
  private final Map<Endpoint, Object> first = new TreeMap<>();

  Object state(Role<Object> role, Site site) {
    Object state = first.get(site.self());
    if (state == null) {
      state = role.boot().apply(site);
      first.put(site.self(), state);
    }
    return state;
  }
}
