package halab.cli.sql;

import halab.cli.Failure;
import halab.cli.Out;
import halab.cli.lab.LiveLab;
import halab.runtime.lab.Lab;
import halab.runtime.lab.TextFiles;
import halab.systems.ConfigException;
import halab.systems.Systems;
import halab.systems.dm.SvcConf;
import halab.systems.dm.SvcPlace;
import halab.systems.dm.SvcService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The file of services in the folder of a lab, for the lab's clients. */
public final class ServiceFile {
  private ServiceFile() {}

  /** What stands in the file of a new lab; null when its system has none. */
  public static String text(Lab lab) {
    List<SvcPlace> places =
        lab.hosts().stream()
            .flatMap(h -> h.sqlPorts().values().stream().map(p -> new SvcPlace(h.name(), p)))
            .toList();
    return Systems.named(lab.system()).services(places);
  }

  /**
   * A service by its name; where there is no file, as a new lab has it.
   *
   * @param out told which keys are passed over
   * @throws Failure if there is no such service, or the file is wrong
   */
  public static SvcService service(LiveLab lab, String name, Out out) throws IOException {
    Path file = lab.dir().resolve(SvcConf.FILE);
    String text = Files.isRegularFile(file) ? TextFiles.read(file) : text(lab.model());
    if (text == null) {
      throw Failure.usage("--service: clients of " + lab.model().system() + " know no services");
    }
    try {
      SvcConf conf = SvcConf.parse(file.toString(), text);
      SvcService service = conf.service(name, Map.of());
      if (!conf.ignored().isEmpty()) {
        out.remark(out.dim(file + ": without effect: " + String.join(", ", conf.ignored())));
      }
      return service;
    } catch (ConfigException e) {
      throw Failure.config(e.getMessage());
    }
  }
}
