package halab.runtime.disk;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import halab.admin.proto.Counter;
import halab.admin.proto.LinkState;
import halab.bricks.Mirror;
import halab.bricks.Slots;
import halab.kernel.Block;
import halab.kernel.Check;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Wire;
import halab.kernel.Writer;
import halab.link.proto.DiskReply;
import halab.link.proto.DiskRequest;
import halab.link.proto.DiskServiceGrpc;
import halab.link.proto.Fence;
import halab.link.proto.ReadBlocks;
import halab.link.proto.WriteBlock;
import halab.runtime.DelayLine;
import halab.runtime.LabClock;
import halab.runtime.Mailbox;
import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import halab.runtime.faults.FaultRules.Fate;
import halab.runtime.faults.FaultRules.Judgement;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A daemon's way to the shared disks: one stream to the disk daemon, framing, and every request's
 * outcome as an event. A lost or refused connection fails requests; a black hole or a hung disk
 * answers nothing, and the role's own deadline decides. The data plane of a daemon reads and writes
 * ranges of bytes on the same stream, with a future as the outcome.
 */
public final class DiskClient {
  public static final String NETWORK = "storage";
  private static final int MAX_OUTSTANDING = 4096;
  private static final long REDIAL_MS = 100;

  private final Endpoint self;
  private final long incarnation;
  private final Lab lab;
  private final Net net;
  private final LabClock clock;
  private final Wire wire;
  private final FaultRules faults;
  private final Mailbox mailbox;
  private final LongAdder asked = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final RangeRequests ranges = new RangeRequests(this::askRange);
  private final Mirror mirror;

  /** Looks through the mirror by others than the role; network thread only. */
  private final Map<Long, CompletableFuture<List<Block>>> looks = new TreeMap<>();

  private long lastLook;
  private long writeCounter;
  private volatile Runnable firstWrite;

  // Network thread only, from here on.
  private Connection connection;
  private long heardNs;
  private long lastDialNs = System.nanoTime() - REDIAL_MS * 1_000_000;
  private String lastFailure = "the disk daemon is gone";

  /**
   * @param mirrored what the lab's DCRV disks hold; empty when it has none
   * @param firstWrite runs once, when the first block was written
   */
  public DiskClient(
      Endpoint self,
      long incarnation,
      Lab lab,
      Net net,
      LabClock clock,
      Wire wire,
      FaultRules faults,
      Mailbox mailbox,
      List<Mirror.Part> mirrored,
      Runnable firstWrite) {
    this.self = self;
    this.incarnation = incarnation;
    this.lab = lab;
    this.net = net;
    this.clock = clock;
    this.wire = wire;
    this.faults = faults;
    this.mailbox = mailbox;
    this.firstWrite = firstWrite;
    this.mirror = new Mirror(self, incarnation, lab.mirrorDisks(), mirrored);
    faults.onChange(() -> net.run(this::faultsChanged));
  }

  /** Loop thread. */
  public void read(Effect.ReadBlocks read) {
    if (mirror.holds(read.disk())) {
      net.run(() -> carryOut(mirror.asked(read, clock.read().monoMs())));
      return;
    }
    ReadBlocks blocks =
        ReadBlocks.newBuilder().setFirst(read.first()).setCount(read.count()).build();
    ask(new BlockRequest(read), request(read.disk()).setRead(blocks));
  }

  /** Loop thread. The frame is checked right before it leaves. */
  public void write(Effect.WriteBlock write) {
    if (mirror.holds(write.disk())) {
      net.run(() -> carryOut(mirror.asked(write, clock.read().monoMs())));
      return;
    }
    Writer writer = new Writer(self, incarnation, ++writeCounter);
    WriteBlock block = framed(write, write.block(), writer, write.payload()).build();
    ask(new BlockRequest(write), request(write.disk()).setWrite(block));
  }

  private WriteBlock.Builder framed(Effect write, int block, Writer writer, Message payload) {
    byte[] frame = Slots.frame(block, writer, payload);
    Block back = Slots.read(block, frame, wire);
    Check.that(back.damage() == null, "%s would be written damaged: %s", write, back.damage());
    return WriteBlock.newBuilder().setBlock(block).setFrame(ByteString.copyFrom(frame));
  }

  private WriteBlock.Builder copied(Effect.WriteCopy copy) {
    if (copy.payload() != null) {
      return framed(copy, copy.block(), copy.writer(), copy.payload());
    }
    ByteString empty = ByteString.copyFrom(new byte[Slots.BLOCK_BYTES]);
    return WriteBlock.newBuilder().setBlock(copy.block()).setFrame(empty);
  }

  /** What the mirror asks of its disks, and what the role hears of it. Network thread. */
  private void carryOut(Mirror.Turn turn) {
    for (Effect ask : turn.asks()) {
      asked.increment();
      DiskRequest.Builder request = request(Mirror.diskOf(ask));
      if (ask instanceof Effect.ReadBlocks read) {
        request.setRead(
            ReadBlocks.newBuilder().setFirst(read.first()).setCount(read.count()).build());
      } else if (ask instanceof Effect.WriteCopy copy) {
        request.setWrite(copied(copy).setCopy(true).build());
      }
      send(new CopyRequest(ask), request);
    }
    turn.told().forEach(this::told);
  }

  private void told(Event event) {
    CompletableFuture<List<Block>> look = null;
    if (event instanceof Event.BlocksRead read) {
      look = looks.remove(read.request());
    } else if (event instanceof Event.DiskFailed failure) {
      look = looks.remove(failure.request());
    }
    if (look == null) {
      deliver(event);
    } else if (event instanceof Event.BlocksRead read) {
      look.complete(read.blocks());
    } else {
      look.completeExceptionally(new IOException(((Event.DiskFailed) event).reason()));
    }
  }

  private void deliver(Event outcome) {
    if (outcome instanceof Event.BlockWritten && firstWrite != null) {
      firstWrite.run();
      firstWrite = null;
    }
    mailbox.put(outcome);
  }

  /** Loop thread. */
  public void fence(Effect.Fence fence) {
    Fence keys =
        Fence.newBuilder()
            .setVictim(fence.victim().toString())
            .setIncarnation(fence.incarnation())
            .build();
    ask(new BlockRequest(fence), request(fence.disk()).setFence(keys));
  }

  /**
   * Reads blocks for somebody other than the role. Any thread; completed on the network thread. A
   * disk or a network that is silent never completes it.
   */
  public CompletableFuture<List<Block>> readBlocks(String disk, int first, int count) {
    CompletableFuture<List<Block>> blocks = new CompletableFuture<>();
    if (mirror.holds(disk)) {
      net.run(
          () -> {
            looks.put(--lastLook, blocks);
            Effect.ReadBlocks look = new Effect.ReadBlocks(lastLook, disk, first, count);
            carryOut(mirror.asked(look, clock.read().monoMs()));
          });
      return blocks;
    }
    ReadBlocks read = ReadBlocks.newBuilder().setFirst(first).setCount(count).build();
    Effect.ReadBlocks wanted = new Effect.ReadBlocks(0, disk, first, count);
    ask(
        new Asked() {
          @Override
          public void answered(DiskReply reply) {
            Event outcome = DiskRequests.outcome(wanted, reply, wire);
            if (outcome instanceof Event.BlocksRead all) {
              blocks.complete(all.blocks());
            } else {
              failed(((Event.DiskFailed) outcome).reason());
            }
          }

          @Override
          public void failed(String reason) {
            blocks.completeExceptionally(new IOException(reason));
          }
        },
        request(disk).setRead(read));
    return blocks;
  }

  /**
   * Reads bytes that lie behind the disk's blocks. Any thread; completed on the network thread,
   * which must not be blocked there. A disk or a network that is silent never completes it.
   *
   * @param offset from the beginning of the disk's file, in bytes
   * @param length in bytes, as many as the caller has memory for
   * @return the bytes, or an IOException that names disk, place and reason
   */
  public CompletableFuture<byte[]> readRange(String disk, long offset, int length) {
    return ranges.read(disk, offset, length);
  }

  /**
   * Writes bytes that lie behind the disk's blocks, in this order, and forces them once. When it
   * fails, any part of them may have been written. Any thread; completed on the network thread,
   * which must not be blocked there. A disk or a network that is silent never completes it.
   *
   * @param all must not change until the future is done
   * @return done when all is durable, a {@link FencedException} when this life of the daemon may
   *     not write, or another IOException that names disk, place and reason
   */
  public CompletableFuture<Void> writeRanges(String disk, List<DiskRange> all) {
    return ranges.write(disk, all);
  }

  private CompletableFuture<DiskReply> askRange(String disk, DiskRequest.Builder op) {
    RangeRequest request = new RangeRequest();
    ask(request, op.mergeFrom(request(disk).build()));
    return request.reply;
  }

  private DiskRequest.Builder request(String disk) {
    return DiskRequest.newBuilder()
        .setDisk(disk)
        .setCaller(self.toString())
        .setIncarnation(incarnation);
  }

  private void ask(Asked what, DiskRequest.Builder request) {
    asked.increment();
    net.run(() -> send(what, request));
  }

  private void send(Asked what, DiskRequest.Builder request) {
    Judgement judgement = faults.onSend(NETWORK, lab.diskHost().name());
    switch (judgement.fate()) {
      case SWALLOW -> {}
      case REFUSE -> fail(what, "storage network: connection refused");
      default -> {
        Connection now = connected();
        if (now == null) {
          fail(what, lastFailure);
        } else {
          now.ask(what, request, judgement.delayMs());
        }
      }
    }
  }

  /** The connection, a new one if the last try is long enough ago, or null. */
  private Connection connected() {
    if (connection == null && System.nanoTime() - lastDialNs >= REDIAL_MS * 1_000_000) {
      lastDialNs = System.nanoTime();
      connection = new Connection();
    }
    return connection;
  }

  private void faultsChanged() {
    if (connection != null && faults.standing(NETWORK, lab.diskHost().name()) == Fate.REFUSE) {
      connection.lost("storage network: connection reset");
    }
  }

  private void fail(Asked what, String reason) {
    failed.increment();
    what.failed(reason);
  }

  /** Who waits for an answer. Network thread only. */
  private interface Asked {
    void answered(DiskReply reply);

    void failed(String reason);
  }

  /** A role's request; its outcome is an event. */
  private final class BlockRequest implements Asked {
    private final Effect effect;

    BlockRequest(Effect effect) {
      this.effect = effect;
    }

    @Override
    public void answered(DiskReply reply) {
      Event outcome = DiskRequests.outcome(effect, reply, wire);
      if (outcome instanceof Event.DiskFailed) {
        failed.increment();
      }
      deliver(outcome);
    }

    @Override
    public void failed(String reason) {
      mailbox.put(
          new Event.DiskFailed(DiskRequests.number(effect), DiskRequests.disk(effect), reason));
    }
  }

  /** A request of the mirror to one of its disks. */
  private final class CopyRequest implements Asked {
    private final Effect effect;

    CopyRequest(Effect effect) {
      this.effect = effect;
    }

    @Override
    public void answered(DiskReply reply) {
      heard(DiskRequests.outcome(effect, reply, wire, true));
    }

    @Override
    public void failed(String reason) {
      heard(new Event.DiskFailed(DiskRequests.number(effect), DiskRequests.disk(effect), reason));
    }

    private void heard(Event outcome) {
      if (outcome instanceof Event.DiskFailed) {
        failed.increment();
      }
      carryOut(mirror.answered(outcome, clock.read().monoMs()));
    }
  }

  /** A request of the data plane. */
  private final class RangeRequest implements Asked {
    private final CompletableFuture<DiskReply> reply = new CompletableFuture<>();

    @Override
    public void answered(DiskReply answer) {
      if (answer.hasFailed() || answer.hasShutOut()) {
        failed.increment();
      }
      reply.complete(answer);
    }

    @Override
    public void failed(String reason) {
      reply.completeExceptionally(new IOException(reason));
    }
  }

  /** Whether the role has anything to do with disks. */
  public boolean used() {
    return asked.sum() > 0;
  }

  /** Counters of this client, for status. */
  public List<Counter> counters() {
    return List.of(
        Counter.newBuilder().setName("disk.asked").setValue(asked.sum()).build(),
        Counter.newBuilder().setName("disk.failed").setValue(failed.sum()).build());
  }

  /** One stream to the disk daemon and what was asked over it. */
  private final class Connection implements StreamObserver<DiskReply> {
    private final ManagedChannel channel;
    private final StreamObserver<DiskRequest> out;
    private final DelayLine sending = new DelayLine(net, clock);
    private final DelayLine hearing = new DelayLine(net, clock);
    private final Map<Long, Asked> outstanding = new TreeMap<>();
    private long lastRequest;
    private boolean over;

    Connection() {
      LabHost store = lab.diskHost();
      channel = net.channel(store.address(NETWORK), store.port(LabHost.DISKD));
      out = DiskServiceGrpc.newStub(channel).attach(this);
    }

    void ask(Asked what, DiskRequest.Builder request, long delayMs) {
      if (outstanding.size() >= MAX_OUTSTANDING) {
        fail(what, outstanding.size() + " requests are unanswered");
        return;
      }
      long number = ++lastRequest;
      outstanding.put(number, what);
      sending.pass(delayMs, () -> out.onNext(request.setRequest(number).build()));
    }

    @Override
    public void onNext(DiskReply reply) {
      net.run(() -> replied(reply));
    }

    private void replied(DiskReply reply) {
      Judgement judgement = faults.onReceive(NETWORK, lab.diskHost().name());
      if (judgement.fate() == Fate.DELIVER) {
        hearing.pass(judgement.delayMs(), () -> deliver(reply));
      } else {
        outstanding.remove(reply.getRequest());
      }
    }

    private void deliver(DiskReply reply) {
      heardNs = System.nanoTime();
      Asked what = outstanding.remove(reply.getRequest());
      if (what != null) {
        what.answered(reply);
      }
    }

    @Override
    public void onError(Throwable cause) {
      Status status = Status.fromThrowable(cause);
      boolean gone = status.getCode() == Status.Code.UNAVAILABLE;
      String why =
          status.getDescription() == null ? status.getCode().name() : status.getDescription();
      net.run(() -> lost(gone ? "connection to the disk daemon lost" : why));
    }

    @Override
    public void onCompleted() {
      net.run(() -> lost("the disk daemon hung up"));
    }

    void lost(String reason) {
      if (over) {
        return;
      }
      over = true;
      if (connection == this) {
        connection = null;
        lastFailure = reason;
      }
      sending.cut();
      hearing.cut();
      channel.shutdownNow();
      List<Asked> all = new ArrayList<>(outstanding.values());
      outstanding.clear();
      all.forEach(what -> fail(what, reason));
    }
  }

  /** Hands the way to the disk daemon to {@code look} on the network thread. */
  public void inspect(Consumer<LinkState> look) {
    net.run(
        () ->
            look.accept(
                LinkState.newBuilder()
                    .setPeer(lab.diskHost().name() + "/" + LabHost.DISKD)
                    .setNetwork(NETWORK)
                    .setUp(connection != null)
                    .setSilentMs(heardNs == 0 ? -1 : (System.nanoTime() - heardNs) / 1_000_000)
                    .build()));
  }
}
