package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.DcrEp;
import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.GroupType;
import halab.dsc.proto.InstStatus;
import halab.kernel.Check;
import halab.kernel.Effect;
import halab.kernel.Event;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.systems.dsc.CssTrigger.Look;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One tick of a CSS's main loop, once a second: take the look in, beat, and then, as control node,
 * judge the nodes and let each group take its next step, ASM before DB (reference 3.5, 3.10).
 */
final class CssTick {
  private CssTick() {}

  /** Notes a look: whoever was seen alive now is known. */
  static DmcssState watch(DmcssState s, Look t, Now now) {
    DmcssState seen =
        s.with(
            x -> {
              x.picture = t.picture();
              x.beats = t.beats();
              x.look = s.look + 1;
              x.wallMs = now.wallMs();
              x.changedMs = changed(s.changedMs, t, now);
            });
    TreeSet<Integer> css = new TreeSet<>(s.seenCss);
    Scene c = seen.scene();
    for (int n = 0; n < s.seat.dcr.getGroup(0).getNEp(); n++) {
      if (c.active(0, n)) {
        css.add(n);
      }
    }
    return css.equals(s.seenCss) ? seen : seen.with(x -> x.seenCss = css);
  }

  private static long[] changed(long[] before, Look t, Now now) {
    long[] changed = before.clone();
    for (int seat = 0; seat < changed.length; seat++) {
      if (t.beats().silent(seat) == 0) {
        changed[seat] = now.wallMs();
      }
    }
    return changed;
  }

  /** A normal CSS's tick. */
  static DmcssState normal(DmcssState s, Look t, Now now, List<Effect> out) {
    DmcssState seen = watch(s, t, now);
    DmcssState standing = seen.withSeat(seen.seat.with(x -> x.campaign = CssConsole.older(seen)));
    DmcssState beaten = standing.withSeat(standing.seat.beat(InstStatus.INST_OPEN, now, out));
    DmcssState served = serveControl(CssNet.tell(beaten, out), out);
    return CssMonitors.push(CssRestart.tick(served, now, out), now, out);
  }

  /** The control CSS's tick. */
  static DmcssState control(DmcssState s, Look t, Now now, List<Effect> out) {
    DmcssState seen = CssLinkIp.watch(watch(s, t, now));
    DmcssState next = seen.withSeat(seen.seat.beat(InstStatus.INST_OPEN, now, out));
    next = judgeNodes(CssNet.tell(next, out), out);
    repair(next, out);
    next = step(next, 1, now, out);
    next = step(next, 2, now, out);
    next = writeRecords(next, out);
    return CssMonitors.push(CssRestart.tick(next, now, out), now, out);
  }

  // ---- nodes ------------------------------------------------------------------------------------

  /**
   * A dead CSS takes its node's ASM and DB with it, healthy or not; a node of which nothing at all
   * is heard is reported in one line instead of three (reference 3.10, 4.1). EPs that come up while
   * their CSS is away get the CSS group's count of looks before they are taken for left over: on a
   * node that boots, whichever process beats first is chance. With monitoring off nobody is judged.
   */
  private static DmcssState judgeNodes(DmcssState s, List<Effect> out) {
    if (!s.autoCheck) {
      return s;
    }
    TreeSet<Integer> silent = new TreeSet<>(s.silentNodes);
    TreeMap<Integer, Integer> orphaned = new TreeMap<>();
    Scene c = s.scene();
    int enough = s.seat.dcr.getGroup(0).getDskchkCnt();
    for (int n = 0; n < s.seat.dcr.getGroup(0).getNEp(); n++) {
      if (c.cssActive(n)) {
        silent.remove(n);
        continue;
      }
      boolean died = s.seenCss.contains(n) && silent.add(n);
      if (died) {
        sayDead(s, c, n, out);
        GroupActs.kill(c, 0, n, c.beat(0, n).getIncarnation(), out);
      }
      if (c.active(1, n) || c.active(2, n)) {
        orphaned.put(n, died ? enough : s.orphanedLooks.getOrDefault(n, 0) + 1);
      }
      if (orphaned.getOrDefault(n, 0) >= enough) {
        condemn(c, n, out);
      }
    }
    return s.with(
        x -> {
          x.silentNodes = silent;
          x.orphanedLooks = orphaned;
        });
  }

  private static void sayDead(DmcssState s, Scene c, int n, List<Effect> out) {
    boolean whole = !c.ended(0, n) && quiet(c, 1, n) && quiet(c, 2, n);
    String line = whole ? DscText.wholeNodeSilent(n) : DscText.deadInstance(s.seat.name(n), n);
    out.add(new Effect.Say(Level.WARNING, line));
    GroupActs.relay(c, out, r -> r.setType(GroupType.CSS).setInfo(line));
    LossNote.add(c, 0, n, "control", out);
  }

  /** Missed at least the last looks, as the CSS of its node did. */
  private static boolean quiet(Scene c, int group, int n) {
    return c.beats().silent(Scene.seat(group, n)) >= 2 && !c.ended(group, n);
  }

  private static void condemn(Scene c, int n, List<Effect> out) {
    for (int g = 1; g < VoteLayout.GROUPS; g++) {
      if (c.active(g, n)) {
        GroupActs.kill(c, g, n, c.beat(g, n).getIncarnation(), out);
      }
    }
  }

  /**
   * Damaged headers, command and Kill areas are written anew, so that no EP starves on a flipped
   * bit.
   */
  private static void repair(DmcssState s, List<Effect> out) {
    for (int block : s.picture.damagedHeaders()) {
      rewrite(s, block, DcrLayout.voteHeader(s.seat.dcr), out);
    }
    for (int block : s.picture.damagedAreas()) {
      rewrite(s, block, s.picture.replacement(block, s.seat.campaign.getTerm(), s.scene()), out);
    }
  }

  private static void rewrite(DmcssState s, int block, Message content, List<Effect> out) {
    out.add(
        new Effect.Say(
            Level.WARNING,
            "VOTE disk, block " + block + ": " + s.picture.damage(block) + "; written anew"));
    out.add(new Effect.WriteBlock(GroupActs.REQUESTS, s.seat.votePath(), block, content));
  }

  // ---- groups -----------------------------------------------------------------------------------

  private static DmcssState step(DmcssState s, int group, Now now, List<Effect> out) {
    GroupScene scene = new GroupScene(s.group(group), s.scene());
    GroupActs.repeatLost(scene, out);
    GroupScene noted = GroupLinks.noted(GroupActs.giveGuids(scene, out));
    DmcssState greeted = s.withGroup(noted.g());
    return drive(greeted, group, new GroupTrigger.Look(), now, out);
  }

  /** Gives a group a trigger, and another look for as long as its steps fall through. */
  static DmcssState drive(DmcssState s, int group, Object trigger, Now now, List<Effect> out) {
    DmcssState next = s.wallMs == now.wallMs() ? s : s.with(x -> x.wallMs = now.wallMs());
    Object what = trigger;
    for (int steps = 0; ; steps++) {
      Check.that(steps < 64, "group %d falls through for ever in %s", group, next.group(group));
      GroupState before = next.group(group);
      GroupScene scene = new GroupScene(before, next.scene());
      Step<GroupScene> step = next.table(group).fire(scene, what, now);
      step.effects().stream().filter(e -> !GroupActs.takesBack(e, out)).forEach(out::add);
      GroupState after = step.state().g();
      if (!next.words.alike(after.phase, before.phase)) {
        after = statusChanged(next.words, before, after, out);
      }
      next = next.withGroup(after);
      if (after.phase == before.phase || !next.words.fallsThrough(after.phase)) {
        return next;
      }
      what = new GroupTrigger.Look();
    }
  }

  /** Every status change counts and is said, with the summary behind it (reference 3.4, 3.5). */
  private static GroupState statusChanged(
      Wording words, GroupState before, GroupState after, List<Effect> out) {
    out.add(new Effect.Say(Level.INFO, words.statusChange(after.type, before.phase, after.phase)));
    int broken = after.broken.isEmpty() ? DscText.NONE : after.broken.get(0);
    out.add(
        new Effect.Say(
            Level.INFO,
            words.summary(after.type, after.control, broken, after.recover, after.ok.size())));
    return after.with(g -> g.lastSeq++);
  }

  /**
   * Writes the records of groups that changed, the older copy each time; one that does not stand on
   * the disk yet is written again in its place, so that the other copy stays good.
   */
  static DmcssState writeRecords(DmcssState s, List<Effect> out) {
    TreeMap<Integer, GroupRecord> records = new TreeMap<>(s.records);
    Scene c = s.scene();
    long term = s.seat.campaign.getTerm();
    for (int g = 0; g < VoteLayout.GROUPS; g++) {
      GroupRecord before = records.get(g);
      GroupRecord.Builder now =
          g == 0 ? cssRecord(s, c, term) : s.group(g).record(term, c.active(g));
      boolean same = now.setGeneration(before.getGeneration()).build().equals(before);
      boolean onDisk = s.picture.record(g).getGeneration() >= before.getGeneration();
      if (!same || !onDisk) {
        GroupRecord next = now.setGeneration(before.getGeneration() + (onDisk ? 1 : 0)).build();
        records.put(g, next);
        out.add(
            new Effect.WriteBlock(
                GroupActs.REQUESTS,
                s.seat.votePath(),
                VoteLayout.groupRecord(g, next.getGeneration()),
                next));
      }
    }
    return s.with(x -> x.records = records);
  }

  private static GroupRecord.Builder cssRecord(DmcssState s, Scene c, long term) {
    return GroupRecord.newBuilder()
        .setTerm(term)
        .setType(GroupType.CSS)
        .setPhase(GroupPhase.OPEN.name())
        .setControl(s.seat.ep)
        .setRecoverEp(DscText.NONE)
        .addAllOkEp(c.active(0))
        .addAllActiveEp(c.active(0))
        .setCrashOver(true)
        .setLastSeq(s.db.cssSeq);
  }

  // ---- virtual addresses ------------------------------------------------------------------------

  /** An address of this host, configured by the control CSS for the DB group. */
  static DmcssState vipSet(DmcssState s, Event.AddressSet t, Now now, List<Effect> out) {
    GroupTrigger.VipSet set =
        new GroupTrigger.VipSet(t.nic(), t.address(), mask(s, t.address()), t.up(), t.failure());
    return writeRecords(drive(s, 2, set, now, out), out);
  }

  /** The answer counts, but the group takes no step on it. */
  static DmcssState vipNoted(DmcssState s, Event.AddressSet t, Now now, List<Effect> out) {
    DmcssState said = vipDone(s, t, now, out);
    return said.withGroup(said.db.with(g -> g.vipOpen = Math.max(0, g.vipOpen - 1)));
  }

  private static String mask(DmcssState s, String address) {
    for (DcrEp ep : s.seat.dcr.getEpList()) {
      if (ep.getVip().equals(address)) {
        return ep.getVipMask();
      }
    }
    return "";
  }

  /** A normal CSS carries out CONFIG VIP for the control CSS. */
  private static DmcssState serveControl(DmcssState s, List<Effect> out) {
    Command command = s.picture.command(0, s.seat.ep);
    boolean mine =
        command.getIncarnation() == s.seat.incarnation
            && command.getCmd() == Cmd.CMD_CONFIG_VIP
            && command.getCmdSeq() > s.vipSeq
            && command.getTerm() >= s.seat.term;
    if (!mine) {
      return s;
    }
    for (int ep : command.getEpList()) {
      DcrEp owner = DscNames.ep(s.seat.dcr, 2, ep);
      if (!owner.getVip().isEmpty()) {
        out.add(
            new Effect.SetAddress(
                owner.getVipNic(), owner.getVip(), owner.getVipMask(), command.getVipUp()));
      }
    }
    return s.with(
        x -> {
          x.vipSeq = command.getCmdSeq();
          x.seat =
              s.seat.with(
                  q -> {
                    q.term = command.getTerm();
                    q.doneSeq = command.getCmdSeq();
                  });
        });
  }

  static DmcssState vipDone(DmcssState s, Event.AddressSet t, Now now, List<Effect> out) {
    if (t.failure() != null) {
      out.add(
          new Effect.Say(
              Level.ERROR, DscText.vipFailed(t.nic(), t.address(), mask(s, t.address()), t.up())));
    }
    return s;
  }
}
