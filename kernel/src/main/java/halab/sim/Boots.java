package halab.sim;

import halab.kernel.Endpoint;
import halab.systems.Role;
import halab.systems.Site;
import java.util.Map;
import java.util.TreeMap;

/**
 * First states of the daemons of one plan, each made once while its files stay as they are: reading
 * them is the costly part.
 */
final class Boots {
  private record Made(Map<String, String> files, Map<String, String> saved, Object state) {
    boolean fits(Site site) {
      return files.equals(site.files()) && saved.equals(site.saved());
    }
  }

  private final Map<Endpoint, Made> first = new TreeMap<>();

  Object state(Role<Object> role, Site site) {
    Made made = first.get(site.self());
    if (made == null || !made.fits(site)) {
      made = new Made(site.files(), site.saved(), role.boot().apply(site));
      first.put(site.self(), made);
    }
    return made.state();
  }
}
