package halab.runtime.disk;

import com.google.protobuf.ByteString;
import halab.admin.proto.Counter;
import halab.admin.proto.LinkState;
import halab.bricks.Slots;
import halab.kernel.Block;
import halab.kernel.Check;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Wire;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A daemon's way to the shared disks: one stream to the disk daemon, framing, and every request's
 * outcome as an event. A lost or refused connection fails requests; a black hole or a hung disk
 * answers nothing, and the role's own deadline decides.
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
  private long writeCounter;
  private volatile Runnable firstWrite;

  // Network thread only, from here on.
  private Connection connection;
  private long heardNs;
  private long lastDialNs = System.nanoTime() - REDIAL_MS * 1_000_000;
  private String lastFailure = "the disk daemon is gone";

  /** {@code firstWrite} runs once, when the first block was written. */
  public DiskClient(
      Endpoint self,
      long incarnation,
      Lab lab,
      Net net,
      LabClock clock,
      Wire wire,
      FaultRules faults,
      Mailbox mailbox,
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
    faults.onChange(() -> net.run(this::faultsChanged));
  }

  /** Loop thread. */
  public void read(Effect.ReadBlocks read) {
    ReadBlocks blocks =
        ReadBlocks.newBuilder().setFirst(read.first()).setCount(read.count()).build();
    submit(read, request(read.disk()).setRead(blocks));
  }

  /** Loop thread. The frame is checked right before it leaves. */
  public void write(Effect.WriteBlock write) {
    Slots.Writer writer = new Slots.Writer(self, incarnation, ++writeCounter);
    byte[] frame = Slots.frame(write.block(), writer, write.payload());
    Block back = Slots.read(write.block(), frame, wire);
    Check.that(back.damage() == null, "%s would be written damaged: %s", write, back.damage());
    WriteBlock block =
        WriteBlock.newBuilder()
            .setBlock(write.block())
            .setFrame(ByteString.copyFrom(frame))
            .build();
    submit(write, request(write.disk()).setWrite(block));
  }

  /** Loop thread. */
  public void fence(Effect.Fence fence) {
    Fence keys =
        Fence.newBuilder()
            .setVictim(fence.victim().toString())
            .setIncarnation(fence.incarnation())
            .build();
    submit(fence, request(fence.disk()).setFence(keys));
  }

  private DiskRequest.Builder request(String disk) {
    return DiskRequest.newBuilder()
        .setDisk(disk)
        .setCaller(self.toString())
        .setIncarnation(incarnation);
  }

  private void submit(Effect effect, DiskRequest.Builder request) {
    asked.increment();
    net.run(() -> send(effect, request));
  }

  private void send(Effect effect, DiskRequest.Builder request) {
    Judgement judgement = faults.onSend(NETWORK, lab.diskHost().name());
    switch (judgement.fate()) {
      case SWALLOW -> {}
      case REFUSE -> fail(effect, "storage network: connection refused");
      default -> {
        Connection now = connected();
        if (now == null) {
          fail(effect, lastFailure);
        } else {
          now.ask(effect, request, judgement.delayMs());
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

  private void fail(Effect effect, String reason) {
    failed.increment();
    mailbox.put(
        new Event.DiskFailed(DiskRequests.number(effect), DiskRequests.disk(effect), reason));
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
    private final Map<Long, Effect> outstanding = new TreeMap<>();
    private long lastRequest;
    private boolean over;

    Connection() {
      LabHost store = lab.diskHost();
      channel = net.channel(store.address(NETWORK), store.port(LabHost.DISKD));
      out = DiskServiceGrpc.newStub(channel).attach(this);
    }

    void ask(Effect effect, DiskRequest.Builder request, long delayMs) {
      if (outstanding.size() >= MAX_OUTSTANDING) {
        fail(effect, outstanding.size() + " requests are unanswered");
        return;
      }
      long number = ++lastRequest;
      outstanding.put(number, effect);
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
      Effect effect = outstanding.remove(reply.getRequest());
      if (effect == null) {
        return;
      }
      Event outcome = DiskRequests.outcome(effect, reply, wire);
      if (outcome instanceof Event.DiskFailed) {
        failed.increment();
      } else if (outcome instanceof Event.BlockWritten && firstWrite != null) {
        firstWrite.run();
        firstWrite = null;
      }
      mailbox.put(outcome);
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
      List<Effect> all = new ArrayList<>(outstanding.values());
      outstanding.clear();
      all.forEach(effect -> fail(effect, reason));
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
