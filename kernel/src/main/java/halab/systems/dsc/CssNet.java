package halab.systems.dsc;

import halab.dsc.proto.CssBeat;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Now;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The CSSs' word to each other over the private network, once a tick, with
 * DMDCR_CRASH_CHECK_OPT_COUNT alone: without it liveness is the disk's business (reference 1.2).
 */
final class CssNet {
  private CssNet() {}

  private static boolean on(DmcssState s) {
    return s.ini.crashCheckOptCount() > 0;
  }

  private static IntStream others(DmcssState s) {
    return IntStream.range(0, s.seat.dcr.getGroup(0).getNEp()).filter(n -> n != s.seat.ep);
  }

  private static Endpoint css(DmcssState s, int node) {
    return new Endpoint(DscNames.ep(s.seat.dcr, 0, node).getHost(), s.self.role());
  }

  /** The CSS with the lower seqno dials, so that a pair has one stream. */
  static void dial(DmcssState s, List<Effect> out) {
    if (on(s)) {
      others(s).filter(n -> n > s.seat.ep).forEach(n -> out.add(new Effect.Connect(css(s, n))));
    }
  }

  static DmcssState tell(DmcssState s, List<Effect> out) {
    if (on(s)) {
      CssBeat beat = CssBeat.newBuilder().setSeqno(s.seat.ep).build();
      others(s).forEach(n -> out.add(new Effect.Send(css(s, n), beat)));
    }
    return s;
  }

  static DmcssState heard(DmcssState s, CssTrigger.Heard t, Now now, List<Effect> out) {
    return s.with(
        x -> {
          x.heardLook = new TreeMap<>(s.heardLook);
          x.heardLook.put(t.seqno(), s.look);
        });
  }
}
