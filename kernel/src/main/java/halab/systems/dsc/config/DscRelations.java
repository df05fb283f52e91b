package halab.systems.dsc.config;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.GroupType;
import halab.sim.Hosts;
import halab.systems.LabPlan;
import halab.systems.LabPlan.DiskPlan;
import halab.systems.LabPlan.HostPlan;
import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Problems;
import halab.systems.dsc.DcrvLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What must agree between the files of a lab: which node is which, who is called what, and where
 * everything listens. A relation is checked only between files that are right by themselves.
 */
final class DscRelations {
  private final LabPlan plan;
  private final Problems problems;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Monitor> monitors = new ArrayList<>();
  private HostPlan cfgHost;
  private DcrImage image;

  /** One node's files; null for those with problems of their own. */
  record Node(HostPlan host, DmdcrIni dmdcr, MalIni asmMal, MalIni dbMal, DmIni dm) {
    MalIni mal(GroupType type) {
      return type == GroupType.ASM ? asmMal : dbMal;
    }
  }

  private record Monitor(HostPlan host, DmcssmIni ini) {}

  DscRelations(LabPlan plan, Problems problems) {
    this.plan = plan;
    this.problems = problems;
  }

  DcrImage image() {
    return image;
  }

  /** Whether all hosts of the lab share one machine's ports. */
  boolean oneMachine() {
    return plan.oneMachine();
  }

  /** Reads everything and notes every problem. */
  void check() {
    readAll();
    if (image != null) {
      checkDisks();
      checkNodes();
      monitors.forEach(this::checkMonitor);
    }
    checkMalFiles(GroupType.ASM, MalIni.ASM_FILE);
    checkMalFiles(GroupType.DB, MalIni.DB_FILE);
    if (problems.count() == 0) {
      new DscPorts(this, problems).check();
    }
  }

  private void readAll() {
    for (HostPlan host : plan.hosts()) {
      if (host.startList().contains("dmcss")) {
        nodes.add(
            new Node(
                host,
                clean(host, DmdcrIni.FILE, DmdcrIni::read),
                clean(host, MalIni.ASM_FILE, MalIni::read),
                clean(host, MalIni.DB_FILE, MalIni::read),
                clean(host, DmIni.FILE, DmIni::read)));
      }
      if (host.startList().contains(DscPlan.MONITOR_ROLE)) {
        monitors.add(new Monitor(host, clean(host, DmcssmIni.FILE, DmcssmIni::read)));
      }
      if (cfgHost == null && host.files().containsKey(DmdcrCfg.FILE)) {
        cfgHost = host;
        image = clean(host, DmdcrCfg.FILE, DmdcrCfg::read);
      }
    }
    problems.require(
        cfgHost != null, DmdcrCfg.FILE, 0, "no host has the file", "put it on the first node");
  }

  private <T> T clean(HostPlan host, String name, HostFiles.Reader<T> reader) {
    String file = host.name() + "/" + name;
    String text = host.files().get(name);
    if (text == null) {
      problems.add(file, 0, "the file is missing", "put it into the host's etc folder");
      return null;
    }
    int before = problems.count();
    T value = reader.read(file, text, problems);
    return problems.count() == before ? value : null;
  }

  private void checkDisks() {
    checkMirror();
    String vtd = image.getHeader().getVtdPath();
    DiskPlan vote = disk("voting");
    problem(
        vote != null && !vote.path().equals(vtd),
        cfgHost,
        DmdcrCfg.FILE,
        "DCR_VTD_PATH",
        "is " + vtd + ", but the voting disk was made as " + (vote == null ? "" : vote.path()),
        "name the disk's own path");
    DiskPlan data = disk("data");
    for (DcrEp ep : DmdcrCfg.eps(image, GroupType.ASM)) {
      boolean seen =
          data == null
              || List.of(ep.getAsmLoadPath().split(",")).stream()
                  .anyMatch(p -> data.path().startsWith(p.strip().replaceAll("/+$", "") + "/"));
      problem(
          !seen,
          cfgHost,
          DmdcrCfg.FILE,
          "DCR_EP_ASM_LOAD_PATH",
          "of " + ep.getName() + " does not lead to the data disk " + path(data),
          "add its directory");
    }
  }

  private void checkMirror() {
    String folder = image.getHeader().getDiskLoadPath();
    DiskPlan dcrv = disk(DiskPlan.DCRV);
    String made = dcrv == null ? "" : DcrvLayout.folder(dcrv.path());
    problem(
        !made.equals(folder),
        cfgHost,
        DmdcrCfg.FILE,
        "DCR_DISK_LOAD_PATH",
        dcrv == null
            ? "is set, but the lab was made without DCRV disks"
            : "is '" + folder + "', but the DCRV disks were made in " + made,
        dcrv == null ? "name the VOTE disk in DCR_VTD_PATH" : "name their folder");
    for (Node node : nodes) {
      boolean elsewhere = node.dmdcr() != null && !node.dmdcr().dmdcrPath().equals(made);
      problem(
          dcrv != null && elsewhere,
          node.host(),
          DmdcrIni.FILE,
          "DMDCR_PATH",
          "is not " + made + ", the folder of the DCRV disks",
          "name their folder");
    }
  }

  private DiskPlan disk(String kind) {
    return plan.disks().stream().filter(d -> d.kind().equals(kind)).findFirst().orElse(null);
  }

  private static String path(DiskPlan disk) {
    return disk == null ? "" : disk.path();
  }

  private void checkNodes() {
    int wanted = DmdcrCfg.group(image, GroupType.CSS).getNEp();
    problem(
        wanted != nodes.size(),
        cfgHost,
        DmdcrCfg.FILE,
        "DCR_GRP_N_EP",
        "of the CSS group is " + wanted + ", but the lab has " + nodes.size() + " nodes",
        "describe every node of the lab, and no other");
    Map<Integer, String> taken = new TreeMap<>();
    for (Node node : nodes) {
      if (node.dmdcr() != null) {
        String other = taken.putIfAbsent(node.dmdcr().seqno(), node.host().name());
        checkDmdcr(node, other);
        checkEps(node);
      }
    }
  }

  private void checkDmdcr(Node node, String other) {
    DmdcrIni dmdcr = node.dmdcr();
    problem(
        other != null,
        node.host(),
        DmdcrIni.FILE,
        "DMDCR_SEQNO",
        "is " + dmdcr.seqno() + ", which " + other + " has already",
        "give each node its own number");
    problem(
        dmdcr.seqno() >= nodes.size(),
        node.host(),
        DmdcrIni.FILE,
        "DMDCR_SEQNO",
        "is " + dmdcr.seqno() + ", but there are " + nodes.size() + " nodes",
        "number them from 0 without gaps");
    DiskPlan dcr = disk("config");
    problem(
        dcr != null && !dcr.path().equals(dmdcr.dmdcrPath()),
        node.host(),
        DmdcrIni.FILE,
        "DMDCR_PATH",
        "is " + dmdcr.dmdcrPath() + ", but the DCR disk was made as " + path(dcr),
        "name the disk's own path");
    problem(
        dmdcr.linkCheckIp() != null && !Hosts.of(plan).contains(dmdcr.linkCheckIp()),
        node.host(),
        DmdcrIni.FILE,
        "DMDCR_LINK_CHECK_IP",
        "is " + dmdcr.linkCheckIp() + ", which is no host of this lab",
        "name one that is no node and on the private network: " + Hosts.STORE);
    checkMalIp(node, MalIni.ASM_FILE, node.asmMal());
    checkMalIp(node, MalIni.DB_FILE, node.dbMal());
    String mal = dmdcr.malPath().substring(dmdcr.malPath().lastIndexOf('/') + 1);
    problem(
        !mal.equals(MalIni.ASM_FILE),
        node.host(),
        DmdcrIni.FILE,
        "DMDCR_MAL_PATH",
        "names " + mal,
        "the file must be called " + MalIni.ASM_FILE);
  }

  private void checkMalIp(Node node, String file, MalIni mal) {
    String ip = mal == null ? null : mal.checkIp();
    problem(
        ip != null && !Hosts.of(plan).contains(ip),
        node.host(),
        file,
        "MAL_CHECK_IP",
        "is " + ip + ", which is no host of this lab",
        "name one that is no node: "
            + DscPlan.MONITOR_HOST
            + " (on the public network) or "
            + Hosts.STORE
            + " (on the private one)");
  }

  /** Each EP of the node's number must live on this very host, under the names the DCR gives. */
  private void checkEps(Node node) {
    String host = node.host().name();
    for (DcrGroup group : image.getGroupList()) {
      DcrEp ep = ep(group.getType(), node.dmdcr().seqno());
      if (ep == null) {
        problem(
            group.getType() == GroupType.DB && node.host().startList().contains("dmserver"),
            cfgHost,
            DmdcrCfg.FILE,
            "DCR_GRP_N_EP",
            "of the DB group leaves node " + node.dmdcr().seqno() + " (" + host + ") out",
            "add a DB EP with that DCR_EP_SEQNO");
        continue;
      }
      problem(
          !ep.getHost().isEmpty() && !ep.getHost().equals(host),
          cfgHost,
          DmdcrCfg.FILE,
          "DCR_EP_HOST",
          "of "
              + ep.getName()
              + " is "
              + ep.getHost()
              + ", but node "
              + ep.getSeqno()
              + " is "
              + host,
          "name the lab's host: " + host);
      if (group.getType() != GroupType.CSS && node.mal(group.getType()) != null) {
        checkMember(node, ep);
      }
    }
    DcrEp db = ep(GroupType.DB, node.dmdcr().seqno());
    problem(
        db != null && node.dm() != null && !db.getName().equals(node.dm().instanceName()),
        node.host(),
        DmIni.FILE,
        "INSTANCE_NAME",
        "is "
            + (node.dm() == null ? "" : node.dm().instanceName())
            + ", but the DCR calls DB EP "
            + node.dmdcr().seqno()
            + " "
            + (db == null ? "" : db.getName()),
        "make INSTANCE_NAME and DCR_EP_NAME equal");
  }

  private void checkMember(Node node, DcrEp ep) {
    String file = malFile(ep.getType());
    MalIni.Instance member = node.mal(ep.getType()).instance(ep.getName());
    if (member == null) {
      problems.add(
          node.host().name() + "/" + file,
          0,
          "MAL_INST_NAME " + ep.getName() + " is not listed, but the DCR has that EP",
          "add a section for it");
    } else if (!member.host().equals(node.host().name())) {
      problems.add(
          node.host().name() + "/" + file,
          member.line(),
          "MAL_HOST of "
              + ep.getName()
              + " is "
              + member.host()
              + ", but it runs on "
              + node.host().name(),
          "name the lab's host: " + node.host().name());
    }
  }

  private static String malFile(GroupType type) {
    return type == GroupType.ASM ? MalIni.ASM_FILE : MalIni.DB_FILE;
  }

  private void checkMalFiles(GroupType type, String name) {
    Node first = nodes.stream().filter(n -> n.mal(type) != null).findFirst().orElse(null);
    for (Node node : nodes) {
      problems.require(
          node.mal(type) == null || node.mal(type).sameAs(first.mal(type)),
          node.host().name() + "/" + name,
          0,
          "it differs from " + (first == null ? "" : first.host().name()) + "/" + name,
          "the file must be identical on all nodes");
    }
    if (first == null || image == null) {
      return;
    }
    for (MalIni.Instance instance : first.mal(type).instances()) {
      problems.require(
          DmdcrCfg.eps(image, type).stream()
              .anyMatch(e -> e.getName().equalsIgnoreCase(instance.name())),
          first.host().name() + "/" + name,
          instance.line(),
          "MAL_INST_NAME " + instance.name() + " is no " + type + " EP of the DCR",
          "use the DCR_EP_NAMEs of " + DmdcrCfg.FILE);
    }
  }

  private void checkMonitor(Monitor monitor) {
    if (monitor.ini() == null) {
      return;
    }
    long oguid = image.getHeader().getOguid();
    problem(
        monitor.ini().oguid() != oguid,
        monitor.host(),
        DmcssmIni.FILE,
        "CSSM_OGUID",
        "is " + monitor.ini().oguid() + ", DCR_OGUID is " + oguid,
        "make the two equal");
    List<String> known = cssAddresses();
    for (DmcssmIni.Css css : monitor.ini().css()) {
      problems.require(
          known.isEmpty() || known.contains(css.host() + ":" + css.port()),
          monitor.host().name() + "/" + DmcssmIni.FILE,
          css.line(),
          "CSSM_CSS_IP = " + css.host() + ":" + css.port() + " is no CSS of this lab",
          "the CSSs are " + String.join(", ", known));
    }
  }

  private List<String> cssAddresses() {
    return nodes.stream()
        .filter(n -> n.dmdcr() != null && ep(GroupType.CSS, n.dmdcr().seqno()) != null)
        .map(n -> n.host().name() + ":" + port(n, GroupType.CSS))
        .toList();
  }

  /** The port on which this node's CSS or ASM EP listens: the node's own word before the DCR's. */
  int port(Node node, GroupType type) {
    int own = type == GroupType.CSS ? node.dmdcr().cssPort() : node.dmdcr().asmPort();
    return own > 0 ? own : ep(type, node.dmdcr().seqno()).getPort();
  }

  /** The EP of this number, null if the group has none. */
  DcrEp ep(GroupType type, int seqno) {
    return DmdcrCfg.eps(image, type).stream()
        .filter(e -> e.getSeqno() == seqno)
        .findFirst()
        .orElse(null);
  }

  List<Node> nodes() {
    return nodes;
  }

  /** The host with the ports its files say; only after a check without problems. */
  HostPlan withPorts(HostPlan host) {
    Map<String, Integer> ports = new TreeMap<>(host.ports());
    Map<String, Integer> sqlPorts = new TreeMap<>(host.sqlPorts());
    for (Node node : nodes) {
      if (node.host() == host) {
        ports.putAll(DscPorts.listening(this, node));
        if (ep(GroupType.DB, node.dmdcr().seqno()) != null) {
          sqlPorts.put("dmserver", node.dm().portNum());
        }
      }
    }
    return host.withPorts(ports, sqlPorts);
  }

  private void problem(
      boolean wrong, HostPlan host, String file, String key, String what, String remedy) {
    if (wrong) {
      problems.add(
          host.name() + "/" + file, lineOf(host.files().get(file), key), key + " " + what, remedy);
    }
  }

  /** First line that sets the key, 0 if none does. */
  private static int lineOf(String text, String key) {
    return Ini.parse("", text, new Problems()).sections().stream()
        .flatMap(s -> s.entries().stream())
        .filter(e -> e.key().equals(key))
        .mapToInt(Ini.Entry::line)
        .findFirst()
        .orElse(0);
  }
}
