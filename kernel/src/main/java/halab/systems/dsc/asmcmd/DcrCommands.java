package halab.systems.dsc.asmcmd;

import com.google.protobuf.Message;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrImage;
import halab.dsc.proto.DiskLabel;
import halab.kernel.Block;
import halab.systems.ToolSite;
import halab.systems.dsc.AsmLabel;
import halab.systems.dsc.DcrGrowth;
import halab.systems.dsc.DcrLayout;
import halab.systems.dsc.VoteLayout;
import halab.systems.dsc.config.DmdcrCfg;
import halab.systems.dsc.config.DscPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Commands about the content of the DCR and the VOTE disk (reference 2.1, 2.5, 4.3). */
final class DcrCommands {
  private static final List<String> DAEMONS = List.of("dmcss", "dmasmsvr", "dmserver");

  /** What import asks to be stopped (reference 2.5). */
  private static final List<String> CSS_AND_ASM = List.of("dmcss", "dmasmsvr");

  private DcrCommands() {}

  /** {@code init dcrdisk}. */
  static void initDcr(AsmDesk desk, SortedMap<String, String> args)
      throws AsmRefusal, ToolSite.Failed {
    String path = args.get("PATH");
    DiskLabel label = desk.requireLabel(path, AsmKind.DCR);
    DcrImage image = desk.config(args.get("FILE"));
    if (!args.get("PASSWORD").matches("[!-~]{1,64}")) {
      throw new AsmRefusal("the password is empty, too long or not plain ASCII without blanks");
    }
    desk.disk(image.getHeader().getVtdPath(), AsmKind.VOTE);
    desk.requireIdle(DAEMONS);
    write(desk, path, AsmDesk.withDigest(image, DscPlan.sha256(args.get("PASSWORD"))), 0);
    desk.putLabel(path, label.toBuilder().setExported(false).build());
    desk.trace("init dcrdisk " + path + " from " + args.get("FILE"));
  }

  /** {@code init votedisk}; the path must be the one that the file names. */
  static void initVote(AsmDesk desk, SortedMap<String, String> args)
      throws AsmRefusal, ToolSite.Failed {
    String path = args.get("PATH");
    DiskLabel label = desk.requireLabel(path, AsmKind.VOTE);
    DcrImage image = desk.config(args.get("FILE"));
    String wanted = image.getHeader().getVtdPath();
    if (!wanted.equals(path)) {
      throw new AsmRefusal(
          args.get("FILE") + ": DCR_VTD_PATH is " + wanted + ", not " + path + "; name the same");
    }
    desk.requireIdle(DAEMONS);
    desk.wipe(path, 0, VoteLayout.USED);
    desk.putLabel(path, label);
    desk.putAll(path, DcrLayout.voteBlocks(image));
    desk.trace("init votedisk " + path + " from " + args.get("FILE"));
  }

  /** {@code export dcrdisk}. */
  static void export(AsmDesk desk, SortedMap<String, String> args)
      throws AsmRefusal, ToolSite.Failed {
    String path = args.get("PATH");
    DcrImage image = desk.dcr(path);
    desk.site().writeFile(args.get("FILE"), DmdcrCfg.export(image));
    DiskLabel label = desk.label(path);
    if (label != null) {
      desk.putLabel(path, label.toBuilder().setExported(true).build());
    }
    desk.trace("export dcrdisk " + path + " to " + args.get("FILE"));
  }

  /** {@code import dcrdisk}: whatever the file says stands there afterwards, marks included. */
  static void importDcr(AsmDesk desk, SortedMap<String, String> args)
      throws AsmRefusal, ToolSite.Failed {
    String path = args.get("PATH");
    desk.disk(path, AsmKind.DCR);
    desk.requireIdle(CSS_AND_ASM);
    DcrImage old = desk.dcr(path);
    DiskLabel label = desk.label(path);
    if (label == null || !label.getExported()) {
      throw new AsmRefusal(
          AsmRefusal.NOT_EXPORTED, "export first: export dcrdisk '" + path + "' to 'FILE'");
    }
    DcrImage image = desk.config(args.get("FILE"));
    String vote = desk.disk(image.getHeader().getVtdPath(), AsmKind.VOTE).path();
    long generation =
        old.getGroupList().stream().mapToLong(DcrGroup::getGeneration).max().orElse(0);
    String digest = old.getHeader().getAsmPasswordSha256();
    write(desk, path, AsmDesk.withDigest(image, digest), generation + 1);
    desk.putLabel(path, label.toBuilder().setExported(false).build());
    desk.trace("import dcrdisk " + path + " from " + args.get("FILE"));
    desk.alignVote(image);
  }

  private static void write(AsmDesk desk, String path, DcrImage image, long generation)
      throws ToolSite.Failed {
    DcrImage.Builder written = image.toBuilder().clearGroup();
    for (DcrGroup group : image.getGroupList()) {
      written.addGroup(group.toBuilder().setGeneration(generation));
    }
    SortedMap<Integer, Message> blocks = DcrLayout.blocks(written.build());
    desk.putAll(path, blocks.headMap(AsmLabel.FIRST));
    for (int block = DcrLayout.FIRST_EP; block < DcrLayout.USED; block++) {
      desk.site().write(path, block, blocks.get(block));
    }
  }

  /** {@code extend dcrdisk}: one node more; its EPs are in ERROR until they join (drill 39). */
  static void extend(AsmDesk desk, SortedMap<String, String> args)
      throws AsmRefusal, ToolSite.Failed {
    String path = args.get("PATH");
    DcrImage old = desk.dcr(path);
    DcrImage wanted = desk.config(args.get("FILE"));
    String problem = DcrGrowth.problem(old, wanted);
    if (problem != null) {
      throw new AsmRefusal(args.get("FILE") + ": " + problem);
    }
    DcrImage grown = DcrGrowth.grown(old, wanted);
    SortedMap<Integer, Message> blocks = DcrLayout.blocks(grown);
    desk.putAll(path, blocks.tailMap(DcrLayout.FIRST_EP));
    for (DcrGroup group : grown.getGroupList()) {
      putGroup(desk, path, group);
    }
    desk.trace("extend dcrdisk " + path + " from " + args.get("FILE"));
    desk.alignVote(grown);
  }

  /** {@code check dcrdisk}. */
  static void check(AsmDesk desk, SortedMap<String, String> args)
      throws AsmRefusal, ToolSite.Failed {
    check(desk, args, List.of());
  }

  /** As above; {@code found}: what else is wrong with the disks that the DCR lies on. */
  static void check(AsmDesk desk, SortedMap<String, String> args, List<String> found)
      throws AsmRefusal, ToolSite.Failed {
    String path = args.get("PATH");
    List<Block> blocks = desk.site().read(desk.disk(path, AsmKind.DCR).path(), 0, DcrLayout.USED);
    List<String> wrong = new ArrayList<>(DcrLayout.damages(blocks, 0, DcrLayout.USED));
    DcrImage image = desk.dcr(path);
    String vote = image.getHeader().getVtdPath();
    List<Block> header = desk.site().read(desk.disk(vote, AsmKind.VOTE).path(), 0, 2);
    String unfit = DcrLayout.voteProblem(image, header);
    if (unfit != null) {
      wrong.add(unfit);
    }
    wrong.addAll(found);
    for (DcrGroup group : image.getGroupList()) {
      desk.say(
          group.getName()
              + ": "
              + group.getNEp()
              + " EPs, err_ep_arr "
              + list(group.getErrEpList()));
    }
    if (!wrong.isEmpty()) {
      throw new AsmRefusal(path + ": " + String.join("; ", wrong));
    }
    desk.trace("check dcrdisk " + path + ": no error");
  }

  /**
   * {@code clear dcrdisk err_ep_arr}: takes the fault marks of a group out. A control CSS that has
   * yet to write a mark writes it all the same (drill 35).
   */
  static void clear(AsmDesk desk, SortedMap<String, String> args)
      throws AsmRefusal, ToolSite.Failed {
    String path = args.get("PATH");
    DcrImage image = desk.dcr(path);
    DcrGroup group =
        image.getGroupList().stream()
            .filter(g -> g.getName().equalsIgnoreCase(args.get("GROUP")))
            .findFirst()
            .orElse(null);
    if (group == null) {
      throw new AsmRefusal(
          "the DCR has no group "
              + args.get("GROUP")
              + "; its groups are "
              + String.join(", ", image.getGroupList().stream().map(DcrGroup::getName).toList()));
    }
    putGroup(desk, path, group.toBuilder().clearErrEp().build());
    desk.trace(
        "clear dcrdisk err_ep_arr "
            + path
            + ", group "
            + group.getName()
            + ": "
            + list(group.getErrEpList()));
  }

  /**
   * Both copies under the generation that counts now, the even one first: where both are alike it
   * is the one that is read, so that the change comes about at once; and the next generation, which
   * a control CSS may be about to write, beats it.
   */
  private static void putGroup(AsmDesk desk, String path, DcrGroup group) throws ToolSite.Failed {
    desk.put(path, DcrLayout.group(VoteLayout.seq(group.getType()), 0), group);
  }

  private static String list(List<Integer> eps) {
    return eps.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }
}
