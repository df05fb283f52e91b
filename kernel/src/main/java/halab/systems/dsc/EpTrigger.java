package halab.systems.dsc;

import halab.dsc.proto.Command;
import halab.dsc.proto.MalAlter;
import halab.dsc.proto.MalAltered;
import halab.dsc.proto.MalAsk;
import halab.dsc.proto.MalGranted;
import halab.dsc.proto.MalPackage;
import halab.dsc.proto.MalShown;
import halab.dsc.proto.MalSync;
import halab.dsc.proto.MalThaw;
import halab.kernel.Block;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.redo.proto.RlogPkg;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the rows of dmasmsvr and dmserver are written against, decoded from plain events. */
final class EpTrigger {
  private EpTrigger() {}

  /** Something that is read to come up was read. */
  interface BootRead {}

  /** The DCR was read. */
  record DcrRead(List<Block> blocks) implements BootRead {
    @Override
    public String toString() {
      return "DcrRead";
    }
  }

  /** The own slot, as the last life left it, was read. */
  record SlotRead(List<Block> blocks) implements BootRead {
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

  /** The data disk failed something that the job in hand asked for. */
  record WorkFailed(String reason) {}

  /** The last heartbeat asked for is durable, or failed. */
  record SlotWritten(boolean durable) {}

  /** MAL: the control EP asks to stand still (phase 1 of a crash). */
  record Freeze(Endpoint from, long cmdSeq) {}

  /** MAL: that survivor stands still. */
  record Frozen(Endpoint from, long cmdSeq) {}

  /** MAL: the control EP asks to go on. */
  record Thaw(Endpoint from, MalThaw message) {
    long cmdSeq() {
      return message.getCmdSeq();
    }

    @Override
    public String toString() {
      return "Thaw[" + from + ", " + cmdSeq() + "]";
    }
  }

  /** MAL: that survivor goes on. */
  record Thawed(Endpoint from, long cmdSeq) {}

  /** The dmasmsvr of this node says whether files can be used. */
  record AsmSays(boolean open) {}

  /** The link to the dmasmsvr of this node stands, or broke. */
  record AsmLink(boolean up) {}

  /** With DMDCR_CHECK_CSS_ACTIVE: the link to the dmcss of this node stands, or broke. */
  record CssLink(boolean up) {}

  /** MAL: another EP tells the parameters that must be the same. */
  record SyncTold(Endpoint from, MalSync message) {
    @Override
    public String toString() {
      return "SyncTold[" + from + "]";
    }
  }

  /**
   * SQL: ALTER DATABASE, or what was said in its place.
   *
   * @param said how errors call it
   */
  record Alter(long requestId, To to, String said) {
    /** What it asks for. */
    enum To {
      MOUNT,
      OPEN,
      SUSPEND,
      NORMAL,
      PRIMARY,
      STANDBY,
      /** None of these. */
      OTHER
    }

    private static final Map<String, To> WORDS =
        Map.of(
            "MOUNT", To.MOUNT,
            "OPEN", To.OPEN,
            "OPEN FORCE", To.OPEN,
            "SUSPEND", To.SUSPEND,
            "NORMAL", To.NORMAL,
            "PRIMARY", To.PRIMARY,
            "STANDBY", To.STANDBY);

    static Alter of(Event.Statement statement) {
      String said = String.join(" ", statement.words()).toUpperCase(Locale.ROOT);
      boolean alter = said.startsWith("ALTER DATABASE ");
      String what = alter ? said.substring("ALTER DATABASE ".length()) : "";
      To to = WORDS.getOrDefault(what, To.OTHER);
      return new Alter(statement.requestId(), to, to == To.OTHER ? "ALTER DATABASE" : said);
    }

    @Override
    public String toString() {
      return to == To.OTHER ? "Alter" : "Alter[" + to + "]";
    }
  }

  /** Console: {@code exit}, all EPs of the group stop (reference 3.12). */
  record ConsoleExit(long request) {
    static boolean said(Event.Command command) {
      return String.join(" ", command.words()).strip().toLowerCase(Locale.ROOT).matches("exit ?;?");
    }
  }

  /** MAL: another EP carries out ALTER DATABASE for all. */
  record AlterAsked(Endpoint from, MalAlter message) {}

  /** MAL: its inst_status, for the ALTER DATABASE in hand. */
  record AlterTold(int ep, MalAltered message) {}

  /** A message that has no business here. */
  record Stranger(Endpoint from, String type) {}

  /** A link of the MAL system came or went; the job asks again by itself. */
  record PeerLink(Endpoint peer, boolean up) {}

  /** MAL: a peer tests the link. */
  record LinkAsked(Endpoint from) {}

  /** MAL: the link to this EP carries both ways. */
  record LinkAnswered(int ep) {}

  /** The link check IP was tested. */
  record IpTested(Event.Probed answer) {
    @Override
    public String toString() {
      return "IpTested[" + answer.host() + ", " + answer.reached() + "]";
    }
  }

  /** MAL_CHECK_IP was asked. */
  record MalIpTested(Event.Probed answer) {
    @Override
    public String toString() {
      return "MalIpTested[" + answer.host() + ", " + answer.reached() + "]";
    }
  }

  /** Answer to a question that is no longer open. */
  record Late() {}

  // ---- commits ----------------------------------------------------------------------------------

  /** Everything about commits; nothing to one that takes no part in them. */
  interface OfCommits {}

  /** A session wants a transaction committed. */
  record Commit(long tx, RlogPkg pkg) implements OfCommits {
    @Override
    public String toString() {
      return "Commit[" + tx + "]";
    }
  }

  /** MAL: an EP asks the control EP for places in the order. */
  record Ask(int from, MalAsk message) implements OfCommits {}

  /** MAL: the control EP grants or refuses places. */
  record Granted(int from, MalGranted message) implements OfCommits {}

  /** MAL: durable packages. */
  record Packages(int from, MalPackage message) implements OfCommits {}

  /** MAL: an EP tells its position. */
  record ShownBy(int from, MalShown message) implements OfCommits {}

  /**
   * MAL: a leader or one that starts asks for the position.
   *
   * @param adjust it takes the control role back
   */
  record Where(Endpoint peer, long cmdSeq, boolean adjust) implements OfCommits {}

  /** MAL: about commits of an epoch that is not the present one, or from no EP of the group. */
  record OtherEpoch(Endpoint from, String type) implements OfCommits {}

  /** The batch of redo that is being written is durable. */
  record RedoDone() implements OfCommits {}

  /** The own record, which a checkpoint brings up to date, stands on the data disk. */
  record RecordWritten() implements OfCommits {}

  /** It does not. */
  record RecordFailed(String reason) implements OfCommits {}

  /** The batch of redo that is being written failed. */
  record RedoFailed(String reason) implements OfCommits {
    boolean fenced() {
      return reason.equals("fenced");
    }
  }

  /** A redo thread that the command in hand has to read is damaged. */
  record RedoDamaged(String reason) implements OfCommits {}

  /** The own redo thread has no room until it is released up to this LSN. */
  record RedoFull(long neededLsn) implements OfCommits {}

  /** The checkpoint that was asked for: everything up to here outlives a crash. */
  record CheckpointDone(long lsn) implements OfCommits {}

  /** The image that was asked for holds everything up to here. */
  record ImageDone(long lsn) implements OfCommits {}

  /** The image that was asked for could not be written. */
  record ImageFailed(String reason) implements OfCommits {}

  /** The engine shows everything up to this LSN. */
  record AppliedUpTo(long lsn) implements OfCommits {}
}
