package halab.systems;

import halab.kernel.Level;
import java.time.LocalDateTime;

/** The vendor's log file names and line form. Pure; the edge owns the files. */
public interface VendorLog {
  /** File name for this moment; a new name means a new file. */
  String file(String instance, LocalDateTime at);

  /** One line without its end. */
  String line(LocalDateTime at, Level level, long pid, String text);
}
