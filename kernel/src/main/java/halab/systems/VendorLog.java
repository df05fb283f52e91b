package halab.systems;

import halab.kernel.Level;
import java.time.LocalDateTime;
import java.util.Map;

/** The vendor's log file names and line form. Pure; the edge owns the files. */
public interface VendorLog {
  /**
   * How much may be logged.
   *
   * @param fileBytes a file of at least this size is followed by a new one; 0: no limit
   * @param spaceBytes while all files together are larger, the oldest one is removed; 0: no limit
   */
  record Limits(long fileBytes, long spaceBytes) {
    /** Files grow for ever. */
    public static final Limits NONE = new Limits(0, 0);
  }

  /**
   * File name for this moment; a new name means a new file. An empty instance means one without a
   * name yet; under a limit its file is also the one that follows a full one.
   */
  String file(String instance, LocalDateTime at);

  /** One line without its end. */
  String line(LocalDateTime at, Level level, long pid, String text);

  /**
   * The limits that a host's configuration files set.
   *
   * @throws ConfigException when they cannot be read
   */
  default Limits limits(Map<String, String> files) {
    return Limits.NONE;
  }

  /** Whether a file of this name counts for {@link Limits#spaceBytes}; older names sort first. */
  default boolean owns(String fileName) {
    return false;
  }
}
