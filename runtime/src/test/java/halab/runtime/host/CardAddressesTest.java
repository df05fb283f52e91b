package halab.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardAddressesTest {
  @ParameterizedTest
  @CsvSource({
    "255.255.255.0, 24",
    "255.255.255.255, 32",
    "255.255.240.0, 20",
    "0.0.0.0, 0",
    "255.0.255.0, -1",
    "255.255.255, -1",
    "255.255.255.256, -1",
    "eth0, -1",
  })
  void netmasksAreRunsOfOnes(String mask, int bits) {
    assertThat(CardAddresses.bits(mask)).isEqualTo(bits);
  }
}
