package halab.systems.dsc;

import halab.dsc.proto.GroupType;
import halab.dsc.proto.MonRequest;

/**
 * With which code the control CSS refuses handling that a monitor asks for by hand (reference 4.7,
 * 5.3, 5.7): {@code ep crash}, {@code ep break}, {@code ep recover} and {@code css stop}. The
 * manual gives several codes with one meaning; which command uses which of them is our choice.
 */
final class CssByHand {
  private CssByHand() {}

  /** For what only the control CSS can do to an ASM or DB group. */
  static int controlCode(DmcssState s, MonRequest ask) {
    if (ask.getType() == GroupType.CSS) {
      return CssmCode.NOT_FOR_CSS;
    }
    return s.phase == CssPhase.CONTROL ? CssmCode.DONE : CssmCode.NOT_CONTROL;
  }

  /** {@code ep crash}: an EP that is a member, and not before the ASM EP that it depends on. */
  static int crashCode(DmcssState s, MonRequest ask) {
    int code = controlCode(s, ask);
    if (code != CssmCode.DONE) {
      return code;
    }
    GroupScene scene = scene(s, ask);
    if (!s.autoCheck) {
      return CssmCode.MONITORING_OFF;
    }
    if (ask.getSeqno() < 0 || ask.getSeqno() >= scene.g().dcr.getNEp()) {
      return CssmCode.BAD_SEQNO;
    }
    if (handles(scene)) {
      return CssmCode.IN_HANDLING;
    }
    if (scene.c().active(scene.g().group).isEmpty()) {
      return CssmCode.NO_EP_TO_CRASH;
    }
    if (!GroupActs.member(scene, ask.getSeqno())) {
      return CssmCode.NONE_TO_CRASH;
    }
    if (scene.g().phase != GroupPhase.OPEN) {
      return CssmCode.CSS_FAILED;
    }
    if (!isDb(scene)) {
      return CssmCode.DONE;
    }
    boolean asmBusy = asmHandled(s) || DbGroup.asmFirst(scene, ask.getSeqno());
    return asmBusy
        ? CssmCode.ASM_FIRST
        : scene.c().active(1).isEmpty() ? CssmCode.NO_ASM_TO_CRASH : CssmCode.DONE;
  }

  /** {@code ep break}: only by hand, and somebody must be lost. */
  static int breakCode(DmcssState s, MonRequest ask) {
    int code = controlCode(s, ask);
    if (code != CssmCode.DONE) {
      return code;
    }
    GroupScene scene = scene(s, ask);
    if (s.autoCheck) {
      return CssmCode.BREAK_WATCHED;
    }
    if (handles(scene)) {
      return CssmCode.IN_HANDLING;
    }
    if (scene.c().active(scene.g().group).isEmpty()) {
      return CssmCode.NO_EP_TO_BREAK;
    }
    if (scene.g().phase != GroupPhase.OPEN || GroupActs.newlyLost(scene).isEmpty()) {
      return CssmCode.NONE_TO_CRASH;
    }
    if (!isDb(scene)) {
      return CssmCode.DONE;
    }
    return asmHandled(s) || asmLost(s)
        ? CssmCode.ASM_FIRST
        : scene.c().active(1).isEmpty() ? CssmCode.NO_ASM_TO_BREAK : CssmCode.DONE;
  }

  /** {@code ep recover}: only by hand, and somebody must be fit for it. */
  static int recoverCode(DmcssState s, MonRequest ask) {
    int code = controlCode(s, ask);
    if (code != CssmCode.DONE) {
      return code;
    }
    GroupScene scene = scene(s, ask);
    if (s.autoCheck) {
      return CssmCode.RECOVER_WATCHED;
    }
    if (handles(scene)) {
      return CssmCode.RECOVER_IN_HANDLING;
    }
    boolean asmFirst = asmHandled(s) || AsmGroup.returning(asm(s)) != DscText.NONE;
    if (isDb(scene) && (asmFirst || asmLost(s))) {
      return CssmCode.RECOVER_ASM_FIRST;
    }
    int next = isDb(scene) ? DbGroup.returning(scene) : AsmGroup.returning(scene);
    return scene.g().phase == GroupPhase.OPEN && next != DscText.NONE
        ? CssmCode.DONE
        : CssmCode.NONE_TO_RECOVER;
  }

  /** {@code css stop}: nothing may be left half done. */
  static int stopCode(DmcssState s) {
    boolean handles =
        s.phase == CssPhase.CONTROL
            && (handles(asm(s)) || handles(new GroupScene(s.db, s.scene())));
    return handles ? CssmCode.RECOVER_IN_HANDLING : CssmCode.DONE;
  }

  private static GroupScene scene(DmcssState s, MonRequest ask) {
    return new GroupScene(s.group(CssMonitors.group(ask)), s.scene());
  }

  private static GroupScene asm(DmcssState s) {
    return new GroupScene(s.asm, s.scene());
  }

  private static boolean isDb(GroupScene scene) {
    return scene.g().type == GroupType.DB;
  }

  private static boolean handles(GroupScene scene) {
    return scene.g().phase.crashing() || scene.g().phase.rejoining();
  }

  private static boolean asmHandled(DmcssState s) {
    return handles(asm(s));
  }

  private static boolean asmLost(DmcssState s) {
    return !GroupActs.newlyLost(asm(s)).isEmpty();
  }
}
