package halab.node.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.node.DiskLab;
import halab.redo.proto.RlogPkg;
import halab.systems.dsc.DataLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redo of an instance as its role asks for it, on a real shared disk. */
class RedoThreadsTest {
  private static final Endpoint N1 = new Endpoint("n1", "dmserver");
  private static final Endpoint N2 = new Endpoint("n2", "dmserver");
  private static final String DISK = "/dev/raw/data0";

  @TempDir Path dir;
  private DiskLab disks;
  private final Queue<Event> heard = new ConcurrentLinkedQueue<>();
  private RedoThreads n1;
  private RedoThreads n2;

  @BeforeEach
  void begin() throws IOException {
    int blocks = DataLayout.BLOCKS_MIB * 2048;
    disks = new DiskLab(dir, DISK, blocks, DataLayout.RANGE_BYTES);
    n1 = life(N1, 1);
    n2 = life(N2, 1);
  }

  @AfterEach
  void end() {
    disks.close();
  }

  private RedoThreads life(Endpoint self, long incarnation) {
    return new RedoThreads(disks.client(self, incarnation), 7, heard::add);
  }

  private static RlogPkg pkg(long lsn) {
    ByteString payload = ByteString.copyFromUtf8("package " + lsn);
    return RlogPkg.newBuilder().setLsn(lsn).setThread(0).setTx(lsn).setPayload(payload).build();
  }

  private static Effect.WriteRedo write(long request, long... lsns) {
    List<RlogPkg> pkgs = LongStream.of(lsns).mapToObj(RedoThreadsTest::pkg).toList();
    return new Effect.WriteRedo(request, DISK, 0, pkgs);
  }

  private Event take() {
    return DiskLab.take(heard);
  }

  private List<Long> lsnsFrom(long lsn) {
    n2.read(new Effect.ReadRedo(90, DISK, 0, lsn));
    Event.RedoRead read = (Event.RedoRead) take();
    assertThat(read.oldestLsn()).isEqualTo(1);
    assertThat(read.pkgs()).allSatisfy(p -> assertThat(p).isEqualTo(pkg(p.getLsn())));
    return read.pkgs().stream().map(RlogPkg::getLsn).toList();
  }

  @Test
  void aThreadThatWasNeverWrittenIsEmpty() {
    assertThat(lsnsFrom(1)).isEmpty();
  }

  @Test
  void whatIsWrittenIsReadByOthersFromAnyLsnOn() {
    n1.write(write(1, 1, 2, 5));
    assertThat(take()).isEqualTo(new Event.RedoWritten(1, DISK, 0));
    n1.write(write(2, 9));
    assertThat(take()).isEqualTo(new Event.RedoWritten(2, DISK, 0));
    assertThat(lsnsFrom(1)).containsExactly(1L, 2L, 5L, 9L);
    assertThat(lsnsFrom(5)).containsExactly(5L, 9L);
    assertThat(lsnsFrom(10)).isEmpty();
  }

  @Test
  void theNextLifeGoesOnWhereTheLastOneEnded() {
    n1.write(write(1, 1, 2));
    take();
    life(N1, 2).write(write(1, 3));
    assertThat(take()).isEqualTo(new Event.RedoWritten(1, DISK, 0));
    assertThat(lsnsFrom(1)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aFailedWriteIsToldAndTheSameRequestSucceedsLater() {
    n1.write(write(1, 1));
    take();
    disks.inject("full");
    n1.write(write(2, 2, 3));
    assertThat(take()).isInstanceOf(Event.DiskFailed.class);
    disks.inject("ok");
    n1.write(write(2, 2, 3));
    assertThat(take()).isEqualTo(new Event.RedoWritten(2, DISK, 0));
    assertThat(lsnsFrom(1)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aRequestMadeAgainWhileItIsUnderWayIsAnsweredOnce() {
    disks.inject("hang");
    n1.write(write(1, 1));
    n1.write(write(1, 1));
    disks.inject("ok");
    assertThat(take()).isEqualTo(new Event.RedoWritten(1, DISK, 0));
    n1.write(write(2, 2));
    assertThat(take()).isEqualTo(new Event.RedoWritten(2, DISK, 0));
    assertThat(lsnsFrom(1)).containsExactly(1L, 2L);
    assertThat(heard).isEmpty();
  }

  @Test
  void aFencedLifeIsToldSo() {
    n1.write(write(1, 1));
    take();
    disks.client(N2, 1).fence(new Effect.Fence(3, DISK, N1, 1));
    n1.write(write(2, 2));
    Event last = take();
    while (last instanceof Event.RedoWritten again) { // it may have been faster than the fence
      n1.write(write(again.request() + 1, again.request() + 1));
      last = take();
    }
    assertThat(last).isInstanceOf(Event.DiskFailed.class);
    assertThat(((Event.DiskFailed) last).reason()).isEqualTo("fenced");
  }

  @Test
  void manyPackagesGoInAtOnce() {
    long[] many = LongStream.rangeClosed(1, 3000).toArray();
    n1.write(write(1, many));
    assertThat(take()).isEqualTo(new Event.RedoWritten(1, DISK, 0));
    assertThat(lsnsFrom(1)).hasSize(3000);
  }
}
