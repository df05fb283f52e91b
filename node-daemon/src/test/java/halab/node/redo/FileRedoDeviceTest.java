package halab.node.redo;

import static halab.node.redo.Logs.OWNER;
import static halab.node.redo.Logs.SMALL;
import static halab.node.redo.Logs.append;
import static halab.node.redo.Logs.lsns;
import static halab.node.redo.Logs.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRedoDeviceTest {
  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void place() {
    file = dir.resolve("redo.log");
  }

  @Test
  void aLogInAFileIsWrittenAndReadAgain() throws IOException {
    Files.writeString(dir.resolve("redo.log.new"), "half made before a crash");
    FileRedoDevice.create(file, RedoShape.SINGLE.bytes());
    assertThat(dir).isDirectoryNotContaining("glob:**.new");
    try (FileRedoDevice device = FileRedoDevice.open(file)) {
      RedoFormat.write(device, OWNER, RedoShape.SINGLE, 0, false);
      try (RedoWriter writer = start(device, RedoAlarms.NONE)) {
        append(writer, 1, 3_000_000);
        append(writer, 2, 10);
      }
    }
    try (FileRedoDevice device = FileRedoDevice.open(file)) {
      RedoReader reader = RedoReader.open(device, OWNER);
      assertThat(lsns(reader)).containsExactly(1L, 2L);
      assertThat(reader.packages(1).next().payload()).isEqualTo(Logs.redo(1, 3_000_000).payload());
    }
    assertThat(Files.size(file)).isEqualTo(RedoShape.SINGLE.bytes());
    assertThatThrownBy(() -> FileRedoDevice.create(file, 10))
        .hasMessageContaining("move the redo log away first");
  }

  @Test
  void oneProcessAtATimeHasIt() throws IOException {
    FileRedoDevice.create(file, SMALL.bytes());
    try (FileRedoDevice device = FileRedoDevice.open(file)) {
      assertThat(device.size()).isEqualTo(SMALL.bytes());
      assertThatThrownBy(() -> FileRedoDevice.open(file)).hasMessageContaining("is in use; end");
    }
    FileRedoDevice.open(file).close();
  }

  @Test
  void errorsNameThingPlaceAndRemedy() throws IOException {
    assertThatThrownBy(() -> FileRedoDevice.open(file))
        .hasMessage("redo log " + file + " is missing; restore it from a copy");
    FileRedoDevice.create(file, SMALL.bytes());
    try (FileRedoDevice device = FileRedoDevice.open(file)) {
      assertThatThrownBy(() -> device.write(SMALL.bytes() - 1, ByteBuffer.allocate(2)))
          .isInstanceOf(IllegalArgumentException.class);
      try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
        other.setLength(1000);
      }
      assertThatThrownBy(() -> device.read(500, 1000))
          .hasMessageContaining("read at 500 failed: the file was truncated; mend the storage");
    }
    FileRedoDevice closed = FileRedoDevice.open(file);
    closed.close();
    assertThatThrownBy(() -> closed.write(0, ByteBuffer.allocate(2)))
        .hasMessageContaining("write at 0 failed: ClosedChannelException");
  }
}
