package halab.kernel;

import com.google.protobuf.Message;
import java.util.List;

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

  /** Answer to {@link Effect.Fence}: from now on the disk refuses writes of that life. */
  record Fenced(long request, String disk, Endpoint victim, long incarnation) implements Event {}

  /** Answer to {@link Effect.Launch}; {@code failure} is null when the process was started. */
  record Launched(String role, String failure) implements Event {}

  /** Answer to {@link Effect.SetAddress}; {@code failure} is null on success. */
  record AddressSet(String nic, String address, boolean up, String failure) implements Event {}

  /** An operator's words for this daemon, answered with {@link Effect.Reply}. */
  record Command(long requestId, List<String> words) implements Event {}

  /** An orderly stop was asked for (SIGTERM, service stop). */
  record StopRequested() implements Event {}
}
