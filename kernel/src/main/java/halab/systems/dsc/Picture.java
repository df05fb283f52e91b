package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.bricks.Beats;
import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.Kill;
import halab.kernel.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One look at the VOTE disk, blocks 0 to {@link VoteLayout#USED}. Missing and damaged blocks read
 * as default messages: a flipped heartbeat is one look without news, not a reason to fall over.
 */
final class Picture {
  private final List<Block> blocks;

  Picture(List<Block> blocks) {
    this.blocks = blocks;
  }

  Heartbeat beat(int group, int ep) {
    Heartbeat beat = blocks.get(VoteLayout.heartbeat(group, ep)).as(Heartbeat.class);
    return beat == null ? Heartbeat.getDefaultInstance() : beat;
  }

  Command command(int group, int ep) {
    Command command = blocks.get(VoteLayout.command(group, ep)).as(Command.class);
    return command == null ? Command.getDefaultInstance() : command;
  }

  Kill kill(int group, int ep) {
    Kill kill = blocks.get(VoteLayout.kill(group, ep)).as(Kill.class);
    return kill == null ? Kill.getDefaultInstance() : kill;
  }

  /** The newer good copy of the group's record, or an empty one. */
  GroupRecord record(int group) {
    GroupRecord a = blocks.get(VoteLayout.groupRecord(group, 0)).as(GroupRecord.class);
    GroupRecord b = blocks.get(VoteLayout.groupRecord(group, 1)).as(GroupRecord.class);
    GroupRecord best = a == null ? GroupRecord.getDefaultInstance() : a;
    return b != null && b.getGeneration() > best.getGeneration() ? b : best;
  }

  /** Command and Kill blocks that are damaged; everything else is rewritten by its owner. */
  List<Integer> damagedAreas() {
    List<Integer> damaged = new ArrayList<>();
    for (int i = VoteLayout.AREA_FIRST; i < blocks.size(); i++) {
      int part = (i - VoteLayout.AREA_FIRST) % VoteLayout.AREA_BLOCKS;
      if (blocks.get(i).damage() != null && (part == 1 || part == 2)) {
        damaged.add(i);
      }
    }
    return damaged;
  }

  /**
   * What belongs into a damaged command or Kill block: no command; Kill for the life that shows
   * itself there if it is not a member, for it may have stood there before.
   */
  Message replacement(int block, long term, Scene c) {
    int area = (block - VoteLayout.AREA_FIRST) / VoteLayout.AREA_BLOCKS;
    int group = area / VoteLayout.EPS_MAX;
    int ep = area % VoteLayout.EPS_MAX;
    boolean kill = (block - VoteLayout.AREA_FIRST) % VoteLayout.AREA_BLOCKS == 2;
    if (!kill) {
      return Command.newBuilder().setTerm(term).setCmd(Cmd.CMD_NONE).build();
    }
    boolean live = group == 0 ? c.cssActive(ep) : c.active(group, ep);
    return Kill.newBuilder()
        .setTerm(term)
        .setIncarnation(live ? 0 : beat(group, ep).getIncarnation())
        .build();
  }

  /**
   * The liveness counter of a seat: changes with every heartbeat and with every new life. {@link
   * Beats#NONE} when there is none, {@link Beats#UNREADABLE} when it cannot be known.
   */
  long counter(int group, int ep) {
    Heartbeat beat = beat(group, ep);
    if (damage(VoteLayout.heartbeat(group, ep)) != null) {
      return Beats.UNREADABLE;
    }
    return beat.getIncarnation() == 0
        ? Beats.NONE
        : beat.getIncarnation() * 1_000_003L + beat.getTs();
  }

  /** Highest term that a CSS claims in its slot. */
  long highestClaim() {
    long term = 0;
    for (int n = 0; n < VoteLayout.EPS_MAX; n++) {
      term = Math.max(term, beat(0, n).getCampaign().getTerm());
    }
    return term;
  }

  /** Header blocks that are damaged. */
  List<Integer> damagedHeaders() {
    return IntStream.range(VoteLayout.HEADER, VoteLayout.HEADER + 2)
        .filter(i -> blocks.get(i).damage() != null)
        .boxed()
        .toList();
  }

  String damage(int block) {
    return blocks.get(block).damage();
  }

  /** Highest control term that stands anywhere on the disk. */
  long highestTerm() {
    long term = 0;
    for (int g = 0; g < VoteLayout.GROUPS; g++) {
      term = Math.max(term, record(g).getTerm());
      for (int n = 0; n < VoteLayout.EPS_MAX; n++) {
        term = Math.max(term, beat(g, n).getCampaign().getTerm());
        term = Math.max(term, beat(g, n).getTerm());
        term = Math.max(term, command(g, n).getTerm());
        term = Math.max(term, kill(g, n).getTerm());
      }
    }
    return term;
  }

  /** Highest term of which a control CSS has acted: written a command, a Kill or a record. */
  long actedTerm() {
    long term = 0;
    for (int g = 0; g < VoteLayout.GROUPS; g++) {
      term = Math.max(term, record(g).getTerm());
      for (int n = 0; n < VoteLayout.EPS_MAX; n++) {
        term = Math.max(term, command(g, n).getTerm());
        term = Math.max(term, kill(g, n).getTerm());
      }
    }
    return term;
  }
}
