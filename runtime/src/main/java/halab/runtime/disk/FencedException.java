package halab.runtime.disk;

import java.io.IOException;

/** The disk refuses what this life of the daemon writes: another one has fenced it. For good. */
public final class FencedException extends IOException {
  public FencedException(String message) {
    super(message);
  }
}
