package halab.systems.dsc.asmcmd;

import static halab.systems.dsc.asmcmd.PaperSite.DATA;
import static halab.systems.dsc.asmcmd.PaperSite.DCR;
import static halab.systems.dsc.asmcmd.PaperSite.VOTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.GroupType;
import halab.kernel.Block;
import halab.systems.ConfigException;
import halab.systems.ToolSite;
import halab.systems.dsc.DataLayout;
import halab.systems.dsc.DcrLayout;
import halab.systems.dsc.config.DmdcrCfg;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What dmasmcmd writes, prints and refuses (reference 2.1, 2.5, 4.3, 4.7, 7.4). */
class DmasmcmdTest {
  private static final String IMPORT = "import dcrdisk '/dev/raw/dcr' from 'dmdcr_cfg.ini'";
  private static final String EXPORT = "export dcrdisk '/dev/raw/dcr' to 'exported.ini'";
  private static final String CLEAR = "clear dcrdisk err_ep_arr '/dev/raw/dcr' 'GRP_DSC'";

  private static void marks(PaperSite site, Integer... eps) {
    DcrGroup db = DmdcrCfg.group(site.dcr(), GroupType.DB);
    DcrGroup marked =
        db.toBuilder().clearErrEp().addAllErrEp(List.of(eps)).setGeneration(7).build();
    site.write(DCR, DcrLayout.group(2, 6), marked);
    site.write(DCR, DcrLayout.group(2, 7), marked);
  }

  @Test
  void theVendorsWayFromBlankDisksToALab() throws ToolSite.Failed {
    PaperSite site = new PaperSite(2);
    DcrImage made = site.dcr();
    site.blank();
    site.types("listdisks /dev/raw");
    assertThat(site.answer)
        .containsExactly(
            "[/dev/raw/data0]: normal disk",
            "[/dev/raw/dcr]: normal disk",
            "[/dev/raw/vote]: normal disk");
    assertThat(site.types("create dcrdisk '/dev/raw/dcr' 'dcr'")).isZero();
    assertThat(site.answer())
        .isEqualTo("[TRACE]The ASM initialize dcrdisk /dev/raw/dcr to name DMASMdcr");
    assertThat(site.types("CREATE VOTEDISK \"/dev/raw/vote\" vote 32M;")).isZero();
    assertThat(site.types("create asmdisk '/dev/raw/data0' 'DATA0' 100")).isZero();
    site.types("listdisks");
    assertThat(site.answer)
        .contains("[/dev/raw/dcr]: unused ASM disk, name:[DMASMdcr], size:[32M]");
    assertThat(site.types("init dcrdisk '/dev/raw/dcr' from 'dmdcr_cfg.ini' identified by 'abcd'"))
        .isZero();
    assertThat(site.types("init votedisk '/dev/raw/vote' from 'dmdcr_cfg.ini'")).isZero();
    assertThat(site.dcr()).isEqualTo(made);
    assertThat(site.voteFits()).isTrue();
    assertThat(site.types("check dcrdisk '/dev/raw/dcr'")).isZero();
    site.types("listdisks");
    assertThat(site.answer)
        .contains(
            "[/dev/raw/dcr]: used ASM disk, name:[DMASMdcr], size:[32M],"
                + " group_id:[126], disk_id:[0]",
            "[/dev/raw/vote]: used ASM disk, name:[DMASMvote], size:[32M],"
                + " group_id:[125], disk_id:[0]",
            "[/dev/raw/data0]: unused ASM disk, name:[DMASMDATA0], size:[1088M]");
  }

  @Test
  void aNewLabsDisksAreWhatTheToolWouldHaveMade() {
    PaperSite site = new PaperSite(2);
    site.types("listdisks '/dev/raw/'");
    assertThat(site.answer()).contains("name:[DMASMdcr]", "name:[DMASMvote]", "name:[DMASMdata0]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "format everything | there is no such command; help lists them",
        "clear dcrdisk '/dev/raw/dcr' | form: clear dcrdisk err_ep_arr 'PATH' 'GROUP'",
        "init dcrdisk '/dev/raw/dcr' from 'x' | form: init dcrdisk 'PATH' from 'FILE' identified",
        "listdisks '/dev/raw | a quote is not closed: '/dev/raw",
        "create dcrdisk '/dev/raw/dcr' 'a b' | is no name",
        "create dcrdisk '/dev/raw/dcr' 'd' 99M | has only 32M",
        "create dcrdisk '/dev/raw/dcr' 'd' big | 'big' is no size in megabytes",
        "create dcrdisk '/dev/raw/vote' 'd' | is this lab's votedisk and stays that",
        "create dcrdisk '/dev/sdx' 'd' | [code:-4546] error info :open /dev/sdx failed",
        "create emptyfile '/dev/raw/dcr' size 64 | has 32M in this lab, not 64M",
        "create emptyfile '/dev/raw/dcr' size 32 | exists",
        "listdisks '/dev/none' | -4546",
        "export dcrdisk '/dev/raw/vote' to 'x' | is this lab's votedisk",
        "init votedisk '/dev/raw/vote' from 'none.ini' | there is no file none.ini",
        "clear dcrdisk err_ep_arr '/dev/raw/dcr' 'GRP_X' | no group GRP_X; its groups are GRP_CSS",
        "init dcrdisk '/dev/raw/dcr' from 'dmdcr_cfg.ini' identified by 'a b' | the password is",
      })
  void whatMakesNoSenseIsRefusedWithOneLine(String line, String why) {
    PaperSite site = new PaperSite(2);
    assertThat(site.types(line)).isEqualTo(1);
    assertThat(site.answer).hasSize(1);
    assertThat(site.answer()).contains(" failed:").contains(why);
  }

  @Test
  void initWantsADiskThatWasCreated() {
    PaperSite site = new PaperSite(2).blank();
    site.types("init votedisk '/dev/raw/vote' from 'dmdcr_cfg.ini'");
    assertThat(site.answer())
        .isEqualTo(
            "init votedisk failed:/dev/raw/vote is no ASM disk; first: create votedisk"
                + " '/dev/raw/vote'");
  }

  @Test
  void initRefusesAFileThatContradictsItself() {
    PaperSite site = new PaperSite(2);
    DcrImage before = site.dcr();
    String good = site.files.get("dmdcr_cfg.ini");
    site.files.put(
        "bad.ini", good.replace("DCR_N_GRP = 3", "DCR_N_GRP = 2").replace("= DSC1", "= DSC0"));
    assertThat(site.types("init dcrdisk '/dev/raw/dcr' from 'bad.ini' identified by 'x'"))
        .isEqualTo(1);
    assertThat(site.answer()).contains("DCR_N_GRP is 2").contains("DCR_EP_NAME DSC0 is used");
    site.files.put("moved.ini", good.replace("/dev/raw/vote", "/dev/raw/dcr"));
    site.types("init votedisk '/dev/raw/vote' from 'moved.ini'");
    assertThat(site.answer()).contains("DCR_VTD_PATH is /dev/raw/dcr, not /dev/raw/vote");
    assertThat(site.dcr()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create dcrdisk '/dev/raw/dcr' 'dcr'",
        "init dcrdisk '/dev/raw/dcr' from 'dmdcr_cfg.ini' identified by 'abcd'",
        "init votedisk '/dev/raw/vote' from 'dmdcr_cfg.ini'",
        IMPORT
      })
  void nothingIsMadeAnewWhileTheClusterRuns(String line) {
    for (String role : List.of("dmcss", "dmasmsvr")) {
      PaperSite site = new PaperSite(2);
      site.types(EXPORT);
      site.running.add(role);
      assertThat(site.types(line)).isEqualTo(1);
      assertThat(site.answer()).contains("[code:-11034] error info :disk is in use: a " + role);
    }
  }

  @Test
  void aDataDiskWithADatabaseIsNotFormatted() {
    PaperSite site = new PaperSite(2);
    site.write(DATA, DataLayout.FIRST, EpRecord.newBuilder().setLsn(2).build());
    assertThat(site.types("create asmdisk '/dev/raw/data0' 'DATA0'")).isEqualTo(1);
    assertThat(site.answer()).contains("holds the redo of a database");
  }

  @Test
  void importWantsAnExportBeforeAndTakesWhatTheFileSays() throws ToolSite.Failed {
    PaperSite site = new PaperSite(2);
    marks(site, 0, 1);
    assertThat(site.types(IMPORT)).isEqualTo(1);
    assertThat(site.answer()).contains("import dcrdisk failed:[code:-802] error info :");
    assertThat(site.types(EXPORT)).isZero();
    String text = site.files.get("exported.ini");
    assertThat(text).contains("DCR_GRP_N_ERR_EP = 2", "DCR_GRP_ERR_EP_ARR = {0,1}");
    site.files.put(
        "edited.ini",
        text.replace("DCR_GRP_N_ERR_EP = 2", "DCR_GRP_N_ERR_EP = 1")
            .replace("{0,1}\n", "{1}\n")
            .replace("EP_ARR = {1}\nDCR_GRP_N", "EP_ARR = {0,1}\nDCR_GRP_N")
            .replace("DSKCHK_CNT = 5", "DSKCHK_CNT = 9"));
    String digest = site.dcr().getHeader().getAsmPasswordSha256();
    assertThat(site.types("import dcrdisk 'edited.ini' to '/dev/raw/dcr'")).isZero();
    DcrGroup db = DmdcrCfg.group(site.dcr(), GroupType.DB);
    assertThat(db.getErrEpList()).containsExactly(1);
    assertThat(db.getDskchkCnt()).isEqualTo(9);
    assertThat(db.getGeneration()).as("beats what stood there").isGreaterThan(7);
    assertThat(site.dcr().getHeader().getAsmPasswordSha256()).isEqualTo(digest);
    assertThat(site.voteFits()).as("VOTE says the counts as well").isTrue();
    assertThat(site.types(IMPORT)).as("one import an export").isEqualTo(1);
    assertThat(site.answer()).contains("-802");
  }

  @Test
  void clearTakesTheMarksOutOfBothCopiesAlsoWhileTheClusterRuns() throws ToolSite.Failed {
    PaperSite site = new PaperSite(2);
    marks(site, 0, 1);
    site.running.add("dmcss");
    assertThat(site.types(CLEAR.replace("GRP_DSC", "grp_dsc"))).isZero();
    assertThat(site.answer()).endsWith("group GRP_DSC: {0,1}");
    for (Block copy : site.read(DCR, DcrLayout.group(2, 0), 2)) {
      assertThat(copy.as(DcrGroup.class).getErrEpList()).isEmpty();
      assertThat(copy.as(DcrGroup.class).getGeneration()).as("the next mark beats it").isEqualTo(7);
    }
  }

  /** The file of a lab with more nodes, its first two the same. */
  private static String grown(PaperSite site, int nodes) {
    String file = "grown" + nodes + ".ini";
    site.files.put(file, new PaperSite(nodes).files.get("dmdcr_cfg.ini"));
    return "extend dcrdisk '/dev/raw/dcr' from '" + file + "'";
  }

  @Test
  void extendAddsOneNodeWhoseEpsAreInError() throws ToolSite.Failed {
    PaperSite site = new PaperSite(2);
    marks(site, 0);
    site.running.add("dmcss");
    assertThat(site.types(grown(site, 3))).as(site.answer()).isZero();
    DcrImage dcr = site.dcr();
    assertThat(DmdcrCfg.group(dcr, GroupType.DB).getErrEpList()).containsExactly(0, 2);
    assertThat(DmdcrCfg.group(dcr, GroupType.ASM).getErrEpList()).containsExactly(2);
    assertThat(dcr.getGroupList()).allMatch(g -> g.getNEp() == 3);
    assertThat(DmdcrCfg.eps(dcr, GroupType.DB)).extracting(e -> e.getName()).endsWith("DSC2");
    assertThat(site.voteFits()).isTrue();
  }

  @Test
  void extendChangesNothingElse() {
    PaperSite site = new PaperSite(3);
    DcrImage before = site.dcr();
    for (int nodes : List.of(2, 3, 5)) {
      assertThat(site.types(grown(site, nodes))).isEqualTo(1);
    }
    String four = new PaperSite(4).files.get("dmdcr_cfg.ini");
    site.files.put("renamed.ini", four.replace("= DSC1", "= DSCX"));
    site.files.put("oguid.ini", four.replace("63635", "63636"));
    site.types("extend dcrdisk '/dev/raw/dcr' from 'renamed.ini'");
    assertThat(site.answer()).contains("GRP_DSC: the EPs that are there already must stay");
    site.types("extend dcrdisk '/dev/raw/dcr' from 'oguid.ini'");
    assertThat(site.answer()).contains("DCR_OGUID cannot be changed");
    assertThat(site.dcr()).isEqualTo(before);
  }

  @Test
  void checkTellsDamageAndAVoteDiskThatDoesNotFit() {
    PaperSite site = new PaperSite(2).damage(DCR, 3).damage(VOTE, 0).damage(VOTE, 1);
    assertThat(site.types("check dcrdisk '/dev/raw/dcr'")).isEqualTo(1);
    assertThat(site.answer())
        .contains("GRP_DSC: 2 EPs, err_ep_arr {}")
        .contains("block 3: checksum wrong")
        .contains("VOTE disk /dev/raw/vote: no good copy of its header");
    site.damage(DCR, 2);
    assertThat(site.types("check dcrdisk '/dev/raw/dcr'")).isEqualTo(1);
    assertThat(site.answer()).contains("no good copy of its group CSS");
  }

  @Test
  void aDiskThatCannotBeReachedIsSaidAndTheOthersAreListed() {
    PaperSite site = new PaperSite(2).silent(VOTE);
    assertThat(site.types("listdisks")).isZero();
    assertThat(site.answer())
        .contains("[/dev/raw/vote]: cannot be read: the disk daemon does not answer")
        .contains("[/dev/raw/dcr]: used ASM disk");
    site.silent(DCR).types(CLEAR);
    assertThat(site.answer()).isEqualTo("clear dcrdisk failed:the disk daemon does not answer");
  }

  @Test
  void helpShowsEveryForm() {
    PaperSite site = new PaperSite(2);
    assertThat(site.types("help;")).isZero();
    assertThat(site.answer).contains("clear dcrdisk err_ep_arr 'PATH' 'GROUP'", "exit");
    assertThat(site.types("")).isZero();
    assertThat(site.answer).isEmpty();
  }

  @Test
  void aScriptHasItsHeadAndComments() {
    Dmasmcmd tool = new Dmasmcmd();
    assertThat(tool.script("s.txt", "#asm script file\n# mine\n\n listdisks\nhelp\r\n"))
        .containsExactly("listdisks", "help");
    assertThatThrownBy(() -> tool.script("s.txt", "listdisks\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("s.txt:1")
        .hasMessageContaining("#asm script file");
  }

  @Test
  void passwordsStayOutOfLogs() {
    Dmasmcmd tool = new Dmasmcmd();
    for (String password : List.of("'s3cret'", "\"s3cret\"", "s3cret", "'s3cret")) {
      String line = "init dcrdisk '/dev/raw/dcr' from 'x' Identified  BY " + password;
      assertThat(tool.logged(line)).doesNotContain("s3cret").contains("'x'");
    }
  }
}
