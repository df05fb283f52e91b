package halab.node.redo;

import static halab.node.redo.Logs.SMALL;
import static halab.node.redo.Logs.append;
import static halab.node.redo.Logs.lsns;
import static halab.node.redo.Logs.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.node.DiskLab;
import halab.runtime.disk.DiskClient;
import halab.runtime.disk.FencedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redo threads on a shared disk, served by the disk daemon. */
class DiskRedoDeviceTest {
  private static final Endpoint N1 = new Endpoint("n1", "dmserver");
  private static final Endpoint N2 = new Endpoint("n2", "dmserver");
  private static final String DISK = "/dev/raw/data0";
  private static final RedoOwner OWNER = new RedoOwner("DSC0", 0, 4711);
  private static final RedoOwner OTHER = new RedoOwner("DSC1", 1, 4711);
  @TempDir Path dir;
  private DiskLab disks;
  private DiskClient n1;
  private DiskClient n2;

  @BeforeEach
  void begin() throws IOException {
    disks = new DiskLab(dir, DISK, 64, 2 * SMALL.bytes());
    n1 = disks.client(N1, 1);
    n2 = disks.client(N2, 1);
  }

  @AfterEach
  void end() {
    disks.close();
  }

  private static RedoDevice device(DiskClient client, int thread) {
    return new DiskRedoDevice(client, DISK, 64 * 512, thread, SMALL.bytes());
  }

  @Test
  void threadsLieSideBySideAndAnyInstanceReadsThem() throws IOException {
    RedoFormat.write(device(n1, 0), OWNER, SMALL, 0, false);
    RedoFormat.write(device(n2, 1), OTHER, SMALL, 0, false);
    try (RedoWriter mine = start(device(n1, 0), RedoAlarms.NONE)) {
      RedoReader reader = RedoReader.open(device(n2, 1), OTHER);
      reader.settle();
      try (RedoWriter others = RedoWriter.start(reader, RedoAlarms.NONE)) {
        for (long lsn = 1; lsn < 6; lsn++) {
          append(mine, lsn, 2000);
          append(others, 10 * lsn, 2000);
        }
      }
    }
    assertThat(lsns(RedoReader.open(device(n2, 0), OWNER))).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(lsns(RedoReader.open(device(n1, 1), OTHER)))
        .containsExactly(10L, 20L, 30L, 40L, 50L);
    assertThatThrownBy(() -> RedoReader.open(device(n1, 1), OWNER)).isInstanceOf(RedoDamage.class);
    assertThatThrownBy(() -> device(n1, 0).read(SMALL.bytes() - 1, 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFencedInstanceIsToldAndItsRedoIsReadAndSettled() throws IOException {
    RedoFormat.write(device(n1, 0), OWNER, SMALL, 0, false);
    try (RedoWriter writer = start(device(n1, 0), RedoAlarms.NONE)) {
      append(writer, 1, 100);
      n2.fence(new Effect.Fence(1, DISK, N1, 1));
      RedoReader reader = RedoReader.open(device(n2, 0), OWNER);
      reader.settle();
      assertThat(lsns(reader)).containsExactly(1L);
      assertThatThrownBy(() -> append(writer, 2, 100))
          .isInstanceOf(FencedException.class)
          .hasMessageContaining("redo log " + DISK + " thread 0")
          .hasMessageContaining("fenced: n1/dmserver up to life 1");
    }
    try (RedoWriter next = start(device(disks.client(N1, 2), 0), RedoAlarms.NONE)) {
      append(next, 2, 100);
    }
    assertThat(lsns(RedoReader.open(device(n2, 0)))).containsExactly(1L, 2L);
  }

  @Test
  void aFailingDiskBreaksTheWriterAndAHungOneHoldsIt() throws IOException {
    RedoFormat.write(device(n1, 0), OWNER, SMALL, 0, false);
    RedoWriter broken = start(device(n1, 0), RedoAlarms.NONE);
    disks.inject("full");
    assertThatThrownBy(() -> append(broken, 1, 100))
        .isNotInstanceOf(FencedException.class)
        .hasMessageContaining("no space left on device; mend the storage");
    broken.close();
    disks.inject("ok");
    RedoWriter hung = start(device(n1, 0), RedoAlarms.NONE);
    long bitten = disks.bitten();
    disks.inject("hang");
    CompletableFuture<Void> waiting = hung.append(Logs.redo(1, 100));
    Logs.until("the disk holds the write", () -> disks.bitten() > bitten);
    CompletableFuture<Void> other = n2.writeRanges(DISK, List.of());
    assertThat(waiting).isNotDone();
    hung.abort();
    assertThatThrownBy(() -> Logs.get(waiting)).hasMessageContaining("interrupted");
    disks.inject("ok");
    // What was under way has reached the disk though nobody acknowledged it.
    Logs.get(other);
    assertThat(lsns(RedoReader.open(device(n1, 0)))).containsExactly(1L);
  }

  @Test
  void aDiskThatLiesIsFoundOut() throws IOException {
    for (String lie : List.of("torn", "flipped")) {
      RedoFormat.write(device(n1, 0), OWNER, SMALL, 0, true);
      try (RedoWriter writer = start(device(n1, 0), RedoAlarms.NONE)) {
        append(writer, 1, 2000);
        disks.inject(lie);
        append(writer, 2, 2000);
        disks.inject("ok");
        append(writer, 3, 2000);
      }
      assertThatThrownBy(() -> RedoReader.open(device(n1, 0), OWNER))
          .isInstanceOf(RedoDamage.class)
          .hasMessageContaining(DISK + " thread 0, segment 0, offset 3584")
          .hasMessageContaining("but a later batch stands");
    }
  }
}
