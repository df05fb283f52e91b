package halab.node.sql;

import java.nio.file.Path;

/**
 * Where a database lives and what it may use.
 *
 * @param folder its folder, made when missing; null: in memory only
 * @param name its name, letters and digits; what clients see as the database's name
 * @param slotBase the first session slot of this instance, of one more than its sessions; the
 *     others' begin elsewhere
 * @param sessionsMost sessions at a time, each with a slot of its own
 * @param changeBytesMost the most one transaction may change, in bytes
 */
public record Options(
    Path folder, String name, int slotBase, int sessionsMost, long changeBytesMost) {
  public Options {
    if (!name.matches("[A-Za-z0-9_]{1,63}")) {
      throw new IllegalArgumentException(
          "database name \"" + name + "\": letters, digits and _ only, at most 63");
    }
    if (sessionsMost < 1 || changeBytesMost < 1 || slotBase < 0) {
      throw new IllegalArgumentException("sessions, bytes and slots of a database are positive");
    }
  }

  /** In memory, for tests: 1,000 sessions, 64 MiB a transaction, slots from 0. */
  public static Options memory(String name) {
    return new Options(null, name, 0, 1000, 64L << 20);
  }
}
