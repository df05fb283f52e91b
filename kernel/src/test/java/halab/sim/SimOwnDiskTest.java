package halab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.redo.proto.RlogPkg;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Disks that one host alone reaches. */
class SimOwnDiskTest {
  private static List<RlogPkg> pkgs(long... lsns) {
    List<RlogPkg> pkgs = new ArrayList<>();
    for (long lsn : lsns) {
      pkgs.add(RlogPkg.newBuilder().setLsn(lsn).build());
    }
    return pkgs;
  }

  private static Effect write(long request, String path, long... lsns) {
    return new Effect.WriteRedo(request, path, 0, pkgs(lsns));
  }

  private static List<Long> standing(Errand lab, String disk) {
    return List.copyOf(lab.world.ownDisk(disk).redo(0).keySet());
  }

  private static void fails(Errand lab, Endpoint who, String reason) {
    assertThat(lab.heard(who, Event.DiskFailed.class))
        .last()
        .satisfies(failed -> assertThat(failed.reason()).isEqualTo(reason));
  }

  @Test
  void thePathMeansAnotherDiskOnEachHostAndOneLsnMayStandOnAll() {
    Errand lab = new Errand(1);
    lab.does(Errand.LEFT, write(1, Errand.ONLINE, 1, 2), write(2, Errand.ARCHIVE, 1));
    lab.does(Errand.FAR, write(3, Errand.ONLINE, 1));
    lab.runs(100);
    assertThat(lab.heard(Errand.LEFT, Event.RedoWritten.class))
        .containsExactlyInAnyOrder(
            new Event.RedoWritten(1, Errand.ONLINE, 0),
            new Event.RedoWritten(2, Errand.ARCHIVE, 0));
    assertThat(standing(lab, "n1.online")).containsExactly(1L, 2L);
    assertThat(standing(lab, "n1.arch")).containsExactly(1L);
    assertThat(standing(lab, "n2.online")).containsExactly(1L);
    assertThat(standing(lab, "n2.arch")).isEmpty();
    lab.does(Errand.LEFT, write(4, "/elsewhere", 1));
    lab.runs(100);
    fails(lab, Errand.LEFT, "no such disk");
  }

  @Test
  void aReadBringsTheOldestAndSaysWhatIsLast() {
    Errand lab = new Errand(1);
    lab.does(
        Errand.LEFT,
        write(1, Errand.ARCHIVE, 1, 2, 3, 4, 5),
        new Effect.ReleaseRedo(Errand.ARCHIVE, 0, 1),
        new Effect.ReadRedo(2, Errand.ARCHIVE, 0, 3, 2));
    lab.runs(100);
    assertThat(lab.heard(Errand.LEFT, Event.RedoRead.class))
        .containsExactly(new Event.RedoRead(2, Errand.ARCHIVE, 0, pkgs(3, 4), 2, 5));
  }

  @Test
  void whatIsWrittenOutlivesThePower() {
    Errand lab = new Errand(1);
    lab.does(Errand.LEFT, write(1, Errand.ONLINE, 1, 2, 3));
    lab.runs(100);
    lab.suffers("poweroff n1");
    lab.suffers("poweron n1");
    lab.runs(5_000);
    lab.does(Errand.LEFT, new Effect.ReadRedo(2, Errand.ONLINE, 0, 1));
    lab.runs(100);
    assertThat(lab.heard(Errand.LEFT, Event.RedoRead.class))
        .containsExactly(new Event.RedoRead(2, Errand.ONLINE, 0, pkgs(1, 2, 3), 1, 3));
  }

  @Test
  void ofWhatWasNotAnsweredAtACrashSomeFirstPackagesStand() {
    TreeSet<String> seen = new TreeSet<>();
    for (long seed = 0; seed < 60; seed++) {
      Errand lab = new Errand(seed);
      lab.does(Errand.LEFT, write(1, Errand.ONLINE, 1, 2), write(2, Errand.ONLINE, 3));
      lab.suffers("kill n1/left");
      lab.runs(100);
      seen.add(standing(lab, "n1.online").toString());
    }
    assertThat(seen).containsExactly("[1, 2, 3]", "[1, 2]", "[1]", "[]");
  }

  @Test
  void aFullOrFailingDiskSaysSoAndAFullOneIsRead() {
    Errand lab = new Errand(1);
    lab.suffers("disk n1.arch full");
    lab.does(
        Errand.LEFT,
        write(1, Errand.ARCHIVE, 1),
        new Effect.ReadRedo(2, Errand.ARCHIVE, 0, 1),
        write(3, Errand.ONLINE, 1));
    lab.does(Errand.FAR, write(4, Errand.ARCHIVE, 1));
    lab.runs(100);
    fails(lab, Errand.LEFT, "no space left on device");
    assertThat(lab.heard(Errand.LEFT, Event.RedoRead.class)).hasSize(1);
    assertThat(lab.heard(Errand.LEFT, Event.RedoWritten.class)).hasSize(1);
    assertThat(lab.heard(Errand.FAR, Event.RedoWritten.class)).hasSize(1);
    lab.suffers("disk n1.arch fail");
    lab.does(Errand.LEFT, new Effect.ReadRedo(5, Errand.ARCHIVE, 0, 1));
    lab.runs(100);
    fails(lab, Errand.LEFT, "input/output error");
    lab.suffers("heal all");
    lab.does(Errand.LEFT, write(6, Errand.ARCHIVE, 1));
    lab.runs(100);
    assertThat(standing(lab, "n1.arch")).containsExactly(1L);
  }

  @Test
  void aHungDiskIsSilentUntilItIsHealedAndASlowOneIsSlow() {
    Errand lab = new Errand(1);
    lab.suffers("disk n1.online hang");
    lab.does(Errand.LEFT, write(1, Errand.ONLINE, 1));
    lab.runs(60_000);
    assertThat(lab.heard(Errand.LEFT, Event.RedoWritten.class)).isEmpty();
    lab.suffers("disk n1.online slow 500ms");
    lab.does(Errand.LEFT, write(2, Errand.ONLINE, 2), write(3, Errand.ONLINE, 3));
    lab.runs(490);
    assertThat(lab.heard(Errand.LEFT, Event.RedoWritten.class)).hasSize(1);
    lab.runs(30);
    assertThat(lab.heard(Errand.LEFT, Event.RedoWritten.class)).hasSize(3);
  }

  @Test
  void aLabThatSharesNoDiskHasNoStorageHost() {
    Errand lab = new Errand(1);
    assertThat(lab.world.processes()).hasSize(4);
    assertThat(Hosts.of(lab.world.plan())).containsExactly("n1", "n2");
    Repair.once(
        lab.world.faults(), lab.world.plan(), d -> false, new ErrandChecks(10), lab.world.views());
    assertThat(lab.world.views()).hasSize(4);
  }

  @Test
  void ofOwnDisksSeedsHarmArchivesAloneAndOnlyAsTheSystemWants() {
    TreeSet<String> seen = new TreeSet<>();
    Plans plans = new Plans();
    Subject harmed = new Subject(new Errand(1).system(), new ErrandChecks(10));
    Subject spared = new Subject(harmed.system(), new ErrandChecks(0));
    for (long seed = 0; seed < 500; seed++) {
      for (Schedule.Timed timed : Chaos.schedule(seed, harmed, plans).faults()) {
        assertThat(timed.fault().text()).doesNotContain("store");
        if (timed.fault() instanceof Fault.Disk disk) {
          assertThat(disk.disk()).endsWith(".arch");
          assertThat(disk.host()).isNull();
          seen.add(disk.kind().name());
        }
      }
      assertThat(Chaos.schedule(seed, spared, plans).faults())
          .noneMatch(timed -> timed.fault() instanceof Fault.Disk);
    }
    assertThat(seen).containsExactly("FAIL", "FULL", "HANG", "OK", "SLOW");
  }
}
