package halab.systems.dsc;

import halab.dsc.proto.EpRecord;
import halab.kernel.Block;
import java.util.List;

/**
 * Where an EP's own small durable state lies on the shared data disk: blocks {@code 16+2n} and
 * {@code 17+2n}, written in turn, the higher LSN counts.
 */
public final class DataLayout {
  public static final int FIRST = 16;
  public static final int USED = 2 * VoteLayout.EPS_MAX;

  private DataLayout() {}

  static int record(int ep, long lsn) {
    return FIRST + 2 * ep + (int) (lsn & 1);
  }

  /** EP n's record among the blocks {@code FIRST} to {@code FIRST+USED}, or an empty one. */
  static EpRecord newest(List<Block> blocks, int ep) {
    EpRecord a = blocks.get(2 * ep).as(EpRecord.class);
    EpRecord b = blocks.get(2 * ep + 1).as(EpRecord.class);
    EpRecord none = EpRecord.newBuilder().setSeqno(ep).build();
    EpRecord best = a == null ? none : a;
    return b != null && b.getLsn() > best.getLsn() ? b : best;
  }
}
