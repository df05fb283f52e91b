package halab.systems.dw;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.TableCheck;
import org.junit.jupiter.api.Test;

/** Every state of a watcher hears every trigger; no row is dead, no state out of reach. */
class DwMatrixTest {
  @Test
  void theTableIsSound() {
    assertThat(TableCheck.problems(Dmwatcher.TABLE)).isEmpty();
  }
}
