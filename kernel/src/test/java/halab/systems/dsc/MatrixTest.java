package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Table;
import halab.kernel.TableCheck;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every phase of every DSC table hears every trigger; no row is dead, no phase out of reach. */
class MatrixTest {
  /** Steps that only the DB group takes: redo, its crash and its addresses. */
  private static final Set<GroupPhase> NOT_ASM = EnumSet.noneOf(GroupPhase.class);

  static {
    NOT_ASM.addAll(
        List.of(
            GroupPhase.START_LOAD,
            GroupPhase.START2_CONTROL,
            GroupPhase.START2_NORMAL,
            GroupPhase.REJOIN_REDO,
            GroupPhase.STOP_EP));
    NOT_ASM.addAll(EnumSet.range(GroupPhase.CRASH_STEP1, GroupPhase.CRASH_WAIT_ROLLBACK));
    NOT_ASM.addAll(EnumSet.range(GroupPhase.REJOIN_EP_VIP, GroupPhase.REJOIN_WAIT_SLAVE_VIP));
  }

  private static final Set<GroupPhase> NOT_DB =
      EnumSet.range(GroupPhase.ASM_CRASH_SUSPEND, GroupPhase.ASM_CRASH_RESUME);

  /**
   * dmasmsvr has no redo and no SQL, stands still without being frozen, and needs no time to stop.
   */
  private static final Set<EpPhase> NOT_DMASMSVR =
      EnumSet.of(
          EpPhase.AFTER_REDO,
          EpPhase.MOUNT,
          EpPhase.SUSPENDED,
          EpPhase.CRASH_RECV,
          EpPhase.STOPPING);

  static List<Table<?, ?>> tables() {
    return Dsc.SYSTEM.tables();
  }

  static Set<? extends Enum<?>> unused(Table<?, ?> table) {
    return switch (table.name()) {
      case "dmcss.ASM" -> NOT_ASM;
      case "dmcss.DB" -> NOT_DB;
      case "dmasmsvr" -> NOT_DMASMSVR;
      default -> EnumSet.noneOf(GroupPhase.class);
    };
  }

  @ParameterizedTest
  @MethodSource("tables")
  void theTableIsSound(Table<?, ?> table) {
    assertThat(TableCheck.problems(table, unused(table))).as(table.name()).isEmpty();
  }

  @Test
  void aPhaseThatIsReachedMayNotBeCalledUnused() {
    assertThat(TableCheck.problems(Dmserver.TABLE, EnumSet.of(EpPhase.OPEN)))
        .containsExactly("dmserver: phase OPEN is said to be unused and can be reached");
  }
}
