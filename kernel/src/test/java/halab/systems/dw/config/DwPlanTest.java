package halab.systems.dw.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.kernel.Endpoint;
import halab.systems.ConfigException;
import halab.systems.LabPlan;
import halab.systems.LabPlan.DiskPlan;
import halab.systems.LabPlan.HostPlan;
import halab.systems.dm.config.MalIni;
import halab.systems.dsc.Golden;
import halab.systems.dw.DmCtl;
import halab.systems.dw.DmMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lab that is made from nothing, and what it may be asked for. */
class DwPlanTest {
  private static LabPlan plan(int hosts, String... overrides) {
    return DwPlan.plan(options(hosts, false, overrides));
  }

  private static LabPlan.Options options(int hosts, boolean fast, String... overrides) {
    Map<String, String> map = new TreeMap<>();
    for (String override : overrides) {
      int at = override.indexOf('=');
      map.put(override.substring(0, at), override.substring(at + 1));
    }
    return new LabPlan.Options(hosts, fast, 5200, map, Map.of());
  }

  private static String text(LabPlan plan) {
    StringBuilder all = new StringBuilder();
    for (HostPlan host : plan.hosts()) {
      host.files()
          .forEach((name, text) -> all.append("---- " + host.name() + "/" + name + "\n" + text));
    }
    return all.toString();
  }

  private static DmwatcherIni.Group group(LabPlan plan, String host) {
    return DmwatcherIni.read(plan.host(host).files()).groups().get(0);
  }

  private static DmCtl ctl(LabPlan plan, String host) {
    return DmCtl.read(plan.host(host).saved());
  }

  @Test
  void writesTheFilesOfALab() {
    Golden.matches("dw", "plan-two-hosts.txt", text(plan(2)));
  }

  @Test
  void writesTheFilesOfALabWithAnAsynchronousStandbyAndThreeConfirmMonitors() {
    String[] wish = {"async_standbys=1", "confirm_monitors=3", "monitors=1"};
    Golden.matches("dw", "plan-async-three-confirm.txt", text(plan(3, wish)));
  }

  @Test
  void namesHostsRolesPortsAndDisks() {
    LabPlan plan = plan(2);
    assertThat(plan.daemons())
        .extracting(Endpoint::toString)
        .containsExactly(
            "n1/dmserver", "n1/dmwatcher", "n2/dmserver", "n2/dmwatcher", "mon/dmmonitor");
    assertThat(plan.host("n2").ports()).isEqualTo(Map.of("dmserver", 5210, "dmwatcher", 5211));
    assertThat(plan.host("n2").sqlPorts()).isEqualTo(Map.of("dmserver", 5213));
    assertThat(plan.host("mon").ports()).isEqualTo(Map.of("dmmonitor", 5209));
    assertThat(plan.host("n1").networks()).containsExactly("public", "private");
    assertThat(plan.host("mon").networks()).containsExactly("private");
    assertThat(plan.disks())
        .containsExactly(
            DiskPlan.local("n1.online", "/dm/data/DAMENG/DAMENG01.log", "online", "n1"),
            DiskPlan.local("n1.arch", "/dm/arch", "archive", "n1"),
            DiskPlan.local("n2.online", "/dm/data/DAMENG/DAMENG01.log", "online", "n2"),
            DiskPlan.local("n2.arch", "/dm/arch", "archive", "n2"));
  }

  @Test
  void aNewLabIsAReadyGroupWhosePrimaryIsTheFirstHost() {
    LabPlan plan = plan(3);
    assertThat(ctl(plan, "n1").mode()).isEqualTo(DmMode.PRIMARY);
    assertThat(ctl(plan, "n2").mode()).isEqualTo(DmMode.STANDBY);
    assertThat(ctl(plan, "n3").oguid()).isEqualTo(453331);
    assertThat(ctl(plan, "n3").dbVersion()).isEqualTo(218);
    assertThat(ctl(plan, "n3").clean()).isTrue();
    assertThat(ctl(plan, "n1").permanentMagic()).isEqualTo(ctl(plan, "n2").permanentMagic());
    assertThat(ctl(plan, "n1").dbMagic()).isNotEqualTo(ctl(plan, "n2").dbMagic());
  }

  @Test
  void concludingAgainChangesNothingAndKeepsWhatIsSaved() {
    LabPlan plan = plan(3, "async_standbys=1", "confirm_monitors=3");
    assertThat(DwPlan.concluded(plan)).isEqualTo(plan);
    List<HostPlan> hosts = new ArrayList<>();
    for (HostPlan h : plan.hosts()) {
      hosts.add(
          new HostPlan(
              h.name(),
              h.startList(),
              h.nics(),
              h.ports(),
              h.sqlPorts(),
              h.files(),
              h.networks(),
              Map.of("dm.ctl", "mine")));
    }
    LabPlan saved = DwPlan.concluded(plan.withHosts(hosts));
    assertThat(saved.host("n1").saved()).isEqualTo(Map.of("dm.ctl", "mine"));
  }

  @Test
  void fastTakesTheShortestTimesTheVendorAllows() {
    LabPlan plan = DwPlan.plan(options(2, true));
    MalIni mal = MalIni.read(plan.host("n1").files(), MalIni.DB_FILE);
    assertThat(mal.checkIntervalS()).isEqualTo(1);
    assertThat(mal.connFailIntervalS()).isEqualTo(2);
    assertThat(group(plan, "n2").dwErrorTimeS()).isEqualTo(3);
    assertThat(group(plan, "n2").instErrorTimeS()).isEqualTo(3);
    assertThat(group(plan, "n2").instRecoverTimeS()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"1,0", "10,0", "3,2", "11,1"})
  void refusesGroupsThatAreTooSmallOrTooLarge(int hosts, int asyncs) {
    assertThatThrownBy(() -> plan(hosts, "async_standbys=" + asyncs))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("number of hosts: " + hosts + " hosts are asked for")
        .hasMessageContaining("2 to 9");
  }

  @Test
  void nineMembersAndSevenAsynchronousStandbysFindPortsOnOneMachine() {
    LabPlan plan = plan(16, "async_standbys=7");
    assertThat(plan.host("n9").ports()).isEqualTo(Map.of("dmserver", 5204, "dmwatcher", 5205));
    assertThat(plan.host("n16").sqlPorts()).isEqualTo(Map.of("dmserver", 5277));
    assertThatThrownBy(() -> plan(17, "async_standbys=8"))
        .hasMessageContaining("or give each host its own machine");
    LabPlan apart =
        DwPlan.plan(
            new LabPlan.Options(
                17, false, 5200, Map.of("async_standbys", "8"), Map.of(), "10.56.1"));
    assertThat(apart.host("n17").ports()).isEqualTo(Map.of("dmserver", 5200, "dmwatcher", 5201));
  }

  @Test
  void anAsynchronousStandbyIsFedByEveryMemberAndSendsNothing() {
    LabPlan plan = plan(4, "async_standbys=1");
    assertThat(group(plan, "n4").type()).isEqualTo(DmwatcherIni.Type.LOCAL);
    assertThat(group(plan, "n4").mode()).isEqualTo(DmwatcherIni.Mode.MANUAL);
    for (String host : List.of("n1", "n2", "n3")) {
      DmArchIni arch = DmArchIni.read(plan.host(host).files());
      assertThat(arch.members()).hasSize(2);
      DmArchIni.Arch async = arch.to("GRP1_LOCAL_01");
      assertThat(async.type()).isEqualTo(ArchType.ASYNC);
      DmTimerIni timers = DmTimerIni.read(plan.host(host).files());
      assertThat(timers.timer(async.timerName()).nextAfterMs(1)).isPositive();
    }
    assertThat(DmArchIni.read(plan.host("n4").files()).archives())
        .extracting(DmArchIni.Arch::type)
        .containsExactly(ArchType.LOCAL);
    assertThat(plan.host("n4").files()).doesNotContainKey("dmtimer.ini");
  }

  @Test
  void membersMayShipTimely() {
    DmArchIni arch = DmArchIni.read(plan(2, "arch_type=TIMELY").host("n1").files());
    assertThat(arch.targets(ArchType.TIMELY)).hasSize(1);
    assertThat(arch.targets(ArchType.REALTIME)).isEmpty();
  }

  @Test
  void membersFindEachOthersDaemonsByInstanceName() {
    DwMembers members = DwMembers.read(plan(3, "async_standbys=1").host("n1").files());
    assertThat(members.named("grp1_rt_02").watcher()).hasToString("n2/dmwatcher");
    assertThat(members.named("GRP1_RT_02").sentAs()).isEqualTo(ArchType.REALTIME);
    assertThat(members.named("GRP1_LOCAL_01").sentAs()).isEqualTo(ArchType.ASYNC);
    assertThat(members.on("n1").sentAs()).isNull();
    assertThat(members.on("n2").watcherPort()).isEqualTo(5211);
    assertThat(members.named("other")).isNull();
  }

  @Test
  void anAutomaticGroupHasOneConfirmMonitorAManualOneAnOrdinaryOne() {
    assertThat(DmmonitorIni.read(plan(2).host("mon").files()).confirm()).isTrue();
    LabPlan manual = plan(2, "DW_MODE=MANUAL");
    assertThat(manual.hosts()).hasSize(3);
    assertThat(DmmonitorIni.read(manual.host("mon").files()).confirm()).isFalse();
    LabPlan unguarded = plan(2, "confirm_monitors=0");
    assertThat(DmmonitorIni.read(unguarded.host("mon").files()).confirm()).isFalse();
    assertThat(plan(2, "confirm_monitors=0", "monitors=0").hosts()).hasSize(2);
  }

  @Test
  void confirmMonitorsComeBeforeOrdinaryOnes() {
    LabPlan plan = plan(2, "monitors=11");
    assertThat(plan.hosts()).hasSize(14);
    assertThat(DmmonitorIni.read(plan.host("mon").files()).confirm()).isTrue();
    assertThat(DmmonitorIni.read(plan.host("mon12").files()).confirm()).isFalse();
    assertThat(DwPlan.isMonitorHost("mon12")).isTrue();
  }

  @Test
  void threeConfirmMonitorsAreInstancesOfOne() {
    LabPlan plan = plan(2, "confirm_monitors=3");
    DmmonitorIni second = DmmonitorIni.read(plan.host("mon2").files());
    assertThat(second.instNum()).isEqualTo(3);
    assertThat(second.id()).isEqualTo(2);
    assertThat(second.mid()).isEqualTo(DmmonitorIni.read(plan.host("mon").files()).mid());
    assertThat(second.instance(3).host()).isEqualTo("mon3");
    assertThat(second.instance(3).port()).isEqualTo(plan.host("mon3").ports().get("dmmonitor"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "confirm_monitors=2",
        "confirm_monitors=9",
        "monitors=12",
        "monitors=-1",
        "async_standbys=9",
        "async_standbys=one",
        "arch_type=ASYNC",
        "arch_type="
      })
  void refusesOwnSettingsThatAreNone(String setting) {
    assertThatThrownBy(() -> plan(4, setting))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("setting '" + setting.substring(0, setting.indexOf('=')) + "'")
        .hasMessageContaining("give ");
  }

  @Test
  void theGroupsNumberReachesWatchersMonitorsAndDatabases() {
    LabPlan plan = plan(2, "INST_OGUID=7");
    assertThat(group(plan, "n2").oguid()).isEqualTo(7);
    assertThat(DmmonitorIni.read(plan.host("mon").files()).groups().get(0).oguid()).isEqualTo(7);
    assertThat(ctl(plan, "n1").oguid()).isEqualTo(7);
  }

  @Test
  void aNumberThatOneWatcherHasWrongIsALabToo() {
    LabPlan plan = plan(2, "n1/INST_OGUID=7");
    assertThat(group(plan, "n1").oguid()).isEqualTo(7);
    assertThat(ctl(plan, "n1").oguid()).isEqualTo(453331);
  }

  @Test
  void overridesReachEveryPlaceOrOneSectionOrOneHost() {
    LabPlan plan = plan(3, "DW_ERROR_TIME=20", "n2/INST_RECOVER_TIME=9", "grp1.INST_ERROR_TIME=8");
    assertThat(group(plan, "n3").dwErrorTimeS()).isEqualTo(20);
    assertThat(group(plan, "n2").instRecoverTimeS()).isEqualTo(9);
    assertThat(group(plan, "n1").instRecoverTimeS()).isEqualTo(60);
    assertThat(group(plan, "n1").instErrorTimeS()).isEqualTo(8);
    LabPlan one = plan(2, "GRP1_RT_02.MAL_LINK_MAGIC=5");
    MalIni mal = MalIni.read(one.host("n1").files(), MalIni.DB_FILE);
    assertThat(mal.instance("GRP1_RT_01").linkMagic()).isZero();
    assertThat(mal.instance("GRP1_RT_02").linkMagic()).isEqualTo(5);
    LabPlan arch = plan(2, "ARCHIVE_LOCAL1.ARCH_DEST=/dm/old");
    assertThat(arch.disks()).extracting(DiskPlan::path).contains("/dm/old");
    LabPlan removed = plan(2, "INST_STARTUP_CMD=", "INST_AUTO_RESTART=0");
    assertThat(group(removed, "n1").instStartupCmd()).isNull();
  }

  @Test
  void refusesAnOverrideOfNoKeyAndNamesTheNearest() {
    assertThatThrownBy(() -> plan(2, "DW_EROR_TIME=20"))
        .hasMessage(
            "setting 'DW_EROR_TIME': there is no such key; the nearest key is DW_ERROR_TIME");
  }

  @Test
  void refusesAnOverriddenValueWhereItStands() {
    assertThatThrownBy(() -> plan(2, "n1/DW_ERROR_TIME=2"))
        .hasMessageContaining("n1/dmwatcher.ini:4: DW_ERROR_TIME = '2' is outside 3 to 1800");
  }

  @Test
  void aRemoteArchiveGetsADiskForWhatComesIn() {
    LabPlan plan = plan(2);
    String remote = "\n[R]\nARCH_TYPE = REMOTE\nARCH_DEST = %s\nARCH_INCOMING_PATH = /dm/from\n";
    Map<String, String> files = new TreeMap<>();
    for (String host : List.of("n1", "n2")) {
      String other = host.equals("n1") ? "GRP1_RT_02" : "GRP1_RT_01";
      files.put(
          host + "/dmarch.ini",
          "ARCH_WAIT_APPLY = 0\n"
              + remote.replace("%s", other)
              + plan.host(host).files().get("dmarch.ini").replace("ARCH_WAIT_APPLY = 0", ""));
    }
    LabPlan with = DwPlan.plan(new LabPlan.Options(2, false, 5200, Map.of(), files));
    assertThat(with.disks())
        .contains(DiskPlan.local("n1.remote", "/dm/from", DiskPlan.ARCHIVE, "n1"));
    assertThat(DwMembers.read(with.host("n1").files()).named("GRP1_RT_02").sentAs())
        .as("the archive between members counts, wherever it stands")
        .isEqualTo(ArchType.REALTIME);
  }
}
