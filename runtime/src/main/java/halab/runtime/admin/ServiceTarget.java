package halab.runtime.admin;

import halab.admin.proto.DaemonStatus;
import halab.admin.proto.HoldReply;
import halab.admin.proto.Lateness;
import halab.admin.proto.StepReply;
import halab.kernel.ExitCode;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Admin face of a process that plays no role: hostd, the disk daemon, the switch. */
public final class ServiceTarget implements AdminTarget {
  private static final String NO_TABLE = "plays no role: it has no table to step through";

  private final String who;
  private final long incarnation;
  private final long startedMs = System.currentTimeMillis();
  private volatile AdminServer admin;

  public ServiceTarget(String who, long incarnation) {
    this.who = who;
    this.incarnation = incarnation;
  }

  /** Where refusals go. */
  public void attach(AdminServer server) {
    admin = server;
  }

  @Override
  public void status(Consumer<DaemonStatus> answer) {
    long born =
        ProcessHandle.current().info().startInstant().map(i -> i.toEpochMilli()).orElse(startedMs);
    answer.accept(
        DaemonStatus.newBuilder()
            .setEndpoint(who)
            .setPid(ProcessHandle.current().pid())
            .setIncarnation(incarnation)
            .setPhase("SERVING")
            .setFirstBeatMs(Math.max(0, startedMs - born))
            .setLateness(Lateness.getDefaultInstance())
            .build());
  }

  @Override
  public void run(long requestId, List<String> words) {
    admin.reply(requestId, ExitCode.NO, who + " takes no commands", true);
  }

  @Override
  public void hold(boolean held, Consumer<HoldReply> answer) {
    answer.accept(HoldReply.newBuilder().setFailure(NO_TABLE).build());
  }

  @Override
  public void step(long waitMs, BooleanSupplier wanted, Consumer<StepReply> answer) {
    answer.accept(StepReply.newBuilder().setFailure(NO_TABLE).build());
  }
}
