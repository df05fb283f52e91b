package halab.node.redo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.admin.proto.FaultSet;
import halab.admin.proto.OwnDiskFault;
import halab.runtime.LabClock;
import halab.runtime.disk.DiskFullException;
import halab.runtime.disk.OwnDisk;
import halab.runtime.faults.FaultRules;
import halab.systems.Role;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive of redo through crashes, damage and a lack of space. */
class RedoArchiveTest {
  private static final String PREFIX = "ARCHIVE_LOCAL1_0x1F_EP0_";

  @TempDir Path dir;
  private final FaultRules rules = new FaultRules("n1/dmserver");
  private final OwnDisk disk = new OwnDisk("n1.arch", rules, new LabClock(1, 1));
  private long wallMs = 1_700_000_000_000L;

  private RedoArchive open(long fileBytes, long spaceBytes) throws IOException {
    Role.Archive shape = new Role.Archive(PREFIX, fileBytes, spaceBytes);
    return RedoArchive.open(dir, shape, 7, disk, () -> wallMs);
  }

  private RedoArchive open() throws IOException {
    return open(1 << 20, 0);
  }

  private static RedoPackage pkg(long lsn) {
    byte[] payload = new byte[1000];
    Arrays.fill(payload, (byte) lsn);
    return new RedoPackage(lsn, lsn, payload);
  }

  private static List<RedoPackage> pkgs(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(RedoArchiveTest::pkg).toList();
  }

  private static List<Long> lsns(RedoArchive.Part part) {
    return part.packages().stream().map(RedoPackage::lastLsn).toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.sorted().toList();
    }
  }

  @Test
  void whatWasAppendedIsReadByTheNextLifeInParts() throws IOException {
    try (RedoArchive archive = open()) {
      assertThat(archive.read(1, 10, 1000).packages()).isEmpty();
      archive.append(pkgs(1, 5));
      archive.append(pkgs(4, 9));
    }
    try (RedoArchive archive = open()) {
      assertThat(archive.lastLsn()).isEqualTo(9);
      archive.append(List.of(pkg(12)));
      assertThat(lsns(archive.read(1, 3, 1 << 20))).containsExactly(1L, 2L, 3L);
      assertThat(lsns(archive.read(4, 3, 1 << 20))).containsExactly(4L, 5L, 6L);
      assertThat(lsns(archive.read(7, 100, 1 << 20))).containsExactly(7L, 8L, 9L, 12L);
      assertThat(lsns(archive.read(1, 100, 1500))).as("bytes").containsExactly(1L, 2L, 3L, 4L, 5L);
      RedoArchive.Part none = archive.read(13, 100, 1 << 20);
      assertThat(none.packages()).isEmpty();
      assertThat(none.lastLsn()).isEqualTo(12);
      assertThat(none.oldestLsn()).isEqualTo(1);
    }
    assertThat(files()).hasSize(1);
    assertThat(files().get(0).getFileName().toString())
        .matches("ARCHIVE_LOCAL1_0x1F_EP0_2023-11-1\\d_\\d\\d-\\d\\d-\\d\\d\\.log");
  }

  @Test
  void fullFilesAreFollowedByOthersAndOldOnesAreReleasedAsAWhole() throws IOException {
    try (RedoArchive archive = open(5000, 0)) {
      for (long lsn = 1; lsn <= 20; lsn++) {
        archive.append(List.of(pkg(lsn)));
      }
      assertThat(files()).hasSizeGreaterThan(5);
      assertThat(lsns(archive.read(1, 100, 1 << 20))).hasSize(20);
      archive.releaseUpTo(6);
      RedoArchive.Part left = archive.read(1, 100, 1 << 20);
      assertThat(left.oldestLsn()).isBetween(2L, 7L);
      assertThat(lsns(left)).startsWith(left.oldestLsn()).endsWith(20L);
    }
    try (RedoArchive archive = open(5000, 0)) {
      assertThat(archive.lastLsn()).isEqualTo(20);
      archive.releaseUpTo(100);
      assertThat(files()).as("the newest one stays").hasSize(1);
      assertThat(archive.lastLsn()).isEqualTo(20);
    }
  }

  @Test
  void beyondTheSpaceTheOldestFilesGo() throws IOException {
    try (RedoArchive archive = open(5000, 12_000)) {
      for (long lsn = 1; lsn <= 50; lsn++) {
        archive.append(List.of(pkg(lsn)));
      }
      RedoArchive.Part part = archive.read(1, 100, 1 << 20);
      assertThat(part.oldestLsn()).isGreaterThan(35);
      assertThat(part.lastLsn()).isEqualTo(50);
    }
  }

  /** Wherever a crash cuts the last batch short: what was durable before it is there. */
  @Test
  void aTornTailIsCut() throws IOException {
    try (RedoArchive archive = open()) {
      archive.append(pkgs(1, 3));
    }
    Path file = files().get(0);
    long end = 512 + 3584;
    for (int cut : new int[] {1, 63, 64, 100, 1100, 2000}) {
      try (RedoArchive archive = open()) {
        archive.append(pkgs(4, 5));
      }
      try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
        raw.setLength(end + cut);
        raw.setLength(end + 8192);
      }
      try (RedoArchive archive = open()) {
        assertThat(archive.lastLsn()).as("cut at " + cut).isEqualTo(3);
      }
    }
  }

  @Test
  void damageInTheMiddleIsRefusedWithPlaceAndRemedy() throws IOException {
    try (RedoArchive archive = open()) {
      archive.append(pkgs(1, 3));
      archive.append(pkgs(4, 6));
    }
    try (RandomAccessFile raw = new RandomAccessFile(files().get(0).toFile(), "rw")) {
      raw.seek(1500);
      raw.write(0x55);
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(RedoDamage.class)
        .hasMessageContaining(files().get(0).toString())
        .hasMessageContaining("offset 512")
        .hasMessageContaining("wrong checksum")
        .hasMessageContaining("restore the file from a copy");
  }

  @Test
  void aMissingFileAndAnotherDatabasesFileAreRefused() throws IOException {
    try (RedoArchive archive = open(5000, 0)) {
      for (long lsn = 1; lsn <= 20; lsn++) {
        archive.append(List.of(pkg(lsn)));
      }
    }
    Role.Archive shape = new Role.Archive(PREFIX, 5000, 0);
    assertThatThrownBy(() -> RedoArchive.open(dir, shape, 8, disk, () -> wallMs))
        .hasMessageContaining("redo of group 7, not of 8");
    Files.delete(files().get(2));
    assertThatThrownBy(this::open).hasMessageContaining("follows number");
  }

  @Test
  void aFullDiskIsToldAndWritingAgainLaterSucceeds() throws IOException {
    try (RedoArchive archive = open()) {
      archive.append(pkgs(1, 3));
      rules.replace(faults("full"));
      assertThatThrownBy(() -> archive.append(pkgs(4, 5)))
          .isInstanceOf(DiskFullException.class)
          .hasMessage("no space left on device");
      assertThat(lsns(archive.read(1, 9, 1 << 20))).containsExactly(1L, 2L, 3L);
      rules.replace(faults("fail"));
      assertThatThrownBy(() -> archive.read(1, 9, 1 << 20)).hasMessage("input/output error");
      rules.replace(FaultSet.getDefaultInstance());
      archive.append(pkgs(4, 5));
      assertThat(lsns(archive.read(4, 9, 1 << 20))).containsExactly(4L, 5L);
    }
  }

  private static FaultSet faults(String fault) {
    OwnDiskFault one = OwnDiskFault.newBuilder().setDisk("n1.arch").setFault(fault).build();
    return FaultSet.newBuilder().addDisk(one).build();
  }
}
