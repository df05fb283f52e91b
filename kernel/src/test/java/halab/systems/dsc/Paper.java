package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.bricks.Beats;
import halab.dsc.proto.Command;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.Kill;
import halab.dsc.proto.VtdStatus;
import halab.kernel.Block;
import halab.systems.LabPlan;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A cluster on paper for tests of single rows: the DCR of a lab that {@code halab init} would make,
 * a VOTE disk written by hand, and processes that beat for as long as they are told to.
 */
final class Paper {
  static final String VOTE = "/dev/raw/vote";
  static final String DCR = "/dev/raw/dcr";
  static final int CSS = 0;
  static final int ASM = 1;
  static final int DB = 2;

  /** Life of every process that a test has not given another. */
  static final long LIFE = 11;

  final int nodes;
  final LabPlan plan;
  final DcrImage dcr;
  Beats seen = Beats.of(DmcssState.SEATS);
  long look;
  private final TreeMap<Integer, Block> vote = new TreeMap<>();
  private final TreeSet<Integer> beating = new TreeSet<>();

  Paper(int nodes) {
    this(nodes, Map.of());
  }

  Paper(int nodes, Map<String, String> sets) {
    this.nodes = nodes;
    plan = DscPlan.plan(new LabPlan.Options(nodes, true, 20000, sets, Map.of()));
    dcr = image(plan);
  }

  /** The blocks of the DCR disk as a new lab has them. */
  static List<Block> dcrBlocks(LabPlan plan) {
    Map<Integer, Message> made = plan.disks().get(0).blocks();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < DcrLayout.USED; i++) {
      blocks.add(made.containsKey(i) ? Block.of(made.get(i)) : Block.EMPTY);
    }
    return blocks;
  }

  /** First blocks of VOTE up to this slot: the header's two copies, nothing, and the slot. */
  static List<Block> upTo(int slotAt, Block header, Block copy, Block slot) {
    List<Block> blocks = new ArrayList<>(Collections.nCopies(slotAt + 1, Block.EMPTY));
    blocks.set(0, header);
    blocks.set(1, copy);
    blocks.set(slotAt, slot);
    return blocks;
  }

  static DcrImage image(LabPlan plan) {
    try {
      return DcrLayout.read(dcrBlocks(plan));
    } catch (DcrLayout.Unreadable e) {
      throw new AssertionError(e);
    }
  }

  /** Every process of these groups is up and has been seen to beat. */
  Paper allUp(int... groups) {
    for (int group : groups) {
      for (int ep = 0; ep < nodes; ep++) {
        up(group, ep);
      }
    }
    return passes(2);
  }

  /** The process beats, working and open. */
  Paper up(int group, int ep) {
    beating.add(Scene.seat(group, ep));
    return beat(
        group,
        ep,
        b ->
            b.setIncarnation(Math.max(b.getIncarnation(), LIFE))
                .setGuid(100)
                .setTs(Math.max(b.getTs(), 100))
                .setInstStatus(InstStatus.INST_OPEN)
                .setVtdStatus(VtdStatus.VTD_WORKING));
  }

  /** A new life of the process beats and asks to be started. */
  Paper comesBack(int group, int ep) {
    up(group, ep);
    return beat(
        group,
        ep,
        b ->
            b.setIncarnation(b.getIncarnation() + 1)
                .setInstStatus(InstStatus.INST_STARTUP)
                .setVtdStatus(VtdStatus.VTD_STARTUP2));
  }

  /** The process beats and asks to be started, for the first time. */
  Paper asks(int group, int ep) {
    up(group, ep);
    return beat(
        group,
        ep,
        b -> b.setInstStatus(InstStatus.INST_STARTUP).setVtdStatus(VtdStatus.VTD_STARTUP2));
  }

  /** kill -9: what stands in its slot stays as it is. */
  Paper dies(int group, int ep) {
    beating.remove(Scene.seat(group, ep));
    return this;
  }

  /** The process has ended with this last status. */
  Paper ends(int group, int ep, VtdStatus last) {
    dies(group, ep);
    return beat(group, ep, b -> b.setVtdStatus(last));
  }

  Paper beat(int group, int ep, UnaryOperator<Heartbeat.Builder> change) {
    Heartbeat next = change.apply(picture().beat(group, ep).toBuilder()).build();
    return write(VoteLayout.heartbeat(group, ep), next);
  }

  /** The EP has carried out the command that stands in its area, as a process would say so. */
  Paper answers(int group, int ep) {
    long seq = picture().command(group, ep).getCmdSeq();
    return beat(group, ep, b -> b.setDoneSeq(seq).setDoneResult(0));
  }

  Paper write(int block, Message message) {
    vote.put(block, Block.of(message));
    return this;
  }

  Paper damage(int block) {
    vote.put(block, Block.damaged("checksum differs"));
    return this;
  }

  /** So many looks, a beat of everybody who beats before each. */
  Paper passes(int looks) {
    for (int i = 0; i < looks; i++) {
      for (int seat : beating) {
        int group = seat / VoteLayout.EPS_MAX;
        int ep = seat % VoteLayout.EPS_MAX;
        beat(group, ep, b -> b.setTs(b.getTs() + 1));
      }
      Picture picture = picture();
      long[] counters = new long[DmcssState.SEATS];
      for (int seat = 0; seat < counters.length; seat++) {
        counters[seat] = picture.counter(seat / VoteLayout.EPS_MAX, seat % VoteLayout.EPS_MAX);
      }
      seen = seen.look(counters);
      look++;
    }
    return this;
  }

  /** So many looks that whoever fell silent in this group is judged. */
  Paper diskCheck(int group) {
    return passes(dcr.getGroup(group).getDskchkCnt());
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < VoteLayout.USED; i++) {
      blocks.add(vote.getOrDefault(i, Block.EMPTY));
    }
    return blocks;
  }

  Picture picture() {
    return new Picture(blocks());
  }

  Command command(int group, int ep) {
    return picture().command(group, ep);
  }

  Kill kill(int group, int ep) {
    return picture().kill(group, ep);
  }
}
