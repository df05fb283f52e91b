package halab.systems.dsc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halab.systems.dm.config.MalIni;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The small files of one host, read by the daemons themselves. */
class HostFilesTest {
  private static DmdcrIni dmdcr(String more) {
    String text = "DMDCR_PATH=/dev/raw/dcr\nDMDCR_SEQNO=0\nDMDCR_MAL_PATH=/dm/etc/dmasvrmal.ini\n";
    return DmdcrIni.read(Map.of("dmdcr.ini", text + more));
  }

  private static DmcssmIni dmcssm(String css) {
    return DmcssmIni.read(Map.of("dmcssm.ini", "CSSM_OGUID = 7\n" + css));
  }

  @Test
  void dmdcrHasTheVendorsDefaults() {
    DmdcrIni dmdcr = dmdcr("");
    assertThat(dmdcr.asmRestartIntervalS()).isEqualTo(60);
    assertThat(dmdcr.dbStartupCmd()).isNull();
    assertThat(dmdcr.autoOpenCheckS()).isZero();
    assertThat(dmdcr.messageCheck()).isTrue();
    assertThat(dmdcr.checkCssActive()).isFalse();
    assertThat(dmdcr.cssPort()).isZero();
  }

  @Test
  void dmdcrKeepsItsRanges() {
    assertThatThrownBy(() -> dmdcr("DMDCR_AUTO_OPEN_CHECK = 29"))
        .hasMessageContaining("dmdcr.ini:4: DMDCR_AUTO_OPEN_CHECK = '29' is outside 30 to");
    assertThatThrownBy(() -> dmdcr("DMDCR_DB_RESTART_INTERVAL = 86401"))
        .hasMessageContaining("0 to 86400");
    assertThatThrownBy(() -> dmdcr("DMDCR_DB_STARTUP_CMD = " + "x".repeat(257)))
        .hasMessageContaining("is not 1 to 256 bytes long");
    assertThatThrownBy(() -> dmdcr("[GRP]")).hasMessageContaining("has no place here");
  }

  @Test
  void aMissingFileIsNamedWithItsPlace() {
    assertThatThrownBy(() -> DmdcrIni.read(Map.of()))
        .hasMessage("dmdcr.ini: the file is missing; put it into the host's etc folder");
  }

  @Test
  void dmIniMayHoldKeysThatMembershipDoesNotNeed() {
    DmIni dm = DmIni.read(Map.of("dm.ini", "INSTANCE_NAME = DSC0 #name\nBUFFER = 1000\n"));
    assertThat(dm.instanceName()).isEqualTo("DSC0");
    assertThat(dm.portNum()).isEqualTo(5236);
  }

  @Test
  void monitorsTakeNamesAndBothKindsOfAddress() {
    String css =
        "CSSM_CSS_IP = n1:9341\nCSSM_CSS_IP = 10.0.2.1:9341\nCSSM_CSS_IP=[fe80::1%eth0]:9341";
    assertThat(dmcssm(css).css())
        .extracting(DmcssmIni.Css::host)
        .containsExactly("n1", "10.0.2.1", "fe80::1");
    assertThatThrownBy(() -> dmcssm("CSSM_CSS_IP = n1:80")).hasMessageContaining("not HOST:PORT");
    assertThatThrownBy(() -> dmcssm("CSSM_CSS_IP = n1:9341\nCSSM_CSS_IP = n1:9341"))
        .hasMessageContaining("listed twice");
    assertThatThrownBy(() -> dmcssm("")).hasMessageContaining("CSSM_CSS_IP is missing");
  }

  @Test
  void theLogSpaceLimitIsZeroOrInRange() {
    String css = "CSSM_CSS_IP = n1:9341\nCSSM_LOG_SPACE_LIMIT = ";
    assertThat(dmcssm(css + 0).logSpaceLimitMb()).isZero();
    assertThatThrownBy(() -> dmcssm(css + 255)).hasMessageContaining("is outside 0 or 256 to 4096");
  }

  @Test
  void aMalFileNeedsAnAddressToPingForItsTimeout() {
    String inst = "\n[M1]\nMAL_INST_NAME=A\nMAL_HOST=n1\nMAL_PORT=7000\n";
    MalIni mal = MalIni.read(Map.of("dmmal.ini", inst), "dmmal.ini");
    assertThat(mal.hostOf("a")).isEqualTo("n1");
    assertThat(mal.hostOf("b")).isNull();
    assertThat(mal.checkIntervalS()).isEqualTo(30);
    assertThatThrownBy(
            () -> MalIni.read(Map.of("dmmal.ini", "MAL_CHECK_TIMEOUT = 500" + inst), "dmmal.ini"))
        .hasMessageContaining("dmmal.ini:1: MAL_CHECK_TIMEOUT is set without MAL_CHECK_IP");
    assertThatThrownBy(() -> MalIni.read(Map.of("dmmal.ini", inst + inst), "dmmal.ini"))
        .hasMessageContaining("MAL_INST_NAME A is listed twice");
  }
}
