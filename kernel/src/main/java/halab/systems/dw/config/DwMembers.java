package halab.systems.dw.config;

import halab.kernel.Endpoint;
import halab.systems.dm.config.MalIni;
import java.util.List;
import java.util.Map;

/**
 * Who is who among the instances of a lab: the way from a name in a file to a host and its daemons.
 *
 * @param all in the order of dmmal.ini
 */
public record DwMembers(List<Member> all) {
  /** Role of the instances. */
  public static final String INSTANCE = "dmserver";

  /** Role of the watchers. */
  public static final String WATCHER = "dmwatcher";

  /**
   * One instance.
   *
   * @param host its host, and its watcher's
   * @param watcherPort where its watcher listens
   * @param sqlPort where it answers SQL
   * @param sentAs the type of the archive that leads there from here; null: none does
   */
  public record Member(
      String name, String host, int malPort, int watcherPort, int sqlPort, ArchType sentAs) {
    /** The instance's daemon. */
    public Endpoint instance() {
      return new Endpoint(host, INSTANCE);
    }

    /** Its watcher's daemon. */
    public Endpoint watcher() {
      return new Endpoint(host, WATCHER);
    }
  }

  /**
   * As a database host's files say.
   *
   * @throws halab.systems.ConfigException when dmmal.ini or dmarch.ini is wrong
   */
  public static DwMembers read(Map<String, String> files) {
    return of(MalIni.read(files, MalIni.DB_FILE), DmArchIni.read(files));
  }

  /** The instances of a MAL file, as seen from where these archives are. */
  public static DwMembers of(MalIni mal, DmArchIni arch) {
    return new DwMembers(mal.instances().stream().map(i -> member(i, arch.to(i.name()))).toList());
  }

  private static Member member(MalIni.Instance i, DmArchIni.Arch to) {
    ArchType type = to == null ? null : to.type();
    return new Member(i.name(), i.host(), i.port(), i.dwPort(), i.instPort(), type);
  }

  /** The instance of this name, upper or lower case alike; null if there is none. */
  public Member named(String name) {
    return all.stream().filter(m -> m.name().equalsIgnoreCase(name)).findFirst().orElse(null);
  }

  /** The instance on this host; null if there is none. */
  public Member on(String host) {
    return all.stream().filter(m -> m.host().equals(host)).findFirst().orElse(null);
  }
}
