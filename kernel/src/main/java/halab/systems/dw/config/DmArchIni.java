package halab.systems.dw.config;

import halab.systems.dm.config.DmKeys;
import halab.systems.dm.config.HostFiles;
import halab.systems.dm.config.Ini;
import halab.systems.dm.config.Key;
import halab.systems.dm.config.Problems;
import halab.systems.dm.config.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * dmarch.ini: where an instance's redo goes (reference 2.4).
 *
 * @param waitApply whether a realtime standby answers after the replay; else on receipt
 * @param archives in file order
 */
public record DmArchIni(boolean waitApply, List<Arch> archives) {
  public static final String FILE = "dmarch.ini";

  /** So many archives of one type a database may have. */
  static final int MOST_OF_A_TYPE = 8;

  private static final Key DIRECTORY = Key.of(Key.Kind.PATH, "ARCH_DEST", DmKeys.PATH_BYTES);
  private static final Key TARGET = Key.of(Key.Kind.NAME, "ARCH_DEST", DmKeys.NAME_BYTES);

  /**
   * One archive.
   *
   * @param section the name in brackets
   * @param dest directory of a LOCAL one, else the instance that it is sent to
   * @param fileSizeMb of LOCAL and REMOTE ones
   * @param spaceLimitMb oldest files go when there is more; 0: no limit
   * @param flushBufSizeMb read, without effect
   * @param hangFlag whether commits wait while a LOCAL one cannot be written
   * @param timerName of an ASYNC one, in dmtimer.ini; null: not given
   * @param sendDelayMin an ASYNC one sends what is at least so old
   * @param reserveTimeMin files younger than that stay; 0: no such rule
   * @param sendPolicy read, without effect
   * @param recoverTimeS read, of SYNC ones only
   * @param localShare read, of shared disks only
   * @param incomingPath where this instance keeps what a REMOTE peer sends; null: not given
   * @param line where its section starts
   */
  public record Arch(
      String section,
      ArchType type,
      String dest,
      int fileSizeMb,
      long spaceLimitMb,
      int flushBufSizeMb,
      boolean hangFlag,
      String timerName,
      int sendDelayMin,
      int reserveTimeMin,
      int sendPolicy,
      int recoverTimeS,
      boolean localShare,
      String incomingPath,
      int line) {}

  /**
   * Reads it from a host's files.
   *
   * @throws halab.systems.ConfigException with every problem of the file
   */
  public static DmArchIni read(Map<String, String> files) {
    return HostFiles.readOne(FILE, files, DmArchIni::read);
  }

  static DmArchIni read(String file, String text, Problems problems) {
    Ini ini = Ini.parse(file, text, problems);
    Values head = DwKeys.ARCH_GLOBAL.read(ini, ini.global(), problems);
    List<Arch> archives = new ArrayList<>();
    for (Ini.Section section : ini.sections().subList(1, ini.sections().size())) {
      Values v = DwKeys.ARCH.read(ini, section, problems);
      Arch arch = arch(section, v, problems);
      check(arch, v, problems);
      for (Arch other : archives) {
        problems.require(
            other.type() != arch.type() || !other.dest().equalsIgnoreCase(arch.dest()),
            file,
            v.line("ARCH_DEST"),
            arch.type()
                + " archive to "
                + arch.dest()
                + " is there already, see line "
                + other.line(),
            "keep one of them");
      }
      archives.add(arch);
    }
    DmArchIni all = new DmArchIni(head.flag("ARCH_WAIT_APPLY"), List.copyOf(archives));
    all.checkCounts(file, problems);
    return all;
  }

  private static Arch arch(Ini.Section section, Values v, Problems problems) {
    return new Arch(
        section.name(),
        v.word("ARCH_TYPE", ArchType.class, ArchType.LOCAL, problems),
        v.textOrEmpty("ARCH_DEST"),
        v.integer("ARCH_FILE_SIZE"),
        v.number("ARCH_SPACE_LIMIT"),
        v.integer("ARCH_FLUSH_BUF_SIZE"),
        v.flag("ARCH_HANG_FLAG"),
        v.text("ARCH_TIMER_NAME"),
        v.integer("ARCH_SEND_DELAY"),
        v.integer("ARCH_RESERVE_TIME"),
        v.integer("ARCH_SEND_POLICY"),
        v.integer("ARCH_RECOVER_TIME"),
        v.flag("ARCH_LOCAL_SHARE"),
        v.text("ARCH_INCOMING_PATH"),
        section.line());
  }

  private static void check(Arch arch, Values v, Problems problems) {
    String file = v.file();
    problems.require(
        arch.type() != ArchType.SYNC,
        file,
        v.line("ARCH_TYPE"),
        "ARCH_TYPE = SYNC is not emulated",
        "use ASYNC, or remove [" + arch.section() + "]");
    problems.require(
        !arch.localShare(),
        file,
        v.line("ARCH_LOCAL_SHARE"),
        "ARCH_LOCAL_SHARE = 1 needs a shared disk, which Data Watch does not have here",
        "set it to 0");
    problems.require(
        arch.type() != ArchType.ASYNC || arch.timerName() != null,
        file,
        arch.line(),
        "an ASYNC archive needs ARCH_TIMER_NAME",
        "name a timer of " + DmTimerIni.FILE);
    problems.require(
        arch.type() != ArchType.REMOTE || arch.incomingPath() != null,
        file,
        arch.line(),
        "a REMOTE archive needs ARCH_INCOMING_PATH",
        "name the directory for what " + arch.dest() + " sends");
    String complaint =
        arch.dest().contains("/") && arch.type() != ArchType.LOCAL
            ? "names a DSC cluster or a directory; targets are single instances here"
            : (arch.type() == ArchType.LOCAL ? DIRECTORY : TARGET).complaint(arch.dest());
    problems.require(
        !v.has("ARCH_DEST") || complaint == null,
        file,
        v.line("ARCH_DEST"),
        "ARCH_DEST = " + Problems.quoted(arch.dest()) + " " + complaint,
        arch.type() == ArchType.LOCAL
            ? "give a directory like /dm/arch"
            : "give the instance's name as " + "dmmal.ini has it");
  }

  private void checkCounts(String file, Problems problems) {
    for (ArchType type : ArchType.values()) {
      int count = (int) archives.stream().filter(a -> a.type() == type).count();
      problems.require(
          count <= MOST_OF_A_TYPE,
          file,
          0,
          "there are " + count + " archives of type " + type,
          "a database has at most " + MOST_OF_A_TYPE + " of each type");
    }
    Arch timely = first(ArchType.TIMELY);
    problems.require(
        timely == null || first(ArchType.REALTIME) == null,
        file,
        timely == null ? 0 : timely.line(),
        "REALTIME and TIMELY archives are mixed",
        "give all archives to members one ARCH_TYPE");
  }

  private Arch first(ArchType type) {
    return archives.stream().filter(a -> a.type() == type).findFirst().orElse(null);
  }

  /** The LOCAL archives, at least one in a lab that has been checked. */
  public List<Arch> local() {
    return targets(ArchType.LOCAL);
  }

  /** The archives of one type, in file order. */
  public List<Arch> targets(ArchType type) {
    return archives.stream().filter(a -> a.type() == type).toList();
  }

  /** The archives to standbys that may become primary: REALTIME or TIMELY ones. */
  public List<Arch> members() {
    return archives.stream().filter(a -> a.type().ofMembers()).toList();
  }

  /**
   * The archive to this instance, upper or lower case alike, a REMOTE one only where there is no
   * other; null if there is none.
   */
  public Arch to(String instance) {
    return archives.stream()
        .filter(a -> a.type() != ArchType.LOCAL && a.dest().equalsIgnoreCase(instance))
        .min(Comparator.comparing(a -> a.type() == ArchType.REMOTE))
        .orElse(null);
  }
}
