package halab.kernel;

import com.google.protobuf.Message;
import halab.redo.proto.RlogPkg;
import java.util.List;
import java.util.SortedMap;

/**
 * All that can happen to a role. Every outcome of an {@link Effect} comes back as one of these; an
 * outcome that never comes (a hung disk, a black hole) is an event that is not there, and the
 * role's own deadline decides.
 */
public sealed interface Event {
  /** First event of every life. {@code incarnation} rises with every life of this endpoint. */
  record Started(long incarnation, long pid) implements Event {}

  /** A deadline that the role reported through {@link Core#wakeAtMs} is due. */
  record Tick() implements Event {}

  /** A peer's message arrived. */
  record Received(Endpoint from, Message message) implements Event {}

  /** A link to this life of the peer stands, whoever dialled. */
  record LinkUp(Endpoint peer, long peerIncarnation) implements Event {}

  /** The link broke, or (again) could not be made. Told on the edge only, not per attempt. */
  record LinkDown(Endpoint peer, String reason) implements Event {}

  /** Answer to {@link Effect.ReadBlocks}. */
  record BlocksRead(long request, String disk, int first, List<Block> blocks) implements Event {}

  /** The block is durable. Answer to {@link Effect.WriteBlock}. */
  record BlockWritten(long request, String disk, int block) implements Event {}

  /** The disk refused or failed a request, and said so. */
  record DiskFailed(long request, String disk, String reason) implements Event {}

  /**
   * The state of mirrored disks has changed, as this process finds them.
   *
   * @param disks by path: OK, FAILED (errors, silence or old content), UNKNOWN (not asked yet)
   */
  record DisksJudged(SortedMap<String, String> disks) implements Event {}

  /** Answer to {@link Effect.Fence}: from now on the disk refuses writes of that life. */
  record Fenced(long request, String disk, Endpoint victim, long incarnation) implements Event {}

  /** The engine is open and holds everything up to this LSN. Answer to OpenEngine. */
  record EngineOpened(long request, long lsn) implements Event {}

  /** Everything up to this LSN is in the engine and visible to readers. */
  record Applied(long lsn) implements Event {}

  /**
   * A statement of SQL that only the role can answer. Answered by one {@link Effect.StatementDone},
   * unless the process ends before.
   *
   * @param words as typed, without what ends the statement
   */
  record Statement(long requestId, List<String> words) implements Event {}

  /**
   * A session wants this package committed. Answered by exactly one {@link Effect.Committed} or
   * {@link Effect.Refused}, unless the process ends before.
   *
   * @param tx rises within a life, never 0
   * @param pkg keys and payload; LSN and thread are filled in here
   */
  record CommitAsked(long tx, RlogPkg pkg) implements Event {}

  /** The packages of this request are durable. Answer to {@link Effect.WriteRedo}. */
  record RedoWritten(long request, String disk, int thread) implements Event {}

  /**
   * Answer to {@link Effect.ReadRedo}, LSNs rising.
   *
   * @param oldestLsn packages below it may have been overwritten; 1: nothing ever was
   * @param lastLsn of the thread's last package, asked for or not; 0: there never was one
   */
  record RedoRead(
      long request, String disk, int thread, List<RlogPkg> pkgs, long oldestLsn, long lastLsn)
      implements Event {}

  /**
   * What stands in a redo thread cannot be right. Answer to {@link Effect.ReadRedo} in place of
   * {@link RedoRead}.
   *
   * @param reason the place, what is wrong, and the remedy
   */
  record RedoDamaged(long request, String disk, int thread, String reason) implements Event {}

  /**
   * No segment of the own redo thread is free: commits wait until it is released up to this LSN.
   */
  record RedoFull(String disk, int thread, long neededLsn) implements Event {}

  /** What is applied up to this LSN outlives a crash. Answer to {@link Effect.Checkpoint}. */
  record Checkpointed(long request, long lsn) implements Event {}

  /** The image holds everything up to this LSN. Answer to {@link Effect.SaveImage}. */
  record ImageSaved(long request, long lsn) implements Event {}

  /** The engine holds the image, everything up to this LSN. Answer to {@link Effect.LoadImage}. */
  record ImageLoaded(long request, long lsn) implements Event {}

  /**
   * Answer to {@link Effect.Probe}.
   *
   * @param failure why no attempt could be made at all; null when one was
   */
  record Probed(long request, String host, boolean reached, String failure) implements Event {}

  /** Answer to {@link Effect.Launch}; {@code failure} is null when the process was started. */
  record Launched(String role, String failure) implements Event {
    /** The failure of a launch that finds the process there: it may be about to end. */
    public static String alreadyRunning(String role) {
      return role + " is already running";
    }

    public boolean foundRunning() {
      return alreadyRunning(role).equals(failure);
    }
  }

  /** Answer to {@link Effect.EndRole}; {@code failure} is null when it is gone. */
  record RoleEnded(long request, String role, String failure) implements Event {}

  /** Answer to {@link Effect.FindProcess}. */
  record ProcessFound(long request, long pid, boolean runs) implements Event {}

  /** Answer to {@link Effect.SaveFile}; {@code failure} is null when it is so, durably. */
  record FileSaved(long request, String name, String failure) implements Event {}

  /** Answer to {@link Effect.SetAddress}; {@code failure} is null on success. */
  record AddressSet(String nic, String address, boolean up, String failure) implements Event {}

  /** An operator's words for this daemon, answered with {@link Effect.Reply}. */
  record Command(long requestId, List<String> words) implements Event {}

  /** An orderly stop was asked for (SIGTERM, service stop). */
  record StopRequested() implements Event {}
}
