package halab.runtime.host;

import com.google.protobuf.ByteString;
import halab.admin.proto.ListLogsReply;
import halab.admin.proto.ListLogsRequest;
import halab.admin.proto.ReadLogReply;
import halab.admin.proto.ReadLogRequest;
import halab.runtime.lab.Lab;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Log folders of the lab's hosts, for those who cannot look into them. Files of daemons are
 * ROLE/NAME.
 */
final class HostLogs {
  private static final int MAX_BYTES = 512 << 10;
  private static final int MAX_NAMES = 1000;

  /** Never a dot in front, so that no name leads out of the folder. */
  private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";

  private final Lab lab;

  HostLogs(Lab lab) {
    this.lab = lab;
  }

  ListLogsReply list(ListLogsRequest request) throws IOException {
    Path folder = lab.log(lab.host(request.getHost()).name());
    if (!Files.isDirectory(folder)) {
      return ListLogsReply.getDefaultInstance();
    }
    try (Stream<Path> entries = Files.walk(folder, 2)) {
      return ListLogsReply.newBuilder()
          .addAllName(
              entries
                  .filter(Files::isRegularFile)
                  .map(file -> folder.relativize(file).toString())
                  .sorted()
                  .limit(MAX_NAMES)
                  .toList())
          .build();
    }
  }

  ReadLogReply read(ReadLogRequest request) throws IOException {
    if (!request.getName().matches(NAME + "(/" + NAME + ")?")) {
      throw new IllegalArgumentException("'" + request.getName() + "' is no name of a log file");
    }
    Path file = lab.log(lab.host(request.getHost()).name()).resolve(request.getName());
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long rest = Math.max(0, in.length() - Math.max(0, request.getFrom()));
      byte[] bytes = new byte[(int) Math.min(MAX_BYTES, rest)];
      in.seek(Math.max(0, request.getFrom()));
      in.readFully(bytes);
      return ReadLogReply.newBuilder().setContent(ByteString.copyFrom(bytes)).build();
    }
  }
}
