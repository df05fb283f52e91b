package halab.kernel;

import com.google.protobuf.Message;
import halab.redo.proto.RlogPkg;
import java.util.List;
import java.util.SortedMap;

/**
 * All that a role can want done. Effects are carried out in list order; none of them answers in
 * place. Requests to disks carry a number of the role's choosing, which the answer repeats.
 */
public sealed interface Effect {
  /** Dial this peer and keep the link up from now on; {@link Event.LinkUp} tells when it stands. */
  record Connect(Endpoint peer) implements Effect {}

  /** Send over the link if it stands; otherwise the message is dropped, as a network would. */
  record Send(Endpoint to, Message message) implements Effect {}

  /** Read {@code count} blocks. Answered by BlocksRead, DiskFailed or, by a silent disk, not. */
  record ReadBlocks(long request, String disk, int first, int count) implements Effect {}

  /** Write one block durably. Answered by BlockWritten, DiskFailed or not at all. */
  record WriteBlock(long request, String disk, int block, Message payload) implements Effect {}

  /**
   * One copy of a block for one of several mirrored disks ({@code bricks.Mirror}); no role asks for
   * it. Durable unless a sound block of a greater writer stands there. Without payload and writer
   * it empties a damaged block that nobody has ever written; anything sound stays. Answered by
   * BlockWritten, by BlocksRead with that greater block, by DiskFailed or not at all.
   */
  record WriteCopy(long request, String disk, int block, Message payload, Writer writer)
      implements Effect {}

  /** Make this disk refuse all writes of the victim up to and including that incarnation. */
  record Fence(long request, String disk, Endpoint victim, long incarnation) implements Effect {}

  // ---- data: roles that hold rows ---------------------------------------------------------------

  /** Open the engine of this instance. Answered by EngineOpened; asked again while it is open. */
  record OpenEngine(long request) implements Effect {}

  /**
   * Apply a package to the engine. Comes in rising order of LSN; an LSN without a package is left
   * out. Answered by Applied, which may stand for several.
   *
   * @param tx the engine's own transaction that it commits; 0 when the package came from elsewhere
   */
  record Apply(long lsn, RlogPkg pkg, long tx) implements Effect {}

  /** Answer to CommitAsked: the transaction is committed for good. */
  record Committed(long tx, long lsn) implements Effect {}

  /** Answer to CommitAsked: roll the transaction back; it left nothing behind. */
  record Refused(long tx, String sqlState, String why) implements Effect {}

  /**
   * Answer to Statement.
   *
   * @param sqlState null: it is done
   * @param text what was done ("ALTER DATABASE"), or why not, with the remedy
   */
  record StatementDone(long requestId, String sqlState, String text) implements Effect {}

  /**
   * End all sessions of clients; each is told this, and new ones may come. Not answered.
   *
   * @param sqlState as clients see it ("57P01")
   */
  record DropSessions(String sqlState, String why) implements Effect {}

  /**
   * Append packages, LSNs rising, to a redo thread on this disk, durably. Answered by RedoWritten,
   * DiskFailed (reason "fenced" when this life may write no more) or not at all. The same request
   * may be made again: what of it is in the thread already stays as it is, and what was released
   * meanwhile is left out.
   */
  record WriteRedo(long request, String disk, int thread, List<RlogPkg> pkgs) implements Effect {}

  /**
   * Read a redo thread from an LSN on. Answered by RedoRead, RedoDamaged, DiskFailed or not.
   *
   * @param most packages are read at most, the oldest ones
   */
  record ReadRedo(long request, String disk, int thread, long fromLsn, int most) implements Effect {
    /** All of them. */
    public ReadRedo(long request, String disk, int thread, long fromLsn) {
      this(request, disk, thread, fromLsn, Integer.MAX_VALUE);
    }
  }

  /** Make what is applied outlive a crash of the engine. Answered by Checkpointed. */
  record Checkpoint(long request) implements Effect {}

  /** Packages of this thread up to this LSN may be overwritten. Not answered. */
  record ReleaseRedo(String disk, int thread, long lsn) implements Effect {}

  /** Write an image of the engine to the shared disk. Answered by ImageSaved or DiskFailed. */
  record SaveImage(long request, String disk) implements Effect {}

  /** Replace the engine's content by the image. Answered by ImageLoaded or DiskFailed. */
  record LoadImage(long request, String disk) implements Effect {}

  // ---- this host --------------------------------------------------------------------------------

  /**
   * Find out whether another host of the lab answers on the network that carries links to it.
   * Answered by Probed, always, after a second or two at most.
   */
  record Probe(long request, String host) implements Effect {}

  /** Start a role on this host. Answered by Launched. */
  record Launch(String role) implements Effect {}

  /** End a role of this host at once, as kill -9 does. Answered by RoleEnded, always. */
  record EndRole(long request, String role) implements Effect {}

  /** Find out whether a process of this host is there. Answered by ProcessFound, always. */
  record FindProcess(long request, long pid) implements Effect {}

  /**
   * Write a small file of this host anew, durably and as a whole, or remove it. Answered by
   * FileSaved, always.
   *
   * @param name without a folder
   * @param text null: there shall be none
   */
  record SaveFile(long request, Folder folder, String name, String text) implements Effect {}

  /** Where a host keeps its small files. */
  enum Folder {
    /** The vendor's configuration files. */
    CONFIG,
    /** What the database keeps about itself (SYSTEM_PATH). */
    SYSTEM
  }

  /** Bring an address up or down on a network card of this host. Answered by AddressSet, always. */
  record SetAddress(String nic, String address, String mask, boolean up) implements Effect {}

  /** A line in the vendor's own log. */
  record Say(Level level, String text) implements Effect {}

  /**
   * Something for machines that no line of the vendor's log tells: a line of its own kind in {@code
   * events.jsonl}.
   */
  record Note(String kind, SortedMap<String, String> detail) implements Effect {}

  /** Text for whoever watches this daemon's console, complete lines. */
  record Print(String text) implements Effect {}

  /** Answer to an operator's command; exactly one {@code last} per request. */
  record Reply(long requestId, int exitCode, String text, boolean last) implements Effect {}

  /** End this process at once with this exit code. Nothing after it in the list is carried out. */
  record Halt(int exitCode, String reason) implements Effect {}

  /**
   * A row fired. Written by {@link Table}, never by an action; the edge counts all of them and logs
   * those that changed a phase or refused ({@code decision.log}).
   *
   * @param table the table's name, with the part it was run for if nested ("dsc-group DB")
   * @param on the trigger's readable form
   */
  record Fired(String table, int row, RowKind kind, String from, String to, String on, String why)
      implements Effect {}
}
