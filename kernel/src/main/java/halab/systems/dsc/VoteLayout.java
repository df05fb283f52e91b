package halab.systems.dsc;

import halab.dsc.proto.GroupType;

/**
 * Where things lie on the VOTE disk, in blocks of 512 bytes. The vendor's layout is unpublished;
 * this one keeps what is documented: one fixed area per process for its heartbeat and for the one
 * command it may have, and a Kill that no command can overwrite (reference 1.3).
 *
 * <pre>
 *   0, 1            VoteHeader, two copies
 *   2+2g, 3+2g      GroupRecord of group g (CSS 0, ASM 1, DB 2), two copies written in turn
 *   16+4*(8g+n)     area of EP n of group g: +0 Heartbeat, +1 Command, +2 Kill, +3 unused
 * </pre>
 */
public final class VoteLayout {
  public static final int HEADER = 0;
  public static final int GROUPS = 3;
  public static final int EPS_MAX = 8;
  public static final int AREA_FIRST = 16;
  public static final int AREA_BLOCKS = 4;

  /** Blocks that a whole look at the disk reads. */
  public static final int USED = AREA_FIRST + AREA_BLOCKS * EPS_MAX * GROUPS;

  private VoteLayout() {}

  /** Sequence number of a group: CSS 0, ASM 1, DB 2. */
  public static int seq(GroupType type) {
    return type.getNumber() - 1;
  }

  public static GroupType type(int group) {
    return GroupType.forNumber(group + 1);
  }

  public static int groupRecord(int group, long generation) {
    return 2 + 2 * group + (int) (generation & 1);
  }

  public static int heartbeat(int group, int ep) {
    return AREA_FIRST + AREA_BLOCKS * (EPS_MAX * group + ep);
  }

  public static int command(int group, int ep) {
    return heartbeat(group, ep) + 1;
  }

  public static int kill(int group, int ep) {
    return heartbeat(group, ep) + 2;
  }
}
