package halab.runtime.disk;

import halab.bricks.Slots;
import halab.kernel.Block;
import halab.kernel.Check;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Wire;
import halab.link.proto.DiskReply;
import java.util.ArrayList;
import java.util.List;

/** Disk effects and their outcomes as events. */
final class DiskRequests {
  private DiskRequests() {}

  static long number(Effect effect) {
    if (effect instanceof Effect.ReadBlocks read) {
      return read.request();
    }
    if (effect instanceof Effect.WriteBlock write) {
      return write.request();
    }
    if (effect instanceof Effect.WriteCopy copy) {
      return copy.request();
    }
    return fence(effect).request();
  }

  static String disk(Effect effect) {
    if (effect instanceof Effect.ReadBlocks read) {
      return read.disk();
    }
    if (effect instanceof Effect.WriteBlock write) {
      return write.disk();
    }
    if (effect instanceof Effect.WriteCopy copy) {
      return copy.disk();
    }
    return fence(effect).disk();
  }

  private static Effect.Fence fence(Effect effect) {
    Check.that(effect instanceof Effect.Fence, "%s is no disk effect", effect);
    return (Effect.Fence) effect;
  }

  /** What the reply means for the role that asked; each frame is checked right after reading. */
  static Event outcome(Effect effect, DiskReply reply, Wire wire) {
    return outcome(effect, reply, wire, false);
  }

  /** As above; {@code copies}: of a mirrored disk, so that blocks come with their writers. */
  static Event outcome(Effect effect, DiskReply reply, Wire wire, boolean copies) {
    long number = number(effect);
    String disk = disk(effect);
    switch (reply.getOutcomeCase()) {
      case READ -> {
        if (effect instanceof Effect.ReadBlocks read
            && reply.getRead().getFrameCount() == read.count()) {
          List<Block> blocks = blocks(read.first(), reply, wire, copies);
          return new Event.BlocksRead(number, disk, read.first(), blocks);
        }
        if (effect instanceof Effect.WriteCopy copy && reply.getRead().getFrameCount() == 1) {
          List<Block> newer = blocks(copy.block(), reply, wire, true);
          if (newer.get(0).writer() != null) {
            return new Event.BlocksRead(number, disk, copy.block(), newer);
          }
        }
      }
      case WRITTEN -> {
        if (effect instanceof Effect.WriteBlock write) {
          return new Event.BlockWritten(number, disk, write.block());
        }
        if (effect instanceof Effect.WriteCopy copy) {
          return new Event.BlockWritten(number, disk, copy.block());
        }
      }
      case FENCED -> {
        if (effect instanceof Effect.Fence fence) {
          return new Event.Fenced(number, disk, fence.victim(), fence.incarnation());
        }
      }
      case FAILED -> {
        return new Event.DiskFailed(number, disk, reply.getFailed());
      }
      default -> {}
    }
    return new Event.DiskFailed(number, disk, "the disk daemon's answer does not fit the request");
  }

  private static List<Block> blocks(int first, DiskReply reply, Wire wire, boolean copies) {
    int count = reply.getRead().getFrameCount();
    List<Block> blocks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] frame = reply.getRead().getFrame(i).toByteArray();
      blocks.add(copies ? Slots.copy(first + i, frame, wire) : Slots.read(first + i, frame, wire));
    }
    return blocks;
  }
}
