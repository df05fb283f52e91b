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
    return fence(effect).request();
  }

  static String disk(Effect effect) {
    if (effect instanceof Effect.ReadBlocks read) {
      return read.disk();
    }
    if (effect instanceof Effect.WriteBlock write) {
      return write.disk();
    }
    return fence(effect).disk();
  }

  private static Effect.Fence fence(Effect effect) {
    Check.that(effect instanceof Effect.Fence, "%s is no disk effect", effect);
    return (Effect.Fence) effect;
  }

  /** What the reply means for the role that asked; each frame is checked right after reading. */
  static Event outcome(Effect effect, DiskReply reply, Wire wire) {
    long number = number(effect);
    String disk = disk(effect);
    switch (reply.getOutcomeCase()) {
      case READ -> {
        if (effect instanceof Effect.ReadBlocks read
            && reply.getRead().getFrameCount() == read.count()) {
          return new Event.BlocksRead(number, disk, read.first(), blocks(read, reply, wire));
        }
      }
      case WRITTEN -> {
        if (effect instanceof Effect.WriteBlock write) {
          return new Event.BlockWritten(number, disk, write.block());
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

  private static List<Block> blocks(Effect.ReadBlocks read, DiskReply reply, Wire wire) {
    List<Block> blocks = new ArrayList<>(read.count());
    for (int i = 0; i < read.count(); i++) {
      blocks.add(Slots.read(read.first() + i, reply.getRead().getFrame(i).toByteArray(), wire));
    }
    return blocks;
  }
}
