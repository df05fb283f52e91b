package halab.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong by an operator's hand: one clear line, the remedy, the right exit code. */
class CommandLineIT {
  private static final int NO = 1;
  private static final int USAGE = 64;
  private static final int CONFIG = 78;
  private static final int BLOCK_BYTES = 512;

  @TempDir Path labs;
  private Halab halab;

  @BeforeEach
  void open() {
    halab = Halab.onProcesses(labs);
  }

  @AfterEach
  void leavesNothingRunning() {
    List<String> left = halab.leftOver();
    halab.killLeftOver();
    assertThat(left).isEmpty();
  }

  private void init() throws IOException, InterruptedException {
    Halab.Result made = halab.run("init", "dsc", "--name", "t", "--fast");
    assertThat(made.exitCode()).as(made.all()).isZero();
  }

  private void edit(String file, String from, String to) throws IOException {
    Path path = halab.lab("t").resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
  }

  private static void fails(Halab.Result result, int exitCode, String... words) {
    assertThat(result.exitCode()).as(result.all()).isEqualTo(exitCode);
    assertThat(result.err()).contains(words).doesNotContain("Exception");
  }

  @Test
  void refusesAnUnknownVerbAndAnUnknownLab() throws IOException, InterruptedException {
    fails(halab.run("frobnicate"), USAGE, "frobnicate", "--help");
    fails(halab.run("status", "--lab", "nowhere"), USAGE, "nowhere");
    fails(halab.run("up"), USAGE, "halab init");
  }

  @Test
  void refusesUnknownHostsRolesAndDisks() throws IOException, InterruptedException {
    init();
    fails(halab.run("kill", "n9/dmserver"), USAGE, "n9", "n1");
    fails(halab.run("kill", "n1/nobody"), USAGE, "nobody");
    fails(halab.run("cut", "n1|n9"), USAGE, "n9");
    fails(halab.run("disk", "floppy", "hang"), USAGE, "floppy", "vote");
    fails(halab.run("disk", "vote", "melt"), USAGE, "melt", "hang");
    fails(halab.run("kill", "n1/dmserver"), NO, "n1/dmserver");
  }

  @Test
  void listsEveryProblemOfTheFilesTogether() throws IOException, InterruptedException {
    init();
    edit("n1/etc/dmdcr.ini", "DMDCR_SEQNO", "DMDCR_SEQNR");
    edit("mon/etc/dmcssm.ini", "CSSM_OGUID", "CSSM_OGUIT");
    Halab.Result up = halab.run("up");
    fails(up, CONFIG, "dmdcr.ini", "DMDCR_SEQNR", "dmcssm.ini", "CSSM_OGUIT");
  }

  @Test
  void refusesAMonitorWithAnotherOguid() throws IOException, InterruptedException {
    init();
    Path ini = halab.lab("t").resolve("mon/etc/dmcssm.ini");
    Files.writeString(
        ini, Files.readString(ini).replaceAll("CSSM_OGUID\\s*=\\s*\\d+", "CSSM_OGUID = 4711"));
    fails(halab.run("up"), CONFIG, "4711", "OGUID");
  }

  @Test
  void refusesATruncatedDcrDisk() throws IOException, InterruptedException {
    init();
    try (RandomAccessFile dcr =
        new RandomAccessFile(halab.lab("t").resolve("store/data/dcr.disk").toFile(), "rw")) {
      dcr.setLength(3 * BLOCK_BYTES + 100);
    }
    Halab.Result up = halab.run("up");
    fails(up, CONFIG, "dcr", "truncated");
    halab.run("destroy", "--force");
  }

  @Test
  void survivesAFlippedByteInTheVotingDisk() throws IOException, InterruptedException {
    init();
    Path vote = halab.lab("t").resolve("store/data/vote.disk");
    try (RandomAccessFile file = new RandomAccessFile(vote.toFile(), "rw")) {
      file.seek(40);
      int before = file.read();
      file.seek(40);
      file.write(before ^ 1);
    }
    Halab.Result up = halab.run("up");
    assertThat(up.exitCode()).as("the second copy of the header serves: " + up.all()).isZero();
    aSpoiledFileStopsNobodyWhoRuns();
    Halab.Result down = halab.run("down");
    assertThat(down.exitCode()).as(down.all()).isZero();
  }

  /** The lab is looked at and stopped as it came up; who starts judges its file itself. */
  private void aSpoiledFileStopsNobodyWhoRuns() throws IOException, InterruptedException {
    edit("n2/etc/dmdcr.ini", "DMDCR_SEQNO", "DMDCR_SEQNR");
    Halab.Result status = halab.run("status");
    assertThat(status.exitCode()).as(status.all()).isZero();
    assertThat(status.all()).contains("since the lab came up", "DMDCR_SEQNR", "healthy");
    fails(halab.run("up"), CONFIG, "DMDCR_SEQNR");
    assertThat(halab.run("kill", "n2/dmcss").exitCode()).isZero();
    assertThat(halab.run("start", "n2/dmcss").exitCode()).isZero();
    for (int looks = 0; looks < 60 && !halab.run("status").all().contains("exited 78"); looks++) {
      assertThat(looks).as("n2/dmcss refuses the file").isLessThan(59);
    }
    try (Stream<Path> logs = Files.list(halab.lab("t").resolve("n2/log"))) {
      assertThat(logs.filter(f -> f.getFileName().toString().startsWith("dm_unknown_")))
          .singleElement()
          .satisfies(
              f ->
                  assertThat(Files.readString(f))
                      .containsPattern("\\[FATAL\\] dmcss P\\d{10} .*dmdcr.ini.*DMDCR_SEQNR"));
    }
  }

  @Test
  void namesThePortThatIsTaken() throws IOException, InterruptedException {
    init();
    String ini = Files.readString(halab.lab("t").resolve("lab.ini"));
    int port = Integer.parseInt(ini.replaceAll("(?s).*?port\\.dmcss = (\\d+).*", "$1"));
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      fails(halab.run("up"), CONFIG, String.valueOf(port), "n1/dmcss");
    }
    halab.run("destroy", "--force");
  }

  /** The one who holds it is a command that has ended: the hold stays, and heal finds it. */
  @Test
  void holdsADaemonStepsItAndHealsTheHold() throws IOException, InterruptedException {
    String patient = "GRP_CSS.DCR_GRP_DSKCHK_CNT=60";
    Halab.Result made = halab.run("init", "dsc", "--name", "t", "--fast", "--set", patient);
    assertThat(made.exitCode()).as(made.all()).isZero();
    assertThat(halab.run("up").exitCode()).isZero();
    fails(halab.run("step", "n2/dmcss"), NO, "is not held", "halab hold");
    fails(halab.run("hold", "store/diskd"), NO, "plays no role");
    fails(halab.run("hold", "n9/dmcss"), USAGE, "n9/dmcss", "n1/dmcss");
    Halab.Result hold = halab.run("hold", "n2/dmcss");
    assertThat(hold.out()).as(hold.all()).contains("n2/dmcss is held", "wait");
    assertThat(halab.run("status").out()).contains("HELD", "hold n2/dmcss");
    Halab.Result steps = halab.run("step", "n2/dmcss", "-n", "3");
    assertThat(steps.exitCode()).as(steps.all()).isZero();
    assertThat(steps.out()).contains("event  ", "row    dmcss row", "waits  ");
    fails(halab.run("step", "n2/dmcss", "--until", "NOWHERE"), USAGE, "NOWHERE", "ELECTION");
    Halab.Result heal = halab.run("heal", "--all");
    assertThat(heal.out()).as(heal.all()).contains("n2/dmcss is released");
    assertThat(halab.run("status").out()).doesNotContain("HELD").contains("no faults held");
    assertThat(halab.run("hold", "n2/dmcss").exitCode()).isZero();
    Halab.Result down = halab.run("down");
    assertThat(down.exitCode()).as(down.all()).isZero();
    assertThat(down.out()).contains("n2/dmcss is released");
  }

  private void refusesAServiceThatIsNoneAndServesByOne() throws IOException, InterruptedException {
    String who = "select instance_name from v$instance";
    edit("dm_svc.conf", "EP_SELECTOR=(0)", "EP_SELECTOR=(2)\nTIME_ZONE=(480)");
    Halab.Result second = halab.run("sql", "--service", "dsc", "-c", who);
    assertThat(second.exitCode()).as(second.all()).isZero();
    assertThat(second.out()).contains("DSC1");
    assertThat(second.err()).contains("without effect: TIME_ZONE");
    fails(halab.run("sql", "--service", "asm", "-c", who), CONFIG, "no service 'asm'", "dsc");
    edit("dm_svc.conf", "EP_SELECTOR=(2)", "EP_SELECTOR=(3)");
    fails(halab.run("load", "--service", "dsc"), CONFIG, "EP_SELECTOR of 'dsc' is 3");
    edit("dm_svc.conf", "EP_SELECTOR=(3)", "EP_SELECTOR=(1)\nLOGIN_MODE=(1)");
    edit("dm_svc.conf", "SWITCH_TIMES=(60)\n", "");
    fails(halab.run("sql", "--service", "dsc", "-c", who), NO, "[-70028]");
    edit("dm_svc.conf", "LOGIN_MODE=(1)\n", "");
    Halab.Result load = halab.run("load", "--service", "dsc", "--seconds", "3");
    assertThat(load.exitCode()).as(load.all()).isZero();
    assertThat(load.out()).contains("PASS", "service dsc [n1:");
  }

  @Test
  void startsShowsAndStopsALab() throws IOException, InterruptedException {
    init();
    Halab.Result up = halab.run("up", "--timing");
    assertThat(up.exitCode()).as(up.all()).isZero();
    assertThat(up.out()).contains("healthy", "FIRST BEAT TO OPEN");
    Halab.Result again = halab.run("up");
    assertThat(again.out()).contains("runs").doesNotContain("started");
    Halab.Result status = halab.run("status", "--output", "json");
    assertThat(status.out()).contains("\"healthy\" : true", "\"instance\" : \"DSC0\"");
    Halab.Result show = halab.run("dmcssm", "-c", "show");
    assertThat(show.exitCode()).as(show.all()).isZero();
    assertThat(show.out()).contains("GRP_DSC", "Control Node");
    refusesAServiceThatIsNoneAndServesByOne();
    Halab.Result explain = halab.run("explain");
    assertThat(explain.exitCode()).as(explain.all()).isZero();
    assertThat(explain.out()).contains("start of the cluster", "CSS ELECTION", "DB (EP_OPEN");
    relaysToAPipedConsole();
    fails(halab.run("destroy"), NO, "halab down");
    Halab.Result down = halab.run("down");
    assertThat(down.exitCode()).as(down.all()).isZero();
    assertThat(halab.leftOver()).isEmpty();
    Halab.Result explained = halab.run("explain", "--all", "--output", "json");
    assertThat(explained.out()).contains("\"title\" : \"orderly stop\"");
    Halab.Result gone = halab.run("destroy");
    assertThat(gone.exitCode()).as(gone.all()).isZero();
    assertThat(halab.lab("t")).doesNotExist();
  }

  private void relaysToAPipedConsole() throws IOException, InterruptedException {
    try (PipedConsole console = halab.console("dmcssm")) {
      console.say("show GRP_DSC");
      console.await(60, "DSC1");
      console.say("set GRP_DSC auto restart off");
      assertThat(halab.run("kill", "n2/dmserver").exitCode()).isZero();
      console.await(120, "[CSS0]", "[DB]: 设置命令[EP_CRASH_STEP1], 目标站点 DSC0[0]");
      console.await(120, "[CSS0]", "[DB]: 上次故障处理已完成，允许故障ep重加入");
      assertThat(console.leave()).as(console.seen()).isZero();
    }
  }
}
