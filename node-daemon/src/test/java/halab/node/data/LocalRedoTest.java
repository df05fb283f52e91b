package halab.node.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import halab.admin.proto.FaultSet;
import halab.admin.proto.OwnDiskFault;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.node.DiskLab;
import halab.redo.proto.RlogPkg;
import halab.runtime.DataPlane;
import halab.runtime.LabClock;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabDisk;
import halab.runtime.lab.LabHost;
import halab.systems.LabPlan.DiskPlan;
import halab.systems.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redo on disks of one host alone, with their faults. */
class LocalRedoTest {
  private static final Endpoint N1 = new Endpoint("n1", "dmserver");
  private static final String ONLINE = "/dm/data/DAMENG01.log";
  private static final String ARCHIVE = "/dm/arch";

  @TempDir Path dir;
  private final Queue<Event> heard = new ConcurrentLinkedQueue<>();
  private final FaultRules rules = new FaultRules(N1.toString());

  private LocalRedo life() throws Exception {
    LabHost n1 =
        new LabHost(
            "n1", LabHost.loopback(List.of("public")), List.of(), List.of(), new TreeMap<>());
    List<LabDisk> disks =
        List.of(
            new LabDisk("n1.online", ONLINE, DiskPlan.ONLINE, 0, 0, "n1"),
            new LabDisk("n1.arch", ARCHIVE, DiskPlan.ARCHIVE, 0, 0, "n1"),
            new LabDisk("n2.arch", "/dm/other", DiskPlan.ARCHIVE, 0, 0, "n2"));
    Lab lab =
        new Lab(
            dir,
            "own",
            "dw",
            "process",
            7,
            1,
            "today",
            "secret",
            Lab.TRUST,
            List.of(n1),
            disks,
            1,
            new TreeMap<>(),
            new TreeMap<>());
    java.nio.file.Files.createDirectories(lab.data("n1"));
    return new LocalRedo(
        new DataPlane.Place(
            lab,
            N1,
            heard::add,
            null,
            rules,
            new LabClock(7, 1),
            true,
            List.of(),
            Role.Archive.DEFAULT,
            List.of()));
  }

  private static Effect.WriteRedo write(long request, String disk, long... lsns) {
    List<RlogPkg> pkgs =
        LongStream.of(lsns)
            .mapToObj(
                lsn ->
                    RlogPkg.newBuilder()
                        .setLsn(lsn)
                        .setPayload(ByteString.copyFromUtf8("package " + lsn))
                        .build())
            .toList();
    return new Effect.WriteRedo(request, disk, 0, pkgs);
  }

  private Event take() {
    return DiskLab.take(heard);
  }

  private void fault(String disk, String fault, long delayMs) {
    OwnDiskFault one =
        OwnDiskFault.newBuilder().setDisk(disk).setFault(fault).setDelayMs(delayMs).build();
    rules.replace(FaultSet.newBuilder().addDisk(one).build());
  }

  private List<Long> lsns(LocalRedo redo, String disk, long from, int most) {
    redo.read(new Effect.ReadRedo(90, disk, 0, from, most));
    Event.RedoRead read = (Event.RedoRead) take();
    return read.pkgs().stream().map(RlogPkg::getLsn).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {ONLINE, ARCHIVE})
  void whatIsWrittenIsReadInPartsByTheNextLife(String disk) throws Exception {
    LocalRedo redo = life();
    assertThat(redo.has(disk)).isTrue();
    assertThat(redo.has("/dm/other")).as("of another host").isFalse();
    assertThat(lsns(redo, disk, 1, 9)).isEmpty();
    redo.write(write(1, disk, 1, 2));
    assertThat(take()).isEqualTo(new Event.RedoWritten(1, disk, 0));
    redo.write(write(2, disk, 2, 3, 4));
    assertThat(take()).isEqualTo(new Event.RedoWritten(2, disk, 0));
    assertThat(lsns(redo, disk, 2, 2)).containsExactly(2L, 3L);
    assertThat(lsns(redo, disk, 4, 2)).containsExactly(4L);
  }

  @ParameterizedTest
  @ValueSource(strings = {ONLINE, ARCHIVE})
  void faultsOfTheDiskAreMetAtOnceAndHealed(String disk) throws Exception {
    String name = disk.equals(ONLINE) ? "n1.online" : "n1.arch";
    LocalRedo redo = life();
    redo.write(write(1, disk, 1));
    assertThat(take()).isEqualTo(new Event.RedoWritten(1, disk, 0));
    fault(name, "full", 0);
    redo.write(write(2, disk, 2));
    assertThat(take()).isEqualTo(new Event.DiskFailed(2, disk, "no space left on device"));
    fault(name, "fail", 0);
    redo.write(write(2, disk, 2));
    assertThat(take()).isEqualTo(new Event.DiskFailed(2, disk, "input/output error"));
    fault(name, "hang", 0);
    redo.write(write(2, disk, 2));
    DiskLab.until("it hangs", () -> rules.receipt().getBite(0).getRefused() > 0);
    assertThat(heard).isEmpty();
    fault(name, "slow", 50);
    assertThat(take()).isEqualTo(new Event.RedoWritten(2, disk, 0));
    rules.replace(FaultSet.getDefaultInstance());
    assertThat(lsns(redo, disk, 1, 9)).containsExactly(1L, 2L);
  }

  @Test
  void logsOfOneHostAreApart() throws Exception {
    LocalRedo redo = life();
    redo.write(write(1, ONLINE, 1));
    take();
    assertThat(lsns(redo, ARCHIVE, 1, 9)).isEmpty();
  }
}
