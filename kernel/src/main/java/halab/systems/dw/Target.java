package halab.systems.dw;

import halab.dw.proto.ArchType;
import halab.dw.proto.SendInfo;

/**
 * An archive that this instance sends to (reference 3.7).
 *
 * @param dest name of the other instance
 * @param valid a realtime or timely one: commits wait for it
 * @param send what was sent to it
 */
record Target(String dest, ArchType type, boolean valid, SendInfo send) {
  Target with(boolean next) {
    return new Target(dest, type, next, send);
  }

  Target with(SendInfo next) {
    return new Target(dest, type, valid, next);
  }

  /** One that the members of the group have for each other, so that roles can change. */
  boolean mutual() {
    return type == ArchType.ARCH_REALTIME || type == ArchType.ARCH_TIMELY;
  }
}
