package halab.node.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.kernel.Endpoint;
import halab.node.DiskLab;
import halab.runtime.disk.DiskRange;
import halab.systems.dsc.DataLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedImageTest {
  private static final String DISK = "/dev/raw/data0";

  @TempDir Path dir;
  private DiskLab disks;
  private SharedImage images;

  @BeforeEach
  void begin() throws IOException {
    disks = new DiskLab(dir, DISK, DataLayout.BLOCKS_MIB * 2048, DataLayout.RANGE_BYTES);
    images = new SharedImage(disks.client(new Endpoint("n1", "dmserver"), 1), DISK);
  }

  @AfterEach
  void end() {
    disks.close();
  }

  private Path file(int seed, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return Files.write(dir.resolve("image-" + seed), content);
  }

  @Test
  void theNewestImageIsFoundAndReadBack() throws IOException {
    assertThat(images.newest()).isNull();
    Path first = file(1, 100);
    Path second = file(2, 3 << 20);
    images.save(first, 10);
    assertThat(images.newest().lsn()).isEqualTo(10);
    images.save(second, 20);
    SharedImage.Head head = images.newest();
    assertThat(head.lsn()).isEqualTo(20);
    Path back = dir.resolve("back");
    images.load(head, back);
    assertThat(Files.mismatch(back, second)).isEqualTo(-1);
    images.save(first, 30);
    images.load(images.newest(), back);
    assertThat(Files.mismatch(back, first)).isEqualTo(-1);
  }

  /** The place that is written loses its head first, so a crash leaves the other image. */
  @Test
  void aSaveThatFailsLeavesTheOtherImage() throws IOException {
    images.save(file(1, 100), 10);
    Path second = file(2, 2 << 20);
    disks.inject("full");
    assertThatThrownBy(() -> images.save(second, 20)).hasMessageContaining("no space left");
    disks.inject("ok");
    assertThat(images.newest().lsn()).isEqualTo(10);
  }

  @Test
  void aDamagedImageIsRefused() throws IOException {
    images.save(file(1, 5000), 10);
    ByteBuffer one = ByteBuffer.wrap(new byte[] {0x55, 0x55});
    long inside = DataLayout.IMAGE_FIRST_BYTE + 4096 + 2000;
    disks
        .client(new Endpoint("n2", "dmserver"), 1)
        .writeRanges(DISK, List.of(new DiskRange(inside, one)))
        .join();
    SharedImage.Head head = images.newest();
    assertThatThrownBy(() -> images.load(head, dir.resolve("back")))
        .hasMessageContaining("image of LSN 10 on disk /dev/raw/data0 is damaged");
  }
}
