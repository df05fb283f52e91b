package halab.systems.dsc.monitor;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonPush;
import halab.kernel.Endpoint;

/**
 * What the monitor knows of one CSS of its dmcssm.ini. The CSS counts as live from its welcome
 * until its link breaks or it falls silent.
 *
 * @param live logged in there
 * @param mid under which number, the Unix time in seconds of the connect
 * @param nextLoginMs when to log in (again), while linked and not live
 * @param heardMs when its last push came, or its welcome
 * @param push the last one of this login, null before the first
 * @param refused code of the last refused login, 0 if none
 */
record CssSeat(
    Endpoint at,
    boolean linked,
    boolean live,
    int seqno,
    String name,
    long mid,
    long nextLoginMs,
    long heardMs,
    MonPush push,
    int refused) {
  /** How long a CSS that pushes every second may be silent. */
  static final long SILENT_MS = 10_000;

  /** How long to wait for the answer to a login before the next. */
  static final long LOGIN_AGAIN_MS = 5_000;

  static CssSeat of(Endpoint at) {
    return new CssSeat(at, false, false, -1, "", 0, Long.MAX_VALUE, 0, null, 0);
  }

  CssSeat linkedAt(long newMid, long nowMs) {
    return new CssSeat(at, true, false, seqno, name, newMid, nowMs, nowMs, null, refused);
  }

  CssSeat unlinked() {
    return new CssSeat(at, false, false, seqno, name, mid, Long.MAX_VALUE, heardMs, null, refused);
  }

  /** The MID stays for as long as the link does: a slot is held, and given back, under it. */
  CssSeat loggingIn(long nowMs) {
    long again = nowMs + LOGIN_AGAIN_MS;
    return new CssSeat(at, true, false, seqno, name, mid, again, nowMs, null, refused);
  }

  /** Has to log in once more, in a moment and under the same MID. */
  CssSeat loginDue(long nowMs) {
    return new CssSeat(at, linked, false, seqno, name, mid, nowMs + 1, heardMs, null, refused);
  }

  CssSeat welcomed(int itsSeqno, String itsName, long nowMs) {
    return new CssSeat(at, true, true, itsSeqno, itsName, mid, nextLoginMs, nowMs, push, 0);
  }

  CssSeat refusedWith(int code, long nowMs) {
    long again = nowMs + LOGIN_AGAIN_MS;
    return new CssSeat(at, linked, false, seqno, name, mid, again, nowMs, null, code);
  }

  CssSeat pushed(MonPush newPush, long nowMs) {
    return new CssSeat(at, true, true, seqno, name, mid, nextLoginMs, nowMs, newPush, refused);
  }

  /** When this CSS wants attention: a login is due, or its silence has lasted too long. */
  long wakeAtMs() {
    return live ? heardMs + SILENT_MS : linked ? nextLoginMs : Long.MAX_VALUE;
  }

  /** Whether it says that it is the control CSS. */
  boolean control() {
    return live && push != null && push.getControl();
  }

  /** Its automatic restart of its own EP of this group: 1 on, 0 off, else it cannot; -1 unknown. */
  int autoRestart(GroupType type) {
    if (!live || push == null) {
      return -1;
    }
    return type == GroupType.ASM ? push.getAsmAutoRestart() : push.getDbAutoRestart();
  }
}
