package halab.runtime.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A disk has no room for what was to be written; nothing else is wrong with it. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final String TEXT = "no space left on device";

  DiskFullException(Throwable cause) {
    super(TEXT, cause);
  }

  /**
   * What a failed write in this folder means: this exception when the device is full, in whatever
   * words the system says so, or the failure itself.
   */
  public static IOException orElse(Path folder, IOException failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof DiskFullException full) {
        return full;
      }
      String text = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      if (text.contains(TEXT) || text.contains("disk quota exceeded")) {
        return new DiskFullException(failure);
      }
    }
    return hasRoom(folder) ? failure : new DiskFullException(failure);
  }

  private static boolean hasRoom(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace() > 0;
    } catch (IOException e) {
      return true;
    }
  }
}
