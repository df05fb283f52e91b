package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.bricks.Mirror;
import halab.dsc.proto.DcrImage;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where things lie on a DCRV disk of a mirror build: like every disk its own label, then a DCR and
 * a VTD, the same on all of them (manual: every DCRV disk has one DCR file and one VTD file).
 *
 * <pre>
 *   14, 15     label of this disk
 *   256 ...    DCR, as {@link DcrLayout}
 *   512 ...    VTD, as {@link VoteLayout}
 * </pre>
 */
public final class DcrvLayout {
  /** First block of the DCR. */
  public static final int DCR = 256;

  /** First block of the VTD. */
  public static final int VTD = 512;

  private DcrvLayout() {}

  /** The folder that DMDCR_PATH and DCR_DISK_LOAD_PATH name for a disk in it. */
  public static String folder(String disk) {
    return disk.substring(0, disk.lastIndexOf('/'));
  }

  /** How processes name the VTD of the disks in this folder; the DCR has the folder's own name. */
  public static String vtd(String folder) {
    return folder + "/VTD";
  }

  /** What processes take for the DCR and the VOTE disk. */
  public static List<Mirror.Part> parts(String folder) {
    return List.of(
        new Mirror.Part(folder, DCR, DcrLayout.USED),
        new Mirror.Part(vtd(folder), VTD, VoteLayout.USED));
  }

  /** First content of a DCRV disk. */
  public static SortedMap<Integer, Message> blocks(DcrImage image) {
    SortedMap<Integer, Message> blocks = new TreeMap<>();
    // The label of the DCRV group, whose name is the vendor's; import and export note there.
    AsmLabel.on(DcrLayout.blocks(image), "dcrvdisk", "SYS")
        .forEach((block, message) -> blocks.put(DCR + block, message));
    DcrLayout.voteBlocks(image).forEach((block, message) -> blocks.put(VTD + block, message));
    return blocks;
  }
}
