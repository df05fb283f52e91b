package halab.systems.dsc;

import halab.dsc.proto.Command;
import halab.kernel.Block;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import java.util.List;

/** What the rows of dmasmsvr and dmserver are written against, decoded from plain events. */
final class EpTrigger {
  private EpTrigger() {}

  /** The DCR was read. */
  record DcrRead(List<Block> blocks) {
    @Override
    public String toString() {
      return "DcrRead";
    }
  }

  /** The own slot, as the last life left it, was read. */
  record SlotRead(List<Block> blocks) {
    @Override
    public String toString() {
      return "SlotRead";
    }
  }

  /** The own area was read. */
  interface AreaRead {}

  /** Kill stands in the area, meant for this life. */
  record Killed() implements AreaRead {}

  /** A command that is not yet carried out stands in the area. */
  record Ordered(Command command) implements AreaRead {
    @Override
    public String toString() {
      return "Ordered[" + DscText.cmd(command.getCmd()) + ", " + command.getCmdSeq() + "]";
    }
  }

  /** Nothing new; {@code command} is the one that stands there for this life, or null. */
  record Quiet(Command command) implements AreaRead {
    @Override
    public String toString() {
      return "Quiet";
    }
  }

  /** The Kill area is damaged: nobody can tell whether we may live. */
  record Unreadable(String damage) implements AreaRead {}

  /** The disk failed the look at the area (or, in BOOT, at the DCR or slot). */
  record AreaFailed(String reason) {}

  /** Something that the job in hand waits for has happened. */
  record Progress(Event event) {
    @Override
    public String toString() {
      return "Progress[" + event.getClass().getSimpleName() + "]";
    }
  }

  /** The last heartbeat asked for is durable, or failed. */
  record SlotWritten(boolean durable) {}

  /** MAL: the control EP asks to stand still (phase 1 of a crash). */
  record Freeze(Endpoint from, long cmdSeq) {}

  /** MAL: that survivor stands still. */
  record Frozen(Endpoint from, long cmdSeq) {}

  /** MAL: the control EP asks to go on. */
  record Thaw(Endpoint from, long cmdSeq) {}

  /** MAL: that survivor goes on. */
  record Thawed(Endpoint from, long cmdSeq) {}

  /** The dmasmsvr of this node says whether files can be used. */
  record AsmSays(boolean open) {}

  /** The link to the dmasmsvr of this node stands, or broke. */
  record AsmLink(boolean up) {}

  /** A message that has no business here. */
  record Stranger(Endpoint from, String type) {}

  /** A link of the MAL system came or went; the job asks again by itself. */
  record PeerLink(Endpoint peer, boolean up) {}

  /** Answer to a question that is no longer open. */
  record Late() {}
}
