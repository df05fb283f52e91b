package halab.runtime.lab;

/**
 * A shared disk of a lab.
 *
 * @param name what faults call it ("vote"); its file is {@code NAME.disk}
 * @param path what the vendor's files call it ("/dev/raw/vote")
 * @param kind "voting", "config" or "data"
 * @param blocks size in blocks of 512 bytes
 */
public record LabDisk(String name, String path, String kind, int blocks) {}
