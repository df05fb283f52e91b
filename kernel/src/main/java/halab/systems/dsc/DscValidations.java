package halab.systems.dsc;

import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.GroupRecord;
import halab.kernel.Block;
import halab.sim.SimDisk;
import halab.sim.SimProcess;
import halab.sim.Validation;
import halab.sim.World;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.List;

/** What must stand on the disks of a DSC cluster that calls itself healthy after a storm. */
final class DscValidations {
  private DscValidations() {}

  static List<Validation> all() {
    return List.of(new NoMarkIsLeft(), new RecordsAreOpen(), new GroupsRest(), new SlotsAreFree());
  }

  /** What stands in a block of the DCR, wherever that is. */
  static Block dcr(World world, int block) {
    return world.mirrored()
        ? world.standing(DscPlan.DCRV_FOLDER, block)
        : world.disk("dcr").block(block);
  }

  /** What stands in a block of VOTE, wherever that is. */
  static Block vote(World world, int block) {
    return world.mirrored()
        ? world.standing(DcrvLayout.vtd(DscPlan.DCRV_FOLDER), block)
        : world.disk("vote").block(block);
  }

  /** Every EP is back, so the DCR marks none of them (reference 1.3). */
  private static final class NoMarkIsLeft implements Validation {
    @Override
    public String name() {
      return "no fault mark is left in the DCR";
    }

    @Override
    public String broken(World world) {
      for (int g = 1; g < VoteLayout.GROUPS; g++) {
        DcrGroup newest = DcrGroup.getDefaultInstance();
        for (int copy = 0; copy < 2; copy++) {
          DcrGroup seen = dcr(world, 2 + 2 * g + copy).as(DcrGroup.class);
          newest = seen != null && seen.getGeneration() >= newest.getGeneration() ? seen : newest;
        }
        if (newest.getErrEpCount() > 0) {
          return "group " + VoteLayout.type(g) + " marks " + newest.getErrEpList();
        }
      }
      return null;
    }
  }

  /** Each instance has its record on the data disk open for its present life, and no other's. */
  private static final class RecordsAreOpen implements Validation {
    @Override
    public String name() {
      return "every record is open for the present life";
    }

    @Override
    public String broken(World world) {
      for (SimProcess process : world.processes()) {
        if (process.endpoint().role().equals("dmserver") && process.state() instanceof EpState ep) {
          EpRecord record = DataLayout.newest(blocks(world.disk("data0")), ep.seat.ep);
          if (!record.getOpen() || record.getIncarnation() != process.incarnation()) {
            return process.endpoint() + " life " + process.incarnation() + " has " + record;
          }
        }
      }
      return null;
    }

    private static List<Block> blocks(SimDisk disk) {
      List<Block> blocks = new ArrayList<>();
      for (int i = 0; i < DataLayout.USED; i++) {
        blocks.add(disk.block(DataLayout.FIRST + i));
      }
      return blocks;
    }
  }

  /** Both groups' records say OPEN with all EPs, so that the next control CSS finds them so. */
  private static final class GroupsRest implements Validation {
    @Override
    public String name() {
      return "the group records say OPEN";
    }

    @Override
    public String broken(World world) {
      List<Block> blocks = new ArrayList<>();
      for (int i = 0; i < VoteLayout.USED; i++) {
        blocks.add(vote(world, i));
      }
      for (int g = 1; g < VoteLayout.GROUPS; g++) {
        GroupRecord record = new Picture(blocks).record(g);
        if (!record.getPhase().equals(GroupPhase.OPEN.name()) || record.getBreakEpCount() > 0) {
          return "group " + VoteLayout.type(g) + ": " + record;
        }
      }
      return null;
    }
  }

  /** No monitor's place for changes is held any more once its command is over (5.7). */
  private static final class SlotsAreFree implements Validation {
    @Override
    public String name() {
      return "a monitor that is done blocks no other";
    }

    @Override
    public String broken(World world) {
      boolean busy =
          world.views().entrySet().stream()
              .filter(e -> e.getKey().role().equals(DscPlan.MONITOR_ROLE))
              .anyMatch(e -> !e.getValue().facts().get("command").isEmpty());
      for (SimProcess process : world.processes()) {
        if (!busy && process.state() instanceof DmcssState css && css.slot != null) {
          return process.endpoint() + " holds its place for monitor " + css.slot;
        }
      }
      return null;
    }
  }
}
