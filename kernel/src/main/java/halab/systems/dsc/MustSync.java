package halab.systems.dsc;

import halab.dsc.proto.MalSync;
import halab.dsc.proto.SyncValue;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.Table;
import halab.systems.dm.config.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Parameters of dm.ini that must be the same on all EPs (reference 2.5, drill 33). The CSS compares
 * digests and does not start an EP that differs from the first; the EP learns over MAL what differs
 * and says it. Rows 640 to 644 of dmserver.
 *
 * <p>Which parameters have SYNC_LEVEL = MUST_SYNC is inferred: those that lay out what the EPs
 * share.
 */
final class MustSync {
  /** Those of the keys that HALab reads. */
  static final List<String> KEYS =
      List.of("DSC_CRASH_RECV_POLICY", "DSC_N_CTLS", "DSC_N_POOLS", "DSC_USE_SBT");

  private MustSync() {}

  static Table<EpState, EpPhase> rows(Table<EpState, EpPhase> t) {
    return t.stay(
            640,
            EpRows.ALIVE,
            EpTrigger.PeerLink.class,
            (s, x, now) -> x.up() && s.seqnoOf(x.peer()) != null,
            (s, x, now, out) -> tell(s, x.peer(), out),
            "a link of MAL stands: tell the parameters that must be the same")
        .stay(
            642,
            EpPhase.STARTUP,
            EpTrigger.SyncTold.class,
            MustSync::waits,
            MustSync::say,
            "a parameter differs from an EP that goes first: say why this one does not start")
        .stay(
            644,
            EpRows.ALIVE,
            EpTrigger.SyncTold.class,
            (s, x, now) -> goesFirst(s, x) && anyDiffers(s, x),
            (s, x, now, out) -> tell(s, x.from(), out),
            "a parameter differs, and this EP goes first: tell the other one");
  }

  /** Number under which the CSS compares the parameters of two EPs. */
  static long digest(List<Setting> dmIni) {
    long digest = 17;
    for (String key : KEYS) {
      digest = digest * 1_000_003L + value(dmIni, key).hashCode();
    }
    return digest;
  }

  private static String value(List<Setting> dmIni, String key) {
    return dmIni.stream()
        .filter(s -> s.name().equals(key))
        .map(s -> String.valueOf(s.value()))
        .findFirst()
        .orElse("");
  }

  static EpState tell(EpState s, Endpoint peer, List<Effect> out) {
    MalSync.Builder told = MalSync.newBuilder().setStarted(started(s));
    for (String key : KEYS) {
      told.addValue(SyncValue.newBuilder().setName(key).setValue(value(s.dmIni, key)));
    }
    out.add(new Effect.Send(peer, told.build()));
    return s;
  }

  private static boolean started(EpState s) {
    return s.phase != EpPhase.BOOT && s.phase != EpPhase.STARTUP;
  }

  /** Who has started goes first, then the lower seqno. */
  private static boolean goesFirst(EpState s, EpTrigger.SyncTold t) {
    boolean started = started(s);
    Integer from = s.seqnoOf(t.from());
    return from != null && (started == t.message().getStarted() ? s.seat.ep < from : started);
  }

  private static boolean waits(EpState s, EpTrigger.SyncTold t, Now now) {
    boolean known = s.seqnoOf(t.from()) != null;
    return known && !s.syncSaid && !goesFirst(s, t) && anyDiffers(s, t);
  }

  private static boolean anyDiffers(EpState s, EpTrigger.SyncTold t) {
    return t.message().getValueList().stream().anyMatch(v -> differs(s, v));
  }

  private static boolean differs(EpState s, SyncValue v) {
    return !Objects.equals(v.getValue(), value(s.dmIni, v.getName()));
  }

  private static EpState say(EpState s, EpTrigger.SyncTold t, Now now, List<Effect> out) {
    String other = s.seat.name(s.seqnoOf(t.from()));
    for (SyncValue v : t.message().getValueList()) {
      if (differs(s, v)) {
        String what =
            "dm.ini: %s = %s, but %s has %s; this EP is not started until they agree: correct the"
                + " file and start it again";
        out.add(
            new Effect.Say(
                Level.ERROR,
                String.format(
                    Locale.ROOT,
                    what,
                    v.getName(),
                    value(s.dmIni, v.getName()),
                    other,
                    v.getValue())));
      }
    }
    return s.with(x -> x.syncSaid = true);
  }
}
