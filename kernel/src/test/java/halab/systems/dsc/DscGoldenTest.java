package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Endpoint;
import halab.sim.Fault;
import halab.sim.GoldenText;
import halab.sim.Rates;
import halab.sim.SimDriver;
import halab.sim.World;
import halab.systems.Dialects;
import halab.systems.LabPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The log of dmcss through whole flows, line by line: seed 001's crash and rejoin of the control
 * EP, and the other flows in the order of the reference. The golden files lie beside the scenarios,
 * which hold live labs to the same lines. Nothing may stand between the lines, so that automatic
 * restart is off; the card of the addresses exists on no host, as in the seed.
 */
class DscGoldenTest {
  private static final Path GOLDEN = Path.of("..", "scenarios", "dsc", "golden");
  private static final long REST_MS = 60_000;

  private final Map<String, Integer> seen = new TreeMap<>();
  private SimDriver lab;

  private void up(int hosts, long seed) {
    up(hosts, seed, Map.of());
  }

  private void up(int hosts, long seed, Map<String, String> more) {
    Map<String, String> sets = new TreeMap<>(more);
    sets.put("DMDCR_ASM_RESTART_INTERVAL", "0");
    sets.put("DMDCR_DB_RESTART_INTERVAL", "0");
    sets.put("DCR_VIP_NIC", "enp0s80");
    LabPlan plan = Dsc.SYSTEM.plan(new LabPlan.Options(hosts, true, 20000, sets, Map.of()));
    lab = new SimDriver(new World(Dsc.SYSTEM, plan, Rates.CALM, List.of(), seed));
    lab.up(List.of());
    rest();
  }

  private void rest() {
    lab.world().runUntilMs(lab.nowMs() + REST_MS);
  }

  private void mark() {
    lab.world().views().keySet().forEach(who -> seen.put(who.toString(), lab.log(who).size()));
  }

  private void does(Fault.ProcessOp op, String target) {
    mark();
    new Fault.Process(op, Endpoint.parse(target)).applyTo(lab.world().faults());
    rest();
  }

  private void types(String words) {
    mark();
    lab.command(Endpoint.parse("mon/dmcssm"), List.of(words.split(" ")), REST_MS);
    rest();
  }

  /** The log since the last fault holds the golden lines, and nothing else. */
  private void logs(String who, String golden) throws IOException {
    List<String> log = lab.log(Endpoint.parse(who));
    List<String> since = log.subList(seen.getOrDefault(who, 0), log.size());
    holds(since, golden);
    assertThat(since).as("no line more than " + golden + " has").hasSize(read(golden).size());
  }

  private static int holds(List<String> log, String golden) throws IOException {
    GoldenText.Match match = read(golden).find(log);
    assertThat(match.found()).as(golden + ": " + match.why()).isTrue();
    return match.first();
  }

  private static GoldenText read(String golden) throws IOException {
    return GoldenText.parse(Files.readString(GOLDEN.resolve(golden)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void startOfTheCluster(long seed) throws IOException {
    up(2, seed);
    List<String> log = lab.log(Endpoint.parse("n1/dmcss"));
    assertThat(log.get(0)).endsWith("[CSS]: Set EP CSS0[0] as Control node");
    int asm = holds(log, "start-asm.txt");
    int db = holds(log, "start-db.txt");
    assertThat(db).as("ASM before DB").isGreaterThan(asm);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void crashAndRejoinOfTheControlEpAsInTheSeed(long seed) throws IOException {
    up(2, seed);
    does(Fault.ProcessOp.KILL, "n1/dmserver");
    logs("n1/dmcss", "control-ep-crash.txt");
    does(Fault.ProcessOp.START, "n1/dmserver");
    logs("n1/dmcss", "control-ep-rejoin.txt");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void crashOfANormalEp(long seed) throws IOException {
    up(3, seed);
    does(Fault.ProcessOp.KILL, "n3/dmserver");
    logs("n1/dmcss", "normal-ep-crash.txt");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void crashAndRejoinOfAnAsmServerComeBeforeThoseOfItsEp(long seed) throws IOException {
    up(2, seed);
    does(Fault.ProcessOp.KILL, "n2/dmasmsvr");
    logs("n1/dmcss", "asm-crash.txt");
    does(Fault.ProcessOp.START, "n2/dmasmsvr");
    logs("n1/dmcss", "asm-rejoin.txt");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void deathOfTheControlCss(long seed) throws IOException {
    up(2, seed);
    does(Fault.ProcessOp.KILL, "n1/dmcss");
    logs("n2/dmcss", "control-css-death.txt");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void orderlyStopOfDbThenAsm(long seed) throws IOException {
    up(2, seed);
    types("ep stop GRP_DSC");
    logs("n1/dmcss", "stop-db.txt");
    types("ep stop GRP_ASM");
    logs("n1/dmcss", "stop-asm.txt");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void stopOfOneEpIsAPlannedCrashWithoutDetection(long seed) throws IOException {
    up(2, seed);
    does(Fault.ProcessOp.STOP, "n2/dmserver");
    logs("n1/dmcss", "stop-instance.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"B", "C"})
  void startCrashAndRejoinOfTheControlEpInTheLaterDialects(String dialect) throws IOException {
    up(2, 1, Map.of(Dialects.LOG, dialect));
    List<String> log = lab.log(Endpoint.parse("n1/dmcss"));
    assertThat(log.get(0)).endsWith("DMCSS V8");
    assertThat(log.get(1)).endsWith("DMCSS IS READY");
    assertThat(log.get(2)).endsWith("[CSS]: 设置EP CSS0[0]为控制节点");
    holds(log, "start-db-b.txt");
    does(Fault.ProcessOp.KILL, "n1/dmserver");
    logs("n1/dmcss", "control-ep-crash-b.txt");
    does(Fault.ProcessOp.START, "n1/dmserver");
    logs("n1/dmcss", "control-ep-rejoin-b.txt");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theOlderRuleGivesTheControlRoleBack(long seed) throws IOException {
    up(2, seed, Map.of(Dialects.ADJUST, "1"));
    does(Fault.ProcessOp.KILL, "n1/dmserver");
    logs("n1/dmcss", "control-ep-crash.txt");
    does(Fault.ProcessOp.START, "n1/dmserver");
    logs("n1/dmcss", "adjust-master.txt");
    does(Fault.ProcessOp.KILL, "n1/dmasmsvr");
    does(Fault.ProcessOp.START, "n1/dmasmsvr");
    logs("n1/dmcss", "adjust-master-asm.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"B", "C"})
  void theOlderRuleInTheLaterDialects(String dialect) {
    up(2, 1, Map.of(Dialects.LOG, dialect, Dialects.ADJUST, "1"));
    does(Fault.ProcessOp.KILL, "n1/dmserver");
    does(Fault.ProcessOp.START, "n1/dmserver");
    List<String> log = lab.log(Endpoint.parse("n1/dmcss"));
    assertThat(log.subList(seen.get("n1/dmcss"), log.size()))
        .anyMatch(line -> line.endsWith("[DB]: 设置EP DSC0[0]为控制节点"))
        .anyMatch(line -> line.contains("[DB]: 设置命令[ADJUST_MASTER_EP], 目标站点 DSC1[1]"))
        .anyMatch(line -> line.endsWith("to (PROCESS_RECOVER, WAIT_ADJUST_MASTER)"));
  }

  /** Where three EPs live, the one that leads has another one stand still and go on. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void crashOfANormalEpBesideAnotherInDialectB(long seed) {
    up(3, seed, Map.of(Dialects.LOG, "B"));
    does(Fault.ProcessOp.KILL, "n3/dmserver");
    List<String> log = lab.log(Endpoint.parse("n1/dmcss"));
    assertThat(log.subList(seen.get("n1/dmcss"), log.size()))
        .anyMatch(line -> line.endsWith("[DB]: 命令[EP_CRASH]处理结束"))
        .anyMatch(line -> line.endsWith("to (OPEN, STARTUP)"));
    assertThat(lab.world().views().get(Endpoint.parse("n2/dmserver")).phase()).isEqualTo("OPEN");
  }
}
