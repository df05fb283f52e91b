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
      return -1053;
    }
    return s.phase == CssPhase.CONTROL ? 0 : -1023;
  }

  /** {@code ep crash}: an EP that is a member, and not before the ASM EP that it depends on. */
  static int crashCode(DmcssState s, MonRequest ask) {
    int code = controlCode(s, ask);
    if (code != 0) {
      return code;
    }
    GroupScene scene = scene(s, ask);
    if (!s.autoCheck) {
      return -1052;
    }
    if (ask.getSeqno() < 0 || ask.getSeqno() >= scene.g().dcr.getNEp()) {
      return -1082;
    }
    if (handles(scene)) {
      return -1071;
    }
    if (scene.c().active(scene.g().group).isEmpty()) {
      return -1095;
    }
    if (!GroupActs.member(scene, ask.getSeqno())) {
      return -1075;
    }
    if (scene.g().phase != GroupPhase.OPEN) {
      return -1012;
    }
    if (!isDb(scene)) {
      return 0;
    }
    boolean asmBusy = asmHandled(s) || DbGroup.asmFirst(scene, ask.getSeqno());
    return asmBusy ? -1076 : scene.c().active(1).isEmpty() ? -1094 : 0;
  }

  /** {@code ep break}: only by hand, and somebody must be lost. */
  static int breakCode(DmcssState s, MonRequest ask) {
    int code = controlCode(s, ask);
    if (code != 0) {
      return code;
    }
    GroupScene scene = scene(s, ask);
    if (s.autoCheck) {
      return -1070;
    }
    if (handles(scene)) {
      return -1071;
    }
    if (scene.c().active(scene.g().group).isEmpty()) {
      return -1086;
    }
    if (scene.g().phase != GroupPhase.OPEN || GroupActs.newlyLost(scene).isEmpty()) {
      return -1075;
    }
    if (!isDb(scene)) {
      return 0;
    }
    return asmHandled(s) || asmLost(s) ? -1076 : scene.c().active(1).isEmpty() ? -1085 : 0;
  }

  /** {@code ep recover}: only by hand, and somebody must be fit for it. */
  static int recoverCode(DmcssState s, MonRequest ask) {
    int code = controlCode(s, ask);
    if (code != 0) {
      return code;
    }
    GroupScene scene = scene(s, ask);
    if (s.autoCheck) {
      return -1072;
    }
    if (handles(scene)) {
      return -1074;
    }
    boolean asmFirst = asmHandled(s) || AsmGroup.returning(asm(s)) != DscText.NONE;
    if (isDb(scene) && (asmFirst || asmLost(s))) {
      return -1088;
    }
    int next = isDb(scene) ? DbGroup.returning(scene) : AsmGroup.returning(scene);
    return scene.g().phase == GroupPhase.OPEN && next != DscText.NONE ? 0 : -1073;
  }

  /** {@code css stop}: nothing may be left half done. */
  static int stopCode(DmcssState s) {
    boolean handles =
        s.phase == CssPhase.CONTROL
            && (handles(asm(s)) || handles(new GroupScene(s.db, s.scene())));
    return handles ? -1074 : 0;
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
