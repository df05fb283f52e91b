package halab.systems.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.systems.ConfigException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SvcConfTest {
  private static SvcConf parse(String... lines) {
    return SvcConf.parse("dm_svc.conf", String.join("\n", lines));
  }

  private static SvcService service(String... lines) {
    return parse(lines).service("svc", Map.of());
  }

  private static void refused(String problem, String... lines) {
    assertThatThrownBy(() -> service(lines))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void whatIsNotSaidHasTheVendorsDefaults() {
    SvcService service = service("svc=(192.168.56.11:5236,[fe80::1]:5237,db3)");

    assertThat(service.places())
        .containsExactly(
            new SvcPlace("192.168.56.11", 5236),
            new SvcPlace("fe80::1", 5237),
            new SvcPlace("db3", SvcPlace.DEFAULT_PORT));
    assertThat(service.places()).hasToString("[192.168.56.11:5236, [fe80::1]:5237, db3:5236]");
    assertThat(service.switchTimes()).isEqualTo(1);
    assertThat(service.switchIntervalMs()).isEqualTo(200);
    assertThat(service.loginMode()).isEqualTo(4);
    assertThat(service.loginDscCtrl()).isFalse();
    assertThat(service.epSelector()).isZero();
    assertThat(service.autoReconnect()).isZero();
    assertThat(service.checkFreqMs()).isEqualTo(300_000);
  }

  @Test
  void aSectionCountsMoreThanTheHeadAndWhatIsAddedCountsMost() {
    String[] lines = {
      "# clients of two clusters",
      "TIME_ZONE=(480)   # Peking",
      "SWITCH_TIMES=(3)",
      "svc=(a:1,b:2)",
      "other = ( c:3 )",
      "",
      "[SVC]",
      "switch_time=60",
      "EP_SELECTION=(2)",
      "CLUSTER=(DSC)",
      "[other]",
      "LOGIN_DSC_CTRL=(1)"
    };

    SvcConf conf = parse(lines);
    SvcService service = conf.service("Svc", Map.of("AUTO_RECONNECT", "3", "ep_selector", "1"));

    assertThat(conf.services()).containsExactly("other", "svc");
    assertThat(conf.ignored()).containsExactly("TIME_ZONE");
    assertThat(service.switchTimes()).isEqualTo(60);
    assertThat(service.epSelector()).isEqualTo(1);
    assertThat(service.autoReconnect()).isEqualTo(3);
    assertThat(service.loginDscCtrl()).isFalse();
    assertThat(conf.service("other", Map.of()).loginDscCtrl()).isTrue();
    assertThat(conf.service("other", Map.of()).switchTimes()).isEqualTo(3);
  }

  @Test
  void whatIsWrongIsNamedWithItsLine() {
    refused("dm_svc.conf:2: AUTO_RECONNECT is '8'", "svc=(a:1)", "AUTO_RECONNECT=(8)");
    refused("dm_svc.conf:1: SWITCH_TIMES is 'often'", "SWITCH_TIMES=(often)", "svc=(a)");
    refused("dm_svc.conf:2: 'what is this' is no setting", "svc=(a:1)", "what is this");
    refused("dm_svc.conf:2: 'SWITCH_TIMSE' is none of the keys", "svc=(a:1)", "SWITCH_TIMSE=(3)");
    refused("dm_svc.conf:1: 'svc' is none of the keys", "svc=(a:70000)");
    refused("dm_svc.conf:3: there is no key 'TIMES'", "svc=(a:1)", "[svc]", "TIMES=(3)");
    String above = "services stand above all sections: move the line there";
    refused(above, "svc=(a:1)", "[svc]", "ar0=(n1:5236,n2:5237)");
    refused(above, "svc=(a:1)", "[svc]", "ar0=(n1,n2)");
    refused(above, "svc=(a:1)", "[svc]", "ar0=(10.0.0.1)");
    refused(above, "svc=(a:1)", "[svc]", "ar0=([fe80::1])");
    refused("write one of CLUSTER", "svc=(a:1)", "[svc]", "TIMES=(often)");
    refused("write one of CLUSTER", "svc=(a:1)", "[svc]", "TIMES=(1.5)");
    refused("write one of CLUSTER", "svc=(a:1)", "[svc]", "TIMES=(3,4)");
    refused("dm_svc.conf:2: [src] is the section of no service", "svc=(a:1)", "[src]");
    refused("dm_svc.conf:2: service 'SVC' is there twice", "svc=(a:1)", "SVC=(b:1)");
    refused("dm_svc.conf:2: CLUSTER is 'MPP'", "svc=(a:1)", "CLUSTER=(MPP)");
    refused("EP_SELECTOR of 'svc' is 3, its list has 2", "svc=(a:1,b:1)", "EP_SELECTOR=(3)");
    refused("there is no service 'svc'; its services are: other", "other=(a:1)");
    refused("there is no service 'svc'; its services are: none", "");
  }

  @Test
  void allProblemsAreNamedTogether() {
    assertThatThrownBy(() -> service("CHECK_FREQ=(0)", "svc=()", "LOGIN_MODE=(5)"))
        .hasMessageContaining("dm_svc.conf:1:")
        .hasMessageContaining("dm_svc.conf:2:")
        .hasMessageContaining("dm_svc.conf:3:");
  }
}
