package halab.systems.dsc;

import halab.dsc.proto.Command;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.Kill;
import halab.kernel.Effect;
import java.util.List;

/** What a step did, in words that a test can compare. */
final class Told {
  private Told() {}

  static <T extends Effect> List<T> of(Class<T> type, List<Effect> effects) {
    return effects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Lines of the vendor log. */
  static List<String> says(List<Effect> effects) {
    return of(Effect.Say.class, effects).stream().map(Effect.Say::text).toList();
  }

  /** Commands as written: {@code "DB1 EP_CRASH_STEP1 41"}, {@code "DB1 NONE"}. */
  static List<String> commands(List<Effect> effects) {
    return writes(Command.class, effects).stream().map(Told::command).toList();
  }

  private static String command(Effect.WriteBlock write) {
    Command command = (Command) write.payload();
    String target = area(write.block());
    return target
        + " "
        + DscText.cmd(command.getCmd())
        + (command.getCmdSeq() == 0 ? "" : " " + command.getCmdSeq());
  }

  /** Kills as written: {@code "DB0 up to 11"}. */
  static List<String> kills(List<Effect> effects) {
    return writes(Kill.class, effects).stream()
        .map(w -> area(w.block()) + " up to " + ((Kill) w.payload()).getIncarnation())
        .toList();
  }

  /** Fault marks as written, in both copies: {@code "DB [0, 2]"}. */
  static List<String> marks(List<Effect> effects) {
    return writes(DcrGroup.class, effects).stream()
        .map(w -> (DcrGroup) w.payload())
        .map(g -> g.getType() + " " + g.getErrEpList())
        .distinct()
        .toList();
  }

  /** Whether a group's fault marks are asked for before its start. */
  static boolean asksMarks(List<Effect> effects) {
    return of(Effect.ReadBlocks.class, effects).stream()
        .anyMatch(r -> (r.request() & GroupActs.MARKS) != 0);
  }

  static List<Heartbeat> beats(List<Effect> effects) {
    return writes(Heartbeat.class, effects).stream().map(w -> (Heartbeat) w.payload()).toList();
  }

  /** Addresses wanted on this host: {@code "192.168.56.121 UP"}. */
  static List<String> addresses(List<Effect> effects) {
    return of(Effect.SetAddress.class, effects).stream()
        .map(a -> a.address() + (a.up() ? " UP" : " DOWN"))
        .toList();
  }

  /** Exit codes with which the process ends; at most one. */
  static List<Integer> halts(List<Effect> effects) {
    return of(Effect.Halt.class, effects).stream().map(Effect.Halt::exitCode).toList();
  }

  static List<Effect.WriteBlock> writes(Class<?> payload, List<Effect> effects) {
    return of(Effect.WriteBlock.class, effects).stream()
        .filter(w -> payload.isInstance(w.payload()))
        .toList();
  }

  private static String area(int block) {
    int seat = (block - VoteLayout.AREA_FIRST) / VoteLayout.AREA_BLOCKS;
    return VoteLayout.type(seat / VoteLayout.EPS_MAX) + "" + seat % VoteLayout.EPS_MAX;
  }
}
