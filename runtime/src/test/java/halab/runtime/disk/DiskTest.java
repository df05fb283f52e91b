package halab.runtime.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import halab.admin.proto.DiskStatus;
import halab.bricks.Slots;
import halab.kernel.Endpoint;
import halab.kernel.Writer;
import halab.link.proto.DiskReply;
import halab.link.proto.DiskReply.OutcomeCase;
import halab.link.proto.DiskRequest;
import halab.link.proto.Fence;
import halab.link.proto.ReadBlocks;
import halab.link.proto.WriteBlock;
import halab.runtime.Await;
import halab.runtime.LabClock;
import halab.runtime.toy.Toy;
import halab.runtime.toy.ToyLab;
import halab.systems.ConfigException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
  private static final Endpoint N1 = new Endpoint("n1", Toy.ROLE);
  private static final Endpoint N2 = new Endpoint("n2", Toy.ROLE);
  @TempDir Path dir;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<DiskReply> replies = new CopyOnWriteArrayList<>();
  private ToyLab toy;
  private ServedDisk disk;
  private long lastRequest;

  @BeforeEach
  void openDisk() throws IOException {
    toy = new ToyLab(dir);
    open();
  }

  @AfterEach
  void closeAll() {
    timer.shutdownNow();
    toy.close();
  }

  private void open() {
    LabClock clock = new LabClock(toy.lab.epochWallMs(), 1);
    disk = new ServedDisk(toy.lab.disk("toy"), toy.diskFile(), clock, timer);
  }

  private static byte[] filled(int value) {
    byte[] content = new byte[Slots.BLOCK_BYTES];
    Arrays.fill(content, (byte) value);
    return content;
  }

  private long submit(Endpoint caller, long life, DiskRequest.Builder request) {
    request.setRequest(++lastRequest).setCaller(caller.toString()).setIncarnation(life);
    disk.submit(new ServedDisk.Job(request.build(), caller, replies::add));
    return lastRequest;
  }

  private DiskReply reply(long request) {
    return Await.value(
        "answer to " + request,
        () -> replies.stream().filter(r -> r.getRequest() == request).findFirst().orElse(null));
  }

  private long askWrite(Endpoint caller, long life, int block, int value) {
    WriteBlock.Builder write =
        WriteBlock.newBuilder().setBlock(block).setFrame(ByteString.copyFrom(filled(value)));
    return submit(caller, life, DiskRequest.newBuilder().setWrite(write));
  }

  private DiskReply write(Endpoint caller, long life, int block, int value) {
    return reply(askWrite(caller, life, block, value));
  }

  private DiskReply read(int first, int count) {
    ReadBlocks.Builder read = ReadBlocks.newBuilder().setFirst(first).setCount(count);
    return reply(submit(N1, 1, DiskRequest.newBuilder().setRead(read)));
  }

  private byte[] content(int block) {
    return read(block, 1).getRead().getFrame(0).toByteArray();
  }

  private void fence(Endpoint victim, long life) {
    Fence.Builder fence = Fence.newBuilder().setVictim(victim.toString()).setIncarnation(life);
    DiskReply reply = reply(submit(N1, 1, DiskRequest.newBuilder().setFence(fence)));
    assertThat(reply.getOutcomeCase()).isEqualTo(OutcomeCase.FENCED);
  }

  private void inject(String fault, String host) {
    disk.inject(DiskFault.parse(fault, 200), host);
  }

  @Test
  void blocksAreWrittenAndReadInPlace() {
    assertThat(write(N1, 1, 3, 7).getWritten().getBlock()).isEqualTo(3);
    DiskReply reply = read(2, 3);
    assertThat(reply.getRead().getFrame(1).toByteArray()).isEqualTo(filled(7));
    assertThat(reply.getRead().getFrame(0).toByteArray()).isEqualTo(filled(0));
  }

  private DiskStatus status() {
    AtomicReference<DiskStatus> status = new AtomicReference<>();
    disk.describe(status::set);
    return Await.value("the disk's status", status::get);
  }

  @Test
  void whatAFaultHasBittenIsCountedFromWhenItWasSet() {
    inject("fail", "n1");
    write(N1, 1, 3, 7);
    write(N2, 1, 3, 7);
    assertThat(status().getBittenForMap()).isEqualTo(Map.of("n1", 1L));
    inject("flipped", "");
    write(N1, 1, 3, 8);
    write(N2, 1, 3, 9);
    assertThat(status().getBittenForMap()).isEqualTo(Map.of("", 2L));
    inject("ok", "");
    write(N1, 1, 3, 8);
    assertThat(status().getBittenForMap()).isEmpty();
    assertThat(status().getBitten()).isEqualTo(3);
  }

  private DiskReply writeCopy(int block, long counter) {
    byte[] frame = Slots.frame(block, new Writer(N1, 1, counter), Int64Value.of(counter));
    WriteBlock.Builder write =
        WriteBlock.newBuilder().setBlock(block).setFrame(ByteString.copyFrom(frame)).setCopy(true);
    return reply(submit(N1, 1, DiskRequest.newBuilder().setWrite(write)));
  }

  @Test
  void ofCopiesTheGreaterWriterStaysAndIsTheAnswer() {
    assertThat(writeCopy(3, 5).getOutcomeCase()).isEqualTo(OutcomeCase.WRITTEN);
    byte[] newer = content(3);
    assertThat(writeCopy(3, 4).getRead().getFrame(0).toByteArray()).isEqualTo(newer);
    assertThat(content(3)).isEqualTo(newer);
    assertThat(writeCopy(3, 5).getOutcomeCase()).isEqualTo(OutcomeCase.WRITTEN);
    assertThat(writeCopy(3, 6).getOutcomeCase()).isEqualTo(OutcomeCase.WRITTEN);
    write(N1, 1, 3, 9);
    assertThat(writeCopy(3, 1).getOutcomeCase())
        .as("damage is older than all")
        .isEqualTo(OutcomeCase.WRITTEN);
  }

  @Test
  void anEmptyCopyOverwritesDamageAloneAndNothingSound() {
    ByteString zeros = ByteString.copyFrom(new byte[Slots.BLOCK_BYTES]);
    WriteBlock.Builder empty = WriteBlock.newBuilder().setBlock(3).setFrame(zeros).setCopy(true);
    DiskRequest.Builder request = DiskRequest.newBuilder().setWrite(empty);
    assertThat(writeCopy(3, 5).getOutcomeCase()).isEqualTo(OutcomeCase.WRITTEN);
    byte[] sound = content(3);
    assertThat(reply(submit(N1, 1, request)).getRead().getFrame(0).toByteArray()).isEqualTo(sound);
    assertThat(content(3)).isEqualTo(sound);
    write(N1, 1, 3, 9);
    assertThat(reply(submit(N1, 1, request)).getOutcomeCase()).isEqualTo(OutcomeCase.WRITTEN);
    assertThat(content(3)).containsOnly((byte) 0);
  }

  @Test
  void requestsBeyondTheEndAreRefused() {
    assertThat(write(N1, 1, 16, 7).getFailed()).contains("beyond the end");
    assertThat(read(15, 2).getFailed()).contains("beyond the end");
    assertThat(read(-1, 1).getFailed()).isNotEmpty();
    assertThat(read(0, Integer.MAX_VALUE).getFailed()).isNotEmpty();
  }

  @Test
  void aFencedLifeCannotWriteAndALaterOneCan() {
    fence(N2, 4);
    assertThat(write(N2, 4, 1, 7).getFailed()).contains("fenced");
    assertThat(write(N2, 3, 1, 7).getFailed()).contains("fenced");
    assertThat(write(N2, 5, 1, 7).getOutcomeCase()).isEqualTo(OutcomeCase.WRITTEN);
    assertThat(write(N1, 1, 2, 7).getOutcomeCase()).isEqualTo(OutcomeCase.WRITTEN);
  }

  @Test
  void fencingKeysSurviveAndNeverGoBack() {
    fence(N2, 4);
    fence(N2, 2);
    open();
    assertThat(write(N2, 4, 1, 7).getFailed()).contains("fenced");
  }

  @Test
  void damagedKeysStopTheDaemonInsteadOfLettingTheFencedIn() throws IOException {
    fence(N2, 4);
    Path keys = toy.diskFile().resolveSibling("toy.fence");
    Files.writeString(keys, Files.readString(keys).replace("4", "3"));
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("fencing keys are damaged");
  }

  @Test
  void aHangHoldsTheHostsRequestsAndAnswersThemLate() {
    inject("hang", "n2");
    long held = askWrite(N2, 1, 1, 7);
    assertThat(write(N1, 1, 2, 7).getOutcomeCase()).isEqualTo(OutcomeCase.WRITTEN);
    assertThat(replies).noneMatch(r -> r.getRequest() == held);
    fence(N2, 1);
    inject("ok", "n2");
    assertThat(reply(held).getFailed()).contains("fenced");
  }

  @Test
  void failFullAndSlowDoWhatTheySay() {
    inject("fail", "");
    assertThat(read(0, 1).getFailed()).isEqualTo("input/output error");
    inject("full", "");
    assertThat(write(N1, 1, 1, 7).getFailed()).isEqualTo("no space left on device");
    assertThat(read(0, 1).getOutcomeCase()).isEqualTo(OutcomeCase.READ);
    inject("slow", "");
    long late = askWrite(N1, 1, 1, 7);
    inject("ok", "");
    long next = askWrite(N1, 1, 1, 8);
    reply(next);
    assertThat(replies.stream().map(DiskReply::getRequest)).endsWith(late, next);
    assertThat(content(1)).isEqualTo(filled(8));
  }

  @Test
  void tornAndFlippedWritesAreAcknowledgedAndDamaged() {
    write(N1, 1, 1, 1);
    inject("torn", "");
    assertThat(write(N1, 1, 1, 2).getOutcomeCase()).isEqualTo(OutcomeCase.WRITTEN);
    inject("flipped", "");
    assertThat(write(N1, 1, 2, 2).getOutcomeCase()).isEqualTo(OutcomeCase.WRITTEN);
    inject("ok", "");
    assertThat(content(1)[0]).isEqualTo((byte) 2);
    assertThat(content(1)[300]).isEqualTo((byte) 1);
    assertThat(content(2)).isNotEqualTo(filled(2));
  }

  @Test
  void staleReadsShowWhatWasThereWhenTheFaultBegan() {
    write(N1, 1, 1, 1);
    inject("stale", "");
    write(N1, 1, 1, 2);
    write(N1, 1, 1, 3);
    assertThat(content(1)).isEqualTo(filled(1));
    inject("ok", "");
    assertThat(content(1)).isEqualTo(filled(3));
  }

  @Test
  void aTruncatedFileIsNamedAtStartAndAtRunTime() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(toy.diskFile().toFile(), "rw")) {
      file.setLength(5 * 512 + 100);
    }
    assertThat(read(5, 1).getFailed()).isEqualTo("truncated at block 5");
    assertThat(write(N1, 1, 9, 1).getFailed()).isEqualTo("truncated at block 5");
    assertThatThrownBy(this::open).hasMessageContaining("truncated at block 5 of 16");
    Files.delete(toy.diskFile());
    assertThatThrownBy(this::open).hasMessageContaining("is missing");
  }

  @Test
  void anUnknownFaultListsTheKnownOnes() {
    assertThatThrownBy(() -> DiskFault.parse("melt", 0)).hasMessageContaining("flipped");
  }
}
