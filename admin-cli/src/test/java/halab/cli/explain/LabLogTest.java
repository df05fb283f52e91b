package halab.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import halab.cli.fault.Journal;
import halab.cli.lab.Creator;
import halab.cli.lab.LiveLab;
import halab.systems.Happened;
import halab.systems.Waterfall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabLogTest {
  /** Lab time runs this many times as fast as the wall clock. */
  private static final double SCALE = 10;

  @TempDir Path labs;

  private LiveLab lab() throws IOException {
    return Creator.create(
        labs.resolve("t"), new Creator.Wish("dsc", 2, true, SCALE, Map.of(), null, null), t -> {});
  }

  private static void line(LiveLab lab, String file, String kind, long wallMs, String detail)
      throws IOException {
    Path path = lab.model().log("n1").resolve("dmcss").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(
        path,
        "{\"wall_ms\":"
            + wallMs
            + ",\"mono_ms\":1,\"endpoint\":\"n1/dmcss\",\"pid\":7,\"kind\":\""
            + kind
            + "\",\"detail\":"
            + detail
            + "}\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  @Test
  void aLabThatNeverRanHasNothingToTell() throws IOException {
    try (LiveLab lab = lab()) {
      assertThat(LabLog.read(lab)).isEmpty();
    }
  }

  @Test
  void readsBothFilesOfADaemonAndSkipsALineThatIsCut() throws IOException {
    try (LiveLab lab = lab()) {
      line(lab, "events.jsonl", "say", 2_000, "{\"text\":\"two\",\"level\":null}");
      line(lab, "events.jsonl.1", "say", 1_000, "{\"text\":\"one\"}");
      Files.writeString(
          lab.model().log("n1").resolve("dmcss/events.jsonl"),
          "{\"wall_ms\":3000,\"kind\":\"sa",
          StandardOpenOption.APPEND);
      List<Happened> log = LabLog.read(lab);
      assertThat(log).extracting(h -> h.get("text")).containsExactly("one", "two");
      assertThat(log.get(1).get("level")).isEmpty();
      assertThat(log.get(1).who()).hasToString("n1/dmcss");
    }
  }

  @Test
  void faultsAreToldInLabTime() throws IOException {
    try (LiveLab lab = lab()) {
      Journal.Entry entry;
      try (Journal journal = Journal.open(lab.dir())) {
        entry = journal.begin("kill n1/dmserver", false);
        journal.receipt(entry, "gone");
      }
      List<Happened> log = LabLog.read(lab);
      assertThat(log).hasSize(1);
      long sinceMs = Instant.parse(entry.at()).toEpochMilli() - lab.model().epochWallMs();
      assertThat(log.get(0).atMs() - lab.model().epochWallMs()).isEqualTo((long) (sinceMs * SCALE));
      assertThat(log.get(0).kind()).isEqualTo(Happened.FAULT);
    }
  }

  @Test
  void whatIsReadIsExplained() throws IOException {
    try (LiveLab lab = lab()) {
      long at = lab.model().epochWallMs();
      line(lab, "events.jsonl", "moved", at + 9_000, move("OPEN", "CRASH_STEP1"));
      line(
          lab,
          "events.jsonl",
          "lost",
          at + 9_000,
          "{\"group\":\"DB\",\"ep\":\"DSC0\",\"seqno\":\"0\",\"by\":\"control\",\"why\":\"silent\","
              + "\"looks\":\"5\",\"vtd_status\":\"WORKING\",\"changed_ms\":\""
              + (at + 4_000)
              + "\"}");
      line(lab, "events.jsonl", "moved", at + 10_000, move("CRASH_STEP1", "CLOSED"));
      List<Waterfall> found = lab.system().explain(lab.plan(), LabLog.read(lab));
      assertThat(found).hasSize(1);
      assertThat(found.get(0).rows())
          .extracting(r -> r.term().step() + " " + r.tookMs())
          .containsExactly("DB silence 5000", "DB CRASH_STEP1 1000");
    }
  }

  private static String move(String from, String to) {
    return "{\"table\":\"dmcss.DB\",\"row\":420,\"from\":\"" + from + "\",\"to\":\"" + to + "\"}";
  }
}
