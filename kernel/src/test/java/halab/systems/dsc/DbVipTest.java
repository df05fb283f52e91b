package halab.systems.dsc;

import static org.assertj.core.api.Assertions.assertThat;

import halab.dsc.proto.Cmd;
import halab.dsc.proto.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Virtual addresses in a crash and in a rejoin of the DB group (reference 8; seed 001). */
@RowsOf("dmcss.DB")
class DbVipTest {
  private static GroupTrigger.VipSet set(boolean up, String failure) {
    return new GroupTrigger.VipSet("enp0s80", "192.168.56.121", "255.255.255.0", up, failure);
  }

  /** EP 0 is broken, EP 1 control; the control CSS runs on n1 or n2. */
  private static GroupBench crash(GroupPhase phase, int css) {
    GroupBench bench = GroupBench.crash(Paper.DB, 2, 0, phase);
    bench.css = css;
    return bench;
  }

  /** EP 0 returns, EP 1 is control; the control CSS runs on n1 or n2. */
  private static GroupBench rejoin(GroupPhase phase, int css) {
    GroupBench bench = GroupBench.rejoin(Paper.DB, 2, 0, phase);
    bench.css = css;
    return bench.state(g -> g.ok = List.of(0, 1));
  }

  @Test
  void theBrokenNodesAddressIsTakenDownHereIfThatIsTheControlCssOwnNode() {
    GroupBench bench = crash(GroupPhase.CRASH_SLAVE_VIP, 0).look();
    bench.fires(565);
    bench.comesTo(GroupPhase.CRASH_SLAVE_VIP).addresses("192.168.56.121 DOWN").commands();
    assertThat(bench.state.vipOpen).isEqualTo(1);
    bench.look().fires(900);
  }

  @Test
  void anAddressThatCouldNotBeTakenDownIsSaidAndTheHandlingGoesOn() {
    GroupBench bench = crash(GroupPhase.CRASH_SLAVE_VIP, 0).look();
    bench.fire(set(false, "no such interface")).fires(566);
    bench.comesTo(GroupPhase.CRASH_WAIT_SLAVE_VIP);
    bench.says("[CSS]: css_vip_config(enp0s80, 192.168.56.121, 255.255.255.0, DOWN) failed");
  }

  @Test
  void theCssOfTheBrokenNodeIsToldOtherwise() {
    GroupBench bench = crash(GroupPhase.CRASH_SLAVE_VIP, 1).state(g -> g.cssSeq = 2).look();
    bench.fires(567);
    bench.comesTo(GroupPhase.CRASH_WAIT_SLAVE_VIP);
    bench.says("[CSS]: CSS set cmd CONFIG VIP, dest_ep CSS0 seqno = 0, cmd_seq = 3");
    Command command = bench.paper.command(Paper.CSS, 0);
    assertThat(command.getVipUp()).isFalse();
    assertThat(command.getVipOf()).isZero();
    assertThat(bench.state.cssSeq).isEqualTo(3);
    assertThat(bench.state.lastSeq).isEqualTo(GroupBench.SEQ);
  }

  @Test
  void aBrokenNodeWithoutACssCannotBeTold() {
    GroupBench bench = crash(GroupPhase.CRASH_SLAVE_VIP, 1);
    bench.paper.dies(Paper.CSS, 0).diskCheck(Paper.CSS);
    bench.look().fires(567);
    bench.says("[CSS]: css_vip_config(enp0s3, 192.168.56.121, 255.255.255.0, DOWN) failed");
    bench.commands().addresses();
  }

  @Test
  void takingDownIsNotWaitedForLongerThanATick() {
    GroupBench bench = crash(GroupPhase.CRASH_WAIT_SLAVE_VIP, 1).look();
    bench.fires(570);
    bench.comesTo(GroupPhase.CRASH_MASTER_VIP).says().commands();
  }

  @Test
  void theControlEpsNodeBringsTheAddressUpItselfIfItIsTheControlCssNode() {
    GroupBench bench = crash(GroupPhase.CRASH_MASTER_VIP, 1).look();
    bench.fires(575);
    bench.addresses("192.168.56.121 UP");
    bench.fire(set(true, null)).fires(576);
    bench.comesTo(GroupPhase.CRASH_WAIT_MASTER_VIP).says();
  }

  @Test
  void theCssOfTheControlEpsNodeIsToldOtherwise() {
    GroupBench bench = crash(GroupPhase.CRASH_MASTER_VIP, 0).state(g -> g.cssSeq = 2).look();
    bench.fires(577);
    bench.comesTo(GroupPhase.CRASH_WAIT_MASTER_VIP);
    bench.says("[CSS]: CSS set cmd CONFIG VIP, dest_ep CSS1 seqno = 1, cmd_seq = 3");
    assertThat(bench.paper.command(Paper.CSS, 1).getVipUp()).isTrue();
  }

  @Test
  void oneCommandCarriesTheAddressesOfAllBrokenEps() {
    GroupBench bench = GroupBench.crash(Paper.DB, 3, 0, GroupPhase.CRASH_MASTER_VIP);
    bench.css = 2;
    bench.paper.dies(Paper.DB, 2);
    bench.state(
        g -> {
          g.broken = List.of(0, 2);
          g.ok = List.of(1);
        });
    bench.look().fires(577);
    bench.commands("CSS1 CONFIG VIP 1");
    assertThat(bench.paper.command(Paper.CSS, 1).getEpList()).containsExactly(0, 2);
  }

  @Test
  void bringingUpIsNotWaitedFor() {
    GroupBench bench = crash(GroupPhase.CRASH_WAIT_MASTER_VIP, 0).look();
    bench.fires(580);
    bench.comesTo(GroupPhase.CRASH_EP_VIP).says();
  }

  @Test
  void theControlEpIsToldToListen() {
    GroupBench bench = crash(GroupPhase.CRASH_EP_VIP, 0).look();
    bench.fires(585);
    bench.comesTo(GroupPhase.CRASH_WAIT_EP_VIP).commands("DB1 CONFIG VIP 41");
    assertThat(bench.paper.command(Paper.DB, 1).getVipUp()).isTrue();
    assertThat(bench.paper.command(Paper.DB, 1).getEpList()).containsExactly(0);
  }

  @Test
  void aSecondLossInAnAddressStepRollsBackToo() {
    GroupBench bench = GroupBench.crash(Paper.DB, 3, 0, GroupPhase.CRASH_SLAVE_VIP);
    bench.dies(2).look().fires(545);
    bench.fire(set(false, null)).fires(870);
    bench.comesTo(GroupPhase.CRASH_ROLLBACK);
  }

  @Test
  void inARejoinTheControlEpFirstStopsListening() {
    GroupBench bench = rejoin(GroupPhase.REJOIN_EP_VIP, 0).look();
    bench.fires(680);
    bench.comesTo(GroupPhase.REJOIN_WAIT_EP_VIP).commands("DB1 CONFIG VIP 41");
    assertThat(bench.paper.command(Paper.DB, 1).getVipUp()).isFalse();
    assertThat(bench.paper.command(Paper.DB, 1).getEpList()).containsExactly(0);
  }

  @Test
  void whenItListensNoMoreTheAddressIsTakenDown() {
    GroupBench bench = rejoin(GroupPhase.REJOIN_WAIT_EP_VIP, 0).ordered(Cmd.CMD_CONFIG_VIP, 1);
    bench.look().fires(900);
    bench.answered(1).look().fires(682);
    bench.comesTo(GroupPhase.REJOIN_MASTER_VIP).commands("DB1 NONE");
    bench.says("[DB]: CSS set cmd NONE, dest_ep DSC1 seqno = 1, cmd_seq = 0");
  }

  @Test
  void theControlEpsNodeTakesItDownItselfIfItIsTheControlCssNode() {
    GroupBench bench = rejoin(GroupPhase.REJOIN_MASTER_VIP, 1).look();
    bench.fires(684);
    bench.addresses("192.168.56.121 DOWN");
    bench.fire(set(false, null)).fires(685);
    bench.comesTo(GroupPhase.REJOIN_WAIT_MASTER_VIP);
  }

  @Test
  void theCssOfTheControlEpsNodeIsToldToTakeItDown() {
    GroupBench bench = rejoin(GroupPhase.REJOIN_MASTER_VIP, 0).state(g -> g.cssSeq = 3).look();
    bench.fires(686);
    bench.comesTo(GroupPhase.REJOIN_WAIT_MASTER_VIP);
    bench.says("[CSS]: CSS set cmd CONFIG VIP, dest_ep CSS1 seqno = 1, cmd_seq = 4");
    assertThat(bench.paper.command(Paper.CSS, 1).getVipUp()).isFalse();
  }

  @Test
  void thatIsNotWaitedFor() {
    GroupBench bench = rejoin(GroupPhase.REJOIN_WAIT_MASTER_VIP, 0).look();
    bench.fires(688);
    bench.comesTo(GroupPhase.REJOIN_SLAVE_VIP).says();
  }

  @Test
  void theOwnersNodeBringsItUpItselfIfItIsTheControlCssNode() {
    GroupBench bench = rejoin(GroupPhase.REJOIN_SLAVE_VIP, 0).look();
    bench.fires(690);
    bench.addresses("192.168.56.121 UP");
    bench.fire(set(true, "no such interface")).fires(691);
    bench.comesTo(GroupPhase.REJOIN_WAIT_SLAVE_VIP);
    bench.says("[CSS]: css_vip_config(enp0s80, 192.168.56.121, 255.255.255.0, UP) failed");
  }

  @Test
  void theCssOfTheOwnersNodeIsToldToBringItUp() {
    GroupBench bench = rejoin(GroupPhase.REJOIN_SLAVE_VIP, 1).look();
    bench.fires(692);
    bench.comesTo(GroupPhase.REJOIN_WAIT_SLAVE_VIP).commands("CSS0 CONFIG VIP 1");
    assertThat(bench.paper.command(Paper.CSS, 0).getVipUp()).isTrue();
  }

  @Test
  void afterTheAddressesTheEpIsStarted() {
    GroupBench bench = rejoin(GroupPhase.REJOIN_WAIT_SLAVE_VIP, 0).look();
    bench.fires(694);
    bench.comesTo(GroupPhase.REJOIN_START).commands("DB0 EP START 41");
  }
}
