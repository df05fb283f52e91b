package halab.systems.dw;

import halab.dw.proto.MalHello;
import halab.kernel.Endpoint;

/**
 * Another instance of the group as seen over MAL (reference 1.2, 2.3).
 *
 * @param up the link stands
 * @param heardMs when anything came over it last
 * @param said its last words; null: none on this link yet
 * @param saidMs when
 */
record MalPeer(Endpoint at, boolean up, long heardMs, MalHello said, long saidMs) {
  static MalPeer unknown(Endpoint at) {
    return new MalPeer(at, false, 0, null, 0);
  }

  MalPeer up(long nowMs) {
    return new MalPeer(at, true, nowMs, null, 0);
  }

  MalPeer down() {
    return new MalPeer(at, false, heardMs, null, 0);
  }

  MalPeer heard(long nowMs) {
    return new MalPeer(at, up, nowMs, said, saidMs);
  }

  MalPeer said(MalHello hello, long nowMs) {
    return new MalPeer(at, up, nowMs, hello, nowMs);
  }
}
