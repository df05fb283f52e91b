package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.InstStatus;
import halab.dsc.proto.MalThaw;
import halab.kernel.Block;
import halab.kernel.Now;
import halab.redo.proto.RlogPkg;
import halab.systems.SqlView;
import halab.systems.dm.config.MalIni;
import halab.systems.dsc.config.DmIni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** This instance by its own state, the others that are OK by their heartbeats. */
  @Test
  void allInstancesAreShownByWhatTheyShowOfThemselves() {
    SqlView.Look look = view("GV$INSTANCE").looksAt().apply(open);
    List<Block> slots = new ArrayList<>(Collections.nCopies(look.count(), Block.EMPTY));
    Heartbeat beat =
        Heartbeat.newBuilder()
            .setInstStatus(InstStatus.INST_SUSPEND)
            .setStartWallMs(1_619_881_600_000L)
            .build();
    slots.set(VoteLayout.heartbeat(open.seat.group, 1) - look.first(), Block.of(beat));
    List<List<Object>> rows = rows("GV$INSTANCE", slots);
    assertThat(view("GV$INSTANCE").columns()).isEqualTo(view("V$INSTANCE").columns());
    assertThat(rows.get(0)).isEqualTo(rows("V$INSTANCE", List.of()).get(0));
    assertThat(rows.get(1))
        .startsWith("DSC1", "DSC1", 2, "n2")
        .contains(1_619_881_600_000L, "SUSPEND")
        .endsWith(1, "Normal node");
    assertThat(rows.get(2)).as("nothing is known").startsWith("DSC2").contains((Object) null);
    EpState alone = open.with(s -> s.members = List.of(0));
    SqlView.Scene scene = new SqlView.Scene(0, slots);
    assertThat(view("GV$INSTANCE").rows().of(alone, scene)).hasSize(1);
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
      if (DscEmptyViews.ALL.contains(view)) {
        continue;
      }
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

  /** What the file says, what it does not say, and MAL_INI, which DSC forces to 1. */
  @Test
  void parametersAreThoseOfTheFileAndTheDefaults() {
    Map<String, String> files = Map.of("dm.ini", "INSTANCE_NAME = DSC0\nMAL_INI = 0\nBUFFER = 9\n");
    EpState edited = open.with(s -> s.dmIni = DmIni.settings(files));
    assertThat(names("V$DM_INI"))
        .containsExactly(
            "PARA_NAME",
            "PARA_VALUE",
            "MIN_VALUE",
            "MAX_VALUE",
            "MPP_CHK",
            "SESS_VALUE",
            "FILE_VALUE",
            "PARA_TYPE",
            "SYNC_LEVEL");
    assertThat(rows("V$DM_INI", edited))
        .contains(
            row("INSTANCE_NAME", "DSC0", null, null, "N", "DSC0", "DSC0", "READ ONLY", null),
            row("PORT_NUM", "5236", "1024", "65534", "N", "5236", "5236", "READ ONLY", null),
            row("MAL_INI", "1", "0", "1", "N", "1", "0", "READ ONLY", null),
            row("CKPT_INTERVAL", "300", "0", "2147483", "N", "300", "300", "READ ONLY", null),
            row("CONFIG_PATH", null, null, null, "N", null, null, "READ ONLY", null),
            row("DSC_N_POOLS", "19", "2", "1024", "N", "19", "19", "READ ONLY", "MUST_SYNC"))
        .noneMatch(row -> row.contains("BUFFER")); // accepted unread: it has no value in force
  }

  @Test
  void viewsOfServicesThatALabHasNoneOfHaveColumnsAndNoRows() {
    assertThat(names("V$DSC_TRXWAIT"))
        .containsExactly(
            "EP_SEQNO",
            "TRX_ID",
            "WAIT_FOR_ID",
            "WAIT_SEQNO",
            "WAIT_TIME",
            "TRX_OBJ",
            "WAIT_TRX_OBJ");
    assertThat(view("V$DSC_GBS_CTL_DETAIL").columns())
        .extracting(c -> c.name() + " " + c.type())
        .startsWith("POOL_ID INTEGER", "TS_ID INTEGER")
        .contains("FRESH_LSN BIGINT", "TYPE TEXT", "MODE INTEGER", "REAL_FLUSH TEXT")
        .endsWith("N_REVOKE_X_ONLY INTEGER");
    for (SqlView<EpState> view : DscEmptyViews.ALL) {
      assertThat(view.columns()).as(view.name()).extracting(c -> c.name()).doesNotHaveDuplicates();
      assertThat(rows(view.name(), List.of())).as(view.name()).isEmpty();
    }
    assertThat(DscSqlViews.ALL).extracting(SqlView::name).doesNotHaveDuplicates();
  }

  /** How many columns the manual numbers in each table of its chapter 15.2.1. */
  @Test
  void everyViewOfTheManualHasAllItsColumns() {
    Map<String, Integer> columns = new TreeMap<>();
    DscSqlViews.ALL.stream()
        .filter(v -> v.name().startsWith("V$DSC_") || v.name().startsWith("V$DCR_"))
        .forEach(v -> columns.put(v.name().substring(2), v.columns().size()));
    assertThat(columns.toString())
        .isEqualTo(
            "{DCR_EP=9, DCR_GROUP=5, DCR_INFO=6, DSC_CRASH_OVER_INFO=4, DSC_EP_INFO=6,"
                + " DSC_GBS_CTL=13, DSC_GBS_CTL_DETAIL=17, DSC_GBS_CTL_LRU_FIRST=13,"
                + " DSC_GBS_CTL_LRU_FIRST_DETAIL=17, DSC_GBS_CTL_LRU_LAST=13,"
                + " DSC_GBS_CTL_LRU_LAST_DETAIL=17, DSC_GBS_FREQ_CFLT=9, DSC_GBS_POOL=3,"
                + " DSC_GBS_POOLS_DETAIL=4, DSC_GBS_REQUEST_CTL=7, DSC_GLS_SYS=4, DSC_GTV_SYS=5,"
                + " DSC_LBS_CTL=17, DSC_LBS_CTL_DETAIL=17, DSC_LBS_CTL_LRU_FIRST=14,"
                + " DSC_LBS_CTL_LRU_FIRST_DETAIL=15, DSC_LBS_CTL_LRU_LAST=13,"
                + " DSC_LBS_CTL_LRU_LAST_DETAIL=15, DSC_LBS_POOL=7, DSC_LBS_POOLS_DETAIL=8,"
                + " DSC_LOCK=9, DSC_REQUEST_PAGE_STATISTIC=5, DSC_REQUEST_STATISTIC=6, DSC_TRX=16,"
                + " DSC_TRXWAIT=7, DSC_TRX_VIEW=3}");
  }

  @Test
  void dmdcrIniIsShownKeyByKey() {
    assertThat(names("V$DMDCR_INI")).containsExactly("NAME", "VALUE");
    assertThat(rows("V$DMDCR_INI", open))
        .contains(
            row("DMDCR_PATH", "/dev/raw/dcr"),
            row("DMDCR_SEQNO", "0"),
            row("DMDCR_DB_STARTUP_CMD", "dmserver /dm/etc/dm.ini dcr_ini=/dm/etc/dmdcr.ini"),
            row("DMDCR_LINK_CHECK_IP", null),
            row("DMDCR_ASM_MAX_FILE_OPEN", "4096"));
  }

  @Test
  void membersOfMalAreThoseOfTheFile() {
    assertThat(names("V$DM_MAL_INI"))
        .containsExactly(
            "MAL_NAME",
            "MAL_INST_NAME",
            "MAL_HOST",
            "MAL_PORT",
            "MAL_INST_PORT",
            "MAL_INST_HOST",
            "MAL_DW_PORT",
            "MAL_LINK_MAGIC");
    MalIni.Instance second = open.mal.instance("DSC1");
    assertThat(rows("V$DM_MAL_INI", open))
        .hasSize(3)
        .contains(row("MAL_INST2", "DSC1", "n2", second.port(), second.instPort(), "n2", 0, 0));
  }

  /** Checkpoint at 30, all up to 40 handed on, 42 being written, 45 heard of. */
  @Test
  void redoIsShownFromTheCheckpointToTheLastPlace() {
    RlogPkg written = RlogPkg.newBuilder().setLsn(42).build();
    EpState busy =
        EpBench.member(EpPhase.OPEN)
            .state
            .commit(
                c -> {
                  c.durable = 30;
                  c.writing = new Commits.Batch(9, List.of(written), 0, 0);
                  c.known = 45;
                });
    assertThat(names("V$RLOG")).containsExactly("CKPT_LSN", "FILE_LSN", "FLUSH_LSN", "CUR_LSN");
    assertThat(rows("V$RLOG", busy)).containsExactly(row(30L, 40L, 42L, 45L));
    EpState idle = busy.commit(c -> c.writing = null);
    assertThat(rows("V$RLOG", idle)).containsExactly(row(30L, 40L, 40L, 45L));
  }

  /** EP 1 has died at 44: EP 0 has changes since its checkpoint at 30, EP 2 has none. */
  @Test
  void aCrashIsShownWithWhatTheOthersStillHaveToSave() {
    MalThaw thaw =
        MalThaw.newBuilder()
            .setCmdSeq(60)
            .setEpoch(8)
            .setControl(0)
            .addAllMember(List.of(0, 2))
            .setSettledLsn(44)
            .build();
    EpState survived =
        Settlement.adopt(
                EpBench.member(EpPhase.CRASH_RECV).state, thaw, new Now(0, 0), new ArrayList<>())
            .commit(
                c -> {
                  c.durable = 30;
                  c.shown = c.shown.plus(2, 44L);
                  c.durables = c.durables.plus(2, 40L);
                })
            .with(s -> s.members = List.of(0, 2));
    assertThat(names("V$DSC_CRASH_OVER_INFO"))
        .containsExactly("EP_SEQNO", "OK_FLAG", "MIN_FIRST_MODIFIED_LSN", "CRASH_LSN");
    assertThat(rows("V$DSC_CRASH_OVER_INFO", survived))
        .containsExactly(row(0, 1, 31L, null), row(1, 0, null, 44L), row(2, 1, null, null));
    EpState back = survived.with(s -> s.members = List.of(0, 1, 2));
    assertThat(rows("V$DSC_CRASH_OVER_INFO", back).get(1)).containsExactly(1, 1, null, null);
  }

  private static List<String> names(String view) {
    return view(view).columns().stream().map(SqlView.Column::name).toList();
  }

  private static List<List<Object>> rows(String name, EpState state) {
    return view(name).rows().of(state, new SqlView.Scene(0, List.of()));
  }

  private static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }
}
