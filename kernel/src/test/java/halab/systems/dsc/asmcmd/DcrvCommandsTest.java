package halab.systems.dsc.asmcmd;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.DcrGroup;
import halab.kernel.Block;
import halab.systems.ToolSite;
import halab.systems.dsc.DcrLayout;
import halab.systems.dsc.DcrvLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** dmasmcmd in a mirror build: three DCRV disks in the folder /dev/raw. */
class DcrvCommandsTest {
  private static final int DB = DcrvLayout.DCR + DcrLayout.group(2, 0);
  private final PaperSite site = new PaperSite(2, Map.of("dcrv_disks", "3"));

  private Block on(int disk, int block) throws ToolSite.Failed {
    return site.read("/dev/raw/dcrv" + disk, block, 1).get(0);
  }

  private void mark(int disk) throws ToolSite.Failed {
    DcrGroup db = on(disk, DB).as(DcrGroup.class);
    for (int copy = 0; copy < 2; copy++) {
      DcrGroup marked = db.toBuilder().addErrEp(1).setGeneration(4).build();
      site.write("/dev/raw/dcrv" + disk, DB + copy, marked);
    }
  }

  @Test
  void listsTheDisks() {
    assertThat(site.types("listdisks")).isZero();
    assertThat(site.answer)
        .contains(
            "[/dev/raw/dcrv3]: used ASM disk, name:[DMASMdcrv3], size:[32M], group_id:[126],"
                + " disk_id:[2]");
  }

  @Test
  void checksAllByMajorityAndOneByItself() throws ToolSite.Failed {
    mark(1);
    mark(2);
    site.silent("/dev/raw/dcrv3");
    assertThat(site.types("check dcrvdisk '/dev/raw/'")).isNotZero();
    assertThat(site.answer())
        .contains("GRP_DSC: 2 EPs, err_ep_arr {1}", "/dev/raw: /dev/raw/dcrv3 cannot be read");
    site.silent(null);
    assertThat(site.types("check dcrvdisk '/dev/raw/'")).isZero();
    assertThat(site.answer()).endsWith("[TRACE]check dcrvdisk /dev/raw: no error");
    site.silent("/dev/raw/dcrv3");
    assertThat(site.types("check dcrvdisk '/dev/raw/dcrv3'")).isNotZero();
    site.silent("/dev/raw/dcrv1");
    assertThat(site.types("check dcrvdisk '/dev/raw/dcrv3'")).isZero();
    assertThat(site.answer()).contains("GRP_DSC: 2 EPs, err_ep_arr {}");
  }

  @Test
  void findsWhatIsWrongWithOneDiskAlsoWhereNobodyEverWrote() throws ToolSite.Failed {
    site.damage("/dev/raw/dcrv1", DcrvLayout.VTD + 40);
    assertThat(site.types("check dcrvdisk '/dev/raw'")).isNotZero();
    assertThat(site.answer()).contains("/dev/raw/dcrv1, from 512, block 40: checksum wrong");
    assertThat(site.types("check dcrvdisk '/dev/raw/dcrv2'")).isZero();
    for (int block = 14; block < 16; block++) {
      site.damage("/dev/raw/dcrv2", block).damage("/dev/raw/dcrv3", block);
    }
    assertThat(site.types("check dcrvdisk '/dev/raw/dcrv2'")).isNotZero();
    assertThat(site.answer()).contains("/dev/raw/dcrv2: its label is damaged or missing");
    assertThat(site.types("listdisks")).isZero();
    assertThat(site.answer).contains("[/dev/raw/dcrv2]: cannot be read: its label is damaged");
    for (int disk = 2; disk <= 3; disk++) {
      String create = "create dcrvdisk '/dev/raw/dcrv" + disk + "' 'dcrv" + disk + "'";
      assertThat(site.types(create)).as("the others hold the DCR").isEqualTo(disk == 2 ? 0 : 1);
    }
  }

  @Test
  void clearsMarksOnAllDisksAndWantsTheFolder() throws ToolSite.Failed {
    mark(1);
    mark(3);
    assertThat(site.types("clear dcrvdisk err_ep_arr '/dev/raw/dcrv1' 'GRP_DSC'")).isNotZero();
    assertThat(site.answer()).contains("name the folder of the DCRV disks, '/dev/raw'");
    assertThat(site.types("clear dcrvdisk err_ep_arr '/dev/raw' 'GRP_DSC'")).isZero();
    for (int disk = 1; disk <= 3; disk++) {
      assertThat(on(disk, DB + 1).as(DcrGroup.class).getErrEpList()).isEmpty();
    }
  }

  @Test
  void importsWhatWasExported() throws ToolSite.Failed {
    String in = "import dcrvdisk 'out.ini' to '/dev/raw'";
    assertThat(site.types(in)).isNotZero();
    assertThat(site.answer()).contains("[code:-802]", "export dcrvdisk");
    assertThat(site.types("export dcrvdisk '/dev/raw/dcrv2' to 'out.ini'")).isZero();
    String out = site.files.get("out.ini");
    assertThat(out).contains("DCR_DISK_LOAD_PATH = /dev/raw");
    site.files.put("out.ini", out.replace("DCR_GRP_DSKCHK_CNT = 5", "DCR_GRP_DSKCHK_CNT = 9"));
    assertThat(site.types(in)).as(site.answer()).isZero();
    assertThat(on(3, DB).as(DcrGroup.class).getDskchkCnt()).isEqualTo(9);
    assertThat(site.types("check dcrvdisk '/dev/raw'")).as(site.answer()).isZero();
  }

  @Test
  void makesOneDiskAnewWhileTheOthersHoldTheDcr() throws ToolSite.Failed {
    assertThat(site.types("create dcrvdisk '/dev/raw/dcrv2' 'fresh'")).isZero();
    assertThat(on(2, DB)).isEqualTo(Block.EMPTY);
    assertThat(site.types("create dcrvdisk '/dev/raw/dcrv3' 'fresh'")).isNotZero();
    assertThat(site.answer()).contains("halab init");
    site.running.add("dmcss");
    assertThat(site.types("create dcrvdisk '/dev/raw/dcrv2' 'fresh'")).isNotZero();
    assertThat(site.answer()).contains("[code:-11034]");
  }

  @Test
  void commandsOfTheOtherBuildAreRefusedClearly() {
    assertThat(site.types("check dcrdisk '/dev/raw/dcrv1'")).isNotZero();
    assertThat(site.answer()).contains("say dcrvdisk in the command");
    PaperSite plain = new PaperSite(2);
    assertThat(plain.types("check dcrvdisk '/dev/raw'")).isNotZero();
    assertThat(plain.answer()).contains("this lab has no dcrvdisk");
  }
}
