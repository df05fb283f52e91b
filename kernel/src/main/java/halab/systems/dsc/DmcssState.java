package halab.systems.dsc;

import halab.bricks.Beats;
import halab.dsc.proto.CssBeat;
import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.MonLogin;
import halab.dsc.proto.MonRequest;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Table;
import halab.systems.dsc.config.DmdcrIni;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * State of a dmcss. Frozen once made: {@link #with} changes a fresh copy, and only the table
 * assigns the phase.
 */
public final class DmcssState implements Cloneable {
  static final int SEATS = VoteLayout.GROUPS * VoteLayout.EPS_MAX;

  /** Looks after auto restart of one of the node's own EPs. */
  record Restart(boolean on, long inactiveSinceMs, long launchedMs) {}

  /** The DCR was asked for under this number, for a monitor's command. */
  record Extension(long request, CssTrigger.Asked asked) {}

  /**
   * A monitor's EP STARTUP: answered when the EP of this node beats, or does not by then.
   *
   * @param again its last life had not quite ended when the launch found it
   */
  record Startup(CssTrigger.Asked asked, int group, long untilMs, boolean again) {
    Startup again(boolean next) {
      return new Startup(asked, group, untilMs, next);
    }
  }

  /** A monitor that has logged in. */
  record Session(long mid, String ip, String fromName) {}

  final Endpoint self;
  final DmdcrIni ini;
  Wording words;

  /** IP addresses of hosts, for what monitors are told of each other. */
  Map<String, String> addresses = Map.of();

  CssPhase phase = CssPhase.BOOT;
  EpSeat seat;
  Beats beats = Beats.of(SEATS);
  long look;

  /** Wall clock of the look at which each seat's heartbeat last changed; 0: never. */
  long[] changedMs = new long[SEATS];

  /** Wall clock of the last look, or of what has come in since for a group. */
  long wallMs;

  Picture picture;

  /** The control CSS; 255: none known. */
  int controlCss = DscText.NONE;

  /** When the present ticket was taken. */
  long ticketMs;

  long dcrRequest;

  /** Who has asked for {@code extend node} and waits for the DCR to be read again; null: nobody. */
  Extension extension;

  /** Who has asked for {@code ep startup} and waits for the EP to be up; null: nobody. */
  Startup startup;

  /** The DCR was taken in anew by {@code extend node} in this life. */
  boolean extended;

  /** What was last said to be wrong with the DCR. */
  String dcrProblem = "";

  /** The groups, while this CSS is control node. */
  GroupState asm;

  GroupState db;

  /** What is run for the groups; canaries put others here. */
  Table<GroupScene, GroupPhase> asmTable = AsmGroup.TABLE;

  Table<GroupScene, GroupPhase> dbTable = DbGroup.TABLE;

  /** Group records as last written, by group. */
  SortedMap<Integer, GroupRecord> records = new TreeMap<>();

  /** CSSs that were seen alive, so that their end is an end and not a start to come. */
  SortedSet<Integer> seenCss = new TreeSet<>();

  /** Nodes of which nothing was heard any more, and that was said. */
  SortedSet<Integer> silentNodes = new TreeSet<>();

  /** Look before which a CSS was last heard over the network, by seqno. */
  SortedMap<Integer, Long> heardLook = new TreeMap<>();

  /** Looks in a row that a node's EPs were active without their CSS. */
  SortedMap<Integer, Integer> orphanedLooks = new TreeMap<>();

  /** DMDCR_LINK_CHECK_IP, as this CSS finds it. */
  CssLinkIp linkIp = CssLinkIp.UNKNOWN;

  /** Looks in a row that a CSS had lost the link check IP while another reached it, by seqno. */
  SortedMap<Integer, Integer> linkIpAlone = new TreeMap<>();

  Restart asmRestart;
  Restart dbRestart;

  /** Number of the last CONFIG VIP carried out for the control CSS. */
  long vipSeq;

  SortedMap<Endpoint, Session> monitors = new TreeMap<>();

  /** The monitor whose changing command holds this CSS; null: free. MIDs can be alike. */
  Endpoint slot;

  /**
   * Whether this CSS handles what happens by itself; in memory only. While off it beats, shows who
   * is active and does what it is told (reference 5.3).
   */
  boolean autoCheck = true;

  int exitCode;
  long haltByMs;

  /** What this state makes of the disk; null until somebody asks. */
  private Scene scene;

  DmcssState(Endpoint self, DmdcrIni ini, EpSeat seat, Wording words) {
    this.self = self;
    this.ini = ini;
    this.seat = seat;
    this.words = words;
    boolean asmOn = ini.asmStartupCmd() != null && ini.asmRestartIntervalS() > 0;
    boolean dbOn = ini.dbStartupCmd() != null && ini.dbRestartIntervalS() > 0;
    this.asmRestart = new Restart(asmOn, 0, 0);
    this.dbRestart = new Restart(dbOn, 0, 0);
  }

  DmcssState with(Consumer<DmcssState> change) {
    try {
      DmcssState copy = (DmcssState) clone();
      change.accept(copy);
      copy.scene = null;
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  DmcssState withPhase(CssPhase next) {
    return with(s -> s.phase = next);
  }

  DmcssState withSeat(EpSeat next) {
    return with(s -> s.seat = next);
  }

  /** Mirror builds: state of each DCRV disk by path, as this process finds it. */
  SortedMap<String, String> dcrv = new TreeMap<>();

  /** Name of a DCRV disk, as `show` has it. */
  static String dcrvName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  GroupState group(int group) {
    return group == 1 ? asm : db;
  }

  Table<GroupScene, GroupPhase> table(int group) {
    return group == 1 ? asmTable : dbTable;
  }

  DmcssState withGroup(GroupState next) {
    return with(
        s -> {
          if (next.group == 1) {
            s.asm = next;
          } else {
            s.db = next;
          }
        });
  }

  Restart restart(int group) {
    return group == 1 ? asmRestart : dbRestart;
  }

  DmcssState withRestart(int group, Restart next) {
    return with(
        s -> {
          if (group == 1) {
            s.asmRestart = next;
          } else {
            s.dbRestart = next;
          }
        });
  }

  /** What the network says of nodes that are silent on the disk. */
  NodeRule net() {
    return new NodeRule(ini.crashCheckOptCount(), seat.ep, heardLook, look);
  }

  /** The tick's view of the disk, for groups and judgements. */
  Scene scene() {
    if (scene == null) {
      scene = makeScene();
    }
    return scene;
  }

  private Scene makeScene() {
    return new Scene(
        picture,
        beats,
        seat.dcr,
        look,
        seat.ep,
        seat.name(),
        seat.dcrPath,
        seat.campaign.getTerm(),
        asm,
        db,
        List.copyOf(monitors.keySet()),
        wallMs,
        ini,
        net(),
        autoCheck,
        words,
        changedMs);
  }

  long wakeAtMs() {
    return switch (phase) {
      case DOWN -> Long.MAX_VALUE;
      case HALTING -> haltByMs;
      case BOOT -> seat.nextTickMs; // nobody counts on it yet: it asks for ever
      default -> seat.wakeAtMs();
    };
  }

  Object decode(Event event) {
    if (event instanceof Event.BlocksRead read) {
      return decodeRead(read);
    }
    if (event instanceof Event.BlockWritten written) {
      if (written.request() == seat.beatRequest) {
        return new CssTrigger.SlotWritten(true);
      }
      return marks(written.request()) ? new CssTrigger.MarkWritten(written.request()) : late();
    }
    if (event instanceof Event.DiskFailed failed) {
      if (extending(failed.request())) {
        return new CssTrigger.DcrUnread(failed.reason());
      }
      if (failed.request() == seat.areaRequest && seat.asking) {
        return new CssTrigger.LookFailed(failed.reason());
      }
      return failed.request() == seat.beatRequest ? new CssTrigger.SlotWritten(false) : late();
    }
    if (event instanceof Event.Probed probed) {
      return probed.request() == linkIp.request() ? new CssTrigger.IpTested(probed) : late();
    }
    if (event instanceof Event.Command command) {
      return CssConsole.parse(words, command);
    }
    return event instanceof Event.Received received ? decodeMessage(received) : event;
  }

  private List<GroupState> controlled() {
    return asm == null ? List.of() : List.of(asm, db);
  }

  private boolean marks(long request) {
    return request >= GroupActs.REQUESTS
        && ((asm != null && asm.marking == request) || (db != null && db.marking == request));
  }

  private boolean extending(long request) {
    return extension != null && extension.request() == request;
  }

  private static Object late() {
    return new CssTrigger.Late();
  }

  private Object decodeRead(Event.BlocksRead read) {
    if (phase != CssPhase.BOOT && seat.killedIn(read)) {
      return new CssTrigger.Killed(); // however old the look is
    }
    if (marks(read.request() - GroupActs.VERIFY)) {
      return readBack(read);
    }
    for (GroupState g : controlled()) {
      if (read.request() == GroupActs.request(g) + GroupActs.MARKS) {
        return new CssTrigger.MarksRead(g.group, read.blocks());
      }
    }
    if (extending(read.request())) {
      return new CssTrigger.DcrAgain(read.blocks());
    }
    if (read.request() != seat.areaRequest || !seat.asking) {
      return late();
    }
    if (seat.dcr == null || read.request() == dcrRequest) {
      return new CssTrigger.DcrRead(read.blocks());
    }
    if (phase == CssPhase.BOOT) {
      return new CssTrigger.SlotRead(read.blocks());
    }
    List<halab.kernel.Block> area =
        read.blocks().subList(VoteLayout.command(0, seat.ep), VoteLayout.kill(0, seat.ep) + 1);
    Picture seen = new Picture(read.blocks());
    // Only a successor with a higher term kills a control CSS; without one its area is repaired.
    boolean unrivalled =
        phase == CssPhase.CONTROL && seen.highestClaim() <= seat.campaign.getTerm();
    if (EpSeat.unreadable(area) && !unrivalled) {
      return new CssTrigger.Unreadable(area.get(1).damage());
    }
    long[] counters = new long[SEATS];
    for (int g = 0; g < VoteLayout.GROUPS; g++) {
      for (int n = 0; n < VoteLayout.EPS_MAX; n++) {
        counters[Scene.seat(g, n)] = seen.counter(g, n);
      }
    }
    return new CssTrigger.Look(seen, beats.look(counters));
  }

  private Object readBack(Event.BlocksRead read) {
    long request = read.request() - GroupActs.VERIFY;
    GroupState marked = asm.marking == request ? asm : db;
    boolean stands = marked.dcr.equals(read.blocks().get(0).payload());
    return stands ? new CssTrigger.Marked(request) : late();
  }

  private static Object decodeMessage(Event.Received received) {
    if (received.message() instanceof MonLogin login) {
      return new CssTrigger.Login(received.from(), login);
    }
    if (received.message() instanceof MonRequest request) {
      return new CssTrigger.Asked(received.from(), request);
    }
    if (received.message() instanceof CssBeat beat) {
      return new CssTrigger.Heard(beat.getSeqno());
    }
    return late();
  }

  /** The records of all groups: as this control CSS holds them, or as they lie on the disk. */
  GroupRecord record(int group) {
    GroupRecord own = records.get(group);
    if (phase == CssPhase.CONTROL && own != null) {
      return own;
    }
    return picture == null ? GroupRecord.getDefaultInstance() : picture.record(group);
  }

  Map<Integer, GroupRecord> allRecords() {
    SortedMap<Integer, GroupRecord> all = new TreeMap<>();
    for (int g = 0; g < VoteLayout.GROUPS; g++) {
      all.put(g, record(g));
    }
    return all;
  }
}
