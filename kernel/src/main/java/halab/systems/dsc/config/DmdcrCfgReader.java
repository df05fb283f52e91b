package halab.systems.dsc.config;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrHeader;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import halab.systems.dm.config.Values;
import halab.systems.dsc.DcrLayout;
import halab.systems.dsc.DcrvLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads one dmdcr_cfg.ini and refuses what {@code dmasmcmd init} would refuse (reference 2.1). */
final class DmdcrCfgReader {
  private static final List<GroupType> TYPES = List.of(GroupType.CSS, GroupType.ASM, GroupType.DB);
  private final String file;
  private final Problems problems;
  private final List<Group> groups = new ArrayList<>();

  /** A [GRP] block and the EP blocks that follow it; type is null if it is not a known one. */
  private record Group(GroupType type, Values values, List<Values> eps) {
    String name() {
      return values.textOrEmpty("DCR_GRP_NAME");
    }
  }

  DmdcrCfgReader(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  DcrImage read(Ini ini) {
    Values global = DscKeys.CFG_GLOBAL.read(ini, ini.global(), problems);
    for (Ini.Section section : ini.sections().subList(1, ini.sections().size())) {
      if (section.name().equalsIgnoreCase("GRP")) {
        openGroup(ini, section);
      } else {
        addEp(ini, section);
      }
    }
    checkGroups(global);
    checkDuplicates();
    DcrImage.Builder image = DcrImage.newBuilder().setHeader(header(global));
    for (GroupType type : TYPES) {
      groups.stream().filter(g -> g.type() == type).limit(1).forEach(g -> add(image, g));
    }
    return image.build();
  }

  private void openGroup(Ini ini, Ini.Section section) {
    Values values = DscKeys.CFG_GROUP.read(ini, section, problems);
    String type = values.textOrEmpty("DCR_GRP_TYPE").toUpperCase(Locale.ROOT);
    GroupType known = TYPES.stream().filter(t -> t.name().equals(type)).findFirst().orElse(null);
    if (known == null && values.has("DCR_GRP_TYPE")) {
      problem(
          values.line("DCR_GRP_TYPE"),
          "DCR_GRP_TYPE = " + Problems.quoted(type) + " is no group type",
          "give CSS, ASM or DB");
    }
    groups.add(new Group(known, values, new ArrayList<>()));
  }

  private void addEp(Ini ini, Ini.Section section) {
    Group group =
        groups.stream()
            .filter(g -> g.name().equalsIgnoreCase(section.name()))
            .reduce((above, nearer) -> nearer)
            .orElse(null);
    if (group == null) {
      problem(
          section.line(),
          "[" + section.name() + "] names no group that stands above it",
          "head an EP block with its group's DCR_GRP_NAME, below that [GRP] block");
    } else if (group.type() != null) {
      group.eps().add(DscKeys.ep(group.type()).read(ini, section, problems));
    }
  }

  private void checkGroups(Values global) {
    long declared = global.number("DCR_N_GRP");
    problems.require(
        !global.good("DCR_N_GRP") || declared == groups.size(),
        file,
        global.line("DCR_N_GRP"),
        "DCR_N_GRP is " + declared + ", but the file has " + groups.size() + " [GRP] blocks",
        "make the two agree");
    for (GroupType type : TYPES) {
      List<Group> ofType = groups.stream().filter(g -> g.type() == type).toList();
      if (ofType.isEmpty()) {
        problem(0, "there is no " + type + " group", "add a [GRP] block of type " + type);
      }
      ofType.stream()
          .skip(1)
          .forEach(
              g ->
                  problem(
                      g.values().line("DCR_GRP_TYPE"),
                      "there is a " + type + " group already",
                      "keep one group of each type"));
    }
    groups.forEach(this::checkMembers);
    checkSizes();
  }

  private void checkMembers(Group group) {
    long declared = group.values().number("DCR_GRP_N_EP");
    problems.require(
        !group.values().good("DCR_GRP_N_EP") || declared == group.eps().size(),
        file,
        group.values().line("DCR_GRP_N_EP"),
        "DCR_GRP_N_EP is "
            + declared
            + ", but "
            + group.name()
            + " has "
            + group.eps().size()
            + " EP blocks",
        "make the two agree");
    problems.require(
        group.eps().size() <= DscKeys.MAX_EP,
        file,
        group.values().sectionLine(),
        group.name() + " has " + group.eps().size() + " EPs",
        "a group has at most " + DscKeys.MAX_EP);
    if (group.type() == GroupType.DB) {
      checkSeqnos(group);
      group.eps().forEach(this::checkVip);
    }
    if (group.type() == GroupType.ASM) {
      group.eps().forEach(this::checkLoadPath);
    }
    checkFaultMarks(group);
  }

  private void checkSizes() {
    int css = size(GroupType.CSS);
    int asm = size(GroupType.ASM);
    int db = size(GroupType.DB);
    if (css >= 0 && asm >= 0 && css != asm) {
      problem(
          lineOfSize(GroupType.ASM),
          "the ASM group has " + asm + " EPs, the CSS group " + css,
          "every node has one CSS and one ASM EP; make the two agree");
    }
    if (css >= 0 && db > css) {
      problem(
          lineOfSize(GroupType.DB),
          "the DB group has " + db + " EPs, the CSS group only " + css,
          "every DB EP needs a CSS on its node; remove DB EPs or add nodes");
    }
  }

  private int size(GroupType type) {
    return groups.stream()
        .filter(g -> g.type() == type)
        .findFirst()
        .map(g -> g.eps().size())
        .orElse(-1);
  }

  private int lineOfSize(GroupType type) {
    return groups.stream()
        .filter(g -> g.type() == type)
        .findFirst()
        .map(g -> g.values().line("DCR_GRP_N_EP"))
        .orElse(0);
  }

  private void checkSeqnos(Group group) {
    List<Values> given = group.eps().stream().filter(e -> e.has("DCR_EP_SEQNO")).toList();
    if (!given.isEmpty() && given.size() < group.eps().size()) {
      problem(
          given.get(0).line("DCR_EP_SEQNO"),
          "DCR_EP_SEQNO is set for some EPs of " + group.name() + " and left out for others",
          "set it for all of them or for none");
    }
    for (Values ep : given) {
      problems.require(
          ep.number("DCR_EP_SEQNO") < group.eps().size(),
          file,
          ep.line("DCR_EP_SEQNO"),
          "DCR_EP_SEQNO = " + ep.number("DCR_EP_SEQNO") + " is too high",
          "number the EPs 0 to " + (group.eps().size() - 1));
    }
    refuseEqual(given, "DCR_EP_SEQNO", e -> e.text("DCR_EP_SEQNO"), "give each EP its own");
  }

  private void checkVip(Values ep) {
    boolean vip = ep.has("DCR_VIP");
    if (vip != ep.has("DCR_VIP_MASK") || vip != ep.has("DCR_VIP_NIC")) {
      problem(
          ep.sectionLine(),
          "the virtual address of " + ep.text("DCR_EP_NAME") + " is incomplete",
          "give DCR_VIP, DCR_VIP_MASK and DCR_VIP_NIC together or none of them");
    }
  }

  private void checkLoadPath(Values ep) {
    String[] paths = ep.textOrEmpty("DCR_EP_ASM_LOAD_PATH").split(",", -1);
    boolean absolute = List.of(paths).stream().allMatch(p -> p.strip().matches("/[!-~]*"));
    problems.require(
        !ep.has("DCR_EP_ASM_LOAD_PATH") || absolute && paths.length <= 8,
        file,
        ep.line("DCR_EP_ASM_LOAD_PATH"),
        "DCR_EP_ASM_LOAD_PATH is not a list of at most 8 absolute ASCII paths",
        "write it like /dev/raw or /dev/raw,/dev/mapper");
  }

  private void checkFaultMarks(Group group) {
    Values values = group.values();
    List<Integer> marked = seqnos(values, "DCR_GRP_ERR_EP_ARR");
    if (values.has("DCR_GRP_N_ERR_EP")) {
      problems.require(
          values.number("DCR_GRP_N_ERR_EP") == marked.size(),
          file,
          values.line("DCR_GRP_N_ERR_EP"),
          "DCR_GRP_N_ERR_EP is "
              + values.number("DCR_GRP_N_ERR_EP")
              + ", DCR_GRP_ERR_EP_ARR names "
              + marked.size(),
          "make the two agree");
    }
    for (String key : List.of("DCR_GRP_EP_ARR", "DCR_GRP_ERR_EP_ARR")) {
      problems.require(
          seqnos(values, key).stream().allMatch(n -> n < group.eps().size()),
          file,
          values.line(key),
          key + " names an EP that " + group.name() + " does not have",
          "its EPs are 0 to " + (group.eps().size() - 1));
    }
  }

  private static List<Integer> seqnos(Values values, String key) {
    String list = values.textOrEmpty(key);
    if (values.schema().find(key).complaint(list) != null) {
      return List.of();
    }
    String inner = list.substring(1, list.length() - 1).strip();
    return inner.isEmpty()
        ? List.of()
        : List.of(inner.split(",")).stream().map(s -> Integer.parseInt(s.strip())).toList();
  }

  private void checkDuplicates() {
    List<Values> heads = groups.stream().map(Group::values).toList();
    List<Values> eps = groups.stream().flatMap(g -> g.eps().stream()).toList();
    refuseEqual(heads, "DCR_GRP_NAME", v -> v.text("DCR_GRP_NAME"), "give each group its own");
    refuseEqual(eps, "DCR_EP_NAME", v -> v.text("DCR_EP_NAME"), "give each EP its own");
    refuseEqual(
        eps.stream().filter(e -> e.has("DCR_EP_HOST") && e.has("DCR_EP_PORT")).toList(),
        "DCR_EP_PORT",
        v -> v.text("DCR_EP_HOST") + ":" + v.text("DCR_EP_PORT"),
        "two EPs of one host cannot share a port");
    refuseEqual(
        eps.stream().filter(e -> e.schema() == DscKeys.CFG_ASM).toList(),
        "DCR_EP_SHM_KEY",
        v -> v.text("DCR_EP_HOST") + "/" + v.text("DCR_EP_SHM_KEY"),
        "the key must be unique on its host");
    refuseEqual(
        eps.stream().filter(e -> e.schema() == DscKeys.CFG_DB && e.has("DCR_VIP")).toList(),
        "DCR_VIP",
        v -> v.text("DCR_VIP"),
        "give each EP its own address");
  }

  private void refuseEqual(
      List<Values> among, String key, Function<Values, String> of, String remedy) {
    Map<String, Integer> lines = new TreeMap<>();
    for (Values values : among) {
      if (!values.has(key)) {
        continue;
      }
      String value = of.apply(values).toUpperCase(Locale.ROOT);
      Integer first = lines.putIfAbsent(value, values.line(key));
      if (first != null) {
        String what = key + " " + of.apply(values) + " is used on line " + first + " already";
        problem(values.line(key), what, remedy);
      }
    }
  }

  /** A mirror build names the folder of its DCRV disks, any other its VOTE disk (manual 12.2.2). */
  private DcrHeader header(Values global) {
    problems.require(
        global.has("DCR_VTD_PATH") != global.has("DCR_DISK_LOAD_PATH"),
        file,
        global.line("DCR_DISK_LOAD_PATH"),
        "DCR_VTD_PATH and DCR_DISK_LOAD_PATH are both set, or both missing",
        "give the path of the VOTE disk, or with DCRV disks their folder");
    String folder = global.textOrEmpty("DCR_DISK_LOAD_PATH");
    return DcrHeader.newBuilder()
        .setVersion(DcrLayout.VERSION)
        .setNGrp(groups.size())
        .setVtdPath(folder.isEmpty() ? global.textOrEmpty("DCR_VTD_PATH") : DcrvLayout.vtd(folder))
        .setDiskLoadPath(folder)
        .setOguid(global.number("DCR_OGUID"))
        .build();
  }

  private void add(DcrImage.Builder image, Group group) {
    image.addGroup(
        DcrGroup.newBuilder()
            .setType(group.type())
            .setName(group.name())
            .setNEp(group.eps().size())
            .setDskchkCnt(group.values().integer("DCR_GRP_DSKCHK_CNT"))
            .setNetchkTime(group.values().integer("DCR_GRP_NETCHK_TIME"))
            .addAllErrEp(seqnos(group.values(), "DCR_GRP_ERR_EP_ARR")));
    List<DcrEp> eps = new ArrayList<>();
    for (int i = 0; i < group.eps().size(); i++) {
      eps.add(ep(group.type(), i, group.eps().get(i)));
    }
    eps.sort(Comparator.comparingInt(DcrEp::getSeqno));
    image.addAllEp(eps);
  }

  private static DcrEp ep(GroupType type, int index, Values values) {
    DcrEp.Builder ep =
        DcrEp.newBuilder()
            .setType(type)
            .setSeqno(index)
            .setName(values.textOrEmpty("DCR_EP_NAME"))
            .setHost(values.textOrEmpty("DCR_EP_HOST"))
            .setPort(values.has("DCR_EP_PORT") ? values.integer("DCR_EP_PORT") : 0);
    if (type == GroupType.ASM) {
      ep.setShmKey(values.number("DCR_EP_SHM_KEY"))
          .setShmSize(values.integer("DCR_EP_SHM_SIZE"))
          .setAsmLoadPath(values.textOrEmpty("DCR_EP_ASM_LOAD_PATH"));
    } else if (type == GroupType.DB) {
      ep.setSeqno(values.has("DCR_EP_SEQNO") ? values.integer("DCR_EP_SEQNO") : index)
          .setCheckPort(values.has("DCR_CHECK_PORT") ? values.integer("DCR_CHECK_PORT") : 0)
          .setVip(values.textOrEmpty("DCR_VIP"))
          .setVipMask(values.textOrEmpty("DCR_VIP_MASK"))
          .setVipNic(values.textOrEmpty("DCR_VIP_NIC"));
    }
    return ep.build();
  }

  private void problem(int line, String what, String remedy) {
    problems.add(file, line, what, remedy);
  }
}
