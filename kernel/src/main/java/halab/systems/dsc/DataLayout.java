package halab.systems.dsc;

import halab.dsc.proto.EpRecord;
import halab.kernel.Block;
import java.util.List;

/**
 * What lies where on the shared data disk. An EP's own small durable state: blocks {@code 16+2n}
 * and {@code 17+2n}, written in turn, the higher LSN counts. Behind all blocks the redo threads of
 * the EPs, one after the other, and behind those two places for a checkpoint image, used in turn.
 */
public final class DataLayout {
  private static final long MIB = 1 << 20;

  /** Size of the part in blocks. */
  public static final int BLOCKS_MIB = 64;

  /** Bytes behind the blocks; the disk's file is sparse. */
  public static final long RANGE_BYTES = 1024 * MIB;

  /** First byte of the redo threads. */
  public static final long REDO_FIRST_BYTE = BLOCKS_MIB * MIB;

  /** Bytes of one segment of a redo thread. */
  public static final int SEGMENT_BYTES = 8 << 20;

  /** Segments of a redo thread, used round and round. */
  public static final int SEGMENTS = 4;

  /** First byte of the two places for a checkpoint image. */
  public static final long IMAGE_FIRST_BYTE =
      REDO_FIRST_BYTE + (long) VoteLayout.EPS_MAX * SEGMENTS * SEGMENT_BYTES;

  /** Bytes of one place for a checkpoint image. */
  public static final long IMAGE_BYTES = 384 * MIB;

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
