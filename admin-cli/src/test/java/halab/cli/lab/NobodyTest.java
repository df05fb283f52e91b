package halab.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class NobodyTest {
  @Test
  void whoIsHeldIsNamedWhereASelectorFitsNobody() {
    assertThat(LiveLab.nobody("@control DB", List.of(new Endpoint("n1", "dmserver"))))
        .isEqualTo("nobody is @control DB at this moment; held are: n1/dmserver");
    assertThat(LiveLab.nobody("@control DB", List.of()))
        .isEqualTo("nobody is @control DB at this moment; see: halab status");
  }
}
