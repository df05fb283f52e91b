package halab.systems.dm;

import static org.assertj.core.api.Assertions.assertThat;

import halab.bricks.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The driver's choices, against places that answer or do not. */
class SvcSessionTest {
  private static final String CONTROL = "Control node";
  private static final String NORMAL = "Normal node";

  /** Who answers at which host; what is tried is noted, pauses with their length. */
  private static final class Hosts implements SvcDriver.Net<String> {
    final Map<String, SvcPeer> up = new TreeMap<>();
    final List<String> tried = new ArrayList<>();
    final List<String> open = new ArrayList<>();

    Hosts up(String host, String role) {
      up.put(host, new SvcPeer("DSC" + host, "NORMAL", role));
      return this;
    }

    @Override
    public String connect(SvcPlace place) {
      tried.add(place.host());
      if (!up.containsKey(place.host())) {
        return null;
      }
      open.add(place.host());
      return place.host();
    }

    @Override
    public SvcPeer peer(String connection) {
      return up.get(connection);
    }

    @Override
    public void close(String connection) {
      open.remove(connection);
    }

    @Override
    public void pause(long ms) {
      tried.add("+" + ms);
    }
  }

  private final Hosts hosts = new Hosts().up("a", CONTROL).up("b", NORMAL).up("c", NORMAL);

  private SvcDriver<String> driver(String... settings) {
    String text = "svc=(a:1,b:1,c:1)\n" + String.join("\n", settings);
    SvcService service = SvcConf.parse("f", text).service("svc", Map.of());
    return new SvcDriver<>(service, hosts, new Rng(0));
  }

  private static SvcSession<String> connected(SvcDriver<String> driver) {
    SvcSession<String> session = driver.session();
    assertThat(session.connect()).isNull();
    return session;
  }

  @Test
  void roundRobinTakesOnePlaceAfterTheOther() {
    SvcDriver<String> driver = driver();
    List<String> first = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      first.add(connected(driver).connection());
    }

    assertThat(first.subList(0, 3)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(first.subList(3, 6)).isEqualTo(first.subList(0, 3));
  }

  @Test
  void aSelectorTakesItsPlaceFirstAndThenFromTheTop() {
    hosts.up.remove("b");
    hosts.up.remove("a");
    SvcSession<String> session = connected(driver("EP_SELECTOR=(2)", "SWITCH_INTERVAL=(70)"));

    assertThat(hosts.tried).containsExactly("b", "+70", "a", "+70", "c");
    assertThat(session.place()).isEqualTo(new SvcPlace("c", 1));
  }

  @Test
  void theListIsGoneThroughSwitchTimesTimes() {
    hosts.up.clear();
    SvcSession<String> session =
        driver("EP_SELECTOR=(1)", "SWITCH_TIMES=(2)", "SWITCH_INTERVAL=(5)").session();

    assertThat(session.connect()).isEqualTo(SvcError.NOBODY);
    assertThat(hosts.tried)
        .containsExactly("a", "+5", "b", "+5", "c", "+5", "a", "+5", "b", "+5", "c");
    assertThat(session.connection()).isNull();
    assertThat(session.place()).isNull();
  }

  @Test
  void whoWantsTheControlEpLeavesTheOthersAlone() {
    SvcDriver<String> driver = driver("LOGIN_DSC_CTRL=(1)", "EP_SELECTOR=(3)");

    assertThat(connected(driver).connection()).isEqualTo("a");
    assertThat(hosts.open).containsExactly("a");
  }

  @Test
  void theModeHasToFit() {
    hosts.up.put("c", new SvcPeer("C", "PRIMARY", NORMAL));
    hosts.up.put("b", new SvcPeer("B", "STANDBY", NORMAL));

    assertThat(connected(driver("LOGIN_MODE=(1)")).connection()).isEqualTo("c");
    assertThat(connected(driver("LOGIN_MODE=(2)")).connection()).isEqualTo("b");
    assertThat(connected(driver("LOGIN_MODE=(0)", "EP_SELECTOR=(1)")).connection()).isEqualTo("a");
  }

  @Test
  void aLostConnectionIsSwitchedOrClosed() {
    SvcSession<String> switches = connected(driver("EP_SELECTOR=(1)", "AUTO_RECONNECT=(1)"));
    SvcSession<String> closes = connected(driver("EP_SELECTOR=(1)", "AUTO_RECONNECT=(6)"));
    hosts.up.remove("a");

    assertThat(switches.lost()).isEqualTo(SvcError.SWITCHED);
    assertThat(SvcError.SWITCHED.text()).isEqualTo("[-70065]:连接异常,切换当前连接成功.");
    assertThat(switches.connection()).isEqualTo("b");
    assertThat(closes.lost()).isEqualTo(SvcError.LOST);
    assertThat(closes.connection()).isNull();
    assertThat(closes.check()).isFalse();
    hosts.up.clear();
    assertThat(switches.lost()).isEqualTo(SvcError.NOBODY);
    assertThat(hosts.open).isEmpty();
  }

  @Test
  void itGoesBackToAnEarlierPlaceThatAnswersAgain() {
    hosts.up.remove("a");
    hosts.up.remove("b");
    SvcSession<String> session = connected(driver("EP_SELECTOR=(1)", "AUTO_RECONNECT=(2)"));
    assertThat(session.connection()).isEqualTo("c");
    assertThat(session.check()).isFalse();

    hosts.up("b", NORMAL);
    assertThat(session.check()).isTrue();
    assertThat(session.connection()).isEqualTo("b");

    hosts.up("a", CONTROL);
    hosts.tried.clear();
    assertThat(session.check()).isTrue();
    assertThat(hosts.tried).containsExactly("a");
    assertThat(session.check()).isFalse();
    assertThat(hosts.open).containsExactly("a");
  }

  @Test
  void withoutTheSummandItStays() {
    hosts.up.remove("a");
    SvcSession<String> session = connected(driver("EP_SELECTOR=(1)", "AUTO_RECONNECT=(1)"));
    hosts.up("a", CONTROL);

    assertThat(session.check()).isFalse();
    assertThat(session.connection()).isEqualTo("b");
  }

  @Test
  void sessionsAreLevelledToWithinOne() {
    hosts.up.remove("b");
    hosts.up.remove("c");
    SvcDriver<String> driver = driver("AUTO_RECONNECT=(4)");
    List<SvcSession<String>> sessions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sessions.add(connected(driver));
    }
    assertThat(sessions.get(0).check()).isFalse();

    hosts.up("b", NORMAL).up("c", NORMAL);
    List<Boolean> moved = sessions.stream().map(SvcSession::check).toList();

    assertThat(moved).containsExactly(true, true, true, false, false);
    assertThat(hosts.open).containsExactlyInAnyOrder("a", "a", "b", "b", "c");
    assertThat(sessions.stream().anyMatch(SvcSession::check)).isFalse();
  }
}
