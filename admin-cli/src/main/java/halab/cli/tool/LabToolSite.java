package halab.cli.tool;

import com.google.protobuf.Message;
import halab.cli.lab.LiveLab;
import halab.kernel.Block;
import halab.kernel.Endpoint;
import halab.runtime.lab.LabDisk;
import halab.runtime.lab.TextFiles;
import halab.systems.ToolSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A live lab as a vendor's tool on one of its hosts finds it. */
final class LabToolSite implements ToolSite {
  private static final long FILE_BYTES_MAX = 1 << 20;

  private final LiveLab lab;
  private final String host;
  private final DiskAccess access;

  /**
   * @param self the host and the tool's name
   */
  LabToolSite(LiveLab lab, Endpoint self) {
    this.lab = lab;
    this.host = self.host();
    this.access = new DiskAccess(lab, self);
  }

  @Override
  public List<Disk> disks() {
    return lab.model().disks().stream()
        .map(d -> new Disk(d.path(), d.kind(), d.blocks(), d.bytes()))
        .toList();
  }

  private LabDisk disk(String path) throws Failed {
    return lab.model().disks().stream()
        .filter(d -> d.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new Failed("there is no disk " + path));
  }

  @Override
  public List<Block> read(String path, int first, int count) throws Failed {
    return access.read(disk(path), first, count);
  }

  @Override
  public void write(String path, int block, Message content) throws Failed {
    access.write(disk(path), block, content);
  }

  @Override
  public void create(String path) throws Failed {
    access.create(disk(path));
  }

  private Path file(String name) {
    return name.contains("/") ? Path.of(name) : lab.model().etc(host).resolve(name);
  }

  @Override
  public String readFile(String name) throws Failed {
    Path file = file(name);
    try {
      if (!Files.isRegularFile(file)) {
        throw new Failed("there is no file " + file);
      }
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new Failed(file + " is larger than 1 MiB");
      }
      return TextFiles.read(file);
    } catch (IOException e) {
      throw new Failed("cannot read " + file + ": " + e);
    }
  }

  @Override
  public void writeFile(String name, String text) throws Failed {
    Path file = file(name);
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new Failed("cannot write " + file + ": there is no folder " + folder);
    }
    if (Files.isDirectory(file)) {
      throw new Failed("cannot write " + file + ": it is a folder; name a file");
    }
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new Failed("cannot write " + file + ": " + e);
    }
  }

  @Override
  public boolean runs(String role) {
    return lab.daemons().stream().anyMatch(d -> d.role().equals(role) && lab.processOf(d) != null);
  }
}
