package halab.systems.dsc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.systems.ConfigException;
import halab.systems.LabPlan;
import halab.systems.dm.config.Problems;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Refusals of dmdcr_cfg.ini: DMDSC manual, chapter on configuration files. */
class DmdcrCfgTest {
  private static final String GOOD =
      DscPlan.plan(new LabPlan.Options(2, false, 5200, Map.of(), Map.of()))
          .host("n1")
          .files()
          .get(DmdcrCfg.FILE);

  private static DcrImage read(String text) {
    Problems problems = new Problems();
    DcrImage image = DmdcrCfg.read("cfg", text, problems);
    problems.throwIfAny();
    return image;
  }

  private static void refused(String text, String... parts) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigException.class)
        .satisfies(e -> assertThat(((ConfigException) e).problems()).hasSize(1))
        .hasMessageContainingAll(parts);
  }

  private static String with(String old, String replacement) {
    assertThat(GOOD).contains(old);
    return GOOD.replace(old, replacement);
  }

  private static String withFirst(String old, String replacement) {
    int at = GOOD.indexOf(old);
    assertThat(at).isNotNegative();
    return GOOD.substring(0, at) + replacement + GOOD.substring(at + old.length());
  }

  @Test
  void textAndImageTurnIntoEachOther() {
    DcrImage image = read(GOOD);
    assertThat(DmdcrCfg.write(image)).isEqualTo(GOOD);
    assertThat(read(DmdcrCfg.write(image))).isEqualTo(image);
  }

  @Test
  void anExportCarriesTheFaultMarksAndIsTakenBack() {
    DcrImage image = read(GOOD);
    DcrImage marked =
        image.toBuilder()
            .setGroup(2, DmdcrCfg.group(image, GroupType.DB).toBuilder().addErrEp(1))
            .build();
    String export = DmdcrCfg.export(marked);
    assertThat(export).contains("DCR_GRP_ERR_EP_ARR = {1}").contains("DCR_GRP_EP_ARR = {0,1}");
    assertThat(read(export)).isEqualTo(marked);
  }

  @Test
  void takesTheVendorsOwnManner() {
    String vendor =
        GOOD.replace(" = ", "=")
            .replace("DCR_N_GRP", "// three groups\n\tdcr_n_grp")
            .replace("/dev/raw/vote", "\"/dev/raw/vote\"  # the voting disk")
            .replace("\n", "\r\n");
    assertThat(read(vendor)).isEqualTo(read(GOOD));
  }

  @Test
  void epsWithoutSeqnoAreNumberedInOrder() {
    String text = GOOD.replaceAll("DCR_EP_SEQNO = \\d\n", "");
    assertThat(read(text)).isEqualTo(read(GOOD));
  }

  @Test
  void epsAreOrderedBySeqno() {
    String swapped =
        GOOD.replace("DCR_EP_SEQNO = 0", "DCR_EP_SEQNO = x")
            .replace("DCR_EP_SEQNO = 1", "DCR_EP_SEQNO = 0")
            .replace("DCR_EP_SEQNO = x", "DCR_EP_SEQNO = 1");
    assertThat(DmdcrCfg.eps(read(swapped), GroupType.DB))
        .extracting("name")
        .containsExactly("DSC1", "DSC0");
  }

  @Test
  void refusesAGroupCountThatIsNotTheRealOne() {
    refused(with("DCR_N_GRP = 3", "DCR_N_GRP = 2"), "cfg:1: DCR_N_GRP is 2", "3 [GRP] blocks");
  }

  @Test
  void refusesAnEpCountThatIsNotTheRealOne() {
    refused(withFirst("DCR_GRP_N_EP = 2", "DCR_GRP_N_EP = 3"), "DCR_GRP_N_EP is 3", "2 EP blocks");
  }

  @Test
  void refusesMoreEpsThanEight() {
    refused(withFirst("DCR_GRP_N_EP = 2", "DCR_GRP_N_EP = 9"), "is outside 1 to 8");
  }

  @Test
  void refusesCssAndAsmOfDifferentSize() {
    String ep = "[GRP_CSS]\nDCR_EP_NAME = CSS2\nDCR_EP_PORT = 6000\n\n[GRP]\nDCR_GRP_TYPE = ASM";
    String text =
        withFirst("DCR_GRP_N_EP = 2", "DCR_GRP_N_EP = 3").replace("[GRP]\nDCR_GRP_TYPE = ASM", ep);
    refused(text, "the ASM group has 2 EPs, the CSS group 3");
  }

  @Test
  void refusesMoreDbEpsThanCss() {
    int db = GOOD.indexOf("DCR_GRP_NAME = GRP_DSC");
    String text =
        GOOD.substring(0, db)
            + GOOD.substring(db).replace("DCR_GRP_N_EP = 2", "DCR_GRP_N_EP = 3")
            + "\n[GRP_DSC]\nDCR_EP_NAME = DSC2\nDCR_EP_SEQNO = 2\n";
    refused(text, "the DB group has 3 EPs, the CSS group only 2");
  }

  @Test
  void refusesDuplicateNames() {
    refused(with("DCR_EP_NAME = DSC1", "DCR_EP_NAME = dsc0"), "DCR_EP_NAME dsc0 is used on line");
    refused(with("GRP_DSC", "GRP_CSS"), "DCR_GRP_NAME GRP_CSS is used on line");
  }

  @Test
  void refusesDuplicateSeqnos() {
    refused(with("DCR_EP_SEQNO = 1", "DCR_EP_SEQNO = 0"), "DCR_EP_SEQNO 0 is used on line");
  }

  @Test
  void refusesASeqnoBeyondTheGroup() {
    refused(with("DCR_EP_SEQNO = 1", "DCR_EP_SEQNO = 2"), "DCR_EP_SEQNO = 2 is too high");
  }

  @Test
  void refusesASeqnoForSomeOnly() {
    refused(with("DCR_EP_SEQNO = 1\n", ""), "left out for others");
  }

  @Test
  void refusesASeqnoForCss() {
    refused(
        with("DCR_EP_NAME = CSS0", "DCR_EP_NAME = CSS0\nDCR_EP_SEQNO = 0"),
        "'DCR_EP_SEQNO' is not a key of a CSS EP",
        "belongs elsewhere");
  }

  @Test
  void refusesOnePortTwiceOnAHost() {
    refused(with("DCR_EP_PORT = 5201", "DCR_EP_PORT = 5200"), "DCR_EP_PORT n1:5200 is used");
  }

  @Test
  void refusesPortsOutOfRange() {
    refused(with("DCR_EP_PORT = 5201", "DCR_EP_PORT = 80"), "DCR_EP_PORT = '80'", "1024 to 65534");
  }

  @Test
  void refusesNamesLongerThanSixteenBytes() {
    refused(with("= DSC1", "= DSC1DSC1DSC1DSC1D"), "is not 1 to 16 bytes long");
  }

  @Test
  void refusesADiskCheckCountOutOfRange() {
    refused(withFirst("DSKCHK_CNT = 60", "DSKCHK_CNT = 4"), "is outside 5 to 600");
  }

  @Test
  void refusesPathsThatAreNotAscii() {
    refused(with("/dev/raw/vote", "/dev/raw/盘"), "DCR_VTD_PATH", "absolute path in ASCII");
  }

  @Test
  void refusesAnUnknownKeyAndNamesTheNearest() {
    refused(
        with("DCR_EP_NAME = DSC1", "DCR_EP_NAME = DSC1\nDCR_VIP_NIK = x"),
        "'DCR_VIP_NIK' is not a key of a DB EP",
        "the nearest key here is DCR_VIP_NIC");
  }

  @Test
  void refusesAnUnknownGroupType() {
    refused(
        with("DCR_GRP_TYPE = DB\n", "DCR_GRP_TYPE = DB\nDCR_GRP_TYPE = CSS\n"), "a second time");
    assertThatThrownBy(() -> read(with("DCR_GRP_TYPE = DB", "DCR_GRP_TYPE = DSC")))
        .hasMessageContainingAll("DCR_GRP_TYPE = 'DSC' is no group type", "there is no DB group");
  }

  @Test
  void refusesAnEpBlockWithoutItsGroup() {
    refused(GOOD + "\n[GRP_XYZ]\nDCR_EP_NAME = X\n", "[GRP_XYZ] names no group");
  }

  @Test
  void refusesHalfAVirtualAddress() {
    refused(withFirst("DCR_VIP_NIC = enp0s3\n", ""), "virtual address of DSC0 is incomplete");
  }

  @Test
  void refusesAVirtualAddressThatIsNone() {
    refused(with("192.168.56.122", "192.168.56.322"), "DCR_VIP = '192.168.56.322'", "address like");
  }

  @Test
  void refusesLoadPathsThatAreNotAbsolute() {
    refused(
        withFirst("DCR_EP_ASM_LOAD_PATH = /dev/raw", "DCR_EP_ASM_LOAD_PATH = /dev/raw,raw"),
        "not a list of at most 8 absolute ASCII paths");
  }

  @Test
  void refusesFaultMarksThatDoNotAddUp() {
    refused(
        withFirst("DCR_GRP_N_EP = 2", "DCR_GRP_N_EP = 2\nDCR_GRP_N_ERR_EP = 1"),
        "DCR_GRP_N_ERR_EP is 1, DCR_GRP_ERR_EP_ARR names 0");
    refused(
        withFirst("DCR_GRP_N_EP = 2", "DCR_GRP_N_EP = 2\nDCR_GRP_ERR_EP_ARR = {5}"),
        "names an EP that GRP_CSS does not have");
  }

  @Test
  void listsAllProblemsTogetherWithTheirLines() {
    assertThatThrownBy(() -> read("DCR_N_GRP = x\nhello\nDCR_OGUID = 0\n"))
        .isInstanceOf(ConfigException.class)
        .satisfies(
            e ->
                assertThat(((ConfigException) e).problems())
                    .extracting(ConfigException.Problem::line)
                    .startsWith(2, 1, 3));
  }

  @Test
  void survivesHostileInput() {
    for (String text :
        List.of(
            "x".repeat(2 << 20),
            "[".repeat(4000),
            "=\n=\n[]\n[=]\n==",
            "A=" + "b".repeat(5000),
            "\u0000\u001b[31m=1",
            "DCR_N_GRP = 99999999999999999999",
            "DCR_N_GRP = -1",
            "[GRP]\n".repeat(5000),
            "?\n".repeat(100_000))) {
      assertThatThrownBy(() -> read(text))
          .isInstanceOf(ConfigException.class)
          .satisfies(
              e -> {
                assertThat(((ConfigException) e).problems()).hasSizeLessThanOrEqualTo(101);
                assertThat(e.getMessage()).doesNotContain("\u001b", "\u0000");
              });
    }
  }
}
