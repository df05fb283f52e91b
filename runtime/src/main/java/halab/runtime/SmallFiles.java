package halab.runtime;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.runtime.lab.AtomicFiles;
import halab.runtime.lab.Lab;
import halab.runtime.lab.TextFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A host's small files: read when a role is born, written anew as a whole. Writes are carried out
 * in the order in which they were asked for, on a thread of their own, since storage may be slow.
 */
final class SmallFiles {
  private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9._-]{0,99}";

  private final Lab lab;
  private final Endpoint self;
  private final Consumer<Event> events;
  private final LinkedBlockingQueue<Effect.SaveFile> wanted = new LinkedBlockingQueue<>();
  private Thread thread;

  SmallFiles(Lab lab, Endpoint self, Consumer<Event> events) {
    this.lab = lab;
    this.self = self;
    this.events = events;
  }

  /** Files of a folder by name; what a write left that a crash cut short is none. */
  static Map<String, String> read(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!AtomicFiles.unfinished(file)) {
          files.put(file.getFileName().toString(), TextFiles.read(file));
        }
      }
    }
    return files;
  }

  /** Loop thread. */
  void save(Effect.SaveFile save) {
    wanted.add(save);
    if (thread == null) {
      thread = new Thread(this::work, "small-files");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void work() {
    try {
      while (true) {
        Effect.SaveFile save = wanted.take();
        events.accept(new Event.FileSaved(save.request(), save.name(), failure(save)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why it is not so, or null. */
  private String failure(Effect.SaveFile save) {
    Path folder =
        switch (save.folder()) {
          case CONFIG -> lab.etc(self.host());
          case SYSTEM -> lab.system(self.host());
        };
    if (!save.name().matches(NAME)) {
      return "'" + save.name() + "' is no plain file name; take letters, digits, '.', '_' and '-'";
    }
    Path file = folder.resolve(save.name());
    try {
      Files.createDirectories(folder);
      if (save.text() != null) {
        AtomicFiles.write(file, save.text());
      } else if (Files.deleteIfExists(file)) {
        AtomicFiles.forceDirectory(folder);
      }
      return null;
    } catch (IOException e) {
      return file
          + " cannot be "
          + (save.text() == null ? "removed" : "written")
          + " ("
          + e.getMessage()
          + "); look after space and rights of that folder";
    }
  }
}
