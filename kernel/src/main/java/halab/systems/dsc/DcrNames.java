package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.GroupType;
import halab.kernel.Endpoint;
import halab.systems.LabPlan;
import halab.systems.dsc.config.DmdcrIni;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Names of groups and EPs as the first content of the DCR disk has them. */
public final class DcrNames {
  private static final Map<String, GroupType> GROUP_OF_ROLE =
      Map.of("dmcss", GroupType.CSS, "dmasmsvr", GroupType.ASM, "dmserver", GroupType.DB);

  private final LabPlan plan;
  private final Map<GroupType, String> groups = new EnumMap<>(GroupType.class);
  private final List<DcrEp> eps = new ArrayList<>();

  private DcrNames(LabPlan plan) {
    this.plan = plan;
    plan.disks().stream()
        .filter(disk -> !disk.kind().equals("data"))
        .flatMap(disk -> disk.blocks().values().stream())
        .forEach(this::read);
  }

  /** Every block lies on the disk twice. */
  private void read(Message block) {
    if (block instanceof DcrGroup group) {
      groups.put(group.getType(), group.getName());
    } else if (block instanceof DcrEp ep && !eps.contains(ep)) {
      eps.add(ep);
    }
  }

  /** Reads a concluded plan; there are no names for a system without a DCR. */
  public static DcrNames of(LabPlan plan) {
    return new DcrNames(plan);
  }

  /** The name of a group; the vendor's files always have all three. */
  public String group(GroupType type) {
    return groups.get(type);
  }

  /** Names of all groups. */
  public List<String> groups() {
    return List.copyOf(groups.values());
  }

  /** {@code GROUP.EP} of ASM and DB, as the monitor's commands want them. */
  public List<String> members() {
    return eps.stream()
        .filter(ep -> ep.getType() != GroupType.CSS)
        .map(ep -> group(ep.getType()) + "." + ep.getName())
        .toList();
  }

  /** Virtual addresses of EPs, each once. */
  List<String> vips() {
    return eps.stream().map(DcrEp::getVip).filter(vip -> !vip.isEmpty()).distinct().toList();
  }

  /** The vendor's name of this daemon; null when the DCR has none for it. */
  public String instance(Endpoint daemon) {
    GroupType type = GROUP_OF_ROLE.get(daemon.role());
    if (type == null || eps.isEmpty()) {
      return null;
    }
    int seqno = DmdcrIni.read(plan.host(daemon.host()).files()).seqno();
    return eps.stream()
        .filter(ep -> ep.getType() == type && ep.getSeqno() == seqno)
        .map(DcrEp::getName)
        .findFirst()
        .orElse(null);
  }
}
