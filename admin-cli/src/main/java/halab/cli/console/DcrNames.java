package halab.cli.console;

import com.google.protobuf.Message;
import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.GroupType;
import halab.systems.LabPlan;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Names of groups and EPs as the first content of the DCR disk has them.
 *
 * @param groups name of each group
 * @param members {@code GROUP.EP} of ASM and DB, as the monitor's commands want them
 */
public record DcrNames(Map<GroupType, String> groups, List<String> members) {
  /** Reads a concluded plan; empty for a system without a DCR. */
  public static DcrNames of(LabPlan plan) {
    Map<GroupType, String> groups = new EnumMap<>(GroupType.class);
    List<Message> blocks = new ArrayList<>();
    plan.disks().stream()
        .filter(disk -> disk.kind().equals("config"))
        .forEach(disk -> blocks.addAll(disk.blocks().values()));
    for (Message block : blocks) {
      if (block instanceof DcrGroup group) {
        groups.put(group.getType(), group.getName());
      }
    }
    List<String> members = new ArrayList<>();
    for (Message block : blocks) {
      if (block instanceof DcrEp ep && ep.getType() != GroupType.CSS) {
        String member = groups.get(ep.getType()) + "." + ep.getName();
        if (!members.contains(member)) {
          members.add(member);
        }
      }
    }
    return new DcrNames(groups, members);
  }

  /** The name of a group; the vendor's files always have all three. */
  public String group(GroupType type) {
    return groups.get(type);
  }
}
