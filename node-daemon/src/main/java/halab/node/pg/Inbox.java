package halab.node.pg;

import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a client sent and its session has not yet read. A client that runs ahead is not read on. */
final class Inbox {
  private static final long PAUSE_BYTES = 256 << 10;
  private static final int FRAME_OVERHEAD = 64;

  private final Channel channel;
  private final Budget budget;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private long bytes;
  private boolean paused;
  private boolean ended;
  private boolean closed;

  Inbox(Channel channel, Budget budget) {
    this.channel = channel;
    this.budget = budget;
  }

  synchronized void put(Frame frame) {
    if (closed) {
      budget.give(frame.budgeted);
      return;
    }
    frames.add(frame);
    bytes += frame.size + FRAME_OVERHEAD;
    if (bytes > PAUSE_BYTES && !paused) {
      paused = true;
      channel.config().setAutoRead(false);
    }
    notifyAll();
  }

  /** The next message; waits for it. Null when none will come. Give it back with {@link #done}. */
  synchronized Frame take() {
    try {
      while (frames.isEmpty() && !ended && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
    if (closed || frames.isEmpty()) {
      return null;
    }
    Frame frame = frames.poll();
    bytes -= frame.size + FRAME_OVERHEAD;
    if (paused && bytes < PAUSE_BYTES / 2) {
      paused = false;
      channel.config().setAutoRead(true);
    }
    return frame;
  }

  /** Whether nothing waits to be read now. */
  synchronized boolean isEmpty() {
    return frames.isEmpty();
  }

  void done(Frame frame) {
    budget.give(frame.budgeted);
  }

  /** The client sends no more; what it has sent is still read. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized void close() {
    closed = true;
    frames.forEach(f -> budget.give(f.budgeted));
    frames.clear();
    notifyAll();
  }
}
