package halab.systems.dsc;

import halab.bricks.Beats;
import halab.dsc.proto.MonLogin;
import halab.dsc.proto.MonRequest;
import halab.kernel.Block;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import java.util.List;

/** What the rows of dmcss are written against, decoded from plain events. */
final class CssTrigger {
  private CssTrigger() {}

  /** Something that is read to come up was read. */
  interface BootRead {}

  /** The DCR was read. */
  record DcrRead(List<Block> blocks) implements BootRead {
    @Override
    public String toString() {
      return "DcrRead";
    }
  }

  /** What came of reading the DCR again for {@code extend node}. */
  interface OfExtension {}

  /** The DCR was read again. */
  record DcrAgain(List<Block> blocks) implements OfExtension {
    @Override
    public String toString() {
      return "DcrAgain";
    }
  }

  /** It could not be read. */
  record DcrUnread(String reason) implements OfExtension {}

  /** The own slot, as the last life left it, was read. */
  record SlotRead(List<Block> blocks) implements BootRead {
    @Override
    public String toString() {
      return "SlotRead";
    }
  }

  /** A look at the VOTE disk succeeded, whatever stands there. */
  interface Looked {}

  /** The whole VOTE disk was looked at; {@code beats} counts this look in. */
  record Look(Picture picture, Beats beats) implements Looked {
    @Override
    public String toString() {
      return "Look";
    }
  }

  /** Kill stands in the own area, meant for this life. */
  record Killed() implements Looked {}

  /** The own Kill area is damaged. */
  record Unreadable(String damage) implements Looked {}

  /** The disk failed the look. */
  record LookFailed(String reason) {}

  /** The last heartbeat asked for is durable, or failed. */
  record SlotWritten(boolean durable) {}

  /** News of a group's fault marks in the DCR. */
  interface OfMarks {}

  /** A group's fault marks are written, but not read back yet. */
  record MarkWritten(long request) implements OfMarks {}

  /** A group's fault marks stand in the DCR. */
  record Marked(long request) implements OfMarks {}

  /** A group's two blocks of the DCR were read before its start. */
  record MarksRead(int group, List<Block> blocks) implements OfMarks {
    @Override
    public String toString() {
      return "MarksRead[" + group + "]";
    }
  }

  /** A monitor logs in. */
  record Login(Endpoint from, MonLogin login) {
    @Override
    public String toString() {
      return "Login[" + login.getFromName() + " from " + from + "]";
    }
  }

  /** A monitor asks for something to be done. */
  record Asked(Endpoint from, MonRequest request) {
    @Override
    public String toString() {
      return "Asked[" + request.getOp() + " from " + from + "]";
    }
  }

  /** DMDCR_LINK_CHECK_IP was asked. */
  record IpTested(Event.Probed answer) {
    @Override
    public String toString() {
      return "IpTested[" + (answer.reached() ? "reached" : "silent") + "]";
    }
  }

  /** The CSS of another node is heard over the network. */
  record Heard(int seqno) {}

  /** Console of dmcss: {@code show}. */
  record ConsoleShow(long request) {}

  /** Console of dmcss, dialect C: {@code set master force}. */
  record ConsoleMaster(long request) {}

  /** Console of dmcss: {@code exit}, this dmcss stops (reference 3.12). */
  record ConsoleExit(long request) {}

  /** Console of dmcss, dialect C: {@code halt css SEQNO}. */
  record ConsoleHalt(long request, int seqno) {}

  /** Answer to a question that is no longer open, or a message that has no business here. */
  record Late() {}
}
