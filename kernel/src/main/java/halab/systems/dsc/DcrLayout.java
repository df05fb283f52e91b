package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrHeader;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.VoteHeader;
import halab.kernel.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where things lie on the DCR disk, in blocks of 512 bytes, everything in two copies so that a torn
 * or flipped block loses nothing.
 *
 * <pre>
 *   0, 1              DcrHeader
 *   2+2g, 3+2g        DcrGroup of group g, written in turn, the higher generation counts
 *   16+2*(8g+n), +1   DcrEp n of group g
 * </pre>
 */
public final class DcrLayout {
  /** Blocks that hold the whole DCR. */
  public static final int USED = 16 + 2 * VoteLayout.EPS_MAX * VoteLayout.GROUPS;

  /** First block of the EPs. */
  public static final int FIRST_EP = 16;

  public static final int VERSION = 1;

  private DcrLayout() {}

  public static int group(int group, long generation) {
    return 2 + 2 * group + (int) (generation & 1);
  }

  static int ep(int group, int ep) {
    return FIRST_EP + 2 * (VoteLayout.EPS_MAX * group + ep);
  }

  /** First content of a DCR disk. */
  public static SortedMap<Integer, Message> blocks(DcrImage image) {
    SortedMap<Integer, Message> blocks = new TreeMap<>();
    put(blocks, 0, image.getHeader());
    for (DcrGroup group : image.getGroupList()) {
      put(blocks, group(VoteLayout.seq(group.getType()), 0), group);
    }
    for (DcrEp ep : image.getEpList()) {
      put(blocks, ep(VoteLayout.seq(ep.getType()), ep.getSeqno()), ep);
    }
    return blocks;
  }

  /** First content of a VOTE disk that goes with this DCR. */
  public static SortedMap<Integer, Message> voteBlocks(DcrImage image) {
    SortedMap<Integer, Message> blocks = new TreeMap<>();
    put(blocks, VoteLayout.HEADER, voteHeader(image));
    return blocks;
  }

  /** The header of the VOTE disk that goes with this DCR. */
  public static VoteHeader voteHeader(DcrImage image) {
    VoteHeader.Builder header =
        VoteHeader.newBuilder()
            .setVersion(VERSION)
            .setOguid(image.getHeader().getOguid())
            .setVtdPath(image.getHeader().getVtdPath());
    image.getGroupList().stream()
        .sorted((a, b) -> a.getTypeValue() - b.getTypeValue())
        .forEach(g -> header.addNEp(g.getNEp()).addDskchkCnt(g.getDskchkCnt()));
    return header.build();
  }

  /** Why a VOTE disk with these first blocks is not the one of this DCR; null: it is. */
  public static String voteProblem(DcrImage image, List<Block> blocks) {
    VoteHeader first = blocks.get(0).as(VoteHeader.class);
    VoteHeader header = first == null ? blocks.get(1).as(VoteHeader.class) : first;
    String path = image.getHeader().getVtdPath();
    if (header == null) {
      return "VOTE disk " + path + ": " + unreadable(blocks, 0, "header").getMessage();
    }
    if (!header.equals(voteHeader(image))) {
      return "VOTE disk "
          + path
          + " does not belong to this DCR (its header says OGUID "
          + header.getOguid()
          + ", the DCR "
          + image.getHeader().getOguid()
          + "; or path, EPs or disk check counts differ); give it the VOTE disk that was made with"
          + " the DCR, or make the lab anew with halab init";
    }
    return null;
  }

  /** Damaged blocks among these, as "block 3: checksum wrong". */
  public static List<String> damages(List<Block> blocks, int from, int to) {
    List<String> damages = new ArrayList<>();
    for (int i = from; i < to; i++) {
      if (blocks.get(i).damage() != null) {
        damages.add("block " + i + ": " + blocks.get(i).damage());
      }
    }
    return damages;
  }

  /** What belongs into the damaged blocks of this DCR, of which a good copy is left. */
  static SortedMap<Integer, Message> repairs(List<Block> blocks) {
    SortedMap<Integer, Message> repairs = new TreeMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      Message copy = blocks.get(i ^ 1).payload();
      if (blocks.get(i).damage() != null && copy != null) {
        repairs.put(i, copy);
      }
    }
    return repairs;
  }

  private static void put(SortedMap<Integer, Message> blocks, int at, Message message) {
    blocks.put(at, message);
    blocks.put(at + 1, message);
  }

  /**
   * The DCR as the blocks 0 to {@link #USED} hold it.
   *
   * @throws Unreadable when no good copy of a part is left; the message names block and remedy
   */
  public static DcrImage read(List<Block> blocks) throws Unreadable {
    DcrHeader header = either(blocks, 0, DcrHeader.class, "header");
    DcrImage.Builder image = DcrImage.newBuilder().setHeader(header);
    for (int g = 0; g < VoteLayout.GROUPS; g++) {
      DcrGroup group = group(blocks, g);
      if (group == null) {
        throw dcr(unreadable(blocks, group(g, 0), "group " + VoteLayout.type(g)));
      }
      image.addGroup(group);
      for (int n = 0; n < group.getNEp(); n++) {
        image.addEp(either(blocks, ep(g, n), DcrEp.class, "EP " + n + " of " + group.getName()));
      }
    }
    return image.build();
  }

  /**
   * A group as the blocks 0 to {@link #USED} have it; null when no good copy is left. Where the CSS
   * group, which has no marks, has grown more, {@code extend dcrdisk} has added an EP here too, and
   * a CSS that had not heard of it has written a fault mark since: the EP is a member, in ERROR.
   */
  static DcrGroup group(List<Block> blocks, int g) {
    DcrGroup newest = newest(blocks.get(group(g, 0)), blocks.get(group(g, 1)));
    DcrGroup css = newest(blocks.get(group(0, 0)), blocks.get(group(0, 1)));
    if (newest == null || css == null) {
      return newest;
    }
    DcrGroup.Builder whole = newest.toBuilder();
    for (int n = newest.getNEp(); n < css.getNEp() && has(blocks, ep(g, n)); n++) {
      whole.setNEp(n + 1);
      if (!newest.getErrEpList().contains(n)) {
        whole.addErrEp(n);
      }
    }
    return whole.build();
  }

  private static boolean has(List<Block> blocks, int at) {
    return blocks.get(at).as(DcrEp.class) != null || blocks.get(at + 1).as(DcrEp.class) != null;
  }

  /** Of a group's two blocks the one that counts; null when none is good. */
  private static DcrGroup newest(Block even, Block odd) {
    DcrGroup a = even.as(DcrGroup.class);
    DcrGroup b = odd.as(DcrGroup.class);
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.getGeneration() >= b.getGeneration() ? a : b;
  }

  private static <T extends Message> T either(
      List<Block> blocks, int at, Class<T> type, String what) throws Unreadable {
    T first = blocks.get(at).as(type);
    T second = blocks.get(at + 1).as(type);
    if (first == null && second == null) {
      throw dcr(unreadable(blocks, at, what));
    }
    return first == null ? second : first;
  }

  private static Unreadable dcr(Unreadable why) {
    return new Unreadable("DCR disk: " + why.getMessage());
  }

  private static Unreadable unreadable(List<Block> blocks, int at, String what) {
    List<String> why = new ArrayList<>();
    for (int i = at; i <= at + 1; i++) {
      Block block = blocks.get(i);
      why.add("block " + i + ": " + (block.damage() == null ? "not a " + what : block.damage()));
    }
    return new Unreadable(
        "no good copy of its "
            + what
            + " ("
            + String.join(", ", why)
            + "); restore it from a copy or make the lab anew with halab init");
  }

  /** The DCR cannot be used as it is. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }
}
