package halab.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.cli.load.check.Header;
import halab.cli.load.check.Op;
import halab.cli.load.check.Stall;
import halab.cli.load.check.Value;
import halab.cli.load.check.Value.Balances;
import halab.cli.load.check.Value.Books;
import halab.cli.load.check.Value.Cas;
import halab.cli.load.check.Value.Ledger;
import halab.cli.load.check.Value.Read;
import halab.cli.load.check.Value.Run;
import halab.cli.load.check.Value.Step;
import halab.cli.load.check.Value.Transfer;
import halab.cli.load.check.Value.Txn;
import halab.cli.load.check.Value.Write;
import halab.cli.load.check.Workload;
import halab.sim.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryReaderTest {
  private static final long MS = 1_000_000;
  @TempDir private Path folder;
  private final StringWriter text = new StringWriter();
  private HistoryWriter writer;
  private long nowNs;

  private void begin(Workload workload, boolean oneSide) throws IOException {
    writer = new HistoryWriter(text);
    writer.header(new Header("r", workload, 1, 2, 100, oneSide, 0, 1_700_000_000_000L, "h1:1/db"));
  }

  private void does(int process, Value asked, Value found, boolean last) throws IOException {
    Op begun = Op.invoke(process, asked, nowNs += MS);
    Op invoke = last ? begun.atTheEnd() : begun;
    writer.op(invoke);
    writer.op(invoke.ok(found, nowNs += MS, "h1:1"));
  }

  private void does(int process, Value value) throws IOException {
    does(process, value, value, false);
  }

  private Path file() throws IOException {
    writer.close();
    return file(text.toString());
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("h.jsonl"), content);
  }

  private Path bank(long... rows) throws IOException {
    begin(Workload.BANK, false);
    does(0, new Transfer(0, 1, 0, 1, 5));
    does(1, new Balances(null), new Balances(List.of(45L, 55L)), false);
    writer.mark("kill n1/dmserver", nowNs += MS);
    Op lost = Op.invoke(0, new Transfer(0, 2, 1, 0, 7), nowNs += MS);
    writer.op(lost);
    writer.op(lost.info(nowNs += MS, "08006 connection reset"));
    does(3, new Transfer(0, 3, 1, 0, 1));
    List<Run> found = java.util.Arrays.stream(rows).mapToObj(r -> new Run(r, r)).toList();
    does(2, page(0, null), page(0, found), true);
    does(2, page(1, null), page(1, List.of()), true);
    does(2, new Books(null, null), new Books(List.of(45L, 55L), List.of(45L, 55L)), true);
    writer.end(List.of(new Stall(5, 9)), nowNs, 0);
    return file();
  }

  private static Ledger page(int client, List<Run> found) {
    return new Ledger(client, 0, Long.MAX_VALUE, found);
  }

  @Test
  void judgesWhatWasWritten() throws IOException {
    Report report = HistoryReader.report(bank(1, 3));
    assertThat(report.verdict().kind()).isEqualTo(Verdict.Kind.PASS);
    assertThat(report.tally().acknowledged()).isEqualTo(2);
    assertThat(report.tally().found()).isEqualTo(2);
    assertThat(report.unknown()).isEqualTo(1);
    assertThat(report.marks().get(0).mark()).isEqualTo("kill n1/dmserver");
    assertThat(report.marks().get(0).all().ms()).isEqualTo(7);
    assertThat(report.stalls().count()).isEqualTo(1);
  }

  @Test
  void failsALostRow() throws IOException {
    assertThat(HistoryReader.report(bank(1)).verdict())
        .isEqualTo(Verdict.fail("acknowledged row 0-3 is lost"));
  }

  @Test
  void readsListsAndRegistersAsTheyWereWritten() throws IOException {
    begin(Workload.APPEND, false);
    Txn asked = new Txn(List.of(Step.append(1, 1), Step.read(2, null)));
    does(0, asked, new Txn(List.of(Step.append(1, 1), Step.read(2, List.of()))), false);
    Txn reads = new Txn(List.of(Step.read(1, null)));
    does(2, reads, new Txn(List.of(Step.read(1, List.of(1)))), true);
    writer.end(List.of(), nowNs, 0);
    assertThat(HistoryReader.report(file()).verdict().passed()).isTrue();
    assertThat(text.toString()).contains("[[\"append\",1,1],[\"r\",2,[]]]");
    text.getBuffer().setLength(0);
    begin(Workload.REGISTER, false);
    does(0, new Read(1, null));
    does(0, new Write(1, 4));
    does(0, new Cas(1, 4, 5));
    does(2, new Read(1, null), new Read(1, 5), true);
    writer.end(List.of(), nowNs, 0);
    assertThat(HistoryReader.report(file()).verdict().passed()).isTrue();
    assertThat(text.toString()).contains("\"value\":[1,null]").contains("\"value\":[1,[4,5]]");
  }

  @Test
  void doesNotPassAHistoryThatWasCutOff() throws IOException {
    String whole = Files.readString(bank(1, 3));
    for (int length : new int[] {whole.indexOf("\"end\""), whole.indexOf("ledger") + 3}) {
      Verdict verdict = HistoryReader.report(file(whole.substring(0, length))).verdict();
      assertThat(verdict.kind()).isEqualTo(Verdict.Kind.INCONCLUSIVE);
    }
  }

  @Test
  void doesNotPassAHistoryWithGaps() throws IOException {
    String gaps = Files.readString(bank(1, 3)).replace("\"dropped\":0", "\"dropped\":4");
    assertThat(HistoryReader.report(file(gaps)).verdict().kind())
        .isEqualTo(Verdict.Kind.INCONCLUSIVE);
  }

  @Test
  void refusesWhatIsNoHistoryAndNamesTheLine() throws IOException {
    String good = Files.readString(bank(1, 3));
    refused("", "line 1", "empty");
    refused("hello", "line 1");
    refused("{\"a\":1}", "halab_history");
    refused(good.replace("\"workload\":\"bank\"", "\"workload\":\"chess\""), "chess");
    refused(good.replace("\"halab_history\":1", "\"halab_history\":9"), "halab_history");
    refused(good.replaceFirst("\"row\":1", "\"row\":1e3"), "line 2", "whole");
    refused(good.replaceFirst("\"row\":1", "\"row\":99999999999"), "line 2", "row");
    refused(good.replaceFirst("\"f\":\"transfer\"", "\"f\":\"steal\""), "line 2", "steal");
    refused(good.replaceFirst("\"type\":\"ok\"", "\"type\":\"invoke\""), "line 3", "process 0");
    refused(good.replaceFirst("\"process\":0", "\"process\":1"), "line 3", "process 0");
    refused(good + good, "after the end");
    refused(good.replaceFirst("\"value\":", "\"value\":" + "[".repeat(100)), "line 2");
  }

  private void refused(String content, String... words) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> HistoryReader.report(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("h.jsonl")
        .hasMessageContainingAll(words);
  }
}
