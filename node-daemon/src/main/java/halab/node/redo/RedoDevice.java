package halab.node.redo;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where the bytes of a log lie. Errors are IOExceptions that name thing, place and remedy; a {@link
 * halab.runtime.disk.FencedException} says that this life of the instance may write no more.
 */
public interface RedoDevice extends AutoCloseable {
  /** In bytes; never changes. */
  long size();

  /** Reads that many bytes, all of them. May block for as long as the storage is silent. */
  byte[] read(long offset, int length) throws IOException;

  /**
   * Writes what remains of the buffer, durable on return. When it fails, any part may have been
   * written. May block for as long as the storage is silent; an interrupt ends the wait.
   */
  void write(long offset, ByteBuffer bytes) throws IOException;

  /** What messages call it. */
  @Override
  String toString();

  @Override
  void close() throws IOException;
}
