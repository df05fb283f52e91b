package halab.systems.dm.config;

/**
 * One key of a vendor file, as it is in force.
 *
 * @param value what is in force; null: not given, and the vendor has no default
 * @param fileValue what stands in the file; null: left out
 * @param min least number; null for what is no number
 * @param max greatest number; null for what is no number
 */
public record Setting(String name, String value, String fileValue, String min, String max) {
  /** The same key where something stronger than the file says what is in force. */
  public Setting forced(String inForce) {
    return new Setting(name, inForce, fileValue, min, max);
  }
}
