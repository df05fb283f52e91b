package halab.runtime.disk;

import java.nio.ByteBuffer;

/**
 * Bytes of a disk that lie behind its blocks.
 *
 * @param offset from the beginning of the disk's file, in bytes
 * @param bytes what to write there; its position and limit are left alone
 */
public record DiskRange(long offset, ByteBuffer bytes) {}
