package halab.runtime.disk;

import com.google.protobuf.ByteString;
import halab.link.proto.DiskReply;
import halab.link.proto.DiskRequest;
import halab.link.proto.Range;
import halab.link.proto.ReadRange;
import halab.link.proto.WriteRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Ranges of any size as requests of a bounded one, each sent when the one before is done. */
final class RangeRequests {
  private static final int STEP = ServedDisk.RANGE_BYTES_MAX;

  /** Sends one request; the future fails with an IOException when no answer can come any more. */
  interface Sender {
    CompletableFuture<DiskReply> ask(String disk, DiskRequest.Builder op);
  }

  private final Sender sender;

  RangeRequests(Sender sender) {
    this.sender = sender;
  }

  CompletableFuture<byte[]> read(String disk, long offset, int length) {
    byte[] all = new byte[length];
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (int from = 0; from < length; from += STEP) {
      int at = from;
      int count = Math.min(STEP, length - from);
      done = done.thenCompose(previous -> readStep(disk, offset + at, all, at, count));
    }
    return named(done, "read of", disk, offset, length).thenApply(nothing -> all);
  }

  private CompletableFuture<Void> readStep(
      String disk, long offset, byte[] into, int at, int count) {
    ReadRange.Builder range = ReadRange.newBuilder().setOffset(offset).setLength(count);
    return sender
        .ask(disk, DiskRequest.newBuilder().setReadRange(range))
        .thenAccept(
            reply -> {
              ByteString content = reply.getRangeRead().getContent();
              if (!reply.hasRangeRead() || content.size() != count) {
                throw new CompletionException(failure(reply));
              }
              content.copyTo(into, at);
            });
  }

  CompletableFuture<Void> write(String disk, List<DiskRange> ranges) {
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    List<List<DiskRange>> steps = steps(ranges);
    for (int i = 0; i < steps.size(); i++) {
      List<DiskRange> step = steps.get(i);
      boolean unforced = i < steps.size() - 1;
      done = done.thenCompose(previous -> writeStep(disk, step, unforced));
    }
    long total = ranges.stream().mapToLong(r -> r.bytes().remaining()).sum();
    return named(done, "write of", disk, ranges.isEmpty() ? 0 : ranges.get(0).offset(), total);
  }

  private CompletableFuture<Void> writeStep(String disk, List<DiskRange> step, boolean unforced) {
    WriteRanges.Builder write = WriteRanges.newBuilder().setUnforced(unforced);
    for (DiskRange range : step) {
      ByteString content = ByteString.copyFrom(range.bytes().duplicate());
      write.addRange(Range.newBuilder().setOffset(range.offset()).setContent(content));
    }
    return sender
        .ask(disk, DiskRequest.newBuilder().setWriteRanges(write))
        .thenAccept(
            reply -> {
              if (!reply.hasRangesWritten()) {
                throw new CompletionException(failure(reply));
              }
            });
  }

  /** The same ranges in the same order, cut so that each step fits into a request. */
  private static List<List<DiskRange>> steps(List<DiskRange> ranges) {
    List<List<DiskRange>> steps = new ArrayList<>();
    List<DiskRange> step = new ArrayList<>();
    int room = STEP;
    for (DiskRange range : ranges) {
      ByteBuffer rest = range.bytes().duplicate();
      while (rest.hasRemaining()) {
        if (room == 0 || step.size() == ServedDisk.RANGES_MAX) {
          steps.add(step);
          step = new ArrayList<>();
          room = STEP;
        }
        int count = Math.min(room, rest.remaining());
        long offset = range.offset() + range.bytes().remaining() - rest.remaining();
        step.add(new DiskRange(offset, rest.slice(rest.position(), count)));
        rest.position(rest.position() + count);
        room -= count;
      }
    }
    steps.add(step);
    return steps;
  }

  private static IOException failure(DiskReply reply) {
    return switch (reply.getOutcomeCase()) {
      case SHUT_OUT -> new FencedException(reply.getShutOut());
      case FAILED -> new IOException(reply.getFailed());
      default -> new IOException("the disk daemon's answer does not fit the request");
    };
  }

  /** The same outcome; a failure says what was asked for. */
  private static CompletableFuture<Void> named(
      CompletableFuture<Void> done, String what, String disk, long offset, long bytes) {
    CompletableFuture<Void> named = new CompletableFuture<>();
    done.whenComplete(
        (nothing, thrown) -> {
          if (thrown == null) {
            named.complete(null);
            return;
          }
          Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
          String text =
              String.format(
                  Locale.ROOT,
                  "%s %d bytes at %d of disk %s: %s",
                  what,
                  bytes,
                  offset,
                  disk,
                  cause.getMessage());
          named.completeExceptionally(
              cause instanceof FencedException
                  ? new FencedException(text)
                  : new IOException(text, cause));
        });
    return named;
  }
}
