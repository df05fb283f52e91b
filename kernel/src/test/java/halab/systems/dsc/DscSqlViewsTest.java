package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Heartbeat;
import halab.kernel.Block;
import halab.systems.SqlView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DscSqlViewsTest {
  private final EpState open = EpBench.in("dmserver", EpPhase.OPEN).state;

  private static SqlView<EpState> view(String name) {
    return DscSqlViews.ALL.stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
  }

  private List<List<Object>> rows(String name, List<Block> blocks) {
    return view(name).rows().of(open, new SqlView.Scene(1_619_881_512_000L, blocks));
  }

  /** The seed's columns in the seed's order, with the values of its control node. */
  @Test
  void instanceIsAsTheSeedShowsIt() {
    assertThat(view("V$INSTANCE").columns())
        .extracting(SqlView.Column::name)
        .containsExactly(
            "NAME",
            "INSTANCE_NAME",
            "INSTANCE_NUMBER",
            "HOST_NAME",
            "SVR_VERSION",
            "DB_VERSION",
            "START_TIME",
            "STATUS$",
            "MODE$",
            "OGUID",
            "DSC_SEQNO",
            "DSC_ROLE");
    assertThat(rows("V$INSTANCE", List.of()))
        .containsExactly(
            List.of(
                "DSC0",
                "DSC0",
                1,
                "n1",
                "DM Database Server x64 V8",
                "DB Version: 0x7000a",
                1_619_881_512_000L,
                "OPEN",
                "NORMAL",
                0L,
                0,
                "Control node"));
  }

  @Test
  void epsAreShownWithTheirSlotsAndMembership() {
    SqlView.Look look = view("V$DSC_EP_INFO").looksAt().apply(open);
    List<Block> slots = new ArrayList<>(Collections.nCopies(look.count(), Block.EMPTY));
    Heartbeat beat = Heartbeat.newBuilder().setGuid(100).setTs(123).build();
    slots.set(VoteLayout.heartbeat(open.seat.group, 1) - look.first(), Block.of(beat));
    EpState twoLeft = open.with(s -> s.members = List.of(0, 1));
    SqlView.Scene scene = new SqlView.Scene(0, slots);
    List<List<Object>> rows = view("V$DSC_EP_INFO").rows().of(twoLeft, scene);
    assertThat(rows.get(1)).containsExactly("DSC1", 1, 100L, 123L, "Normal Node", "OK");
    assertThat(rows.get(0)).containsExactly("DSC0", 0, null, null, "Control Node", "OK");
    assertThat(rows.get(2)).containsExactly("DSC2", 2, null, null, "Normal Node", "ERROR");
  }

  @Test
  void everyRowHasAValueForEveryColumn() {
    for (SqlView<EpState> view : DscSqlViews.ALL) {
      List<Block> blocks = Collections.nCopies(VoteLayout.USED, Block.EMPTY);
      assertThat(rows(view.name(), blocks))
          .as(view.name())
          .isNotEmpty()
          .allSatisfy(row -> assertThat(row).hasSize(view.columns().size()));
    }
  }

  @Test
  void theDcrIsShownGroupByGroup() {
    assertThat(rows("V$DCR_GROUP", List.of()))
        .extracting(row -> row.get(1))
        .containsExactly("GRP_CSS", "GRP_ASM", "GRP_DSC");
    assertThat(rows("V$DCR_EP", List.of())).hasSize(9);
    assertThat(rows("V$DCR_INFO", List.of()).get(0)).contains("/dev/raw/vote", "/dev/raw/dcr");
  }
}
