package halab.systems.dsc;

import halab.dsc.proto.Cmd;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The one step of a rejoin that only DB has besides its addresses (reference 3.8). */
@RowsOf("dmcss.DB")
class DbRejoinTest {
  @Test
  void epOpenFollowsTheRedo() {
    GroupBench bench =
        GroupBench.rejoin(Paper.DB, 2, 0, GroupPhase.REJOIN_REDO)
            .state(g -> g.ok = List.of(0, 1))
            .ordered(Cmd.CMD_EP_START2, 0);
    bench.look().fires(900);
    bench.answered(0).look().fires(696);
    bench.comesTo(GroupPhase.REJOIN_OPEN).commands("DB0 EP OPEN 42");
  }
}
