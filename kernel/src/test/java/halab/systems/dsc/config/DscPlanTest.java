package halab.systems.dsc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrHeader;
import halab.dsc.proto.VoteHeader;
import halab.kernel.Endpoint;
import halab.systems.ConfigException;
import halab.systems.LabPlan;
import halab.systems.LabPlan.HostPlan;
import halab.systems.dsc.AsmLabel;
import halab.systems.dsc.DcrvLayout;
import halab.systems.dsc.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DscPlanTest {
  private static LabPlan.Options options(int hosts, boolean fast, String... overrides) {
    Map<String, String> map = new TreeMap<>();
    for (String override : overrides) {
      int at = override.indexOf('=');
      map.put(override.substring(0, at), override.substring(at + 1));
    }
    return new LabPlan.Options(hosts, fast, 5200, map, Map.of());
  }

  private static LabPlan plan(String... overrides) {
    return DscPlan.plan(options(2, false, overrides));
  }

  private static String cfg(LabPlan plan) {
    return plan.host("n1").files().get(DmdcrCfg.FILE);
  }

  /** The plan after an operator has edited one file. */
  private static LabPlan edited(LabPlan plan, String host, String file, String old, String text) {
    List<HostPlan> hosts = new ArrayList<>();
    for (HostPlan h : plan.hosts()) {
      Map<String, String> files = new TreeMap<>(h.files());
      if (h.name().equals(host)) {
        assertThat(files.get(file)).contains(old);
        files.put(file, files.get(file).replace(old, text));
      }
      hosts.add(new HostPlan(h.name(), h.startList(), h.nics(), h.ports(), files));
    }
    return new LabPlan(plan.system(), hosts, plan.disks());
  }

  private static void refusedAfterEdit(
      String host, String file, String old, String text, String... parts) {
    LabPlan plan = edited(plan(), host, file, old, text);
    assertThatThrownBy(() -> DscPlan.concluded(plan))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void writesTheFilesOfALab() {
    StringBuilder all = new StringBuilder();
    for (HostPlan host : DscPlan.plan(options(2, false)).hosts()) {
      host.files()
          .forEach((name, text) -> all.append("---- " + host.name() + "/" + name + "\n" + text));
    }
    Golden.matches("plan-two-hosts.txt", all.toString());
  }

  @Test
  void namesHostsRolesPortsAndDisks() {
    LabPlan plan = plan();
    assertThat(plan.daemons())
        .extracting(Endpoint::toString)
        .containsExactly(
            "n1/dmcss",
            "n1/dmasmsvr",
            "n1/dmserver",
            "n2/dmcss",
            "n2/dmasmsvr",
            "n2/dmserver",
            "mon/dmcssm");
    assertThat(plan.host("n2").ports())
        .isEqualTo(Map.of("dmcss", 5210, "dmasmsvr", 5211, "dmserver", 5212));
    assertThat(plan.host("mon").ports()).isEqualTo(Map.of("dmcssm", 5209));
    assertThat(plan.disks())
        .extracting(LabPlan.DiskPlan::name)
        .containsExactly("dcr", "vote", "data0");
    assertThat(plan.disks())
        .extracting(LabPlan.DiskPlan::blockCount)
        .containsExactly(65536, 65536, 131072);
  }

  @Test
  void dcrvDisksStandForDcrAndVote() {
    LabPlan plan = plan("dcrv_disks=3", "ASM_PASSWORD=secret");
    assertThat(plan.disks())
        .extracting(LabPlan.DiskPlan::path)
        .containsExactly("/dev/raw/dcrv1", "/dev/raw/dcrv2", "/dev/raw/dcrv3", "/dev/raw/data0");
    Map<Integer, ?> first = new TreeMap<>(plan.disks().get(0).blocks());
    DcrHeader header = (DcrHeader) first.get(DcrvLayout.DCR);
    assertThat(header.getAsmPasswordSha256()).isEqualTo(DscPlan.sha256("secret"));
    assertThat(header.getDiskLoadPath()).isEqualTo("/dev/raw");
    assertThat(first.get(DcrvLayout.VTD)).isInstanceOf(VoteHeader.class);
    Map<Integer, ?> third = new TreeMap<>(plan.disks().get(2).blocks());
    first.keySet().removeIf(block -> block < DcrvLayout.DCR);
    third.keySet().removeIf(block -> block < DcrvLayout.DCR);
    assertThat(first).as("but for the labels all hold the same").isEqualTo(third);
    assertThat(plan.host("n1").files().get("dmdcr_cfg.ini"))
        .contains("DCR_DISK_LOAD_PATH = /dev/raw\n")
        .doesNotContain("DCR_VTD_PATH");
    assertThat(plan.host("n2").files().get("dmdcr.ini")).contains("DMDCR_PATH = /dev/raw\n");
    assertThat(DscPlan.concluded(plan)).isEqualTo(plan);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "2", "4", "7", "three", ""})
  void anyOtherNumberOfDcrvDisksIsOneError(String count) {
    assertThatThrownBy(() -> plan("dcrv_disks=" + count))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> {
              assertThat(e.problems()).hasSize(1);
              assertThat(e).hasMessageContaining("give 1, 3 or 5");
            });
  }

  @Test
  void makesTheFirstContentOfTheDisks() {
    LabPlan plan = plan("ASM_PASSWORD=secret");
    Map<Integer, ?> dcr = plan.disks().get(0).blocks();
    DcrHeader header = (DcrHeader) dcr.get(0);
    assertThat(dcr.get(1)).isEqualTo(header);
    assertThat(header.getOguid()).isEqualTo(63635);
    assertThat(header.getAsmPasswordSha256()).isEqualTo(DscPlan.sha256("secret"));
    assertThat(((DcrGroup) dcr.get(6)).getName()).isEqualTo("GRP_DSC");
    assertThat(((DcrEp) dcr.get(16 + 2 * (8 * 2 + 1))).getName()).isEqualTo("DSC1");
    VoteHeader vote = (VoteHeader) plan.disks().get(1).blocks().get(0);
    assertThat(vote.getDskchkCntList()).containsExactly(60, 60, 60);
    assertThat(plan.disks().get(2).blocks())
        .as("a label in two copies, nothing else")
        .containsOnlyKeys(AsmLabel.FIRST, AsmLabel.FIRST + 1);
  }

  @Test
  void concludingAgainChangesNothing() {
    LabPlan plan = plan("ASM_PASSWORD=secret");
    assertThat(DscPlan.concluded(plan)).isEqualTo(plan);
  }

  @Test
  void fastTakesTheShortestTimesTheVendorAllows() {
    LabPlan plan = DscPlan.plan(options(3, true));
    assertThat(((VoteHeader) plan.disks().get(1).blocks().get(0)).getDskchkCntList())
        .containsExactly(5, 5, 5);
    DmdcrIni dmdcr = DmdcrIni.read(plan.host("n3").files());
    assertThat(dmdcr.asmRestartIntervalS()).isEqualTo(5);
    assertThat(dmdcr.dbRestartIntervalS()).isEqualTo(5);
    assertThat(dmdcr.seqno()).isEqualTo(2);
  }

  @Test
  void takesTwoToEightHosts() {
    assertThat(DscPlan.plan(options(8, false)).hosts()).hasSize(9);
    for (int hosts : new int[] {1, 9}) {
      assertThatThrownBy(() -> DscPlan.plan(options(hosts, false)))
          .hasMessage("number of hosts: " + hosts + " hosts are asked for; DSC takes 2 to 8");
    }
  }

  @Test
  void overridesReachEveryPlaceOrOneGroupOrOneEpOrOneHost() {
    assertThat(cfg(plan("DCR_GRP_DSKCHK_CNT=9")).split("DSKCHK_CNT = 9", -1)).hasSize(4);
    String one = cfg(plan("grp_dsc.dcr_grp_dskchk_cnt=9"));
    assertThat(one.indexOf("DSKCHK_CNT = 9")).isGreaterThan(one.indexOf("GRP_DSC"));
    assertThat(cfg(plan("DSC1.DCR_VIP_NIC=enp0s80"))).contains("enp0s3", "enp0s80");
    LabPlan host = plan("n1/DMDCR_DB_RESTART_INTERVAL=0");
    assertThat(DmdcrIni.read(host.host("n1").files()).dbRestartIntervalS()).isZero();
    assertThat(DmdcrIni.read(host.host("n2").files()).dbRestartIntervalS()).isEqualTo(60);
  }

  @Test
  void anOverrideAddsAKeyThatIsNotWrittenByDefault() {
    LabPlan plan = plan("DMDCR_AUTO_OPEN_CHECK=30", "DMDCR_LINK_CHECK_IP=store");
    DmdcrIni dmdcr = DmdcrIni.read(plan.host("n2").files());
    assertThat(dmdcr.autoOpenCheckS()).isEqualTo(30);
    assertThat(dmdcr.linkCheckIp()).isEqualTo("store");
  }

  @Test
  void anEmptyOverrideRemovesAKey() {
    LabPlan plan = plan("DMDCR_DB_STARTUP_CMD=", "DCR_VIP=", "DCR_VIP_MASK=", "DCR_VIP_NIC=");
    assertThat(DmdcrIni.read(plan.host("n1").files()).dbStartupCmd()).isNull();
    assertThat(cfg(plan)).doesNotContain("VIP");
  }

  @Test
  void refusesAnOverrideOfNoKeyAndNamesTheNearest() {
    assertThatThrownBy(() -> plan("DCR_GRP_DSKCHK_COUNT=9"))
        .hasMessage(
            "setting 'DCR_GRP_DSKCHK_COUNT': there is no such key;"
                + " the nearest key is DCR_GRP_DSKCHK_CNT");
    assertThatThrownBy(() -> plan("NOPE=1"))
        .hasMessage(
            "setting 'NOPE': there is no such key; look for keys in the files that halab init"
                + " writes");
    // Five letters left out: less than a third of the known name, more of the one typed.
    assertThatThrownBy(() -> plan("RP_DSKCHK_CNT=9"))
        .hasMessageEndingWith("the nearest key is DCR_GRP_DSKCHK_CNT");
    assertThatThrownBy(() -> plan("DSKCHK_CNT=9"))
        .hasMessageEndingWith("look for keys in the files that halab init writes");
    assertThatThrownBy(() -> plan("GRP_X.DCR_GRP_DSKCHK_CNT=9"))
        .hasMessageContaining("no generated file has a place for it");
  }

  @Test
  void refusesAnOverriddenValueWhereItStands() {
    assertThatThrownBy(() -> plan("DCR_GRP_DSKCHK_CNT=3"))
        .hasMessageContaining("n1/dmdcr_cfg.ini:9: DCR_GRP_DSKCHK_CNT = '3' is outside 5 to 600");
  }

  @Test
  void aFileBroughtAlongReplacesTheGeneratedOne() {
    Map<String, String> files = plan().host("n2").files();
    String dmdcr = files.get(DmdcrIni.FILE).replace("INTERVAL = 60", "INTERVAL = 33");
    LabPlan plan =
        DscPlan.plan(new LabPlan.Options(2, false, 5200, Map.of(), Map.of("n2/dmdcr.ini", dmdcr)));
    assertThat(DmdcrIni.read(plan.host("n2").files()).asmRestartIntervalS()).isEqualTo(33);
    assertThat(DmdcrIni.read(plan.host("n1").files()).asmRestartIntervalS()).isEqualTo(60);
  }

  @Test
  void refusesAFileThatNoHostHas() {
    LabPlan.Options options =
        new LabPlan.Options(2, false, 5200, Map.of(), Map.of("n9/dmdcr.ini", ""));
    assertThatThrownBy(() -> DscPlan.plan(options))
        .hasMessageContaining("n9/dmdcr.ini: no host of this lab has such a file");
  }

  @Test
  void diskPathsFollowTheFiles() {
    LabPlan plan = plan("DCR_VTD_PATH=/dev/raw/vtd", "DMDCR_PATH=/dev/raw/d");
    assertThat(plan.disks())
        .extracting(LabPlan.DiskPlan::path)
        .containsExactly("/dev/raw/d", "/dev/raw/vtd", "/dev/raw/data0");
  }

  @Test
  void refusesAMonitorOfAnotherCluster() {
    refusedAfterEdit(
        "mon", "dmcssm.ini", "63635", "63636", "mon/dmcssm.ini:1: CSSM_OGUID is 63636");
  }

  @Test
  void refusesAMonitorThatKnowsNoCss() {
    refusedAfterEdit(
        "mon", "dmcssm.ini", "n2:5210", "n2:5299", "mon/dmcssm.ini:3", "n1:5200, n2:5210");
    refusedAfterEdit("mon", "dmcssm.ini", "n2:5210", "n2", "is not HOST:PORT");
  }

  @Test
  void refusesANodeNumberTakenTwice() {
    refusedAfterEdit(
        "n2",
        "dmdcr.ini",
        "SEQNO = 1",
        "SEQNO = 0",
        "n2/dmdcr.ini:3: DMDCR_SEQNO is 0, which n1 has already");
  }

  @Test
  void refusesAnInstanceOfAnotherName() {
    refusedAfterEdit(
        "n2", "dm.ini", "DSC1", "DSCX", "n2/dm.ini:1: INSTANCE_NAME is DSCX", "DB EP 1 DSC1");
  }

  @Test
  void refusesMalFilesThatDiffer() {
    refusedAfterEdit(
        "n2",
        "dmmal.ini",
        "MAL_CHECK_INTERVAL = 30",
        "MAL_CHECK_INTERVAL = 20",
        "n2/dmmal.ini: it differs from n1/dmmal.ini");
  }

  @Test
  void refusesMalMembersThatTheDcrDoesNotKnow() {
    refusedAfterEdit(
        "n1", "dmasvrmal.ini", "ASM1", "ASM7", "MAL_INST_NAME ASM7 is no ASM EP of the DCR");
    refusedAfterEdit("n2", "dmasvrmal.ini", "ASM1", "ASM7", "MAL_INST_NAME ASM1 is not listed");
  }

  @Test
  void refusesAnEpOnTheWrongHost() {
    refusedAfterEdit(
        "n1", "dmdcr_cfg.ini", "DCR_EP_HOST = n2", "DCR_EP_HOST = n1", "but node 1 is n2");
    refusedAfterEdit("n2", "dmmal.ini", "MAL_HOST = n2", "MAL_HOST = n7", "MAL_HOST of DSC1 is n7");
  }

  @Test
  void refusesPathsThatAreNotTheDisks() {
    refusedAfterEdit(
        "n1", "dmdcr_cfg.ini", "/dev/raw/vote", "/dev/raw/v", "DCR_VTD_PATH is /dev/raw/v");
    refusedAfterEdit("n2", "dmdcr.ini", "/dev/raw/dcr", "/dev/raw/d", "DMDCR_PATH is /dev/raw/d");
    refusedAfterEdit("n2", "dmdcr.ini", "/dm/etc/dmasvrmal.ini", "/x.ini", "DMDCR_MAL_PATH names");
    refusedAfterEdit(
        "n1",
        "dmdcr_cfg.ini",
        "DCR_EP_ASM_LOAD_PATH = /dev/raw",
        "DCR_EP_ASM_LOAD_PATH = /dev/ra",
        "does not lead to the data disk /dev/raw/data0");
  }

  @Test
  void refusesOnePortForTwoDaemons() {
    refusedAfterEdit(
        "n2",
        "dmdcr.ini",
        "DMDCR_SEQNO",
        "DMDCR_ASM_PORT = 5201\nDMDCR_SEQNO",
        "port 5201: it is meant for n1/dmasmsvr and for n2/dmasmsvr");
    refusedAfterEdit(
        "n2", "dm.ini", "5213", "5212", "it is meant for n2/dmserver and for PORT_NUM of DSC1");
  }

  @Test
  void aNodesOwnPortWinsOverTheDcr() {
    LabPlan plan =
        edited(plan(), "n2", "dmdcr.ini", "DMDCR_SEQNO", "DMDCR_CSS_PORT = 5218\nDMDCR_SEQNO");
    LabPlan both = edited(plan, "mon", "dmcssm.ini", "5210", "5218");
    assertThat(DscPlan.concluded(both).host("n2").ports()).containsEntry("dmcss", 5218);
  }

  @Test
  void refusesMissingFiles() {
    LabPlan plan = plan();
    List<HostPlan> hosts = new ArrayList<>(plan.hosts());
    hosts.replaceAll(h -> new HostPlan(h.name(), h.startList(), h.nics(), h.ports(), Map.of()));
    assertThatThrownBy(() -> DscPlan.concluded(new LabPlan("dsc", hosts, plan.disks())))
        .hasMessageContainingAll(
            "n1/dmdcr.ini: the file is missing",
            "n2/dm.ini: the file is missing",
            "mon/dmcssm.ini: the file is missing",
            "dmdcr_cfg.ini: no host has the file");
  }

  @Test
  void passesOtherHostsThrough() {
    LabPlan plan = plan();
    List<HostPlan> hosts = new ArrayList<>(plan.hosts());
    HostPlan store =
        new HostPlan("store", List.of("diskd"), List.of(), Map.of("diskd", 1), Map.of());
    hosts.add(store);
    assertThat(DscPlan.concluded(new LabPlan("dsc", hosts, plan.disks())).host("store"))
        .isEqualTo(store);
  }

  // ---- spare nodes ------------------------------------------------------------------------------

  @Test
  void aSpareNodeHasAllFilesAndIsNotInTheDcr() {
    LabPlan spare = DscPlan.plan(options(3, true, "spare_nodes=1"));
    assertThat(spare.spare()).containsExactly("n3");
    assertThat(spare.host("n3").files()).containsKeys("dmdcr.ini", "dm.ini", "dmmal.ini");
    assertThat(spare.host("n3").files().get("dmmal.ini")).contains("DSC2");
    assertThat(cfg(spare)).contains("DSC2");
    assertThat(spare.disks().get(0).blocks().values())
        .filteredOn(DcrGroup.class::isInstance)
        .hasSize(6)
        .allMatch(group -> ((DcrGroup) group).getNEp() == 2);
    assertThat(plan().spare()).isEmpty();
  }

  @Test
  void atLeastTwoNodesAreNotSpare() {
    for (String bad : List.of("2", "-1", "x", "")) {
      assertThatThrownBy(() -> DscPlan.plan(options(3, true, "spare_nodes=" + bad)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll("spare_nodes", "0 to 1");
    }
  }
}
