package halab.cli.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.cli.Failure;
import org.junit.jupiter.api.Test;

class SubnetsTest {
  @Test
  void aWiderNetworkTakesWhatLiesInIt() {
    assertThat(Subnets.overlaps("10.0.0.0/8", "10.77")).isTrue();
    assertThat(Subnets.overlaps("10.64.0.0/10", "10.77")).isTrue();
    assertThat(Subnets.overlaps("10.64.0.0/10", "10.128")).isFalse();
    assertThat(Subnets.overlaps("10.77.3.0/24", "10.77")).isTrue();
    assertThat(Subnets.overlaps("172.17.0.0/16", "10.77")).isFalse();
    assertThat(Subnets.overlaps("fd00::/64", "10.77")).isFalse();
  }

  @Test
  void onlyTheFirstTwoNumbersOfAnAddressAreTaken() {
    assertThat(Subnets.checked("10.56")).isEqualTo("10.56");
    for (String bad : new String[] {"999.1", "10", "10.56.1", "ten.1", "10.256"}) {
      assertThatThrownBy(() -> Subnets.checked(bad)).isInstanceOf(Failure.class);
    }
  }
}
