package halab.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.systems.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScenarioTest {
  private static final String HEAD =
      "# What it shows\nsource somewhere\nsystem toy\nhosts 3\nfast\n";
  private static final Map<String, String> GOLDENS =
      Map.of("begins.txt", "{time} [INFO] P{pid} n1/member begins life 2\n");

  private static Scenario parse(String text) {
    return new ScenarioParser("test.scn", GOLDENS::get, List.of(Toy.subject())).parse(text);
  }

  private static Verdict run(String steps) {
    Scenario scenario = parse(HEAD + steps);
    return new ScenarioRunner(scenario, SimDriver.of(scenario, 1), ScenarioRunner.Narrator.SILENT)
        .run();
  }

  private static void fails(String steps, String... reasons) {
    Verdict verdict = run(steps);
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.FAIL);
    assertThat(verdict.toString()).contains(reasons).startsWith("FAIL: test.scn:");
  }

  private static void refused(String text, String... problems) {
    assertThatThrownBy(() -> parse(text).plan(5000))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> assertThat(e.problems().stream().map(Object::toString)).containsExactly(problems));
  }

  @Test
  void aWholeStoryPasses() {
    Verdict verdict =
        run(
            "expect within bound(start) all OPEN\n"
                + "let X = @first A\n"
                + "mark\n"
                + "kill X\n"
                + "expect X gone, X exited 137, n2/member UP # a comment\n"
                + "expect for 5s n2/member UP\n"
                + "start host(X)/member\n"
                + "expect within 20s X UP, fact X linked = true, @first A is X\n"
                + "expect log X begins.txt\n"
                + "monitor show => 0 beat\n"
                + "console n2/member nonsense => 1 unknown\n"
                + "cut n2 | {n3 mon} on private\n"
                + "delay n1 -> * 20ms\n"
                + "loss n1 | mon 10%\n"
                + "refuse n3 | mon\n"
                + "expect within 5s fact n3/member linked != true\n"
                + "heal n3 | mon\n"
                + "expect within 5s fact n3/member linked = true\n"
                + "disk vote slow 300ms for host(X)\n"
                + "clock n1 +90s\n"
                + "poweroff n3\nexpect n3/member gone\npoweron n3\n"
                + "heal all\n"
                + "expect within bound(heal)+5s all OPEN\n");
    assertThat(verdict.toString()).startsWith("PASS: What it shows");
    assertThat(verdict.exitCode()).isZero();
  }

  @Test
  void onlyAnInstanceTakesSql() {
    fails(
        "expect within bound(start) all OPEN\nsql n2/member select 1\n",
        "test.scn:7",
        "n2/member serves no SQL");
  }

  @Test
  void aClientNeedsAServiceAndItsSettings() {
    String head = "# x\nsource y\nsystem dsc\nhosts 2\n";
    refusedOfDsc(
        head + "client app EP_SELECTOR=3 SWITCH_TIMES=(2)\n",
        "test.scn:5: EP_SELECTOR of 'dsc' is 3, its list has 2; write a number up to that");
    refusedOfDsc(head + "client app fast\n", "test.scn:5: 'fast' is no setting; write KEY=VALUE");
    refusedOfDsc(head + "ask app\n", "test.scn:5: there is no client 'app' yet; write client app");
    refusedOfDsc(
        head + "client app\nexpect client ap at n1/dmserver\n",
        "test.scn:6: there is no client 'ap' yet; write client ap");
    refused(HEAD + "client app\n", "test.scn:6: toy has no services; remove the client");
  }

  private static void refusedOfDsc(String text, String problem) {
    assertThatThrownBy(() -> Scenario.parse("test.scn", text, GOLDENS::get).plan(5000))
        .isInstanceOf(ConfigException.class)
        .hasMessage(problem);
  }

  @Test
  void aClientThatIsElsewhereIsSaidWhere() {
    String text =
        "# x\nsource y\nsystem dsc\nhosts 2\nfast\nexpect within bound(start) all OPEN\n"
            + "client app EP_SELECTOR=2\nexpect client app at n1/dmserver\n";
    Scenario scenario = Scenario.parse("test.scn", text, GOLDENS::get);
    Verdict verdict =
        new ScenarioRunner(scenario, SimDriver.of(scenario, 1), ScenarioRunner.Narrator.SILENT)
            .run();

    assertThat(verdict.toString())
        .contains("test.scn:8", "client app is at n2/dmserver, n1/dmserver is n1/dmserver");
  }

  @Test
  void anExpectationThatDoesNotComeTrueSaysWhatIsSeenInstead() {
    fails(
        "expect within bound(start) all OPEN\nkill n1/member\nexpect within 3s n1/member UP\n",
        "test.scn:8",
        "expect within 3s n1/member UP",
        "n1/member is gone (exit code 137) after 3s");
  }

  @Test
  void whatMustHoldAlwaysIsWatchedWhileOtherThingsAreAwaited() {
    fails(
        "expect within bound(start) all OPEN\nalways n1/member UP\nat 40s kill n1/member\n"
            + "expect within 30s n2/member SILENT\n",
        "line 7 no longer holds: n1/member is gone");
  }

  @Test
  void whatMustHoldForASpanIsWatchedForThatSpan() {
    fails(
        "expect within bound(start) all OPEN\nkill mon/judge\n"
            + "expect for 5s fact n1/member linked = true\n",
        "n1/member shows linked = false");
  }

  @Test
  void absentHostsComeUpWhenTheyArePoweredOn() {
    Scenario scenario =
        parse(
            HEAD
                + "absent n3\nexpect within 20s n1/member UP\nexpect n3/member gone\n"
                + "poweron n3\nexpect within 20s n3/member UP\n");
    assertThat(
            new ScenarioRunner(scenario, SimDriver.of(scenario, 1), ScenarioRunner.Narrator.SILENT)
                .run()
                .toString())
        .startsWith("PASS");
  }

  @Test
  void anEditChangesTheFirstLineOfTheKeyOrPutsOneOnTop() {
    Fault.Edit edit = new Fault.Edit("n1", "some.ini", "KEY", "$2 x");
    assertThat(edit.changed("A = 1\n  key= 1 # why\nKEY = 3\n"))
        .isEqualTo("A = 1\nKEY = $2 x\nKEY = 3\n");
    assertThat(edit.changed("MONKEY = 1\n[s]\n")).isEqualTo("KEY = $2 x\nMONKEY = 1\n[s]\n");
    assertThat(edit.text()).isEqualTo("edit n1 some.ini KEY $2 x");
  }

  @Test
  void whatIsEditedIsReadAtTheNextStart() {
    assertThat(
            run("expect within bound(start) all OPEN\nedit n1 toy.ini KEY 1\n"
                    + "expect for 5s n1/member UP\nkill n1/member\nstart n1/member\n"
                    + "expect within 20s n1/member exited 78\n")
                .toString())
        .startsWith("PASS");
  }

  @Test
  void onlyAFileThatIsThereCanBeEdited() {
    refused(
        HEAD + "edit n1 nosuch.ini KEY 1\nedit store toy.ini KEY 1\n",
        "test.scn:6: there is no file 'nosuch.ini'; name one of toy.ini",
        "test.scn:7: host store has no files; name another");
  }

  @Test
  void aSmallFileIsThereUntilItIsRemoved() {
    String head = "# x\nsource y\nsystem errand\n";
    String text =
        head
            + "expect file n1 some.ctl, no file n1 some.ini, no file n2 other.ctl\n"
            + "remove n1 some.ctl\nremove n1 never.ctl\n"
            + "expect no file n1 some.ctl, file n2 some.ctl\n"
            + "remove n2 some.ini\nat 20s remove host(n2/left) some.ctl\n"
            + "expect no file host(n2/left) some.ctl\n";
    assertThat(ofErrand(text).toString()).startsWith("PASS");
    assertThat(ofErrand(head + "expect within 1s no file n1 some.ctl\n").toString())
        .contains("test.scn:4", "n1 has the file some.ctl after 1s");
    assertThat(ofErrand(head + "remove n2 some.ini\nedit n2 some.ini KEY 2\n").toString())
        .contains("test.scn:5", "host n2 has no file some.ini");
    assertThatThrownBy(() -> ofErrand(head + "remove n1 ../dm.ctl\nremove n9 dm.ctl\n"))
        .hasMessage("test.scn:4: '../dm.ctl' is no plain file name; write e.g. dm.ini");
  }

  private static Verdict ofErrand(String text) {
    Subject errand = new Subject(new Errand(1).system(), new ErrandChecks(10));
    Scenario scenario = new ScenarioParser("test.scn", name -> null, List.of(errand)).parse(text);
    return new ScenarioRunner(scenario, SimDriver.of(scenario, 1), ScenarioRunner.Narrator.SILENT)
        .run();
  }

  @Test
  void aDiskOfOneHostHasNoBlocksToDamageAndNoOtherHost() {
    Subject errand = new Subject(new Errand(1).system(), new ErrandChecks(10));
    String text =
        "# x\nsource y\nsystem errand\ndisk n1.arch torn\ndisk n2.online stale\n"
            + "disk n1.online flipped\ndisk n1.arch full for n2\ndisk n1.arch slow 500ms\n";
    assertThatThrownBy(
            () -> new ScenarioParser("test.scn", name -> null, List.of(errand)).parse(text).plan(1))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "test.scn:4: disk n1.arch holds redo and no blocks that could be torn; write ok, fail,"
                + " hang, slow or full\n"
                + "test.scn:5: disk n2.online holds redo and no blocks that could be stale; write"
                + " ok, fail, hang, slow or full\n"
                + "test.scn:6: disk n1.online holds redo and no blocks that could be flipped; write"
                + " ok, fail, hang, slow or full\n"
                + "test.scn:7: only n1 reaches disk n1.arch; leave 'for HOST' away");
  }

  @Test
  void repairHealsEverythingUntilTheWholeIsHealthy() {
    assertThat(
            run("expect within bound(start) all OPEN\npause n1/member\npoweroff n2\n"
                    + "kill store/diskd\ndisk vote fail\ncut n3 | *\n"
                    + "at 60s heal all\nrepair within bound(heal)\n")
                .toString())
        .startsWith("PASS");
  }

  @Test
  void aBoundThatTheSystemDoesNotKnowIsTheAuthorsError() {
    assertThatThrownBy(() -> run("expect within bound(nonsense) all OPEN\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("test.scn:6")
        .hasMessageContaining("known: heal, kill, start");
  }

  @Test
  void allProblemsAreListedTogetherWithPlaceWordAndRemedy() {
    refused(
        "# t\nsource s\nsystem toy\nhosts many\nfrobnicate n1\nkill n1\nkill @nobody\n"
            + "kill @first C\ncut n1 n2\ndelay n1|n2 fast\nloss n1|n2 200%\ndisk vote broken\n"
            + "expect soon all OPEN\nexpect within 3 all OPEN\nexpect log n1/member nothing.txt\n"
            + "expect n1/member UP extra\nclock n1 90s\nrepair\nmonitor\ncut n1|n2 on wires\n"
            + "tool hammer hit\n",
        "test.scn:4: 'many' is no number of hosts; write e.g. hosts 3",
        "test.scn:5: 'frobnicate' is no verb; write system, source, hosts, fast, set, nic, absent,"
            + " seed, rates, expect, always, at, repair, let, mark, console, monitor, sql, tool,"
            + " client, ask, kill, stop, tstp, pause, resume, start, poweroff, poweron, cut,"
            + " refuse, delay, loss, duplicate, heal, disk, clock, type, edit, remove",
        "test.scn:6: 'n1' names no daemon; write HOST/ROLE, @SELECTOR",
        "test.scn:7: there is no selector '@nobody'; write one of @first, @members",
        "test.scn:8: there is no group 'C'; write one of A, B after @first",
        "test.scn:9: 'n2' stands where '|' (both ways) or '->' (one way) is wanted; write '|'"
            + " (both ways) or '->' (one way)",
        "test.scn:10: 'fast' is no span of time; write e.g. 500ms, 30s or 5m",
        "test.scn:11: '200%' is no percentage; write 0% to 100%",
        "test.scn:12: 'broken' is no disk fault; write ok, fail, hang, slow, torn, stale, flipped"
            + " or full",
        "test.scn:13: 'soon' names no daemon; write HOST/ROLE, @SELECTOR",
        "test.scn:14: '3' is no span of time; write e.g. 500ms, 30s or 5m",
        "test.scn:15: there is no golden file 'nothing.txt'; name a file beside the scenario",
        "test.scn:16: 'extra' stands where the end of the line is wanted; write the end of the"
            + " line",
        "test.scn:17: '90s' is no clock step; write e.g. +90s or -2m",
        "test.scn:18: the line ends where 'within' is missing; add 'within'",
        "test.scn:19: there is nothing to say; add the words of a command",
        "test.scn:20: there is no network 'wires'; write public, private, storage or all",
        "test.scn:21: toy has no tool 'hammer'; it has none");
  }

  @Test
  void whatIsMissingOnTopIsSaid() {
    refused(
        "kill n1/member\n",
        "test.scn:1: 'kill' comes before the system; put 'system NAME' first",
        "test.scn: there is no comment on top; say in a first # line what it shows",
        "test.scn: there is no source line; add: source WHERE THE RULE IS FROM",
        "test.scn: there is no system line; add: system NAME");
    refused(
        "# t\nsource s\nsystem foo\n",
        "test.scn:3: no system 'foo'; known: toy; write a known one",
        "test.scn: there is no system line; add: system NAME");
    refused(
        "# t\nsource s\nsystem toy\n", "test.scn: nothing is done or expected; add an expect line");
  }

  @Test
  void placesThatTheLabHasNotAreFoundBeforeItIsMade() {
    refused(
        HEAD + "kill n9/member\nkill n1/dmserver\ndisk dcr fail\npoweroff n7\nkill store/diskd\n",
        "test.scn:6: the lab has no host 'n9'; name one of n1, n2, n3, mon, store",
        "test.scn:7: system toy has no role 'dmserver'; name one of its roles, see the system's"
            + " page",
        "test.scn:8: the lab has no disk 'dcr'; name one of vote",
        "test.scn:9: the lab has no host 'n7'; name one of n1, n2, n3, mon, store");
  }

  @Test
  void settingsAfterTheFirstStepAreRefused() {
    refused(
        HEAD + "expect all OPEN\nset SILENCE_S 9\n",
        "test.scn:7: 'set' comes after the first step; put it before everything that happens");
  }

  @Test
  void garbageIsAnErrorAndNeverACrash() {
    halab.bricks.Rng rng = new halab.bricks.Rng(5);
    String letters = "abn1/|->{}()@ =\"#%,+5s\nkill expect cut host";
    for (int run = 0; run < 2000; run++) {
      StringBuilder text = new StringBuilder(HEAD);
      for (int i = rng.below(60); i > 0; i--) {
        text.append(letters.charAt(rng.below(letters.length())));
        if (rng.chance(150)) {
          text.append(' ').append(FaultGrammar.VERBS.get(rng.below(15))).append(' ');
        }
      }
      try {
        parse(text.toString()).plan(5000);
      } catch (ConfigException expected) {
        assertThat(expected.problems()).isNotEmpty();
      }
    }
  }
}
