package halab.runtime.faults;

import halab.admin.proto.FaultSet;
import halab.runtime.lab.AtomicFiles;
import halab.runtime.lab.Lab;
import halab.systems.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The fault rules of a host, kept by its hostd in {@code run/faults} and read by its daemons. */
public final class FaultFile {
  private FaultFile() {}

  private static Path file(Lab lab, String host) {
    return lab.run(host).resolve("faults");
  }

  /** The rules in force; none when there is no file. */
  public static FaultSet read(Lab lab, String host) {
    Path file = file(lab, host);
    try {
      return Files.exists(file)
          ? FaultSet.parseFrom(Files.readAllBytes(file))
          : FaultSet.getDefaultInstance();
    } catch (IOException e) {
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  file.toString(),
                  0,
                  "the fault rules cannot be read (" + e.getMessage() + ")",
                  "remove the file, or run 'halab heal --all'")));
    }
  }

  public static void write(Lab lab, String host, FaultSet faults) throws IOException {
    Files.createDirectories(lab.run(host));
    AtomicFiles.write(file(lab, host), faults.toByteArray());
  }
}
