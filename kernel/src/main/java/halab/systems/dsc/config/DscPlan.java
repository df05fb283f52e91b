package halab.systems.dsc.config;

import com.google.protobuf.Message;
import halab.dsc.proto.DcrHeader;
import halab.dsc.proto.DcrImage;
import halab.systems.ConfigException;
import halab.systems.Dialects;
import halab.systems.LabPlan;
import halab.systems.LabPlan.DiskPlan;
import halab.systems.LabPlan.HostPlan;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Problems;
import halab.systems.dsc.AsmLabel;
import halab.systems.dsc.DataLayout;
import halab.systems.dsc.DcrLayout;
import halab.systems.dsc.DcrvLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A DSC lab before it exists: nodes n1 to n8 with their vendor files, the host {@code mon} with the
 * monitor, and the disks dcr, vote and data0 with their first content.
 */
public final class DscPlan {
  /** Override that is not a key of any file: the ASM login password, of which a digest is kept. */
  public static final String ASM_PASSWORD = "ASM_PASSWORD";

  /** Override that is not a key of any file: how many of the hosts are spare. */
  public static final String SPARE_NODES = "spare_nodes";

  /** Override that is not a key of any file: how many DCRV disks stand for DCR and VOTE disk. */
  public static final String DCRV_DISKS = "dcrv_disks";

  /** Override that is not a key of any file: how many monitors there are, each on its own host. */
  public static final String MONITORS = "monitors";

  /** One more than a cluster takes, so that the eleventh can be seen to be refused. */
  private static final int MONITORS_MOST = 11;

  /** ASM login password of a lab that was not given one. */
  public static final String DEFAULT_ASM_PASSWORD = "abcd";

  /** Folder of the DCRV disks of a lab that does not say otherwise. */
  public static final String DCRV_FOLDER = "/dev/raw";

  public static final List<String> NODE_ROLES = List.of("dmcss", "dmasmsvr", "dmserver");
  public static final String MONITOR_ROLE = "dmcssm";

  /** Host of the first monitor; further ones are mon2, mon3 ... */
  public static final String MONITOR_HOST = DscFiles.MON;

  static final String NIC = "enp0s3";
  private static final String SYSTEM = "dsc";
  private static final String DATA_PATH = "/dev/raw/data0";
  private static final int BLOCKS_PER_MIB = 2048;
  private static final int PORTS = 100;

  private DscPlan() {}

  /**
   * Lays out a new lab. Port of role j on host i is {@code portBase + 10i + j}, or {@code portBase
   * + j} where hosts have ports of their own; the monitor has {@code portBase + 9}, further ones
   * what is free at the end of each ten; {@code portBase + 80} and up are left to the lab.
   * Overrides are keys of any generated file, optionally for one group or EP ({@code GRP_DSC.KEY},
   * {@code DSC0.KEY}) or host ({@code n1/KEY}); an empty value removes the key. {@code dcrv_disks}
   * makes 1, 3 or 5 mirrored disks in place of the DCR and the VOTE disk. {@code log_dialect} and
   * {@code monitor_dialect} say how the lab speaks.
   *
   * @throws ConfigException with every problem of options and files
   */
  public static LabPlan plan(LabPlan.Options options) {
    Problems problems = new Problems();
    problems.require(
        options.hosts() >= 2 && options.hosts() <= DscKeys.MAX_EP,
        "number of hosts",
        0,
        options.hosts() + " hosts are asked for",
        "DSC takes 2 to 8");
    problems.require(
        options.portBase() >= 1024 && options.portBase() + PORTS <= 65534,
        "port range",
        0,
        "it would start at " + options.portBase(),
        "it must lie within 1024 and 65534");
    String password = options.overrides().getOrDefault(ASM_PASSWORD, DEFAULT_ASM_PASSWORD);
    problems.require(
        password.matches("[!-~]{1,64}"),
        "setting '" + ASM_PASSWORD + "'",
        0,
        "it is empty, too long or not plain ASCII",
        "give 1 to 64 ASCII characters without blanks");
    int spare = spare(options, problems);
    int monitors = monitors(options, problems);
    String mirrors = options.overrides().getOrDefault(DCRV_DISKS, "");
    problems.require(
        mirrors.matches("[135]?")
            && options.overrides().containsKey(DCRV_DISKS) != mirrors.isEmpty(),
        "setting '" + DCRV_DISKS + "'",
        0,
        "there cannot be " + Problems.quoted(mirrors) + " DCRV disks",
        "give 1, 3 or 5, or leave it out for one DCR and one VOTE disk");
    problems.throwIfAny();
    Map<String, Map<String, String>> files = DscFiles.make(options, monitors, problems);
    problems.throwIfAny();
    return concluded(
        new LabPlan(
            SYSTEM,
            hosts(options, monitors, files),
            disks(files, password, mirrors),
            options.oneMachine(),
            Dialects.of(options.overrides()),
            IntStream.range(options.hosts() - spare, options.hosts())
                .mapToObj(DscFiles::host)
                .toList()));
  }

  /**
   * Nodes that the files describe and the DCR does not: the last ones, for {@code extend dcrdisk}
   * and {@code extend node} (drill 39).
   */
  private static int spare(LabPlan.Options options, Problems problems) {
    String said = options.overrides().getOrDefault(SPARE_NODES, "0");
    int most = options.hosts() - 2;
    boolean good = said.matches("[0-7]") && Integer.parseInt(said) <= Math.max(0, most);
    problems.require(
        good,
        "setting '" + SPARE_NODES + "'",
        0,
        "it is " + said,
        "two nodes have to be left: 0 to " + Math.max(0, most) + " of these hosts can be spare");
    return good ? Integer.parseInt(said) : 0;
  }

  private static int monitors(LabPlan.Options options, Problems problems) {
    String said = options.overrides().getOrDefault(MONITORS, "1");
    boolean good = said.matches("[1-9]|1[01]");
    problems.require(
        good,
        "setting '" + MONITORS + "'",
        0,
        "it is " + said,
        "give 1 to " + MONITORS_MOST + "; a cluster takes ten, the next is refused");
    return good ? Integer.parseInt(said) : 1;
  }

  /** Whether this is the host of a monitor. */
  public static boolean isMonitorHost(String host) {
    return host.matches(MONITOR_HOST + "\\d*");
  }

  private static List<HostPlan> hosts(
      LabPlan.Options options, int monitors, Map<String, Map<String, String>> files) {
    List<HostPlan> hosts = new ArrayList<>();
    for (int n = 0; n < options.hosts(); n++) {
      String name = DscFiles.host(n);
      hosts.add(new HostPlan(name, NODE_ROLES, List.of(NIC), Map.of(), files.get(name)));
    }
    for (int k = 0; k < monitors; k++) {
      String name = DscFiles.monitor(k);
      hosts.add(
          new HostPlan(
              name,
              List.of(MONITOR_ROLE),
              List.of(NIC),
              Map.of(MONITOR_ROLE, DscFiles.monitorPort(options.portBase(), k)),
              Map.of(),
              files.get(name),
              List.of("public"),
              Map.of()));
    }
    return hosts;
  }

  /**
   * The disks under the names that the files give them, the DCR with the password's digest only.
   */
  private static List<DiskPlan> disks(
      Map<String, Map<String, String>> files, String password, String mirrors) {
    Map<String, String> first = files.get(DscFiles.host(0));
    String vote = pathIn(first.get(DmdcrCfg.FILE), "DCR_VTD_PATH", DscFiles.VOTE_PATH);
    String dcr = pathIn(first.get(DmdcrIni.FILE), "DMDCR_PATH", DscFiles.DCR_PATH);
    DcrHeader header = DcrHeader.newBuilder().setAsmPasswordSha256(sha256(password)).build();
    SortedMap<Integer, Message> blocks = new TreeMap<>(Map.of(0, header));
    DiskPlan data =
        new DiskPlan(
            "data0",
            DATA_PATH,
            "data",
            DataLayout.BLOCKS_MIB * BLOCKS_PER_MIB,
            DataLayout.RANGE_BYTES,
            Collections.emptySortedMap());
    if (!mirrors.isEmpty()) {
      return mirrored(Integer.parseInt(mirrors), dcr, header, data);
    }
    return List.of(
        new DiskPlan("dcr", dcr, "config", 32 * BLOCKS_PER_MIB, blocks),
        new DiskPlan("vote", vote, "voting", 32 * BLOCKS_PER_MIB, Collections.emptySortedMap()),
        data);
  }

  private static List<DiskPlan> mirrored(
      int count, String folder, DcrHeader header, DiskPlan data) {
    List<DiskPlan> disks = new ArrayList<>();
    SortedMap<Integer, Message> blocks = new TreeMap<>(Map.of(DcrvLayout.DCR, header));
    for (int n = 1; n <= count; n++) {
      String path = folder + "/dcrv" + n;
      disks.add(new DiskPlan("dcrv" + n, path, DiskPlan.DCRV, 32 * BLOCKS_PER_MIB, blocks));
    }
    disks.add(data);
    return disks;
  }

  /** Whether a setting of this name is no key of a file but one of ours. */
  static boolean isOwn(String name) {
    return List.of(ASM_PASSWORD, DCRV_DISKS, SPARE_NODES, MONITORS).contains(name);
  }

  private static String pathIn(String text, String key, String otherwise) {
    return Ini.parse("", text, new Problems()).global().entries().stream()
        .filter(e -> e.key().equals(key))
        .map(Ini.Entry::value)
        .findFirst()
        .orElse(otherwise);
  }

  /**
   * Reads all files of a lab as they stand, checks them one by one and against each other, and
   * returns the plan with the ports and the disks' first content that follow from them. Hosts other
   * than nodes and monitors are passed through. A password digest in block 0 of the given DCR disk
   * is kept, else the default password's is taken.
   *
   * @throws ConfigException with every problem
   */
  public static LabPlan concluded(LabPlan edited) {
    Problems problems = new Problems();
    DscRelations relations = new DscRelations(edited, problems);
    relations.check();
    problems.throwIfAny();
    DcrImage image = withDigest(relations.image(), edited);
    List<HostPlan> hosts = edited.hosts().stream().map(relations::withPorts).toList();
    List<DiskPlan> disks =
        edited.disks().stream()
            .map(d -> d.withBlocks(content(d, without(image, edited.spare().size()))))
            .toList();
    return new LabPlan(
        edited.system(), hosts, disks, edited.oneMachine(), edited.dialects(), edited.spare());
  }

  /** The groups without their last EPs; what the EPs' own blocks say waits for them. */
  private static DcrImage without(DcrImage image, int spare) {
    DcrImage.Builder fewer = image.toBuilder();
    fewer.getGroupBuilderList().forEach(g -> g.setNEp(g.getNEp() - spare));
    return fewer.build();
  }

  private static SortedMap<Integer, Message> content(DiskPlan disk, DcrImage image) {
    return switch (disk.kind()) {
      case "config" -> AsmLabel.on(DcrLayout.blocks(image), "dcrdisk", disk.name());
      case DiskPlan.DCRV -> AsmLabel.on(DcrvLayout.blocks(image), "dcrvdisk", disk.name());
      case "voting" -> AsmLabel.on(DcrLayout.voteBlocks(image), "votedisk", disk.name());
      default -> AsmLabel.on(Collections.emptySortedMap(), "asmdisk", disk.name());
    };
  }

  private static DcrImage withDigest(DcrImage image, LabPlan edited) {
    String digest =
        edited.disks().stream()
            .map(d -> firstOfDcr(d))
            .filter(DcrHeader.class::isInstance)
            .map(m -> ((DcrHeader) m).getAsmPasswordSha256())
            .filter(s -> !s.isEmpty())
            .findFirst()
            .orElseGet(() -> sha256(DEFAULT_ASM_PASSWORD));
    return image.toBuilder()
        .setHeader(image.getHeader().toBuilder().setAsmPasswordSha256(digest))
        .build();
  }

  /** Null on disks that hold no DCR. */
  private static Message firstOfDcr(DiskPlan disk) {
    return switch (disk.kind()) {
      case "config" -> disk.blocks().get(0);
      case DiskPlan.DCRV -> disk.blocks().get(DcrvLayout.DCR);
      default -> null;
    };
  }

  /** Digest under which the DCR keeps the ASM login password, in hex. */
  public static String sha256(String password) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(password.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
