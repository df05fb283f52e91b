package halab.runtime.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.StringValue;
import halab.admin.proto.FaultAction;
import halab.admin.proto.FaultRule;
import halab.admin.proto.FaultSet;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Wire;
import halab.runtime.Await;
import halab.runtime.LabClock;
import halab.runtime.Mailbox;
import halab.runtime.Net;
import halab.runtime.admin.AdminClient;
import halab.runtime.faults.FaultRules;
import halab.runtime.toy.Toy;
import halab.runtime.toy.ToyLab;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranges of bytes from a client over a real connection to a real file. */
class RangesTest {
  private static final Endpoint N1 = new Endpoint("n1", Toy.ROLE);
  private static final Endpoint N2 = new Endpoint("n2", Toy.ROLE);
  private static final long FROM = 16 * 512;
  @TempDir Path dir;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private ToyLab toy;
  private LabClock clock;
  private Net server;
  private Net client;
  private FaultRules faults;
  private DiskClient n1;
  private DiskClient n2;

  @BeforeEach
  void begin() throws IOException {
    toy = new ToyLab(dir);
    clock = new LabClock(toy.lab.epochWallMs(), 1);
    client = new Net(toy.lab.secret());
    faults = new FaultRules(N1.toString());
    serve();
    n1 = client(N1, 1);
    n2 = client(N2, 4);
  }

  @AfterEach
  void end() {
    timer.shutdownNow();
    client.close();
    server.close();
    toy.close();
  }

  private void serve() {
    server = new Net(toy.lab.secret());
    DiskServer disks = new DiskServer(toy.lab, server, clock, new FaultRules("store"), timer);
    int port = toy.lab.diskHost().port("diskd");
    server.serve(toy.lab, "diskd", "127.0.0.1", port, List.of(disks.blocks(), disks.admin()));
  }

  private DiskClient client(Endpoint self, long life) {
    Wire wire = new Wire(List.of(StringValue.getDefaultInstance()));
    Mailbox mailbox = new Mailbox(1000);
    return new DiskClient(
        self, life, toy.lab, client, clock, wire, faults, mailbox, List.of(), () -> {});
  }

  private void inject(String fault, String host) {
    try (AdminClient admin = AdminClient.of(toy.lab, new Endpoint("store", "diskd"), 5000)) {
      assertThat(admin.setDiskFault("toy", fault, host, 200)).isEmpty();
    }
  }

  private static ByteBuffer filled(int value, int length) {
    byte[] content = new byte[length];
    Arrays.fill(content, (byte) value);
    return ByteBuffer.wrap(content);
  }

  private static <T> T get(CompletableFuture<T> future) throws IOException {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(IOException.class);
      throw (IOException) e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static CompletableFuture<Void> ask(DiskClient client, long at, int value, int length) {
    return client.writeRanges(Toy.DISK, List.of(new DiskRange(at, filled(value, length))));
  }

  private static void write(DiskClient client, long at, int value, int length) throws IOException {
    get(ask(client, at, value, length));
  }

  private byte[] read(long at, int length) throws IOException {
    return get(n1.readRange(Toy.DISK, at, length));
  }

  @Test
  void rangesAreWrittenInOrderAndReadInPlace() throws IOException {
    get(
        n1.writeRanges(
            Toy.DISK,
            List.of(
                new DiskRange(FROM + 100, filled(1, 1000)),
                new DiskRange(FROM + 1000, filled(2, 300)))));
    byte[] there = read(FROM, 1400);
    assertThat(Arrays.copyOfRange(there, 0, 100)).containsOnly(0);
    assertThat(Arrays.copyOfRange(there, 100, 1000)).containsOnly(1);
    assertThat(Arrays.copyOfRange(there, 1000, 1300)).containsOnly(2);
    assertThat(Arrays.copyOfRange(there, 1300, 1400)).containsOnly(0);
    assertThat(read(FROM, 0)).isEmpty();
  }

  @Test
  void aRangeMayBeLargerThanARequest() throws IOException {
    byte[] content = new byte[3_000_001];
    new Random(7).nextBytes(content);
    ByteBuffer bytes = ByteBuffer.wrap(content);
    get(
        n1.writeRanges(
            Toy.DISK, List.of(new DiskRange(FROM + 11, bytes), new DiskRange(FROM, filled(5, 7)))));
    assertThat(bytes.remaining()).isEqualTo(content.length);
    assertThat(read(FROM + 11, content.length)).isEqualTo(content);
    assertThat(read(FROM, 7)).containsOnly(5);
  }

  @Test
  void blocksAndWhatLiesBehindTheDiskAreOutOfReach() throws IOException {
    long end = FROM + ToyLab.RANGE_BYTES;
    write(n1, end - 10, 1, 10);
    for (long at : new long[] {FROM - 1, 0, -1, end - 9, Long.MAX_VALUE - 3, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> write(n1, at, 1, 10))
          .hasMessageContaining("at " + at + " of disk " + Toy.DISK)
          .hasMessageContaining("not between the blocks' end " + FROM);
      assertThatThrownBy(() -> read(at, 10)).hasMessageContaining("not between");
    }
    assertThatThrownBy(() -> get(n1.readRange("/no/disk", FROM, 1)))
        .hasMessageContaining("there is no disk /no/disk");
  }

  @Test
  void aFencedLifeWritesNothingAndALaterOneDoes() throws IOException {
    write(n2, FROM, 1, 100);
    n1.fence(new Effect.Fence(1, Toy.DISK, N2, 4));
    Await.until("the fence stands", () -> isFenced(ask(n2, FROM + 5000, 2, 1)));
    assertThatThrownBy(
            () ->
                get(
                    n2.writeRanges(
                        Toy.DISK,
                        List.of(
                            new DiskRange(FROM, filled(9, 100)),
                            new DiskRange(FROM + 200, filled(9, 100))))))
        .isInstanceOf(FencedException.class)
        .hasMessageContaining("fenced: n2/member up to life 4");
    assertThat(read(FROM, 100)).containsOnly(1);
    assertThat(read(FROM + 200, 100)).containsOnly(0);
    assertThat(get(n2.readRange(Toy.DISK, FROM, 100))).containsOnly(1);
    write(client(N2, 5), FROM, 3, 100);
    assertThat(read(FROM, 100)).containsOnly(3);
  }

  private static boolean isFenced(CompletableFuture<Void> write) {
    try {
      get(write);
      return false;
    } catch (IOException e) {
      return e instanceof FencedException;
    }
  }

  @Test
  void failFullAndSlowDoWhatTheySay() throws IOException {
    inject("fail", "");
    assertThatThrownBy(() -> read(FROM, 1)).hasMessageEndingWith("input/output error");
    assertThatThrownBy(() -> write(n1, FROM, 1, 1)).hasMessageEndingWith("input/output error");
    inject("full", "");
    assertThatThrownBy(() -> write(n1, FROM, 1, 1)).hasMessageEndingWith("no space left on device");
    assertThat(read(FROM, 1)).containsOnly(0);
    inject("slow", "");
    CompletableFuture<Void> late = ask(n1, FROM, 1, 1);
    CompletableFuture<Void> next = ask(n1, FROM, 2, 1);
    get(next);
    assertThat(late).isDone();
    assertThat(read(FROM, 1)).containsOnly(2);
  }

  @Test
  void aHangHoldsTheHostsRequestsAndAFenceOvertakesThem() throws IOException {
    inject("hang", "n2");
    CompletableFuture<Void> held = ask(n2, FROM, 7, 10);
    n1.fence(new Effect.Fence(1, Toy.DISK, N2, 4));
    write(n1, FROM + 10, 1, 10);
    assertThat(held).isNotDone();
    inject("ok", "n2");
    assertThatThrownBy(() -> get(held)).isInstanceOf(FencedException.class);
    assertThat(read(FROM, 10)).containsOnly(0);
  }

  @Test
  void aHungDiskHoldsABoundedNumberOfBytes() throws IOException {
    inject("hang", "");
    List<CompletableFuture<Void>> held = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      held.add(ask(n1, FROM, 1, 400_000));
    }
    Await.until("a refusal", () -> held.get(39).isCompletedExceptionally());
    assertThatThrownBy(() -> get(held.get(39))).hasMessageContaining("the disk's queue is full");
    assertThat(held.get(0)).isNotDone();
    inject("ok", "");
    get(held.get(0));
    write(n1, FROM, 2, 400_000);
  }

  @Test
  void tornAndFlippedRangesAreAcknowledgedAndDamaged() throws IOException {
    write(n1, FROM, 1, 100);
    inject("torn", "");
    write(n1, FROM, 2, 100);
    inject("flipped", "");
    write(n1, FROM + 100, 2, 100);
    inject("ok", "");
    byte[] there = read(FROM, 200);
    assertThat(Arrays.copyOfRange(there, 0, 50)).containsOnly(2);
    assertThat(Arrays.copyOfRange(there, 50, 99)).containsOnly(1);
    assertThat(Arrays.copyOfRange(there, 100, 150)).containsOnly(2);
    assertThat(there[150]).isEqualTo((byte) (2 ^ 0x10));
  }

  @Test
  void staleReadsShowWhatWasThereWhenTheFaultBegan() throws IOException {
    write(n1, FROM, 1, 2000);
    inject("stale", "n1");
    write(n1, FROM + 700, 2, 2000);
    write(n1, FROM + 600, 3, 10);
    assertThat(Arrays.copyOfRange(read(FROM + 1, 2500), 0, 1999)).containsOnly(1);
    assertThat(read(FROM + 2000, 700)).containsOnly(0);
    assertThat(get(n2.readRange(Toy.DISK, FROM + 600, 10))).containsOnly(3);
    inject("ok", "n1");
    assertThat(read(FROM + 700, 2000)).containsOnly(2);
    inject("stale", "");
    assertThat(read(FROM + 600, 10)).containsOnly(3);
  }

  @Test
  void aSilentNetworkHangsAndARefusedOneFails() throws IOException {
    write(n1, FROM, 1, 1);
    cut(FaultAction.BLACK_HOLE);
    CompletableFuture<Void> lost = ask(n1, FROM, 2, 1);
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    n1.inspect(link -> sent.complete(true)); // behind the request, on the network's thread
    assertThat(get(sent)).isTrue();
    cut(FaultAction.REFUSE);
    assertThatThrownBy(() -> write(n1, FROM, 3, 1)).hasMessageContaining("connection refused");
    faults.replace(FaultSet.getDefaultInstance());
    Await.until("the connection is back", () -> !fails(n1.readRange(Toy.DISK, FROM, 1)));
    assertThat(read(FROM, 1)).containsOnly(1);
    assertThat(lost).isNotDone();
  }

  private void cut(FaultAction action) {
    FaultRule rule =
        FaultRule.newBuilder()
            .setNetwork(DiskClient.NETWORK)
            .setId("r")
            .setOut(true)
            .setAction(action)
            .build();
    faults.replace(FaultSet.newBuilder().addRule(rule).build());
  }

  private static boolean fails(CompletableFuture<byte[]> read) {
    try {
      get(read);
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void whatWaitsFailsWhenTheDaemonEnds() throws IOException {
    inject("hang", "");
    CompletableFuture<byte[]> waiting = n1.readRange(Toy.DISK, FROM, 1);
    CompletableFuture<Void> seen = ask(n2, FROM, 1, 1);
    server.close();
    assertThatThrownBy(() -> get(waiting)).hasMessageContaining("read of 1 bytes at " + FROM);
    assertThatThrownBy(() -> get(seen)).isNotInstanceOf(FencedException.class);
    serve();
    Await.until("the connection is back", () -> !fails(n1.readRange(Toy.DISK, FROM, 1)));
  }

  @Test
  void blocksAreWrittenOnTheSameStream() throws IOException {
    n1.write(new Effect.WriteBlock(9, Toy.DISK, 3, StringValue.of("a block")));
    write(n1, FROM, 1, 1);
    byte[] file = Files.readAllBytes(toy.diskFile());
    assertThat(new String(file, 3 * 512, 512, StandardCharsets.ISO_8859_1)).contains("a block");
    assertThat(file[(int) FROM]).isEqualTo((byte) 1);
  }
}
